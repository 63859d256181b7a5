"""Entry prices: at what capex a plant that is not ordered is, at what price the stockpile buys from an offer that it leaves alone, and at what cost a thrift option is used that is not.

The reduced cost of a column is how much cheaper it must be before it can pay. Where a column's cost is proportional to a price, and with it what the
column takes of budgets, the share of the price that must go is the reduced cost over the cost and what the budgets charge for it, the least of the columns that
share the price. Above it this plan stays the best; just below it the program is solved, and where nothing is ordered or bought yet (other prices prove this plan, too) the price is sought from below.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from inputs.arrays import Floats, Ints
from model.plan import Solved, columns_of
from model.solver.compile import rows_by_equation
from model.solver.highs import Session
from model.solver.program import Program, Status
from model.studies.prices import Unclear
from model.tree import Tree

BELOW = 1e-4
"""Relative: so far below a price at which something may enter it is tried."""

PLANT, OFFER, THRIFT = "plant", "offer", "thrift"

KINDS = {"order": PLANT, "supply": OFFER, "saving": THRIFT}
"""What is used, by the variable that says how much."""

OFFERS = 6
"""Offers that are looked at, and thrift options, the nearest first."""

LEAST = 0.01
"""The least share of a price that is looked at: below it, at no price."""

STEPS = 30
"""Prices that are tried from below for one plant, offer or option."""

NEAR = 1e-6
"""Relative: so near a price is found that budgets stand against."""

SAME = 1e-11
"""Relative: the cost is that of the plan."""

SOME = 1e-6
"""t or t/yr: less is nothing."""


@dataclass(frozen=True)
class Entry:
    """What is not used at its price `now` and enters just below `price` (None: at no price above 0), with `amount` then in the future that has most (t/yr ordered of a plant, t bought or saved; inf: without end, so that no plan exists)."""

    kind: str
    name: str
    now: float
    price: float | None
    amount: float = 0.0


def entries(solved: Solved) -> tuple[Entry, ...]:
    """The entry prices of a plan; none where risk has a weight, for costs then stand among the rows too. Leaves the session as it was. Raises SolverError."""
    session, plan = solved.session, solved.plan
    assert session is not None
    if plan.case.number("risk_weight") > 0:
        return ()
    assert plan.objective is not None
    trial = Trial(session, session.program, session.basis, plan.objective, plan.tree)
    session.use_primal()
    try:
        found = [entry(trial, unused) for unused in nearest(list(candidates(solved, trial.program)))]
    finally:
        session.use_primal(on=False)
        session.change(trial.program)
        session.set_basis(trial.basis)
    return tuple(e for e in found if e)


class Trial(NamedTuple):
    """The program of a plan with its session, its basis, its cost, and its futures."""

    session: Session
    program: Program
    basis: Any
    cost: float
    tree: Tree


@dataclass(frozen=True)
class Unused:
    """A plant, offer or thrift option that is not used, at its price `now`: its columns, their nodes, what each costs, what the prices of budgets charge for it, and its reduced cost; `paid` are its entries in budgets."""

    kind: str
    name: str
    now: float
    columns: Ints
    nodes: Ints
    cost: Floats
    charged: Floats
    reduced: Floats
    paid: Ints

    @property
    def share(self) -> float:
        """The share of the price below which this plan may cease to be the best, by its reduced costs."""
        whole = self.cost + self.charged
        return 1 - float((self.reduced[whole > 0] / whole[whole > 0]).min(initial=1.0))


def nearest(unused: list[Unused]) -> list[Unused]:
    """All plants, and the offers and thrift options that are nearest to being used."""
    found = [u for u in unused if u.kind == PLANT]
    for kind in (OFFER, THRIFT):
        found += sorted((u for u in unused if u.kind == kind), key=lambda u: -u.share)[:OFFERS]
    return found


def candidates(solved: Solved, program: Program) -> Iterator[Unused]:
    """Each plant that is never ordered, each offer to the stockpile that it never buys from, and each thrift option that no sector uses."""
    plan = solved.plan
    data, case = plan.data, plan.case
    prices = dict(zip(data.sets["SUPPLY"], data.values["offer_price"].tolist(), strict=True))
    offers = case["supply"]
    wanted = {
        "order": {p: c for p, c in zip(data.sets["PLANTS"], data.values["capex"].tolist(), strict=True) if c > 0},
        "supply": {
            o: next((prices[o, n] for n in range(plan.tree.trunk) if (o, n) in prices), 0.0)
            for o in offers.loc[(offers["buyer"] == "stockpile") & (offers["capacity"] > 0), "offer"]
        },
        "saving": dict(zip(case["thrift"]["option"], case["thrift"]["cost"].tolist(), strict=True)),
    }
    paid, charged = budgets(solved, program)
    column_of = np.repeat(np.arange(len(program.cost)), np.diff(program.starts))[paid]
    for variable, of in wanted.items():
        if variable not in plan.values:
            continue
        members = data.sets[plan.over[variable]]
        columns = columns_of(solved.model, program, variable)
        names = np.array([member[0] for member in members], dtype=object)
        nodes = np.array([member[-1] for member in members], dtype=np.int64)
        for name, price in of.items():
            mine = (names == name) & (columns >= 0)
            if price > 0 and mine.any() and plan.values[variable][mine].max() < SOME and (program.high[columns[mine]] > 0).any():
                mine &= program.high[np.maximum(columns, 0)] > 0
                of_it, reduced = columns[mine], plan.reduced_costs[variable][mine]
                paid_by = paid[np.isin(column_of, of_it)]
                yield Unused(KINDS[variable], name, price, of_it, nodes[mine], program.cost[of_it], charged[of_it], reduced, paid_by)


def budgets(solved: Solved, program: Program) -> tuple[Ints, Floats]:
    """The entries of the program that stand in budgets, and what the prices of the budgets charge for a unit of each column, thousand USD."""
    rows, price = rows_by_equation(program.rows).get("budget", np.empty(0, dtype=np.int64)), np.zeros(len(program.row_low))
    price[rows] = solved.plan.duals.get("budget", np.empty(0))
    column_of = np.repeat(np.arange(len(program.cost)), np.diff(program.starts))
    charged: Floats = np.zeros(len(program.cost))
    np.add.at(charged, column_of, -price[program.indices] * program.entries)
    return np.flatnonzero(np.isin(program.indices, rows)), charged


def entry(trial: Trial, unused: Unused) -> Entry | None:
    """At what price something enters that the plan does not have. None where the solver gives no answer near it.

    What enters at a price enters at every lower one. So a lower price at which it enters is found first; where it is then taken without end, what lies between is halved until it is not.
    """
    none = Entry(unused.kind, unused.name, unused.now, None)
    low, high = unused.share, unused.share
    if high <= LEAST:
        return none
    try:
        found = solved_at(trial, unused, high * (1 - BELOW))
        if found.amount > SOME:
            return replace(none, price=high * unused.now, amount=found.amount)
        for low in (high / 2, LEAST):
            found = solved_at(trial, unused, low)
            if enters(trial, found):
                break
            high = low
        else:
            return none
        while math.isinf(found.amount) and high - low > NEAR * high:
            middle = (low + high) / 2
            tried = solved_at(trial, unused, middle)
            low, high, found = (middle, high, tried) if enters(trial, tried) else (low, middle, found)
        return risen(trial, unused, low, found)
    except Unclear:
        return None


def risen(trial: Trial, unused: Unused, low: float, found: Cheaper) -> Entry | None:
    """The price of what enters at the share `low`, from below; None where it is not found.

    The least cost is concave in the price: a line from below, tangent where something is bought, meets the cost of the plan at or below the
    price at which it enters (Newton's method, which ends after few steps). Where it is taken without end as near as can be told, it enters so.
    """
    for _ in range(STEPS):
        share = low if math.isinf(found.amount) else low + (trial.cost - found.cost) / found.spent
        if share > found.fits:
            return halved(trial, unused, low, found.amount)
        after = solved_at(trial, unused, share) if share > low else None
        if after is None or not enters(trial, after):
            return Entry(unused.kind, unused.name, unused.now, share * unused.now, found.amount)
        low, found = share, after
    return None


def halved(trial: Trial, unused: Unused, low: float, amount: float) -> Entry:
    """The price, and the amount then, of what budgets stand against, which enters at the share `low`: as the price falls they buy more, and the cost is not concave. What lies between where it enters and where it does not is halved."""
    high = unused.share
    while high - low > NEAR * high:
        share = (low + high) / 2
        found = solved_at(trial, unused, share)
        if enters(trial, found):
            low, amount = share, found.amount
        else:
            high = share
    return Entry(unused.kind, unused.name, unused.now, low * unused.now, amount)


def enters(trial: Trial, found: Cheaper) -> bool:
    """Whether a plan with a lower price has some of what the plan does not, and costs less."""
    return found.amount > SOME and trial.cost - found.cost > SAME * max(1.0, abs(trial.cost))


class Cheaper(NamedTuple):
    """The least cost with a share of a price, what is taken then, what that costs at the whole price, and with what share of the price it fits in the budgets."""

    cost: float
    amount: float
    spent: float
    fits: float


def solved_at(trial: Trial, unused: Unused, share: float) -> Cheaper:
    """The plan with a share of the price, from the basis of the plan; an endless amount where it is so cheap that it earns without end. Raises Unclear."""
    cost, entries = trial.program.cost.copy(), trial.program.entries.copy()
    cost[unused.columns] = share * unused.cost
    entries[unused.paid] *= share
    trial.session.change(replace(trial.program, cost=cost, entries=entries))
    trial.session.set_basis(trial.basis)
    answer = trial.session.solve()
    if answer.status is Status.UNBOUNDED:
        return Cheaper(-math.inf, math.inf, math.inf, math.inf)
    if answer.status is not Status.OPTIMAL or answer.objective is None:
        raise Unclear
    taken = answer.x[unused.columns]
    return Cheaper(answer.objective, most(trial.tree, unused.nodes, taken), float(unused.cost @ taken), fits(trial, unused, answer.x))


def fits(trial: Trial, unused: Unused, x: Floats) -> float:
    """At what share of its price what is taken takes all of a budget (no end: it takes none of any)."""
    program = trial.program
    column_of = np.repeat(np.arange(len(program.cost)), np.diff(program.starts))[unused.paid]
    own = np.bincount(program.indices[unused.paid], program.entries[unused.paid] * x[column_of], minlength=len(program.row_low))
    rows = np.flatnonzero(own > SOME)
    spare = program.row_high[rows] - (program.matrix @ x)[rows] + own[rows]
    return float((spare / own[rows]).min(initial=np.inf))


def most(tree: Tree, nodes: Ints, taken: Floats) -> float:
    """What is taken in these nodes, in the future in which that is most."""
    total = np.bincount(nodes, taken, minlength=len(tree))
    for node in range(len(tree)):
        if tree.parent[node] >= 0:
            total[node] += total[tree.parent[node]]
    return float(total.max())
