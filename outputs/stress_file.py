"""From a plan workbook to a stress test of that plan: what the command line and a service both call."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inputs.errors import FileError
from inputs.files import check_apart, refuse_to_replace
from model.stress.policy import NothingReplayedError
from model.stress.run import Stress, run_stress
from model.stress.statistics import Share, holds, mean_of, numbers
from model.sweep.solve import SweepProgress
from outputs.excel.stress_book import write_stress
from outputs.plan_file import check_workbook
from outputs.reproduce_file import solve_again
from outputs.tables.run import SHEET as RUN
from outputs.tables.run import RunInfo
from outputs.tables.stress import SHEET, StressReport
from outputs.tables.stress_runs import WORST


@dataclass(frozen=True)
class StressRequest:
    """What is asked: how many futures, of which seed, only those that the case lists, where they are replayed, and where results go (`force`: whatever stands there; `restart`: without what the store has)."""

    runs: int = 1000
    seed: int = 1
    listed: bool = False
    workers: int = 1
    scheduler: str | None = None
    store: Path | None = None
    out: Path | None = None
    restart: bool = False
    force: bool = False


@dataclass(frozen=True)
class StressOutcome:
    """What came of it, and the files that were written."""

    report: StressReport
    store: Path
    out: Path
    seconds: float

    @property
    def stress(self) -> Stress:
        """The stress test."""
        return self.report.stress

    def summary(self) -> dict[str, object]:
        """What `stockpile stress --json` prints: shares with their intervals, money in thousand USD."""
        outcomes = self.report.outcomes
        of = {"cost": lambda o: o["cost"], "loss": lambda o: o["loss"], "short": lambda o: sum(row[2] for row in o["short"])}
        means = {name: mean_of(numbers(outcomes, value)) for name, value in of.items()}
        return {
            "runs": self.stress.runs,
            "seed": self.stress.seed,
            "listed": self.stress.uncertain.listed,
            "failed": self.stress.failed,
            "with_cutoff": sum(bool(o["cutoffs"]) for o in outcomes),
            "sectors": {
                sector: {what: shares(holds(outcomes, what, sector)) for what in ("full", "kept")} for sector in self.report.sectors
            },
            **{name: {"mean": mean.value, "half_interval": finite(mean.half)} for name, mean in means.items()},
            "store": str(self.store),
            "out": str(self.out),
        }


def refuse_nothing(stress: Stress) -> None:
    """Raise NothingReplayedError where there is no future to tell of."""
    if not stress.outcomes:
        raise NothingReplayedError(
            f"none of the {stress.runs:,} futures could be replayed, so that there is nothing to tell; the first: {stress.results[0].fields['message']}"
        )


def shares(share: Share) -> dict[str, float] | None:
    """A share for JSON; None where nothing is asked."""
    if not share.of:
        return None
    low, high = share.interval
    return {"share": share.value, "low": low, "high": high, "of": share.of}


def finite(value: float) -> float | None:
    """A number for JSON."""
    return value if value == value else None


def stress_name(plan: Path, suffix: str) -> Path:
    """Where a stress test goes if nothing else is said: beside its plan."""
    return plan.with_name(f"{plan.stem}-stress{suffix}")


def stress_file(plan: Path, request: StressRequest, progress: Callable[[SweepProgress], None] | None = None) -> StressOutcome:
    """Solve the plan of a workbook again, replay it in futures that are drawn, those that the store does not have yet, and write what came of it.

    Raises CaseError, FileError where there is no plan or it does not come out again, StressError (NothingReplayedError where no future can be replayed), StoreError and what `run_stress` raises.
    """
    began = time.perf_counter()
    out, store = request.out or stress_name(plan, ".xlsx"), request.store or stress_name(plan, ".sqlite")
    check_apart(plan, "the plan", [store, out])
    check_workbook(plan, out, "a stress test")
    if not request.force:
        refuse_to_replace(out, [SHEET, WORST, RUN], "a stress test")
    again = solve_again(plan)
    if differences := again.differences():
        raise FileError(
            f"{plan}: this plan does not come out again, so that it cannot be put to a stress: {'; '.join(differences)}. Make it anew with `stockpile plan`."
        )
    stress = run_stress(
        again.plan, store, runs=request.runs, seed=request.seed, listed=request.listed, workers=request.workers, scheduler=request.scheduler, progress=progress, restart=request.restart,
    )  # fmt: skip
    refuse_nothing(stress)
    report, seconds = StressReport(stress), time.perf_counter() - began
    written = write_stress(report, out, RunInfo(source=plan, sha256=again.sha256), seconds)
    return StressOutcome(report, store, written, seconds)
