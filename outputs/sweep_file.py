"""From a case file to the results of a sweep: what the command line and a service both call."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from inputs.address import ChangeError
from inputs.case import Case
from inputs.change import Variation, parse_variation
from inputs.errors import CaseError, FileError, StockpileError
from inputs.files import check_apart, refuse_to_replace
from inputs.schema import PLAN_SHEETS, SWEEP_SHEETS, SWEEPS
from inputs.sweeps import price_caution, sheet_variations
from inputs.workbook import Reading, examine
from model.solver.program import Status
from model.sweep.design import Design, DesignKind, grid, latin_hypercube, monte_carlo, morris, one_at_a_time, sobol, sobol_indices
from model.sweep.run import SweepResult, plan_of, run_sweep
from model.sweep.solve import SweepProgress
from outputs.excel.workbook import RunInfo, write_plan
from outputs.plan_file import Outcome, explained_by
from outputs.sweep.frame import check_frame, refuse_to_replace_table, write_frame
from outputs.sweep.report import Sweep, SweepInfo
from outputs.sweep.tables import VARIED
from outputs.sweep.workbook import write_sweep
from outputs.tables.point import SweepPoint

CAUTIONS = 3
"""Variations whose prices that stay behind are named."""

SAMPLE_KINDS = (DesignKind.MONTE_CARLO, DesignKind.LATIN_HYPERCUBE, DesignKind.SOBOL, DesignKind.MORRIS, DesignKind.SOBOL_INDICES)
"""Kinds that draw from distributions."""


@dataclass(frozen=True)
class SweepRequest:
    """What is asked of a sweep; `points` is the number of points (trajectories of Morris screening, base points of Sobol' indices).

    `force` replaces files that are no results of a sweep; `plan_of` is the point whose whole plan is written.
    """

    vary: tuple[str, ...] = ()
    kind: DesignKind | None = None
    points: int = 100
    seed: int = 1
    workers: int = 1
    scheduler: str | None = None
    time_limit: float | None = None
    restart: bool = False
    store: Path | None = None
    out: Path | None = None
    table: Path | None = None
    plan_of: int | None = None
    force: bool = False


@dataclass(frozen=True)
class SweepOutcome:
    """What came of a sweep, and the files that were written; `point` is what came of the plan of one point, if that was asked for, and `refused` why its changes cannot be made ("": they can)."""

    case: Case
    result: SweepResult
    store: Path
    out: Path
    table: Path | None = None
    point: Outcome | None = None
    refused: str = ""
    cautions: tuple[str, ...] = ()

    @property
    def sweep(self) -> Sweep:
        """The points with what they say."""
        return Sweep(self.result.frame, self.result.design, self.case)

    def summary(self) -> dict[str, object]:
        """What `stockpile sweep --json` prints."""
        files = {"store": self.store, "out": self.out, "table": self.table, "plan": self.point.out if self.point else None}
        return {
            "points": len(self.result.design),
            "counts": dict(self.result.counts),
            **{name: str(path) if path else None for name, path in files.items()},
            "explanation": self.point.explanation if self.point else None,
            "refused": self.refused or None,
        }


@dataclass(frozen=True)
class TargetFiles:
    """Where the results of a sweep go; `plan` is the workbook of the point whose plan was asked for."""

    store: Path
    out: Path
    table: Path | None
    plan: Path | None


def sweep_file(source: Path, request: SweepRequest, progress: Callable[[SweepProgress], None] | None = None) -> SweepOutcome:
    """Read a case, solve every point of the sweep that its store does not have yet, and write the results.

    Raises CaseError, FileError, ChangeError, SamplingError, StoreError and what `run_sweep` raises.
    """
    began = time.perf_counter()
    source = source.resolve() if not source.name or source.name == ".." else source
    targets = targets_of(source, request)
    check_targets(source, targets, force=request.force)
    reading = examine(source)
    if reading.case is None:
        raise CaseError(str(source), reading.errors)
    case, design = reading.case, design_for(reading.case, request)
    if request.plan_of is not None and not 0 <= request.plan_of < len(design):
        raise StockpileError(f"there is no point {request.plan_of}; the points of this sweep are 0 to {len(design) - 1}.")
    result = run_sweep(
        case, design, targets.store, workers=request.workers, scheduler=request.scheduler, time_limit=request.time_limit, progress=progress, restart=request.restart
    )  # fmt: skip
    info = SweepInfo(source, reading.sha256, time.perf_counter() - began, request.workers)
    written = write_sweep(result.frame, result.design, targets.out, case=case, info=info)
    table = write_frame(Sweep(result.frame, result.design, case), targets.table) if targets.table else None
    point, refused = None, ""
    if request.plan_of is not None and targets.plan:
        try:
            point = write_point(reading, result, request.plan_of, targets.plan, RunInfo(source, reading.sha256, request.time_limit))
        except ChangeError as error:
            refused = f"point {request.plan_of} has no plan: {error}"
    return SweepOutcome(case, result, targets.store, written, table, point, refused, cautions_of(case, design))


def cautions_of(case: Case, design: Design) -> tuple[str, ...]:
    """What is odd about what varies: a line for each of the first few variations, and how many more there are."""
    found = [(v.heading, price_caution(v, case, design.variations)) for v in design.variations]
    said = [f"{heading.rstrip('*+=')}: {text}" for heading, text in found if text]
    more = len(said) - CAUTIONS
    return (*said[:CAUTIONS], f"and the same of {more} more; the sheet {VARIED} has what to add to each.") if more > 0 else tuple(said)


def targets_of(source: Path, request: SweepRequest) -> TargetFiles:
    """The files that are named, else those beside the case."""
    stem = source.name if source.is_dir() else source.stem
    return TargetFiles(
        request.store or source.with_name(f"{stem}-sweep.sqlite"),
        request.out or source.with_name(f"{stem}-sweep.xlsx"),
        request.table,
        None if request.plan_of is None else source.with_name(f"{stem}-point-{request.plan_of}-plan.xlsx"),
    )


def check_targets(source: Path, targets: TargetFiles, *, force: bool) -> None:
    """Raise what writing would, before anything is computed: FileError where a file cannot be written, or is somebody's work and `force` is not given."""
    if targets.out.suffix.lower() != ".xlsx":
        raise FileError(f"{targets.out}: the name of a workbook of results ends in .xlsx.")
    if targets.table:
        check_frame(targets.table)
    check_apart(source, "the case", [file for file in (targets.store, targets.out, targets.table, targets.plan) if file])
    if not force:
        refuse_to_replace(targets.out, SWEEP_SHEETS, "the results of a sweep")
        if targets.table:
            refuse_to_replace_table(targets.table)
        if targets.plan:
            refuse_to_replace(targets.plan, PLAN_SHEETS, "a finished plan")


def variations_for(case: Case, request: SweepRequest) -> list[Variation]:
    """What varies: as the command says, else as the workbook's sheet of sweeps does."""
    if request.vary:
        return [parse_variation(text, case) for text in request.vary]
    if not len(case[SWEEPS]):
        raise StockpileError(f"nothing varies: say what with --vary, or in the sheet '{SWEEPS}' of the workbook.")
    return sheet_variations(case, sampled=request.kind in SAMPLE_KINDS)


def design_for(case: Case, request: SweepRequest) -> Design:
    """The points of a sweep; without a kind, a grid of what the command says, or the rows of the sheet one at a time."""
    variations = variations_for(case, request)
    kind = request.kind or (DesignKind.GRID if request.vary else DesignKind.ONE_AT_A_TIME)
    if kind is DesignKind.GRID:
        return grid(variations)
    if kind is DesignKind.ONE_AT_A_TIME:
        return one_at_a_time(variations)
    draw: dict[DesignKind, Callable[..., Design]] = {
        DesignKind.MONTE_CARLO: monte_carlo,
        DesignKind.LATIN_HYPERCUBE: latin_hypercube,
        DesignKind.SOBOL: sobol,
        DesignKind.MORRIS: morris,
        DesignKind.SOBOL_INDICES: sobol_indices,
    }
    return draw[kind](variations, request.points, seed=request.seed)


def write_point(reading: Reading, result: SweepResult, number: int, path: Path, info: RunInfo) -> Outcome:
    """The whole plan of one point as a workbook where it has one, else why it has none."""
    case = reading.case
    assert case is not None
    plan = plan_of(case, result.design, number, time_limit=info.time_limit)
    said = Sweep(result.frame, result.design, case).said_changes(number)
    changes = tuple(zip(said, [change.text for change in result.design.changes(number)], strict=True))
    if plan.status is not Status.OPTIMAL:
        changed = replace(reading, case=plan.case)
        return Outcome(plan, None, explained=explained_by(plan, changed, time_limit=info.time_limit))
    return Outcome(plan, write_plan(plan, path, replace(info, point=SweepPoint(number, changes, case))))
