"""What every plan must keep, recomputed from its quantities and the rows of its workbook, not from the model.

Each check is a line of sections 3 to 6 of the formulation page, written again over plain dictionaries.
"""

import math
from collections import defaultdict
from functools import cache
from typing import Any

import numpy as np
import pytest

from inputs.schema import BY_NAME
from model.plan import Plan, make_plan
from tests.kit.cases import expected, load_case, names
from tests.kit.small import every_sheet

OPTIMAL = [name for name in names() if expected(name)[0] == "optimal"]
CASES = [*OPTIMAL, "every sheet"]

Values = dict[tuple[Any, ...], float]


class Ledger:
    """The quantities of a plan by index, and what the rows of its workbook say of each node."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.tree, self.case = plan, plan.tree, plan.case
        self.nodes = range(len(self.tree))
        self.trunk = range(self.tree.trunk)
        self.crisis = range(self.tree.trunk, self.tree.aftermath)
        self.peace = [n for n in self.nodes if n not in self.crisis]
        self.held = range(self.tree.aftermath)
        self.rows: dict[str, list[Any]] = {sheet: frame.to_dict("records") for sheet, frame in plan.case.frames.items()}
        self.material = {row["material"]: row for row in self.rows["materials"]}
        self.offer = {row["offer"]: row for row in self.rows["supply"]}
        self.plant = {row["plant"]: row for row in self.rows["plants"]}
        self.cutoff = {row["cutoff"]: row for row in self.rows["cutoffs"]}
        self.sector = {row["sector"]: row for row in self.rows["sectors"]}
        self.option = {row["option"]: row for row in self.rows["thrift"]}
        self.mode = {(row["plant"], row["mode"]): row for row in self.rows["modes"]}
        self.values: dict[str, Values] = defaultdict(dict)
        for variable in plan.values:
            frame = plan.frame(variable)
            indices = frame.drop(columns="value").itertuples(index=False, name=None)
            self.values[variable] = dict(zip(indices, frame["value"].tolist(), strict=True))
        self.supplied: dict[tuple[str, str, int], list[tuple[str, float]]] = defaultdict(list)
        for (o, n), value in self.values["supply"].items():
            self.supplied[self.offer[o]["buyer"], self.offer[o]["material"], n].append((o, value))
        self.recipes: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
        for row in self.rows["recipes"]:
            self.recipes[row["material"]].append((row["plant"], row["mode"], row["quantity"]))

    def get(self, variable: str, *index: Any) -> float:
        return self.values[variable].get(index, 0.0)

    def branch_of(self, n: int) -> Any:
        """The branch of a node of a cutoff or of its aftermath."""
        return self.tree.branches[int(self.tree.branch[n])]

    def cutoff_of(self, n: int) -> str:
        """The cutoff of a branch node, "" in peace."""
        return self.branch_of(n).cutoff if n in self.crisis else ""

    def fade(self, n: int) -> float:
        """What is left of a cutoff in its aftermath, on average over the node: it falls in a line, so it is that of the middle of the months until recovery."""
        recovery = self.cutoff[self.branch_of(n).cutoff]["recovery"]
        if not recovery:
            return 0.0
        since = self.tree.start[n] - self.tree.end[self.tree.after[n]]
        until = max(0.0, min(float(self.tree.length[n]), recovery - since))
        return until * (1 - (since + until / 2) / recovery) / float(self.tree.length[n])

    def into(self, n: int) -> float:
        b = self.tree.branches[int(self.tree.branch[n])]
        return float(self.tree.mid[n] - b.start)

    def price(self, m: str, month: float) -> float:
        return self.material[m]["price"] * (1 + self.material[m]["price_growth"]) ** (month / 12)

    def discount(self, month: float) -> float:
        return (1 + self.case.number("discount_rate")) ** (-month / 12)

    def lost(self, country: str, names: tuple[str, ...], n: int) -> float:
        """Share lost of what rows of `losses` may call by one of the names, the narrowest first."""
        if n in self.trunk or not country:
            return 0.0
        if n not in self.crisis:
            return self.fade(n) * self.lost(country, names, int(self.tree.after[n]))
        for wanted in (*names, "*"):
            for row in self.rows["losses"]:
                here = (row["cutoff"], row["country"], row["material"]) == (self.cutoff_of(n), country, wanted)
                if here and row["from_month"] <= self.into(n) < row["to_month"]:
                    return row["supply_lost"]
        return 0.0

    def available(self, row: dict[str, Any], names: tuple[str, ...], n: int) -> float:
        return (1 - self.lost(row["country"], names, n)) * (1 - row["dependence"] * self.lost(row["depends_on"], names, n))

    def demand(self, row: dict[str, Any], n: int) -> float:
        surge = 1.0
        for s in self.rows["surges"]:
            if (s["cutoff"], s["sector"]) == (self.cutoff_of(n), row["sector"]):
                surge = s["demand_multiple"]
        return row["demand"] * (1 + row["growth"]) ** (self.tree.mid[n] / 12) * self.tree.yrs[n] * surge

    def offer_price(self, o: str, n: int) -> float:
        row = self.offer[o]
        own = row["price"] if row["price"] == row["price"] else row["price_share"] * self.material[row["material"]]["price"]
        grown = own * (1 + self.material[row["material"]]["price_growth"]) ** (self.tree.mid[n] / 12)
        dearer = 1.0
        if row["buyer"] == "market" and row["country"] != self.case.home and n not in self.trunk:
            above = self.cutoff[self.branch_of(n).cutoff]["price_multiple"] - 1
            dearer = 1 + above * (1 if n in self.crisis else self.fade(n))
        return grown * dearer * (1 + row["tariff"] * self.case.flag("count_tariffs"))

    def made(self, m: str, n: int, kinds: str = "", home: bool = False) -> float:
        return sum(
            quantity * self.get("run", p, q, n)
            for p, q, quantity in self.recipes[m]
            if quantity > 0 and (not home or self.plant[p]["country"] == self.case.home) and (not kinds or self.plant[p]["kind"] == kinds)
        )

    def used(self, m: str, n: int) -> float:
        return -sum(quantity * self.get("run", p, q, n) for p, q, quantity in self.recipes[m] if quantity < 0)

    def orders_on(self, n: int) -> list[tuple[str, str, int, float]]:
        """(plant, speed, node of the order, t/yr) along the path to a node."""
        path = set(self.tree.path(n))
        return [(p, s, a, value) for (p, s, a), value in self.values["order"].items() if a in path]

    def ready(self, p: str, speed: str, a: int) -> float:
        return float(self.tree.start[a]) + self.plant[p]["lead_time" if speed == "normal" else "fast_lead_time"]

    def online(self, n: int) -> dict[str, float]:
        online: dict[str, float] = defaultdict(float)
        for p, speed, a, value in self.orders_on(n):
            row, ready = self.plant[p], self.ready(p, speed, a)
            begin, end = (min(max(float(month) - ready, 0.0), 12 * row["life"]) for month in (self.tree.start[n], self.tree.end[n]))
            full = max(end - max(begin, row["ramp"]), 0.0)
            rising = (min(end, row["ramp"]) ** 2 - min(begin, row["ramp"]) ** 2) / (2 * row["ramp"]) if row["ramp"] else 0.0
            online[p] += value * (full + rising) / float(self.tree.length[n])
        return online

    def before(self, m: str, n: int) -> float:
        a = int(self.tree.parent[n])
        return self.material[m]["opening_stock"] if a < 0 else self.get("stock", m, a)

    def capex(self, p: str, speed: str) -> float:
        row = self.plant[p]
        return row["capex"] * (1 + row["fast_premium"] if speed == "fast" else 1) / 1000

    def terms(self, n: int) -> dict[str, float]:
        """Each cost term of a node in thousand USD, before probability and discount."""
        mid, yrs = float(self.tree.mid[n]), float(self.tree.yrs[n])
        bought = {
            b: sum(v * self.offer_price(o, n) for m in self.material for o, v in self.supplied[b, m, n]) for b in ("market", "stockpile")
        }
        online = self.online(n)
        return {
            "cost_supply": bought["market"],
            "cost_purchase": bought["stockpile"],
            "cost_order": sum(v * self.capex(p, s) for (p, s, a), v in self.values["order"].items() if a == n),
            "cost_fixed": sum(v * self.plant[p]["fixed_cost"] * yrs / 1000 for p, v in online.items()),
            "cost_run": sum(self.get("run", *pq, n) * row["variable_cost"] / 1000 for pq, row in self.mode.items()),
            "cost_holding": sum(
                self.get("stock", m, n) * self.price(m, mid) * row["holding_rate"] * yrs for m, row in self.material.items()
            ),
            "cost_rotation": sum(
                self.get("stock", m, n) * row["rotation_rate"] * row["rotation_cost"] * yrs
                for m, row in self.material.items()
                if n in self.trunk
            ),
            "cost_lost_output": sum(self.output_lost(k, n)[1] * yrs * 1000 for k in self.sector),
            "cost_shortage": sum(
                self.get("shortage", r["material"], r["sector"], n) * self.shortage_price(r, n) for r in self.rows["demand"]
            ),
            "cost_saving": sum(v * self.option[t]["cost"] for (t, _, a), v in self.values["saving"].items() if a == n),
            "cost_surplus": sum(self.get("surplus", m, n) * self.surplus_price(m, mid) for m in self.material),
        }

    def shortage_price(self, row: dict[str, Any], n: int) -> float:
        own = row["shortage_cost"]
        if own == own:
            return own
        if any(tier["sector"] == row["sector"] for tier in self.rows["output_loss"]):
            return 0.0
        return self.sector[row["sector"]]["shortage_multiple"] * self.price(row["material"], float(self.tree.mid[n]))

    def surplus_price(self, m: str, month: float) -> float:
        own = self.material[m]["surplus_cost"]
        return own if own == own else -self.material[m]["surplus_share"] * self.price(m, month)

    def output_lost(self, k: str, n: int) -> tuple[float, float]:
        """Share of a sector's output that is lost, and its worth in M USD a year."""
        tiers = sorted((tier["up_to"], tier["value"]) for tier in self.rows["output_loss"] if tier["sector"] == k)
        lost = [self.get("lost_output", k, number, n) for number, _ in enumerate(tiers, start=1)]
        below = [0.0, *(up_to for up_to, _ in tiers)]
        assert all(-1e-9 <= x <= up_to - low + 1e-9 for x, (up_to, _), low in zip(lost, tiers, below, strict=False))
        return sum(lost), sum(x * value for x, (_, value) in zip(lost, tiers, strict=True))

    def left(self, n: int) -> tuple[float, float]:
        """Worth of the stock settled on the path to a leaf and of the capacity left at it, discounted, before probability."""
        settled = n if n in self.held else int(self.tree.after[n])
        then, end = float(self.tree.end[settled]), float(self.tree.end[n])
        stock = sum(self.get("stock", m, settled) * row["resale_share"] * self.price(m, then) for m, row in self.material.items())
        capacity = 0.0
        for p, speed, a, value in self.orders_on(n):
            row = self.plant[p]
            life = min(1.0, max(0.0, 1 - (end - self.ready(p, speed, a)) / (12 * row["life"])))
            capacity += value * row["capex"] / 1000 * row["residual_share"] * life
        return self.discount(then) * stock, self.discount(end) * capacity


