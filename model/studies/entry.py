"""Entry prices: at what capex a plant that is not ordered is, and at what price the stockpile buys from an offer that it leaves alone.

The reduced cost of a column is how much cheaper it must be before it can pay. Where a column's cost is proportional to a price, the share of
the price that must go is the reduced cost over the cost, the least of the columns that share the price. Above it this plan stays the best;
just below it the program is solved, and where nothing is ordered or bought yet (other prices prove this plan, too) the price is sought from below.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from inputs.arrays import Floats, Ints
from model.plan import Solved, columns_of
from model.solver.highs import Session
from model.solver.program import Program, Status

BELOW = 1e-4
"""Relative: so far below a price at which something may enter it is tried."""

OFFERS = 6
"""Offers that are looked at, the nearest first."""

LEAST = 0.01
"""The least share of a price that is looked at: below it, at no price."""

STEPS = 30
"""Prices that are tried for one plant or offer."""

SAME = 1e-11
"""Relative: the cost is that of the plan."""

SOME = 1e-6
"""t or t/yr: less is nothing."""


@dataclass(frozen=True)
class Entry:
    """What is not used at its price `now` and enters just below `price` (None: at no price above 0), with `amount` then (t/yr of a plant in peace and in cutoffs, t bought)."""

    kind: str
    name: str
    now: float
    price: float | None
    amount: float = 0.0


def entries(solved: Solved) -> tuple[Entry, ...]:
    """The entry prices of a plan; none where risk has a weight, for capex then stands among the rows too. Leaves the session as it was. Raises SolverError."""
    session, plan = solved.session, solved.plan
    assert session is not None
    if plan.case.number("risk_weight") > 0:
        return ()
    assert plan.objective is not None
    trial = Trial(session, session.program, session.basis, plan.objective)
    session.use_primal()
    try:
        found = [entry(trial, unused) for unused in nearest(list(candidates(solved, trial.program)))]
    finally:
        session.use_primal(on=False)
        session.change(trial.program)
        session.set_basis(trial.basis)
    return tuple(e for e in found if e)


class Trial(NamedTuple):
    """The program of a plan with its session, its basis, and its cost."""

    session: Session
    program: Program
    basis: Any
    cost: float


@dataclass(frozen=True)
class Unused:
    """A plant or offer that is not used, at its price `now`: its columns, what each costs, and its reduced cost."""

    kind: str
    name: str
    now: float
    columns: Ints
    cost: Floats
    reduced: Floats

    @property
    def share(self) -> float:
        """The share of the price below which this plan may cease to be the best, by its reduced costs."""
        return 1 - float((self.reduced[self.cost > 0] / self.cost[self.cost > 0]).min(initial=1.0))


def nearest(unused: list[Unused]) -> list[Unused]:
    """All plants, and the offers that are nearest to being bought from."""
    offers = sorted((u for u in unused if u.kind == "offer" and u.share > LEAST), key=lambda u: -u.share)
    return [*(u for u in unused if u.kind == "plant"), *offers[:OFFERS]]


def candidates(solved: Solved, program: Program) -> Iterator[Unused]:
    """Each plant that is never ordered, and each offer to the stockpile that it never buys from."""
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
    }
    for variable, of in wanted.items():
        if variable not in plan.values:
            continue
        members = data.sets[plan.over[variable]]
        columns = columns_of(solved.model, program, variable)
        names = np.array([member[0] for member in members], dtype=object)
        for name, price in of.items():
            mine = (names == name) & (columns >= 0)
            if price > 0 and mine.any() and plan.values[variable][mine].max() < SOME and (program.high[columns[mine]] > 0).any():
                mine &= program.high[np.maximum(columns, 0)] > 0
                kind = "plant" if variable == "order" else "offer"
                yield Unused(kind, name, price, columns[mine], program.cost[columns[mine]], plan.reduced_costs[variable][mine])


def entry(trial: Trial, unused: Unused) -> Entry | None:
    """At what price something enters that the plan does not have. None where the solver gives no answer near it.

    The least cost is concave in the price: a line from below, tangent where something is bought, meets the cost of the plan at or below the
    price at which it enters (Newton's method, which ends after few steps).
    """
    none = Entry(unused.kind, unused.name, unused.now, None)
    if unused.share <= LEAST:
        return none
    found = solved_at(trial, unused, unused.share * (1 - BELOW))
    if found is None:
        return None
    if found.amount > SOME:
        return replace(none, price=unused.share * unused.now, amount=found.amount)
    share, last = unused.share / 2, 0.0
    for _ in range(STEPS):
        found = solved_at(trial, unused, share)
        if found is None:  # so cheap that it earns without end
            share = (share + unused.share) / 2
            continue
        if found.amount <= SOME and not last and share > LEAST and share <= unused.share / 2:
            share = LEAST
            continue
        rise = trial.cost - found.cost
        if found.amount <= SOME or rise <= SAME * max(1.0, abs(trial.cost)):
            break
        share, last = share + rise / found.spent, found.amount
    else:
        return None
    return replace(none, price=share * unused.now, amount=last) if last else none


class Cheaper(NamedTuple):
    """The least cost with a share of a price, what is taken then, and what that costs at the whole price."""

    cost: float
    amount: float
    spent: float


def solved_at(trial: Trial, unused: Unused, share: float) -> Cheaper | None:
    """The plan with a share of the price, from the basis of the plan; None where there is none."""
    cost = trial.program.cost.copy()
    cost[unused.columns] = share * unused.cost
    trial.session.change(replace(trial.program, cost=cost))
    trial.session.set_basis(trial.basis)
    answer = trial.session.solve()
    if answer.status is not Status.OPTIMAL or answer.objective is None:
        return None
    taken = answer.x[unused.columns]
    return Cheaper(answer.objective, float(taken.sum()), float(unused.cost @ taken))
