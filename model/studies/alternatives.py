"""Alternatives: what any plan must have, may have and never has that costs hardly more than the best, and a few such plans far apart.

How much more is a share of the part of the cost that the programme can move, not of the whole, which is mostly the bill of imports:

    max(V(P), V(N)) - V(M)

with the plan P, nothing done N and merchants without a hazard M of `model.studies.programme`: nothing done costs V(N) - V(M) more than a world
without cutoffs, and that is what a programme can hope to save, or what it costs itself, if that is more. Where there is nothing to compare
with, it is what the plan spends on losses, stock and new capacity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from inputs.arrays import Floats
from inputs.case import Case
from inputs.errors import StockpileError
from model.plan import Plan, Solved, columns_of, make_plan
from model.solver.program import Status
from model.studies.bounds import most_in_store
from model.studies.capped import capped
from model.studies.measures import Measure, measures
from model.studies.near_optimal import NearOptimal, Quantity
from model.studies.pinned import pinned
from model.studies.programme import LOSS, Refused, programme

Progress = Callable[[str], None]

SPENT = ("cost_purchase", "cost_holding", "cost_rotation", "cost_order", "cost_fixed")
"""The cost terms of stock and new capacity."""

SOME = 1e-6
"""Relative to 1 + the most of it: less is nothing."""

ROOMS = (0.0, 1e-7)
"""Relative: how much pins leave open; a little only where the solver's rounding leaves no plan between exact ones."""

SAID = 10
"""Quantities between two words of progress."""


class NothingToDecideError(StockpileError):
    """No decision moves the cost."""


class Verdict(StrEnum):
    """What the plans that are near the best have of something."""

    MUST = "must"  # all have some
    NEED_NOT = "need not"  # the plan has some, others none
    MAY = "may"  # the plan has none, others some
    NEVER = "never"  # none has any


@dataclass(frozen=True)
class Base:
    """The part of the cost that the programme can move, thousand USD; `why` there is no programme to compare, "" where there is one."""

    amount: float
    nothing: float = 0.0
    merchant: float = 0.0
    plan: float = 0.0
    why: str = ""


@dataclass(frozen=True)
class Range:
    """How little and how much of one thing plans near the best have: `kind` is stock (t), plant or kind of plant (t/yr ordered in peace)."""

    kind: str
    name: str
    unit: str
    plan: float
    least: float
    most: float

    @property
    def verdict(self) -> Verdict:
        """What follows for a planner."""
        room = SOME * (1 + min(self.most, 1e6))
        if self.least > room:
            return Verdict.MUST
        if self.most <= room:
            return Verdict.NEVER
        return Verdict.NEED_NOT if self.plan > room else Verdict.MAY


@dataclass(frozen=True)
class Apart:
    """A whole plan near the best that has as little (or much) of a measure as can be.

    `extreme` is the measure where the market is held to it too. `case` pins what the stockpile takes in and what is ordered in peace as in that
    plan (and caps the share of the country that a measure is about); `plan` is the plan of it, in which the market is else free to do what is cheapest.
    """

    measure: Measure
    extreme: float
    case: Case
    plan: Plan


@dataclass(frozen=True)
class Alternatives:
    """Everything near the best plan: `allowance` is how much more than it a plan may cost, thousand USD."""

    plan: Plan
    base: Base
    within: float
    measures: tuple[Measure, ...]
    ranges: tuple[Range, ...]
    apart: tuple[Apart, ...]

    @property
    def allowance(self) -> float:
        """How much more than the best a plan may cost, thousand USD."""
        return self.within * self.base.amount


def alternatives(solved: Solved, within: float, *, progress: Progress | None = None) -> Alternatives:
    """Ranges and plans far apart, of an optimal plan; `within` is a share. Raises NothingToDecideError and SolverError."""
    plan, session = solved.plan, solved.session
    assert session is not None
    assert plan.objective is not None
    say = progress or (lambda _text: None)
    base = base_of(solved)
    found = list(quantities(solved))
    measured = measures(solved)
    sums = [Quantity(*weights_over(solved, m), m.lowest) for m in measured]
    near = NearOptimal(session, columns(solved), [*(q for *_, q in found), *sums], plan.objective + within * base.amount)
    ranges = []
    for i, (kind, name, unit, quantity) in enumerate(found):
        if i % SAID == 0:
            say(f"{i} of {len(found)} ranges")
        ranges.append(Range(kind, name, unit, quantity.of(near.x), near.least(quantity), near.most(quantity)))
    apart = []
    for measure, quantity in zip(measured, sums, strict=True):
        say(f"plan: {measure.aim}")
        one = far_plan(solved, near, measure, quantity)
        apart += [one] if one else []
    return Alternatives(plan, base, within, measured, tuple(ranges), tuple(apart))


