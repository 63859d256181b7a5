"""The programme against nothing: the plan, what merchants alone would do, what befalls them, and the plan without promises.

Four solves of one case, each with its expected discounted cost V:

    P   the plan.
    M   merchant: no hazard, no promise, no stockpile. The case without `cutoffs` (and their hazards, durations, losses, surges), without
        coverage and min_cover, without offers to the stockpile, stock_limit, opening_stock and pins of stock and purchase. The rules of the
        market hold in it as in the plan: share_caps, floors, capacity_floors, budget, pins of orders (decisions that are taken).
    N   nothing done: the program of P with every order of its trunk fixed to that of M, no stock, no promise, the true hazard. Orders in
        a cutoff are free, as the case allows them.
    P0  the plan without promises: the program of P, in which all demand may be short; min_cover, pins and the rules of the market hold.
    T   today's stock: N, but opening_stock is kept and released in cutoffs, and nothing is added to it. Where there is none, T is N.

In M and N the opening stock is sold on the first day for resale_share of its price: these proceeds lower their cost, so that what the plan
keeps is not free. Loss is the cost of shortage, lost output, and thrift and substitution.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from inputs.arrays import Floats
from inputs.case import Case
from model.metrics import capacity_in_peace, orders_of
from model.plan import Plan, Solved, make_plan
from model.solver.program import Status
from model.studies.bounds import Bounds
from model.tree import Branch

LOSS = ("cost_shortage", "cost_lost_output", "cost_saving")
"""The cost terms that are losses."""

SHORT = ("cost_shortage", "cost_lost_output")
"""Those of them that are the cost of shortage."""

HAZARD = ("cutoffs", "hazards", "durations", "losses", "surges")
"""The sheets that say what cutoffs are."""


@dataclass(frozen=True)
class Future:
    """One of the solves: its plan, and what the opening stock brings where it is sold on the first day, thousand USD."""

    plan: Plan
    proceeds: float = 0.0

    @property
    def objective(self) -> float:
        """What is minimised, thousand USD: the expected discounted cost, with the weight on risk."""
        return (self.plan.objective or 0.0) - self.proceeds

    @cached_property
    def cost(self) -> float:
        """Expected discounted cost, thousand USD, without the weight on risk."""
        return self.objective - self.plan.risk

    @cached_property
    def loss(self) -> float:
        """Expected discounted cost of shortage, lost output, thrift and substitution, thousand USD."""
        return float(self.plan.expected.loc[list(LOSS)].to_numpy().sum())

    @property
    def measures(self) -> float:
        """All other cost: supply, stock, plants, less what is left, thousand USD."""
        return self.cost - self.loss

    @cached_property
    def without_cutoff(self) -> float:
        """Discounted cost of the future in which no cutoff begins, thousand USD: the trunk's, less what its stock and capacity are worth at its end."""
        plan, tree = self.plan, self.plan.tree
        trunk, last = tree.trunk, tree.trunk - 1
        discount = tree.discount(tree.mid, plan.case.number("discount_rate"))
        spent = float((plan.costs.to_numpy()[:, :trunk] * discount[:trunk]).sum())
        end = float(tree.end[last])
        left = (stock_worth(plan, last) + capacity_worth(plan, end)) * float(
            tree.discount(np.array([end]), plan.case.number("discount_rate"))[0]
        )
        return spent - left - self.proceeds

    @cached_property
    def worst_branch(self) -> dict[str, tuple[float, Branch]]:
        """For each kind of cutoff the largest cost of shortage (with lost output) of one that may come, thousand USD undiscounted, over the longest, and its branch."""
        tree = self.plan.tree
        by_node = self.plan.costs.loc[list(SHORT)].sum(axis=0).to_numpy()
        found: dict[str, tuple[float, Branch]] = {}
        for branch in tree.branches:
            nodes = tree.within(branch)
            if len(nodes) and tree.prob[nodes.start] > 0:
                cost = float(by_node[nodes.start : nodes.stop].sum())
                if branch.cutoff not in found or cost > found[branch.cutoff][0]:
                    found[branch.cutoff] = (cost, branch)
        return found

    @cached_property
    def worst(self) -> dict[str, tuple[float, float]]:
        """For each kind of cutoff the largest cost, and the month in which it begins."""
        return {kind: (cost, branch.start) for kind, (cost, branch) in self.worst_branch.items()}

    @cached_property
    def short(self) -> pd.DataFrame:
        """For each demand: expected tonnes short until the horizon, and their expected discounted cost in thousand USD."""
        data, n = self.plan.data, len(self.plan.tree)
        short = self.plan.values["shortage"].reshape(-1, n)
        price = data.values["shortage_price"].reshape(-1, n)
        index = pd.MultiIndex.from_tuples(data.sets["DEMANDS"], names=["material", "sector"])
        frame = {"tonnes": (short * self.plan.tree.prob).sum(axis=1), "cost": (short * price * data.values["weight"]).sum(axis=1)}
        return pd.DataFrame(frame, index)

    @cached_property
    def stock_cost(self) -> pd.Series:
        """For each material what its stock costs, thousand USD, expected and discounted.

        Purchases, home output taken in at the price of the material, holding and rotation, what opening stock would have brought on the first day, less what is left of it.
        """
        data, tree = self.plan.data, self.plan.tree
        materials = data.sets["MATERIALS"]
        weight, price = data.values["weight"], dict(zip(data.sets["MATERIAL_NODES"], data.values["price"].tolist(), strict=True))
        stock = self.plan.values["stock"].reshape(len(materials), -1)
        held = stock * data.values["price"].reshape(len(materials), -1)[:, : tree.aftermath] * (weight * tree.yrs)[: tree.aftermath]
        cost = held.sum(axis=1) * data.values["holding_rate"]
        rotated = stock[:, : tree.trunk] * (weight * tree.yrs)[: tree.trunk]
        cost += rotated.sum(axis=1) * data.values["rotation_rate"] * data.values["rotation_cost"]
        ends = data.sets["SETTLEMENTS"]
        worth = data.values["terminal_price"].reshape(len(materials), -1) * data.values["settle_weight"]
        cost -= (stock[:, ends] * worth).sum(axis=1) * data.values["resale_share"]
        found = pd.Series(cost, materials) + opening_worth(self.plan.case)
        buyer = self.plan.case["supply"].set_index("offer")
        bought = buyer.loc[buyer["buyer"] == "stockpile", "material"].to_dict()
        offered = zip(data.sets["SUPPLY"], self.plan.values["supply"].tolist(), data.values["offer_price"].tolist(), strict=True)
        for (offer, n), tonnes, at in offered:
            if tonnes and offer in bought:
                found[bought[offer]] += tonnes * at * weight[n]
        for (material, n), tonnes in zip(data.sets["OFFTAKES"], self.plan.values["offtake"].tolist(), strict=True):
            found[material] += tonnes * price[material, n] * weight[n]
        return found

    @cached_property
    def orders(self) -> dict[str, float]:
        """t/yr ordered in peace, by plant that can be ordered."""
        return capacity_in_peace(self.plan.data, orders_of(self.plan.data, self.plan.values.get("order", np.empty(0))))

    @cached_property
    def outlays(self) -> Floats:
        """(trunk nodes,): public money, thousand USD, undiscounted."""
        spent: Floats = self.plan.outlays.to_numpy()[:, : self.plan.tree.trunk].sum(axis=0)
        return spent


