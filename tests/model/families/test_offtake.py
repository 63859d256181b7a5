"""Offtake: home output that goes into the stockpile in peace, no more than there is of it.

In peace China replaces on the market what the stockpile takes, at 100; in an embargo of 6 months (probability 0.2)
6 t are needed, so that a tonne in store spares 0.2 * 1000.
"""

from model.build import build
from tests.kit.small import by_node, case, embargo, near, plan_of, plant, series


def test_home_output_fills_the_stockpile() -> None:
    """
    The works make 6 t/yr at 50 and 3 t in the embargo; the other 3 t are taken into store in year 1.
    300 + (12 - 6 + 3) * 100, 0.8 * (300 + 600), 0.2 * 150: 1200 + 720 + 30 = 1950.
    """
    plan = plan_of(**plant(variable_cost=50_000, opening_capacity=6), **embargo(months=6, chance=0.2))

    assert by_node(plan, "offtake", material="Dy") == near({0: 3, 1: 0})
    assert series(plan, "stock", material="Dy")[0] == near(3)
    assert series(plan, "supply", offer="import")[:2] == near([9, 6])
    assert plan.objective == near(1950)


def test_no_more_is_taken_than_home_plants_make_of_it() -> None:
    """Of works of 2 t/yr both tonnes; then 1 t is made, 2 t released and 3 t short: 100 + 1200, 0.8 * (100 + 1000), 0.2 * (50 + 3000): 1300 + 880 + 610 = 2790."""
    plan = plan_of(**plant(variable_cost=50_000, opening_capacity=2), **embargo(months=6, chance=0.2))

    assert by_node(plan, "offtake", material="Dy")[0] == near(2)
    assert sum(series(plan, "shortage", sector="civil")) == near(3)
    assert plan.objective == near(2790)


def test_what_foreign_plants_make_cannot_be_taken() -> None:
    """
    1 t/yr of it made in Japan and 6 t/yr in Chile, all at 50: 1 t is taken, then 3.5 t are made and 1.5 t short.
    350 + 6 * 100, 0.8 * (350 + 500), 0.2 * (175 + 1500): 950 + 680 + 335 = 1965.
    """
    sheets = plant(variable_cost=50_000, opening_capacity=1)
    sheets["plants"].append({"plant": "mina", "kind": "refinery", "country": "Chile", "opening_capacity": 6})
    sheets["modes"].append({"plant": "mina", "mode": "run", "variable_cost": 50_000})
    sheets["recipes"].append({"plant": "mina", "mode": "run", "material": "Dy", "quantity": 1})
    plan = plan_of(**sheets, **embargo(months=6, chance=0.2))

    assert by_node(plan, "offtake", material="Dy")[0] == near(1)
    assert plan.objective == near(1965)


def test_what_a_home_plant_uses_up_still_counts_as_made() -> None:
    """
    4 t/yr of Dy are made, and a second home plant makes all of it into magnets, one for one, in peace for demand of 4 t of magnets.
    Dy can nevertheless be taken into store up to the 4 t made: the magnets' Dy then comes from China. Demand for Dy itself is 0.
    In the embargo of 3 months works and stock together feed the magnets: 1 t needed, 1 t made. With 90 % of home Dy lost to no one
    nothing is stored; min_cover of 365 days of the 2 t/yr of Dy that civil users need makes it 2 t at once: 400 + 200.
    """
    sheets = plant(opening_capacity=4)
    sheets["plants"].append({"plant": "magnets", "kind": "magnet", "country": "Japan", "opening_capacity": 4})
    sheets["modes"].append({"plant": "magnets", "mode": "run"})
    sheets["recipes"] += [
        {"plant": "magnets", "mode": "run", "material": "Dy", "quantity": -1},
        {"plant": "magnets", "mode": "run", "material": "magnet", "quantity": 1},
    ]
    plan = plan_of(
        {"horizon": 1},
        materials=[{"material": "Dy", "price": 100, "min_cover": 365}, {"material": "magnet", "price": 1000}],
        demand=[{"material": "Dy", "sector": "civil", "demand": 2}, {"material": "magnet", "sector": "civil", "demand": 4}],
        **sheets,
    )

    assert by_node(plan, "offtake", material="Dy") == near({0: 2})
    assert series(plan, "supply", offer="import") == near([4])
    assert plan.objective == near(400)


def test_offtake_is_in_peace_and_of_what_can_be_held_only() -> None:
    held = build(case(**plant(opening_capacity=6), **embargo()))
    foreign = build(case(**plant(country="Chile", opening_capacity=6), **embargo()))
    not_held = build(case(materials={"material": "Dy", "price": 100, "stock_limit": 0}, **plant(opening_capacity=6), **embargo()))

    assert list(held.offtake) == [("Dy", 0), ("Dy", 1)]
    assert not len(foreign.offtake)
    assert not len(not_held.offtake)
