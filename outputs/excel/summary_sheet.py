"""The first page: cards, three panels and three charts, on one screen and one printed page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import xlsxwriter

from model.costs import RISK_LABEL
from outputs.excel.charts import bar_chart, line_chart, small, title_of, value_axis
from outputs.excel.layout import CONTENTS, FIRST, NAMES
from outputs.excel.sheet import colour_share, set_first
from outputs.excel.sizes import wrapped
from outputs.excel.styles import BLUE, GREY, LINE, NAVY, PALE, SERIES, TEAL, WHITE, Formats, amount_form
from outputs.tables import investments, stock, stockpile
from outputs.tables.rounding import amount
from outputs.tables.summary import LARGE_PART, SHEET, Summary
from outputs.tables.table import Table

PANELS, WIDE, CELL, GAP = 3, 6, 8.2, 1.6
"""Three panels, each so many columns of so many characters wide, with a gap between."""

BAND, UNDER, SAID, POINTS = 0, 1, 2, 3
CARD_ROWS = 4
FEWEST, MOST = 8, 13
"""Rows of a panel."""

ROW_PIXELS, CHART_PIXELS = 20, 290
BARS, SERIES_MOST, SERIES_LEAST = 12, 8, 0.004
"""Bars and stacked series at most; a series of less than this share of the total is left to the total's line."""

NAME_LENGTH = 33
ABOUT, POINT_WIDTH = 2, 180
"""Columns of what a point is about, and the characters of its sentence that fit a line."""

SAID_WIDTH = 88
"""Characters of the sentence that fit a line, in whatever font stands in for Calibri."""


def start_column(panel: int) -> int:
    """The first column of a panel."""
    return 1 + panel * (WIDE + 1)


def last_column() -> int:
    """The last column of the last panel."""
    return start_column(PANELS - 1) + WIDE - 1


