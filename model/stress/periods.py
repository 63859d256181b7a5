"""The numbers of the programs of all periods of some futures, in arrays; only what is in store is left to be known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inputs.arrays import Flags, Floats, Ints
from inputs.case import Case
from model.stress.capacity import Built, built
from model.stress.future import Future
from model.stress.numbers import Numbers, numbers_of
from model.stress.period import LEFT, Shape
from model.stress.policy import FIRST, Policy
from model.tree import EPS

HAIR = 1e-4
"""How much more a tonne that the plan keeps is worth than one beyond, relative to its worth or its price, whichever is more: what decides between ways that cost the same."""


SOON = 0.5
"""What a tonne for a promise of a period to come counts, of one for a promise now: between that and what a shortage without a promise costs."""


class Periods:
    """By node: `cost` and `price` (nodes, columns), which are what is paid and what is minimised, bounds of columns (`high`; all are 0 or more) and rows, and coefficients of lost output.

    `fixed` (nodes,) is what is paid whatever is done: purchases, orders and their fixed cost, thousand USD; `bought` (nodes, held) comes into store, t.
    `keeps` (nodes,) is 0 where the stockpile has been settled. `built` are the plants of each future.
    """

    def __init__(self, case: Case, policy: Policy, shape: Shape, futures: Sequence[Future], *, settle: bool) -> None:
        self.case, self.policy, self.shape, self.futures, self.settle = case, policy, shape, futures, settle
        self.numbers: Numbers = numbers_of(case, futures)
        tree, names = self.numbers.paths.tree, shape.names
        self.tree = tree
        self.period: Ints = np.rint(np.floor(tree.start / case.number("period") + EPS)).astype(np.int64)
        self.share: Floats = np.where(tree.in_trunk, tree.length / case.number("period"), 0.0)
        nodes = len(tree)
        self.cost: Floats = np.zeros((nodes, shape.columns.size))
        self.high: Floats = np.full((nodes, shape.columns.size), np.inf)
        self.row_low: Floats = np.zeros((nodes, shape.rows.size))
        self.row_high: Floats = np.zeros((nodes, shape.rows.size))
        self.entries: Floats = -self.numbers.demand[shape.output_demand].T
        self.built: list[Built] = [built(case, policy, f, tree, at) for f, at in zip(futures, self.numbers.paths.nodes, strict=True)]
        self.keeps: Floats = np.where(tree.in_aftermath, float(not settle), 1.0)
        self.fill_costs()
        self.fill_limits()
        self.fill_rules()
        self.price: Floats = self.cost.copy()
        self.fill_prices()
        self.fill_noise()
        bought = np.where(tree.in_trunk, policy.bought[:, np.where(tree.in_trunk, self.period, 0)], 0.0) * self.share
        self.fixed: Floats = (bought * self.numbers.offer_price * self.numbers.multiple[names.offer_material]).sum(axis=0)
        for plants, at in zip(self.built, self.numbers.paths.nodes, strict=True):
            self.fixed[list(at)] += plants.cost
        into = np.zeros((names.materials, nodes))
        np.add.at(into, names.offer_material, bought)
        self.bought: Floats = into[names.held].T

    def fill_costs(self) -> None:
        """What each column costs."""
        n, names, at, sheet = self.numbers, self.shape.names, self.shape.columns, self.case["materials"]
        yrs = self.tree.yrs[:, None]
        self.cost[:, at["supply"]] = n.offer_price[names.market].T
        self.cost[:, at["run"]] = names.variable_cost / 1000
        rotated = (sheet["rotation_rate"] * sheet["rotation_cost"]).to_numpy()[names.held]
        holding = self.holding() + np.where(self.tree.in_trunk[:, None], rotated * yrs, 0.0)
        for block in LEFT:
            self.cost[:, at[block]] = holding
        self.cost[:, at["surplus"]] = n.surplus_price.T
        self.cost[:, at["short"]] = self.cost[:, at["broken"]] = n.shortage_price.T
        self.cost[:, at["lost"]] = names.tier_value * yrs * 1000
        self.cost[:, at["saving"]] = names.saving_cost

    def holding(self) -> Floats:
        """(nodes, held): what a tonne in store costs as a share of its value, thousand USD."""
        held = self.shape.names.held
        rate = self.case["materials"]["holding_rate"].to_numpy()[held]
        found: Floats = self.numbers.price[held].T * rate * self.tree.yrs[:, None] * self.keeps[:, None]
        return found

    def fill_noise(self) -> None:
        """Prices that turn out otherwise: they move what is paid, and nothing that is done."""
        names, at, multiple = self.shape.names, self.shape.columns, self.numbers.multiple.T
        self.cost[:, at["supply"]] *= multiple[:, names.offer_material[names.market]]
        for block in LEFT:
            self.cost[:, at[block]] += self.holding() * (multiple[:, names.held] - 1)
        self.cost[:, at["surplus"]] *= np.where(self.cost[:, at["surplus"]] < 0, multiple, 1.0)

    def fill_limits(self) -> None:
        """Bounds of columns, and sides of the balances; those of stock are filled as it becomes known."""
        n, names, at, rows = self.numbers, self.shape.names, self.shape.columns, self.shape.rows
        self.high[:, at["supply"]] = n.offer_limit[names.market].T
        taken = self.policy.offtake[:, np.where(self.tree.in_trunk, self.period, 0)] * self.share
        self.high[:, at["offtake"]] = taken[names.held].T
        self.high[:, at["release"]] = n.release_max[names.held].T
        self.high[:, at["promised"]] = self.high[:, at["kept"]] = 0.0
        self.high[:, at["surplus"]] = n.surplus_max.T
        allowed = np.minimum(n.short_limit, n.demand)
        self.high[:, at["short"]], self.high[:, at["broken"]] = allowed.T, (n.demand - allowed).T
        self.high[:, at["lost"]] = names.tier_width
        self.high[:, at["saving"]] = n.saving_max.T
        wanted = np.zeros((names.materials, len(self.tree)))
        np.add.at(wanted, names.demand_material, n.demand)
        self.row_low[:, rows["market"]] = self.row_high[:, rows["market"]] = wanted.T
        opening = self.case["plants"]["opening_capacity"].to_numpy()
        capacity = np.repeat(opening[:, None], len(self.tree), axis=1)
        for plants, nodes in zip(self.built, self.numbers.paths.nodes, strict=True):
            capacity[:, list(nodes)] += plants.online
        self.row_high[:, rows["capacity"]] = (n.usable * capacity).T
        self.row_high[:, rows["left"]] = n.demand[names.demands_with_options].T
        for block in ("capacity", "left", "output", "taken"):
            self.row_low[:, rows[block]] = -np.inf

    def fill_rules(self) -> None:
        """Share caps and floors hold in peace before a cutoff, from their years on."""
        names, rows = self.shape.names, self.shape.rows
        self.row_low[:, rows["caps"]], self.row_high[:, rows["floors"]] = -np.inf, np.inf
        for r, cap in enumerate(names.caps):
            self.row_high[:, rows.at("caps")[r]] = np.where(self.holds(cap.since), 0.0, np.inf)
        for r, floor in enumerate(names.floors):
            wanted = floor.share * self.numbers.demand[names.demand_material == floor.material].sum(axis=0)
            self.row_low[:, rows.at("floors")[r]] = np.where(self.holds(floor.since), wanted, -np.inf)

    def holds(self, since: float) -> Flags:
        """(nodes,): whether a rule of peace holds from a year on (nan: always)."""
        return self.tree.in_trunk & ~(self.tree.year < since)

    def fill_prices(self) -> None:
        """What is minimised besides the cost: promises and the plan's offtake go first, and what is left in store has its worth."""
        names, at, policy = self.shape.names, self.shape.columns, self.policy
        self.price[:, at["broken"]] += policy.first
        self.price[:, at["offtake"]] -= policy.taken[names.held]
        self.price[:, at["lacking"]] += FIRST * policy.taken.max(initial=1.0)
        first = np.full(names.materials, np.inf)
        np.minimum.at(first, names.demand_material, policy.first)
        first[np.isinf(first)] = 0.0
        at_once = self.case["materials"]["resale_share"].to_numpy()[:, None] * self.numbers.terminal_price
        for n in np.flatnonzero(self.tree.in_branch).tolist():
            branch = self.tree.branches[self.tree.branch[n]]
            period = int((self.tree.start[n] - branch.start) / self.case.number("crisis_period") + EPS)
            worth, kept, promised = at_once[:, n], *np.zeros((2, names.materials))
            found = policy.along(branch.cutoff, branch.start, period)
            if found is not None and not np.isnan(found[0]).any():
                worth, kept, promised = found
                promised = promised * self.promised_more(n)
            hair = HAIR * np.maximum(np.abs(worth), self.numbers.price[:, n])[names.held]
            self.price[n, at["kept"]] -= worth[names.held] + hair
            self.price[n, at["beyond"]] -= worth[names.held] - hair
            self.price[n, at["promised"]] -= SOON * first[names.held]
            self.high[n, at["promised"]] = promised[names.held]
            self.high[n, at["kept"]] = np.maximum(kept - promised, 0.0)[names.held]

    def promised_more(self, n: int) -> Floats:
        """(materials,): how many times what the plan needs for its promises a future does, as far as demand says it; 0 where nothing is promised in a node."""
        names, numbers = self.shape.names, self.numbers
        asked = numbers.short_limit[:, n] < numbers.demand[:, n] * (1 - EPS)
        found: Floats = np.zeros(names.materials)
        np.maximum.at(found, names.demand_material[asked], numbers.demand_multiple[asked, n])
        return found
