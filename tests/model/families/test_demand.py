"""Demand: what is not met is short, or saved by thrift and substitutes; both cost, and together they are no more than the demand."""

from typing import Any

from model.build import build
from tests.kit.small import at, by_node, case, cost, embargo, near, plan_of, series


def two_sectors(**defense: Any) -> dict[str, Any]:
    """Civil users need 4 t/yr and defense 8 t/yr; a tonne short costs 1000 there and 5000 here."""
    return {
        "sectors": [{"sector": "civil", "shortage_multiple": 10}, {"sector": "defense", "shortage_multiple": 50}],
        "demand": [
            {"material": "Dy", "sector": "civil", "demand": 4},
            {"material": "Dy", "sector": "defense", "demand": 8, **defense},
        ],
    }


def test_demand_grows_from_month_0_to_the_middle_of_each_period() -> None:
    """12 * 1.21^0.5 = 13.2 t, then 12 * 1.21^1.5 = 15.972 t: 2917.2."""
    plan = plan_of(demand={"material": "Dy", "sector": "civil", "demand": 12, "growth": 0.21})

    assert series(plan, "supply", offer="import") == near([13.2, 15.972])
    assert plan.objective == near(2917.2)


def test_shortage_is_where_it_costs_least() -> None:
    """10 t for 12: 2 t are short of civil use, at ten times a price that has grown to 110: 10 * 110 + 2 * 1100 = 3300."""
    plan = plan_of(
        {"horizon": 1},
        materials={"material": "Dy", "price": 100, "price_growth": 0.21},
        supply={"offer": "import", "country": "China", "material": "Dy", "capacity": 10},
        **two_sectors(),
    )

    assert series(plan, "shortage", sector="civil") == near([2])
    assert series(plan, "shortage", sector="defense") == near([0])
    assert cost(plan, "cost_shortage") == near(2200)
    assert plan.objective == near(3300)


def test_a_shortage_cost_of_its_own_goes_before_the_sectors_and_does_not_grow() -> None:
    """A tonne short of defense costs 300, less than the 1100 of civil use: all 2 t are short there: 1100 + 600."""
    plan = plan_of(
        {"horizon": 1},
        materials={"material": "Dy", "price": 100, "price_growth": 0.21},
        supply={"offer": "import", "country": "China", "material": "Dy", "capacity": 10},
        **two_sectors(shortage_cost=300),
    )

    assert series(plan, "shortage", sector="defense") == near([2])
    assert plan.objective == near(1700)


def test_no_more_is_short_than_is_needed() -> None:
    """Shortage for nothing, against Dy at 100: nothing is bought and all 12 t are short, not more."""
    plan = plan_of({"horizon": 1}, sectors={"sector": "civil", "shortage_multiple": 0})

    assert series(plan, "shortage", sector="civil") == near([12])
    assert plan.objective == near(0)


def test_a_cutoff_multiplies_the_demand_of_a_sector() -> None:
    """Twice 2 t a quarter for defense and 1 t for civil use: 5 t a quarter are short in the embargo (0.1): 2280 + 0.1 * 2 * (1000 + 4 * 5000)."""
    surges = {"surges": {"cutoff": "embargo", "sector": "defense", "demand_multiple": 2}}
    plan = plan_of(**two_sectors(), **surges, **embargo(months=6, chance=0.1))

    assert series(plan, "shortage", sector="defense") == near([0, 0, 4, 4])
    assert series(plan, "shortage", sector="civil") == near([0, 0, 1, 1])
    assert plan.objective == near(2280 + 0.1 * 2 * 21_000)


def test_a_surge_is_that_of_its_cutoff() -> None:
    """Two cutoffs (0.1 each) of a quarter that take nothing: demand in the flood stays at 3 t, in the other it trebles: 1200 + 0.8 * 1200 + 0.1 * 300 + 0.1 * 900."""
    sheets = embargo(months=3, chance=0.1, lost=0)
    sheets["cutoffs"].append({"cutoff": "flood", "annual_probability": 0.1})
    sheets["durations"].append({"cutoff": "flood", "months": 3, "probability": 1})
    plan = plan_of(surges={"cutoff": "embargo", "sector": "civil", "demand_multiple": 3}, **sheets)

    assert series(plan, "supply", offer="import") == near([12, 12, 9, 3])
    assert plan.objective == near(1200 + 960 + 30 + 90)


