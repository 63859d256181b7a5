"""Grids to settings and frames in the schema's units, cell by cell; what is wrong is reported, and the next cell is read."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd
from openpyxl.utils import get_column_letter

from inputs import units
from inputs.case import Value, empty_frame, typed_frame
from inputs.cells import CellError, lowered, parse_cell
from inputs.errors import FileError, Finding, Level, did_you_mean, nearest
from inputs.grid import Bad, Cell, Grid, Percent
from inputs.places import Places
from inputs.schema import (
    BY_NAME,
    FIRST_ROW,
    FREE_COLUMNS,
    HEADER_ROW,
    NO_CASES,
    OWN_PREFIX,
    SETTINGS,
    SETTINGS_COLUMNS,
    SETTINGS_FIRST_ROW,
    SHEETS,
    UNITS_ROW,
    Column,
    Kind,
    Sheet,
)

LONG_WORD = re.compile(r"(\S{60})\S{40,}")
"""A word of which a finding shows the beginning alone."""


@dataclass
class Reader:
    """The state of reading one file: its findings, and where each column stands."""

    grids: Mapping[str, Grid]
    findings: list[Finding] = field(default_factory=list)
    places: dict[str, dict[str, int]] = field(default_factory=dict)
    setting_rows: dict[str, int] = field(default_factory=dict)
    units: dict[tuple[str, str], str] = field(default_factory=dict)
    dirty: set[str] = field(default_factory=set)
    """Columns ("sheet.column") with a cell in error: rules that need them are not applied."""

    def report(self, sheet: str, message: str, row: int | None = None, column: str = "", *, cell: str = "", code: str = "layout") -> None:
        """Add a finding; its column is not looked at by later rules."""
        self.findings.append(Finding(sheet, message, row, column, cell=cell, code=code))
        if column:
            self.dirty.add(f"{sheet}.{column}")

    def located(self, finding: Finding) -> Finding:
        """The finding with its cell in the planner's file, and with the beginning alone of words that are too long to be read."""
        finding = replace(finding, message=LONG_WORD.sub(r"\1...", finding.message))
        if finding.cell or not finding.column:
            return finding
        cell = self.layout.cell(finding.sheet, finding.column, finding.row)
        if finding.sheet == SETTINGS:
            return replace(finding, row=self.setting_rows[finding.column], cell=cell) if cell else finding
        return replace(finding, cell=cell)

    @property
    def layout(self) -> Places:
        """Where the columns and settings stand that were read."""
        return Places(self.places, self.setting_rows)

    @staticmethod
    def order(finding: Finding) -> tuple[int, int, int, str]:
        """The key to sort findings by: sheet, row, column."""
        sheets = list(BY_NAME)
        letters = re.sub(r"\d", "", finding.cell)
        return (sheets.index(finding.sheet) if finding.sheet in sheets else -1, finding.row or 0, len(letters), letters)

    def check_sheets(self) -> None:
        """Sheets that are not known, or missing; a FileError of a finished plan or sweep."""
        known = list(BY_NAME)
        for what, sheets in NO_CASES.items():
            if SETTINGS not in self.grids and {*sheets} <= set(self.grids):
                raise FileError(f"{what}, not a case; give the case that it was made from (its name is on the sheet Run).")
        for name in self.grids:
            if name not in BY_NAME and not name.startswith(OWN_PREFIX):
                hint = did_you_mean(name, known) if nearest(name, known) else ""
                self.report(
                    name, f"this sheet is not known{hint or f'; begin its name with {OWN_PREFIX} if it is your own'}{'' if hint else '.'}"
                )
        for sheet in SHEETS:
            if sheet.name not in self.grids and not sheet.optional:
                self.report(sheet.name, f"this sheet is missing; it says: {sheet.text[0].lower()}{sheet.text[1:]}")

    def header(self, sheet: str, grid: Grid, known: Sequence[str]) -> dict[str, int]:
        """Where each known column stands; unknown and doubled headings are reported."""
        places: dict[str, int] = {}
        for c in range(max((len(row) for row in grid), default=0)):
            cell = at_place(grid, HEADER_ROW, c)
            heading = str(cell).strip() if cell is not None else ""
            at = f"{get_column_letter(c + 1)}{HEADER_ROW}"
            if not heading and sheet in BY_NAME and any(at_place(grid, r, c) is not None for r in range(FIRST_ROW, len(grid) + 1)):
                text = f"the values of this column are not read: it has no name in row {HEADER_ROW}."
                self.findings.append(Finding(sheet, text, HEADER_ROW, level=Level.WARNING, cell=at))
            if not heading or heading.startswith(OWN_PREFIX):
                continue
            if heading not in known and heading not in FREE_COLUMNS:
                hint = did_you_mean(heading, known) if nearest(heading, known) else f"; begin its name with {OWN_PREFIX} if it is your own."
                self.report(sheet, f"column '{heading}' is not known{hint}", cell=at)
            elif heading in places:
                self.report(sheet, f"column '{heading}' stands twice; keep one of them.", cell=at)
            else:
                places[heading] = c
        self.places[sheet] = places
        return places

    def read_settings(self) -> tuple[dict[str, Value], dict[str, dict[str, str]]]:
        """The settings in the schema's units, and their sources and notes."""
        sheet = BY_NAME[SETTINGS]
        grid = self.grids.get(SETTINGS, [])
        places = self.header(SETTINGS, grid, SETTINGS_COLUMNS)
        columns = {c.name: c for c in sheet}
        settings: dict[str, Value] = {c.name: c.default for c in sheet if c.default is not None}
        notes: dict[str, dict[str, str]] = {}
        if grid and not {"name", "value"} <= set(places):
            self.report(SETTINGS, "row 1 must have the headings name, value, unit and description.", cell="A1")
        elif grid:
            for row in range(SETTINGS_FIRST_ROW, len(grid) + 1):
                texts = {k: at_place(grid, row, places.get(k)) for k in (*SETTINGS_COLUMNS, *FREE_COLUMNS)}
                name = str(texts["name"] or "").strip()
                if not name:
                    if texts["value"] is not None:
                        at = f"{get_column_letter(places['name'] + 1)}{row}"
                        self.findings.append(
                            Finding(SETTINGS, "this value is not read: it has no name.", row, level=Level.WARNING, cell=at)
                        )
                    continue
                if name not in columns:
                    self.report(
                        SETTINGS,
                        f"setting '{name}' is not known{did_you_mean(name, list(columns)) or '.'}",
                        row,
                        cell=f"{get_column_letter(places['name'] + 1)}{row}",
                    )
                elif name in self.setting_rows:
                    self.report(
                        SETTINGS,
                        f"setting '{name}' stands twice, here and in row {self.setting_rows[name]}; keep one of them.",
                        row,
                        cell=f"{get_column_letter(places['name'] + 1)}{row}",
                    )
                else:
                    self.setting_rows[name] = row
                    factor = self.factor(SETTINGS, columns[name], texts["unit"], f"{get_column_letter(places.get('unit', 0) + 1)}{row}")
                    value = self.value(SETTINGS, columns[name], texts["value"], row, factor)
                    if value is not None:
                        settings[name] = value
                    notes[name] = {k: str(texts[k]) for k in FREE_COLUMNS if texts[k] is not None}
        for name, column in columns.items():
            if grid and column.required and name not in self.setting_rows:
                self.report(SETTINGS, f"setting '{name}' is missing; {lowered(column.text)}", column=name)
        for name in columns:  # after errors the case is not planned with, but the rules still look at it
            if name not in settings:
                settings[name] = "" if columns[name].kind is Kind.MEMBER else math.nan
                self.dirty.add(f"{SETTINGS}.{name}")
        return {c: settings[c] for c in columns}, notes

    def factor(self, sheet: str, column: Column, given: Cell, cell: str) -> float:
        """What converts the file's unit into the schema's; a unit that does not convert is reported."""
        text = str(given).strip() if given is not None else ""
        if text and not column.unit and column.numeric:
            self.report(sheet, f"the units row of {column.name} stays empty; {lowered(column.text)}", cell=cell)
        if not text or text == column.unit or column.unit in ("", "yes/no", "year"):
            if text and text != column.unit and not (column.unit == "" or text in ("year", "yr", "a")):
                self.report(sheet, f"the unit of {column.name} is '{column.unit}', not '{text}'.", cell=cell, code="unit")
            return 1.0
        try:
            factor = units.factor(text, column.unit)
            self.units[sheet, column.name] = text
            return factor
        except units.UnknownUnitError:
            self.report(
                sheet,
                f"the unit '{text}' of {column.name} is not known; write {column.unit}, or a unit that converts to it.",
                cell=cell,
                code="unit",
            )
        except units.WrongDimensionError:
            self.report(sheet, f"the unit '{text}' of {column.name} does not convert to {column.unit}.", cell=cell, code="unit")
        self.dirty.add(f"{sheet}.{column.name}")
        return 1.0

    def read_sheet(self, sheet: Sheet) -> pd.DataFrame:
        """A sheet as a frame in the schema's units, indexed by its rows in Excel."""
        grid = self.grids.get(sheet.name, [])
        places = self.header(sheet.name, grid, [c.name for c in sheet])
        if not grid:
            if sheet.name in self.grids:
                self.report(sheet.name, f"this sheet is empty; row {HEADER_ROW} must hold the column names.")
            if sheet.name in self.grids or not sheet.optional:
                self.dirty.update(f"{sheet.name}.{c.name}" for c in sheet)
            return empty_frame(sheet.name)
        for column in sheet:
            if column.required and column.name not in places:
                self.report(
                    sheet.name, f"column '{column.name}' is missing; {lowered(column.text)}", column=column.name, cell=f"A{HEADER_ROW}"
                )
        first = FIRST_ROW
        if self.units_row_missing(sheet, grid, places):
            advice = f"insert a row below the column names, the data start in row {FIRST_ROW}."
            self.report(sheet.name, f"row {UNITS_ROW} must hold the units; {advice}", UNITS_ROW, cell=f"A{UNITS_ROW}")
            first = UNITS_ROW
        rows = [r for r in range(first, len(grid) + 1) if any(at_place(grid, r, places.get(c.name)) is not None for c in sheet)]
        if sheet.rows_required and not rows:
            self.report(sheet.name, f"there are no rows; {lowered(sheet.text)}", FIRST_ROW, cell=f"A{FIRST_ROW}")
        units_row = UNITS_ROW if first == FIRST_ROW else None
        columns = {column.name: self.read_column(sheet, column, grid, rows, units_row) for column in sheet}
        for name in FREE_COLUMNS:
            if name in places:
                cells = [at_place(grid, r, places[name]) for r in rows]
                columns[name] = ["" if v is None else str(v.text if isinstance(v, Bad) else v) for v in cells]
        frame = typed_frame(sheet.name, columns, rows)
        self.check_keys(sheet, frame)
        return frame

    def read_column(self, sheet: Sheet, column: Column, grid: Grid, rows: Sequence[int], units_row: int | None) -> list[object]:
        """The values of a column in these rows; what fills it where it is absent or a cell is wrong."""
        place = self.places[sheet.name].get(column.name)
        filler = blank(column)
        if place is None:
            self.note_defaults(sheet, column, [None] * len(rows))
            return [filler] * len(rows)
        unit = at_place(grid, units_row, place) if units_row else None
        factor = self.factor(sheet.name, column, unit, f"{get_column_letter(place + 1)}{UNITS_ROW}")
        cells = [at_place(grid, row, place) for row in rows]
        self.note_defaults(sheet, column, cells)
        if "%" in str(unit or ""):
            cells = [self.doubly_percent(sheet.name, column, cell, row) for row, cell in zip(rows, cells, strict=True)]
        values = (self.value(sheet.name, column, cell, row, factor) for row, cell in zip(rows, cells, strict=True))
        return [filler if value is None else value for value in values]

    def doubly_percent(self, sheet: str, column: Column, cell: Cell, row: int) -> Cell:
        """A cell that shows a percentage holds a hundredth of what it shows; under a unit with % it would be taken for a hundredth of that."""
        if isinstance(cell, Percent):
            text = f"{column.name} shows {float(cell):.6g} as a percentage, and its unit has % too; format the cell as a number, or write {column.unit} as the unit."
            self.report(sheet, text, row, column.name)
            return None if not column.required else 0.0
        return cell

    def note_defaults(self, sheet: Sheet, column: Column, cells: Sequence[Cell]) -> None:
        """A note for a column whose default stands for empty cells, unless that is merely "none"."""
        empty = sum(cell is None for cell in cells)
        if empty and not column.required and column.default_text not in ("none", "no bound", "no limit", "no end", "0"):
            message = f"{column.name}: {empty} of {len(cells)} rows are empty, which stands for {column.default_text}."
            self.findings.append(Finding(sheet.name, message, None, column.name, Level.NOTE, code="default"))

    @staticmethod
    def units_row_missing(sheet: Sheet, grid: Grid, places: Mapping[str, int]) -> bool:
        """Whether row 2 is a record: it holds a number, where units are texts."""
        cells = [at_place(grid, UNITS_ROW, places.get(c.name)) for c in sheet]
        return any(isinstance(cell, int | float) for cell in cells)

    def value(self, sheet: str, column: Column, cell: Cell, row: int, factor: float) -> Value | None:
        """A cell as the column's kind has it; None, reported, if it is wrong."""
        try:
            return parse_cell(column, cell, factor)
        except CellError as wrong:
            self.report(sheet, str(wrong), row, column.name, code="value")
            return None

    def check_keys(self, sheet: Sheet, frame: pd.DataFrame) -> None:
        """No two rows have the same key."""
        key = list(sheet.key)
        if any(f"{sheet.name}.{k}" in self.dirty for k in key):
            return
        first: dict[tuple[object, ...], int] = {}
        for row, values in zip(frame.index, zip(*(frame[k] for k in key), strict=True), strict=True):
            if values in first:
                words = ", ".join(f"{v:g}" if isinstance(v, float) else f"'{v}'" for v in values)
                twice = f"stand{'s' if len(key) == 1 else ''} twice, here and in row {first[values]}; each must be the only one."
                self.report(sheet.name, f"{' and '.join(key)} {words} {twice}", row, key[0], code="key")
            first.setdefault(values, row)


def at_place(grid: Grid, row: int, place: int | None) -> Cell:
    """The cell of a row (from 1) and place (from 0), None beyond the grid's edge."""
    if place is None or row > len(grid):
        return None
    cells = grid[row - 1]
    return cells[place] if place < len(cells) else None


def blank(column: Column) -> Value:
    """What stands in a cell in error, so that a frame can be made for the other rules."""
    if column.default is not None:
        return column.default
    return math.nan if column.numeric else ""
