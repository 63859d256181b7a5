"""Capacity floors: at least so much capacity of a kind stands at home in a year.

Nobody needs Dy in these tests: capacity is there for the floor alone, at 60 thousand USD per t/yr, of which nothing is left.
"""

from typing import Any

import pytest

from model.plan import make_plan
from model.solver.program import Status
from tests.kit.small import case, cost, near, plan_of, plant, series, status_of


def works(**columns: Any) -> dict[str, Any]:
    return {"demand": [], **plant(**{"capex": 60_000, "capacity_limit": 100, "residual_share": 0, **columns})}


def floor(capacity: float, year: int = 2027, kind: str = "refinery") -> dict[str, Any]:
    return {"capacity_floors": {"kind": kind, "year": year, "capacity": capacity}}


def test_what_is_missing_is_built_in_time() -> None:
    """10 t/yr in 2027, of which 4 stand: 6 * 60 = 360, ordered in 2026."""
    plan = plan_of(**works(opening_capacity=4, lead_time=12), **floor(10))

    assert series(plan, "order", plant="works") == near([6, 0])
    assert series(plan, "online", plant="works") == near([0, 6])
    assert cost(plan, "cost_order") == near(360)
    assert plan.objective == near(360)


def test_it_holds_in_its_year_alone() -> None:
    """With a fixed cost of 10 a year and a life of a year, 6 t/yr are there in 2027 and only then: 360 + 60."""
    plan = plan_of({"horizon": 3}, **works(opening_capacity=4, life=1, fixed_cost=10_000), **floor(10))

    assert series(plan, "online", plant="works") == near([0, 6, 0])
    assert plan.objective == near(420)


def test_it_holds_in_every_period_of_its_year() -> None:
    """On line from 6 to 18 months after it is ordered, capacity is there in both halves of 2027 only if ordered in month 6: 6 * 60."""
    plan = plan_of({"period": 6}, **works(opening_capacity=4, life=1, lead_time=6), **floor(10))

    assert series(plan, "order", plant="works") == near([0, 6, 0, 0])
    assert series(plan, "online", plant="works") == near([0, 0, 6, 6])
    assert plan.objective == near(360)


def test_capacity_that_comes_on_line_within_the_year_counts_for_its_months() -> None:
    """Ready in month 18, half a year of 2027: 12 t/yr are ordered for the 6 that are missing on average: 12 * 60."""
    plan = plan_of(**works(opening_capacity=4, lead_time=18), **floor(10))

    assert series(plan, "order", plant="works") == near([12, 0])
    assert series(plan, "online", plant="works") == near([0, 6])
    assert plan.objective == near(720)


@pytest.mark.parametrize(("country", "kind"), [("Chile", "refinery"), ("Japan", "magnet")])
def test_foreign_plants_and_other_kinds_do_not_count(country: str, kind: str) -> None:
    """A second plant of 10 t/yr elsewhere or of another kind is no help: 6 * 60."""
    sheets = works(opening_capacity=4)
    sheets["plants"].append({"plant": "other", "kind": kind, "country": country, "opening_capacity": 10, "capacity_limit": 10})
    plan = plan_of(**sheets, **floor(10))

    assert plan.objective == near(360)


def test_plants_of_a_kind_count_together() -> None:
    """4 and 3 t/yr stand, and 3 are built where that is cheaper: 3 * 50."""
    sheets = works(opening_capacity=4)
    sheets["plants"].append(
        {
            "plant": "other",
            "kind": "refinery",
            "country": "Japan",
            "opening_capacity": 3,
            "capacity_limit": 5,
            "capex": 50_000,
            "residual_share": 0,
        }
    )
    plan = plan_of(**sheets, **floor(10))

    assert sum(series(plan, "order", plant="other")) == near(3)
    assert plan.objective == near(150)


def test_a_floor_that_nobody_can_meet_is_infeasible() -> None:
    """
    Where nothing can be built, 4 t/yr meet a floor of 4 but not of 5, and no plant of the kind at home meets none at all; `check` refuses
    such floors, so those of cases that were not read from a workbook are asked for here.
    """
    fixed = works(opening_capacity=4, capacity_limit=0)
    abroad = works(opening_capacity=4, capacity_limit=0, country="Chile")
    late = works(lead_time=24)

    assert status_of(**fixed, **floor(4)) is Status.OPTIMAL
    assert unchecked(5, **fixed) is Status.INFEASIBLE
    assert unchecked(1, **abroad) is Status.INFEASIBLE
    assert unchecked(1, **late) is Status.INFEASIBLE


def unchecked(capacity: float, **sheets: Any) -> Status:
    """The status of a case with a floor that no workbook may have."""
    base = case(**sheets, **floor(0))
    return make_plan(base.with_frame("capacity_floors", base["capacity_floors"].assign(capacity=float(capacity)))).status


def test_a_floor_may_be_met_exactly() -> None:
    """0.7 and 0.1 t/yr stand, as much as the floor of 0.8 asks for."""
    sheets = works(opening_capacity=0.7, capacity_limit=0)
    sheets["plants"].append({"plant": "other", "kind": "refinery", "country": "Japan", "opening_capacity": 0.1})

    assert status_of(**sheets, **floor(0.8)) is Status.OPTIMAL