@cache
def ledger(name: str) -> Ledger:
    plan = make_plan(every_sheet() if name == "every sheet" else load_case(name))
    assert plan.status == "optimal"
    return Ledger(plan)


def near(value: float, scale: float = 1) -> Any:
    return pytest.approx(value, rel=1e-6, abs=1e-5 * max(1.0, abs(scale)))


@pytest.mark.parametrize("name", CASES)
def test_stock_is_what_was_there_and_what_came_in_less_what_went_out(name: str) -> None:
    x = ledger(name)

    for m, row in x.material.items():
        for n in x.held:
            was = x.before(m, n)
            bought = sum(value for _, value in x.supplied["stockpile", m, n])
            kept = was * (1 - row["loss_rate"]) ** x.tree.yrs[n]
            assert x.get("stock", m, n) == near(kept + bought + x.get("offtake", m, n) - x.get("release", m, n), was)
            assert -1e-6 <= x.get("stock", m, n) <= row["stock_limit"] + 1e-5
            if n in x.trunk:
                assert (m, n) not in x.values["release"]
                assert x.get("offtake", m, n) <= x.made(m, n, home=True) + 1e-5
                assert bought + x.get("offtake", m, n) <= row["purchase_limit"] * x.tree.yrs[n] + 1e-5
            else:
                assert bought == x.get("offtake", m, n) == 0
                assert x.get("release", m, n) <= row["release_limit"] * x.tree.length[n] + 1e-5
                if x.into(n) - x.tree.length[n] / 2 < x.case.number("release_lag") - 1e-9:
                    assert x.get("release", m, n) == near(0)


