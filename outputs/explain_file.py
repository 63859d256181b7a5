"""From a case file without a plan to why there is none: what the command line and a service both call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from inputs.address import find_cells
from inputs.annotate import check_copy
from inputs.apply import apply
from inputs.change import parse_change
from inputs.errors import CaseError, StockpileError
from inputs.files import refuse_to_replace
from inputs.mend import LIST, Edit, write_mended
from inputs.schema import EXPLAINED_SHEETS, SETTINGS
from inputs.workbook import Reading, examine
from model.plan import Progress, make_plan
from model.solver.program import Status
from outputs.excel.workbook import RunInfo, write_explained
from outputs.plan_file import Outcome, beside, check_workbook, explained_by
from outputs.tables.explanation import Explained
from outputs.tables.point import SweepPoint


@dataclass(frozen=True)
class ExplainRequest:
    """What is asked of an explanation.

    `out` is the workbook that explains, `copy` that with the repair in it (None: none); `changes` of the case (`address=value`) come first,
    addresses to `keep` stay as they are; `time_limit` is in seconds for each solve. `force` replaces files that are something else.
    """

    out: Path | None = None
    copy: Path | None = None
    changes: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    time_limit: float | None = None
    force: bool = False


@dataclass(frozen=True)
class ExplainOutcome:
    """What came of it: `planned` says whether there is a plan, and why not; `out` is the workbook that explains, `applied` the copy with the repair, None where there is none (`refusal` says why)."""

    source: Path
    planned: Outcome
    out: Path | None = None
    applied: Path | None = None
    refusal: str = ""

    @property
    def explained(self) -> bool:
        """Whether there is no plan and it is known why."""
        return bool(self.planned.explained and self.planned.explained.found)

    def text(self) -> str:
        """What the command says: why there is no plan, or that there is one."""
        if self.planned.plan.status is Status.OPTIMAL:
            return f"{self.source}: a plan exists, so there is nothing to explain; run: stockpile plan {self.source}"
        return f"{self.source}: {self.planned.message}"

    def summary(self) -> Mapping[str, object]:
        """What `stockpile explain --json` prints."""
        found = self.planned.explained.summary() if self.planned.explained else {"conflicts": [], "repair": [], "alone": []}
        return {"status": str(self.planned.plan.status), **found, "applied": str(self.applied) if self.applied else None}


def explained_name(source: Path) -> Path:
    """Where an explanation goes if nothing else is said: beside its case."""
    return beside(source, "explained")


def explain_file(source: Path, request: ExplainRequest, progress: Progress | None = None) -> ExplainOutcome:
    """Read a case, and where it has no plan find out why and write that as a workbook, and the repair into a copy of the case if one is named.

    Nothing is written of a case that has a plan, whose solver stopped, or of which nothing was found. Raises CaseError, FileError and ChangeError.
    """
    target = request.out or explained_name(source)
    check_workbook(source, target, "an explanation")
    if not request.force:
        refuse_to_replace(target, EXPLAINED_SHEETS, "an explanation")
    given = read(source, request)
    reading = changed(given, request)
    assert reading.case is not None
    plan = make_plan(reading.case, time_limit=request.time_limit, progress=progress)
    if plan.status is Status.OPTIMAL and given.contradictory and not request.changes:
        raise CaseError(str(source), reading.errors)
    explained = explained_by(plan, reading, keep=request.keep, time_limit=request.time_limit, progress=progress)
    outcome = ExplainOutcome(source, Outcome(plan, None, warnings=tuple(reading.warnings), explained=explained))
    if explained is None or not explained.found:
        return outcome
    info = RunInfo(source, reading.sha256, request.time_limit, point=changes_of(given, request))
    out = write_explained(explained.tables(), explained.explanation.shortfall, plan, target, info)
    outcome = replace(outcome, out=out)
    if not request.copy:
        return outcome
    try:
        return replace(outcome, applied=apply_repair(reading, explained, request, progress))
    except NotMendedError as error:
        return replace(outcome, refusal=str(error))


def read(source: Path, request: ExplainRequest) -> Reading:
    """The case of a file, also one whose only errors are contradictions among its cells. Raises CaseError, FileError and ChangeError."""
    reading = examine(source)
    reading = replace(reading, case=reading.case or reading.contradictory)
    if reading.case is None:
        raise CaseError(str(source), reading.errors)
    if request.copy and reading.source:
        check_copy(reading.source, request.copy, LIST, "a copy with changes", force=request.force)
    for address in request.keep:
        find_cells(address, reading.case)
    return reading


def changed(given: Reading, request: ExplainRequest) -> Reading:
    """The case with the changes made that come first. Raises ChangeError."""
    case = given.case
    if not request.changes or case is None:
        return given
    if request.copy:
        raise StockpileError("a copy is mended as the file is: give it either changes to make first, or a copy to write, not both.")
    return replace(given, case=apply(case, [parse_change(text, case) for text in request.changes]))


def changes_of(given: Reading, request: ExplainRequest) -> SweepPoint | None:
    """What was changed of the case before it was explained."""
    if not request.changes or given.case is None:
        return None
    return SweepPoint(None, tuple((text, text) for text in request.changes), given.case)


class NotMendedError(StockpileError):
    """The repair cannot be made in a copy of the file, or the copy with it has no plan."""


def apply_repair(reading: Reading, explained: Explained, request: ExplainRequest, progress: Progress | None) -> Path:
    """Write the copy with the repair in it, which is planned before it is put in its place. Raises NotMendedError and FileError."""
    assert reading.source
    assert request.copy
    edits = edits_of(explained)
    if not edits:
        raise NotMendedError(f"{request.copy} was not written: there is no change of cells that gives a plan.")

    def accept(copy: Path) -> None:
        mended = examine(copy)
        if mended.case is None:
            raise NotMendedError(f"{request.copy} was not written: with the changes in it, {mended.errors[0]}")
        plan = make_plan(mended.case, time_limit=request.time_limit, progress=progress)
        if plan.status is not Status.OPTIMAL:
            raise NotMendedError(f"{request.copy} was not written: with the changes in it there is no plan either ({plan.status}).")

    return write_mended(reading.source, reading.places, request.copy, edits, accept, force=request.force)


def edits_of(explained: Explained) -> Sequence[Edit]:
    """The cells that the repair changes."""
    edits = []
    for change in explained.explanation.repair:
        target = find_cells(change.address, explained.case)
        value = bool(change.after) if explained.is_flag(change.address) else change.after
        for place in target.rows:
            row = None if target.sheet == SETTINGS else int(explained.case[target.sheet].index[place])
            edits.append(Edit(target.sheet, target.column, row, value, explained.step(change)))
    return edits
