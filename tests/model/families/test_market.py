"""Market balance: what is supplied, made and released is used, taken into store, sold to the sectors, or surplus."""

from typing import Any

import pytest

from model.solver.program import Status
from tests.kit.small import by_node, cost, embargo, near, plan_of, plant, series, status_of


def test_surplus_that_pays_is_sold_up_to_its_yearly_limit() -> None:
    """
    Bought at 100 and sold at 150, 3 t/yr: 1.5 t in each half year, 0.75 t in a quarter of an embargo that takes nothing (0.2).
    600 - 75 each half year, 300 - 37.5 in the quarter: 525 + 0.8 * 525 + 0.2 * 262.5 = 997.5.
    """
    plan = plan_of(
        {"horizon": 1, "period": 6},
        materials={"material": "Dy", "price": 100, "surplus_cost": -150, "surplus_limit": 3},
        **embargo(months=3, chance=0.36, lost=0),
    )

    assert series(plan, "surplus", material="Dy") == near([1.5, 1.5, 0.75])
    assert series(plan, "supply", offer="import") == near([7.5, 7.5, 3.75])
    assert cost(plan, "cost_surplus") == near(-225 - 0.8 * 225 - 0.2 * 112.5)
    assert plan.objective == near(997.5)


def test_surplus_that_cannot_be_disposed_of_holds_the_plant_back() -> None:
    """
    Each tonne of Dy from the mill comes with 2 t of Nd, which cannot be held and of which 6 t/yr are wanted at most, at a cost of 1:
    3 t are made for nothing, 9 t bought: 906.
    """
    sheets = plant(opening_capacity=100)
    sheets["recipes"].append({"plant": "works", "mode": "run", "material": "Nd", "quantity": 2})
    plan = plan_of(
        {"horizon": 1},
        materials=[
            {"material": "Dy", "price": 100},
            {"material": "Nd", "price": 1, "stock_limit": 0, "surplus_cost": 1, "surplus_limit": 6},
        ],
        **sheets,
    )

    assert series(plan, "run", plant="works") == near([3])
    assert cost(plan, "cost_surplus") == near(6)
    assert plan.objective == near(906)


def test_a_substitute_is_taken_from_its_own_market() -> None:
    """
    In the embargo (0.1) each tonne of Dy is replaced by half a tonne of Tb at 300 and 10 for the change: 3 t a quarter cost
    30 + 1.5 * 300 = 480. Tb also has users of its own, 4 t/yr or 1 t a quarter: 2280 + 4 * 300 * 1.9 + 0.1 * 2 * (480 + 300).
    """
    plan = plan_of(
        materials=[{"material": "Dy", "price": 100}, {"material": "Tb", "price": 300}],
        demand=[{"material": "Dy", "sector": "civil", "demand": 12}, {"material": "Tb", "sector": "civil", "demand": 4}],
        supply=[
            {"offer": "import", "country": "China", "material": "Dy"},
            {"offer": "Tb", "country": "Chile", "material": "Tb"},
        ],
        thrift={"option": "swap", "material": "Dy", "sector": "civil", "limit": 1, "cost": 10, "substitute": "Tb", "substitute_rate": 0.5},
        **embargo(months=6, chance=0.1),
    )

    assert by_node(plan, "saving", option="swap") == near({2: 3, 3: 3})
    assert by_node(plan, "supply", offer="Tb") == near({0: 4, 1: 4, 2: 2.5, 3: 2.5})
    assert series(plan, "shortage", material="Dy") == near([0, 0, 0, 0])
    assert plan.objective == near(1900 * 1.2 + 1200 * 1.9 + 0.2 * 780)


def test_each_sectors_savings_take_the_substitute() -> None:
    """As above for two sectors of 4 and 8 t/yr with one option for all: 0.5 and 1 t of Tb a quarter, in all 1.5 t. 2280 + 0.1 * 2 * 480."""
    plan = plan_of(
        materials=[{"material": "Dy", "price": 100}, {"material": "Tb", "price": 300}],
        sectors=[{"sector": "civil", "shortage_multiple": 10}, {"sector": "defense", "shortage_multiple": 50}],
        demand=[{"material": "Dy", "sector": "civil", "demand": 4}, {"material": "Dy", "sector": "defense", "demand": 8}],
        supply=[
            {"offer": "import", "country": "China", "material": "Dy"},
            {"offer": "Tb", "country": "Chile", "material": "Tb"},
        ],
        thrift={"option": "swap", "material": "Dy", "sector": "*", "limit": 1, "cost": 10, "substitute": "Tb", "substitute_rate": 0.5},
        **embargo(months=6, chance=0.1),
    )

    assert by_node(plan, "supply", offer="Tb") == near({0: 0, 1: 0, 2: 1.5, 3: 1.5})
    assert plan.objective == near(2280 + 0.2 * 480)


def test_what_nobody_wants_must_go_somewhere() -> None:
    """
    4 t of Dy must be made at home for a floor of a third, each with 2 t of Nd that nobody needs and that cannot be held: infeasible where
    no surplus is allowed; with surplus at 5, 40 for the 8 t of Nd and 800 for the Dy to buy.
    """
    sheets = plant(opening_capacity=4)
    sheets["recipes"].append({"plant": "works", "mode": "run", "material": "Nd", "quantity": 2})
    sheets["floors"] = [{"material": "Dy", "origin": "home", "share": 1 / 3}]

    def with_nd(**columns: float) -> dict[str, Any]:
        return {"materials": [{"material": "Dy", "price": 100}, {"material": "Nd", "price": 1, "stock_limit": 0, **columns}], **sheets}

    assert status_of({"horizon": 1}, **with_nd(surplus_limit=0)) is Status.INFEASIBLE
    assert plan_of({"horizon": 1}, **with_nd(surplus_cost=5)).objective == near(840)


@pytest.mark.parametrize(("columns", "price"), [({"surplus_share": 0.5}, -55), ({"surplus_share": 0.5, "surplus_cost": 3}, 3), ({}, 0)])
def test_a_sale_of_surplus_brings_a_share_of_the_price_unless_it_has_a_cost_of_its_own(columns: dict[str, float], price: float) -> None:
    """
    Half of 100 * 1.21^0.5 = 110 in the middle of the year; a cost of its own stays what it is. The mill makes 12 t of Nd for nothing with
    the 12 t of Dy that are needed, and Nd cannot be held: 12 t times that.
    """
    sheets = plant(opening_capacity=12)
    sheets["recipes"].append({"plant": "works", "mode": "run", "material": "Nd", "quantity": 1})
    nd = {"material": "Nd", "price": 100, "price_growth": 0.21, "stock_limit": 0, "surplus_limit": 12, **columns}
    plan = plan_of({"horizon": 1}, materials=[{"material": "Dy", "price": 100}, nd], **sheets)

    assert series(plan, "surplus", material="Nd") == near([12])
    assert plan.parameter("surplus_price")["Nd", 0] == near(price)
    assert plan.objective == near(12 * price)
