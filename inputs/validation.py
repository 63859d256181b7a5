"""What Excel says and checks while a planner types: prompts, bounds, and drop-downs that grow with their lists."""

from __future__ import annotations

import math
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from inputs.countries import COUNTRIES
from inputs.schema import (
    BY_NAME,
    FIRST_ROW,
    OWN_PREFIX,
    SETTINGS,
    SHEETS,
    UNIONS,
    UNREAD,
    Column,
    Kind,
)

LISTS = f"{OWN_PREFIX}lists"


LAST_ROW = 2000
"""Drop-downs and checks reach this row."""


def prompt(column: Column) -> str:
    """What a heading says when it is selected (Excel shows at most 255 characters)."""
    parts = [column.text]
    if column.unit:
        parts.append(f"Unit: {column.unit}.")
    if column.choices:
        parts.append(f"One of: {', '.join(column.choices)}.")
    if column.numeric and column.bounds_text and column.kind is not Kind.YEAR:
        parts.append(f"Must be {column.bounds_text}.")
    parts.append("Required." if column.required else f"Empty = {column.default_text or 'none'}.")
    return " ".join(parts)[:255]


def validation(column: Column, row: int, c: int) -> dict[str, Any] | None:
    """The check on the cells of a column; `row` (from 1) is the first of them, `c` (from 0) their column."""
    stop = {"error_title": column.name[:32], "error_message": prompt(column)}
    if column.kind is Kind.FLAG:
        return {"validate": "list", "source": ["yes", "no"], **stop}
    if column.choices:
        return {"validate": "list", "source": list(column.choices), **stop}
    if column.members == "modes":
        plants = f"modes!$A${FIRST_ROW}:$A${LAST_ROW}"
        plant = f"$A{row}"
        source = f"=OFFSET(modes!$B${FIRST_ROW},MATCH({plant},{plants},0)-1,0,MAX(1,COUNTIF({plants},{plant})),1)"
        return {"validate": "list", "source": source, "show_error": False}
    members = column.suggestions or column.members
    if members:
        own_names = bool(column.suggestions) or members not in BY_NAME or column.every
        return {
            "validate": "list",
            "source": f"=list_{UNIONS.get(members, (members,))[0]}",
            **({"show_error": False} if own_names else stop),
        }
    if column.kind is Kind.NAME:
        cell = xl_rowcol_to_cell(row - 1, c)
        return {
            "validate": "custom",
            "value": f"=LEN({cell})<=80",
            "error_title": column.name[:32],
            "error_message": "A name has at most 80 characters.",
        }
    return {"validate": "decimal" if column.kind is Kind.NUMBER else "integer", **range_of(column), **stop}


def range_of(column: Column) -> dict[str, Any]:
    """The bounds of a column as Excel's rule of validation."""
    low, high = (bound if math.isfinite(bound) else None for bound in (column.low, column.high))
    if low is not None and high is not None and not column.above:
        return {"criteria": "between", "minimum": low, "maximum": high}
    if low is not None:
        return {"criteria": ">" if column.above else ">=", "value": low}
    return {"criteria": "<=", "value": high if high is not None else 1e300}


ADDRESSES = [
    f"{sheet.name}.{column.name}" if sheet.name == SETTINGS else f"{sheet.name}[*].{column.name}"
    for sheet in SHEETS
    if sheet.name not in UNREAD
    for column in sheet
    if column.numeric
]
"""What the drop-down of the sheet of sweeps offers, to be narrowed by hand."""


def write_lists(book: xlsxwriter.Workbook) -> None:
    """The hidden sheet with the lists of countries and addresses."""
    target = book.add_worksheet(LISTS)
    target.write_column(0, 0, ["countries", *COUNTRIES])
    target.write_column(0, 1, ["addresses", *ADDRESSES])
    target.hide()


def define_lists(book: xlsxwriter.Workbook) -> None:
    """The lists behind the drop-downs; each grows with the names on its sheet."""
    for sheet in SHEETS:
        if sheet.columns[0].kind is Kind.NAME:
            define_growing(book, sheet.name, sheet.name, 0)
    define_growing(book, "kinds", "plants", [c.name for c in BY_NAME["plants"]].index("kind"))
    book.define_name("list_countries", f"='{LISTS}'!$A$2:$A${len(COUNTRIES) + 1}")
    book.define_name("list_addresses", f"='{LISTS}'!$B$2:$B${len(ADDRESSES) + 1}")


def define_growing(book: xlsxwriter.Workbook, name: str, sheet: str, c: int) -> None:
    """A name for the filled cells of a column, which grows with them."""
    letter = xl_col_to_name(c)
    cells = f"{sheet}!${letter}${FIRST_ROW}:${letter}${LAST_ROW}"
    book.define_name(f"list_{name}", f"=OFFSET({sheet}!${letter}${FIRST_ROW},0,0,MAX(1,COUNTA({cells})),1)")
