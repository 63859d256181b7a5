"""Share caps: no country supplies more than its share of a material in peace."""

from tests.kit.small import Row, by_node, cost, embargo, near, plan_of, plant, series

SUPPLY: list[Row] = [
    {"offer": "china", "country": "China", "material": "Dy", "price": 80},
    {"offer": "chile", "country": "Chile", "material": "Dy"},
]


def test_the_share_is_of_all_that_is_supplied_and_made() -> None:
    """Of 12 t half may come from China; 4 t are made at 10, so 6 t from China at 80 and 2 t from Chile: 40 + 480 + 200 = 720."""
    caps = {"share_caps": {"material": "Dy", "country": "China", "cap": 0.5}}
    plan = plan_of({"horizon": 1}, supply=SUPPLY, **caps, **plant(variable_cost=10_000, opening_capacity=4))

    assert series(plan, "supply", offer="china") == near([6])
    assert series(plan, "supply", offer="chile") == near([2])
    assert plan.objective == near(720)


def test_what_is_sold_abroad_does_not_widen_the_cap() -> None:
    """
    4 t can be sold for 150. Half of the 12 t used at home may come from China, not half of the 16 t: 8 t are made at 10, 4 t sold,
    6 t come from China at 80 and 2 t from Chile: 80 - 600 + 480 + 200 = 160.
    """
    plan = plan_of(
        {"horizon": 1},
        materials={"material": "Dy", "price": 100, "surplus_cost": -150, "surplus_limit": 4},
        supply=SUPPLY,
        share_caps={"material": "Dy", "country": "China", "cap": 0.5},
        **plant(variable_cost=10_000, opening_capacity=8),
    )

    assert series(plan, "surplus", material="Dy") == near([4])
    assert series(plan, "supply", offer="china") == near([6])
    assert plan.objective == near(160)


def test_all_offers_of_the_country_count_together() -> None:
    """3 t at 60 and the rest at 80, together half of 12 t: 180 + 240 + 600 = 1020."""
    cheap = {"offer": "cheap", "country": "China", "material": "Dy", "price": 60, "capacity": 3}
    plan = plan_of({"horizon": 1}, supply=[*SUPPLY, cheap], share_caps={"material": "Dy", "country": "China", "cap": 0.5})

    assert plan.objective == near(1020)


def test_the_cap_begins_with_its_year_and_pauses_in_a_cutoff() -> None:
    """
    A quarter from 2027 on: 12 t from China in 2026, 3 t in 2027; in a cutoff of 2027 or 2028 (0.1 each) that takes nothing, 3 t a quarter.
    960 + 0.9 * (240 + 900) + 0.1 * 480 + 0.81 * 1140 + 0.09 * 480.
    """
    plan = plan_of(
        {"horizon": 3},
        supply=SUPPLY,
        share_caps={"material": "Dy", "country": "China", "cap": 0.25, "from_year": 2027},
        **embargo(months=6, chance=0.1, lost=0),
    )

    assert by_node(plan, "supply", offer="china") == near({0: 12, 1: 3, 2: 3, 3: 3, 4: 3, 5: 3, 6: 3})
    assert by_node(plan, "supply", offer="chile") == near({0: 0, 1: 9, 2: 9, 3: 0, 4: 0, 5: 0, 6: 0})
    assert plan.objective == near(960 + 1.71 * 1140 + 0.19 * 480)


def test_what_the_stockpile_buys_does_not_count() -> None:
    """With no Dy from China allowed, 2.4 t (73 days) may still be bought there for the stockpile at 50, and do not widen what the market may take: 120 + 1200."""
    purchase = {"offer": "purchase", "country": "China", "material": "Dy", "buyer": "stockpile", "price": 50}
    plan = plan_of(
        {"horizon": 1},
        materials={"material": "Dy", "price": 100, "min_cover": 73},
        supply=[*SUPPLY, purchase],
        share_caps={"material": "Dy", "country": "China", "cap": 0},
    )

    assert series(plan, "supply", offer="china") == near([0])
    assert cost(plan, "cost_purchase") == near(120)
    assert plan.objective == near(1320)