@dataclass(frozen=True)
class Programme:
    """The solves of one case; money in thousand USD, expected and discounted unless it is said otherwise."""

    plan: Future
    merchant: Future
    nothing: Future
    unpromised: Future
    today: Future

    @property
    def net_cost(self) -> float:
        """V(P) - V(N): what the programme costs beyond what it saves; negative is a gain."""
        return self.plan.cost - self.nothing.cost

    @property
    def exposure(self) -> float:
        """V(N) - V(M): what the hazard is expected to cost if nothing is done."""
        return self.nothing.cost - self.merchant.cost

    @property
    def averted(self) -> float:
        """L(N) - L(P): loss that the programme averts."""
        return self.nothing.loss - self.plan.loss

    @property
    def measures(self) -> float:
        """[V(P) - L(P)] - [V(N) - L(N)]: what its measures cost; net_cost is this less what is averted."""
        return self.plan.measures - self.nothing.measures

    @property
    def benefit_cost(self) -> float | None:
        """Loss averted for each USD of the measures; None where they cost nothing."""
        return self.averted / self.measures if self.measures > 0 else None

    @property
    def premium(self) -> float:
        """What the programme costs where no cutoff comes: the cost of that future, P less N, less what is left; discounted."""
        return self.plan.without_cutoff - self.nothing.without_cutoff

    @property
    def yearly_premium(self) -> float:
        """The level amount a year of the same present value, thousand USD/yr."""
        tree, rate = self.plan.plan.tree, self.plan.plan.case.number("discount_rate")
        return self.premium / float((tree.yrs * tree.discount(tree.mid, rate))[: tree.trunk].sum())

    @property
    def promise(self) -> float:
        """The price of the promises of coverage: P less P0, each the cheapest in what is minimised, so with the weight on risk; never negative."""
        return self.plan.objective - self.unpromised.objective


