"""What a plan decides before anything is known, and what it says a tonne in store is worth in a cutoff: all that a replay takes of it.

The worth of stock at the end of month k of a cutoff is the plan's own price: what the stock balances of the branches that go on from there say a
tonne more would save (in the periods to come, each as likely as it is), and what a tonne fetches where the cutoff ends there, over the
probability and discount of the period. Beside it stands what the plan itself has in store then: of two ways that cost the same, a replay keeps
to that. Between two onsets that the plan lists, both are interpolated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from inputs.arrays import Floats, Ints
from inputs.case import Case
from inputs.errors import StockpileError
from model.metrics import SMALLEST_ORDER
from model.plan import Plan
from model.tree import Tree

FIRST = 10.0
"""How many times dearer than anything else a promise is that could be kept and is not."""


class StressError(StockpileError):
    """A plan that cannot be put to a stress, or a stress that cannot run."""


class NothingReplayedError(StressError):
    """Not one future could be replayed."""

    exit_code = 5


@dataclass(frozen=True)
class Order:
    """New capacity: the row of its plant, whether on the fast track, its period (of the trunk, or of a cutoff), and t/yr."""

    plant: int
    fast: bool
    period: int
    capacity: float


@dataclass(frozen=True)
class Course:
    """What a plan has for one cutoff and one onset: `start` in months, its orders while it lasts.

    By material and crisis period: `worth` is what a tonne left in store at its end is worth (thousand USD, then), `kept` (t) what the plan has in store at its end,
    and `promised` (t) what it needs of that for the promises of the periods to come.
    """

    start: float
    worth: Floats
    kept: Floats
    promised: Floats
    orders: tuple[Order, ...]


@dataclass(frozen=True)
class Policy:
    """The decisions of a plan in peace, by period of the trunk, and its courses in cutoffs by kind, in the order of their onsets.

    `bought` (offers, periods) is what stockpile offers bring, `offtake` (materials, periods) home output taken in, t. `first` (demands,) is the
    price at which a promise goes before everything, and `taken` (materials,) that at which offtake does, thousand USD/t.
    """

    bought: Floats
    offtake: Floats
    orders: tuple[Order, ...]
    courses: Mapping[str, tuple[Course, ...]]
    first: Floats
    taken: Floats

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of everything that it says."""
        digest = hashlib.sha256()
        for array in (self.bought, self.offtake, self.first, self.taken):
            digest.update(array.tobytes())
        digest.update(repr(self.orders).encode())
        for cutoff, courses in sorted(self.courses.items()):
            for course in courses:
                digest.update(
                    repr((cutoff, course.start, course.orders)).encode()
                    + b"".join(each.tobytes() for each in (course.worth, course.kept, course.promised))
                )
        return digest.hexdigest()

    def along(self, cutoff: str, start: float, period: int) -> tuple[Floats, Floats, Floats] | None:
        """(worth, kept, promised) by material at the end of a crisis period of a cutoff that begins in a month, promised as where it is more; None where the plan lists none."""
        courses = self.courses.get(cutoff, ())
        if not courses:
            return None
        starts = [course.start for course in courses]
        below = max(0, int(np.searchsorted(starts, start, side="right")) - 1)
        above = min(below + (starts[below] < start), len(courses) - 1)
        span = starts[above] - starts[below]
        share = (start - starts[below]) / span if span else 0.0
        one, other = courses[below], courses[above]
        last = min(period, one.worth.shape[1] - 1)
        one, other = (other, other) if np.isnan(one.worth[0, last]) else (one, one) if np.isnan(other.worth[0, last]) else (one, other)
        worth: Floats = (1 - share) * one.worth[:, last] + share * other.worth[:, last]
        kept: Floats = (1 - share) * one.kept[:, last] + share * other.kept[:, last]
        return worth, kept, np.maximum(one.promised[:, last], other.promised[:, last])

    def orders_during(self, cutoff: str, start: float, span: float) -> tuple[Order, ...]:
        """What the plan orders in a cutoff that begins in a month: as in the next one that it lists, within `span` months, before which the same periods were lived through."""
        return next((c.orders for c in self.courses.get(cutoff, ()) if 0 <= c.start - start < span), ())


