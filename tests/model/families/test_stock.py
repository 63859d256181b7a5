"""Stock: what is in store is what was there, less what was lost, plus what came in, less what went out."""

from typing import Any

import pytest

from model.solver.program import Status
from tests.kit.small import Row, at, by_node, cost, embargo, near, plan_of, series, status_of


def dy(**columns: Any) -> dict[str, Any]:
    return {"material": "Dy", "price": 100, **columns}


SUPPLY: list[Row] = [
    {"offer": "import", "country": "China", "material": "Dy"},
    {"offer": "purchase", "country": "Chile", "material": "Dy", "buyer": "stockpile"},
]


def test_stock_is_bought_in_peace_and_released_in_the_embargo() -> None:
    """An embargo of 6 months (0.2) lacks 6 t; a tonne costs 100 and spares 0.2 * 1000. 1200 + 600 + 0.8 * 1200 = 2760."""
    plan = plan_of(supply=SUPPLY, **embargo(months=6, chance=0.2))

    assert by_node(plan, "supply", offer="purchase") == near({0: 6, 1: 0})
    assert by_node(plan, "release", material="Dy") == near({2: 3, 3: 3})
    assert series(plan, "stock", material="Dy") == near([6, 6, 3, 0])
    assert cost(plan, "cost_purchase") == near(600)
    assert plan.objective == near(2760)


def test_stock_left_is_worth_its_resale_share_of_the_price_at_the_end() -> None:
    """
    As above, but at the end of peace (0.8, after 2 years, at 100 * 1.21^2) 6 t are worth half their price, at 10 % a year.
    The price in year 1 is 110 in its middle, 133.1 in year 2.
    """
    plan = plan_of(
        {"discount_rate": 0.1}, materials=dy(price_growth=0.21, resale_share=0.5), supply=SUPPLY, **embargo(months=6, chance=0.2)
    )
    left = 0.8 * 6 * 0.5 * 146.41 * 1.1**-2

    assert series(plan, "stock", material="Dy") == near([6, 6, 3, 0])
    assert plan.salvage["stock_salvage"] == near(left)
    assert plan.objective == near(18 * 110 * 1.1**-0.5 + 0.8 * 12 * 133.1 * 1.1**-1.5 - left)


def test_stock_left_in_a_branch_counts_too() -> None:
    """
    20 t in store cannot all be used in an embargo of 6 months (0.2): 20 t are left in peace and 14 t after it, worth 30 a tonne:
    1200 + 0.8 * 1200 - 30 * (0.8 * 20 + 0.2 * 14).
    """
    plan = plan_of(materials=dy(opening_stock=20, resale_share=0.3), **embargo(months=6, chance=0.2))

    assert plan.salvage["stock_salvage"] == near(564)
    assert plan.objective == near(2160 - 564)


def test_disposal_of_stock_left_is_a_cost() -> None:
    """A resale share of -0.5: 10 t left cost 500, after a year of 1200."""
    plan = plan_of({"horizon": 1}, materials=dy(opening_stock=10, resale_share=-0.5))

    assert plan.salvage["stock_salvage"] == near(-500)
    assert plan.objective == near(1700)


def test_rotation_is_an_exchange_that_costs_and_leaves_the_stock() -> None:
    """A fifth a year of 10 t, 1 t in each half year, goes out and comes in at 5 USD/kg: 1200 + 2 * 5. No offer to the stockpile is needed, and the market sees none of it."""
    plan = plan_of({"horizon": 1, "period": 6}, materials=dy(opening_stock=10, rotation_rate=0.2, rotation_cost=5))

    assert series(plan, "stock", material="Dy") == near([10, 10])
    assert series(plan, "supply", offer="import") == near([6, 6])
    assert cost(plan, "cost_rotation") == near(10)
    assert plan.objective == near(1210)


def test_rotation_is_of_what_is_there_after_losses_and_purchases() -> None:
    """Of 10 t 10 % are lost, and a year of cover asks for 12 t: 3 t are bought. A fifth of 12 t is exchanged at 10: 1200 + 300 + 24."""
    materials = dy(opening_stock=10, rotation_rate=0.2, rotation_cost=10, loss_rate=0.1, min_cover=365)
    plan = plan_of({"horizon": 1}, materials=materials, supply=SUPPLY)

    assert series(plan, "stock", material="Dy") == near([12])
    assert plan.objective == near(1524)


def test_rotation_does_not_go_through_the_purchase_limit() -> None:
    """10 t are exchanged every year where nothing may be bought: 2 * (1200 + 10 * 5)."""
    plan = plan_of(materials=dy(opening_stock=10, rotation_rate=1, rotation_cost=5, purchase_limit=0), supply=SUPPLY)

    assert series(plan, "stock", material="Dy") == near([10, 10])
    assert plan.objective == near(2500)