class SummarySheet:
    """Lays the summary out on its sheet."""

    def __init__(self, book: xlsxwriter.Workbook, formats: Formats, summary: Summary) -> None:
        self.book, self.formats, self.summary = book, formats, summary
        self.sheet: Any = book.add_worksheet(SHEET)
        self.cards = POINTS + len(summary.points) + 1
        self.heads = self.cards + CARD_ROWS
        lines = len(summary.costs) + 1  # all of them, for they add to the total
        self.rows = max(lines, min(MOST, max(FEWEST, 2 * len(summary.sectors), len(summary.plants))))
        self.charts_row = self.heads + 2 + self.rows + 1

    def write(self, tables: Mapping[str, Table]) -> None:
        """Write the whole page."""
        self.grid()
        self.band()
        self.points()
        for number in range(len(self.summary.cards)):
            self.card(number)
        self.costs()
        self.sectors()
        self.plants()
        self.place(0, self.cost_chart())
        self.place(1, self.value_chart(tables[stockpile.SHEET]))
        self.place(2, self.stock_chart(tables[stock.VALUE]))

    def grid(self) -> None:
        """Widths, heights and the printed page."""
        sheet = self.sheet
        sheet.set_column(0, last_column() + 1, CELL)
        for c in (0, *(start_column(p) - 1 for p in range(1, PANELS)), last_column() + 1):
            sheet.set_column(c, c, GAP)
        for row, height in {
            BAND: 32,
            UNDER: 18,
            self.cards - 1: 6,
            self.cards: 16,
            self.cards + 1: 30,
            self.cards + 2: 16,
            self.cards + 3: 8,
        }.items():
            sheet.set_row(row, height)
        set_first(sheet)
        sheet.print_area(0, 0, self.charts_row + -(-CHART_PIXELS // ROW_PIXELS), last_column() + 1)

    def band(self) -> None:
        """Title and what the plan is about, white on navy; below it the plan in one sentence."""
        get, last = self.formats.get, last_column() + 1
        for row, size, bold, text in ((BAND, 20, True, self.summary.title), (UNDER, 10, False, self.summary.subtitle)):
            self.sheet.merge_range(row, 0, row, last, "", get(bg_color=NAVY))
            self.sheet.write_string(row, 0, text, get(bg_color=NAVY, font_color=WHITE, font_size=size, bold=bold, indent=1))
        said = get(font_size=12, bold=True, font_color=NAVY, text_wrap=True)
        self.sheet.merge_range(SAID, 1, SAID, last - 4, "", said)
        self.sheet.write_string(SAID, 1, self.summary.sentence, said)
        self.sheet.set_row(SAID, 8 + 16 * wrapped(self.summary.sentence, SAID_WIDTH))
        link = get(font_color=BLUE, underline=1, align="right")
        self.sheet.merge_range(SAID, last - 3, SAID, last - 1, "", link)
        self.sheet.write_url(SAID, last - 3, f"internal:'{CONTENTS}'!A1", link, "All sheets")

    def points(self) -> None:
        """What a minister is told, a line each: what it is about, and the sentence."""
        first, last = start_column(0), last_column()
        name = self.formats.get(bold=True, font_color=BLUE, valign="top")
        text = self.formats.get(text_wrap=True, valign="top")
        for row, (about, said) in enumerate(self.summary.points, POINTS):
            self.sheet.write_string(row, first, about, name)
            self.sheet.merge_range(row, first + ABOUT, row, last, "", text)
            self.sheet.write_string(row, first + ABOUT, said, text)
            self.sheet.set_row(row, 2 + 14 * wrapped(said, POINT_WIDTH))

    def card(self, number: int) -> None:
        """A figure with its label and note."""
        card = self.summary.cards[number]
        first = start_column(number // 2) + number % 2 * WIDE // 2
        last = first + WIDE // 2 - 1
        colour = {"bg_color": PALE, "left": 5, "left_color": BLUE if number % 2 == 0 else TEAL, "indent": 1}
        value, shown = card.value, amount_form(card.value) if isinstance(card.value, float) else "@"
        cells = (
            (self.cards, card.label, {"font_color": GREY, "font_size": 9}),
            (self.cards + 1, value, {"font_color": NAVY, "font_size": 20, "bold": True, "align": "left", "num_format": shown}),
            (self.cards + 2, card.note, {"font_color": GREY, "font_size": 8}),
        )
        for row, content, options in cells:
            look = self.formats.get(**colour, **options)
            self.sheet.merge_range(row, first, row, last, "", look)
            (self.sheet.write_string if isinstance(content, str) else self.sheet.write_number)(row, first, content, look)

    def heading(self, panel: int, title: str, names: Mapping[int, str]) -> None:
        """A panel's title and the names of its columns, by their place from the left."""
        get, first = self.formats.get, start_column(panel)
        self.sheet.set_row(self.heads, 20)
        for c in range(WIDE):
            self.sheet.write_blank(self.heads, first + c, None, get(bottom=2, bottom_color=NAVY))
            self.sheet.write_blank(self.heads + 1, first + c, None, get(bottom=1, bottom_color=LINE))
        self.sheet.write_string(self.heads, first, title, get(bold=True, font_size=12, font_color=NAVY, bottom=2, bottom_color=NAVY))
        for c, name in names.items():
            align = "left" if c == 0 else "right"
            self.sheet.write_string(
                self.heads + 1, first + c, name, get(font_size=9, font_color=GREY, bottom=1, bottom_color=LINE, align=align)
            )

    def line(
        self, panel: int, row: int, cells: Mapping[int, Any], *, bold: bool = False, small: bool = False, shares: bool = False
    ) -> None:
        """One row of a panel: texts to the left, amounts (or shares) to the right."""
        first, top = start_column(panel), self.heads + 2 + row
        options: dict[str, Any] = {"bold": bold} | ({"font_size": 9, "font_color": GREY} if small else {})
        for c, value in cells.items():
            if isinstance(value, str):
                self.sheet.write_string(top, first + c, value, self.formats.get(**options, align="left" if c == 0 else "right"))
            elif isinstance(value, int):
                self.sheet.write_number(top, first + c, value, self.formats.get(**options, num_format="0", align="right"))
            elif value == value:
                shown = "0.0%" if shares else amount_form(value)
                self.sheet.write_number(top, first + c, value, self.formats.get(**options, num_format=shown, align="right"))
            else:
                self.sheet.write_string(top, first + c, "\u2013", self.formats.get(**options, align="right"))

    def costs(self) -> None:
        """The panel of the parts of the expected cost."""
        self.heading(0, "Expected cost", {0: "Discounted; negative is a saving or what is left", 5: "M USD"})
        parts = self.summary.costs
        for row, (name, value) in enumerate(parts):
            self.line(0, row, {0: name, 5: value})
        self.line(
            0,
            len(parts),
            {0: "Objective" if any(name == RISK_LABEL for name, _ in parts) else "Total", 5: self.summary.total},
            bold=True,
        )

    def sectors(self) -> None:
        """The panel of how well sectors are covered."""
        self.heading(1, "Coverage in protected cutoffs", {0: "Sector", 4: "required", 5: "reached"})
        most = self.rows // 2
        for i, cover in enumerate(self.summary.sectors[:most]):
            self.line(1, 2 * i, {0: cover.sector, 4: cover.required, 5: cover.reached}, shares=True)
            self.line(1, 2 * i + 1, {0: cover.worst}, small=True)
            reached = (self.heads + 2 + 2 * i, start_column(1) + 5)
            colour_share(self.sheet, self.formats, reached, (reached[0], reached[1] - 1), (reached[0] + 1, start_column(1)))
        if len(self.summary.sectors) > most and self.rows % 2:
            self.line(1, 2 * most, {0: f"{len(self.summary.sectors) - most} more in sheet Cutoffs"}, small=True)

    def plants(self) -> None:
        """The panel of plants ordered in peace."""
        plants = self.summary.plants
        self.heading(2, "Plants ordered in peace", {0: "Plant", 3: "ordered", 4: "t/yr", 5: "on line"})
        shown = plants if len(plants) <= self.rows else plants.iloc[: self.rows - 1]
        for row, (plant, ordered, track, capacity, online) in enumerate(shown.itertuples(index=False)):
            when = f"{ordered} fast" if track == "fast" else ordered
            name = plant if len(plant) <= NAME_LENGTH else f"{plant[: NAME_LENGTH - 1]}\u2026"
            self.line(2, row, {0: name, 3: when, 4: float(capacity), 5: online})
        if len(shown) < len(plants):
            self.line(2, len(shown), {0: f"{len(plants) - len(shown)} more in sheet {investments.INVESTMENTS}"}, small=True)
        if not len(plants):
            self.line(2, 0, {0: "No plant is ordered."}, small=True)

    def place(self, panel: int, chart: Any | None) -> None:
        """Put a chart below a panel, or say that there is nothing to show."""
        first = start_column(panel)
        if chart is None:
            self.sheet.write_string(
                self.charts_row, first, "Nothing of value is held in peace.", self.formats.get(italic=True, font_color=GREY)
            )
            return
        chart.set_size({"width": WIDE * int(CELL * 7 + 5), "height": CHART_PIXELS})
        chart.set_chartarea({"border": {"color": LINE}, "fill": {"color": WHITE}})
        self.sheet.insert_chart(self.charts_row, first, chart, {"object_position": 2})

    def cost_chart(self) -> Any:
        """Bars of the cost parts; one that would hide the others is named in the title instead."""
        parts = list(self.summary.costs)
        sizes = sorted((abs(v) for _, v in parts), reverse=True)
        hides = len(parts) > 1 and sizes[0] > LARGE_PART * sizes[1] and abs(parts[0][1]) == sizes[0]
        first = start_column(0)
        top, last = self.heads + 2 + hides, self.heads + 1 + len(parts)
        title = f"Cost parts beside {parts[0][0].lower()}" if hides else "Cost parts"
        points = [{"fill": {"color": TEAL if value < 0 else NAVY}} for _, value in parts[hides:]]
        chart = bar_chart(self.book, title, "M USD, expected and discounted")
        series = {"categories": [SHEET, top, first, last, first], "values": [SHEET, top, first + 5, last, first + 5]}
        chart.add_series(series | {"points": points, "gap": 40, "fill": {"color": NAVY}})
        return chart

    def value_chart(self, table: Table) -> Any | None:
        """Bars of the most valuable materials at target."""
        count = min(BARS, int((table.frame["value"].iloc[:-1] > 0).sum()))
        if not count:
            return None
        value = table.column("value")
        chart = bar_chart(self.book, "Stockpile by value" if count < BARS else f"Stockpile by value: the first {count}", "M USD at target")
        span = (FIRST, FIRST + count - 1)
        series = {"categories": [table.sheet, span[0], 0, span[1], 0], "values": [table.sheet, span[0], value, span[1], value]}
        texts = [{"value": amount(float(v))} for v in table.frame["value"].iloc[:count]]
        labels = {"value": True, "custom": texts, "font": small()}
        chart.add_series(series | {"gap": 40, "fill": {"color": BLUE}, "data_labels": labels})
        return chart

    def stock_chart(self, table: Table) -> Any | None:
        """Value in store over the years: the first materials stacked, and the total as a line."""
        last = len(table.columns) - 1
        values = table.frame.iloc[:-1, 1:].to_numpy(dtype=float)
        visible = values.max(axis=1, initial=0) > SERIES_LEAST * values.sum(axis=0).max(initial=0)
        rows = [int(r) for r in visible.nonzero()[0][:SERIES_MOST]]
        if not rows:
            return None
        chart, line = self.book.add_chart({"type": "column", "subtype": "stacked"}), line_chart(self.book)
        for colour, row in zip(SERIES, rows, strict=False):
            chart.add_series(series_of(table, FIRST + row, last) | {"fill": {"color": colour}, "gap": 45})
        line.add_series(
            series_of(table, FIRST + len(table.frame) - 1, last) | {"line": {"color": "#222222", "width": 1.25, "dash_type": "round_dot"}}
        )
        chart.combine(line)
        chart.set_title(title_of("Stock in peace by value"))
        chart.set_x_axis({"name": "end of", "name_font": small(), "num_font": small(), "line": {"color": LINE}})
        chart.set_y_axis(value_axis("M USD") | {"min": 0})
        chart.set_legend({"position": "right", "font": small()})
        return chart


def series_of(table: Table, row: int, last: int) -> dict[str, Any]:
    """A row of a table as the series of a chart."""
    return {"name": [table.sheet, row, 0], "categories": [table.sheet, NAMES, 1, NAMES, last], "values": [table.sheet, row, 1, row, last]}
