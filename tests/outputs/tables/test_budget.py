"""The sheet Budget says what the constraint counts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pyomo.environ as pyo
import pytest

from inputs.case import Case
from model.build import build
from model.plan import Plan, make_plan
from outputs.tables.budget import budget, trunk_outlays
from outputs.tables.report import Report
from tests.kit.cases import expected, load_case, names, sheets
from tests.kit.small import Row, case, every_sheet, near, plan_of

DY = {"material": "Dy", "price": 100, "holding_rate": 0.1, "min_cover": 365}
SUPPLY: list[Row] = [
    {"offer": "import", "country": "China", "material": "Dy"},
    {"offer": "vault", "country": "China", "material": "Dy", "buyer": "stockpile"},
]
BUDGETED = [name for name in names() if sheets(name).get("budget") and expected(name)[0] == "optimal"]


def held(carryover: str, **amounts: float) -> Plan:
    """12 t of Dy must be held from the first year on; they cost 1.2 M USD, and 0.12 M USD a year to hold."""
    return plan_of(
        {"budget_carryover": carryover},
        materials=DY,
        supply=SUPPLY,
        budget=[{"year": int(year[1:]), "amount": amount} for year, amount in amounts.items()],
    )


def with_budget(of: Case, amounts: Mapping[int, float]) -> Case:
    """The case with these budget rows, whatever the checks of a workbook would say of them."""
    frame = pd.DataFrame({"year": list(amounts), "amount": list(amounts.values())}).astype({"amount": float})
    return replace(of, frames={**of.frames, "budget": frame})


@cache
def plan_named(name: str) -> Plan:
    """Known answers and small cases, among them rows before the plan and between the years of long periods."""
    small = case({"budget_carryover": "yes"}, materials=DY, supply=SUPPLY)
    long = case({"budget_carryover": "yes", "period": 24, "horizon": 4}, materials=DY, supply=SUPPLY)
    apart = case({"budget_carryover": "no", "period": 24, "horizon": 4}, materials=DY, supply=SUPPLY)
    cases: dict[str, Callable[[], Case]] = {
        "every sheet": every_sheet,
        "years before the plan": lambda: with_budget(small, {2024: 1, 2025: 2, 2026: 1.5, 2027: 1}),
        "a year without a limit": lambda: with_budget(small, {2026: 2}),
        "periods over 12 months": lambda: with_budget(long, {2026: 3, 2027: 2, 2029: 1}),
        "periods over 12 months, nothing carried over": lambda: with_budget(apart, {2027: 4, 2029: 1}),
    }
    return make_plan(cases[name]() if name in cases else load_case(name))


NAMED = [
    *("every sheet", "years before the plan", "a year without a limit", "periods over 12 months"),
    *("periods over 12 months, nothing carried over", *BUDGETED),
]


@pytest.mark.parametrize("name", NAMED)
def test_every_row_has_the_sides_of_its_constraint(name: str) -> None:
    """`budget` of the model itself, with the plan's quantities in it: left side, right side and whether it binds, in M USD; no row without one has a limit."""
    plan = plan_named(name)
    m = build(plan.data)
    for variable in m.component_objects(pyo.Var):
        if variable.local_name in plan.values:
            for one, value in zip(variable.values(), plan.values[variable.local_name].tolist(), strict=True):
                one.set_value(value, skip_validation=True)
    constraint = {y: (pyo.value(m.budget[y].body), pyo.value(m.budget[y].upper)) for y in m.BUDGET_YEARS}
    free = {y: body - upper for y, (body, upper) in constraint.items()}
    frame = budget(Report(plan)).frame
    rows = frame[frame["limit"].notna()]

    assert len(rows) == len(constraint) > 0
    assert (1000 * rows["left"]).tolist() == pytest.approx([-free[y] for y in constraint], abs=1e-6 * (1 + 1000 * rows["limit"].max()))
    assert (1000 * (rows["counted"] - rows["limit"])).tolist() == pytest.approx(list(free.values()), abs=1e-3)
    assert rows["tight"].tolist() == ["yes" if free[y] >= -2e-6 * (1000 + upper) else "no" for y, (_, upper) in constraint.items()]


