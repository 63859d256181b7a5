"""Plants: each runs in its modes, which share its capacity; what they use and make stands in the market balance."""

from typing import Any

import pytest

from model.build import build
from tests.kit.small import at, case, cost, embargo, near, plan_of, plant, series


def smelter(**columns: Any) -> dict[str, Any]:
    """A plant with two feeds: of lean ore it takes two tonnes of capacity and of ore for one of Dy."""
    return {
        "materials": [{"material": "Dy", "price": 100}, {"material": "ore", "price": 10}, {"material": "lean", "price": 5}],
        "supply": [
            {"offer": "import", "country": "China", "material": "Dy"},
            {"offer": "ore", "country": "Chile", "material": "ore", "capacity": 4},
            {"offer": "lean", "country": "Chile", "material": "lean"},
        ],
        "plants": {"plant": "smelter", "kind": "smelter", "country": "Japan", "opening_capacity": 10, **columns},
        "modes": [
            {"plant": "smelter", "mode": "ore", "variable_cost": 5000},
            {"plant": "smelter", "mode": "lean", "variable_cost": 7000, "capacity_use": 2},
        ],
        "recipes": [
            {"plant": "smelter", "mode": "ore", "material": "Dy", "quantity": 1},
            {"plant": "smelter", "mode": "ore", "material": "ore", "quantity": -1},
            {"plant": "smelter", "mode": "lean", "material": "Dy", "quantity": 1},
            {"plant": "smelter", "mode": "lean", "material": "lean", "quantity": -2},
        ],
    }


def test_modes_share_the_capacity_that_can_be_run() -> None:
    """
    80 % of 10 t/yr: 4 t of ore take 4, the other 4 run 2 t of lean at two each (4 t of lean). 6 t of Dy are made and 6 bought:
    4 * (10 + 5) + 2 * (2 * 5 + 7) + 6 * 100 = 694.
    """
    plan = plan_of({"horizon": 1}, **smelter(utilisation=0.8))

    assert at(plan, "run", plant="smelter", mode="ore", node=0) == near(4)
    assert at(plan, "run", plant="smelter", mode="lean", node=0) == near(2)
    assert series(plan, "supply", offer="lean") == near([4])
    assert cost(plan, "cost_run") == near(4 * 5 + 2 * 7)
    assert plan.objective == near(694)


def test_capacity_is_yearly() -> None:
    """In each half year 5 t of capacity: 2 t of ore, 1.5 t by lean, 2.5 t bought: 2 * (2 * 15 + 1.5 * 17 + 250) = 611."""
    plan = plan_of({"horizon": 1, "period": 6}, **smelter())

    assert series(plan, "run", mode="lean") == near([1.5, 1.5])
    assert plan.objective == near(611)


def test_standing_capacity_has_no_fixed_cost_and_no_capex() -> None:
    """12 t of 12 t/yr at 20 USD/kg: 240, whatever new capacity would cost."""
    plan = plan_of({"horizon": 1}, **plant(variable_cost=20_000, opening_capacity=12, fixed_cost=1e6, capex=1e6, capacity_limit=12))

    assert cost(plan, "cost_fixed") == near(0)
    assert plan.objective == near(240)


def test_rare_earths_come_in_their_basket() -> None:
    """
    A tonne of ore gives 0.2 t of Dy and 0.5 t of Nd. 12 t of Dy take 60 t of ore at 1 and a run at 2 USD/kg; of the 30 t of Nd 4 t are
    needed (bought they would cost 50) and 26 t, which cannot be held, are disposed of at 0.5: 60 * 3 + 26 * 0.5 = 193.
    """
    plan = plan_of(
        {"horizon": 1},
        materials=[
            {"material": "Dy", "price": 100},
            {"material": "Nd", "price": 50, "surplus_cost": 0.5, "stock_limit": 0},
            {"material": "ore", "price": 1},
        ],
        demand=[{"material": "Dy", "sector": "civil", "demand": 12}, {"material": "Nd", "sector": "civil", "demand": 4}],
        supply=[{"offer": "ore", "country": "Chile", "material": "ore"}, {"offer": "Nd", "country": "Chile", "material": "Nd"}],
        plants={"plant": "mill", "kind": "separation", "country": "Japan", "opening_capacity": 100},
        modes={"plant": "mill", "mode": "ore", "variable_cost": 2000},
        recipes=[
            {"plant": "mill", "mode": "ore", "material": "ore", "quantity": -1},
            {"plant": "mill", "mode": "ore", "material": "Dy", "quantity": 0.2},
            {"plant": "mill", "mode": "ore", "material": "Nd", "quantity": 0.5},
        ],
    )

    assert series(plan, "run", plant="mill") == near([60])
    assert series(plan, "surplus", material="Nd") == near([26])
    assert plan.objective == near(193)


