"""Demand: what is not met is short, or saved by thrift and substitutes; both cost, and together they are no more than the demand.

What may be short is limited in each crisis period by the promise of coverage: in a protected cutoff each sector is met for its months,
in each of them by itself.
"""

from typing import Any

import pytest

from model.build import build
from model.metrics import coverage_prices
from model.solver.program import Status
from tests.kit.small import at, by_node, case, cost, embargo, near, plan_of, series, status_of


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


def covered(
    coverage: float = 0.8, cover_months: float = 6, months: float = 9, *, own: dict[str, Any] | None = None, **columns: Any
) -> dict[str, Any]:
    """
    A shortage costs nothing, so that Dy is bought only because of coverage: for the stockpile, at 100, against an embargo of China (0.1)
    during which 3 t a quarter are needed.
    """
    return {
        "sectors": {"sector": "civil", "coverage": coverage, "cover_months": cover_months, "shortage_multiple": 0},
        "demand": {"material": "Dy", "sector": "civil", "demand": 12, **(own or {})},
        "supply": [
            {"offer": "import", "country": "China", "material": "Dy"},
            {"offer": "purchase", "country": "Chile", "material": "Dy", "buyer": "stockpile"},
        ],
        **embargo(months=months, **columns),
    }


def test_what_is_promised_is_in_store() -> None:
    """80 % of 3 t in each of two quarters; the third is not covered: 4.8 t for 480."""
    plan = plan_of(**covered())

    assert by_node(plan, "supply", offer="purchase")[0] == near(4.8)
    assert series(plan, "release", material="Dy") == near([2.4, 2.4, 0])
    assert series(plan, "shortage", sector="civil")[2:] == near([0.6, 0.6, 3])
    assert plan.objective == near(480)


def test_a_point_more_of_coverage_has_a_price() -> None:
    """A hundredth of 3 t in each of two quarters, at 100: 6 thousand USD."""
    plan = plan_of(**covered())

    assert coverage_prices(plan.data, plan.reduced_costs["shortage"]) == {"civil": near(6)}


@pytest.mark.parametrize(("cover_months", "stock"), [(2.9, 0), (3, 2.4), (5.9, 2.4), (6, 4.8), (8.9, 4.8), (9, 7.2), (60, 7.2)])
def test_only_whole_periods_within_the_cover_months_and_the_cutoff_count(cover_months: float, stock: float) -> None:
    """As many quarters as fit into the months, up to the three that the embargo lasts: 2.4 t each at 100."""
    assert plan_of(**covered(cover_months=cover_months)).objective == near(100 * stock)


def test_a_promise_holds_from_the_first_period_on() -> None:
    """Half of two quarters could be met by all of the second; but half of the first must be met too, when nothing can be released before month 3."""
    assert status_of({"release_lag": 3}, **covered(coverage=0.5)) is Status.INFEASIBLE
    assert plan_of({"release_lag": 3}, **covered(coverage=0)).objective == near(0)
    assert plan_of(**covered(coverage=0.5)).objective == near(300)


def test_what_is_met_early_is_not_banked_for_later() -> None:
    """China is cut from month 3 only. Half of the first quarter is bought there (0.1 * 150), whatever more could be; half of the second comes from store: 150."""
    tables = covered(coverage=0.5, months=6)
    tables["losses"] = [{**tables["losses"][0], "from_month": 3}]
    plan = plan_of(**tables)

    assert series(plan, "shortage", sector="civil")[2:] == near([1.5, 1.5])
    assert plan.objective == near(15 + 150)


@pytest.mark.parametrize(
    ("own", "stock"),
    [
        ({}, 4.8),
        ({"coverage": 0.5}, 3),
        ({"cover_months": 3}, 2.4),
        ({"coverage": 1, "cover_months": 9}, 9),
        ({"coverage": 0}, 0),
        ({"cover_months": 0}, 0),
    ],
)
def test_a_demands_own_coverage_goes_before_its_sectors(own: dict[str, float], stock: float) -> None:
    """Share and months each fall back to the sector's 80 % and 6 months; 0 is no promise."""
    assert plan_of(**covered(own=own)).objective == near(100 * stock)


