"""Schema -> workbook: headings with prompts, units, drop-downs that grow with their lists, and a guide."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from inputs.cells import PLAIN_NUMBER
from inputs.countries import COUNTRIES
from inputs.grid import Bad, Cell, Grid
from inputs.schema import (
    BY_NAME,
    EVERY,
    FIRST_ROW,
    FREE_COLUMNS,
    HEADER_ROW,
    OWN_PREFIX,
    SCHEMA_VERSION,
    SETTINGS,
    SETTINGS_COLUMNS,
    SETTINGS_FIRST_ROW,
    SHEETS,
    SWEEPS,
    UNITS_ROW,
    Column,
    Kind,
    Sheet,
)

GUIDE = f"{OWN_PREFIX}Guide"
LISTS = f"{OWN_PREFIX}lists"
LAST_ROW = 2000
"""Drop-downs and checks reach this row."""

FREE_TEXTS = {
    "source": "Where the figures of the row come from.",
    "confidence": "How good they are: read, read_secondary, calculated, estimate or memory.",
    "note": "Anything worth knowing about the row.",
}
NAVY, BLUE, GREY, PALE, INK = "#1F3A5F", "#2E75B6", "#7F8C9A", "#F2F5F9", "#222222"
HEADERS = {"key": NAVY, "required": BLUE, "optional": GREY}
HEADER_TEXTS = {
    "key": "Key: names the row; each must be the only one.",
    "required": "Required: fill it in every row.",
    "optional": "Optional: an empty cell stands for the default, which the heading's prompt gives.",
}
CREATED = datetime.datetime(2026, 1, 1)
"""A fixed date of creation, so that the same case gives the same file."""


def write_case(path: Path, grids: Mapping[str, Grid]) -> None:
    """Write the workbook of a case from its grids (as `inputs.grid` reads them); sheets without a grid are empty."""
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        book.set_properties({"title": "stockpile case", "created": CREATED})
        book.set_custom_property("stockpile schema version", SCHEMA_VERSION, "number_int")
        styles = Styles(book)
        Guide(book, styles).write()
        for sheet in SHEETS:
            writer = SettingsWriter(book, styles) if sheet.name == SETTINGS else SheetWriter(book, styles, sheet)
            writer.write(grids.get(sheet.name, []))
        write_lists(book)
        define_lists(book)


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


def place_of(column: Column) -> str:
    """The kind of heading of a column: key, required or optional."""
    return "key" if column.key else "required" if column.required else "optional"


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


@dataclass
class SheetWriter:
    """One sheet of the schema: headings, units, rows, and checks on the cells to be filled."""

    book: xlsxwriter.Workbook
    styles: Styles
    sheet: Sheet

    def write(self, grid: Grid) -> None:
        """The sheet with the rows of a grid, headings, units and validation."""
        target = self.book.add_worksheet(self.sheet.name)
        columns = [c.name for c in self.sheet] + self.free(grid)
        places = {str(cell).strip(): c for c, cell in enumerate(grid[0])} if grid else {}
        rows = [[cell_at(row, places.get(name)) for name in columns] for row in grid[FIRST_ROW - 1 :]]
        units = [cell_at(grid[UNITS_ROW - 1], places.get(name)) if len(grid) >= UNITS_ROW else None for name in columns]
        for c, name in enumerate(columns):
            column = next((k for k in self.sheet if k.name == name), None)
            self.head(target, c, name, column, units[c])
            texts = [name, *(str(row[c]) for row in rows if row[c] is not None)]
            target.set_column(c, c, min(60 if column is None else 34, max(map(len, texts)) + 3), self.styles.cell)
            if column:
                self.guard(target, c, column)
        for r, row in enumerate(rows, start=FIRST_ROW - 1):
            for c, value in enumerate(row):
                write_cell(target, r, c, value, self.sheet.column(columns[c]) if c < len(self.sheet.columns) else None)
        target.freeze_panes(UNITS_ROW, max(1, len(self.sheet.key)))
        target.set_landscape()
        target.fit_to_pages(1, 0)
        target.repeat_rows(0, UNITS_ROW - 1)
        target.print_area(
            0, 0, max(UNITS_ROW, len(rows) + UNITS_ROW - 1), len(self.sheet.columns) - 1
        )  # sources and notes are for the screen
        target.set_tab_color(NAVY if self.sheet.rows_required else GREY if self.sheet.optional else BLUE)

    def free(self, grid: Grid) -> list[str]:
        """The free columns to write."""
        given = {str(cell).strip() for cell in grid[0] if cell is not None} if grid else set()
        return [name for name in FREE_COLUMNS if name in given or name != "confidence"]

    def head(self, target: Any, c: int, name: str, column: Column | None, unit: Cell) -> None:
        """The heading and unit of a column, with the text that shows when it is selected."""
        style = self.styles.header[place_of(column)] if column else self.styles.free
        target.write_string(HEADER_ROW - 1, c, name, style)
        target.write_string(UNITS_ROW - 1, c, str(unit or (column.unit if column else "")), self.styles.unit)
        message = prompt(column) if column else FREE_TEXTS[name]
        target.data_validation(
            HEADER_ROW - 1, c, HEADER_ROW - 1, c, {"validate": "any", "input_title": name[:32], "input_message": message}
        )

    def guard(self, target: Any, c: int, column: Column) -> None:
        """The validation of a column's cells."""
        rule = validation(column, FIRST_ROW, c)
        if rule:
            target.data_validation(FIRST_ROW - 1, c, LAST_ROW - 1, c, rule)


