"""Free money is named, with what each tonne of it earns."""

from typing import Any

import pytest

from model.explain.unbounded import FreeMoney, explain_unbounded
from model.plan import make_plan
from model.solver.program import Status
from tests.kit.cases import load_case
from tests.kit.small import case, plant

IMPORT = {"offer": "import", "country": "China", "material": "Dy"}


def found(**sheets: Any) -> FreeMoney:
    seeded = case(**sheets)
    assert make_plan(seeded).status is Status.UNBOUNDED
    money = explain_unbounded(seeded)
    assert money is not None
    return money


def test_surplus_that_sells_above_an_offer_is_free_money() -> None:
    """Bought at 100 and sold at 120 USD/kg: 20 thousand USD a tonne."""
    money = found(materials={"material": "Dy", "price": 100, "surplus_cost": -120})

    assert [statement.address for statement in money.statements] == ["supply[import].price_share", "materials[Dy].surplus_cost"]
    assert "Each tonne bought earns 20 thousand USD" in money.sentence


def test_stock_worth_more_at_the_end_than_it_costs_is_free_money() -> None:
    """A purchase at 90 that is worth 110 at the end."""
    offers = [IMPORT, {"offer": "purchase", "country": "China", "material": "Dy", "buyer": "stockpile", "price": 90}]
    money = found(materials={"material": "Dy", "price": 100, "resale_share": 1.1}, supply=offers)

    assert [statement.address for statement in money.statements] == ["supply[purchase].price", "materials[Dy].resale_share"]
    assert "Each tonne bought earns 20 thousand USD" in money.sentence


def test_a_mode_that_takes_no_capacity_and_earns_is_free_money() -> None:
    """Works are paid 30,000 USD for each tonne that they run, and the Dy is given away."""
    sheets = plant(variable_cost=-30_000, opening_capacity=1)
    money = found(**{**sheets, "modes": [{**sheets["modes"][0], "capacity_use": 0}]})

    assert "modes[works,run].capacity_use" in [statement.address for statement in money.statements]
    assert "Each tonne run earns 30 thousand USD" in money.sentence


def test_the_unbounded_known_answer_is_explained() -> None:
    """M3 is bought for 33.41 USD/kg, and 60 % of 77.46, 46.48, is left of it at the end."""
    money = explain_unbounded(load_case("reference-06"))
    assert money is not None

    assert [statement.address for statement in money.statements] == ["supply[o23].price", "materials[M3].resale_share"]


def test_a_case_with_a_plan_has_no_free_money() -> None:
    assert explain_unbounded(case()) is None


@pytest.mark.parametrize("limit", [{"surplus_limit": 5}, {"surplus_cost": 0}])
def test_what_is_limited_or_earns_nothing_is_no_free_money(limit: dict[str, float]) -> None:
    assert explain_unbounded(case(materials={"material": "Dy", "price": 100, "surplus_cost": -120, **limit})) is None