def base_of(solved: Solved) -> Base:
    """The part of the cost that the programme can move. Raises NothingToDecideError where there is none."""
    study, plan = programme(solved), solved.plan
    if not isinstance(study, Refused):
        amount = max(study.plan.cost, study.nothing.cost) - study.merchant.cost
        if amount > SOME:
            return Base(amount, study.nothing.cost, study.merchant.cost, study.plan.cost)
    amount = float(plan.expected.reindex([*LOSS, *SPENT]).fillna(0.0).to_numpy().sum())
    if not amount > SOME:
        raise NothingToDecideError("nothing that is decided moves the cost, so no alternative is near or far.")
    return Base(amount, why=study.text if isinstance(study, Refused) else "nothing done costs no more than a world without cutoffs")


def columns(solved: Solved) -> Floats:
    """(columns,): the plan as the columns of its program."""
    assert solved.session is not None
    program, plan = solved.session.program, solved.plan
    x = np.zeros(len(program.cost))
    for variable, values in plan.values.items():
        at = columns_of(solved.model, program, variable)
        x[at[at >= 0]] = values[at >= 0]
    return x


def quantities(solved: Solved) -> Iterator[tuple[str, str, str, Quantity]]:
    """(kind, name, unit, quantity) of everything that is ranged: stock that is aimed at, and orders in peace by plant and kind."""
    assert solved.session is not None
    plan, program = solved.plan, solved.session.program
    data, tree = plan.data, plan.tree
    counted = tree.target_nodes(plan.case.number("ready_by"))
    at = columns_of(solved.model, program, "stock").reshape(len(data.sets["MATERIALS"]), -1)
    for material, row, lost, limit in zip(
        data.sets["MATERIALS"], at, plan.case["materials"]["loss_rate"].tolist(), most_in_store(data).max(axis=1).tolist(), strict=True
    ):
        those = row[counted] if lost > 0 else row[counted[-1:]]  # nothing leaves the store in peace, so without losses the last has most
        if len(those := those[those >= 0]) and program.high[those].max() > 0:
            yield "stock", material, "t", Quantity(those, None, 0.0, limit)
    if "order" not in plan.values:
        return
    plants = plan.case["plants"].set_index("plant")
    names = np.array([p for p, *_ in data.sets["ORDERS"]], dtype=object)
    at = columns_of(solved.model, program, "order")
    at = np.where([n < tree.trunk for *_, n in data.sets["ORDERS"]], at, -1)
    kind = np.array([plants["kind"][p] for p in names], dtype=object)
    for what, of, limit in (("plant", names, plants["capacity_limit"]), ("kind", kind, plants.groupby("kind")["capacity_limit"].sum())):
        for name in dict.fromkeys(of):
            mine = at[(of == name) & (at >= 0)]
            if len(mine):
                yield what, str(name), "t/yr", Quantity(mine, np.ones(len(mine)), 0.0, float(limit[name]))


def weights_over(solved: Solved, measure: Measure) -> tuple[np.ndarray, Floats]:
    """The columns that a measure counts, and what each adds to it."""
    assert solved.session is not None
    places, weights = [np.empty(0, dtype=np.int64)], [np.empty(0)]
    for variable, of in measure.weights.items():
        at = columns_of(solved.model, solved.session.program, variable)
        those = (at >= 0) & (of != 0)
        places.append(at[those])
        weights.append(of[those])
    return np.concatenate(places), np.concatenate(weights)


def far_plan(solved: Solved, near: NearOptimal, measure: Measure, quantity: Quantity) -> Apart | None:
    """The plan that has least (or most) of a measure, as a case of pins and its plan; None where the measure has no limit or no plan comes of it."""
    extreme = near.reach(quantity, measure.sign)
    if not np.isfinite(extreme) or not len(quantity.columns):
        return None
    answer = near.plan_at(quantity, measure.sign, extreme)
    values = {v: np.append(answer.x, 0.0)[columns_of(solved.model, solved.session.program, v)] for v in solved.plan.values}  # type: ignore[union-attr]
    for room in ROOMS:
        case = pinned(solved.plan, values, room)
        if measure.country:
            case = capped(case, solved.plan, values, measure.country)
        plan = make_plan(case)
        if plan.status is Status.OPTIMAL:
            return Apart(measure, extreme, case, plan)
    return None
