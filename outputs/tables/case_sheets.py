"""The sheets of the case as they were read, in the planner's units, every default filled in."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from inputs import schema
from inputs.case import Case
from inputs.schema import FREE_COLUMNS, SETTINGS, SHEETS, Kind, Sheet
from outputs.tables.table import Column, Style, Table
from outputs.tables.units import as_typed, setting_as_typed

STYLES = {Kind.YEAR: Style.YEAR}
FILLED = "What was left empty shows its default."


def case_tables(case: Case) -> Iterator[Table]:
    """One table for each sheet of the schema, in its order; optional sheets without rows are left out."""
    for sheet in SHEETS:
        if sheet.optional and not len(case[sheet.name]):
            continue
        yield settings_table(case, sheet) if sheet.name == SETTINGS else sheet_table(case, sheet)


def sheet_name(sheet: str) -> str:
    """What a sheet of the case is called in the plan."""
    return f"in {sheet}"


def sheet_table(case: Case, sheet: Sheet) -> Table:
    """A sheet of the case as a table, in the planner's units."""
    free = case.free_columns(sheet.name)
    columns = [
        Column(c.name, c.name, case.unit(sheet.name, c.name), style(c), empty=c.default_text if c.default is not None else "")
        for c in sheet
    ]
    return Table(
        sheet_name(sheet.name),
        sheet.text,
        f"Sheet {sheet.name} of the case, as it was read. {FILLED}",
        (*columns, *(Column(c, c, style=Style.PROSE) for c in free)),
        as_typed(case, sheet.name),
        frozen=len(sheet.key) if len(sheet.key) <= 2 else 1,
        nothing="The case has no rows here.",
    )


def settings_table(case: Case, sheet: Sheet) -> Table:
    """The settings as a table, one a row."""
    used = [c for c in FREE_COLUMNS if any(c in notes for notes in case.settings_notes.values())]
    rows = [
        {
            "name": c.name,
            "value": value_of(case, c),
            "unit": case.unit(SETTINGS, c.name),
            "description": c.text,
            **{k: case.settings_notes.get(c.name, {}).get(k, "") for k in used},
        }
        for c in sheet
    ]
    columns = [
        Column(n, n, style=Style.PROSE if n == "description" else Style.TEXT if n != "value" else Style.FACT)
        for n in schema.SETTINGS_COLUMNS
    ]
    return Table(
        sheet_name(SETTINGS),
        sheet.text,
        f"Sheet {SETTINGS} of the case, as it was read. {FILLED}",
        (*columns, *(Column(c, c, style=Style.PROSE) for c in used)),
        pd.DataFrame(rows).astype({"value": object}),
    )


def value_of(case: Case, column: schema.Column) -> object:
    """A setting as the planner writes it: in the planner's unit, yes/no, words where there is no limit."""
    value = case.settings[column.name]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    return column.default_text if value == float("inf") else setting_as_typed(case, column.name)


def style(column: schema.Column) -> Style:
    """How the numbers of a column are shown."""
    return Style.EXACT if column.numeric and column.kind is not Kind.YEAR else STYLES.get(column.kind, Style.TEXT)
