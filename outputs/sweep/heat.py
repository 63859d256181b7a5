"""A grid of two variations as coloured matrices: cost, stockpile value, investment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import xlsxwriter

from inputs.arrays import Floats
from model.sweep.design import DesignKind
from outputs.excel.charts import line_chart, small, title_of, value_axis
from outputs.excel.layout import BACK, CONTENTS, TEXT, TITLE
from outputs.excel.paper import set_print
from outputs.excel.sizes import LINE_HEIGHT
from outputs.excel.styles import BLUE, GREY, INK, LINE, NAVY, PALE, SERIES, WHITE, Formats, amount_format, decimals_for
from outputs.sweep.report import MILLION, OUTCOMES, Sweep
from outputs.sweep.tables import MONEY

SHEET = "Heat map"
TOP = BACK + 2
SCALES = {
    "objective": ("#63BE7B", "#FFF7D6", "#F2756B"),
    "stockpile_value": ("#F7FBFF", "#C6DBEF", "#6BAED6"),
    "investment": ("#F7FCF9", "#CCEBE0", "#7CC8B4"),
}
"""Colours of the lowest, the middle and the highest number."""

TITLES = {"objective": "Cost", "stockpile_value": "Stockpile value", "investment": "Investment in peace"}
FIRST_WIDTH, WIDTH = 20.0, 12.5
ACROSS, DOWN = 11, 16
"""Values of a matrix that fits on the summary."""

LINES = 8


@dataclass(frozen=True, eq=False)
class Matrix:
    """Which variation goes down (the one with more values) and which across, and the place of each point."""

    sweep: Sweep

    @cached_property
    def axes(self) -> tuple[int, int]:
        """(down, across)."""
        a, b = (len(v.values) for v in self.sweep.variations)
        return (0, 1) if a >= b else (1, 0)

    def values(self, axis: int) -> Floats:
        """The values of an axis (0 down, 1 across), rising."""
        return np.sort(np.array(self.sweep.variations[self.axes[axis]].values))

    def axis_words(self, axis: int) -> list[str]:
        """The values of an axis in words."""
        return [self.sweep.said_value(self.axes[axis], float(value)) for value in self.values(axis)]

    def name(self, axis: int) -> str:
        """The variation of an axis in words."""
        return self.sweep.names[self.axes[axis]]

    @cached_property
    def places(self) -> tuple[Any, Any]:
        """Row and column of each point of the frame."""
        found = [np.searchsorted(self.values(axis), self.sweep.values[:, self.axes[axis]]) for axis in (0, 1)]
        return found[0], found[1]

    def of(self, column: str) -> Floats:
        """(down, across): an outcome, M USD; NaN where there is no plan."""
        matrix = np.full((len(self.values(0)), len(self.values(1))), np.nan)
        matrix[self.places] = self.sweep.frame[column].to_numpy(dtype=float) / MILLION
        return matrix

    @cached_property
    def statuses(self) -> Any:
        """(down, across): the status of each point, "" where it has not been solved."""
        matrix = np.full((len(self.values(0)), len(self.values(1))), "", dtype=object)
        matrix[self.places] = self.sweep.frame["status"].to_numpy()
        return matrix

    @cached_property
    def as_is(self) -> tuple[int, int] | None:
        """The place of the case as it is."""
        found = [np.flatnonzero(np.isclose(self.values(axis), self.sweep.base_values[self.axes[axis]], rtol=1e-12)) for axis in (0, 1)]
        return (int(found[0][0]), int(found[1][0])) if all(len(f) for f in found) else None


def is_matrix(sweep: Sweep) -> bool:
    """Whether a sweep is a grid of two variations."""
    return sweep.kind is DesignKind.GRID and len(sweep.variations) == 2


def write_matrix(sheet: Any, formats: Formats, matrix: Matrix, column: str, top: int, left: int) -> int:
    """A matrix with its axes at a cell; returns the row below it."""
    numbers, down, across = matrix.of(column), matrix.axis_words(0), matrix.axis_words(1)
    get = formats.get
    head = {"bold": True, "font_color": WHITE, "bg_color": NAVY}
    axis = {"bold": True, "font_color": INK, "bg_color": PALE}
    sheet.write_string(top, left, f"{TITLES[column]}, {MONEY}", get(bold=True, font_size=12, font_color=NAVY))
    sheet.write_blank(top + 1, left, None, get(**head))
    for c in range(len(across)):
        sheet.write_blank(top + 1, left + 1 + c, None, get(**head))
        sheet.write_string(top + 2, left + 1 + c, across[c], get(**axis, align="center"))
    sheet.write_string(top + 1, left + 1, matrix.name(1), get(**head))
    sheet.write_string(top + 2, left, matrix.name(0), get(**axis, text_wrap=True, font_size=9))
    sheet.set_row(top + 2, max(16.0, LINE_HEIGHT * -(-len(matrix.name(0)) // 18)))
    shown = amount_format(decimals_for(numbers))
    for r, text in enumerate(down):
        sheet.write_string(top + 3 + r, left, text, get(**axis, align="right"))
        for c, value in enumerate(numbers[r].tolist()):
            edge = {"border": 2, "border_color": INK} if matrix.as_is == (r, c) else {"border": 1, "border_color": WHITE}
            if value == value:
                sheet.write_number(top + 3 + r, left + 1 + c, value, get(num_format=shown, align="center", **edge))
            else:
                status = str(matrix.statuses[r, c]) or "not solved"
                sheet.write_string(
                    top + 3 + r, left + 1 + c, status, get(**edge, italic=True, font_color=GREY, font_size=9, align="center")
                )
    low, middle, high = SCALES[column]
    scale = {"type": "3_color_scale", "min_color": low, "mid_color": middle, "max_color": high}
    sheet.conditional_format(top + 3, left + 1, top + 2 + len(down), left + len(across), scale)
    return top + 3 + len(down)


def write_heat_map(book: xlsxwriter.Workbook, formats: Formats, sweep: Sweep) -> None:
    """The sheet: a matrix for each outcome, below each other."""
    sheet, matrix = book.add_worksheet(SHEET), Matrix(sweep)
    across = len(matrix.values(1))
    sheet.set_column(0, 0, FIRST_WIDTH)
    sheet.set_column(1, max(across, 8), WIDTH)
    sheet.set_row(TITLE, 26)
    sheet.write_string(TITLE, 0, title(), formats.get(bold=True, font_size=16, font_color=NAVY))
    note = " The framed cell is the case as it is." if matrix.as_is else ""
    sheet.merge_range(TEXT, 0, TEXT, max(across, 8), "", formats.get(font_color=GREY, text_wrap=True, valign="top"))
    text = f"Down: {matrix.name(0)}. Across: {matrix.name(1)}.{note} Cells without a plan say why not."
    sheet.write_string(TEXT, 0, text, formats.get(font_color=GREY, text_wrap=True, valign="top"))
    sheet.set_row(TEXT, LINE_HEIGHT * 2 + 4)
    link = formats.get(font_color=BLUE, underline=1, font_size=9)
    sheet.write_url(BACK, 0, f"internal:'{CONTENTS}'!A1", link, "Contents")
    top = TOP
    for column in OUTCOMES:
        top = write_matrix(sheet, formats, matrix, column, top, 0) + 2
    sheet.freeze_panes(TOP, 1)
    sheet.hide_gridlines(2)
    sheet.set_tab_color(BLUE)
    set_print(sheet)
    sheet.fit_to_pages(1, 1)


def title() -> str:
    """The question of the sheet."""
    return "What do two numbers do together?"


def lines_chart(book: xlsxwriter.Workbook, matrix: Matrix) -> Any:
    """Cost over the values down, a line for each of the values across (evenly chosen where there are many): for matrices too large for the summary."""
    count, across = len(matrix.values(0)), matrix.axis_words(1)
    chosen = np.unique(np.linspace(0, len(across) - 1, min(LINES, len(across))).round().astype(int)).tolist()
    chart = line_chart(book)
    first = TOP + 3
    for colour, c in zip(SERIES, chosen, strict=False):
        chart.add_series(
            {
                "name": across[c],
                "categories": [SHEET, first, 0, first + count - 1, 0],
                "values": [SHEET, first, 1 + c, first + count - 1, 1 + c],
                "line": {"color": colour, "width": 2},
            }
        )
    chart.set_title(title_of(f"Cost by {matrix.name(0)}"))
    chart.set_x_axis({"name": matrix.name(0), "name_font": small(), "num_font": small(), "line": {"color": LINE}})
    chart.set_y_axis(value_axis(MONEY))
    chart.set_legend({"position": "right", "font": small()})
    return chart