def test_rotation_costs_nothing_in_a_cutoff() -> None:
    """
    Half of 6 t is exchanged a year, at 7 USD/kg: 21 in year 1, and in year 2 in peace; in the embargo all 6 t are released:
    1200 + 21 + 0.8 * (1200 + 21).
    """
    plan = plan_of(materials=dy(opening_stock=6, rotation_rate=0.5, rotation_cost=7), **embargo(months=6, chance=0.2))

    assert series(plan, "release", material="Dy") == near([3, 3])
    assert cost(plan, "cost_rotation") == near(21 + 0.8 * 21)
    assert plan.objective == near(1221 + 0.8 * 1221)


def test_nothing_is_released_in_peace() -> None:
    """10 t in store for nothing, and still 12 t a year are bought: 2400."""
    plan = plan_of(materials=dy(opening_stock=10))

    assert not len(plan.frame("release"))
    assert series(plan, "stock", material="Dy") == near([10, 10])
    assert plan.objective == near(2400)


def test_stock_is_lost_by_the_year() -> None:
    """
    19 % a year is 10 % in half a year: 10 t, 9 t, 8.1 t; in an embargo beginning in month 6 (probability 0.1) after a quarter
    9 * 0.81^0.25 = 8.538 t less the 3 t released. No other cost than 600 for each half year: 600 + 0.9 * 600.
    """
    plan = plan_of(
        {"horizon": 1, "period": 6},
        materials=dy(opening_stock=10, loss_rate=0.19, surplus_limit=0),
        **embargo(months=3, chance=1 - 0.9**2),
    )

    assert series(plan, "stock", material="Dy") == near([9, 8.1, 9 * 0.81**0.25 - 3])
    assert plan.objective == near(600 + 0.9 * 600)


def test_holding_is_a_share_of_the_value_in_store() -> None:
    """10 t, held for half a year at a price of 100 * 1.21^0.25, then at 100 * 1.21^0.75, at 10 % a year; each half year also needs 6 t."""
    plan = plan_of({"horizon": 1, "period": 6}, materials=dy(opening_stock=10, holding_rate=0.1, price_growth=0.21))
    prices = [100 * 1.21**0.25, 100 * 1.21**0.75]

    assert plan.costs.loc["cost_holding"].tolist() == near([10 * 0.1 * 0.5 * price for price in prices])
    assert cost(plan, "cost_holding") == near(0.5 * sum(prices))
    assert plan.objective == near(6.5 * sum(prices))


def test_holding_is_paid_in_a_branch_too() -> None:
    """6 t held for a year (60), then for another in peace (0.8 * 60), or 3 t for a quarter in the embargo (0.2 * 7.5) until none is left."""
    plan = plan_of(materials=dy(opening_stock=6, holding_rate=0.1), **embargo(months=6, chance=0.2))

    assert cost(plan, "cost_holding") == near(60 + 48 + 1.5)
    assert plan.objective == near(1200 + 0.8 * 1200 + 109.5)


@pytest.mark.parametrize(
    ("lag", "released"), [(0, [0.5] * 6), (1.5, [0, 0] + [0.5] * 4), (2, [0, 0] + [0.5] * 4), (2.5, [0] * 3 + [0.5] * 3)]
)
def test_release_begins_after_its_lag_and_has_a_limit(lag: float, released: list[float]) -> None:
    """Months of 1 t, none released while the month begins before the lag, then half a tonne; a tonne short is 1000: 1200 + 0.9 * 1200 + 0.1 * 1000 * (6 - sum)."""
    plan = plan_of(
        {"crisis_period": 1, "release_lag": lag}, materials=dy(opening_stock=12, release_limit=0.5), **embargo(months=6, chance=0.1)
    )

    assert series(plan, "release", material="Dy") == near(released)
    assert plan.objective == near(2280 + 100 * (6 - sum(released)))


def test_the_release_limit_is_monthly() -> None:
    """0.5 t a month are 1.5 t a quarter, of 3 t: 2280 + 0.1 * 3000."""
    sheets = embargo(months=6, chance=0.1)
    plan = plan_of(materials=dy(opening_stock=12, release_limit=0.5), **sheets)

    assert series(plan, "release", material="Dy") == near([1.5, 1.5])
    assert plan.objective == near(2280 + 0.1 * 3000)