@pytest.mark.parametrize("name", CASES)
def test_cover_and_storage_hold(name: str) -> None:
    x = ledger(name)
    yearly = {m: [sum(x.demand(r, n) / x.tree.yrs[n] for r in x.rows["demand"] if r["material"] == m) for n in x.trunk] for m in x.material}

    for n in x.held:
        assert sum(x.get("stock", m, n) for m in x.material) <= x.case.number("storage_limit") + 1e-5
        if n in x.trunk and x.tree.end[n] >= x.case.number("ready_by") - 1e-9:
            for m, row in x.material.items():
                assert x.get("stock", m, n) >= row["min_cover"] / 365 * yearly[m][n] - 1e-5


@pytest.mark.parametrize("name", CASES)
def test_the_market_of_each_material_is_balanced(name: str) -> None:
    x = ledger(name)

    for m in x.material:
        of_it = [r for r in x.rows["demand"] if r["material"] == m]
        for n in x.nodes:
            inflow = sum(v for _, v in x.supplied["market", m, n]) + x.made(m, n) + x.get("release", m, n)
            sold = sum(x.demand(r, n) - x.get("shortage", m, r["sector"], n) for r in of_it)
            saved = sum(v for (t, _, a), v in x.values["saving"].items() if a == n and x.option[t]["material"] == m)
            swapped = sum(
                v * x.option[t]["substitute_rate"]
                for (t, _, a), v in x.values["saving"].items()
                if a == n and x.option[t]["substitute"] == m
            )
            outflow = x.used(m, n) + x.get("offtake", m, n) + sold - saved + swapped + x.get("surplus", m, n)
            assert inflow == near(outflow, inflow)
            assert -1e-6 <= x.get("surplus", m, n) <= x.material[m]["surplus_limit"] * x.tree.yrs[n] + 1e-5


