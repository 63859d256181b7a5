"""What plans that cost nearly the same may be told apart by: public money, deep-sea mining, what comes from one country, what is made at home."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from inputs.arrays import Floats
from inputs.case import Case
from model.costs import break_down
from model.plan import Plan, Solved, columns_of
from model.tree import Tree

NODULES = "nodule"
"""In the kind of a plant: it is of deep-sea mining."""

MILLION = 1000.0
"""Thousand USD."""


@dataclass(frozen=True)
class Measure:
    """A sum over a plan's quantities: `weights[variable]` over its set; as little of it as can be is sought (`sign` -1), or as much (1)."""

    name: str
    aim: str
    unit: str
    sign: float
    weights: Mapping[str, Floats]
    lowest: float = 0.0
    country: str = ""
    """Whose share the market is held to; "" leaves the market free."""

    def of(self, plan: Plan) -> float:
        """The amount in a plan of the same quantities."""
        return float(sum(of @ plan.values[variable] for variable, of in self.weights.items()))


def measures(solved: Solved) -> tuple[Measure, ...]:
    """The measures that tell plans of a case apart."""
    return tuple(found for found in (public_money(solved), deep_sea(solved.plan), from_abroad(solved.plan), at_home(solved.plan)) if found)


def public_money(solved: Solved) -> Measure | None:
    """Outlays of the trunk, as the budget counts them and as the first page adds them up: undiscounted, if no cutoff begins."""
    assert solved.session is not None
    plan, program = solved.plan, solved.session.program
    breakdown, coefficients = break_down(solved.model, program.columns)
    first, last = len(breakdown.terms), len(breakdown.terms) + len(breakdown.outlays)
    mine = (breakdown.row >= first) & (breakdown.row < last) & (breakdown.column < len(program.cost))
    amounts = np.array(coefficients, dtype=float)[mine] / MILLION
    spent = np.bincount(breakdown.column[mine], amounts, len(program.cost) + 1).astype(np.float64)
    weights = {v: spent[columns_of(solved.model, program, v)] for v in ("supply", "offtake", "stock", "order") if v in plan.values}
    weights = {v: of for v, of in weights.items() if of.any()}
    return Measure("Public money if no cutoff begins, not discounted", "least public money", "M USD", -1.0, weights) if weights else None


def deep_sea(plan: Plan) -> Measure | None:
    """Capacity of plants that mine or refine nodules, ordered in peace."""
    plants = plan.case["plants"]
    nodules = set(plants.loc[plants["kind"].str.contains(NODULES, case=False), "plant"])
    if "order" not in plan.values or not nodules:
        return None
    weights = np.array([float(p in nodules and n < plan.tree.trunk) for p, _, n in plan.data.sets["ORDERS"]])
    if not weights.any():
        return None
    return Measure("Capacity for nodules ordered in peace", "least deep-sea mining", "t/yr", -1.0, {"order": weights})


def from_abroad(plan: Plan) -> Measure | None:
    """What is paid in peace for offers of the country abroad that is most likely to be cut off, expected and discounted."""
    country = plan.case["supply"].set_index("offer")["country"]
    abroad = set(country) - {plan.case.home}
    cut = {name: chance for name, chance in chances(plan.case, plan.tree).items() if name in abroad and chance > 0}
    if not cut:
        return None
    most = max(cut, key=lambda name: (cut[name], name))
    there = [country[offer] == most and n < plan.tree.trunk for offer, n in plan.data.sets["SUPPLY"]]
    weights = np.where(there, offers_cost(plan), 0.0)
    if not weights.any():
        return None
    return Measure(
        f"Bought from {most} in peace, expected and discounted",
        f"least bought from {most}",
        "M USD",
        -1.0,
        {"supply": weights},
        country=most,
    )


def chances(case: Case, tree: Tree) -> dict[str, float]:
    """For each country that cutoffs cut, the sum over them of the chance that it begins in the plan x the largest share of supply lost."""
    chance: dict[str, float] = {}
    for branch in tree.branches:
        chance[branch.cutoff] = chance.get(branch.cutoff, 0.0) + float(tree.prob[branch.nodes[0]])
    found: dict[str, float] = {}
    largest = case["losses"].groupby(["cutoff", "country"])["supply_lost"].max().reset_index()
    for cutoff, name, lost in largest.itertuples(index=False, name=None):
        found[name] = found.get(name, 0.0) + chance.get(cutoff, 0.0) * lost
    return found


def offers_cost(plan: Plan) -> Floats:
    """(SUPPLY,): what a tonne of each offer costs, M USD, expected and discounted."""
    nodes = np.array([n for _, n in plan.data.sets["SUPPLY"]], dtype=np.int64)
    cost: Floats = plan.data.values["offer_price"] * plan.data.values["weight"][nodes] / MILLION
    return cost


def at_home(plan: Plan) -> Measure | None:
    """What plants at home add at the prices of the materials: made, less used, less what of all materials nobody needs; expected and discounted."""
    case, data = plan.case, plan.data
    home = set(case["plants"].loc[case["plants"]["country"] == case.home, "plant"])
    price = dict(zip(data.sets["MATERIAL_NODES"], (data.values["price"]).tolist(), strict=True))
    weight = data.values["weight"]
    made: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for plant, mode, material, quantity in recipes(plan):
        if plant in home:
            made.setdefault((plant, mode), []).append((material, quantity))
    if not made or "run" not in plan.values:
        return None
    run = [sum(q * price[i, n] for i, q in made.get((p, mode), ())) * weight[n] / MILLION for p, mode, n in data.sets["RUNS"]]
    weights = {"run": np.array(run)}
    if "surplus" in plan.values:
        weights["surplus"] = np.array([-price[i, n] * weight[n] / MILLION for i, n in data.sets[plan.over["surplus"]]])
    return Measure("Value added at home, expected and discounted", "most made at home", "M USD", 1.0, weights, -math.inf)


def recipes(plan: Plan) -> Iterator[tuple[str, str, str, float]]:
    """(plant, mode, material, t/t) of each row of `recipes`."""
    frame = plan.case["recipes"]
    yield from zip(frame["plant"], frame["mode"], frame["material"], frame["quantity"].tolist(), strict=True)
