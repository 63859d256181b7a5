"""A case and a design as plain documents, which a store keeps, another process reads back, and two of which can be told apart in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from inputs.case import Case, typed_frame
from inputs.change import parse_variation
from inputs.schema import BY_NAME, FREE_COLUMNS, SETTINGS, SHEETS, UNREAD, Column, Kind
from inputs.units import factor
from model.sweep.design import Design, DesignKind
from model.sweep.work import Document

MOST_DIFFERENCES = 20
"""So many differing cells are named, the others counted."""


def document_of(case: Case) -> Document:
    """The case as lists, dictionaries, texts, numbers (JSON with NaN and Infinity) and flags."""
    sheets = {}
    for sheet in SHEETS:
        if sheet.name == SETTINGS:
            continue
        frame = case[sheet.name]
        names = [*(c.name for c in sheet), *case.free_columns(sheet.name)]
        sheets[sheet.name] = {"rows": frame.index.tolist(), "columns": {name: frame[name].tolist() for name in names}}
    return {
        "name": case.name,
        "settings": dict(case.settings),
        "notes": {setting: dict(notes) for setting, notes in case.settings_notes.items()},
        "units": [[sheet, column, unit] for (sheet, column), unit in case.units.items()],
        "sheets": sheets,
    }


def case_of(document: Document) -> Case:
    """The case of a document; it has the same fingerprint as the one that the document was made of."""
    frames = {name: typed_frame(name, sheet["columns"], sheet["rows"]) for name, sheet in document["sheets"].items()}
    units = {(sheet, column): unit for sheet, column, unit in document["units"]}
    return Case(document["settings"], frames, document["notes"], units, document["name"])


def design_of(document: Document, case: Case) -> Design:
    """The design of a document, its addresses found in the case that it was made for."""
    weights, quantiles = document["weights"], document["quantiles"]
    shape = (len(document["points"]), len(document["variations"]))
    return Design(
        DesignKind(document["kind"]),
        tuple(parse_variation(text, case) for text in document["variations"]),
        np.array(document["points"], dtype=float).reshape(shape),
        None if weights is None else np.array(weights),
        None if quantiles is None else np.array(quantiles).reshape(shape),
        document["seed"],
        document["levels"],
        document["second_order"],
    )


def case_differences(old: Document, new: Document) -> list[str]:
    """Where two cases give the model other values, as "materials row 3 (Dy), price: 250 -> 300 USD/kg"; rows are those in the newer file.

    At most MOST_DIFFERENCES of them, then how many more there are.
    """
    units = {(sheet, column): unit for sheet, column, unit in new["units"]}
    found = [line for sheet in SHEETS if sheet.name not in UNREAD for line in sheet_differences(sheet.name, old, new, units)]
    more = len(found) - MOST_DIFFERENCES
    return [*found[:MOST_DIFFERENCES], f"and {more} more"] if more > 0 else found


def sheet_differences(sheet: str, old: Document, new: Document, units: Mapping[tuple[str, str], str]) -> Iterator[str]:
    """What differs between two documents in one sheet, a line each."""
    spec = BY_NAME[sheet]
    if sheet == SETTINGS:
        for column in spec:
            yield from cell_difference(SETTINGS, column, old[SETTINGS].get(column.name), new[SETTINGS].get(column.name), units, sheet)
        return
    before, after = rows_by_key(sheet, old), rows_by_key(sheet, new)
    for key in [key for key in before if key not in after]:
        yield f"{sheet} row {before[key]['row']} ({', '.join(key)}): is no longer there"
    for key, row in after.items():
        if key not in before:
            yield f"{sheet} row {row['row']} ({', '.join(key)}): is new"
            continue
        for column in spec:
            place = f"{sheet} row {row['row']} ({', '.join(key)})"
            yield from cell_difference(place, column, before[key].get(column.name), row.get(column.name), units, sheet)
    if list(before) != list(after) and before.keys() == after.keys():
        yield f"{sheet}: the rows stand in another order"


def rows_by_key(sheet: str, document: Document) -> dict[tuple[str, ...], dict[str, Any]]:
    """The rows of a sheet by the cells of its key columns."""
    table = document["sheets"].get(sheet, {"rows": [], "columns": {}})
    names = [name for name in table["columns"] if name not in FREE_COLUMNS]
    rows = [
        dict(zip(["row", *names], cells, strict=True))
        for cells in zip(table["rows"], *(table["columns"][name] for name in names), strict=True)
    ]
    keys = BY_NAME[sheet].key
    return {
        tuple(f"{row[k]:g}" if isinstance(row[k], float) else str(row[k]) for k in keys) or (str(at),): row for at, row in enumerate(rows)
    }


def cell_difference(place: str, column: Column, old: Any, new: Any, units: Mapping[tuple[str, str], str], sheet: str) -> Iterator[str]:
    """What differs in one cell, in the planner's unit, nothing if nothing does."""
    if old == new or (isinstance(old, float) and isinstance(new, float) and math.isnan(old) and math.isnan(new)):
        return
    unit = units.get((sheet, column.name), column.unit)
    shown = unit if column.numeric and unit not in ("", "-", "year") else ""
    yield f"{place}, {column.name}: {cell_text(old, column, unit)} -> {cell_text(new, column, unit)} {shown}".rstrip()


def cell_text(value: Any, column: Column, unit: str) -> str:
    """A value as the planner's cell has it."""
    if column.kind is Kind.FLAG and value is not None:
        return "yes" if value else "no"
    if isinstance(value, float) and column.numeric:
        if not math.isfinite(value):
            return column.empty or "none"
        return f"{value / factor(unit, column.unit):.12g}"
    return f"'{value}'" if value is not None else "none"