@dataclass
class SettingsWriter:
    """The settings: one row each, all of them, with the default where the case has none."""

    book: xlsxwriter.Workbook
    styles: Styles

    def write(self, grid: Grid) -> None:
        """The sheet with a row for each setting."""
        target = self.book.add_worksheet(SETTINGS)
        places = {str(cell).strip(): c for c, cell in enumerate(grid[0])} if grid else {}
        given = {str(cell_at(row, places.get("name"))): row for row in grid[SETTINGS_FIRST_ROW - 1 :]}
        free = [name for name in FREE_COLUMNS if name in places or name != "confidence"]
        for c, name in enumerate([*SETTINGS_COLUMNS, *free]):
            target.write_string(0, c, name, self.styles.header["key" if c == 0 else "required"] if c < 2 else self.styles.free)
        for r, column in enumerate(BY_NAME[SETTINGS], start=SETTINGS_FIRST_ROW - 1):
            row = given.get(column.name, [])
            value = cell_at(row, places.get("value"))
            unit = cell_at(row, places.get("unit"))
            target.write_string(r, 0, column.name, self.styles.bold)
            write_cell(target, r, 1, start_value(column) if value is None else value, column)
            target.write_string(r, 2, str(unit or column.unit), self.styles.unit)
            empty = "" if column.required else f" Empty = {column.default_text}."
            target.write_string(r, 3, column.text + empty, self.styles.cell)
            for c, name in enumerate(free, start=len(SETTINGS_COLUMNS)):
                write_cell(target, r, c, cell_at(row, places.get(name)), None)
            rule = validation(column, r + 1, 1)
            target.data_validation(
                r, 1, r, 1, {**(rule or {"validate": "any"}), "input_title": column.name[:32], "input_message": prompt(column)}
            )
        for c, width in enumerate((18, 18, 10, 90, 50, 50, 50)):
            target.set_column(c, c, width)
        target.freeze_panes(1, 1)
        target.set_landscape()
        target.fit_to_pages(1, 0)
        target.set_tab_color(NAVY)


def start_value(column: Column) -> Cell:
    """What a new workbook shows for a setting: its default, nothing where that is 'none' or the planner's to say."""
    if isinstance(column.default, float) and not math.isfinite(column.default):
        return None
    return column.default


def write_cell(target: Any, r: int, c: int, value: Cell, column: Column | None) -> None:
    """A cell as the planner would type it: numbers as numbers, flags as yes or no, texts as texts."""
    if value is None:
        return
    if isinstance(value, Bad):
        target.write_string(r, c, value.text)
    elif isinstance(value, bool):
        target.write_string(r, c, "yes" if value else "no")
    elif isinstance(value, int | float):
        target.write_number(r, c, value)
    elif column is not None and column.numeric and PLAIN_NUMBER.fullmatch(str(value).strip()):
        target.write_number(r, c, float(str(value)))
    else:
        target.write_string(r, c, str(value))


def cell_at(row: Sequence[Cell], place: int | None) -> Cell:
    """The cell at a place of a row, None if there is none."""
    return row[place] if place is not None and place < len(row) else None


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
        own_names = bool(column.suggestions) or members in ("countries", "kinds") or column.every
        return {"validate": "list", "source": f"=list_{members}", **({"show_error": False} if own_names else stop)}
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
    if sheet.name != SWEEPS
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


