"""The cases with known answers: published examples, and random cases solved by an independent implementation of the formulation."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import cache
from typing import Any

import numpy as np

from inputs.case import Case
from inputs.grid import Grid
from inputs.schema import BY_NAME, SETTINGS, SETTINGS_COLUMNS, SHEETS
from inputs.shipped import shipped_grids
from inputs.workbook import parse
from tests.kit.house import KNOWN_ANSWERS


def names() -> list[str]:
    return sorted(path.stem for path in KNOWN_ANSWERS.glob("*.json"))


@cache
def document(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((KNOWN_ANSWERS / f"{name}.json").read_text(encoding="utf-8"))
    return content


def sheets(name: str) -> dict[str, Any]:
    """The tables of a case, the caller's own: settings as a dict, every other sheet as a list of rows."""
    content: dict[str, Any] = deepcopy(document(name)["sheets"])
    return content


def expected(name: str) -> tuple[str, float | None]:
    """(status, optimum in thousand USD) of a case."""
    return document(name)["status"], document(name).get("optimum")


def tolerance(name: str) -> float:
    """Relative: published values are rounded by their authors."""
    return 1e-4 if name.startswith("published") else 1e-6


def grids(tables: dict[str, Any]) -> dict[str, Grid]:
    """The tables as a workbook's grids."""
    found: dict[str, Grid] = {}
    for sheet in SHEETS:
        if sheet.name == SETTINGS:
            found[SETTINGS] = [list(SETTINGS_COLUMNS), *([k, v, None, None] for k, v in tables[SETTINGS].items())]
        else:
            rows = [[row.get(c.name) for c in sheet] for row in tables.get(sheet.name) or []]
            found[sheet.name] = [[c.name for c in sheet], [c.unit for c in sheet], *rows]
    return found


def grids_of(case: Case) -> dict[str, Grid]:
    """A case as a workbook's grids."""
    return grids(tables_of(case))


def tables_of(case: Case) -> dict[str, Any]:
    """The tables of a case, in the schema's units; no limit, no name and no number are empty cells."""
    tables: dict[str, Any] = {SETTINGS: {name: plain(value) for name, value in case.settings.items()}}
    for sheet in SHEETS:
        if sheet.name != SETTINGS:
            rows = case[sheet.name][[c.name for c in sheet]].to_dict("records")
            tables[sheet.name] = [{name: plain(value) for name, value in row.items()} for row in rows]
    return tables


def teaching(settings: Mapping[str, Any] | None = None, /, **sheets: Sequence[Mapping[str, Any]]) -> Case:
    """The teaching case with other settings and rows: a row of a key that is there changes it, another is added, and a sheet of no rows is emptied."""
    shipped = parse(shipped_grids("tutorial")).case
    assert shipped is not None
    tables = tables_of(shipped)
    tables[SETTINGS] |= settings or {}
    for sheet, rows in sheets.items():
        keys = BY_NAME[sheet].key
        found = {tuple(row[k] for k in keys): row for row in tables[sheet]} if rows else {}
        for row in rows:
            key = tuple(row[k] for k in keys)
            found[key] = {**found.get(key, {}), **row}
        tables[sheet] = list(found.values())
    reading = parse(grids(tables), "teaching")
    assert reading.case is not None, "\n".join(map(str, reading.errors))
    return reading.case


def plain(value: Any) -> Any:
    """A value as a cell has it."""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return None if value == "" or (isinstance(value, float) and not math.isfinite(value)) else value


def load_case(name: str) -> Case:
    reading = parse(grids(sheets(name)), name)
    assert reading.case is not None, "\n".join(map(str, reading.errors))
    return reading.case
