"""The printed workbook: few pages that read well. A table that would be too small or too long is not printed, and says so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from outputs.excel.sizes import ROW_HEIGHT, column_widths, heading_height, row_heights
from outputs.tables.table import Table

MOST_PAGES, LONGEST = 25, 4
"""Pages of a whole workbook, and of one table, at most."""

SMALLEST = 0.65
"""A table prints as wide as the page; one that would shrink below this share of its size (10 point to 6.5) is not printed."""

UNPRINTED = "This table is not printed with the workbook; to print it, filter it and clear the print area."

LETTER = 1
SIDE, TOP, BOTTOM = 0.3, 0.5, 0.6
"""Margins, inches."""
ACROSS, DOWN = 72 * (11 - 2 * SIDE), 72 * (8.5 - TOP - BOTTOM)
"""Points of a page of letter paper in landscape within its margins."""

HEAD = 90.0
"""Points above the headings: title, sentence and the way back."""


def points_across(widths: Sequence[float]) -> float:
    """Points of columns of so many characters: 7 pixels each, with 5 at the sides, at 96 pixels an inch."""
    return sum(7 * w + 5 for w in widths) * 72 / 96


def pages(table: Table) -> float:
    """Pages that a table takes, one page wide; infinite where it would be too small to read."""
    if ROW_HEIGHT * len(table.frame) * SMALLEST > LONGEST * DOWN:
        return math.inf
    widths = column_widths(table)
    scale = min(1.0, ACROSS / points_across(widths))
    if scale < SMALLEST:
        return math.inf
    heading = heading_height(table, widths) + ROW_HEIGHT
    return math.ceil((HEAD + sum(row_heights(table, widths))) / (DOWN / scale - heading))


def printed(tables: Sequence[Table], taken: int) -> frozenset[str]:
    """The sheets that are printed of these tables: in their order, while none is too long and all with the `taken` pages are few enough."""
    chosen = []
    for table in tables:
        needed = pages(table)
        if needed <= min(LONGEST, MOST_PAGES - taken):
            chosen.append(table.sheet)
            taken += int(needed)
    return frozenset(chosen)


def set_print(sheet: Any) -> None:
    """Landscape, as wide as the page, with the sheet's name and page numbers below."""
    sheet.set_landscape()
    sheet.set_paper(LETTER)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=SIDE, right=SIDE, top=TOP, bottom=BOTTOM)
    sheet.set_footer("&L&8&A&C&8&F&R&8Page &P of &N")


def set_unprinted(sheet: Any, row: int, column: int) -> None:
    """Print nothing: the print area is this cell, which is empty. Neither Excel nor LibreOffice prints a page without content."""
    set_print(sheet)
    sheet.print_area(row, column, row, column)