def test_thrift_of_every_sector_reaches_its_limit_over_its_ramp() -> None:
    """
    Half of each sector's demand can be saved at 30, after 6 months; at 1.5, 4.5 and 7.5 months 1/4, 3/4 and all of it:
    of 1 t of civil use 0.125, 0.375, 0.5 t, of 2 t of defense twice as much. Short are 2.625, 1.875, 1.5 t.
    """
    thrift = {"thrift": {"option": "spare", "material": "Dy", "sector": "*", "limit": 0.5, "ramp": 6, "cost": 30}}
    plan = plan_of(**two_sectors(), **thrift, **embargo(months=9, chance=0.1))

    assert by_node(plan, "saving", sector="civil") == near({2: 0.125, 3: 0.375, 4: 0.5})
    assert by_node(plan, "saving", sector="defense") == near({2: 0.25, 3: 0.75, 4: 1})
    assert series(plan, "shortage", sector="civil") == near([0, 0, 0.875, 0.625, 0.5])
    assert cost(plan, "cost_saving") == near(0.1 * 3 * 30)
    assert plan.objective == near(2280 + 0.1 * (3 * 30 + 2 * 1000 + 4 * 5000))


def test_thrift_without_a_ramp_is_there_at_once_and_of_its_sector_alone() -> None:
    """Defense can save a quarter of 2 t at 30, and of what a surge of 2 adds to it: 1 of 4 t a quarter. 2280 + 0.1 * 2 * (30 + 3 * 5000 + 1000)."""
    plan = plan_of(
        thrift={"option": "spare", "material": "Dy", "sector": "defense", "limit": 0.25, "cost": 30},
        surges={"cutoff": "embargo", "sector": "defense", "demand_multiple": 2},
        **two_sectors(),
        **embargo(months=6, chance=0.1),
    )

    assert set(plan.frame("saving")["sector"]) == {"defense"}
    assert by_node(plan, "saving", option="spare") == near({2: 1, 3: 1})
    assert plan.objective == near(2280 + 0.2 * 16_030)


def test_thrift_is_for_cutoffs_only() -> None:
    """In peace 3 of 12 t are short in each year although thrift would be cheaper: 2 * (900 + 3000), the second with 0.9, and the embargo's 2 * 3 t saved for nothing."""
    plan = plan_of(
        supply={"offer": "import", "country": "China", "material": "Dy", "capacity": 9},
        thrift={"option": "spare", "material": "Dy", "sector": "civil", "limit": 1, "cost": 0},
        **embargo(months=6, chance=0.1),
    )

    assert list(by_node(plan, "saving", option="spare")) == [2, 3]
    assert plan.objective == near(1.9 * 3900)


def test_savings_and_shortage_together_are_no_more_than_the_demand() -> None:
    """
    Two options of 80 % each, which even pay 10 and 20 USD/kg: of 3 t 2.4 t are saved by the better and 0.6 t by the other, not more:
    2280 - 0.1 * 2 * (2.4 * 20 + 0.6 * 10).
    """
    plan = plan_of(
        thrift=[
            {"option": "good", "material": "Dy", "sector": "civil", "limit": 0.8, "cost": -10},
            {"option": "better", "material": "Dy", "sector": "civil", "limit": 0.8, "cost": -20},
        ],
        **embargo(months=6, chance=0.1),
    )

    assert [at(plan, "saving", option=option, node=2) for option in ("good", "better")] == near([0.6, 2.4])
    assert plan.objective == near(2280 - 0.2 * 54)


def test_a_shortage_that_pays_leaves_nothing_to_save() -> None:
    """Shortage for nothing and savings at 10: nothing is saved."""
    plan = plan_of(
        sectors={"sector": "civil", "shortage_multiple": 0},
        thrift={"option": "spare", "material": "Dy", "sector": "civil", "limit": 1, "cost": 10},
        **embargo(months=6, chance=0.1),
    )

    assert cost(plan, "cost_saving") == near(0)
    assert plan.objective == near(0)


def test_a_demand_nobody_can_spare_needs_no_row() -> None:
    """Where there is no option, the bound on shortage says it all."""
    sheets = {**two_sectors(), **embargo()}
    m = build(case(thrift={"option": "spare", "material": "Dy", "sector": "civil", "limit": 0.5, "cost": 30}, **sheets))

    assert {sector for _, sector, _ in m.demand_left} == {"civil"}
    assert m.shortage["Dy", "defense", 2].bounds == (0, 2)
