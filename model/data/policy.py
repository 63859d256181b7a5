"""Policy: share caps, floors and capacity floors by trunk node; and the floors that nothing can meet, as `check` finds them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import pandas as pd

from inputs.case import Case
from inputs.checks.policy import impossible_floors
from inputs.schema import RECYCLING
from model.data.workspace import Workspace, grouped, records


def numbers(s: Workspace) -> None:
    case, years = s.case, s.trunk_years
    s.intermediates["floors"] = floors_by_node(s, years)
    s.intermediates["capacity_floors"] = capacity_floors_by_node(s, years)
    caps = since_year(case["share_caps"], ["material", "country"], "cap", years)
    s.put(
        cap=list(caps.values()),
        floor=list(s.intermediates["floors"].values()),
        capacity_floor=list(s.intermediates["capacity_floors"].values()),
    )
    s.intermediates["impossible"] = [str(finding) for finding in impossible_floors(cast(Case, s.case))]
    s.intermediates["caps"] = caps
    s.structure["policy"] = [*map(str, caps), *map(str, s.intermediates["floors"]), *map(str, s.intermediates["capacity_floors"])]


def recycled(s: Workspace) -> set[str]:
    """Materials that recycling plants at home make."""
    plants, recipes = s.case["plants"], s.case["recipes"]
    chosen = plants[(plants["country"] == s.case.home) & (plants["kind"] == RECYCLING)]
    return set(recipes["material"][(recipes["quantity"] > 0) & recipes["plant"].isin(chosen["plant"])])


def floors_by_node(s: Workspace, years: Any) -> dict[Any, float]:
    """Floors by trunk node, without those of recycled material that nothing recycles: `impossible_floors` finds them."""
    floors = since_year(s.case["floors"], ["material", "origin"], "share", years)
    if not floors:
        return {}
    made = recycled(s)
    return {index: share for index, share in floors.items() if index[1] != "recycled" or index[0] in made}


def capacity_floors_by_node(s: Workspace, years: Any) -> dict[Any, float]:
    if not len(s.case["capacity_floors"]):
        return {}
    ordered = set(orderable_kinds(s))
    return {index: capacity for index, capacity in every_capacity_floor(s, years).items() if index[0] in ordered}


def every_capacity_floor(s: Workspace, years: Any) -> dict[Any, float]:
    rows = records(s.case["capacity_floors"])
    return {(row.kind, n): row.capacity for row in rows for n in np.flatnonzero(years == row.year).tolist()}


def orderable_kinds(s: Workspace) -> pd.Series:
    plants = s.case["plants"]
    return plants["kind"][(plants["country"] == s.case.home) & (plants["capacity_limit"] > 0)]


def sets(s: Workspace) -> None:
    plants = s.case["plants"]
    home = plants[plants["country"] == s.case.home]
    s.sets |= {
        "SHARE_CAPS": list(s.intermediates["caps"]),
        "FLOORS": list(s.intermediates["floors"]),
        "CAPACITY_FLOORS": list(s.intermediates["capacity_floors"]),
    }
    s.index_maps |= {"home_plants": grouped(zip(home["kind"], home["plant"], strict=True))}


def since_year(frame: pd.DataFrame, key: list[str], column: str, years: Any) -> Mapping[Any, float]:
    """A column by (*key, trunk node) from `from_year` on."""
    if not len(frame):
        return {}
    return {
        (*(getattr(row, k) for k in key), n): getattr(row, column)
        for row in records(frame)
        for n, year in enumerate(years.tolist())
        if not year < row.from_year
    }