class Refused(NamedTuple):
    """Why there is no comparison: which of the solves has no answer, in words."""

    text: str


def programme(solved: Solved) -> Programme | Refused:
    """The solves around an optimal plan; what is not optimal is said instead.

    The session of `solved` is left as it was: with the program of the plan and its basis. Raises SolverError.
    """
    plan, session = solved.plan, solved.session
    assert plan.status is Status.OPTIMAL
    assert session is not None
    merchant = make_plan(merchant_case(plan.case))
    if merchant.status is not Status.OPTIMAL:
        return Refused(
            "without a stockpile the rules of the market cannot all hold, so there is no future of merchants alone to compare with"
        )
    builder, basis = Bounds(solved, session.program), session.basis
    proceeds = float(opening_worth(plan.case).sum())
    nothing = builder.nothing(merchant)
    answers = [builder.solved_with(session, program) for program in (builder.unpromised(), nothing)]
    kept = builder.solved_with(session, builder.today(nothing)) if (plan.data.values["opening_stock"] > 0).any() else None
    session.change(builder.program)
    session.set_basis(basis)
    for found in (*answers, *([kept] if kept else [])):
        if found.status is not Status.OPTIMAL:
            return Refused(f"a future to compare with has no answer ({found.status} {found.message})".replace(" )", ")"))
    free, alone = answers
    without = Future(alone, proceeds)
    return Programme(Future(plan), Future(merchant, proceeds), without, Future(free), Future(kept) if kept else without)


def merchant_case(case: Case) -> Case:
    """The case without hazard, promise or stockpile."""
    for sheet in HAZARD:
        case = case.with_frame(sheet, case[sheet].iloc[:0])
    pins, supply = case["pins"], case["supply"]
    case = case.with_frame("pins", pins[pins["item"] == "order"])
    case = case.with_frame("supply", supply[supply["buyer"] == "market"])
    case = case.with_frame("materials", case["materials"].assign(opening_stock=0.0, stock_limit=0.0, min_cover=0.0))
    case = case.with_frame("sectors", case["sectors"].assign(coverage=0.0))
    return case.with_frame("demand", case["demand"].assign(coverage=np.nan)).with_setting("risk_weight", 0.0)


def opening_worth(case: Case) -> pd.Series:
    """What the opening stock of each material brings on the first day, thousand USD."""
    materials = case["materials"].set_index("material")
    return materials["opening_stock"] * materials["price"] * materials["resale_share"]


def stock_worth(plan: Plan, node: int) -> float:
    """What the stock of the end of a node is worth at its end, thousand USD, undiscounted."""
    materials = plan.case["materials"]
    stock = plan.values["stock"].reshape(len(materials), -1)[:, node]
    price = materials["price"] * (1 + materials["price_growth"]) ** (plan.tree.end[node] / 12)
    return float((stock * materials["resale_share"] * price).sum())


def capacity_worth(plan: Plan, end: float) -> float:
    """What the capacity ordered in the trunk is worth in a month, thousand USD, undiscounted."""
    plants = plan.case["plants"].set_index("plant")
    worth = 0.0
    for (plant, speed, node), capacity in zip(plan.data.sets["ORDERS"], plan.values.get("order", np.empty(0)).tolist(), strict=False):
        if node < plan.tree.trunk and capacity:
            of = plants.loc[plant]
            ready = plan.tree.start[node] + of["lead_time" if speed == "normal" else "fast_lead_time"]
            worth += capacity * of["capex"] * of["residual_share"] * float(np.clip(1 - (end - ready) / (12 * of["life"]), 0, 1)) / 1000
    return worth
