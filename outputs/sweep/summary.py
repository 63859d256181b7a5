"""The first page of a sweep: cards, the key chart, what it says, and what was varied, on one printed page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from outputs.excel.layout import CONTENTS
from outputs.excel.sheet import set_first
from outputs.excel.styles import BLUE, FAIR, GREY, INK, LINE, NAVY, PALE, TEAL, WHITE, Formats, amount_format, decimals_for
from outputs.sweep.findings import reasons
from outputs.sweep.heat import Matrix
from outputs.sweep.report import OPTIMAL, OUTCOMES, Sweep, SweepInfo
from outputs.sweep.words import base_words, money, short, values_words

SHEET = "Summary"
COLUMNS, CELL, GAP, SIDE = 18, 8.2, 1.6, 11
"""Columns between the margins, their width, the margins', and the first one of the findings."""

BAND, UNDER, CARDS, BODY = 0, 1, 3, 8
ROWS, ROW_PIXELS = 21, 20
"""Rows of the chart and the findings beside it."""

LETTERS = 56
"""Characters in a line of the findings."""

VARIED = 14
"""Variations that the page lists."""

REASONS = 5
"""Reasons why points have no plan that the page lists."""

TITLES = {
    "grid": "A grid of cases",
    "one at a time": "One number at a time",
    "monte carlo": "A Monte Carlo sample",
    "latin hypercube": "A Latin hypercube sample",
    "sobol": "A sample of Sobol' points",
    "morris": "Morris screening",
    "sobol indices": "Sobol' indices",
}


@dataclass(frozen=True)
class SweepCard:
    """One figure in large: what it is, the figure or a word, and what belongs to it."""

    label: str
    value: str
    note: str


def sweep_cards(sweep: Sweep, info: SweepInfo) -> list[SweepCard]:
    """Points, the case as it is, and the range of the three outcomes."""
    solved, count = int(sweep.solved.sum()), len(sweep.frame)
    note = "all with a plan" if solved == count else f"{solved:,} with a plan, {count - solved:,} without"
    if len(sweep.design) > count:
        note = f"of {len(sweep.design):,}; {note}"
    found = [SweepCard("Points", f"{count:,}", note)]
    base, costs = sweep.base, sweep.plans["objective"]
    known = base is not None and base["status"] == OPTIMAL
    middle = float(base["objective"]) if base is not None and known else float(costs.median())
    middle_words = money(middle)[0] if solved else "none"
    if base is None:
        found.append(SweepCard("Median cost", middle_words, f"M USD, {sweep.costs_are}"))
    elif known:
        found.append(SweepCard("The case as it is", middle_words, f"M USD, {sweep.costs_are}"))
    else:
        found.append(SweepCard("The case as it is", "no plan", str(base["status"])))
    for column, name in OUTCOMES.items():
        values = sweep.plans[column]
        ends = (float(values.min()), float(values.max()))
        low, high = money(*ends) if solved else ("none", "none")
        text = low if low == high else f"{low} to {high}"
        found.append(SweepCard(name, text, "M USD, over all points with a plan"))
    return found


