"""Budget: public money spent in a year (with carry-over: until then) is no more than there is."""

from typing import Any

import pytest

from tests.kit.small import Row, at, by_node, cost, embargo, near, plan_of, plant, read, series

SUPPLY: list[Row] = [
    {"offer": "import", "country": "China", "material": "Dy"},
    {"offer": "purchase", "country": "Chile", "material": "Dy", "buyer": "stockpile"},
]


def late_embargo() -> dict[str, Any]:
    """An embargo of 6 months in 2028 (0.2), for which 6 t can be bought in 2026 and 2027."""
    return embargo(months=6, chance=0.2, first_year=2028)


@pytest.mark.parametrize(("carryover", "bought"), [("no", [2, 3, 0]), ("yes", [0, 5, 0])])
def test_money_not_spent_is_lost_or_kept(carryover: str, bought: list[float]) -> None:
    """
    0.2 and 0.3 M USD buy 2 t in 2026 and 3 t in 2027, or all 5 t in 2027, which is better at 10 % a year (budgets are not discounted).
    1 t is short in the second quarter of the embargo, in month 28.5.
    """
    plan = plan_of(
        {"horizon": 3, "discount_rate": 0.1, "budget_carryover": carryover},
        supply=SUPPLY,
        budget=[{"year": 2026, "amount": 0.2}, {"year": 2027, "amount": 0.3}],
        **late_embargo(),
    )
    market = 1200 * (1.1**-0.5 + 1.1**-1.5 + 0.8 * 1.1**-2.5)

    assert list(by_node(plan, "supply", offer="purchase").values()) == near(bought)
    assert cost(plan, "cost_purchase") == near(100 * (bought[0] * 1.1**-0.5 + bought[1] * 1.1**-1.5))
    assert plan.objective == near(market + cost(plan, "cost_purchase") + 200 * 1.1 ** (-28.5 / 12))


def test_money_cannot_be_spent_before_it_is_there() -> None:
    """What is for sale in 2026 only is bought with the 0.2 M USD of 2026: 2 t. 2400 + 200 + 0.8 * 1200 + 0.2 * 4000."""
    plan = plan_of(
        {"horizon": 3},
        supply=[SUPPLY[0], {**SUPPLY[1], "last_year": 2026}],
        budget=[{"year": 2027, "amount": 0.3}, {"year": 2026, "amount": 0.2}],
        **late_embargo(),
    )

    assert by_node(plan, "supply", offer="purchase") == near({0: 2})
    assert plan.objective == near(2400 + 200 + 960 + 800)


def test_a_year_that_is_not_listed_has_no_limit_and_does_not_count() -> None:
    """Nothing may be spent in 2026 or 2028, so all 6 t are bought in 2027: 2400 + 600 + 0.8 * 1200."""
    plan = plan_of({"horizon": 3}, supply=SUPPLY, budget=[{"year": 2026, "amount": 0}, {"year": 2028, "amount": 0}], **late_embargo())

    assert by_node(plan, "supply", offer="purchase") == near({0: 0, 1: 6, 2: 0})
    assert plan.objective == near(3960)


def test_the_periods_of_a_year_share_its_budget() -> None:
    """Three half years: 0.2 M USD in both of 2026 buy 2 t for an embargo that begins with 2027 (0.2). 600 + 600 + 200 + 0.8 * 600 + 0.2 * 4000 = 2680."""
    plan = plan_of(
        {"horizon": 1.5, "period": 6},
        supply=SUPPLY,
        budget=[{"year": 2026, "amount": 0.2}],
        **embargo(months=6, chance=0.36, first_year=2027),
    )

    assert sum(series(plan, "supply", offer="purchase")[:2]) == near(2)
    assert plan.objective == near(2680)


def test_a_year_outside_the_plan_has_no_row_of_its_own() -> None:
    """A year after the horizon would limit nothing, so it is refused."""
    reading = read({"budget_carryover": "no"}, supply=SUPPLY, budget=[{"year": 2027, "amount": 0.2}, {"year": 2030, "amount": 0.3}])

    assert [finding.place for finding in reading.errors] == ["budget!A4"]


