"""What the data give in each node (formulation, section 3): sets and numbers of the model, as arrays.

`compute` is a pure function of the case. Every set is a list of indices and every
parameter one array in the order of one set, so that a changed number of the case
can be followed into the model without building it again.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from inputs.case import Case
from inputs.schema import EVERY, RECYCLING
from model.parameters import BY_NAME, SPEEDS
from model.tree import Floats, Tree, grow_tree


@dataclass(frozen=True)
class Data:
    """Sets, parameters (arrays in the order of their set) and links between indices of one case."""

    case: Case
    tree: Tree
    sets: Mapping[str, list[Any]]
    values: Mapping[str, Floats]
    links: Mapping[str, Mapping[Hashable, Any]]

    def table(self, name: str) -> dict[Any, float]:
        """A parameter as a dictionary over its set."""
        parameter = BY_NAME[name]
        return dict(zip(self.sets[parameter.over], self.values[name].tolist(), strict=True))

    def scalar(self, name: str) -> float:
        return float(self.values[name][0])


def compute(case: Case) -> Data:
    """Sets and numbers of the model of a case."""
    return Computation(case, grow_tree(case)).data()


class Computation:
    """One pass over the case; each method fills some sets, values and links."""

    def __init__(self, case: Case, tree: Tree) -> None:
        self.case, self.tree = case, tree
        self.sets: dict[str, list[Any]] = {}
        self.values: dict[str, Floats] = {}
        self.links: dict[str, Mapping[Hashable, Any]] = {}
        self.nodes = list(range(len(tree)))
        self.cutoff = np.array([tree.branches[b].cutoff if b >= 0 else "" for b in tree.branch.tolist()], dtype=object)
        losses = case["losses"][["country", "material", "cutoff", "from_month", "to_month", "supply_lost"]]
        self.losses = grouped(((country, material), row) for country, material, *row in records(losses))
        self.lost = cache(self.lost_to)

    def data(self) -> Data:
        self.tree_sets()
        self.materials()
        self.demands()
        self.offers()
        self.savings()
        self.plants()
        self.orders()
        self.coverage()
        self.policy()
        return Data(self.case, self.tree, MappingProxyType(self.sets), MappingProxyType(self.values), MappingProxyType(self.links))

    def put(self, name: str, **columns: Any) -> None:
        """Parameters over a set, in its order."""
        for column, values in columns.items():
            self.values[column] = np.ascontiguousarray(values, dtype=float).reshape(len(self.sets[name]) if name else 1)

    def tree_sets(self) -> None:
        tree, rate = self.tree, self.case.number("discount_rate")
        leaves = np.flatnonzero(tree.leaf > 0)
        self.sets |= {
            "NODES": self.nodes,
            "TRUNK": self.nodes[: tree.trunk],
            "LEAVES": leaves.tolist(),
            "STORAGE": self.nodes if np.isfinite(self.case.number("storage_limit")) else [],
        }
        middle, end = tree.discount(tree.mid, rate), tree.discount(tree.end, rate)[leaves]
        self.put("NODES", yrs=tree.yrs, weight=tree.prob * middle, discount=middle)
        self.put("LEAVES", leaf=tree.leaf[leaves], leaf_weight=tree.leaf[leaves] * end, discount_left=end)
        weight = self.case.number("risk_weight")
        self.sets["RISK_NODES"] = self.nodes if weight > 0 else []
        self.sets["RISK_LEAVES"] = self.sets["LEAVES"] if weight > 0 else []
        self.put("", risk_weight=weight, tail=self.case.number("tail"), storage_limit=self.case.number("storage_limit"), usd_per_kusd=1000)
        self.links["parent"] = dict(enumerate(tree.parent.tolist()))

    def grown(self, price: Floats, growth: Floats, months: Floats) -> Floats:
        """(rows, nodes): a yearly growth from month 0 applied to each row."""
        return np.asarray(price)[:, None] * (1 + np.asarray(growth))[:, None] ** (months[None, :] / 12)

    def materials(self) -> None:
        frame, tree, case = self.case["materials"], self.tree, self.case
        names = list(frame["material"])
        leaves = np.array(self.sets["LEAVES"], dtype=int)
        column = {c: frame[c].to_numpy() for c in frame.columns}
        self.sets["MATERIALS"] = names
        self.sets["MATERIAL_NODES"] = [(i, n) for i in names for n in self.nodes]
        self.sets["MATERIAL_LEAVES"] = [(i, n) for i in names for n in self.sets["LEAVES"]]
        self.put("MATERIALS", **{c: column[c] for c in (
            "opening_stock", "holding_rate", "rotation_rate", "rotation_cost", "resale_share", "surplus_cost", "stock_limit", "purchase_limit",
        )})  # fmt: skip
        rotates = column["rotation_rate"][:, None] > 0
        releasing = (tree.into - tree.length / 2 >= case.number("release_lag") - 1e-9) & ~tree.in_trunk
        in_branch = np.where(releasing, column["release_limit"][:, None] * tree.length, 0.0)
        self.price = self.grown(column["price"], column["price_growth"], tree.mid)
        self.put(
            "MATERIAL_NODES",
            price=self.price,
            kept=(1 - column["loss_rate"])[:, None] ** tree.yrs,
            release_max=np.where(tree.in_trunk, np.where(rotates, np.inf, 0.0), in_branch),
            surplus_max=column["surplus_limit"][:, None] * tree.yrs,
            min_stock=np.zeros((len(names), len(tree))),
        )
        self.put("MATERIAL_LEAVES", price_left=self.grown(column["price"], column["price_growth"], tree.end[leaves]))
        self.sets["ROTATION"] = [
            (i, n) for i, rate in zip(names, column["rotation_rate"], strict=True) if rate > 0 for n in self.sets["TRUNK"]
        ]
        self.sets["CAN_HOLD"] = [i for i, most in zip(names, column["stock_limit"], strict=True) if most > 0]
        self.sets["PURCHASE_LIMITS"] = [
            (i, n) for i, most in zip(names, column["purchase_limit"], strict=True) if np.isfinite(most) for n in self.sets["TRUNK"]
        ]
        self.number_of = {name: i for i, name in enumerate(names)}

    def demands(self) -> None:
        frame, tree, case = self.case["demand"], self.tree, self.case
        pairs = list(zip(frame["material"], frame["sector"], strict=True))
        self.sets["DEMANDS"] = pairs
        self.sets["DEMAND_NODES"] = [(i, k, n) for i, k in pairs for n in self.nodes]
        surge = np.ones((len(pairs), len(tree)))
        for cutoff, sector, multiple in records(case["surges"][["cutoff", "sector", "demand_multiple"]]):
            surge[np.ix_((frame["sector"] == sector).to_numpy(), self.cutoff == cutoff)] = multiple
        rate = self.grown(frame["demand"].to_numpy(), frame["growth"].to_numpy(), tree.mid) * surge
        self.demand = rate * tree.yrs
        rows = np.array([self.number_of[i] for i in frame["material"]], dtype=int)
        sectors = case["sectors"].set_index("sector")
        own = {c: frame[c].fillna(frame["sector"].map(sectors[c])).to_numpy(dtype=float) for c in ("coverage", "cover_months")}
        multiple = frame["sector"].map(sectors["shortage_multiple"]).to_numpy(dtype=float)
        fixed = frame["shortage_cost"].to_numpy()
        self.put(
            "DEMAND_NODES",
            demand=self.demand,
            shortage_price=np.where(np.isnan(fixed)[:, None], multiple[:, None] * self.price[rows], fixed[:, None]),
        )
        self.put("DEMANDS", coverage=own["coverage"])
        self.cover_months = own["cover_months"]
        yearly = np.zeros_like(self.price)
        np.add.at(yearly, rows, rate)
        ready = tree.in_trunk & (tree.end >= case.number("ready_by") - 1e-9)
        cover = case["materials"]["min_cover"].to_numpy()
        self.put("MATERIAL_NODES", min_stock=np.where(ready, cover[:, None] / 365 * yearly, 0.0))
        self.links["sectors_of"] = grouped((i, (i, k)) for i, k in pairs)

    def lost_to(self, country: str, material: str) -> Floats:
        """(nodes,): share of the supply of a material from a country that is lost; material `*` = rows for every material alone."""
        lost = np.zeros(len(self.tree))
        for wanted in (EVERY, material):
            for cutoff, begin, end, share in self.losses.get((country, wanted), ()):
                lost[(self.cutoff == cutoff) & (begin <= self.tree.into) & (self.tree.into < end)] = share
        return lost

    def available(self, frame: pd.DataFrame, materials: list[str]) -> Floats:
        """(rows, nodes): share of each offer or plant that a cutoff leaves, directly and through whom it depends on."""
        rows = zip(frame["country"], materials, frame["depends_on"], frame["dependence"], strict=True)
        return np.array(
            [(1 - self.lost(country, i)) * (1 - dependence * self.lost(depends_on, i)) for country, i, depends_on, dependence in rows]
        ).reshape(len(frame), len(self.tree))

    def offers(self) -> None:
        frame, tree, case = self.case["supply"], self.tree, self.case
        if not len(frame):
            self.sets["SUPPLY"] = []
            self.put("SUPPLY", offer_limit=[], offer_price=[])
            self.links |= {"market_offers": {}, "stockpile_offers": {}, "country_offers": {}}
            return
        column = {c: frame[c].to_numpy() for c in frame.columns}
        trunk = tree.in_trunk[None, :]
        market = (column["buyer"] == "market")[:, None]
        fits = (column["available"] == "always")[:, None] | np.where(
            trunk, (column["available"] == "peace")[:, None], (column["available"] == "cutoff")[:, None]
        )
        in_years = (np.nan_to_num(column["first_year"], nan=-np.inf)[:, None] <= tree.year) & (
            tree.year <= np.nan_to_num(column["last_year"], nan=np.inf)[:, None]
        )
        exists = (market | trunk) & fits & in_years
        ramp = np.where((column["available"] == "cutoff") & (column["ramp"] > 0), column["ramp"], 1e-9)[:, None]
        reach = self.available(frame, list(frame["material"])) * np.where(trunk, 1.0, np.minimum(1.0, tree.into / ramp))
        capacity = np.where(np.isfinite(column["capacity"]), column["capacity"], 1.0)[:, None] * tree.yrs * reach
        limit = np.where(np.isinf(column["capacity"])[:, None], np.where(reach > 0, np.inf, 0.0), capacity)
        rows = np.array([self.number_of[i] for i in frame["material"]], dtype=int)
        base = np.where(np.isnan(column["price"]), case["materials"]["price"].to_numpy()[rows], column["price"])
        multiples = dict(zip(case["cutoffs"]["cutoff"], case["cutoffs"]["price_multiple"], strict=True))
        dearer = np.where(market, np.array([multiples.get(c, 1.0) for c in self.cutoff]), 1.0)
        tariff = 1 + column["tariff"] * case.flag("count_tariffs")
        price = self.grown(base, case["materials"]["price_growth"].to_numpy()[rows], tree.mid) * dearer * tariff[:, None]
        which, where = np.nonzero(exists)
        names = frame["offer"].tolist()
        self.sets["SUPPLY"] = [(names[o], n) for o, n in zip(which.tolist(), where.tolist(), strict=True)]
        self.put("SUPPLY", offer_limit=limit[exists], offer_price=price[exists])
        keys = list(zip(frame["material"].tolist(), frame["buyer"].tolist(), frame["country"].tolist(), strict=True))
        market_offers, stockpile_offers, country_offers = {}, {}, {}  # type: ignore[var-annotated]
        for o, n in zip(which.tolist(), where.tolist(), strict=True):
            i, buyer, country = keys[o]
            if buyer == "stockpile":
                stockpile_offers.setdefault((i, n), []).append(names[o])
            else:
                market_offers.setdefault((i, n), []).append(names[o])
                country_offers.setdefault((i, country, n), []).append(names[o])
        self.links |= {"market_offers": market_offers, "stockpile_offers": stockpile_offers, "country_offers": country_offers}

    def savings(self) -> None:
        tree, pairs = self.tree, self.sets["DEMANDS"]
        branch_nodes = np.flatnonzero(~tree.in_trunk)
        options: list[tuple[str, str]] = []
        columns: dict[str, list[float]] = {"saving_cost": [], "substitute_rate": []}
        limits = []
        substitutes, saved_of, saved_from = {}, {}, {}  # type: ignore[var-annotated]
        for row in records(self.case["thrift"]):
            for i, k in [(i, k) for i, k in pairs if i == row.material and row.sector in (EVERY, k)]:
                options.append((row.option, k))
                columns["saving_cost"].append(float(row.cost))
                columns["substitute_rate"].append(float(row.substitute_rate))
                reach = np.minimum(1.0, tree.into[branch_nodes] / row.ramp) if row.ramp > 0 else 1.0
                limits.append(self.demand[pairs.index((i, k)), branch_nodes] * row.limit * reach)
                saved_of.setdefault(i, []).append((row.option, k))
                saved_from.setdefault((i, k), []).append((row.option, k))
                if row.substitute:
                    substitutes.setdefault(row.substitute, []).append((row.option, k))
        self.sets["OPTIONS"] = options
        self.sets["SAVINGS"] = [(t, k, n) for t, k in options for n in branch_nodes.tolist()]
        self.sets["DEMAND_LEFT"] = [(i, k, n) for i, k in saved_from for n in branch_nodes.tolist()]
        self.put("OPTIONS", **columns)
        self.put("SAVINGS", saving_max=np.array(limits).reshape(-1))
        self.links |= {"savings_of": saved_of, "savings_from": saved_from, "substitutes": substitutes}

    def plants(self) -> None:
        frame, tree, case = self.case["plants"], self.tree, self.case
        names = frame["plant"].tolist()
        home = set(frame["plant"][frame["country"] == case.home])
        recycling = set(frame["plant"][frame["kind"] == RECYCLING])
        modes = list(zip(case["modes"]["plant"], case["modes"]["mode"], strict=True))
        recipes = case["recipes"]
        self.sets["PLANTS"] = names
        self.sets["PLANT_NODES"] = [(p, n) for p in names for n in self.nodes]
        self.sets["MODES"] = modes
        self.sets["RUNS"] = [(p, q, n) for p, q in modes for n in self.nodes]
        self.sets["RECIPES"] = list(zip(recipes["plant"], recipes["mode"], recipes["material"], strict=True))
        self.put("RECIPES", quantity=recipes["quantity"].to_numpy())
        self.put("MODES", variable_cost=case["modes"]["variable_cost"].to_numpy(), capacity_use=case["modes"]["capacity_use"].to_numpy())
        self.put("PLANTS", **{c: frame[c].to_numpy() for c in (
            "opening_capacity", "capacity_limit", "capex", "fixed_cost", "public_share", "residual_share",
        )})  # fmt: skip
        usable = self.available(frame, [EVERY] * len(frame)) * frame["utilisation"].to_numpy()[:, None] * tree.yrs
        self.put("PLANT_NODES", usable=usable)
        made, used, made_home, recycled = {}, {}, {}, {}  # type: ignore[var-annotated]
        for p, q, i, quantity in records(recipes[["plant", "mode", "material", "quantity"]]):
            (made if quantity > 0 else used).setdefault(i, []).append((p, q))
            if quantity > 0 and p in home:
                made_home.setdefault(i, []).append((p, q))
                if p in recycling:
                    recycled.setdefault(i, []).append((p, q))
        self.links |= {
            "made": made,
            "used": used,
            "made_home": made_home,
            "made_recycled": recycled,
            "modes_of": grouped((p, q) for p, q in modes),
        }
        with_modes = set(self.links["modes_of"])
        self.sets["CAPACITIES"] = [(p, n) for p in names if p in with_modes for n in self.nodes]
        self.sets["OFFTAKES"] = [(i, n) for i in self.sets["CAN_HOLD"] if i in made_home for n in self.sets["TRUNK"]]

    def orders(self) -> None:
        """Orders, the shares of them on line in each node, and what is left of them at the leaves."""
        frame, tree, case = self.case["plants"], self.tree, self.case
        above, below = tree.pairs
        at_leaf = np.isin(below, self.sets["LEAVES"])
        rate = case.number("discount_rate")
        last_start = np.array([np.inf if b < 0 else tree.branches[b].start + tree.branches[b].longest for b in tree.branch.tolist()])
        if not case.flag("crisis_orders"):
            last_start[~tree.in_trunk] = -np.inf
        weight = tree.leaf * tree.discount(tree.end, rate)
        sets: dict[str, list[Any]] = {
            "ORDERS": [],
            "SPEED_ORDERS": [],
            "ONLINE": [],
            "ONLINE_ORDERS": [],
            "LEAF_ORDERS": [],
            "ORDER_PATHS": [],
        }
        factors: list[float] = []
        shares, left, left_at = [], [], []
        for row in records(frame[frame["capacity_limit"] > 0]):
            sets["ONLINE"] += [(row.plant, n) for n in self.nodes]
            ordered_anywhere: set[int] = set()
            for speed, lead, factor in ((SPEEDS[0], row.lead_time, 1.0), (SPEEDS[1], row.fast_lead_time, 1 + row.fast_premium)):
                if np.isnan(lead):
                    continue
                opens = (tree.year >= (row.first_year if row.first_year == row.first_year else -np.inf)) & (
                    tree.start + lead < last_start - 1e-9
                )
                ordered = np.flatnonzero(opens)
                ordered_anywhere.update(ordered.tolist())
                sets["SPEED_ORDERS"].append((row.plant, speed))
                factors.append(factor)
                sets["ORDERS"] += [(row.plant, speed, a) for a in ordered.tolist()]
                ready = tree.start[above] + lead
                on = opens[above] & (ready <= tree.start[below] + 1e-9) & (tree.start[below] < ready + 12 * row.life - 1e-9)
                share = np.ones(len(above)) if row.ramp == 0 else np.minimum(1.0, (tree.mid[below] - ready) / row.ramp)
                sets["ONLINE_ORDERS"] += [(row.plant, speed, a, n) for a, n in zip(above[on].tolist(), below[on].tolist(), strict=True)]
                shares.append(share[on])
                unused = np.clip(1 - (tree.end[below] - ready) / (12 * row.life), 0.0, 1.0)
                kept = at_leaf & opens[above]
                left.append(np.bincount(above[kept], (weight[below] * unused)[kept], minlength=len(tree))[ordered])
                if case.number("risk_weight") > 0:
                    kept &= unused > 0
                    sets["LEAF_ORDERS"] += [
                        (row.plant, speed, a, n) for a, n in zip(above[kept].tolist(), below[kept].tolist(), strict=True)
                    ]
                    left_at.append(unused[kept])
            sets["ORDER_PATHS"] += [(row.plant, n) for n in self.path_ends(ordered_anywhere)]
        self.sets |= sets
        self.put("SPEED_ORDERS", capex_factor=factors)
        self.put("ONLINE_ORDERS", online_share=np.concatenate([*shares, []]))
        self.put("ORDERS", unused_life=np.concatenate([*left, []]))
        self.put("LEAF_ORDERS", unused_life_at=np.concatenate([*left_at, []]))
        speeds = grouped(sets["SPEED_ORDERS"])
        self.links |= {
            "orders_online": grouped(((p, n), (p, s, a)) for p, s, a, n in sets["ONLINE_ORDERS"]),
            "orders_left": grouped((n, (p, s, a)) for p, s, a, n in sets["LEAF_ORDERS"]),
            "orders_in": grouped((n, (p, s)) for p, s, n in sets["ORDERS"]),
            "orders_at": grouped(((p, n), s) for p, s, n in sets["ORDERS"]),
            "speeds": speeds,
            "online_in": grouped((n, p) for p, n in sets["ONLINE"]),
        }

    def path_ends(self, ordered: set[int]) -> list[int]:
        """The ends of the paths whose orders are limited together: the trunk's, and those of branches with orders of their own."""
        tree = self.tree
        ends = [tree.trunk - 1] if any(n < tree.trunk for n in ordered) else []
        return ends + [branch.nodes[-1] for branch in tree.branches if not ordered.isdisjoint(branch.nodes)]

    def coverage(self) -> None:
        tree, crisis, ready_by = self.tree, self.case.number("crisis_period"), self.case.number("ready_by")
        protected = [b for b, branch in enumerate(tree.branches) if branch.protected and branch.start >= ready_by - 1e-9]
        covered = [
            (pair, months)
            for pair, share, months in zip(self.sets["DEMANDS"], self.values["coverage"], self.cover_months, strict=True)
            if share > 0
        ]
        self.sets["COVERAGE"] = [
            (b, i, k, count)
            for b in protected
            for (i, k), months in covered
            for count in range(1, min(len(tree.branches[b].nodes), int(months / crisis + 1e-9)) + 1)
        ]
        self.links["branch_nodes"] = {b: branch.nodes for b, branch in enumerate(tree.branches)}

    def policy(self) -> None:
        case, tree = self.case, self.tree
        year_of = dict(enumerate(tree.year[: tree.trunk].tolist()))
        budget = case["budget"].sort_values("year")
        years = budget["year"].astype(int).tolist()
        amounts = 1000 * budget["amount"].to_numpy()
        carry = case.flag("budget_carryover")
        spans = {y: [n for n, year in year_of.items() if year == y or (carry and year in years and year < y)] for y in years}
        counted = [bool(spans[y]) for y in years]
        self.sets["BUDGET_YEARS"] = [y for y, some in zip(years, counted, strict=True) if some]
        self.put("BUDGET_YEARS", budget_amount=(np.cumsum(amounts) if carry else amounts)[np.array(counted, dtype=bool)])
        self.links["budget_nodes"] = {y: spans[y] for y in self.sets["BUDGET_YEARS"]}
        self.sets["SHARE_CAPS"], caps = since_year(case["share_caps"], ["material", "country"], "cap", year_of)
        self.put("SHARE_CAPS", cap=caps)
        self.sets["FLOORS"], floors = since_year(case["floors"], ["material", "origin"], "share", year_of)
        self.put("FLOORS", floor=floors)
        plants = case["plants"]
        home = plants[plants["country"] == case.home]
        rows = [(row.kind, n, row.capacity) for row in records(case["capacity_floors"]) for n, year in year_of.items() if year == row.year]
        self.sets["CAPACITY_FLOORS"] = [(kind, n) for kind, n, _ in rows]
        self.put("CAPACITY_FLOORS", capacity_floor=[capacity for _, _, capacity in rows])
        self.links["home_plants"] = grouped(zip(home["kind"], home["plant"], strict=True))


def since_year(frame: pd.DataFrame, key: list[str], column: str, year_of: Mapping[int, int]) -> tuple[list[Any], list[float]]:
    """Indices (*key, trunk node) from `from_year` on, and the column's value for each."""
    rows = [
        ((*(getattr(row, k) for k in key), n), getattr(row, column))
        for row in records(frame)
        for n, year in year_of.items()
        if not year < row.from_year
    ]
    return [index for index, _ in rows], [value for _, value in rows]


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a small sheet, with a column as an attribute."""
    return iter(frame.itertuples(index=False))


def grouped(pairs: Any) -> dict[Any, list[Any]]:
    """Second members by first member, in order."""
    groups: dict[Any, list[Any]] = {}
    for key, member in pairs:
        groups.setdefault(key, []).append(member)
    return groups
