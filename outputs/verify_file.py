"""From a plan workbook to a verdict on it: what the command line and a service both call."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from xlsxwriter.utility import xl_rowcol_to_cell

from inputs.case import Case
from inputs.errors import CaseError, FileError
from inputs.grid import Grid
from inputs.schema import EXPLAINED_SHEETS, PLAN_SHEETS, SETTINGS, SHEETS, UNREAD, Column
from inputs.source import read_source
from inputs.workbook import parse
from model.certificate.amounts import Amounts
from model.certificate.check import Report, check
from outputs.claims import false_claims
from outputs.excel.layout import FIRST, NAMES, UNITS
from outputs.excel.seal import broken_seals
from outputs.tables.case_sheets import sheet_name
from outputs.tables.certificate import INDICES, PRICES, QUANTITIES

BEYOND = 1e100
"""No amount of a plan is as large as this, whatever its units."""

Sheets = Mapping[str, list[tuple[Any, ...]]]
"""The cells of a plan workbook: rows from the first, by sheet."""


@dataclass(frozen=True)
class Verdict:
    """What became of checking a plan workbook. `faults` are in words, worst first; none: it passed."""

    path: Path
    report: Report
    faults: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing speaks against the plan."""
        return not self.faults

    def text(self) -> str:
        """The verdict in a few lines."""
        report = self.report
        lines = [
            f"{'PASS' if self.passed else 'FAIL'}: {self.path}",
            f"cost {report.primal / 1000:.9g} million USD; no plan costs less than {report.bound.value / 1000:.9g}; gap {report.gap:.1e} of the cost",
            *(f"{name}: {amount / 1000:.9g} million USD" for name, amount in report.lines.items() if amount),
        ]
        if report.violations:
            worst = report.violations[0]
            lines.append(f"worst rounding: {worst.name} missed by {worst.size:.1e}")
        if report.bound.implied:
            columns = ", ".join(f"{count} of {name}" for name, count in report.bound.implied.items())
            lines.append(f"bounds that only the data imply were used for {columns}")
        return "\n".join([*lines, *self.faults])

    def summary(self) -> dict[str, object]:
        """What `stockpile verify --json` prints: amounts in thousand USD."""
        report = self.report
        return {
            "verdict": "PASS" if self.passed else "FAIL",
            "file": str(self.path),
            "objective": report.primal,
            "bound": report.bound.value if np.isfinite(report.bound.value) else None,
            "gap": report.gap if np.isfinite(report.gap) else None,
            "costs": {**report.lines, **({"risk": report.risk} if report.risk else {})},
            "worst": [{"name": v.name, "size": v.size, "relative": v.relative} for v in report.violations],
            "implied_bounds": dict(report.bound.implied),
            "faults": list(self.faults),
        }


def verify_file(path: Path) -> Verdict:
    """Check a plan by what its workbook says alone. Raises FileError where it is no plan with a certificate."""
    return judge(path, *read_sheets(path))


def judge(path: Path, sheets: Sheets, properties: Mapping[str, str]) -> Verdict:
    """The verdict on the cells and properties of a plan workbook. Raises FileError and CaseError where they cannot be read."""
    case = echoed_case(sheets, path)
    report, prices = proof(case, sheets, path)
    return Verdict(path, report, (*report.faults(), *false_claims(case, report, prices, sheets), *broken_seals(properties, sheets)))


def proof(case: Case, sheets: Sheets, path: Path) -> tuple[Report, Amounts]:
    """What the sheets of the certificate prove of a case, and the prices on theirs. Raises FileError where they cannot be read."""
    quantities, prices = (amounts_of(sheets, name, path) for name in (QUANTITIES, PRICES))
    return check(case, quantities, prices), prices


