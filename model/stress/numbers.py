"""The numbers of every node of some futures: those that the data give there, with the severity of cutoffs and the noise of prices and demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from inputs.arrays import Floats
from inputs.case import Case
from model.data import coverage, demands, losses, materials, offers, outputs, plants, savings, shortages
from model.data.workspace import Handed, ReadCase, Workspace
from model.stress.future import Future
from model.stress.paths import Paths, paths_of

GROUPS = (losses, materials, demands, coverage, outputs, shortages, offers, savings, plants)
"""The groups of parameters that a node of a future has; what else the plan has is policy, or is decided."""


@dataclass(frozen=True)
class Numbers:
    """Numbers by node, in the last index; rows are those of the sheets of the case (options: thrift by sector). t and thousand USD.

    Prices are those of the case; `multiple` (materials, nodes) is what those of a material turn out to be times that. `demand_multiple` is in `demand`.
    """

    paths: Paths
    multiple: Floats
    demand: Floats
    demand_multiple: Floats
    short_limit: Floats
    shortage_price: Floats
    price: Floats
    terminal_price: Floats
    surplus_price: Floats
    surplus_max: Floats
    release_max: Floats
    retention: Floats
    saving_max: Floats
    offer_limit: Floats
    offer_price: Floats
    usable: Floats


def numbers_of(case: Case, futures: Sequence[Future]) -> Numbers:
    """The numbers of the nodes of futures of a case.

    Severity multiplies what a cutoff takes, up to everything; an offer without a limit is lost wholly or not at all, as the case says.
    """
    paths = paths_of(case, futures)
    s = computed(case, paths, None)
    severe = s if (paths.severity == 1).all() else computed(case, paths, paths.severity)
    tree, sheet = paths.tree, case["materials"]
    nodes, rows = len(tree), len(sheet)
    offer_limit, offer_price = (spread(s, name) for name in ("offer_limit", "offer_price"))
    unlimited = ~np.isfinite(case["supply"]["capacity"].to_numpy())[:, None]
    offer_limit = np.where(unlimited, offer_limit, spread(severe, "offer_limit"))
    by_material, by_sector = noise(case, paths, futures)
    demand = by_sector[s.rows_of("demand", "sector", "sectors")]
    of_option = demand[s.cached("options", lambda: savings.options(s))[1]]
    at_end = (1 + sheet["price_growth"].to_numpy()[:, None]) ** (tree.end / 12)
    return Numbers(
        paths,
        by_material,
        demand=s.intermediates["demand"] * demand,
        demand_multiple=demand,
        short_limit=s.values["short_limit"].reshape(-1, nodes) * demand,
        shortage_price=s.values["shortage_price"].reshape(-1, nodes),
        price=s.intermediates["price"],
        terminal_price=sheet["price"].to_numpy()[:, None] * at_end,
        surplus_price=s.values["surplus_price"].reshape(rows, nodes),
        surplus_max=s.values["surplus_max"].reshape(rows, nodes),
        release_max=in_branches(s, "release_max", rows),
        retention=(1 - sheet["loss_rate"].to_numpy()[:, None]) ** tree.yrs,
        saving_max=in_branches(s, "saving_max", len(of_option)) * of_option,
        offer_limit=offer_limit,
        offer_price=offer_price,
        usable=severe.values["usable"].reshape(-1, nodes),
    )  # fmt: skip


def computed(case: Case, paths: Paths, severity: Floats | None) -> Workspace:
    """The groups of parameters on the tree of some paths."""
    reading = ReadCase(case)
    s = Workspace(reading, paths.tree, {}, {}, {}, Handed({}, {}, reading.read), {}, {}, severity)
    for group in GROUPS:
        group.numbers(s)
    return s


def spread(s: Workspace, name: str) -> Floats:
    """(offers, nodes): a parameter of offers, 0 where the offer does not exist."""
    exists = s.structure["offer_exists"]
    found: Floats = np.zeros(exists.shape)
    found[exists] = s.values[name]
    return found


def in_branches(s: Workspace, name: str, rows: int) -> Floats:
    """(rows, nodes): a parameter of branch nodes, 0 elsewhere."""
    found: Floats = np.zeros((rows, len(s.tree)))
    found[:, s.tree.in_branch] = s.values[name].reshape(rows, -1) if rows else 0.0
    return found


def noise(case: Case, paths: Paths, futures: Sequence[Future]) -> tuple[Floats, Floats]:
    """(materials, nodes) and (sectors, nodes): the multiples of prices and demand of the future of each node."""
    of: Any = np.zeros(len(paths.tree), dtype=np.int64)
    for f, nodes in enumerate(paths.nodes):
        of[list(nodes)] = f

    def multiples(names: Sequence[str], which: str) -> Floats:
        found: Floats = np.array([[getattr(future, which).get(name, 1.0) for future in futures] for name in names])
        return found.reshape(len(names), len(futures))[:, of]

    return multiples(case["materials"]["material"].tolist(), "price"), multiples(case["sectors"]["sector"].tolist(), "demand")
