"""Schema -> workbook: the sheets that a planner fills in, empty or with the rows of a case."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from inputs.cells import PLAIN_NUMBER
from inputs.grid import Bad, Cell, Grid
from inputs.guide import Guide
from inputs.schema import (
    BY_NAME,
    FIRST_ROW,
    FREE_COLUMNS,
    HEADER_ROW,
    SCHEMA_VERSION,
    SETTINGS,
    SETTINGS_COLUMNS,
    SETTINGS_FIRST_ROW,
    SHEETS,
    UNITS_ROW,
    VERSION_PROPERTY,
    Column,
    Sheet,
)
from inputs.styles import BLUE, GREY, NAVY, Styles
from inputs.validation import LAST_ROW, define_lists, prompt, validation, write_lists

FREE_TEXTS = {
    "source": "Where the figures of the row come from.",
    "confidence": "How good they are: read, read_secondary, calculated, estimate or memory.",
    "note": "Anything worth knowing about the row.",
}
CREATED = datetime.datetime(2026, 1, 1)
"""A fixed date of creation, so that the same case gives the same file."""


def write_case(path: Path, grids: Mapping[str, Grid]) -> None:
    """Write the workbook of a case from its grids (as `inputs.grid` reads them); sheets without a grid are empty."""
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        book.set_properties({"title": "stockpile case", "created": CREATED})
        book.set_custom_property(VERSION_PROPERTY, SCHEMA_VERSION, "number_int")
        styles = Styles(book)
        Guide(book, styles).write()
        for sheet in SHEETS:
            writer = SettingsWriter(book, styles) if sheet.name == SETTINGS else SheetWriter(book, styles, sheet)
            writer.write(grids.get(sheet.name, []))
        write_lists(book)
        define_lists(book)


def place_of(column: Column) -> str:
    """The kind of heading of a column: key, required or optional."""
    return "key" if column.key else "required" if column.required else "optional"


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
