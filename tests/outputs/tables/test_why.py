"""Why so much is held, by hand: the arithmetic adds up, what asks and what stops is named, and prices are those of solving again."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from inputs.case import Case
from inputs.workbook import examine, read_case
from model.plan import make_plan, solve_case
from model.studies.study import study
from outputs.tables.prices import what_limits_cost
from outputs.tables.report import Report
from outputs.tables.why import FIGURES, MEETS, NEEDS, why_this_much
from tests.kit.cases import load_case, teaching
from tests.kit.house import HOUSE
from tests.kit.small import case, embargo, near, plant
from tests.model.studies.test_programme import IMPORT, STORE, a_case

MINE: dict[str, Any] = plant(variable_cost=100_000, capacity_limit=4, capex=15_000, lead_time=12, residual_share=0)
DEAR: dict[str, Any] = {"sectors": {"sector": "civil", "shortage_multiple": 10}}


def magnets() -> Case:
    """A magnet plant at home uses 0.1 t of Dy for each of 12 t a year; half of the magnets is promised for six months."""
    sheets: dict[str, Any] = {
        "materials": [{"material": "Dy", "price": 100, "holding_rate": 0.1}, {"material": "magnet", "price": 50, "stock_limit": 0}],
        "sectors": {"sector": "civil", "shortage_multiple": 2, "coverage": 0.5, "cover_months": 6},
        "demand": {"material": "magnet", "sector": "civil", "demand": 12},
        "supply": [IMPORT, STORE],
        "plants": {"plant": "works", "kind": "magnet", "country": "Japan", "opening_capacity": 100},
        "modes": {"plant": "works", "mode": "run"},
        "recipes": [{"plant": "works", "mode": "run", "material": m, "quantity": q} for m, q in (("Dy", -0.1), ("magnet", 1))],
        **embargo(6, 0.1),
    }
    return case({"aftermath": True}, **sheets)


@cache
def row(name: str) -> dict[str, Any]:
    """The row of the only material held, of a case worked by hand below."""
    cases: dict[str, Callable[[], Case]] = {
        "promise": lambda: a_case(),
        "shortage": lambda: a_case(coverage=0, **DEAR),
        "mine": lambda: a_case(coverage=0.9, **MINE),
        "limit": lambda: a_case(coverage=0, **DEAR, materials={"material": "Dy", "price": 100, "holding_rate": 0.1, "resale_share": 0.5, "purchase_limit": 2}),
        "magnets": magnets,
        "sale": lambda: case(materials={"material": "Dy", "price": 100, "price_growth": 0.1, "resale_share": 1, "stock_limit": 5}, supply=[IMPORT, STORE]),
    }  # fmt: skip
    solved = solve_case(cases[name]())
    (found,) = why_this_much(Report(solved.plan, study(solved))).frame.to_dict("records")
    return {str(key): value for key, value in found.items()}


def test_stock_for_a_promise() -> None:
    """6 t are needed in two quarters, 1.5 spared, 3 may be short: 1.5 t are drawn, and the store is empty after six months.

    A tonne more costs 100 + 10 + 9 - 45 = 74 and saves 0.1 x 500 of shortage: 24 net. Less than the promise asks for there cannot be.
    """
    of = row("promise")

    assert [of[name] for name in FIGURES] == near([6, 0, 0, 0, 0, 0, 0, 1.5, 3, 1.5, 0, 0, 1.5])
    assert (of["cutoff"], of["onset"], of["lasts"]) == ("embargo", 2027, 6)
    assert (of["asked"], of["limited"]) == ("the promise to civil", "")
    assert of["more"] == near(24)
    assert of["less"] is None or np.isnan(of["less"])
    assert of["words"] == (
        "Dy is for embargo from 2027. In its 6 months it takes 6.00 t of demand. Against that there are 1.50 saved or substituted, 3.00 short; "
        "1.50 come out of the 1.50 in store, which is empty after 6 months. It is asked for by the promise to civil."
    )


def test_stock_for_the_price_of_shortage() -> None:
    """A tonne short costs 0.1 x 1,000 = 100: 4.5 t are held, all but what is spared for 0.1 x 200 = 20.

    A tonne more would replace thrift: 74 - 20 = 54. A tonne less, of the second quarter, saves 74 and 0.1 x 2.5 of holding, and is short for 100: 25.75.
    """
    of = row("shortage")

    assert (of["target"], of["drawn"], of["saved"], of["short"]) == near((4.5, 4.5, 1.5, 0))
    assert (of["asked"], of["instead"]) == ("", "shortage of Dy for civil")
    assert (of["more"], of["less"]) == near((54, 25.75))


def test_new_plants_are_told_apart() -> None:
    """4 t/yr give 2 t in six months; 0.6 of 6 t may be short and 1.5 is spared: 1.9 t are drawn."""
    of = row("mine")

    assert (of["new"], of["standing"], of["short"], of["saved"], of["drawn"]) == near((2, 0, 0.6, 1.5, 1.9))


def test_what_stops_more_is_named() -> None:
    """Two tonnes a year may be bought, of 4.5 that would be worth it."""
    of = row("limit")

    assert of["target"] == near(2)
    assert of["limited"] == "the purchase limit"
    assert "More is stopped by the purchase limit." in of["words"]


def test_stock_for_what_plants_make_of_it() -> None:
    """Nobody needs Dy itself: 3 t of magnets are promised in six months, which take 0.3 t of it."""
    of = row("magnets")

    assert (of["demand"], of["used"], of["drawn"]) == near((0, 0.3, 0.3))
    assert of["asked"] == "the promise of magnet to civil"


def test_stock_for_sale_is_told_apart() -> None:
    """No cutoff; a tonne bought in mid-2026 for 104.9 brings 121 at the end of 2027: as much as the space takes."""
    of = row("sale")

    assert of["target"] == near(5)
    assert of["limited"] == "the stock limit"
    assert of["words"] == "No cutoff draws on Dy: it is held for what it brings at the end. More is stopped by the stock limit."
    assert of["less"] == near(121 - 100 * 1.1**0.5)


@pytest.mark.parametrize("name", ["reference-05", "reference-16", "reference-22", "reference-36"])
def test_arithmetic_adds_up(name: str) -> None:
    """Needs less what meets them is drawn; drawn, lost and left are what was on hand. A little more or less costs nothing or more."""
    solved = solve_case(load_case(name))
    frame = why_this_much(Report(solved.plan, study(solved))).frame
    frame = frame[frame["cutoff"] != ""]
    figures = frame[list(FIGURES)].astype(float)

    assert len(frame)
    assert (figures[list(NEEDS)].sum(axis=1) - figures[list(MEETS)].sum(axis=1)).tolist() == pytest.approx(
        figures["drawn"].tolist(), abs=1e-6
    )
    assert figures[["drawn", "lost", "left"]].sum(axis=1).tolist() == pytest.approx(figures["held"].tolist(), abs=1e-6)
    assert all(price is None or not price < -1e-4 for price in [*frame["more"], *frame["less"]])


def test_price_of_more_is_that_of_a_plan_with_a_pin() -> None:
    """1.5 t and a hundredth more, as a pin of the stock of 2026, costs what the price says."""
    base, more = make_plan(a_case()), make_plan(a_case(pins={"item": "stock", "name": "Dy", "year": 2026, "at_least": 1.515}))

    assert base.objective is not None
    assert more.objective is not None
    assert (more.objective - base.objective) / 0.015 == near(row("promise")["more"])


@pytest.mark.slow
def test_shipped_case_says_why() -> None:
    """us-2026: every stock has a cutoff that it is for or a reason beside them, adds up, and neither more nor less of it would be cheaper."""
    of = examine(HOUSE / "inputs" / "us-2026.xlsx").case
    assert of is not None
    solved = solve_case(of)
    frame = why_this_much(Report(solved.plan, study(solved))).frame
    figures = frame[list(FIGURES)].astype(float)

    assert len(frame) > 10
    assert (figures[list(NEEDS)].sum(axis=1) - figures[list(MEETS)].sum(axis=1)).tolist() == pytest.approx(
        figures["drawn"].tolist(), abs=1e-5
    )
    assert all(price is None or not price < -1e-6 for price in [*frame["more"], *frame["less"]])


def reasons_of(case: Case) -> dict[str, dict[str, Any]]:
    """The rows of a case by material."""
    solved = solve_case(case)
    rows = why_this_much(Report(solved.plan, study(solved))).frame.to_dict("records")
    return {str(row["material"]): {str(key): value for key, value in row.items()} for row in rows}


def test_a_promise_that_nothing_less_can_keep_is_named_though_shortage_costs_more() -> None:
    """The teaching case promises all demand, and 15 t Nd and 5 t Dy are what is missing: a tonne less breaks the promise."""
    found = reasons_of(read_case(HOUSE / "inputs" / "tutorial.xlsx"))

    assert {m: (row["asked"], row["less"]) for m, row in found.items()} == dict.fromkeys(("Nd", "Dy"), ("the promise to defense", None))


def test_a_budget_of_a_later_year_stops_more() -> None:
    """With 2 M USD in 2026 and nothing to speak of later, and no promise, holding in 2028 is what money is missing for."""
    case = read_case(HOUSE / "inputs" / "tutorial.xlsx")
    budget = pd.DataFrame({"year": [2026, 2027, 2028], "amount": [2.0, 0.02, 0.02], "source": "", "note": ""})
    poor = case.with_frame("budget", budget).with_frame("sectors", case["sectors"].assign(coverage=0.0))

    assert {row["limited"] for row in reasons_of(poor).values()} == {"the budget"}


def test_what_costs_no_more_than_rounding_costs_nothing() -> None:
    """A store that is worth in the worst futures what it costs: with most of the weight on these, and shortage at three times the price, a hundredth less of Dy costs as much."""
    found = reasons_of(
        teaching(
            {"risk_weight": 0.9},
            sectors=[{"sector": "defense", "coverage": 0.5, "shortage_multiple": 3}],
            pins=[{"item": "order", "name": "Separation", "year": 2026, "at_most": 20}],
        )
    )

    assert (found["Nd"]["more"], found["Dy"]["less"]) == (0, 0)
    assert "a hundredth less would save as much as it costs in the cutoffs" in found["Dy"]["words"]


def test_with_a_weight_on_risk_prices_are_said_to_be_of_that_cost() -> None:
    """A tonne more of Nd costs 37.82 expected and 100 + 6 - 60 = 46 in the worst futures, which last to the end: with half of the weight on these 41.91."""
    solved = solve_case(teaching({"risk_weight": 0.5}))
    of = Report(solved.plan, study(solved))
    more = why_this_much(of).frame.set_index("material")["more"]

    assert more["Nd"] == near(41.91)
    for text in (why_this_much(of).text, what_limits_cost(of).text):
        assert "adds to the cost with the weight on the worst outcomes" in text
        assert "expected cost" not in text
    calm = Report(solve_case(teaching()).plan)
    assert all("adds to the expected cost" in text for text in (why_this_much(calm).text, what_limits_cost(calm).text))


def test_what_is_there_from_the_beginning_is_not_asked_for() -> None:
    """100 t Nd and 20 t Dy in store, which nothing takes out in peace; the promises of the teaching case take 60 t of Nd at most and 10 t of Dy. With 60 and 10 t and no plant they ask for just that."""
    opening = [{"material": "Nd", "opening_stock": 100}, {"material": "Dy", "opening_stock": 20}]
    just = [{"material": "Nd", "opening_stock": 60}, {"material": "Dy", "opening_stock": 10}]
    free = [{"sector": "defense", "coverage": 0, "cover_months": 0}]
    much, none = reasons_of(teaching(materials=opening)), reasons_of(teaching(materials=opening[:1], sectors=free))
    asked = reasons_of(teaching(materials=just, plants=[], modes=[], recipes=[]))

    for found in (much["Nd"], much["Dy"], none["Nd"]):
        assert found["asked"] == "none: it is there from the beginning"
        assert "It is there from the beginning, and what is in store stays there in peace." in found["words"]
    assert "10.0 are not drawn." in much["Dy"]["words"]
    assert {row["asked"] for row in asked.values()} == {"the promise to defense"}


def test_a_promise_that_holds_only_in_a_later_onset_is_named() -> None:
    """The promise is for cutoffs from 2028, and the budgets of 2026 and 2027 are spent. A tonne more of Nd, bought in 2028 for 100, adds 2 a year and brings 60 with chance 0.81:
    it is not the budget that stops it: 35.82, as without one."""
    rich = {"ready_by": 24}
    poor = reasons_of(teaching(rich, budget=[{"year": 2026, "amount": 2}, {"year": 2027, "amount": 2}]))

    assert (poor["Nd"]["cutoff"], poor["Nd"]["onset"], poor["Nd"]["asked"], poor["Nd"]["limited"]) == (
        "export ban",
        2028,
        "the promise to defense",
        "",
    )
    assert poor["Nd"]["more"] == near(reasons_of(teaching(rich))["Nd"]["more"])


def test_a_limit_that_is_just_enough_stops_more() -> None:
    """5 t Dy a year may be bought, and no more than these can be in store by the end of 2026; they are all that the promise takes. An offer with nothing to sell stops nothing."""
    barred = {"offer": "barred", "country": "China", "material": "Dy", "buyer": "stockpile", "capacity": 0}
    found = reasons_of(teaching(materials=[{"material": "Dy", "purchase_limit": 5}], supply=[barred]))["Dy"]

    assert found["limited"] == "the purchase limit"


def test_a_limit_that_keeps_more_from_being_held_stops_it_though_more_can_be() -> None:
    """With half-years and 5 M USD in 2026 more Nd is bought for the first cutoff as the budget grows."""
    found = reasons_of(teaching({"period": 6, "crisis_period": 6}, budget=[{"year": 2026, "amount": 5}]))["Nd"]

    assert found["more"] > 0
    assert found["limited"] == "the budget"


def test_stock_for_months_beyond_the_plan_is_told_apart() -> None:
    """A promise of 36 months: of 45 t in store at the end of 2027 a cutoff from 2028 takes 15 in its last year of the plan, and 30 are for the two after it."""
    longer = [{"cutoff": "export ban", "months": months, "probability": chance} for months, chance in ((12, 0), (36, 1))]
    solved = solve_case(teaching(durations=longer, sectors=[{"sector": "defense", "cover_months": 36}]))
    table = why_this_much(Report(solved.plan, study(solved)))
    found = table.frame.set_index("material").loc["Nd"]

    assert (found["drawn"], found["left"]) == near((15, 30))
    assert (
        "30.0 are not drawn by the end of the plan, beyond which the cutoff may last. It is asked for by the promise to defense."
        in found["words"]
    )
    assert "for a promise of months beyond the plan" in table.text
