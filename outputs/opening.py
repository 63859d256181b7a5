"""What the doors of studies begin with: a workbook that may be written, a case that can be read, and where they need one its plan."""

from __future__ import annotations

from pathlib import Path

from inputs.case import Case
from inputs.errors import CaseError, StockpileError
from inputs.files import refuse_to_replace
from inputs.workbook import Reading, examine
from model.plan import Progress, Solved, solve_case
from model.solver.program import Status
from outputs.plan_file import check_workbook
from outputs.tables.run import SHEET as RUN


class NoPlanError(StockpileError):
    """The case has no plan that could be studied."""

    exit_code = 3


def opened(source: Path, target: Path, what: str, sheet: str, *, force: bool, progress: Progress | None) -> tuple[Reading, Case]:
    """What was read of a case file, and its case; `what` the target is, in words, and its first `sheet`, by which it is known again. Raises CaseError and FileError."""
    check_workbook(source, target, what)
    if not force:
        refuse_to_replace(target, [sheet, RUN], what)
    if progress:
        progress("read")
    reading = examine(source)
    if reading.case is None:
        raise CaseError(str(source), reading.errors)
    return reading, reading.case


def planned(source: Path, case: Case, *, any_optimum: bool = False, progress: Progress | None = None) -> Solved:
    """The plan of a case, of which more can be asked. Raises NoPlanError where it has none, and SolverError."""
    solved = solve_case(case, progress=progress, any_optimum=any_optimum)
    if solved.plan.status is not Status.OPTIMAL:
        raise NoPlanError(f"{source}: this case has no plan ({solved.plan.status}); run: stockpile explain {source}")
    return solved
