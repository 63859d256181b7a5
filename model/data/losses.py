"""Losses: the share of a country's supply of a material that a cutoff takes, and what it leaves of an offer or a plant."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from inputs.arrays import Floats
from inputs.schema import EVERY
from model.data.workspace import Workspace, grouped, records

READS = {"losses"}


def numbers(s: Workspace) -> None:
    """parts["lost"]: (nodes,) by country and material, where `losses` has rows; a row for the material goes before `*`."""
    cutoffs, tree = s.rows_by_name("cutoffs"), s.tree
    rows = grouped(((row.country, row.material), row) for row in records(s.case["losses"]))
    lost: dict[tuple[str, str], Floats] = {}
    for country, material in rows:
        share = np.zeros(len(tree))
        for wanted in dict.fromkeys((EVERY, material)):
            for row in rows.get((country, wanted), ()):
                share[(s.cutoff == cutoffs[row.cutoff]) & (row.from_month <= tree.elapsed) & (tree.elapsed < row.to_month)] = (
                    row.supply_lost
                )
        lost[country, material] = share
    s.intermediates["lost"] = lost


def sets(s: Workspace) -> None:
    """Losses have no indices of their own."""


def available(s: Workspace, sheet: str, materials: Iterable[str]) -> Floats:
    """(rows, nodes): share of each offer or plant that a cutoff leaves, directly and through whom it depends on."""
    dependence = s.case[sheet]["dependence"].to_numpy()[:, None]
    left: Floats = (1 - lost(s, s.text(sheet, "country"), materials)) * (1 - dependence * lost(s, s.text(sheet, "depends_on"), materials))
    return left


def lost(s: Workspace, countries: Iterable[str], materials: Iterable[str]) -> Floats:
    """(rows, nodes): share of each country's supply of a material that is lost."""
    by_pair, nothing = s.intermediates["lost"], np.zeros(len(s.tree))
    shares = [by_pair.get((x, i), by_pair.get((x, EVERY), nothing)) for x, i in zip(countries, materials, strict=True)]
    return np.array(shares).reshape(len(shares), len(s.tree))
