"""From plans or cases to how they differ, as a workbook: what the command line and a service both call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inputs.errors import CaseError, FileError, StockpileError
from inputs.files import refuse_to_replace
from inputs.schema import PLAN_SHEETS
from inputs.source import read_source
from inputs.workbook import examine
from model.certify import certify
from model.plan import Progress, make_plan
from model.solver.program import Status
from model.studies.compare import Compared, Difference, InputDifference, Regret, inputs, regrets, results
from outputs.excel.book import write_tables
from outputs.plan_file import check_workbook
from outputs.tables.compare import INPUTS, RESULTS, inputs_table, regret_table, results_table, run_table
from outputs.tables.rounding import amount
from outputs.tables.table import Table
from outputs.verify_file import echoed_case, proof, read_sheets

MOST = 10
"""Plans side by side."""

SAID = 8
"""Differences that the command prints."""


@dataclass(frozen=True)
class Comparison:
    """How plans differ; `out` is the workbook."""

    plans: tuple[Compared, ...]
    inputs: list[InputDifference]
    results: list[Difference]
    regrets: list[Regret]
    out: Path

    def text(self) -> str:
        """What the command says: cost, and what differs most."""
        names = " | ".join(plan.name for plan in self.plans)
        lines = [f"{len(self.inputs)} inputs and {len(self.results) - 1} results differ: {names}"]
        for found in self.results[: SAID + 1]:
            what = f"{found.kind} {found.name}".strip()
            lines.append(f"{what}: {' | '.join(amount(a) for a in found.amounts)} {found.unit}")
        lines += [
            f"the plan {r.plan} in the case {r.case}: {r.text or f'{amount(r.extra or 0.0)} M USD more than its best'}"
            for r in self.regrets
        ]
        return "\n".join([*lines, f"the comparison is in {self.out}"])

    def summary(self) -> dict[str, object]:
        """What `stockpile compare --json` prints: money in M USD, all else in the schema's units."""
        return {
            "plans": [plan.name for plan in self.plans],
            "inputs": [
                {"sheet": d.sheet, "row": d.row, "column": d.column, "unit": d.unit, "values": [plain(v) for v in d.values]}
                for d in self.inputs
            ],
            "results": [
                {"what": d.kind, "name": d.name, "unit": d.unit, "values": list(d.amounts), "worth": d.worth} for d in self.results
            ],
            "regret": [{"plan": r.plan, "case": r.case, "extra": r.extra, "why": r.text or None} for r in self.regrets],
            "out": str(self.out),
        }


def plain(value: object) -> object:
    """A cell for JSON, which knows neither "no limit" nor "none"."""
    return None if (isinstance(value, float) and value != value) or value in (float("inf"), float("-inf")) else value


def compare_file(
    files: Sequence[Path],
    out: Path | None = None,
    *,
    called: Sequence[str] = (),
    regret: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> Comparison:
    """Compare two to ten plan workbooks or cases (which are planned first), and write how they differ.

    They have the names of their files, unless as many names are `called`. With `regret` each plan's decisions in peace are also fixed in each other's case. Raises FileError, CaseError, and StockpileError where
    there are too few or too many, or a case has no plan.
    """
    if not 2 <= len(files) <= MOST:
        raise StockpileError(f"two to {MOST} plans or cases are compared, not {len(files)}.")
    target = out or files[0].with_name(f"{files[0].stem}-compared.xlsx")
    for file in files:
        check_workbook(file, target, "a comparison")
    if not force:
        refuse_to_replace(target, [RESULTS, INPUTS], "a comparison")
    own = [file.stem if [f.stem for f in files].count(file.stem) == 1 else str(file) for file in files]
    names = called if len(called) == len(files) == len(set(called)) else own
    plans = tuple(read_plan(file, name, progress) for file, name in zip(files, names, strict=True))
    if progress and regret:
        progress("regret")
    found = Comparison(plans, inputs(plans), results(plans), regrets(plans) if regret else [], target)
    written = write_tables(target, tables_of(found, files))
    return Comparison(plans, found.inputs, found.results, found.regrets, written)


def read_plan(file: Path, name: str, progress: Progress | None) -> Compared:
    """A plan from its workbook, or of a case."""
    if progress:
        progress(f"read {file.name}")
    if file.suffix.lower() == ".xlsx" and is_plan(file):
        sheets, _ = read_sheets(file)
        case = echoed_case(sheets, file)
        return Compared(name, case, proof(case, sheets, file)[0])
    reading = examine(file)
    if reading.case is None:
        raise CaseError(str(file), reading.errors)
    plan = make_plan(reading.case, progress=progress)
    if plan.status is not Status.OPTIMAL:
        raise StockpileError(f"{file}: this case has no plan to compare ({plan.status}); run: stockpile explain {file}")
    return Compared(name, plan.case, certify(plan))


def is_plan(file: Path) -> bool:
    """Whether a workbook is a finished plan."""
    import io

    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(read_source(file).content), read_only=True)
    except FileError:
        raise
    except Exception:
        return False
    return {*PLAN_SHEETS} <= set(book.sheetnames)


def tables_of(found: Comparison, files: Sequence[Path]) -> list[Table]:
    """Every table of the workbook."""
    names = [plan.name for plan in found.plans]
    tables = [results_table(found.plans, found.results), inputs_table(names, found.inputs)]
    tables += [regret_table(found.regrets)] if found.regrets else []
    return [*tables, run_table(list(zip(names, [str(f) for f in files], [p.case.fingerprint for p in found.plans], strict=True)))]