def read_sheets(path: Path) -> tuple[Sheets, Mapping[str, str]]:
    """The cells of a plan workbook and its properties; a FileError where it is none, or has no certificate."""
    import openpyxl

    source = read_source(path)
    try:
        book = openpyxl.load_workbook(io.BytesIO(source.content), read_only=True, keep_links=False)
        sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
        properties = {p.name: str(p.value) for p in book.custom_doc_props.props}  # type: ignore[attr-defined]
    except Exception as error:  # openpyxl lets the errors of zip and XML through
        raise FileError(f"{path}: this is not a workbook that can be read ({type(error).__name__}).") from error
    if {*EXPLAINED_SHEETS} <= set(sheets):
        raise FileError(
            f"{path}: this explains a case without a plan; the plan in it does not meet the case, and claims nothing to verify."
        )
    if not {*PLAN_SHEETS} <= set(sheets):
        raise FileError(f"{path}: this is no finished plan; name the workbook that `stockpile plan` wrote.")
    if not {QUANTITIES, PRICES} <= set(sheets):
        raise FileError(f"{path}: this plan has no sheets {QUANTITIES} and {PRICES}, which prove it; run `stockpile plan` again.")
    return sheets, properties


def echoed_case(sheets: Sheets, path: Path) -> Case:
    """The case as the plan workbook repeats it, without what the model does not read. Raises FileError and CaseError where it cannot be read."""
    grids = {sheet.name: echoed_grid(sheets, sheet.name, tuple(sheet), path) for sheet in SHEETS if sheet.name not in UNREAD}
    reading = parse({name: grid for name, grid in grids.items() if grid}, path.name)
    if reading.case is None:
        raise CaseError(str(path), reading.errors)
    return reading.case


def echoed_grid(sheets: Sheets, name: str, columns: tuple[Column, ...], path: Path) -> Grid:
    """One sheet of the case, as a planner would have written it: words that stand for an empty cell are empty again. Raises FileError."""
    rows = sheets.get(sheet_name(name), [])[NAMES:]
    if not rows:
        return []
    if name == SETTINGS:
        defaults = {c.name: c.default_text for c in columns}
        kept = [row for row in rows[FIRST - NAMES :] if len(row) > 1 and row[0]]
        return [list(rows[0]), *([r[0], None if r[1] == defaults.get(r[0]) else r[1], *r[2:]] for r in kept)]
    if len(rows) <= UNITS - NAMES:
        raise damaged(path, sheet_name(name), f"the units are missing, which stand in row {UNITS + 1} below the names of the columns")
    words = [next((c.default_text for c in columns if c.name == heading), "") for heading in rows[0]]
    grid = [list(rows[0]), list(rows[UNITS - NAMES])]
    for row in rows[FIRST - NAMES :]:
        cells = [None if isinstance(cell, str) and cell in ("", word) else cell for cell, word in zip(row, words, strict=False)]
        if len([cell for cell in cells if cell is not None]) > 1:
            grid.append(cells)
    return grid


def amounts_of(sheets: Sheets, name: str, path: Path) -> Amounts:
    """The amounts of a sheet of the certificate. Raises FileError where there are none, or a cell of it is no amount."""
    rows = sheets[name]
    if len(rows) <= NAMES:
        raise damaged(path, name, f"the names of its columns are missing, which stand in row {NAMES + 1}")
    places = [str(cell) for cell in rows[NAMES][1 + INDICES :] if cell is not None]
    kept = [(number, row) for number, row in enumerate(rows[FIRST:], FIRST + 1) if row and row[0] is not None]
    names, values = [], np.zeros((len(kept), len(places)))
    for r, (number, row) in enumerate(kept):
        quantity, *key = (str(cell) for cell in row[: 1 + INDICES] if cell is not None)
        names.append((quantity, tuple(key)))
        cells = row[1 + INDICES : 1 + INDICES + len(places)]
        wrong = next(
            (c for c, cell in enumerate(cells) if cell is not None and not (isinstance(cell, int | float) and abs(cell) < BEYOND)), None
        )
        if wrong is not None:
            raise damaged(path, f"{name}!{xl_rowcol_to_cell(number - 1, 1 + INDICES + wrong)}", f"{cells[wrong]!r} is no amount of a plan")
        values[r, : len(cells)] = [cell or 0.0 for cell in cells]
    return Amounts(names, places, values)


def damaged(path: Path, place: str, what: str) -> FileError:
    """That a plan is not as it was written, where, and how to mend it."""
    return FileError(f"{path}: {place}: {what}. Take the plan as it was written, or run `stockpile plan` again.")