def test_holding_counts() -> None:
    """
    1 t is there and x t are bought: 100 x + 10 (1 + x) = 340, x = 3. In the embargo 2 t are short: 1200 + 300 + 40 + 0.8 * (1200 + 40)
    + 0.2 * (2000 + 2.5 for the tonne held for a quarter).
    """
    plan = plan_of(
        materials={"material": "Dy", "price": 100, "opening_stock": 1, "holding_rate": 0.1},
        supply=SUPPLY,
        budget={"year": 2026, "amount": 0.34},
        **embargo(months=6, chance=0.2),
    )

    assert at(plan, "supply", offer="purchase", node=0) == near(3)
    assert plan.objective == near(1540 + 992 + 400.5)


def test_rotation_counts() -> None:
    """
    Half of what is in store is exchanged in a year, at 10: x t cost 100 x + 5 x = 420 in 2026, x = 4, and 20 in each year of peace
    that follows; in the embargo (0.2) 2 t are short: 1200 + 420 + 0.8 * (1200 + 20) + 0.2 * 2000.
    """
    plan = plan_of(
        materials={"material": "Dy", "price": 100, "rotation_rate": 0.5, "rotation_cost": 10},
        supply=SUPPLY,
        budget={"year": 2026, "amount": 0.42},
        **embargo(months=6, chance=0.2),
    )

    assert at(plan, "supply", offer="purchase", node=0) == near(4)
    assert plan.objective == near(1620 + 976 + 400)


def test_offtake_counts_at_the_price_of_the_year() -> None:
    """
    At 100 * 1.21^0.5 = 110 a tonne, 0.22 M USD take 2 t of the works' 6 t/yr, of the 3 t wanted; a tonne short is 1000:
    8 * 110 + 0.8 * 6 * 133.1 + 0.2 * 1000 = 1718.88.
    """
    plan = plan_of(
        materials={"material": "Dy", "price": 100, "price_growth": 0.21},
        demand={"material": "Dy", "sector": "civil", "demand": 12, "shortage_cost": 1000},
        budget={"year": 2026, "amount": 0.22},
        **plant(opening_capacity=6),
        **embargo(months=6, chance=0.2),
    )

    assert at(plan, "offtake", material="Dy", node=0) == near(2)
    assert plan.objective == near(1718.88)


def test_the_public_share_of_capex_counts_with_its_premium() -> None:
    """
    On the fast track, ready at once, a t/yr costs 100 * 1.2 thousand USD, half of it public: 0.3 M USD in 2026 give 5 t/yr, which spare
    2 * 80 each. (The normal track is too slow, and in 2027 one year's 80 does not pay.) 2 * (7 * 100 + 5 * 20) + 600 = 2200.
    """
    sheets = plant(
        variable_cost=20_000, capex=100_000, capacity_limit=12, lead_time=24, fast_lead_time=0, fast_premium=0.2, public_share=0.5,
        residual_share=0,
    )  # fmt: skip
    plan = plan_of(budget={"year": 2026, "amount": 0.3}, **sheets)

    assert at(plan, "order", speed="fast", node=0) == near(5)
    assert plan.objective == near(2200)


def test_a_cutoff_is_not_held_up_by_the_budget() -> None:
    """Works for 3600, all public money, are ordered in an embargo of 2027 (0.1) although there is no budget: 2280 + 0.1 * (6000 + 600 + 3600), as in the tests of orders."""
    sheets = plant(variable_cost=100_000, capex=300_000, lead_time=6, capacity_limit=12, public_share=1, residual_share=0)
    plan = plan_of(budget=[{"year": 2026, "amount": 0}, {"year": 2027, "amount": 0}], **sheets, **embargo(months=12, chance=0.1))

    assert at(plan, "order", plant="works", node=2) == near(12)
    assert plan.objective == near(3300)