@pytest.mark.parametrize("name", CASES)
def test_no_more_is_saved_or_short_than_is_needed(name: str) -> None:
    x = ledger(name)

    for r in x.rows["demand"]:
        m, k = r["material"], r["sector"]
        for n in x.nodes:
            saved = {t: v for (t, sector, a), v in x.values["saving"].items() if (sector, a) == (k, n) and x.option[t]["material"] == m}
            assert x.get("shortage", m, k, n) + sum(saved.values()) <= x.demand(r, n) * (1 + 1e-9) + 1e-5
            for t, value in saved.items():
                ramp = x.option[t]["ramp"]
                assert n in x.crisis
                assert value <= x.demand(r, n) * x.option[t]["limit"] * (min(1, x.into(n) / ramp) if ramp else 1) + 1e-5


@pytest.mark.parametrize("name", CASES)
def test_no_offer_gives_more_than_it_has(name: str) -> None:
    x = ledger(name)

    for (o, n), value in x.values["supply"].items():
        row = x.offer[o]
        share = x.available(row, (row["material"],), n)
        if row["available"] == "cutoff" and row["ramp"]:
            share *= min(1, x.into(n) / row["ramp"])
        opens, closes = 12 * (row["first_year"] - x.tree.start_year), 12 * (row["last_year"] + 1 - x.tree.start_year)
        begin = max(x.tree.start[n], opens) if opens == opens else x.tree.start[n]
        end = min(x.tree.end[n], closes) if closes == closes else x.tree.end[n]
        most = row["capacity"] * (end - begin) / 12 * share if share else 0
        assert -1e-6 <= value <= most * (1 + 1e-9) + 1e-5
        assert n in x.trunk or row["buyer"] == "market"
        assert row["available"] in ("always", "cutoff" if n in x.crisis else "peace")
        assert begin < end


@pytest.mark.parametrize("name", CASES)
def test_no_plant_runs_above_what_stands_and_is_on_line(name: str) -> None:
    x = ledger(name)

    for n in x.nodes:
        online = x.online(n)
        for p, row in x.plant.items():
            taken = sum(mode["capacity_use"] * x.get("run", p, q, n) for (plant, q), mode in x.mode.items() if plant == p)
            stands = row["opening_capacity"] + online[p]
            assert x.get("online", p, n) == near(online[p], online[p])
            assert taken <= row["utilisation"] * x.tree.yrs[n] * x.available(row, (p, row["kind"]), n) * stands * (1 + 1e-9) + 1e-5