ORDER = (
    (SETTINGS, "Set the first year, the horizon and the home country."),
    ("materials", "List every material at each stage that matters: feeds, oxides, metals, magnets."),
    ("sectors", "Say who must stay covered, how well and for how long."),
    ("demand", "Give each sector's yearly demand of each material."),
    ("supply", "List who sells, how much, at what price; and what the stockpile itself can buy."),
    ("plants", "List plants, standing and proposed; then how they run (modes) and what they use and make (recipes)."),
    ("cutoffs", "Name the interruptions to be ready for; then how long they may last (durations) and what they take (losses)."),
    ("surges", "Only where you need them: surges, thrift, sweeps, and the policy sheets budget, share_caps, floors and capacity_floors."),
)


@dataclass
class Guide:
    """The first sheet: what to fill in which order, what each sheet is for, and what the colours mean."""

    book: xlsxwriter.Workbook
    styles: Styles

    def write(self) -> None:
        """The sheet that says how to fill in the others."""
        target = self.book.add_worksheet(GUIDE)
        target.hide_gridlines(2)
        target.set_column(0, 0, 20)
        target.set_column(1, 1, 110)
        target.set_row(0, 30)
        target.write_string(0, 0, "stockpile: your case", self.styles.title)
        target.write_string(
            1,
            0,
            "How much to hold of each material, and which plants to order and when, so that each sector stays covered when supply is cut.",
        )
        row = self.block(target, 3, "Fill in, in this order", [(f"{i}. {sheet}", sheet, text) for i, (sheet, text) in enumerate(ORDER, 1)])
        row = self.block(
            target,
            row,
            "Then, at the command line",
            [
                ("stockpile check", "", "finds every mistake at once and names its cell; this workbook is never written to."),
                ("stockpile plan", "", "writes the finished plan to a new workbook beside this one; its first sheet is the summary."),
                (
                    "stockpile sweep",
                    "",
                    "plans again and again with other numbers, those of the sheet sweeps or of --vary, and says what matters.",
                ),
            ],
        )
        row = self.colours(target, row)
        row = self.block(
            target,
            row,
            "The sheets",
            [(sheet.name, sheet.name, sheet.text + (" May be left out." if sheet.optional else "")) for sheet in SHEETS],
        )
        self.block(target, row, "Good to know", [("", "", text) for text in self.rules()])
        target.set_landscape()
        target.fit_to_pages(1, 1)
        target.activate()

    @staticmethod
    def rules() -> list[str]:
        """What holds for every sheet, a sentence each."""
        return [
            f"Row {HEADER_ROW} of a sheet holds the names of the columns, row {UNITS_ROW} the units; the data start in row {FIRST_ROW}. Select a heading to read what it is.",
            "Write any unit that converts in the units row (kg, lb, kt, short_ton, USD/t, USD/lb, kUSD, %, month, yr): the numbers below it are converted.",
            "Numbers are plain: 0.25 or, under the unit %, 25, but not '25 %'; 1200, not 1,200. An empty cell stands for the default.",
            f"'{EVERY}' in a column that takes it stands for every member.",
            f"Sheets and columns whose names begin with '{OWN_PREFIX}' are your own and are not read. Columns named {', '.join(FREE_COLUMNS)} are kept with their rows.",
            f"Layout version {SCHEMA_VERSION}.",
        ]

    def block(self, target: Any, row: int, heading: str, lines: Sequence[tuple[str, str, str]]) -> int:
        """A heading and its lines (label, sheet it links to, text); the row after them."""
        target.write_string(row, 0, heading, self.styles.heading)
        target.write_string(row, 1, "", self.styles.heading)
        for r, (label, sheet, text) in enumerate(lines, start=row + 1):
            if sheet:
                target.write_url(r, 0, f"internal:'{sheet}'!A1", self.styles.link, label)
            elif label:
                target.write_string(r, 0, label, self.styles.bold)
            target.write_string(r, 1, text, self.styles.text)
        return row + len(lines) + 2

    def colours(self, target: Any, row: int) -> int:
        """The colours of headings and what they mean; the next free row."""
        target.write_string(row, 0, "Colours of the headings", self.styles.heading)
        target.write_string(row, 1, "", self.styles.heading)
        for r, (kind, text) in enumerate(HEADER_TEXTS.items(), start=row + 1):
            target.write_string(r, 0, kind, self.styles.header[kind])
            target.write_string(r, 1, text, self.styles.text)
        return row + len(HEADER_TEXTS) + 2