def policy_of(plan: Plan) -> Policy:
    """The policy of an optimal plan. Raises StressError where it knows more than a replay may."""
    case, data, tree = plan.case, plan.data, plan.tree
    if case.flag("length_known"):
        raise StressError(
            "this plan knows how long a cutoff lasts when it begins (settings, length_known = yes), and a replay must not; plan with no."
        )
    offers, materials = case["supply"]["offer"].tolist(), data.sets["MATERIALS"]
    trunk, rows = tree.trunk, {name: row for row, name in enumerate(offers)}
    stockpile = (case["supply"]["buyer"] == "stockpile").tolist()
    bought = np.zeros((len(offers), trunk))
    for (offer, n), tonnes in zip(data.sets["SUPPLY"], plan.values["supply"].tolist(), strict=True):
        if stockpile[rows[offer]]:
            bought[rows[offer], n] = max(tonnes, 0.0)
    offtake = np.zeros((len(materials), trunk))
    for (material, n), tonnes in zip(data.sets["OFFTAKES"], plan.values["offtake"].tolist(), strict=True):
        offtake[materials.index(material), n] = max(tonnes, 0.0)
    orders = orders_by_place(plan)
    worth, weight = worth_of_stock(plan), weights(plan)
    stock, promised = np.maximum(plan.values["stock"].reshape(len(materials), -1), 0.0), held_for_promises(plan)
    courses: dict[str, list[Course]] = {}
    for number, branch in enumerate(tree.branches):
        span = slice(branch.nodes.start, branch.nodes.stop)
        course = Course(branch.start, worth[:, span], stock[:, span], promised[:, span], tuple(orders.get(number, ())))
        courses.setdefault(branch.cutoff, []).append(course)
    dear = dearest(plan, worth)
    demand_rows = [materials.index(material) for material, _ in data.sets["DEMANDS"]]
    by_cutoff = {cutoff: tuple(sorted(found, key=lambda course: course.start)) for cutoff, found in courses.items()}
    return Policy(bought, offtake, tuple(orders.get(-1, ())), by_cutoff, first_prices(plan, weight, dear[demand_rows]), FIRST * dear)


def orders_by_place(plan: Plan) -> dict[int, list[Order]]:
    """The orders of the trunk (-1) and of each branch."""
    tree = plan.tree
    plants = {name: row for row, name in enumerate(plan.data.sets["PLANTS"])}
    found: dict[int, list[Order]] = {}
    for (plant, speed, n), capacity in zip(plan.data.sets["ORDERS"], plan.values.get("order", np.empty(0)).tolist(), strict=False):
        if capacity > SMALLEST_ORDER:
            branch = int(tree.branch[n])
            period = n if branch < 0 else n - tree.branches[branch].nodes.start
            found.setdefault(branch, []).append(Order(plants[plant], speed == "fast", period, capacity))
    return found


def weights(plan: Plan) -> Floats:
    """(nodes,): what a thousand USD in a node count in the objective, with the weight on the worst outcomes."""
    data = plan.data
    weight: Floats = data.values["weight"] * (1 - data.scalar("risk_weight"))
    for n, price in by_row(plan, "cost_so_far").items():
        weight[n] += abs(price) * data.values["discount"][n]
    return weight


def worth_of_stock(plan: Plan) -> Floats:
    """(materials, trunk and branch nodes): what a tonne in store at the end of a node is worth then, thousand USD; nan where that counts for nothing, and in the trunk."""
    data, tree = plan.data, plan.tree
    materials = data.sets["MATERIALS"]
    rows, held = {name: row for row, name in enumerate(materials)}, tree.aftermath
    balance = np.zeros((len(materials), held))
    for (material, n), price in by_row(plan, "stock_balance").items():
        balance[rows[material], n] = -price
    retention = data.values["retention"].reshape(len(materials), held)
    worth = np.zeros((len(materials), held))
    inner = np.flatnonzero(tree.parent[:held] >= tree.trunk)
    worth[:, tree.parent[inner]] = retention[:, inner] * balance[:, inner]
    worth += settled(plan, tree, held)
    weight = weights(plan)[:held]
    found: Floats = np.divide(worth, weight, out=np.full(worth.shape, np.nan), where=weight > 0)
    return found


