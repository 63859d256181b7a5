"""The page of a material: choose one in the yellow cell, and its figures, charts and sources follow."""

from __future__ import annotations

from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from outputs.excel.charts import line_chart, small, title_of, value_axis
from outputs.excel.layout import CONTENTS
from outputs.excel.material_data import DATA, FIGURES, NAME, OFFSET, PAGE, TOP, VALUES, Page, text_column
from outputs.excel.paper import set_print
from outputs.excel.sheet import colour_share
from outputs.excel.styles import BLUE, FORMATS, GREY, LINE, LIVE, NAVY, PALE, SOURCES, TEAL, WHITE, Formats, show_live
from outputs.excel.waterfall import waterfall_chart
from outputs.tables.material import FILLERS, NAMED, SLOTS
from outputs.tables.table import Style
from outputs.tables.units import PRICE, RATE, TONNE
from outputs.tables.waterfall import STEPS

WIDE, PANELS, CELL = 6, 3, 7.9
"""Three panels of so many columns, with one between them; all columns are so many characters wide."""

BAND, UNDER, PICK, CARDS, CHARTS, TABLES = 0, 1, 3, 5, 9, 22
CHART_PIXELS, PIXELS, FALL_ROWS = 252, 60, 14
LAST = PANELS * (WIDE + 1) - 1
CHOSEN_COLUMN = 3
CHOSEN = f"'{PAGE}'!${xl_col_to_name(CHOSEN_COLUMN)}${PICK + 1}"
LABELS = 5
"""Columns to the left of the first number of the tables below."""

YELLOW = "#FFF7D1"
LEGEND = "\u25a0"


def start(panel: int) -> int:
    """The first column of a panel."""
    return 1 + panel * (WIDE + 1)


