"""The findings of a check for programs: where, what kind, what is there and what would be right."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from inputs.cells import wanted
from inputs.errors import Finding
from inputs.grid import Bad, Cell, Grid
from inputs.reader import at_place
from inputs.schema import BY_NAME, Kind

CELL = re.compile(r"[A-Z]{1,3}[0-9]+")


def described(findings: Sequence[Finding], grids: Mapping[str, Grid]) -> list[dict[str, str]]:
    """Every finding as `resources.Finding` has it."""
    return [
        {
            "sheet": finding.sheet,
            "cell": finding.cell,
            "code": finding.code,
            "found": found(finding, grids),
            "expected": expected(finding),
            "level": finding.level.value,
            "column": finding.column,
            "message": finding.message,
        }
        for finding in findings
    ]


def found(finding: Finding, grids: Mapping[str, Grid]) -> str:
    """What stands in the cell of a finding."""
    if not CELL.fullmatch(finding.cell):
        return ""
    letters, row = coordinate_from_string(finding.cell)
    return shown(at_place(grids.get(finding.sheet, []), row, column_index_from_string(letters) - 1))


def shown(cell: Cell) -> str:
    """A cell as a text."""
    if cell is None:
        return ""
    if isinstance(cell, Bad):
        return cell.text
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return f"{cell:.10g}" if isinstance(cell, float) else str(cell)


def expected(finding: Finding) -> str:
    """What the column takes where a value is wrong, else what the finding says."""
    sheet = BY_NAME.get(finding.sheet)
    if finding.code != "value" or sheet is None:
        return finding.message
    column = sheet.column(finding.column)
    if column.kind is Kind.FLAG:
        return "yes or no"
    if column.kind is Kind.CHOICE:
        return " or ".join(column.choices)
    return ", ".join(filter(None, [wanted(column), column.bounds_text])) if column.numeric else "a name"
