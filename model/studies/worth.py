"""What knowledge and time are worth: each the difference of two solved plans, the cost without it less the cost with it.

    knowing the length      once a cutoff has begun, it is known how long it lasts (`length_known`)
    knowing the future      it is known from the beginning which cutoff comes, when, and for how long: the plan of each future by itself, weighed by
                            its probability; a promise then binds only in the cutoff that comes
    planning for each length  the plan, against one that was made as if each cutoff lasted as long as it does on average, and whose purchases and
                            orders in peace are kept when it does not
    a month less release lag, the fast track of a plant, its permit a year sooner, an emergency offer, tariffs that are no cost

Costs are those that are minimised: expected and discounted, with the weight on the tail.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from inputs.case import Case
from model.plan import Plan, Solved, columns_of, make_plan
from model.solver.program import Status
from model.studies.foresight import YEAR, average_case, cost_alone, cost_with, futures, weighed

Progress = Callable[[str], None]

LENGTH = "Knowing how long a cutoff lasts once it has begun"
FUTURE = "Knowing from the start which cutoff comes, when and for how long"
AVERAGE = "Planning for every length of a cutoff, not for the average one"
LAG = "Releasing a month sooner in a cutoff"
AT_ONCE = "Releasing at once in a cutoff, not a month into it"
FAST = "Fast track"
PERMIT = "Permit a year sooner"
EMERGENCY = "Emergency offer"
TARIFFS = "Tariffs that are no cost"


@dataclass(frozen=True)
class Worth:
    """What something is worth: the cost of the plan without it and with it, thousand USD (None: there is no such plan); `remark` says what else there is to know."""

    kind: str
    name: str
    without: float | None
    with_it: float | None
    remark: str = ""

    @property
    def worth(self) -> float | None:
        """How much less the plan costs with it, thousand USD; None where one of the two does not exist."""
        return None if self.without is None or self.with_it is None else self.without - self.with_it


def worths(solved: Solved, *, progress: Progress | None = None) -> tuple[Worth, ...]:
    """Everything that knowledge and time are worth to an optimal plan, most first. Raises SolverError."""
    assert solved.plan.objective is not None
    say = progress or (lambda _text: None)
    found = [one for part in (knowledge, columns, times) for one in part(solved, say)]
    return tuple(sorted(found, key=lambda w: (w.worth is None, -(w.worth or 0.0), w.kind, w.name)))


def cost_of(case: Case) -> float | None:
    """The least cost of a case, thousand USD; None where it has no plan."""
    return make_plan(case, any_optimum=True).objective


def knowledge(solved: Solved, say: Progress) -> Iterator[Worth]:
    """What it is worth to know more."""
    plan = solved.plan
    say(LENGTH)
    if plan.case.flag("length_known"):
        yield Worth(LENGTH, "", cost_of(plan.case.with_setting("length_known", False)), plan.objective)
    else:
        yield Worth(LENGTH, "", plan.objective, cost_of(plan.case.with_setting("length_known", True)))
    say(AVERAGE)
    average = make_plan(average_case(plan.case))  # its decisions are used: the second rule says which
    kept = cost_with(solved, average) if average.status is Status.OPTIMAL else None
    remark = (
        ""
        if kept is not None
        else "with what the average plan buys and orders no plan exists: a promise cannot be kept, or a limit stands against it"
    )
    yield Worth(AVERAGE, "", kept, plan.objective, remark)
    if plan.case.number("period") < YEAR:
        yield Worth(FUTURE, "", plan.objective, None, "not worked out: planning periods are shorter than a year")
        return
    yield Worth(FUTURE, "", plan.objective, known(plan, say), "promises then bind only in the cutoff that comes")


def known(plan: Plan, say: Progress) -> float | None:
    """The cost where the future is known from the beginning; None where one of the futures has no plan by itself."""
    every = list(futures(plan))
    costs = []
    for i, future in enumerate(every):
        if i % 10 == 0:
            say(f"{i} of {len(every)} futures by themselves")
        cost = cost_alone(future.case)
        if cost is None:
            return None
        costs.append(cost)
    probabilities = np.array([future.probability for future in every])
    return weighed(np.array(costs), probabilities, plan.case.number("risk_weight"), plan.case.number("tail"))


def columns(solved: Solved, say: Progress) -> Iterator[Worth]:
    """What fast tracks and emergency offers are worth: the program of the plan without their columns."""
    plan = solved.plan
    say(f"{FAST}, {EMERGENCY.lower()}")
    fast = dict.fromkeys(p for p, speed in plan.data.sets["SPEED_ORDERS"] if speed == "fast")
    for name in fast:
        yield Worth(FAST, name, without(solved, "order", lambda member, of=name: member[:2] == (of, "fast")), plan.objective)
    offers = plan.case["supply"]
    for name in offers.loc[(offers["available"] == "cutoff") & (offers["capacity"] > 0), "offer"]:
        yield Worth(EMERGENCY, name, without(solved, "supply", lambda member, of=name: member[0] == of), plan.objective)


def without(solved: Solved, variable: str, named: Callable[..., bool]) -> float | None:
    """The cost of the plan where some of a variable are nothing, thousand USD; None where there is none. The session is left as it was."""
    session, plan = solved.session, solved.plan
    assert session is not None
    if variable not in plan.values:
        return plan.objective
    program, basis = session.program, session.basis
    at = columns_of(solved.model, program, variable)
    mine = at[[column >= 0 and named(member) for member, column in zip(plan.data.sets[plan.over[variable]], at.tolist(), strict=True)]]
    if not len(mine):
        return plan.objective
    high = program.high.copy()
    high[mine] = 0.0
    session.change(replace(program, high=high))
    answer = session.solve()
    session.change(program)
    session.set_basis(basis)
    return answer.objective if answer.status is Status.OPTIMAL else None


def times(solved: Solved, say: Progress) -> Iterator[Worth]:
    """What shorter waits and no tariffs are worth: other cases."""
    plan, case = solved.plan, solved.plan.case
    say(LAG)
    lag = case.number("release_lag")
    if lag > 0:
        yield Worth(
            LAG,
            "",
            plan.objective,
            cost_of(case.with_setting("release_lag", max(lag - 1, 0.0))),
            "stock is released from whole crisis periods on",
        )
    else:
        yield Worth(
            AT_ONCE, "", cost_of(case.with_setting("release_lag", 1.0)), plan.objective, "stock is released from whole crisis periods on"
        )
    say(TARIFFS)
    counted, free = (plan.objective, None) if case.flag("count_tariffs") else (None, plan.objective)
    counted = counted if counted is not None else cost_of(case.with_setting("count_tariffs", True))
    free = free if free is not None else cost_of(case.with_setting("count_tariffs", False))
    yield Worth(TARIFFS, "", counted, free, "mostly the tariffs themselves, which go to the treasury")
    permits = list(sooner(case))
    for i, (name, other, remark) in enumerate(permits):
        say(f"{PERMIT}: {i} of {len(permits)} plants")
        yield Worth(PERMIT, name, plan.objective, cost_of(other), remark)


def sooner(case: Case) -> Iterator[tuple[str, Case, str]]:
    """Each plant that can be ordered, the case in which it can be a year sooner, and what that means."""
    plants, start = case["plants"], case.number("start_year")
    for row in range(len(plants)):
        plant = plants.iloc[row]
        if not plant["capacity_limit"] > 0:
            continue
        if plant["first_year"] > start:
            changed, remark = (
                {"first_year": plant["first_year"] - 1},
                f"ordered from {plant['first_year'] - 1:.0f} on, not {plant['first_year']:.0f}",
            )
        else:
            changed = {column: float(np.maximum(plant[column] - YEAR, 0.0)) for column in ("lead_time", "fast_lead_time")}
            tracks = [(f"{plant[column]:g}", f"{changed[column]:g}") for column in changed if not math.isnan(plant[column])]
            remark = "on line " + ", on the fast track ".join(f"{now} months after its order, not {then}" for then, now in tracks)
        others = plants["plant"] != plant["plant"]
        frame = plants.assign(**{column: plants[column].where(others, value) for column, value in changed.items()})
        yield str(plant["plant"]), case.with_frame("plants", frame), remark
