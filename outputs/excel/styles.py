"""Colours and cell formats of the plan workbook."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import xlsxwriter

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

LEFT = frozenset({Style.TEXT, Style.PROSE, Style.LINK, Style.FACT})
"""Columns that begin at the left; all others end at the right."""


def amount_format(decimals: int) -> str:
    """A number with thousands separators, 0 as a dash."""
    places = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    return f'{places};-{places};"\u2013"'


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
        self.make = cache(self._make)

    def _make(self, options: tuple[tuple[str, Any], ...]) -> Any:
        return self.book.add_format({"font_name": "Calibri", "font_size": 10, "font_color": INK, "valign": "vcenter", **dict(options)})

    def get(self, **options: Any) -> Any:
        """A format with xlsxwriter's options on top of the house style."""
        return self.make(tuple(sorted(options.items())))

    def cell(self, style: Style, decimals: int = 0, *, strong: bool = False, total: bool = False) -> Any:
        """The format of a data cell; `strong` rows and the `total` row are bold."""
        options: dict[str, Any] = {"bottom": 4, "bottom_color": LINE, "valign": "top"}
        if style in LEFT:
            options |= {"align": "left", "indent": 1}
        if style is Style.PROSE:
            options["text_wrap"] = True
        elif style is Style.LINK:
            options |= {"font_color": BLUE, "underline": 1}
        elif style is Style.AMOUNT:
            options["num_format"] = amount_format(decimals)
        elif style in FORMATS:
            options |= {"num_format": FORMATS[style]} | ({} if style in LEFT else {"align": "right"})
        if strong:
            options |= {"bold": True, "bg_color": PALE}
        if total:
            options |= {"bold": True, "bg_color": PALE, "top": 1, "top_color": NAVY, "bottom": 1, "bottom_color": NAVY}
        return self.get(**options)

    def word(self, style: Style, *, strong: bool = False, total: bool = False) -> Any:
        """The format of words that stand in a column of numbers: "no limit"."""
        options: dict[str, Any] = {"bottom": 4, "bottom_color": LINE, "valign": "top", "font_color": GREY, "italic": True}
        options |= {"align": "left", "indent": 1} if style in LEFT else {"align": "right"}
        return self.get(**options | ({"bg_color": PALE} if strong or total else {}))
