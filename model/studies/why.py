"""Why this much: which cutoff each target stock is for, what asks for it, what stops more, and what a little more or less would cost.

The cutoff that a stock is for is the kind, among those that find the target in store and draw on it, in which a hundredth less in store costs most
beyond its price, expected over its onsets, and of that kind the onset in which it costs most. (Where there cannot be less: in which a tonne more at the onset is
worth most beyond its price, by the prices of its stock balance.) What asks for it are promises of coverage at their limit with a price in that branch, of the
material itself, and where none of it asks, of what plants make of it or it substitutes; and rules of peace with a price. Where none has a price and
yet there cannot be less, they are the promises of that branch. What stops more are
limits of peace with a price. What a hundredth more or less in store costs, and what would come in the place of the hundredth less, is found by solving so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from inputs.arrays import Floats
from model.metrics import NOISE, stock_targets
from model.plan import Plan, Solved, columns_of
from model.solver.program import Answer, Program, Status
from model.studies.bounds import most_in_store
from model.studies.priced import is_nothing
from model.studies.stops import PRICED, Stop, Stops

STEP = 0.01
"""How much more and less is solved for, as a share of the target."""


ROUNDING = 1e-9
"""Relative: a bound is worked out to so much."""


@dataclass(frozen=True)
class Reason:
    """Why a target is what it is.

    `branch` is the number of the branch that it is for (-1: none draws on it), `drawn` what that takes (t), `lasts` the months until the store is empty
    (None: it never is). `asked` are the promises and rules that ask for it, `limited` the limits that stop more, `instead` what there would be more of, by cost, with less in store: in words. `more` and `less` are what a tonne more, or less, than the target adds to the expected cost, thousand USD/t; None
    where it cannot be. It may be `there` from the beginning, asked for by nothing: what is in store stays there in peace.
    """

    material: str
    target: float
    node: int
    branch: int
    drawn: float
    lasts: float | None
    asked: tuple[str, ...]
    limited: tuple[str, ...]
    instead: str
    more: float | None
    less: float | None
    there: bool = False


def why(solved: Solved) -> tuple[Reason, ...]:
    """A reason for each material that is held, in the order of the materials. The session is left as it was. Raises SolverError."""
    plan = solved.plan
    aim = stock_targets(plan.data, plan.values["stock"])
    prices, trial = Prices(plan), Trial(solved)
    found = []
    for place in np.flatnonzero(aim.stock > NOISE).tolist():
        material, target, node = plan.data.sets["MATERIALS"][place], float(aim.stock[place]), int(aim.node[place])
        more, _ = trial.cost(place, node, STEP * target)
        less, moved = trial.cost(place, node, -STEP * target)
        there = less is None and trial.is_there(place, node)
        worth = worths(plan, prices, trial, moved, place, node)
        if less is None and not there:  # some promise asks for it, maybe with no price of its own, for shortage costs more
            worth = {b: of for b, of in worth.items() if prices.asked(material, b, priced=False)} or worth
        branch, drawn, lasts = drawn_by(plan, place, worth)
        asked = dict.fromkeys((*prices.rules(material), *(prices.asked(material, branch) if branch >= 0 else ())))
        if not asked and less is None and not there and branch >= 0:
            asked = dict.fromkeys(prices.asked(material, branch, priced=False))
        limited = trial.limited(place, node, more)
        instead = trial.most(moved, plan.tree.branches[branch].cutoff if branch >= 0 else "")
        found.append(Reason(material, target, node, branch, drawn, lasts, tuple(asked), limited, instead, more, less, there))
    trial.end()
    return tuple(found)


def worths(plan: Plan, prices: Prices, trial: Trial, moved: Floats, place: int, target: int) -> dict[int, float]:
    """For each branch that finds the target in store and draws on it, what having it is worth there: what a hundredth less costs beyond its price, or where there cannot be less, what a tonne is worth beyond its price."""
    tree, material = plan.tree, plan.data.sets["MATERIALS"][place]
    release = dict(zip(plan.data.sets["MATERIAL_BRANCHES"], plan.values["release"].tolist(), strict=True))
    costs = trial.by_branch(moved, place)
    stock = plan.values["stock"].reshape(-1, tree.aftermath)[place]
    found = {}
    for b, branch in enumerate(tree.branches):
        nodes = tree.within(branch)
        if len(nodes) and stock[tree.parent[nodes.start]] > (1 - STEP) * stock[target] and sum(release[material, n] for n in nodes) > NOISE:
            found[b] = float(costs[b]) if len(moved) else prices.scarcity(material, nodes.start)
    return found


def drawn_by(plan: Plan, place: int, worth: dict[int, float]) -> tuple[int, float, float | None]:
    """The branch that a stock is for, by what it is worth in each; how much it draws, and the months until the store is empty."""
    tree, material = plan.tree, plan.data.sets["MATERIALS"][place]
    if not worth:
        return -1, 0.0, None
    kinds = dict.fromkeys(tree.branches[b].cutoff for b in worth)
    kind = max(kinds, key=lambda k: sum(max(value, 0.0) for b, value in worth.items() if tree.branches[b].cutoff == k))
    best = max((b for b in worth if tree.branches[b].cutoff == kind), key=lambda b: worth[b])
    nodes = tree.within(tree.branches[best])
    stock = plan.values["stock"].reshape(-1, tree.aftermath)[place]
    empty = [n for n in nodes if stock[n] <= 1e-6 * stock[tree.parent[nodes.start]]]
    lasts = float(tree.end[empty[0]] - tree.branches[best].start) if empty else None
    release = dict(zip(plan.data.sets["MATERIAL_BRANCHES"], plan.values["release"].tolist(), strict=True))
    return best, sum(release[material, n] for n in nodes), lasts


class Prices:
    """The prices of an answer, by what they are of."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.data = plan, plan.data
        balance = zip(plan.rows_of.get("stock_balance", ()), plan.duals.get("stock_balance", np.empty(0)).tolist(), strict=True)
        self.balance = {index: abs(price) for index, price in balance}
        self.prices = self.data.table("price")
        demands = self.data.sets["DEMAND_NODES"]
        columns = (self.data.values["short_limit"], self.data.values["demand"], plan.reduced_costs["shortage"])
        self.shortage = dict(zip(demands, zip(*(of.tolist() for of in columns), strict=True), strict=True))

    def scarcity(self, material: str, node: int) -> float:
        """What a tonne more in store in a node is worth beyond its price there, thousand USD, expected and discounted."""
        price = self.prices[material, node] * float(self.data.values["weight"][node])
        return float(self.balance.get((material, node), 0.0)) - price

    def asked(self, material: str, branch: int, *, priced: bool = True) -> list[str]:
        """The promises that ask for a stock in a branch, in words: those with a price, or all that there are."""
        own = [f"the promise to {sector}" for sector in self.promises(material, branch, priced)]
        return own or [f"the promise of {m} to {sector}" for m in self.downstream(material) for sector in self.promises(m, branch, priced)]

    def promises(self, material: str, branch: int, priced: bool) -> Iterator[str]:
        """The sectors whose promise of a material has a price in a branch, or (not `priced`) that are promised something of it there."""
        for m, sector in self.data.sets["DEMANDS"]:
            nodes = self.plan.tree.branches[branch].nodes if m == material else ()
            limits = (self.shortage[m, sector, n] for n in nodes)
            if any(limit < demand and (price < -PRICED or not priced) for limit, demand, price in limits):
                yield sector

    def downstream(self, material: str) -> list[str]:
        """What plants make of a material, or of what they make of it, and what it substitutes."""
        recipes = list(zip(self.data.sets["RECIPES"], self.data.values["quantity"].tolist(), strict=True))
        thrift = self.plan.case["thrift"]
        found: list[str] = []
        todo = [material]
        while todo:
            of = todo.pop(0)
            using = {(p, q) for (p, q, m), quantity in recipes if m == of and quantity < 0}
            made = [m for (p, q, m), quantity in recipes if (p, q) in using and quantity > 0]
            new = [m for m in dict.fromkeys([*made, *thrift.loc[thrift["substitute"] == of, "material"]]) if m not in (material, *found)]
            found += new
            todo += new
        return found

    def rules(self, material: str) -> Iterator[str]:
        """Rules of peace that ask for stock."""
        tree = self.plan.tree
        low, price = self.data.values["min_stock"], self.plan.reduced_costs["stock"]
        for (m, n), least, cost in zip(self.data.sets["MATERIAL_HOLDING"], low.tolist(), price.tolist(), strict=True):
            if m == material and n < tree.trunk and least > 0 and cost > PRICED:
                yield "the stock that must be held (min_cover)"
        for (item, name, _), price_of in self.rows("pins_at_least"):
            if item in ("stock", "purchase") and name == material and abs(price_of) > PRICED:
                yield f"a pin of {item}"

    def rows(self, equation: str) -> Iterator[tuple[Any, float]]:
        """The rows of an equation with their prices."""
        yield from zip(self.plan.rows_of.get(equation, ()), self.plan.duals.get(equation, np.empty(0)).tolist(), strict=True)