def test_money_of_years_before_the_plan_is_there() -> None:
    """1 of 2024 and 2 of 2025 are carried over: with 1.5 of 2026 there are 4.5, of which 1.2 + 0.12 are spent; with 1 of 2027, 5.5 and 1.44."""
    frame = budget(Report(plan_named("years before the plan"))).frame

    assert frame["year"].tolist() == [2026, 2027]
    assert frame["limit"].tolist() == near([4.5, 5.5])
    assert frame["counted"].tolist() == near([1.32, 1.44])
    assert frame["left"].tolist() == near([3.18, 4.06])
    assert frame["amount"].sum() == near(5.5)


def test_a_period_of_two_years_stands_in_one_row() -> None:
    """2026\u20132027 counts in 2027, with the 3 of 2026 and the 2 of 2027; 12 t and two years of holding: 1.2 + 0.24. Then 1 more, and 0.24 more to hold."""
    frame = budget(Report(plan_named("periods over 12 months"))).frame

    assert frame["year"].tolist() == ["2026\u20132027", "2028\u20132029"]
    assert frame["limit"].tolist() == near([5, 6])
    assert frame["counted"].tolist() == near([1.44, 1.68])


def test_rotation_is_a_kind_of_its_own() -> None:
    """Half of 12 t a year is exchanged at 2 USD/kg: 12 thousand USD a year, beside 120 to hold them."""
    plan = plan_of(materials={**DY, "rotation_rate": 0.5, "rotation_cost": 2}, supply=SUPPLY)
    frame = budget(Report(plan)).frame

    assert frame["holding"].tolist() == near([0.12, 0.12])
    assert frame["rotation"].tolist() == near([0.012, 0.012])
    assert frame["spent"].tolist() == near([1.332, 0.132])


def test_spending_is_purchases_and_holding_by_year() -> None:
    """2026: 12 t x 100 = 1,200 and 10 % of it, 120, to hold; 2027: 120 (thousand USD)."""
    spent = trunk_outlays(Report(held("yes", y2026=2, y2027=1)))

    assert spent["purchases"].tolist() == near([1.2, 0])
    assert spent["holding"].tolist() == near([0.12, 0.12])
    assert np.abs(spent[["offtake", "investment"]].to_numpy()).sum() == near(0)


@pytest.mark.parametrize(
    ("carryover", "limit", "counted", "left"),
    [("yes", [2, 3], [1.32, 1.44], [0.68, 1.56]), ("no", [2, 1], [1.32, 0.12], [0.68, 0.88])],
)
def test_money_left_is_carried_over_or_lost(carryover: str, limit: list[float], counted: list[float], left: list[float]) -> None:
    """2 - 1.32 = 0.68 are left of 2026; with carry-over they are there in 2027 too: 2 + 1 - 1.32 - 0.12 = 1.56."""
    table = budget(Report(held(carryover, y2026=2, y2027=1)))
    shown = [column.name for column in table.columns]

    assert table.frame["amount"].tolist() == near([2, 1])
    assert table.frame["limit"].tolist() == near(limit)
    assert table.frame["counted"].tolist() == near(counted)
    assert table.frame["left"].tolist() == near(left)
    assert table.frame["tight"].tolist() == ["no", "no"]
    assert ("limit" in shown) == (carryover == "yes")


def test_a_budget_that_is_spent_says_so() -> None:
    """1.32 M USD are just enough."""
    frame = budget(Report(held("yes", y2026=1.32, y2027=0.12))).frame

    assert frame["tight"].tolist() == ["yes", "yes"]
    assert frame["left"].tolist() == near([0, 0])
