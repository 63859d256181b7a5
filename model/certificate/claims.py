"""What a plan says of itself, computed anew: targets, purchases, orders, and the reduced costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inputs.arrays import Floats
from inputs.case import Case
from model.certificate.amounts import Amounts, vector
from model.certificate.check import ROUNDING, reduced_costs
from model.certificate.given import Given
from model.certificate.program import Program

NOTHING = 1e-9
"""Purchases (t) below this are none."""

NO_ORDER = 1e-6
"""Orders (t/yr) below this are none."""

MOST = 5
"""So many wrong reduced costs are named."""


@dataclass(frozen=True)
class Purchase:
    """What the stockpile takes in of a material in a year of the trunk: from an offer, or ("") of home output; t and thousand USD, undiscounted."""

    material: str
    offer: str
    year: int
    tonnes: float
    cost: float


@dataclass(frozen=True)
class Order:
    """An order: t/yr and thousand USD with the premium, undiscounted; whether in the trunk."""

    plant: str
    speed: str
    capacity: float
    capex: float
    in_peace: bool


def targets(case: Case, program: Program, x: Floats) -> dict[str, float]:
    """The highest stock of each material in the trunk at or after ready_by, t."""
    nodes = program.nodes
    late = nodes.trunk & (nodes.end >= case.number("ready_by"))
    chosen = np.flatnonzero(late) if late.any() else np.flatnonzero(nodes.trunk)[-1:]
    stock = program.columns["stock"]
    return {key[0]: float(x[at[chosen]].max()) for key, at in zip(stock.keys, stock.at, strict=True)}


def purchases(case: Case, program: Program, x: Floats) -> list[Purchase]:
    """Everything that is taken into the stockpile while no cutoff has begun."""
    given, nodes = Given(case, program.nodes), program.nodes
    years = nodes.year.astype(int)
    found = []
    materials, names = given.names("supply", "material"), given.names("supply", "offer")
    offered = [
        (m, o, program.columns["supply"].at[i], given.offer_price[i])
        for i, (m, o) in enumerate(zip(materials, names, strict=True))
        if given.for_stockpile[i]
    ]
    at_home = [
        (key[0], "", at, given.price[given.material[key[0]]])
        for key, at in zip(program.columns["offtake"].keys, program.columns["offtake"].at, strict=True)
    ]
    for material, offer, at, price in [*offered, *at_home]:
        taken = np.where((at[:-1] >= 0) & nodes.trunk, x[at[:-1]], 0.0)
        for year in np.unique(years[taken > 0]):
            inside = years == year
            tonnes = float(taken[inside].sum())
            if tonnes > NOTHING:
                found.append(Purchase(material, offer, int(year), tonnes, float((taken * price)[inside].sum())))
    return found


def orders(case: Case, program: Program, x: Floats) -> list[Order]:
    """Every order of new capacity."""
    plants = {p.plant: p for p in Given(case, program.nodes).rows("plants")}
    found = []
    for (plant, speed), at in zip(program.columns["order"].keys, program.columns["order"].at, strict=True):
        of = plants[plant]
        price = of.capex * (1 + of.fast_premium if speed == "fast" else 1) / 1000
        for n in np.flatnonzero((at >= 0) & (np.where(at >= 0, x[at], 0) > NO_ORDER)):
            capacity = float(x[at[n]])
            found.append(Order(plant, speed, capacity, capacity * float(price), bool(program.nodes.trunk[n])))
    return found


def wrong_reduced_costs(program: Program, y: Floats, said: Amounts) -> list[str]:
    """The names of the reduced costs in `said`, which has the prices of rows too, that c - A'y does not give (or has and they leave out)."""
    claimed, _ = vector(said, program, program.columns)
    found = reduced_costs(program, y)
    size = np.abs(program.cost) + np.bincount(program.column, np.abs(program.value * y[program.row]), len(found))
    off = np.abs(claimed - found) > 10 * ROUNDING * size
    return [program.name(program.columns, int(j)) for j in np.flatnonzero(off)[:MOST]]