def held_for_promises(plan: Plan) -> Floats:
    """(materials, trunk and branch nodes): what must be in store at the end of a node for the promises of the listed periods that follow it, t.

    A period needs what the plan releases in it, less what the plan serves beyond the promise: the promise less what else there is.
    """
    data, tree = plan.data, plan.tree
    materials, branch = data.sets["MATERIALS"], np.flatnonzero(tree.in_branch)
    rows = np.array([materials.index(material) for material, _ in data.sets["DEMANDS"]], dtype=np.int64)
    shape = len(rows), len(tree)
    demand, short = data.values["demand"].reshape(shape), plan.values["shortage"].reshape(shape)
    promised = np.maximum(demand - data.values["short_limit"].reshape(shape), 0.0)
    asked, beyond = np.zeros((2, len(materials), len(tree)))
    np.add.at(asked, rows, promised)
    np.add.at(beyond, rows, demand - short - promised)
    released = np.zeros((len(materials), len(tree)))
    released[:, branch] = plan.values["release"].reshape(len(materials), -1)
    needs = np.clip(released - beyond, 0.0, asked)
    retention = data.values["retention"].reshape(len(materials), -1)
    found = np.zeros((len(materials), tree.aftermath))
    for n in branch[::-1].tolist():
        before = int(tree.parent[n])
        if before >= tree.trunk:
            found[:, before] = np.divide(needs[:, n] + found[:, n], retention[:, n], out=np.zeros(len(found)), where=retention[:, n] > 0)
    return found


def settled(plan: Plan, tree: Tree, held: int) -> Floats:
    """(materials, nodes): what a tonne at the end of a node brings where the stockpile is settled there, as it counts in the objective."""
    data = plan.data
    share = np.zeros(len(tree))
    share[data.sets["SETTLEMENTS"]] = data.values["settle_weight"] * (1 - data.scalar("risk_weight"))
    discount = dict(zip(data.sets["SETTLEMENTS"], data.values["settle_discount"].tolist(), strict=True))
    for leaf, price in by_row(plan, "excess_cost").items():
        node = int(tree.settled_in[leaf])
        share[node] += abs(price) * discount.get(node, 0.0)
    found: Floats = (data.values["resale_share"][:, None] * price_at_end(plan.case, tree) * share)[:, :held]
    return found


def price_at_end(case: Case, tree: Tree) -> Floats:
    """(materials, nodes): the price in peace at the end of a node."""
    sheet = case["materials"]
    found: Floats = sheet["price"].to_numpy()[:, None] * (1 + sheet["price_growth"].to_numpy()[:, None]) ** (tree.end / 12)
    return found


def by_row(plan: Plan, equation: str) -> dict[Any, float]:
    """The duals of an equation by the indices of its rows."""
    return dict(zip(plan.rows_of.get(equation, ()), plan.duals.get(equation, np.empty(0)).tolist(), strict=True))


def dearest(plan: Plan, worth: Floats) -> Floats:
    """(materials,): the highest price that the plan knows of a material: in peace, in store, or of a tonne short of it."""
    data = plan.data
    found: Floats = np.maximum(np.nan_to_num(worth).max(axis=1, initial=0.0), data.values["price"].reshape(len(worth), -1).max(axis=1))
    short = data.values["shortage_price"].reshape(-1, len(plan.tree)).max(axis=1, initial=0.0) + dearest_output(plan)
    rows: Ints = np.array([data.sets["MATERIALS"].index(material) for material, _ in data.sets["DEMANDS"]], dtype=np.int64)
    np.maximum.at(found, rows, short)
    return found


def dearest_output(plan: Plan) -> Floats:
    """(demands,): the most that output lost for want of a tonne is worth in any node, thousand USD."""
    data, tree = plan.data, plan.tree
    value: dict[str, float] = {}
    for (sector, _), worth in zip(data.sets["TIERS"], data.values["tier_value"].tolist(), strict=True):
        value[sector] = max(value.get(sector, 0.0), worth)
    of = np.array([value.get(sector, 0.0) for _, sector in data.sets["DEMANDS"]])
    demand = data.values["demand"].reshape(len(of), len(tree))
    lost = np.divide(of[:, None] * 1000 * tree.yrs, demand, out=np.zeros(demand.shape), where=demand > 0)
    found: Floats = lost.max(axis=1, initial=0.0)
    return found


def first_prices(plan: Plan, weight: Floats, dear: Floats) -> Floats:
    """(demands,): a price above that of everything which a tonne of the promise could be given up for, in any node; where that is nothing, the dearest of the others."""
    data = plan.data
    reduced = np.abs(plan.reduced_costs["shortage"]).reshape(-1, len(plan.tree))
    at_limit = np.where(weight > 0, np.divide(reduced, weight, out=np.zeros_like(reduced), where=weight > 0), 0.0).max(axis=1, initial=0.0)
    short = data.values["shortage_price"].reshape(-1, len(plan.tree)).max(axis=1, initial=0.0)
    above = np.maximum(dear, at_limit + short)
    found: Floats = FIRST * np.where(above > 0, above, above.max(initial=0.0) or 1.0)
    return found
