"""Colours and cell formats of the workbook that a planner fills in."""

from __future__ import annotations

from typing import Any

import xlsxwriter

NAVY, BLUE, GREY, PALE, INK = "#1F3A5F", "#2E75B6", "#7F8C9A", "#F2F5F9", "#222222"
HEADERS = {"key": NAVY, "required": BLUE, "optional": GREY}


HEADER_TEXTS = {
    "key": "Key: names the row; each must be the only one.",
    "required": "Required: fill it in every row.",
    "optional": "Optional: an empty cell stands for the default, which the heading's prompt gives.",
}


class Styles:
    """The formats of a workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        def style(**options: Any) -> Any:
            return book.add_format({"font_name": "Calibri", "font_size": 11, "valign": "top", **options})

        white = {"bold": True, "font_color": "white", "valign": "vcenter", "border": 1, "border_color": "white"}
        self.header = {kind: style(bg_color=colour, **white) for kind, colour in HEADERS.items()}
        self.free = style(bg_color="#B8C2CC", **{**white, "font_color": INK})
        self.unit = style(italic=True, font_color="#555555", bg_color=PALE, bottom=1, bottom_color=GREY)
        self.cell = style()
        self.text = style(text_wrap=True)
        self.title = style(bold=True, font_size=18, font_color=NAVY)
        self.heading = style(bold=True, font_size=13, font_color=NAVY, bottom=2, bottom_color=NAVY)
        self.link = style(font_color=BLUE, underline=1)
        self.bold = style(bold=True)
