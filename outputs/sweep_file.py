"""From a case file to the results of a sweep: what the command line and a service both call."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inputs.case import Case
from inputs.change import Variation, parse_variation
from inputs.errors import CaseError, FileError, StockpileError
from inputs.files import check_target
from inputs.schema import SWEEPS
from inputs.sweeps import price_caution, sheet_variations
from inputs.workbook import examine
from model.solver.program import Status
from model.sweep.design import Design, DesignKind, grid, latin_hypercube, monte_carlo, morris, one_at_a_time, sobol, sobol_indices
from model.sweep.run import SweepProgress, SweepResult, plan_of, run_sweep
from outputs.excel.workbook import RunInfo, write_plan
from outputs.plan_file import Outcome
from outputs.sweep.frame import check_frame, write_frame
from outputs.sweep.workbook import SweepInfo, write_sweep

SAMPLED = (DesignKind.MONTE_CARLO, DesignKind.LATIN_HYPERCUBE, DesignKind.SOBOL, DesignKind.MORRIS, DesignKind.SOBOL_INDICES)
"""Kinds that draw from distributions."""


@dataclass(frozen=True)
class SweepOrder:
    """What is asked of a sweep; `points` is the number of points (trajectories of Morris screening, base points of Sobol' indices)."""

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


@dataclass(frozen=True)
class SweepOutcome:
    """What came of a sweep, and the files that were written; `point` is what came of the plan of one point, if that was asked for."""

    result: SweepResult
    store: Path
    out: Path
    table: Path | None = None
    point: Outcome | None = None
    cautions: tuple[str, ...] = ()

    def summary(self) -> dict[str, object]:
        """What `stockpile sweep --json` prints."""
        files = {"store": self.store, "out": self.out, "table": self.table, "plan": self.point.out if self.point else None}
        return {
            "points": len(self.result.design),
            "counts": dict(self.result.counts),
            **{name: str(path) if path else None for name, path in files.items()},
        }


def sweep_file(source: Path, order: SweepOrder, progress: Callable[[SweepProgress], None] | None = None) -> SweepOutcome:
    """Read a case, solve every point of the sweep that its store does not have yet, and write the results.

    Raises CaseError, FileError, ChangeError, SamplingError, StoreError and what `run_sweep` raises.
    """
    began = time.perf_counter()
    reading = examine(source)
    if reading.case is None:
        raise CaseError(str(source), reading.errors)
    case, digest = reading.case, reading.sha256
    source = source.resolve() if not source.name or source.name == ".." else source
    stem = source.name if source.is_dir() else source.stem
    store = order.store or source.with_name(f"{stem}-sweep.sqlite")
    out = order.out or source.with_name(f"{stem}-sweep.xlsx")
    if out.suffix.lower() != ".xlsx" or out.resolve() == source.resolve():
        raise FileError(f"{out}: the results of a sweep go to an .xlsx workbook other than the case.")
    for file in (store, out, order.table):
        if file:
            check_target(file)
    if order.table:
        check_frame(order.table)
    design = design_for(case, order)
    if order.plan_of is not None and not 0 <= order.plan_of < len(design):
        raise StockpileError(f"there is no point {order.plan_of}; the points of this sweep are 0 to {len(design) - 1}.")
    result = run_sweep(
        case, design, store, workers=order.workers, scheduler=order.scheduler, time_limit=order.time_limit, progress=progress, restart=order.restart
    )  # fmt: skip
    info = SweepInfo(source, digest, time.perf_counter() - began, order.workers)
    written = write_sweep(result.frame, result.design, out, case=case, info=info)
    table = write_frame(result.frame, order.table, result.design) if order.table else None
    point = None
    if order.plan_of is not None:
        point = write_point(
            case,
            result,
            order.plan_of,
            source.with_name(f"{stem}-point-{order.plan_of}-plan.xlsx"),
            RunInfo(source, digest, order.time_limit),
        )
    cautions = {variation.text: price_caution(variation, case, design.variations) for variation in design.variations}
    return SweepOutcome(result, store, written, table, point, tuple(f"{varied}: {text}" for varied, text in cautions.items() if text))


def variations_for(case: Case, order: SweepOrder) -> list[Variation]:
    """What varies: as the command says, else as the workbook's sheet of sweeps does."""
    if order.vary:
        return [parse_variation(text, case) for text in order.vary]
    if not len(case[SWEEPS]):
        raise StockpileError(f"nothing varies: say what with --vary, or in the sheet '{SWEEPS}' of the workbook.")
    return sheet_variations(case, sampled=order.kind in SAMPLED)


def design_for(case: Case, order: SweepOrder) -> Design:
    """The points of a sweep; without a kind, a grid of what the command says, or the rows of the sheet one at a time."""
    variations = variations_for(case, order)
    kind = order.kind or (DesignKind.GRID if order.vary else DesignKind.ONE_AT_A_TIME)
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
    return draw[kind](variations, order.points, seed=order.seed)


def write_point(case: Case, result: SweepResult, number: int, path: Path, info: RunInfo) -> Outcome:
    """The whole plan of one point as a workbook, where it has one."""
    plan = plan_of(case, result.design, number, time_limit=info.time_limit)
    if plan.status is not Status.OPTIMAL:
        return Outcome(plan, None)
    return Outcome(plan, write_plan(plan, path, info))
