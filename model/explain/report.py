"""The explanation of a case without a plan: found by solving, and shown only when verified by solving."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from inputs.case import Case
from model.explain.conflict import among_facts, conflicts, is_one_rule
from model.explain.elastic import Elastic
from model.explain.findings import Alone, Change, Conflict, Statement
from model.explain.loosened import Unsolved
from model.explain.repair import alone, repair, row_enough
from model.explain.sentence import sentence
from model.explain.shortfall import shortfall
from model.explain.statements import loosen
from model.explain.words import said
from model.plan import Plan, Progress

__all__ = ["Alone", "Change", "Conflict", "Explanation", "Statement", "explain"]


@dataclass(frozen=True)
class Explanation:
    """Why a case has no plan.

    `conflicts` share no statement with each other, `repair` is the least change (weighted by statement) after which a plan exists, `alone` says for
    each statement of the conflicts how far it alone would have to go. `shortfall` is the best plan with what is missing priced: it does not meet
    the case. `unexplained` says why nothing was found, "" where something was.
    """

    conflicts: tuple[Conflict, ...]
    repair: tuple[Change, ...]
    alone: tuple[Alone, ...]
    shortfall: Plan | None
    unexplained: str


def explain(case: Case, *, keep: Sequence[str] = (), time_limit: float | None = None, progress: Progress | None = None) -> Explanation:
    """Why a case has no plan, and the least that gives it one.

    `keep` are addresses of cells that a repair leaves as they are; `time_limit` is in seconds of HiGHS for each solve; `progress` is called with
    the name of each stage. Raises ChangeError for an address that leads nowhere.
    """
    say = progress or (lambda _: None)
    try:
        say("build")
        elastic = Elastic(loosen(case), time_limit=time_limit)
        say("contradictions")
        found = conflicts(elastic)
        proofs = [Proof.of(case, elastic, levers, found, time_limit) for levers in found]
        shown = tuple(proof.conflict for proof in proofs)
    except Unsolved as stopped:
        return Explanation((), (), (), None, f"the solver stopped before it was found what contradicts what: {stopped}")
    if not shown:
        return Explanation((), (), (), None, "every statement holds to within the solver's tolerance; there is a plan, or none by a hair")
    say("repair")
    changes: tuple[Change, ...] = ()
    with suppress(Unsolved):  # what was found is shown, whatever is still sought
        changes = repair(case, elastic, keep, time_limit)
    say("shortfall")
    best = shortfall(elastic.loosened, time_limit)
    say("one by one")
    alone: list[Alone] = []
    with suppress(Unsolved):
        for proof in proofs:
            alone += proof.alone(case, time_limit)
    return Explanation(shown, changes, tuple(alone), best, "")


@dataclass(frozen=True)
class Proof:
    """A conflict as levers of a loosened program; `others` are those of other conflicts."""

    elastic: Elastic
    levers: list[int]
    others: frozenset[int]

    @classmethod
    def of(cls, case: Case, elastic: Elastic, levers: list[int], found: list[list[int]], time_limit: float | None) -> Proof:
        """The proof of one of the conflicts found; where one rule alone cannot hold, with the facts that stand against it."""
        others = frozenset(lever for conflict in found if conflict is not levers for lever in conflict)
        if not is_one_rule(elastic, levers):
            return cls(elastic, levers, others)
        facts = Elastic(loosen(case, facts=True), time_limit=time_limit)
        statements = {elastic.levers[lever].statement for lever in others}
        same = frozenset(number for number, lever in enumerate(facts.levers) if lever.statement in statements)
        return cls(facts, among_facts(elastic, levers, facts), same)

    @property
    def statements(self) -> dict[Statement, str]:
        """The statements, one for each cell, and the cell of each, "" where a row is missing."""
        texts: dict[tuple[str, str], list[str]] = {}
        for number in self.levers:
            lever = self.elastic.levers[number]
            texts.setdefault((lever.statement.address, lever.cell), []).append(lever.statement.text)
        return {Statement(address, "; ".join(said)): cell for (address, cell), said in texts.items()}

    @cached_property
    def added(self) -> dict[Statement, str]:
        """Of statements that a row is missing, what row alone would mend the conflict; those that alone cannot are left out."""
        found = {}
        for number in self.levers:
            lever = self.elastic.levers[number]
            if not lever.cell and (enough := row_enough(self.elastic, number, self.others)) is not None:
                found[lever.statement] = f"{lever.row_needed.format(said(enough / lever.per))} would do"
        return found

    @property
    def conflict(self) -> Conflict:
        """The conflict in words, and the rows that would mend it."""
        return Conflict(
            tuple(self.statements), " ".join([sentence(self.elastic, self.levers), *(f"{text}." for text in self.added.values())])
        )

    def alone(self, case: Case, time_limit: float | None) -> Iterator[Alone]:
        """How far each statement alone would have to go; a row that would do is none of them."""
        for statement, cell in self.statements.items():
            if statement not in self.added:
                yield Alone(statement, alone(case, self.elastic, cell, self.others, time_limit) if cell else None)