class MaterialSheet:
    """Lays the page out; every cell that follows the selector is a formula with its value for the first material."""

    def __init__(self, book: xlsxwriter.Workbook, formats: Formats, page: Page) -> None:
        self.book, self.get, self.page = book, formats.get, page
        self.formats = formats
        self.sheet: Any = book.add_worksheet(PAGE)
        self.block = page.blocks[0]
        self.at = self.block.at
        self.last = TOP + len(page.blocks) * len(self.block.rows)
        self.text = text_column(page)
        self.fall = TABLES + 2 + max(2 * page.sectors, NAMED + 3, len(FILLERS) + 5)
        self.tables = self.fall + (FALL_ROWS if page.studied else 0)
        self.grid = {
            "stock": self.tables + 2,
            "peace": self.tables + 6,
            "cutoff": self.tables + 9 + SLOTS,
            "fall": self.tables + 12 + 2 * SLOTS,
        }

    def write(self) -> None:
        """Write the whole page."""
        self.columns()
        self.band()
        self.cards()
        self.coverage()
        self.sources()
        self.numbers()
        self.charts()
        if self.page.studied:
            self.why()

    def follow(self, row: int, c: int, part: str, offset: int, place: int, look: Any, beside: int | None = None) -> None:
        """A cell that shows a value of the chosen material's block: `place` from 0, -1 the name, -2 the sentence.

        With `beside`, a column of the row, it is blank where that one is.
        """
        line = self.at[part] + offset
        of = self.block.rows[line]
        column = NAME if place == -1 else self.text if place == -2 else VALUES + place
        value: Any = of.name if place == -1 else of.text if place == -2 else of.values[place] if place < len(of.values) else 0
        if beside is not None and not of.name:
            value = ""
        name = xl_col_to_name(column)
        as_text = '&""' if place < 0 or part == "notes" else ""
        formula = f"INDEX('{DATA}'!${name}${TOP + 1}:${name}${self.last},{OFFSET}+{line + 1}){as_text}"
        guarded = formula if beside is None else f'IF({xl_rowcol_to_cell(row, beside)}="","",{formula})'
        self.sheet.write_formula(row, c, f"={guarded}", look, "\u2013" if value != value else value)

    def columns(self) -> None:
        """Widths, heights and the printed page."""
        sheet = self.sheet
        width = max(LAST, LABELS + max(len(self.page.periods), len(self.page.years), len(self.page.months)))
        sheet.set_column(0, 0, 1.6)
        sheet.set_column(1, width, CELL)
        heights = {BAND: 32, UNDER: 18, UNDER + 1: 6, PICK: 24, PICK + 1: 8, CARDS: 16, CARDS + 1: 30, CARDS + 2: 16, CARDS + 3: 8}
        for row, height in heights.items():
            sheet.set_row(row, height)
        sheet.hide_gridlines(2)
        sheet.set_tab_color(BLUE)
        set_print(sheet)
        sheet.fit_to_pages(1, 1)
        sheet.center_horizontally()
        sheet.print_area(0, 0, self.tables - 1, LAST)

    def band(self) -> None:
        """The title, and the cell in which a material is chosen."""
        get, sheet = self.get, self.sheet
        said = f"Choose a material in the yellow cell: everything on this page follows. The numbers are those of the other sheets (kept in the hidden sheet '{DATA}')."
        for row, size, bold, text in ((BAND, 20, True, self.page.title), (UNDER, 10, False, said)):
            sheet.merge_range(row, 0, row, LAST, "", get(bg_color=NAVY))
            sheet.write_string(row, 0, text, get(bg_color=NAVY, font_color=WHITE, font_size=size, bold=bold, indent=1))
        sheet.write_string(PICK, 1, "Material", get(font_size=12, bold=True, font_color=NAVY))
        yellow = get(bg_color=YELLOW, border=1, border_color=GREY, font_size=14, bold=True, font_color=NAVY, indent=1)
        sheet.merge_range(PICK, CHOSEN_COLUMN, PICK, WIDE, "", yellow)
        sheet.write_string(PICK, CHOSEN_COLUMN, self.block.material, yellow)
        count = len(self.page.blocks)
        sheet.data_validation(PICK, CHOSEN_COLUMN, PICK, CHOSEN_COLUMN, {
            "validate": "list", "source": f"='{DATA}'!$A${TOP + 1}:$A${TOP + count}",
            "input_title": "Material", "input_message": "Choose a material from the list.",
            "error_title": "No such material", "error_message": "Choose a material from the list.",
        })  # fmt: skip
        sheet.merge_range(PICK, start(1), PICK, LAST - 2, "", get())
        self.follow(PICK, start(1), "figures", 0, -2, get(font_size=12, bold=True, font_color=NAVY))
        link = get(font_color=BLUE, underline=1, align="right")
        sheet.merge_range(PICK, LAST - 1, PICK, LAST, "", link)
        sheet.write_url(PICK, LAST - 1, f"internal:'{CONTENTS}'!A1", link, CONTENTS)

    def cards(self) -> None:
        """The figures of the material."""
        units = self.page.units
        labels = (
            f"Target stock, {units[TONNE]}", "Target, months of demand", "Target, months of the gap",
            "Value, M USD", f"Price, {units[PRICE]}", f"Demand, {units[RATE]}",
        )  # fmt: skip
        for number, (label, style) in enumerate(zip(labels, FIGURES.values(), strict=True)):
            first = start(number // 2) + number % 2 * WIDE // 2
            last = first + WIDE // 2 - 1
            colour = {"bg_color": PALE, "left": 5, "left_color": BLUE if number % 2 == 0 else TEAL, "indent": 1}
            looks = (
                {"font_color": GREY, "font_size": 9},
                {"font_color": NAVY, "font_size": 20, "bold": True, "align": "left", "num_format": FORMATS.get(style, LIVE)},
                {"font_color": GREY, "font_size": 8},
            )
            for row, look in enumerate(looks):
                self.sheet.merge_range(CARDS + row, first, CARDS + row, last, "", self.get(**colour, **look))
            self.sheet.write_string(CARDS, first, label, self.get(**colour, **looks[0]))
            self.follow(CARDS + 1, first, "figures", 0, number, self.get(**colour, **looks[1]))
            self.follow(CARDS + 2, first, "notes", 0, number, self.get(**colour, **looks[2]))
            if style is Style.AMOUNT:
                show_live(self.sheet, self.formats, (CARDS + 1, first), (CARDS + 1, first))

    def heading(self, panel: int, title: str, names: dict[int, str]) -> None:
        """The title of a panel, and the names of its columns."""
        first = start(panel)
        self.sheet.set_row(TABLES, 20)
        for c in range(WIDE):
            self.sheet.write_blank(TABLES, first + c, None, self.get(bottom=2, bottom_color=NAVY))
            self.sheet.write_blank(TABLES + 1, first + c, None, self.get(bottom=1, bottom_color=LINE))
        self.sheet.write_string(TABLES, first, title, self.get(bold=True, font_size=12, font_color=NAVY, bottom=2, bottom_color=NAVY))
        for c, name in names.items():
            side = "left" if c == 0 else "right"
            self.sheet.write_string(
                TABLES + 1, first + c, name, self.get(font_size=9, font_color=GREY, bottom=1, bottom_color=LINE, align=side)
            )

    def coverage(self) -> None:
        """Sectors with what is required and reached, and below each its tightest protected cutoff."""
        self.heading(0, "Coverage in protected cutoffs", {0: "Sector", 4: "required", 5: "reached"})
        share, grey = self.get(num_format="0.0%", align="right"), self.get(font_size=9, font_color=GREY)
        for i in range(self.page.sectors):
            row = TABLES + 2 + 2 * i
            self.follow(row, start(0), "sector", i, -1, self.get())
            self.follow(row + 1, start(0), "sector", i, -2, grey)
            for c in (0, 1):
                self.follow(row, start(0) + 4 + c, "sector", i, c, share, beside=start(0))
            colour_share(self.sheet, self.formats, (row, start(0) + 5), (row, start(0) + 4), (row + 1, start(0)))

    def sources(self) -> None:
        """The legend of both charts of sources, with t a year in peace and in the worst cutoff; and what the sources add up to."""
        units = {4: "peace, t/yr", 5: "cutoff, t/yr"}
        self.heading(1, "Offers and plants", {0: "On average over peace and over the worst cutoff"} | units)
        self.heading(2, "What fills the gap, and where all goes", {0: "Sources add up to uses"} | units)
        for slot in range(NAMED + 1):
            self.source(1, slot, "source", slot, SOURCES[slot])
        for panel in (1, 2):
            show_live(self.sheet, self.formats, (TABLES + 2, start(panel) + 4), (TABLES + 2 + NAMED + 3, start(panel) + 5))
        for i in range(len(FILLERS)):
            self.source(2, i, "source", NAMED + 1 + i, SOURCES[NAMED + 1 + i])
        for i in range(3):
            self.source(2, len(FILLERS) + i, "use", i, "")

    def source(self, panel: int, line: int, part: str, offset: int, colour: str) -> None:
        """A line of a panel of sources, which follows the chosen material."""
        row, first = TABLES + 2 + line, start(panel)
        top = {"top": 1, "top_color": LINE} if part == "use" and offset == 0 else {}
        name = xl_rowcol_to_cell(row, first)
        if colour:
            shown = LEGEND if self.block.rows[self.at[part] + offset].name else ""
            swatch = self.get(font_color=colour, font_size=14, align="right")
            self.sheet.write_formula(row, first - 1, f'=IF({name}="","","{LEGEND}")', swatch, shown)
        for c in range(1, 4):
            self.sheet.write_blank(row, first + c, None, self.get(**top))
        self.follow(row, first, part, offset, -1, self.get(**top))
        for c in (0, 1):
            self.follow(row, first + 4 + c, part, offset, c, self.get(**top, num_format=LIVE, align="right"), beside=first)

    def numbers(self) -> None:
        """What the charts show, in full precision, below the page."""
        page, years = self.page, len(self.page.years)
        units = page.units[TONNE]
        self.sheet.write_string(self.tables + 1, 1, "The numbers behind the charts", self.get(bold=True, font_size=12, font_color=NAVY))
        stocks = [("stock", 0), ("target", 0)]
        self.series("stock", f"Stock in peace, {units}, at the end of", page.periods, stocks, 0)
        flows = [*(("source", slot) for slot in range(SLOTS)), ("use", 0)]
        self.series("peace", "Sources in peace, t, in", page.years, flows, 2)
        if page.months:
            self.series("cutoff", "Sources in the worst cutoff, t, in the months up to", page.months, flows, 2 + years)

    def series(self, grid: str, title: str, heads: tuple[Any, ...], rows: list[tuple[str, int]], place: int) -> None:
        """A table below: its headings, then a row for each part of the block, from its value at `place` on."""
        top = self.grid[grid]
        head = {"bold": True, "font_size": 9, "font_color": WHITE, "bg_color": NAVY}
        for c in range(1, LABELS):
            self.sheet.write_blank(top, c, None, self.get(**head))
        self.sheet.write_string(top, 1, title, self.get(**head))
        for c, name in enumerate(heads):
            write = self.sheet.write_string if isinstance(name, str) else self.sheet.write_number
            write(top, LABELS + c, name, self.get(**head, align="right"))
        shown = self.get(num_format=LIVE)
        show_live(self.sheet, self.formats, (top + 1, LABELS), (top + len(rows), LABELS + len(heads) - 1))
        for r, (part, offset) in enumerate(rows, start=1):
            self.follow(top + r, 1, part, offset, -1, self.get(font_size=9))
            for c in range(len(heads)):
                self.follow(top + r, LABELS + c, part, offset, place + c, shown)

    def charts(self) -> None:
        """A chart below each panel."""
        page = self.page
        stock = self.chart("stock", f"Stock in peace, {page.units[TONNE]}", "end of; dotted: the target", [BLUE], len(page.periods), None)
        stock.set_legend({"none": True})
        self.place(0, stock)
        self.place(1, self.chart("peace", "Sources in peace, t", "dotted: needed by sectors and plants", SOURCES, len(page.years), SLOTS))
        if page.months:
            title = "Sources in the worst protected cutoff, t"
            self.place(2, self.chart("cutoff", title, "months into the cutoff; dotted: needed", SOURCES, len(page.months), SLOTS))
        else:
            self.sheet.write_string(
                CHARTS, start(2), "No material lacks anything in a protected cutoff.", self.get(italic=True, font_color=GREY)
            )

    def chart(self, grid: str, title: str, axis: str, colours: Any, count: int, line: int | None) -> Any:
        """Stacked columns of the rows of a table below, and its last row as a line."""
        top = self.grid[grid]
        chart, over = self.book.add_chart({"type": "column", "subtype": "stacked"}), line_chart(self.book)
        for r, colour in enumerate(colours, start=1):
            chart.add_series(self.values(top, r, count) | {"fill": {"color": colour}, "gap": 40})
        last = 1 + (line if line is not None else 1)
        over.add_series(self.values(top, last, count) | {"line": {"color": "#222222", "width": 1.25, "dash_type": "round_dot"}})
        chart.combine(over)
        chart.set_title(title_of(title))
        chart.set_x_axis({"name": axis, "name_font": small(), "num_font": small(), "line": {"color": LINE}})
        chart.set_y_axis({**value_axis(""), "name": "", "min": 0})
        chart.set_legend({"none": True})
        return chart

    def why(self) -> None:
        """Why so much is held, in words and step by step, below the panels; and its numbers below the others."""
        row, units = self.fall, self.page.units[TONNE]
        self.sheet.merge_range(row, 1, row, LAST - 1, "", self.get())
        self.follow(row, 1, "fall", 0, -2, self.get(text_wrap=True, valign="top"))
        self.sheet.set_row(row, 48)
        self.series("fall", f"Why so much, {units}", STEPS, [("fall", offset) for offset in range(4)], 0)
        series = [self.values(self.grid["fall"], offset, len(STEPS)) for offset in range(1, 5)]
        title = f"In the cutoff that the stock is for, {units}: needs, less what arrives, plants make, is saved and may be short, are drawn from stock"
        chart = waterfall_chart(self.book, title, series)
        self.place(0, chart, row + 1, PANELS * WIDE + PANELS - 1)

    def values(self, top: int, row: int, count: int) -> dict[str, Any]:
        """A row of the hidden sheet as the series of a chart."""
        last = LABELS + count - 1
        return {
            "name": [PAGE, top + row, 1],
            "categories": [PAGE, top, LABELS, top, last],
            "values": [PAGE, top + row, LABELS, top + row, last],
        }

    def place(self, panel: int, chart: Any, row: int = CHARTS, columns: int = WIDE) -> None:
        """Put a chart below a panel, or elsewhere."""
        chart.set_size({"width": columns * PIXELS, "height": CHART_PIXELS})
        chart.set_chartarea({"border": {"color": LINE}, "fill": {"color": WHITE}})
        self.sheet.insert_chart(row, start(panel), chart, {"object_position": 2})
