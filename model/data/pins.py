"""Pins: quantities of a year that are fixed beforehand, or kept between two ends; and those that nothing can meet."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from inputs.arrays import Floats
from model.data.workspace import Workspace, records


def numbers(s: Workspace) -> None:
    """intermediates: impossible_pins, in words."""
    pins = s.case["pins"]
    low, high = pins["at_least"].to_numpy(), pins["at_most"].to_numpy()
    some = np.array(list(has_columns(s)), dtype=bool)
    s.structure["pinned_below"], s.structure["pinned_above"] = some & (low > 0), some & np.isfinite(high)
    s.put(at_least=low[some & (low > 0)], at_most=high[some & np.isfinite(high)])
    s.intermediates["impossible_pins"] = impossible(s, some, low)


def has_columns(s: Workspace) -> Iterator[bool]:
    """For each pin, whether there is something that it can fix: a node, an offer or offtake, a plant that can be ordered."""
    tracks, offers = s.intermediates["tracks"], s.structure["offer_exists"]
    bought = (s.text("supply", "buyer") == "stockpile")[:, None]
    recipes, plants = s.case["recipes"], s.case["plants"]
    home = set(plants["plant"][plants["country"] == s.case.home])
    made = set(recipes["material"][(recipes["quantity"] > 0) & recipes["plant"].isin(home)])
    held = dict(zip(s.case["materials"]["material"], s.structure["can_hold"].tolist(), strict=True))
    for row in records(s.case["pins"]):
        nodes = np.flatnonzero(s.trunk_years == row.year)
        if row.item == "stock" or not len(nodes):
            yield bool(len(nodes))
        elif row.item == "purchase":
            offered = offers[:, nodes] & bought & (s.text("supply", "material") == row.name)[:, None]
            yield bool(offered.any()) or (row.name in made and held[row.name])
        else:
            yield bool(tracks.opens[[plant == row.name for plant in tracks.plant]][:, nodes].any())


def impossible(s: Workspace, some: NDArray[np.bool_], low: Floats) -> list[str]:
    """Pins above 0 of what there is nothing of."""
    what = {"stock": "held", "purchase": "bought or taken in", "order": "ordered"}
    return [
        f"pins: nothing of '{row.name}' can be {what[row.item]} in {row.year:g}, {least:g} are asked for"
        for row, there, least in zip(records(s.case["pins"]), some.tolist(), low.tolist(), strict=True)
        if least > 0 and not there
    ]


def sets(s: Workspace) -> None:
    pins = s.case["pins"]
    years = pins["year"].astype(int).tolist()
    indices = list(zip(pins["item"].tolist(), pins["name"].tolist(), years, strict=True))
    s.sets["PINS_BELOW"] = [index for index, some in zip(indices, s.structure["pinned_below"].tolist(), strict=True) if some]
    s.sets["PINS_ABOVE"] = [index for index, some in zip(indices, s.structure["pinned_above"].tolist(), strict=True) if some]
    s.index_maps["nodes_of_year"] = {y: np.flatnonzero(s.trunk_years == y).tolist() for y in years}
