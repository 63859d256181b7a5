"""What knowledge and time are worth: each by hand, each as the difference of two plans, and knowledge never less than nothing."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inputs.case import Case
from inputs.shipped import shipped_grids
from inputs.workbook import examine, parse
from model.plan import make_plan, solve_case
from model.solver.program import Status
from model.studies.foresight import futures, weighed
from model.studies.worth import (
    AT_ONCE,
    AVERAGE,
    EMERGENCY,
    FAST,
    FUTURE,
    LAG,
    LENGTH,
    PERMIT,
    TARIFFS,
    Worth,
    columns,
    knowledge,
    worths,
)
from tests.fuzz.random_cases import Draw
from tests.kit.cases import grids
from tests.kit.house import HOUSE
from tests.kit.small import case, embargo, every_sheet, near, plant

SPARE = {"option": "spare", "material": "Dy", "sector": "*", "limit": 0.25, "cost": 200}
STORE = {"offer": "purchase", "country": "China", "material": "Dy", "buyer": "stockpile"}
IMPORT = {"offer": "import", "country": "China", "material": "Dy"}


def a_case(multiple: float = 5, *, settings: dict[str, Any] | None = None, months: Any = 6, store: bool = True, **sheets: Any) -> Case:
    """
    12 t of Dy a year at 100 USD/kg, nothing promised; a cutoff in 2027 with chance 0.1, in which 0.75 t a quarter are spared at 200.
    A tonne in store costs 100 + 10 + 0.9 x 10 - 0.9 x 50 = 74, and 2.5 for a quarter in a cutoff.
    """
    return case(
        {"aftermath": True, **(settings or {})},
        **{
            "materials": {"material": "Dy", "price": 100, "holding_rate": 0.1, "resale_share": 0.5},
            "sectors": {"sector": "civil", "shortage_multiple": multiple},
            "supply": [IMPORT, STORE] if store else [IMPORT],
            "thrift": SPARE,
            **embargo(months, 0.1),
            **sheets,
        },
    )


def found(of: Case) -> dict[tuple[str, str], Worth]:
    return {(w.kind, w.name): w for w in worths(solve_case(of))}


def test_knowing_the_length_lets_stock_go_that_would_be_left() -> None:
    """Three or six months alike likely, a shortage twenty times as dear as a tonne: 2.25 t are held for each quarter.

    Known to last three months, 0.75 t for the second quarter go at once where 200 would be spared, not for 50 once it is over, nor held at 2.5:
    0.05 x 0.75 x (200 - 50 + 2.5) = 5.71875.
    """
    worth = found(a_case(20, months={3: 0.5, 6: 0.5}))[LENGTH, ""]

    assert worth.worth == near(0.05 * 0.75 * 152.5)
    assert worth.without == near(2705.4375)


def test_knowing_the_future_buys_just_what_it_needs() -> None:
    """No cutoff (0.9): 2,400. Three months (0.05): 3 t in store at 110, market 1,200 + 900. Six: 3 t at 110 and 3 t at 112.5, market 1,200 + 600.

    0.9 x 2,400 + 0.05 x 2,430 + 0.05 x 2,467.5 = 2,404.875. Unknown it costs 2,705.4375: market 2,355; 4.5 t at 74 = 333; 2.25 t held a quarter
    0.5625, and sold after three months -0.05 x 2.25 x 50; spared 15 + 7.5.
    """
    worth = found(a_case(20, months={3: 0.5, 6: 0.5}))[FUTURE, ""]

    assert (worth.without, worth.with_it) == near((2705.4375, 2404.875))


def test_the_average_plan_holds_too_much() -> None:
    """0.9 x 3 + 0.1 x 6 = 3.3 months are two quarters: as if all lasted so, 2.25 t are held for the second. Of them each costs 74 and brings 0.01 x 2,000 + 0.09 x 50 - 0.25."""
    worth = found(a_case(20, months={3: 0.9, 6: 0.1}))[AVERAGE, ""]

    assert worth.worth == near(2.25 * (74 - 24.25))


def test_an_average_plan_that_breaks_a_promise_is_said_to() -> None:
    """All is promised for six months; the average cutoff lasts 3 (of 2.9) and 6.2 never: what it holds is for one quarter."""
    sectors = {"sector": "civil", "shortage_multiple": 20, "coverage": 1, "cover_months": 6}
    worth = found(a_case(20, months={1: 0.99, 6: 0.01}, sectors=sectors))[AVERAGE, ""]

    assert worth.worth is None
    assert worth.without is None
    assert "a promise cannot be kept" in worth.remark


def works(**more: Any) -> dict[str, Any]:
    """A t/yr on line in 2027 gains 0.9 x 40 + 0.1 x 0.5 x 40 - 41 = -3 in peace and 22 up to 9 t/yr, then 7: 12 t/yr gain 9 x 19 + 3 x 4 = 183."""
    return plant(capacity_limit=50, capex=41_000, residual_share=0, variable_cost=60_000, **more)


def test_the_fast_track_is_worth_what_comes_in_time() -> None:
    """On line at the end of 2027 it gains nothing; on the fast track, a year sooner, 183."""
    assert found(a_case(store=False, **works(lead_time=24, fast_lead_time=12)))[FAST, "works"].worth == near(183)


@pytest.mark.parametrize("when", [{"lead_time": 24}, {"lead_time": 12, "first_year": 2027}])
def test_a_permit_a_year_sooner_brings_the_plant_a_year_sooner(when: dict[str, Any]) -> None:
    assert found(a_case(store=False, **works(**when)))[PERMIT, "works"].worth == near(183)


def test_an_emergency_offer_saves_its_shortage() -> None:
    """4 t/yr at 150 for half a year: 0.1 x 2 x (500 - 150) = 70."""
    scrap = {"offer": "scrap", "country": "Japan", "material": "Dy", "capacity": 4, "price": 150, "available": "cutoff"}

    assert found(a_case(supply=[IMPORT, scrap]))[EMERGENCY, "scrap"].worth == near(70)


def test_tariffs_are_worth_what_is_paid() -> None:
    """A tenth on 1,200 + 0.9 x 1,200 + 0.1 x 600 of imports."""
    assert found(a_case(supply=[IMPORT | {"tariff": 0.1}]))[TARIFFS, ""].worth == near(234)


def test_a_month_less_lag_opens_the_first_quarter() -> None:
    """At eight times the price 2.25 t for the first quarter gain 80 - 74 = 6 each, which a lag of a month keeps in store."""
    assert found(a_case(8, settings={"release_lag": 1}))[LAG, ""].worth == near(13.5)
    assert found(a_case(8))[AT_ONCE, ""].worth == near(13.5)


def test_futures_of_the_teaching_case_add_to_one_and_cost_as_by_hand() -> None:
    """No cutoff (0.81): 42,000. In 2027 (0.1) or 2028 (0.09): two years at 14,000, 4,000, and 10,200 for stock that is held a year."""
    shipped = parse(shipped_grids("tutorial")).case
    assert shipped is not None
    plan = make_plan(shipped)
    every = list(futures(plan))

    assert [f.probability for f in every] == near([0.81, 0.1, 0.09])
    assert [make_plan(f.case).objective for f in every] == near([42_000, 42_200, 42_200])
    assert found(shipped)[FUTURE, ""].worth == near((plan.objective or 0) - 42_038)


def test_shorter_periods_leave_futures_out() -> None:
    worth = found(a_case(settings={"period": 6}))[FUTURE, ""]

    assert worth.worth is None
    assert "shorter than a year" in worth.remark


def test_the_tail_weighs_the_worst_futures() -> None:
    """Costs 1, 2, 10 with 0.5, 0.4, 0.1: expected 2.3; the worst 0.2 average (0.1 x 10 + 0.1 x 2) / 0.2 = 6."""
    assert weighed(np.array([1.0, 10.0, 2.0]), np.array([0.5, 0.1, 0.4]), 0.25, 0.2) == near(0.75 * 2.3 + 0.25 * 6)


def test_without_a_column_is_the_case_without_it() -> None:
    """On a case with every sheet: no fast track, and no emergency offer, as cases of their own."""
    of = every_sheet()
    solved = solve_case(of)
    worth = {(w.kind, w.name): w for w in columns(solved, lambda _text: None)}
    plants, supply = of["plants"], of["supply"]
    slow = of.with_frame("plants", plants.assign(fast_lead_time=plants["fast_lead_time"].where(plants["plant"] != "mill")))
    fewer = of.with_frame("supply", supply[supply["offer"] != "Dy scrap"])

    assert worth[FAST, "mill"].without == pytest.approx(make_plan(slow).objective, rel=1e-9)
    assert worth[EMERGENCY, "Dy scrap"].without == pytest.approx(make_plan(fewer).objective, rel=1e-9)
    assert solved.session is not None
    assert solved.session.solve().objective == pytest.approx(solved.plan.objective, rel=1e-9)


@pytest.mark.parametrize("first", [1, 41])
def test_knowledge_is_never_worth_less_than_nothing(first: int) -> None:
    """Of random cases: what is known can be left unused."""
    seen = 0
    for number in range(first, first + 40):
        of = parse(grids(Draw(number).sheets()), "drawn").case
        solved = solve_case(of) if of else None
        if solved is None or solved.plan.status is not Status.OPTIMAL:
            continue
        seen += 1
        for worth in knowledge(solved, lambda _text: None):
            assert worth.kind in (LENGTH, FUTURE, AVERAGE)
            assert (worth.worth or 0.0) >= -1e-6 * (1 + abs(solved.plan.objective or 0.0)), (number, worth)
    assert seen > 5


@pytest.mark.slow
def test_the_shipped_case_gains_from_knowing_and_from_its_offers() -> None:
    """us-2026: each row of knowledge, and of what is a column, is worth nothing or more; one of each is the difference of two plans of their own."""
    of = examine(Path(HOUSE / "inputs" / "us-2026.xlsx")).case
    assert of is not None
    solved = solve_case(of, any_optimum=True)
    objective = solved.plan.objective
    assert objective is not None
    rows = {(w.kind, w.name): w for w in columns(solved, lambda _text: None)}
    supply = of["supply"]
    fewer = make_plan(of.with_frame("supply", supply[supply["offer"] != "NdFeB Japan emergency"]), any_optimum=True)

    assert {kind for kind, _ in rows} == {FAST, EMERGENCY}
    assert all((w.worth or 0.0) >= -1e-9 * objective for w in rows.values())
    assert rows[EMERGENCY, "NdFeB Japan emergency"].without == pytest.approx(fewer.objective, rel=1e-9)


def test_a_peace_that_never_comes_asks_for_nothing() -> None:
    """
    5 t/yr of refineries must stand in the peace of 2029, and take 36 months. Where a cutoff is known to begin in 2027 there is no such peace,
    and none is ordered. The future without a cutoff costs 11,000 by itself, the other 16,800: at 0.5 each, 13,900 thousand USD; unknown it is 16,400.
    """
    refinery = plant(capacity_limit=6, capex=1_000_000, residual_share=0, lead_time=36, variable_cost=150_000)
    floor = [{"kind": "refinery", "year": 2029, "capacity": 5}]
    of = case(
        {"horizon": 5, "aftermath": True},
        capacity_floors=floor,
        **embargo({12: 1}, chance=0.5, first_year=2027, last_year=2027),
        **refinery,
    )
    future = found(of)[FUTURE, ""]

    assert future.without == near(16_400)
    assert future.with_it == near(13_900)


def test_the_average_plan_is_the_one_that_planning_gives() -> None:
    """In the average cutoff stock and shortage cost the same; of those plans the second rule takes the one that holds nothing, which is the plan of the case too."""
    offers: list[dict[str, Any]] = [IMPORT, {"offer": "reserve", "country": "Chile", "material": "Dy", "buyer": "stockpile", "price": 100}]
    of = case(
        {"horizon": 2}, supply=offers, materials={"material": "Dy", "price": 100}, sectors={"sector": "civil", "shortage_multiple": 10},
        **embargo({3: 0.5, 9: 0.5}, first_year=2027),
    )  # fmt: skip
    average = found(of)[AVERAGE, ""]

    assert average.without == average.with_it
