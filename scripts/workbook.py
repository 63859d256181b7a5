"""The page of the workbook: every sheet and column, printed from the schema."""

from __future__ import annotations

from inputs.guide import ORDER, Guide
from inputs.schema import EVERY, FREE_COLUMNS, SETTINGS, SHEETS, Column, Kind, Sheet
from inputs.template import FREE_TEXTS
from scripts.markdown import PRINTED, anchor, code, page, table

INTRODUCTION = """A case is one workbook (`.xlsx`), or a folder with a CSV file for each sheet. `stockpile new case.xlsx` writes an empty one,
whose headings show these texts when they are selected; `stockpile check case.xlsx` finds every mistake in it, with its cell."""

COLUMNS = """*Empty cell* is what an empty cell stands for. A **bold** column is part of the key of its sheet: together, the key
columns name a row, and no two rows may have the same. Numbers can vary in a sweep by their address: `materials[Dy].price`,
`durations[conflict,12].probability` (the key in brackets), `settings.discount_rate`."""


NAMES = {
    "countries": "a country",
    "kinds": "a kind of plant",
    "addresses": "an address",
    "cut": "a material, a plant or a kind of plant",
    "pinned": "a material or a plant",
}
"""What stands in a cell whose names are not those of one sheet."""


def workbook() -> str:
    """The whole page."""
    return page(
        "# The workbook",
        PRINTED,
        INTRODUCTION,
        "## In which order",
        "\n".join(f"{number}. {anchor(sheet)}: {text}" for number, (sheet, text) in enumerate(ORDER, 1)),
        "## Good to know",
        "\n".join(f"- {rule}" for rule in Guide.rules()),
        "## The sheets",
        table(["sheet", "rows", "what it says"], [[anchor(sheet.name), rows(sheet), sheet.text] for sheet in SHEETS]),
        COLUMNS,
        *(section(sheet) for sheet in SHEETS),
        "## Columns of any sheet",
        table(["column", "what it says"], [[code(name), FREE_TEXTS[name]] for name in FREE_COLUMNS]),
    )


def rows(sheet: Sheet) -> str:
    """Whether a sheet, or rows in it, must be there."""
    if sheet.optional:
        return "may be left out"
    return "at least one" if sheet.rows_required else "may have none"


def section(sheet: Sheet) -> str:
    """One sheet: its text, and a row for each column."""
    first = "setting" if sheet.name == SETTINGS else "column"
    lines = [
        [f"**{code(column.name)}**" if column.key else code(column.name), column.unit, empty(column), allowed(column), column.text]
        for column in sheet
    ]
    heads = [first, "unit", "empty cell", "may be", "what it says"]
    return page(f"## {sheet.name}", f"{sheet.text} {needs(sheet)}".strip(), table(heads, lines)).strip()


def needs(sheet: Sheet) -> str:
    """What a sheet needs, as a sentence."""
    if sheet.optional:
        return "It may be left out."
    return "It needs at least one row." if sheet.rows_required and sheet.name != SETTINGS else ""


def empty(column: Column) -> str:
    """What an empty cell stands for."""
    return "required" if column.required else column.default_text or "none"


def allowed(column: Column) -> str:
    """What a cell may hold, in words."""
    match column.kind:
        case Kind.NAME:
            return "a new name" if column.key and not column.suggestions else NAMES.get(column.suggestions, "text")
        case Kind.MEMBER:
            of = NAMES.get(column.members) or f"a name of {anchor(column.members)}"
            return f"{of}, or `{EVERY}`" if column.every else of
        case Kind.CHOICE:
            return " or ".join(map(code, column.choices))
        case Kind.FLAG:
            return "yes or no"
        case Kind.WHOLE:
            return f"whole number, {column.bounds_text}"
        case Kind.YEAR:
            return f"year, {column.bounds_text}"
        case _:
            return column.bounds_text or "any number"
