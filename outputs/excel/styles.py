"""Colours and cell formats of the plan workbook."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from outputs.tables.rounding import LEAST, MOST, NOTHING, SMALLEST, decimal_places, is_shown
from outputs.tables.table import Style

NAVY, BLUE, TEAL, GREY, PALE, LINE, INK, WHITE = "#1F3A5F", "#2E75B6", "#2A9D8F", "#6B7785", "#F2F5F9", "#D9DFE6", "#222222", "#FFFFFF"
GOOD, FAIR, POOR = ("#E3F3E8", "#1D6B3A"), ("#FFF1D6", "#8A5A00"), ("#FBE0DD", "#A3231A")
"""Background and text: above what is required, at it, below it."""

SERIES = ("#1F3A5F", "#2E75B6", "#2A9D8F", "#E9B44C", "#D1603D", "#8E6C9E", "#7FB7D6", "#A3B18A")
"""Colours of the series of a chart, in order."""

SOURCES = ("#2E75B6", "#7FB7D6", "#2A9D8F", "#A3B18A", "#8E6C9E", "#C9B6D3", "#A9B2BC", "#1F3A5F", "#E9B44C", "#C0392B")
"""Colours of the sources of a material: six by name, the others, release, saving and shortage."""

FORMATS = {
    Style.YEAR: "0",
    Style.PRICE: "#,##0.00",
    Style.MONTHS: '0.0;-0.0;"\u2013"',
    Style.SHARE: "0.0%",
    Style.EXACT: "General",
    Style.FACT: "General",
}

Place = tuple[int, int]
"""Row and column of a cell, from 0."""

LEFT = frozenset({Style.TEXT, Style.PROSE, Style.LINK, Style.FACT})
"""Columns that begin at the left; all others end at the right."""


def amount_format(decimals: int) -> str:
    """A number with thousands separators, 0 as a dash."""
    form = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    return f'{form};-{form};"\u2013"'


def amount_form(value: float, most: int = 0) -> str:
    """The number format that shows an amount as `outputs.tables.rounding.amount` does.

    `most` are the decimals of its column: fewer leave their room, so that the points stand below each other.
    """
    used = decimal_places(value) if is_shown(value) else 0
    number = f"#,##0.{'0' * used}" if used else "#,##0"
    room = ("_." if not used and most else "") + "_0" * (most - used)
    dash = f'"{NOTHING}"{room}'
    return f"{number}{room};-{number}{room};{dash}" if is_shown(value) else f"{dash};{dash};{dash}"


LIVE = f'#,##0.{"0" * MOST};-#,##0.{"0" * MOST};"{NOTHING}"'
"""The number format of an amount that a formula gives; `show_live` takes decimals off by its size."""


def show_live(sheet: Any, formats: Formats, first: Place, last: Place) -> None:
    """Show the amounts of cells with formulas as `amount_form` shows those that are known."""
    at = xl_rowcol_to_cell(*first)
    bounds = [(f"ABS({at})>={least}", amount_form(least)) for least in LEAST]
    for test, form in (*bounds, (f"ABS({at})<{SMALLEST}", amount_form(0))):
        look = formats.book.add_format({"num_format": form})
        criteria = f"=AND(ISNUMBER({at}),{test})"
        sheet.conditional_format(*first, *last, {"type": "formula", "criteria": criteria, "format": look, "stop_if_true": True})


def decimals_for(values: Any) -> int:
    """Decimals that show all but the smallest quarter of the values to a tenth of themselves or better."""
    sizes = np.abs(np.asarray(values, dtype=float))
    sizes = sizes[np.isfinite(sizes) & (sizes > 1e-6)]
    if not len(sizes):
        return 0
    typical = float(np.quantile(sizes, 0.25))
    return 0 if typical >= 100 else 1 if typical >= 1 else 2 if typical >= 0.1 else 3


class Formats:
    """The cell formats of one workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.make, self.cell, self.word = cache(self._make), cache(self._cell), cache(self._word)

    def _make(self, options: tuple[tuple[str, Any], ...]) -> Any:
        return self.book.add_format({"font_name": "Calibri", "font_size": 10, "font_color": INK, "valign": "vcenter", **dict(options)})

    def get(self, **options: Any) -> Any:
        """A format with xlsxwriter's options on top of the house style."""
        return self.make(tuple(sorted(options.items())))

    def _cell(self, style: Style, form: str = "", *, strong: bool = False, total: bool = False) -> Any:
        """The format of a data cell, with the number format `form` for an amount; `strong` rows and the `total` row are bold."""
        options: dict[str, Any] = {"bottom": 4, "bottom_color": LINE, "valign": "top"}
        if style in LEFT:
            options |= {"align": "left", "indent": 1}
        if style is Style.PROSE:
            options["text_wrap"] = True
        elif style is Style.LINK:
            options |= {"font_color": BLUE, "underline": 1}
        elif style is Style.AMOUNT:
            options["num_format"] = form or "General"
        elif style in FORMATS:
            options |= {"num_format": FORMATS[style]} | ({} if style in LEFT else {"align": "right"})
        if strong:
            options |= {"bold": True, "bg_color": PALE}
        if total:
            options |= {"bold": True, "bg_color": PALE, "top": 1, "top_color": NAVY, "bottom": 1, "bottom_color": NAVY}
        return self.get(**options)

    def _word(self, style: Style, *, strong: bool = False, total: bool = False) -> Any:
        """The format of words that stand in a column of numbers: "no limit"."""
        options: dict[str, Any] = {"bottom": 4, "bottom_color": LINE, "valign": "top", "font_color": GREY, "italic": True}
        options |= {"align": "left", "indent": 1} if style in LEFT else {"align": "right"}
        return self.get(**options | ({"bg_color": PALE} if strong or total else {}))