class Trial:
    """The program of a plan with another target: what that costs, and what changes most."""

    def __init__(self, solved: Solved) -> None:
        assert solved.session is not None
        self.plan, self.session = solved.plan, solved.session
        self.program, self.basis = self.session.program, self.session.basis
        self.stock = columns_of(solved.model, self.program, "stock").reshape(-1, self.plan.tree.aftermath)
        self.release = columns_of(solved.model, self.program, "release").reshape(len(self.stock), -1)
        self.room = most_in_store(self.plan.data)
        self.branch = np.full(len(self.program.cost), -1)
        self.group = np.full(len(self.program.cost), -1)
        numbers: dict[str, int] = {}
        for variable, name in self.namers().items():
            places = columns_of(solved.model, self.program, variable)
            for place in np.flatnonzero(places >= 0).tolist():
                key = self.plan.data.sets[self.plan.over[variable]][place]
                self.group[places[place]] = numbers.setdefault(name(key), len(numbers))
                self.branch[places[place]] = self.plan.tree.branch[key[-1]]
        self.names = list(numbers)
        self.stops, self.held = Stops(solved, self.program), self.solved(self.program).x

    def namers(self) -> dict[str, Callable[[Any], str]]:
        """What the columns of each variable that can come in the place of stock are, in words."""
        material = self.plan.case["supply"].set_index("offer")["material"].to_dict()
        saved = self.plan.case["thrift"].set_index("option")["material"].to_dict()
        return {
            "shortage": lambda key: f"shortage of {key[0]} for {key[1]}",
            "saving": lambda key: f"thrift and substitution of {saved[key[0]]} for {key[1]}",
            "lost_output": lambda key: f"lost output of {key[0]}",
            "supply": lambda key: f"purchases of {material[key[0]]}",
            **dict.fromkeys(("run", "order", "online"), lambda key: f"{key[0]}"),
        }

    def cost(self, place: int, node: int, change: float) -> tuple[float | None, Floats]:
        """What a change of the target of a material (t) adds to the cost for each tonne, thousand USD/t (None: it cannot be), and what less adds to each column (empty: it cannot be).

        Of plans that cost the same, the one that the solver has may hold more than the target: less is compared with what it has where it holds no more.
        """
        target = float(self.plan.values["stock"].reshape(-1, self.plan.tree.aftermath)[place, node])
        if change > 0:
            if self.room[place, node] < (target + change) * (1 - ROUNDING):
                return None, np.empty(0)
            low = self.program.low.copy()
            low[self.stock[place, node]] = target + change
            answer = self.solved(replace(self.program, low=low))
        else:
            before = self.solved(self.at_most(place, target))
            answer = self.solved(self.at_most(place, target + change), again=True)
        if answer.status is not Status.OPTIMAL or answer.objective is None or self.plan.objective is None:
            return None, np.empty(0)
        moved = answer.x - before.x if change < 0 and before.status is Status.OPTIMAL else np.empty(0)
        added = answer.objective - self.plan.objective
        return 0.0 if is_nothing(added, self.plan.objective) else added / abs(change), moved

    def is_there(self, place: int, node: int) -> bool:
        """Whether a hundredth less of a target cannot be only because it was in store at the beginning: with that much less then, there is a plan."""
        tree, material = self.plan.tree, self.plan.data.sets["MATERIALS"][place]
        row = self.stops.of.row_of("stock_balance")[material, 0]
        low, high = self.program.row_low.copy(), self.program.row_high.copy()
        target = float(self.plan.values["stock"].reshape(-1, tree.aftermath)[place, node])
        low[row] *= 1 - 2 * STEP
        high[row] *= 1 - 2 * STEP
        less = self.at_most(place, target * (1 - STEP))
        return bool(low[row]) and self.solved(replace(less, row_low=low, row_high=high)).status is Status.OPTIMAL

    def limited(self, place: int, node: int, more: float | None) -> tuple[str, ...]:
        """What stops more of a material, in words: where it cannot be, all limits that are reached; else those that are reached and looser let more be held."""
        stops = self.stops.stopping(self.plan.data.sets["MATERIALS"][place], node, priced=more is not None)
        return tuple(stop.words for stop in stops if more is None or self.lets_more(place, node, stop))

    def lets_more(self, place: int, node: int, stop: Stop) -> bool:
        """Whether more of a material is held where a limit is looser."""
        answer, column = self.solved(self.stops.looser(stop)), self.stock[place, node]
        return answer.status is Status.OPTIMAL and answer.x[column] > self.held[column] * (1 + ROUNDING) + NOISE

    def at_most(self, place: int, most: float) -> Program:
        """The program with no more than so much of a material in store where its target counts."""
        late = self.stock[place, self.plan.tree.target_nodes(self.plan.case.number("ready_by"))]
        high = self.program.high.copy()
        high[late[late >= 0]] = np.minimum(high[late[late >= 0]], most)
        return replace(self.program, high=high)

    def solved(self, program: Program, *, again: bool = False) -> Answer:
        """The answer of a program, from the basis of the plan, or `again` from the last one."""
        self.session.change(program)
        if not again:
            self.session.set_basis(self.basis)
        return self.session.solve()

    def by_branch(self, moved: Floats, place: int) -> Floats:
        """(branches,): what changes cost in each beyond the price of what is not released of a material, thousand USD, expected and discounted."""
        tree, values = self.plan.tree, self.plan.data.values
        if not len(moved):
            return np.zeros(len(tree.branches))
        there = self.branch >= 0
        found: Floats = np.bincount(self.branch[there], (self.program.cost * moved)[there], minlength=len(tree.branches)).astype(float)
        nodes = np.arange(tree.trunk, tree.aftermath)
        price = values["price"].reshape(-1, len(tree))[place, nodes] * values["weight"][nodes]
        columns = self.release[place]
        released = np.where(columns >= 0, moved[columns], 0.0)
        return found + np.bincount(tree.branch[nodes], released * price, minlength=len(tree.branches))

    def most(self, moved: Floats, kind: str) -> str:
        """What there is most more of, by cost, in the branches of a kind of cutoff, in words; "" where there is nothing."""
        if not len(moved):
            return ""
        of_kind = np.array([*(branch.cutoff == kind for branch in self.plan.tree.branches), False])[self.branch]
        there = of_kind & (self.group >= 0)
        by_group = np.bincount(self.group[there], (self.program.cost * moved)[there], minlength=len(self.names))
        most = int(by_group.argmax()) if len(by_group) else -1
        return self.names[most] if most >= 0 and by_group[most] > PRICED else ""

    def end(self) -> None:
        """Leave the session with the program of the plan and its basis."""
        self.session.change(self.program)
        self.session.set_basis(self.basis)