def test_stock_is_settled_as_the_cutoff_ends_and_there_is_none_in_the_aftermath() -> None:
    """
    20 t, held at 10 a tonne and year, at 10 % a year: of 6 t needed in the embargo (0.2) 14 t are left in month 18, worth 30 each then; in
    peace 20 t in month 24. After the embargo 6 t are bought and nothing is held or released: at 21 months.
    """
    plan = plan_of(
        {"aftermath": "yes", "discount_rate": 0.1},
        materials=dy(opening_stock=20, resale_share=0.3, holding_rate=0.1),
        **embargo(months=6, chance=0.2),
    )
    left = 0.8 * 600 * 1.1**-2 + 0.2 * 420 * 1.1**-1.5
    spent = 1400 * (1.1**-0.5 + 0.8 * 1.1**-1.5) + 0.2 * (42.5 * 1.1**-1.125 + 35 * 1.1**-1.375 + 600 * 1.1**-1.75)

    assert series(plan, "stock", material="Dy") == near([20, 20, 17, 14])
    assert by_node(plan, "release", material="Dy") == near({2: 3, 3: 3})
    assert plan.salvage["stock_salvage"] == near(left)
    assert plan.objective == near(spent - left)


@pytest.mark.parametrize(
    ("ready_by", "stock"), [(12, [2.2, 2.662, 3.22102]), (13, [0, 2.662, 3.22102]), (24, [0, 2.662, 3.22102]), (36, [0, 0, 3.22102])]
)
def test_cover_is_held_in_peace_from_ready_by_on(ready_by: float, stock: list[float]) -> None:
    """73 days of two sectors' 4 and 6 t/yr, which grow by 21 %: 2 * 1.1, 2 * 1.1^3, 2 * 1.1^5 t at the end of each year that ends then or later. Bought at 100, demand supplied for nothing."""
    plan = plan_of(
        {"horizon": 3, "ready_by": ready_by},
        materials=dy(min_cover=73),
        sectors=[{"sector": "civil"}, {"sector": "defense"}],
        demand=[
            {"material": "Dy", "sector": "civil", "demand": 4, "growth": 0.21},
            {"material": "Dy", "sector": "defense", "demand": 6, "growth": 0.21},
        ],
        supply=[{**SUPPLY[0], "price": 0}, SUPPLY[1]],
    )

    assert cost(plan, "cost_purchase") == near(322.102)
    assert plan.objective == near(322.102)
    assert [s >= wanted - 1e-6 for s, wanted in zip(series(plan, "stock", material="Dy"), stock, strict=True)] == [True] * 3


@pytest.mark.parametrize(
    ("ready_by", "stock"), [(12, [2.4, 2.4, 2.4]), (13, [0, 2.4, 2.4]), (24, [0, 2.4, 2.4]), (25, [0, 0, 2.4]), (36, [0, 0, 2.4])]
)
def test_cover_is_bought_no_earlier_than_it_must_be(ready_by: float, stock: list[float]) -> None:
    """Holding costs 10 a tonne and year, so 2.4 t (73 days of 12 t/yr) are bought in the first year that ends at or after ready_by: 3600 + 240 + 24 for each year held."""
    plan = plan_of({"horizon": 3, "ready_by": ready_by}, materials=dy(min_cover=73, holding_rate=0.1), supply=SUPPLY)

    assert series(plan, "stock", material="Dy") == near(stock)
    assert plan.objective == near(3600 + 240 + 10 * sum(stock))


def test_cover_may_be_used_in_a_cutoff() -> None:
    """2.4 t held in peace are released in the embargo (0.01), in either quarter: 1200 + 240 + 0.99 * 1200 + 0.01 * 3600."""
    plan = plan_of(materials=dy(min_cover=73), supply=SUPPLY, **embargo(months=6, chance=0.01))
    stock = series(plan, "stock", material="Dy")

    assert stock[:2] == near([2.4, 2.4])
    assert stock[3] == near(0)
    assert plan.objective == near(1200 + 240 + 0.99 * 1200 + 0.01 * 3600)


def test_stock_has_a_limit() -> None:
    """Of the 6 t that an embargo lacks (0.2) only 4 t fit: 1200 + 400 + 0.8 * 1200 + 0.2 * 2000."""
    plan = plan_of(materials=dy(stock_limit=4), supply=SUPPLY, **embargo(months=6, chance=0.2))

    assert at(plan, "stock", material="Dy", node=0) == near(4)
    assert plan.objective == near(2960)


def test_cover_above_the_limit_is_infeasible() -> None:
    """73 days of 12 t/yr, 2.4 t of cover, do not fit into 2.3 t, but into 2.5 t."""
    assert status_of(materials=dy(min_cover=73, stock_limit=2.3), supply=SUPPLY) is Status.INFEASIBLE
    assert status_of(materials=dy(min_cover=73, stock_limit=2.5), supply=SUPPLY) is Status.OPTIMAL


def test_cover_may_fill_the_store_exactly() -> None:
    """73 days of 12 t/yr are 2.4 t, which fit into 2.4 t."""
    assert status_of(materials=dy(min_cover=73, stock_limit=2.4), supply=SUPPLY) is Status.OPTIMAL


def test_cover_that_nobody_sells_is_infeasible() -> None:
    assert status_of(materials=dy(min_cover=73)) is Status.INFEASIBLE