def test_a_plant_is_lost_with_its_country_and_with_whom_it_depends_on() -> None:
    """
    Chile's plant of 12 t/yr loses 20 % of its own and, living by half on China of which all is lost, half of the rest: 0.4 of 3 t a
    quarter. Only losses of every material count for a plant, not one of Dy. 1.2 t are made at 20 and 1.8 t short:
    240 + 0.9 * 240 + 0.1 * 2 * (24 + 1800) = 820.8.
    """
    sheets = embargo(months=6, chance=0.1)
    sheets["losses"] += [
        {"cutoff": "embargo", "country": "Chile", "material": "*", "supply_lost": 0.2},
        {"cutoff": "embargo", "country": "Chile", "material": "Dy", "supply_lost": 0.9},
    ]
    plan = plan_of(
        **plant(country="Chile", variable_cost=20_000, opening_capacity=12, depends_on="China", dependence=0.5, capacity_limit=0), **sheets
    )

    assert series(plan, "run", plant="works") == near([12, 12, 1.2, 1.2])
    assert plan.objective == near(820.8)


@pytest.mark.parametrize(
    ("taken", "made"),
    [
        ({"*": 1}, 0),
        ({"*": 1, "refinery": 0.5}, 1.5),
        ({"works": 0.2, "*": 1, "refinery": 0.5}, 2.4),
        ({"works": 0.2}, 2.4),
        ({"mine": 1, "mina": 1, "Dy": 1}, 3),
    ],
)
def test_a_loss_of_the_plant_goes_before_one_of_its_kind_before_one_of_everything(taken: dict[str, float], made: float) -> None:
    """Of Chile's refinery, which makes 3 t a quarter for nothing, the embargo (0.1) takes what its narrowest row says; a row of another kind, plant or of a material says nothing."""
    sheets = plant(country="Chile", opening_capacity=12)
    sheets["plants"].append({"plant": "mina", "kind": "mine", "country": "Chile"})
    cut = embargo(months=6, chance=0.1)
    cut["losses"] += [{"cutoff": "embargo", "country": "Chile", "material": what, "supply_lost": share} for what, share in taken.items()]
    plan = plan_of(**sheets, **cut)

    assert series(plan, "run", plant="works") == near([12, 12, made, made])
    assert plan.objective == near(0.1 * 2 * (3 - made) * 1000)


def test_what_a_plant_depends_on_may_be_lost_to_it_alone() -> None:
    """Home works live by half on China, which is wholly cut, but of what works need only 60 %: 1 - 0.5 * 0.6 = 0.7 of 3 t; 0.9 t are short in each of two quarters (0.1)."""
    cut = embargo(months=6, chance=0.1)
    cut["losses"].append({"cutoff": "embargo", "country": "China", "material": "works", "supply_lost": 0.6})
    plan = plan_of(**plant(opening_capacity=12, depends_on="China", dependence=0.5), **cut)

    assert series(plan, "run", plant="works") == near([12, 12, 2.1, 2.1])
    assert plan.objective == near(180)


def test_a_plant_comes_back_over_the_recovery() -> None:
    """Lost for 3 months and back over 12: in the 9 months after, 0.375 of 9 t: 3.375 t are made for nothing, and China sells nothing (it never comes back before the horizon)."""
    cut = embargo(months=3, chance=0.1, recovery=12)
    cut["losses"].append({"cutoff": "embargo", "country": "Chile", "material": "refinery", "supply_lost": 1})
    plan = plan_of(
        {"aftermath": "yes"},
        supply={"offer": "import", "country": "China", "material": "Dy", "available": "peace", "last_year": 2026},
        **plant(country="Chile", opening_capacity=12),
        **cut,
    )

    assert series(plan, "run", plant="works") == near([12, 12, 0, 3.375])
    assert plan.objective == near(0.1 * (3000 + 5625))


def test_new_capacity_is_lost_like_the_old() -> None:
    """
    4 t/yr stand and 4 t/yr are free to order, at 90 % utilisation; the embargo takes half of Chile: 0.9 * 8 = 7.2 t a year, then
    0.9 * 0.5 * 8 / 4 = 0.9 t a quarter. The rest of 12 t/yr is bought, and short in the embargo:
    480 + 0.9 * 480 + 0.1 * 2 * 2100 = 1332.
    """
    sheets = embargo(months=6, chance=0.1)
    sheets["losses"].append({"cutoff": "embargo", "country": "Chile", "material": "*", "supply_lost": 0.5})
    plan = plan_of(**plant(country="Chile", opening_capacity=4, capacity_limit=4, utilisation=0.9), **sheets)

    assert series(plan, "run", plant="works") == near([7.2, 7.2, 0.9, 0.9])
    assert plan.objective == near(1332)


def test_a_mode_may_take_no_capacity() -> None:
    """capacity_use 0: 12 t are made by a plant of 1 t/yr, for nothing."""
    sheets = plant(opening_capacity=1)
    sheets["modes"] = [{"plant": "works", "mode": "run", "capacity_use": 0}]
    plan = plan_of({"horizon": 1}, **sheets)

    assert series(plan, "run", plant="works") == near([12])
    assert plan.objective == near(0)


def test_a_plant_without_modes_makes_nothing() -> None:
    """Only bought Dy: 1200."""
    sheets = {**plant(opening_capacity=12), "modes": [], "recipes": []}

    assert not len(build(case({"horizon": 1}, **sheets)).run)
    assert plan_of({"horizon": 1}, **sheets).objective == near(1200)
