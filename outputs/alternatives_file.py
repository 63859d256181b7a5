"""From a case file to its alternatives: what plans that cost hardly more must, may and never have, as a workbook; what the command line and a service both call."""

from __future__ import annotations

import glob
import re
import time
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from inputs.case import Case
from inputs.errors import FileError, StockpileError
from inputs.files import check_target, write_whole
from inputs.grid import Grid, read_grids
from inputs.schema import BY_NAME
from inputs.template import write_case
from inputs.workbook import Reading
from model.plan import Progress
from model.studies.alternatives import Alternatives, alternatives
from outputs.excel.book import write_tables
from outputs.opening import opened, planned
from outputs.plan_file import beside
from outputs.tables.alternatives import RANGES, run_of, sentence, tables
from outputs.tables.run import RunInfo

CHANGED = ("pins", "share_caps")
"""The sheets in which a whole plan's decisions stand."""


@dataclass(frozen=True)
class AlternativesOutcome:
    """What came of it; `out` is the workbook, `cases` those of pins that were written."""

    found: Alternatives
    out: Path
    cases: tuple[Path, ...]

    def text(self) -> str:
        """What the command says."""
        return "\n".join(
            [sentence(self.found), *(f"a case of pins is in {path}" for path in self.cases), f"the alternatives are in {self.out}"]
        )

    def summary(self) -> dict[str, object]:
        """What `stockpile alternatives --json` prints: costs in thousand USD, amounts in their units; null: no limit."""
        found, base = self.found, self.found.base
        return {
            "within": found.within,
            "allowance": found.allowance,
            "base": {
                "amount": base.amount,
                "is": base.why or "max(plan, nothing done) - merchants without cutoffs",
                "plan": base.plan,
                "nothing": base.nothing,
                "merchant": base.merchant,
            },
            "ranges": [
                {
                    "kind": r.kind,
                    "name": r.name,
                    "unit": r.unit,
                    "verdict": str(r.verdict),
                    "plan": r.plan,
                    "least": r.least,
                    "most": r.most if r.most < float("inf") else None,
                }
                for r in found.ranges
            ],
            "plans": [
                {
                    "aim": one.measure.aim,
                    "measure": one.measure.name,
                    "unit": one.measure.unit,
                    "objective": one.plan.objective,
                    "amount": one.measure.of(one.plan),
                    "of_the_plan": one.measure.of(found.plan),
                    "end": one.extreme,
                }
                for one in found.apart
            ],
            "cases": [str(path) for path in self.cases],
            "out": str(self.out),
        }


def share_of(text: str) -> float:
    """A share of the cost from what was typed, 2% or 0.02. Raises StockpileError."""
    try:
        share = float(text.strip().removesuffix("%").strip()) / (100 if text.strip().endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 < share <= 1:
        raise StockpileError(f"{text}: a share of the cost is more than 0 % and at most 100 %, for example 2%.")
    return share


def alternatives_file(
    source: Path,
    within: float,
    out: Path | None = None,
    *,
    cases: Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> AlternativesOutcome:
    """Find what plans of a case have that cost no more than a share `within` beyond the best, and write it as a workbook.

    `cases` is a folder for a case of pins of each whole plan. Raises CaseError, FileError, and NoPlanError where the case has no plan.
    """
    target = out or beside(source, "alternatives")
    if not force:
        refuse_cases(source, cases)
    reading, case = opened(source, target, "alternatives", RANGES, force=force, progress=progress)
    began = time.perf_counter()
    found = alternatives(planned(source, case, progress=progress), within, progress=progress)
    info, seconds = RunInfo(source=source, sha256=reading.sha256), time.perf_counter() - began
    written = write_tables(target, (*tables(found), run_of(found, case, info, seconds)), info.when)
    return AlternativesOutcome(found, written, write_cases(reading, found, source, cases) if cases else ())


def refuse_cases(source: Path, folder: Path | None) -> None:
    """Raise FileError where a folder has cases of pins already."""
    there = sorted(folder.glob(f"{glob.escape(source.stem)}-*.xlsx")) if folder else []
    if there:
        raise FileError(f"{there[0]}: this file exists and is left as it is; name another folder, or add --force to replace it.")


def write_cases(reading: Reading, found: Alternatives, source: Path, folder: Path) -> tuple[Path, ...]:
    """Write each whole plan as the case with its decisions on the sheet `pins`. Raises FileError."""
    assert reading.source
    grids = read_grids(reading.source)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for one in found.apart:
        name = re.sub(r"[^a-z0-9]+", "-", one.measure.aim.lower()).strip("-")
        path = folder / f"{source.stem}-{name}.xlsx"
        check_target(path)
        changed = {**grids, **{sheet: grid_of(one.case, sheet) for sheet in CHANGED}}
        written.append(write_whole(path, lambda temporary, changed=changed: write_case(temporary, changed)))  # type: ignore[misc]
    return tuple(written)


def grid_of(case: Case, sheet: str) -> Grid:
    """A sheet as a planner would write it, in the schema's units."""
    columns = list(BY_NAME[sheet])
    rows = case[sheet][[c.name for c in columns]].itertuples(index=False, name=None)
    return [
        [c.name for c in columns],
        [c.unit for c in columns],
        *([None if pd.isna(v) or v == float("inf") else v for v in row] for row in rows),
    ]