class SweepSummary:
    """Lays the first page out."""

    def __init__(self, book: xlsxwriter.Workbook, formats: Formats, sweep: Sweep) -> None:
        self.book, self.formats, self.sweep = book, formats, sweep
        self.sheet: Any = book.add_worksheet(SHEET)
        self.end = BODY

    def write(self, info: SweepInfo, says: Sequence[str], chart: Any | None, matrix: Matrix | None) -> None:
        """`chart` or `matrix` is the key picture; neither where no point has a plan."""
        self.grid()
        self.band(info)
        self.cards(sweep_cards(self.sweep, info))
        rows = ROWS
        if matrix is not None:
            rows = self.matrix(matrix)
        elif chart is not None:
            chart.set_size({"width": (SIDE - 2) * int(CELL * 7 + 5) + 40, "height": ROWS * ROW_PIXELS - 8})
            chart.set_chartarea({"border": {"color": LINE}, "fill": {"color": WHITE}})
            self.sheet.insert_chart(BODY, 1, chart, {"object_position": 2})
        else:
            look = self.formats.get(italic=True, font_color=GREY)
            self.sheet.write_string(BODY + 1, 1, "There is no chart: too few points have a plan.", look)
        rows = max(rows if chart is not None or matrix is not None else 0, self.findings(says))
        top = self.varied(BODY + rows + 1)
        self.end = self.lost(top + 1)
        self.sheet.print_area(0, 0, self.end, COLUMNS + 1)

    def grid(self) -> None:
        """Widths and heights of the page."""
        sheet = self.sheet
        sheet.set_column(1, COLUMNS, CELL)
        for c in (0, COLUMNS + 1):
            sheet.set_column(c, c, GAP)
        for row, height in {
            BAND: 32,
            UNDER: 18,
            UNDER + 1: 18,
            CARDS: 16,
            CARDS + 1: 30,
            CARDS + 2: 16,
            CARDS + 3: 10,
            BODY - 1: 4,
        }.items():
            sheet.set_row(row, height)
        set_first(sheet)

    def band(self, info: SweepInfo) -> None:
        """Title, case, date and the way to the other sheets."""
        get, sweep, last = self.formats.get, self.sweep, COLUMNS + 1
        what = f"{len(sweep.variations)} number{'s' if len(sweep.variations) != 1 else ''} varied"
        title = f"{TITLES.get(str(sweep.kind), str(sweep.kind))}: {what}"
        under = f"{sweep.case.name or 'case'}   \u00b7   {info.when:%d %B %Y}   \u00b7   costs are {sweep.costs_are}, in M USD of {sweep.case.price_year}"
        for row, size, bold, text in ((BAND, 20, True, title), (UNDER, 10, False, under)):
            self.sheet.merge_range(row, 0, row, last, "", get(bg_color=NAVY))
            self.sheet.write_string(row, 0, text, get(bg_color=NAVY, font_color=WHITE, font_size=size, bold=bold, indent=1))
        link = get(font_color=BLUE, underline=1, align="right")
        self.sheet.merge_range(UNDER + 1, last - 3, UNDER + 1, last - 1, "", link)
        self.sheet.write_url(UNDER + 1, last - 3, f"internal:'{CONTENTS}'!A1", link, "All sheets")

    def cards(self, found: Sequence[SweepCard]) -> None:
        """The figures in large, side by side."""
        widths = [3, 3, 4, 4, 4]
        first = 1
        for number, (card, width) in enumerate(zip(found, widths, strict=True)):
            last = first + width - 1
            colour = {"bg_color": PALE, "left": 5, "left_color": BLUE if number % 2 == 0 else TEAL, "indent": 1}
            size = 20 if len(card.value) < 13 else 15
            for row, text, options in (
                (CARDS, card.label, {"font_color": GREY, "font_size": 9}),
                (CARDS + 1, card.value, {"font_color": NAVY, "font_size": size, "bold": True}),
                (CARDS + 2, card.note, {"font_color": GREY, "font_size": 8}),
            ):
                look = self.formats.get(**colour, **options)
                self.sheet.merge_range(row, first, row, last, "", look)
                self.sheet.write_string(row, first, text, look)
            first = last + 1

    def findings(self, says: Sequence[str]) -> int:
        """Sentences below each other, each over as many rows as it needs; returns the rows used."""
        get, top = self.formats.get, BODY
        line = {"bottom": 2, "bottom_color": NAVY}
        for c in range(SIDE, COLUMNS + 1):
            self.sheet.write_blank(top, c, None, get(**line))
        self.sheet.write_string(top, SIDE, "What the points say", get(bold=True, font_size=12, font_color=NAVY, **line))
        row = top + 1
        for sentence in says:
            rows = max(2, -(-len(sentence) // LETTERS))
            look = get(text_wrap=True, valign="vcenter", bottom=4, bottom_color=LINE, font_color=INK, indent=0)
            self.sheet.merge_range(row, SIDE, row + rows - 1, COLUMNS, "", look)
            self.sheet.write_string(row, SIDE, sentence, look)
            row += rows
        return row - top

    def matrix(self, matrix: Matrix) -> int:
        """The cost as coloured cells, where it fits beside the findings; returns the rows used."""
        get, top, left = self.formats.get, BODY, 1
        numbers, down, across = matrix.of("objective"), matrix.axis_words(0), matrix.axis_words(1)
        shown = amount_format(decimals_for(numbers))
        line = {"bottom": 2, "bottom_color": NAVY}
        for c in range(left, SIDE - 1):
            self.sheet.write_blank(top, c, None, get(**line))
        self.sheet.write_string(top, left, "Cost, M USD", get(bold=True, font_size=12, font_color=NAVY, **line))
        small = {"font_size": 9, "font_color": GREY}
        self.sheet.write_string(top + 1, left, f"Down: {short(matrix.name(0), 44)}. Across: {short(matrix.name(1), 44)}.", get(**small))
        head = {"bold": True, "bg_color": PALE, "align": "center", "font_size": 9}
        self.sheet.write_blank(top + 2, left, None, get(**head))
        for c, text in enumerate(across):
            self.sheet.write_string(top + 2, left + 1 + c, text, get(**head))
        for r, text in enumerate(down):
            self.sheet.write_string(top + 3 + r, left, text, get(**head))
            for c, value in enumerate(numbers[r].tolist()):
                edge = {"border": 2, "border_color": INK} if matrix.as_is == (r, c) else {"border": 1, "border_color": WHITE}
                if value == value:
                    self.sheet.write_number(top + 3 + r, left + 1 + c, value, get(num_format=shown, font_size=9, align="center", **edge))
                else:
                    status = str(matrix.statuses[r, c]) or "not solved"
                    self.sheet.write_string(top + 3 + r, left + 1 + c, status, get(**edge, **small | {"font_size": 8}, align="center"))
        scale = {"type": "3_color_scale", "min_color": "#63BE7B", "mid_color": "#FFF7D6", "max_color": "#F2756B"}
        self.sheet.conditional_format(top + 3, left + 1, top + 2 + len(down), left + len(across), scale)
        if matrix.as_is:
            self.sheet.write_string(top + 4 + len(down), left, "Framed: the case as it is.", get(**small))
        return 5 + len(down)

    def varied(self, top: int) -> int:
        """What varied, over what, and what stands in the case; returns the row below."""
        places = {0: "What was varied", 7: "Values or distribution", 13: "In the case"}
        self.heading(top, places)
        sweep = self.sweep
        for row, (name, variation) in enumerate(list(zip(sweep.names, sweep.variations, strict=True))[:VARIED], top + 1):
            cells = {0: short(name, 62), 7: short(values_words(variation), 56), 13: base_words(variation, sweep.case)}
            for c in range(COLUMNS):
                self.sheet.write_blank(row, 1 + c, None, self.formats.get(bottom=4, bottom_color=LINE))
            for c, text in cells.items():
                self.sheet.write_string(row, 1 + c, text, self.formats.get(bottom=4, bottom_color=LINE))
        used = top + 1 + min(VARIED, len(sweep.names))
        if len(sweep.names) > VARIED:
            more = f"{len(sweep.names) - VARIED} more in sheet 'What varied'"
            self.sheet.write_string(used, 1, more, self.formats.get(font_size=9, font_color=GREY))
            used += 1
        return used

    def heading(self, row: int, places: dict[int, str]) -> None:
        """A line of headings, by their columns from the left margin."""
        line = {"bottom": 2, "bottom_color": NAVY}
        self.sheet.set_row(row, 20)
        for c in range(COLUMNS):
            self.sheet.write_blank(row, 1 + c, None, self.formats.get(**line))
        for c, text in places.items():
            look = {"font_size": 12, "font_color": NAVY} if c == 0 else {"font_size": 9, "font_color": GREY}
            self.sheet.write_string(row, 1 + c, text, self.formats.get(bold=c == 0, valign="bottom", **look, **line))

    def lost(self, top: int) -> int:
        """Points without a plan, and why; returns the row below."""
        found = reasons(self.sweep)
        if not found:
            return top - 1
        self.heading(top, {0: "Points without a plan", 3: "Points", 5: "Why"})
        for row, (status, message, count, which) in enumerate(found[:REASONS], top + 1):
            paint = {"bg_color": FAIR[0], "font_color": FAIR[1]}
            self.sheet.merge_range(row, 1, row, 2, "", self.formats.get(**paint))
            self.sheet.write_string(row, 1, status, self.formats.get(**paint))
            self.sheet.write_number(row, 4, count, self.formats.get(num_format="#,##0", align="left"))
            self.sheet.write_string(row, 6, short(f"{message}: {which}", 150), self.formats.get())
        if len(found) > REASONS:
            count = sum(count for _, _, count, _ in found[REASONS:])
            more = f"{count} more for {len(found) - REASONS} other reason{'s' if len(found) > REASONS + 1 else ''}, in sheet 'Points'"
            self.sheet.write_string(top + 1 + REASONS, 6, more, self.formats.get(font_size=9, font_color=GREY))
            return top + 2 + REASONS
        return top + 1 + len(found)
