"""Coverage: in a protected cutoff each sector is met for its months, from the first on.

In these tests a shortage costs nothing, so that Dy is bought only because of coverage: for the stockpile, at 100,
against an embargo of China (0.1) during which 3 t a quarter are needed.
"""

from typing import Any

import pytest

from model.build import build
from model.solver.program import Status
from tests.kit.small import by_node, case, embargo, near, plan_of, series, status_of


def sheets(
    coverage: float = 0.8, cover_months: float = 6, months: float = 9, *, own: dict[str, Any] | None = None, **columns: Any
) -> dict[str, Any]:
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
    """80 % of two quarters of 3 t, at least 2.4 t of it in the first; the third is not covered: 4.8 t for 480."""
    plan = plan_of(**sheets())

    assert by_node(plan, "supply", offer="purchase")[0] == near(4.8)
    assert series(plan, "release", material="Dy")[2] >= 2.4 - 1e-6
    assert sum(series(plan, "shortage", sector="civil")[2:4]) == near(1.2)
    assert plan.objective == near(480)


@pytest.mark.parametrize(("cover_months", "stock"), [(2.9, 0), (3, 2.4), (5.9, 2.4), (6, 4.8), (8.9, 4.8), (9, 7.2), (60, 7.2)])
def test_only_whole_periods_within_the_cover_months_and_the_cutoff_count(cover_months: float, stock: float) -> None:
    """As many quarters as fit into the months, up to the three that the embargo lasts: 2.4 t each at 100."""
    assert plan_of(**sheets(cover_months=cover_months)).objective == near(100 * stock)


def test_it_holds_from_the_first_period_on() -> None:
    """Half of two quarters could be met by all of the second; but half of the first must be met too, when nothing can be released before month 3."""
    assert status_of({"release_lag": 3}, **sheets(coverage=0.5)) is Status.INFEASIBLE
    assert plan_of({"release_lag": 3}, **sheets(coverage=0)).objective == near(0)
    assert plan_of(**sheets(coverage=0.5)).objective == near(300)


def test_what_is_met_early_may_be_short_later() -> None:
    """China is cut from month 3 only. All 3 t of the first quarter bought there (0.1 * 300) are half of the first two: no stock is needed."""
    tables = sheets(coverage=0.5, months=6)
    tables["losses"] = [{**tables["losses"][0], "from_month": 3}]
    plan = plan_of(**tables)

    assert series(plan, "shortage", sector="civil")[2:] == near([0, 3])
    assert plan.objective == near(30)


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
    assert plan_of(**sheets(own=own)).objective == near(100 * stock)


@pytest.mark.parametrize(("ready_by", "stock"), [(0, 4.8), (12, 4.8), (12.5, 0), (24, 0)])
def test_nothing_is_promised_before_ready_by(ready_by: float, stock: float) -> None:
    """The embargo can begin in month 12 only."""
    assert plan_of({"ready_by": ready_by}, **sheets()).objective == near(100 * stock)


def test_later_onsets_are_covered_even_if_earlier_ones_are_not() -> None:
    """From month 24 on: 4.8 t are in store at the end of year 2, bought then, since they cost 10 a tonne and year to hold."""
    tables = sheets()
    tables["materials"] = {"material": "Dy", "price": 100, "holding_rate": 0.1}
    plan = plan_of({"horizon": 3, "ready_by": 24}, **tables)

    assert by_node(plan, "supply", offer="purchase") == near({0: 0, 1: 4.8, 2: 0})
    assert {plan.tree.branches[b].start for b, *_ in plan.data.sets["COVERAGE"]} == {24}


def test_a_cutoff_that_is_not_protected_promises_nothing() -> None:
    assert plan_of(**sheets(protected="no")).objective == near(0)


def test_each_cutoff_is_covered_not_their_sum() -> None:
    """Two embargoes of the same kind of loss, of 3 and of 9 months: the stock for one serves the other, 4.8 t."""
    tables = sheets()
    tables["cutoffs"].append({"cutoff": "war", "annual_probability": 0.2})
    tables["durations"].append({"cutoff": "war", "months": 3, "probability": 1})
    tables["losses"].append({"cutoff": "war", "country": "China", "material": "*", "supply_lost": 1})
    plan = plan_of(**tables)

    assert plan.objective == near(480)
    assert [(b, count) for b, _, _, count in plan.data.sets["COVERAGE"]] == [(0, 1), (0, 2), (1, 1)]


def test_a_surge_is_covered_too() -> None:
    """Twice the demand: 80 % of 12 t, 9.6 t for 960."""
    plan = plan_of(surges={"cutoff": "embargo", "sector": "civil", "demand_multiple": 2}, **sheets())

    assert plan.objective == near(960)


def test_savings_are_not_shortage() -> None:
    """Half of the demand is saved for nothing, a fifth may be short: 0.9 t a quarter from the store, 180."""
    plan = plan_of(thrift={"option": "spare", "material": "Dy", "sector": "civil", "limit": 0.5, "cost": 0}, **sheets())

    assert plan.objective == near(180)


def test_only_the_sector_that_is_promised_is_covered() -> None:
    """Of 12 t/yr civil and 4 t/yr for defense, defense is covered for 6 months: 2 t, 200."""
    tables = sheets(coverage=0)
    tables["sectors"] = [tables["sectors"], {"sector": "defense", "coverage": 1, "cover_months": 6, "shortage_multiple": 0}]
    tables["demand"] = [tables["demand"], {"material": "Dy", "sector": "defense", "demand": 4}]
    plan = plan_of(**tables)

    assert series(plan, "shortage", sector="defense")[2:4] == near([0, 0])
    assert plan.objective == near(200)


def test_without_promises_there_is_no_row() -> None:
    assert build(case(**sheets(coverage=0))).component("coverage_met") is None
