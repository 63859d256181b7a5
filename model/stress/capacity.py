"""The plants of a future: what the plan orders in it, when that comes on line, what it costs, and what it is worth at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from inputs.arrays import Floats, Ints
from inputs.case import Case
from inputs.schema import BY_NAME
from model.data.orders import mean_online
from model.stress.future import NEVER, Future
from model.stress.policy import Order, Policy
from model.tree import Tree


@dataclass(frozen=True)
class Built:
    """What is ordered in a future: `online` (plants, its nodes), t/yr; `cost` (its nodes,) of orders and fixed cost, and `left` at its end, thousand USD, undiscounted."""

    online: Floats
    cost: Floats
    left: float


def built(case: Case, policy: Policy, future: Future, tree: Tree, nodes: Sequence[int]) -> Built:
    """The plants that a plan orders along the nodes of a future: in peace as it orders them, in the first cutoff as it does in such a cutoff.

    A plant that is late comes on line so much later; what is refused is never ordered, and costs nothing.
    """
    plants, at = case["plants"], np.array(nodes)
    delays = np.array([future.late.get(name, 0.0) for name in plants["plant"]])
    online, cost = np.zeros((len(plants), len(at))), np.zeros(len(at))
    made = [(order, place) for order, place in orders_in(case, policy, future, tree, at) if delays[order.plant] < NEVER]
    if not made:
        return Built(online, cost, 0.0)
    rows, place = (np.array(each) for each in zip(*((order.plant, place) for order, place in made), strict=True))
    capacity, fast = np.array([order.capacity for order, _ in made]), np.array([order.fast for order, _ in made])
    of = {column.name: plants[column.name].to_numpy()[rows] for column in BY_NAME["plants"] if column.numeric}
    life, lead = 12 * of["life"], np.where(fast, of["fast_lead_time"], of["lead_time"])
    ready = tree.start[at[place]] + lead + delays[rows]
    share = mean_online(tree.start[at] - ready[:, None], tree.end[at] - ready[:, None], life[:, None], of["ramp"][:, None])
    on = capacity[:, None] * share
    np.add.at(online, rows, on)
    np.add.at(cost, place, capacity * of["capex"] * np.where(fast, 1 + of["fast_premium"], 1.0) / 1000)
    cost += (on * of["fixed_cost"][:, None]).sum(axis=0) * tree.yrs[at] / 1000
    unused = np.clip(1 - (tree.end[at[-1]] - ready) / life, 0.0, 1.0)
    return Built(online, cost, float((capacity * of["capex"] * of["residual_share"] * unused).sum()) / 1000)


def orders_in(case: Case, policy: Policy, future: Future, tree: Tree, at: Ints) -> Iterator[tuple[Order, int]]:
    """The orders that are made in a future, each with the place of its node among those of the future."""
    peace = int(tree.in_trunk[at].sum())
    yield from ((order, order.period) for order in policy.orders if order.period < peace)
    if future.cutoffs and peace < len(at):
        first = future.cutoffs[0]
        during = int((tree.in_branch[at] & (tree.branch[at] == tree.branch[at[peace]])).sum())
        orders = policy.orders_during(first.cutoff, first.start, case.number("period"))
        yield from ((order, peace + order.period) for order in orders if order.period < during)