@pytest.mark.parametrize("name", CASES)
def test_orders_keep_to_their_limit_and_time(name: str) -> None:
    x = ledger(name)

    for n in x.nodes:
        total: dict[str, float] = defaultdict(float)
        for p, _, _, value in x.orders_on(n):
            total[p] += value
        assert all(value <= x.plant[p]["capacity_limit"] + 1e-5 for p, value in total.items())
    for p, speed, a in x.values["order"]:
        assert not x.plant[p]["first_year"] > x.tree.year[a]
        assert a in x.held
        if a not in x.trunk and x.case.flag("aftermath"):
            assert x.case.flag("crisis_orders")
            assert x.ready(p, speed, a) < 12 * x.case.number("horizon")
        elif a not in x.trunk:
            longest = max(
                math.ceil(r["months"] / x.case.number("crisis_period") - 1e-9) for r in x.rows["durations"] if r["cutoff"] == x.cutoff_of(a)
            )
            begun = x.tree.branches[int(x.tree.branch[a])].start
            assert x.case.flag("crisis_orders")
            assert x.ready(p, speed, a) < begun + longest * x.case.number("crisis_period")


@pytest.mark.parametrize("name", CASES)
def test_every_promise_of_coverage_is_kept(name: str) -> None:
    x = ledger(name)
    crisis = x.case.number("crisis_period")

    for b in x.tree.branches:
        if not x.cutoff[b.cutoff]["protected"] or b.start < x.case.number("ready_by"):
            continue
        for r in x.rows["demand"]:
            share, months = (r[c] if r[c] == r[c] else x.sector[r["sector"]][c] for c in ("coverage", "cover_months"))
            for count, n in enumerate(b.nodes, start=1):
                needed = x.demand(r, n)
                if count * crisis <= months:
                    assert x.get("shortage", r["material"], r["sector"], n) <= (1 - share) * needed + 1e-6 * max(1, needed)


@pytest.mark.parametrize("name", CASES)
def test_a_sector_loses_the_output_of_the_material_that_it_is_most_short_of(name: str) -> None:
    x = ledger(name)

    for n in x.nodes:
        for k in {tier["sector"] for tier in x.rows["output_loss"]}:
            lost, _ = x.output_lost(k, n)
            for r in x.rows["demand"]:
                if r["sector"] == k:
                    assert x.get("shortage", r["material"], k, n) <= lost * x.demand(r, n) + 1e-5


@pytest.mark.parametrize("name", CASES)
def test_pins_are_kept(name: str) -> None:
    x = ledger(name)

    for r in x.rows["pins"]:
        nodes = [n for n in x.trunk if x.tree.year[n] == r["year"]]
        bought = sum(v for n in nodes for _, v in x.supplied["stockpile", r["name"], n]) + sum(
            x.get("offtake", r["name"], n) for n in nodes
        )
        ordered = sum(v for (p, _, a), v in x.values["order"].items() if p == r["name"] and a in nodes)
        value = {"stock": x.get("stock", r["name"], nodes[-1]), "purchase": bought, "order": ordered}[r["item"]]
        assert r["at_least"] - 1e-5 <= value <= r["at_most"] + 1e-5