@pytest.mark.parametrize(("ready_by", "stock"), [(0, 4.8), (12, 4.8), (12.5, 0), (24, 0)])
def test_nothing_is_promised_before_ready_by(ready_by: float, stock: float) -> None:
    """The embargo can begin in month 12 only."""
    assert plan_of({"ready_by": ready_by}, **covered()).objective == near(100 * stock)


def test_later_onsets_are_covered_even_if_earlier_ones_are_not() -> None:
    """From month 24 on: 4.8 t are in store at the end of year 2, bought then, since they cost 10 a tonne and year to hold."""
    tables = covered()
    tables["materials"] = {"material": "Dy", "price": 100, "holding_rate": 0.1}
    plan = plan_of({"horizon": 3, "ready_by": 24}, **tables)

    assert by_node(plan, "supply", offer="purchase") == near({0: 0, 1: 4.8, 2: 0})
    assert [plan.parameter("short_limit")["Dy", "civil", n] for n in (3, 6)] == near([3, 0.6])


def test_a_cutoff_that_is_not_protected_promises_nothing() -> None:
    assert plan_of(**covered(protected="no")).objective == near(0)


def test_each_cutoff_is_covered_not_their_sum() -> None:
    """Two embargoes of the same kind of loss, of 3 and of 9 months: the stock for one serves the other, 4.8 t."""
    tables = covered()
    tables["cutoffs"].append({"cutoff": "war", "annual_probability": 0.2})
    tables["durations"].append({"cutoff": "war", "months": 3, "probability": 1})
    tables["losses"].append({"cutoff": "war", "country": "China", "material": "*", "supply_lost": 1})
    plan = plan_of(**tables)

    assert [plan.parameter("short_limit")["Dy", "civil", n] for n in range(2, 6)] == near([0.6, 0.6, 3, 0.6])
    assert plan.objective == near(480)


def test_a_surge_is_covered_too() -> None:
    """Twice the demand: 80 % of 12 t, 9.6 t for 960."""
    plan = plan_of(surges={"cutoff": "embargo", "sector": "civil", "demand_multiple": 2}, **covered())

    assert plan.objective == near(960)


def test_savings_are_not_shortage() -> None:
    """Half of the demand is saved for nothing, a fifth may be short: 0.9 t a quarter from the store, 180."""
    plan = plan_of(thrift={"option": "spare", "material": "Dy", "sector": "civil", "limit": 0.5, "cost": 0}, **covered())

    assert plan.objective == near(180)


def test_only_the_sector_that_is_promised_is_covered() -> None:
    """Of 12 t/yr civil and 4 t/yr for defense, defense is covered for 6 months: 2 t, 200."""
    tables = covered(coverage=0)
    tables["sectors"] = [tables["sectors"], {"sector": "defense", "coverage": 1, "cover_months": 6, "shortage_multiple": 0}]
    tables["demand"] = [tables["demand"], {"material": "Dy", "sector": "defense", "demand": 4}]
    plan = plan_of(**tables)

    assert series(plan, "shortage", sector="defense")[2:4] == near([0, 0])
    assert plan.objective == near(200)


def test_a_promise_reaches_past_the_horizon() -> None:
    """An embargo of 9 months that begins in month 18 of 24 is covered until its end, in month 27, with 7.2 t bought in the half year before, where there has been none (0.9): 648."""
    plan = plan_of({"period": 6, "aftermath": "yes", "ready_by": 18}, **covered(cover_months=9))
    last = plan.tree.branches[-1].nodes

    assert plan.tree.past_horizon[list(last)].tolist() == [False, False, True]
    assert by_node(plan, "release", material="Dy")[last[-1]] == near(2.4)
    assert plan.objective == near(648)


def test_a_promise_holds_while_the_cutoff_lasts_and_not_after_it() -> None:
    """After an embargo of 3 months in month 12 demand may be short at no cost, though 9 months are covered: 2.4 t for 240."""
    plan = plan_of({"aftermath": "yes"}, **covered(cover_months=9, months=3))

    assert [plan.parameter("short_limit")["Dy", "civil", n] for n in (2, 3)] == near([0.6, 9])
    assert plan.objective == near(240)


def test_a_promise_is_a_bound_not_a_row() -> None:
    m = build(case(**covered()))

    assert m.component("coverage_met") is None
    assert m.shortage["Dy", "civil", 2].bounds == (0, near(0.6))
