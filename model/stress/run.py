"""A stress test: futures by number, each replayed with the decisions of one plan; on one process, several, or a cluster; interrupted, it continues."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

from inputs.case import Case
from inputs.stress import Uncertainty, uncertainty
from model.growth import grow_tree
from model.plan import Plan
from model.solver.highs import SolverError
from model.solver.program import Status
from model.stress.draw import Draws
from model.stress.outcome import outcome
from model.stress.policy import Policy, StressError, policy_of
from model.stress.replay import Replayer
from model.sweep.documents import case_of, document_of
from model.sweep.solve import SweepProgress, check_workers, solve_all
from model.sweep.store import Store, keyed
from model.sweep.version import ProgramVersion, program_version
from model.sweep.work import Batch, Document, Result, failure

BATCH = 20
"""Futures of a batch: enough to make up for what is computed for all of them together, few enough that processes end together."""

MOST_RUNS = 1_000_000


@dataclass(frozen=True)
class Question:
    """What is asked of a plan: the seed of its futures, and whether they are only those that the case lists. How many there are is no part of it: more can be added."""

    seed: int
    listed: bool
    drawn: tuple[str, ...]
    policy: str
    purpose: ClassVar[str] = "stress test"

    @property
    def document(self) -> Document:
        """It in JSON's terms."""
        return {"seed": self.seed, "listed": self.listed, "drawn": list(self.drawn), "policy": self.policy}

    def differences(self, before: Document) -> list[str]:
        """In which words it differs from that of a document."""
        now, found = self.document, []
        if before["seed"] != now["seed"]:
            found.append(f"seed: {before['seed']} -> {now['seed']}")
        if before["listed"] != now["listed"]:
            found.append(f"only the listed futures: {'yes' if before['listed'] else 'no'} -> {'yes' if now['listed'] else 'no'}")
        gone, come = (
            [f"  {text}" for text in one if text not in other]
            for one, other in ((before["drawn"], now["drawn"]), (now["drawn"], before["drawn"]))
        )
        found += [*(["no longer drawn:", *gone] if gone else []), *(["newly drawn:", *come] if come else [])]
        if before["policy"] != now["policy"]:
            found.append("what the plan buys, orders and keeps is not the same.")
        return found


@dataclass(frozen=True, eq=False)
class StressWork:
    """All that a process needs to replay any future of a plan; it can be pickled."""

    case: Document
    policy: Policy
    seed: int
    listed: bool
    version: ProgramVersion

    def solver(self, *, own_process: bool = False) -> StressSolver:
        """What replays its batches."""
        return StressSolver(self)


class StressSolver:
    """Replays batches of futures, in any order."""

    def __init__(self, work: StressWork) -> None:
        case = case_of(work.case)
        self.draws = draws_of(case, work.seed, listed=work.listed)
        self.replayer = Replayer(case, work.policy, settle=not self.draws.repeats)

    def solve(self, batch: Batch) -> Iterator[Result]:
        """The outcomes of the pending futures, as they come; each depends on nothing but itself."""
        numbers = [number for number in batch.numbers if number in batch.pending]
        futures = [self.draws.future(number) for number in numbers]
        periods = self.replayer.periods(futures)
        for f, number in enumerate(numbers):
            try:
                found = outcome(self.replayer, futures[f], self.replayer.trace(periods, f))
            except (StressError, SolverError) as error:
                yield failure(number, str(error))
            else:
                yield Result(number, str(Status.OPTIMAL), found)


@dataclass(frozen=True, eq=False)
class Stress:
    """What a stress test gave by now: a result for each future that was replayed, in the order of their numbers; see `model.stress.outcome`."""

    plan: Plan
    uncertain: Uncertainty
    seed: int
    runs: int
    created: str
    results: Sequence[Result]
    version: ProgramVersion = field(default_factory=program_version)

    @property
    def outcomes(self) -> list[Mapping[str, Any]]:
        """Of every future that was replayed."""
        return [result.fields for result in self.results if result.status == Status.OPTIMAL]

    @property
    def failed(self) -> int:
        """Futures that could not be replayed."""
        return sum(result.status != Status.OPTIMAL for result in self.results)

    @property
    def keeps(self) -> bool:
        """Whether the stockpile is kept after a cutoff, for another that may come, and not settled as in the plan."""
        return draws_of(self.plan.case, self.seed, listed=self.uncertain.listed).repeats


def draws_of(case: Case, seed: int, *, listed: bool) -> Draws:
    """The futures of a case by number."""
    return Draws(case, replace(uncertainty(case), listed=listed), seed, grow_tree(case))


def run_stress(
    plan: Plan,
    store_path: Path | str,
    *,
    runs: int,
    seed: int = 1,
    listed: bool = False,
    workers: int = 1,
    scheduler: str | None = None,
    progress: Callable[[SweepProgress], None] | None = None,
    restart: bool = False,
) -> Stress:
    """Replay an optimal plan in the futures 0 to `runs` - 1 of a seed, those that the store does not have yet.

    With `listed` they are drawn from the tree of the case itself. `workers`, `scheduler`, `progress` and `restart` are as in `model.sweep.run.run_sweep`, and what is
    raised; StressError where the plan cannot be replayed, or there is no run.
    """
    check_workers(workers)
    if not 1 <= runs <= MOST_RUNS:
        raise StressError(f"the number of runs must be from 1 to {MOST_RUNS:,}, not {runs:,}.")
    policy, case = policy_of(plan), plan.case
    draws = draws_of(case, seed, listed=listed)
    question = Question(seed, listed, tuple(f"{row.what} of {row.name}: {row.text}" for row in draws.uncertain.rows), policy.fingerprint)
    with Store.create_or_continue(Path(store_path), case, question, restart=restart) as store:
        keys = keyed(
            f"{case.fingerprint}\n{question.document}", (repr(draws.future(number) if listed else number) for number in range(runs))
        )
        done = {number: status for number, status in store.statuses().items() if number < runs}
        work = StressWork(document_of(case), policy, seed, listed, program_version())
        solve_all(store, work, batches_of(keys, done), keys, done, workers=workers, scheduler=scheduler, progress=progress)
        results = [result for result in store.results() if result.number < runs]
        return Stress(plan, draws.uncertain, seed, runs, store.about("created"), results, store.version())


def batches_of(keys: Sequence[str], done: Mapping[int, str]) -> list[Batch]:
    """The futures without a result, a few at a time; of those that are the same only the first is replayed."""
    first: dict[str, int] = {}
    for number, key in enumerate(keys):
        if number not in done:
            first.setdefault(key, number)
    numbers = list(first.values())
    parts = [numbers[at : at + BATCH] for at in range(0, len(numbers), BATCH)]
    return [Batch(place * BATCH, tuple(part), frozenset(part)) for place, part in enumerate(parts)]
