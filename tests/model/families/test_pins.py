"""Pins: a quantity of a year is at least, or at most, what was decided beforehand; the prices say what that costs.

A tonne of stock costs 100 and spares 0.2 x 1000 in an embargo of 6 months, in which 6 t are needed.
"""

from typing import Any

import pytest

from model.plan import Plan, make_plan
from model.solver.program import Status
from tests.kit.small import Row, case, embargo, near, plan_of, plant, series

SUPPLY: list[Row] = [
    {"offer": "import", "country": "China", "material": "Dy"},
    {"offer": "purchase", "country": "Chile", "material": "Dy", "buyer": "stockpile"},
]


def pin(item: str, year: int, name: str = "Dy", **ends: float) -> dict[str, Any]:
    return {"pins": {"item": item, "name": name, "year": year, **ends}}


def price(plan: Plan, equation: str) -> float:
    """What a unit more on the right of the only row of an equation costs, thousand USD."""
    assert len(plan.duals[equation]) == 1
    return float(plan.duals[equation][0])


def test_without_pins_the_stock_is_what_pays() -> None:
    """1200 + 600 + 0.8 * 1200 = 2760."""
    assert plan_of(supply=SUPPLY, **embargo(months=6, chance=0.2)).objective == near(2760)


def test_more_stock_than_pays_has_its_price() -> None:
    """8 t at the end of 2026 for 200 more; each tonne costs its 100."""
    plan = plan_of(supply=SUPPLY, **pin("stock", 2026, at_least=8), **embargo(months=6, chance=0.2))

    assert series(plan, "stock", material="Dy")[0] == near(8)
    assert price(plan, "pins_at_least") == near(100)
    assert plan.objective == near(2960)


def test_less_stock_than_pays_has_its_price() -> None:
    """4 t at most: 2 t are short in the embargo, 0.2 * 2000 for 200 spared; each tonne more would be worth 100."""
    plan = plan_of(supply=SUPPLY, **pin("stock", 2026, at_most=4), **embargo(months=6, chance=0.2))

    assert series(plan, "stock", material="Dy")[0] == near(4)
    assert price(plan, "pins_at_most") == near(-100)
    assert plan.objective == near(2960)


def test_a_pin_that_pays_by_itself_has_no_price() -> None:
    plan = plan_of(supply=SUPPLY, **pin("stock", 2026, at_least=5, at_most=7), **embargo(months=6, chance=0.2))

    assert [price(plan, "pins_at_least"), price(plan, "pins_at_most")] == near([0, 0])
    assert plan.objective == near(2760)


def test_stock_is_that_at_the_end_of_the_year() -> None:
    """In half years, 3 t of 2026 may be bought in either half; at 10 USD a tonne and half year of holding, in the second: 300 + 30, in a plan of a year: 1530."""
    plan = plan_of(
        {"horizon": 1, "period": 6},
        materials={"material": "Dy", "price": 100, "holding_rate": 0.2},
        supply=SUPPLY,
        **pin("stock", 2026, at_least=3),
    )

    assert series(plan, "stock", material="Dy") == near([0, 3])
    assert plan.objective == near(1200 + 300 + 30)


def test_a_purchase_is_what_is_bought_and_taken_in_the_year() -> None:
    """
    5 t in 2027, of which home works of 2 t/yr, free to run, give 2 (China replaces them at 100 on the market), or Chile all of it at 100:
    2 * (10 * 100) + 500 either way; each tonne costs 100.
    """
    plan = plan_of(supply=SUPPLY, **pin("purchase", 2027, at_least=5), **plant(opening_capacity=2))

    assert series(plan, "supply", offer="purchase")[1] + series(plan, "offtake", material="Dy")[1] == near(5)
    assert series(plan, "stock", material="Dy")[1] >= 5 - 1e-6
    assert price(plan, "pins_at_least") == near(100)
    assert plan.objective == near(2500)


def test_offtake_alone_can_be_pinned() -> None:
    """No offer to the stockpile: works that give 2 t/yr at most are pinned to 1.5 t of offtake in 2026, 150 for the China that replaces it."""
    plan = plan_of(**pin("purchase", 2026, at_least=1.5), **plant(opening_capacity=2))

    assert series(plan, "offtake", material="Dy")[0] == near(1.5)
    assert plan.objective == near(2150)


def test_the_purchases_of_all_periods_of_a_year_count_together() -> None:
    """Half years before an embargo (begun with 0.2) in 2027: 3 t at most in both of 2026 together. 600 + 600 + 300 + 0.8 * 600 + 0.2 * 3000."""
    plan = plan_of(
        {"horizon": 1.5, "period": 6}, supply=SUPPLY, **pin("purchase", 2026, at_most=3), **embargo(months=6, chance=0.36, first_year=2027)
    )

    assert sum(series(plan, "supply", offer="purchase")[:2]) == near(3)
    assert price(plan, "pins_at_most") == near(-100)
    assert plan.objective == near(2580)


def works(**columns: Any) -> dict[str, Any]:
    """12 t/yr at most for 60 thousand USD per t/yr, running at the import's price: not worth ordering. Nothing is left of it."""
    return plant(**{"variable_cost": 100_000, "capex": 60_000, "capacity_limit": 12, "residual_share": 0, **columns})


def test_an_order_already_made_has_its_price() -> None:
    """5 t/yr in 2027 for 300 on top of 2400; each t/yr costs 60, the fast track 90."""
    plan = plan_of(**pin("order", 2027, "works", at_least=5), **works(lead_time=12, fast_lead_time=6, fast_premium=0.5))

    assert plan.frame("order").query("value > 1e-6")[["speed", "node"]].to_numpy().tolist() == [["normal", 1]]
    assert price(plan, "pins_at_least") == near(60)
    assert plan.objective == near(2700)


def test_an_order_may_be_forbidden() -> None:
    """Running at 20, 12 t/yr save 960 a year for 720; not in 2026 (pinned at 0), so ordered in 2027: 1200 + 720 + 240. A t/yr in 2026 would save 80."""
    plan = plan_of(**pin("order", 2026, "works", at_most=0), **works(variable_cost=20_000))

    assert series(plan, "order", plant="works") == near([0, 12])
    assert price(plan, "pins_at_most") == near(-80)
    assert plan.objective == near(2160)


@pytest.mark.parametrize(("item", "name"), [("purchase", "Dy"), ("order", "works")])
def test_what_there_is_nothing_of_can_be_pinned_to_nothing_only(item: str, name: str) -> None:
    """No offer to the stockpile and no home output to take; a plant that cannot grow: at most 3 is void, at least 3 out of reach."""
    sheets = works(capacity_limit=0, country="Chile")
    base = case({"horizon": 1}, **pin(item, 2026, name, at_most=3), **sheets)
    plan = make_plan(base.with_frame("pins", base["pins"].assign(at_least=3.0)))

    assert make_plan(base).objective == near(1200)
    assert plan.status is Status.INFEASIBLE
    assert name in plan.message
