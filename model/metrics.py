"""What planners ask of an answer, for plan and sweep alike: targets, orders, the weight on risk, and the prices of coverage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inputs.arrays import Floats, Ints
from model.costs import Costs
from model.data.compute import Data

NOISE = 1e-9
"""Amounts smaller than this (t) are rounding of the solver, not quantities."""

SMALLEST_ORDER = 1e-6
"""Orders below this (t/yr) are rounding of the solver."""


@dataclass(frozen=True)
class Targets:
    """The highest stock of each material in peace from `ready_by` on: t, the first trunk node that has it, and thousand USD at the price there."""

    stock: Floats
    node: Ints
    value: Floats


def stock_targets(data: Data, stock: Floats) -> Targets:
    """The targets of an answer; `stock` is the variable over its set."""
    nodes = data.tree.target_nodes(data.case.number("ready_by"))
    held = stock.reshape(-1, data.tree.aftermath)[:, nodes]
    price = data.values["price"].reshape(-1, len(data.tree))
    highest = held.max(axis=1)
    highest = np.where(highest > NOISE, highest, 0.0)
    node = np.asarray(nodes)[np.argmax(held >= highest[:, None] * (1 - 1e-9), axis=1)]
    return Targets(highest, node, highest * price[np.arange(len(node)), node])


@dataclass(frozen=True)
class Orders:
    """Each order: its place in the set ORDERS, its node, its capacity (t/yr), and its capex with the premium of the fast track (thousand USD, undiscounted)."""

    place: Ints
    node: Ints
    capacity: Floats
    capex: Floats


def orders_of(data: Data, order: Floats) -> Orders:
    """The orders of an answer; `order` is the variable over its set."""
    capex = dict(zip(data.sets["PLANTS"], data.values["capex"].tolist(), strict=True))
    factor = dict(zip(data.sets["SPEED_ORDERS"], data.values["capex_factor"].tolist(), strict=True))
    place = np.flatnonzero(order > SMALLEST_ORDER)
    found = [data.sets["ORDERS"][at] for at in place.tolist()]
    price = np.array([capex[p] * factor[p, speed] for p, speed, _ in found], dtype=float)
    node = np.array([n for _, _, n in found], dtype=np.int64)
    return Orders(place, node, order[place], order[place] * price / data.scalar("usd_per_kusd"))


def capacity_in_peace(data: Data, orders: Orders) -> dict[str, float]:
    """t/yr ordered in the trunk, by plant that can be ordered."""
    ordered = dict.fromkeys((p for p, _ in data.sets["SPEED_ORDERS"]), 0.0)
    for place, node, capacity in zip(orders.place.tolist(), orders.node.tolist(), orders.capacity.tolist(), strict=True):
        if node < data.tree.trunk:
            ordered[data.sets["ORDERS"][place][0]] += capacity
    return ordered


def investment_in_peace(data: Data, orders: Orders) -> float:
    """Capex of the orders in the trunk, thousand USD, undiscounted."""
    return float(orders.capex[orders.node < data.tree.trunk].sum())


def risk_premium(data: Data, costs: Costs) -> float:
    """What the weight on the worst outcomes adds to the expected cost, thousand USD: risk_weight x (CVaR - expected cost)."""
    if costs.cvar is None:
        return 0.0
    return data.scalar("risk_weight") * (costs.cvar - sum(costs.expected(data.values["weight"]).values()))


def coverage_prices(data: Data, reduced_cost: Floats) -> dict[str, float]:
    """Thousand USD for a percentage point more of coverage of each sector.

    `reduced_cost` is that of the variable `shortage` over its set: where a promise limits it, the price of
    a tonne less of that limit, and a point more of coverage is a hundredth of the demand less.
    """
    promised = data.values["short_limit"] < data.values["demand"]
    worth = np.where(promised, np.maximum(-reduced_cost, 0.0) * data.values["demand"] / 100, 0.0).reshape(-1, len(data.tree)).sum(axis=1)
    prices = dict.fromkeys(data.case["sectors"]["sector"], 0.0)
    for (_, k), price in zip(data.sets["DEMANDS"], worth.tolist(), strict=True):
        prices[k] += price
    return prices