@pytest.mark.parametrize("name", CASES)
def test_policy_is_kept(name: str) -> None:
    """Budgets, share caps, floors and capacity floors, in the trunk."""
    x = ledger(name)
    year = x.tree.year

    spent: dict[int, float] = defaultdict(float)
    for n in x.trunk:
        terms = x.terms(n)
        public = sum(v * x.capex(p, s) * x.plant[p]["public_share"] for (p, s, a), v in x.values["order"].items() if a == n)
        taken = sum(x.get("offtake", m, n) * x.price(m, float(x.tree.mid[n])) for m in x.material)
        spent[int(year[n])] += terms["cost_purchase"] + terms["cost_holding"] + terms["cost_rotation"] + public + taken
    so_far = money = 0.0
    for r in sorted(x.rows["budget"], key=lambda r: r["year"]):
        carried = (so_far, money) if x.case.flag("budget_carryover") else (0.0, 0.0)
        so_far, money = carried[0] + spent[int(r["year"])], carried[1] + 1000 * r["amount"]
        assert so_far <= money * (1 + 1e-9) + 1e-4

    for n in x.trunk:
        for r in x.rows["share_caps"]:
            offered = x.supplied["market", r["material"], n]
            of_it = sum(v for o, v in offered if x.offer[o]["country"] == r["country"])
            if not year[n] < r["from_year"]:
                used = sum(v for _, v in offered) + x.made(r["material"], n) - x.get("surplus", r["material"], n)
                assert of_it <= r["cap"] * used + 1e-5
        for r in x.rows["floors"]:
            needed = sum(x.demand(d, n) for d in x.rows["demand"] if d["material"] == r["material"])
            from_home = sum(v for o, v in x.supplied["market", r["material"], n] if x.offer[o]["country"] == x.case.home)
            at_home = x.made(r["material"], n, home=True) + from_home - x.get("surplus", r["material"], n)
            counted = x.made(r["material"], n, "recycling", home=True) if r["origin"] == "recycled" else at_home
            if not year[n] < r["from_year"]:
                assert counted >= r["share"] * needed - 1e-5
        for r in x.rows["capacity_floors"]:
            home = [p for p, row in x.plant.items() if (row["country"], row["kind"]) == (x.case.home, r["kind"])]
            if year[n] == r["year"]:
                assert sum(x.plant[p]["opening_capacity"] + x.online(n)[p] for p in home) >= r["capacity"] - 1e-5


@pytest.mark.parametrize("name", CASES)
def test_costs_are_quantities_times_the_prices_of_the_rows_and_add_up(name: str) -> None:
    """Each term in each node, what is left at each leaf, their expectation, and, with a weight on risk, the average of the worst outcomes."""
    x = ledger(name)
    plan, tree = x.plan, x.tree
    terms = [x.terms(n) for n in x.nodes]
    leaves = [n for n in x.nodes if tree.leaf[n] > 0]
    left = {n: x.left(n) for n in leaves}

    for n in x.nodes:
        assert set(terms[n]) == set(plan.costs.index)
        for term, value in terms[n].items():
            assert plan.costs.loc[term, n] == near(value, value)

    spent = sum(tree.prob[n] * x.discount(tree.mid[n]) * sum(terms[n].values()) for n in x.nodes)
    stock, capacity = (sum(tree.leaf[n] * left[n][i] for n in leaves) for i in (0, 1))
    average = spent - stock - capacity
    assert plan.salvage["stock_salvage"] == near(stock, spent)
    assert plan.salvage["capacity_salvage"] == near(capacity, spent)

    outcomes = sorted(
        (
            (
                sum(x.discount(tree.mid[a]) * sum(terms[a].values()) for a in tree.path(n)) - sum(left[n]),
                tree.leaf[n],
            )
            for n in leaves
        ),
        reverse=True,
    )
    tail = x.case.number("tail")
    above = np.minimum(np.cumsum([p for _, p in outcomes]), tail)
    worst = float(np.diff(above, prepend=0) @ [cost for cost, _ in outcomes]) / tail
    weight = x.case.number("risk_weight")

    assert sum(cost * p for cost, p in outcomes) == near(average, spent)
    assert plan.objective == near((1 - weight) * average + weight * worst, spent * 1e-2)
    assert plan.risk == near(weight * (worst - average), spent * 1e-2)
    assert plan.objective == near(float(plan.expected.to_numpy().sum()) - sum(plan.salvage.values()) + plan.risk, spent * 1e-4)


def test_the_cases_use_every_rule() -> None:
    """So that no check above is empty: each sheet that the model reads and each special setting occurs in a case that is checked."""
    cases = [ledger(name).case for name in CASES]
    filled = {sheet for sheet, rows in ledger("every sheet").rows.items() if rows}
    read = {sheet for sheets in ledger("every sheet").plan.data.reads.values() for sheet in sheets} & set(BY_NAME)

    assert read > {"cutoffs", "durations", "pins", "output_loss"}
    assert filled >= read
    for setting in ("release_lag", "risk_weight", "ready_by"):
        assert any(c.number(setting) > 0 for c in cases)
    for setting in ("length_known", "count_tariffs", "crisis_orders", "budget_carryover", "aftermath"):
        assert {c.flag(setting) for c in cases} == {True, False}
