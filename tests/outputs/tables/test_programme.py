"""The sheets of the programme say what was solved, in the units that they name."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd
import pytest

from model.plan import solve_case
from model.studies.study import study
from outputs.tables.programme import AVERTED, SHEET, WHY_ORDERED, averted, programme, why_ordered
from outputs.tables.report import Report
from outputs.tables.rounding import amount
from tests.kit.small import case, embargo, near, plant
from tests.model.studies.test_programme import a_case

WORKS: dict[str, Any] = plant(variable_cost=100_000, capacity_limit=50, capex=15_000, lead_time=12, residual_share=0)


@cache
def studied(name: str) -> Report:
    """`small` is the case worked by hand in tests/model/studies; `works` has a plant for security; `budget` is `small` with 1 M USD in 2026."""
    cases = {
        "small": lambda: a_case(),
        "works": lambda: a_case(coverage=0, store=False, **WORKS),
        "budget": lambda: a_case(budget=[{"year": 2026, "amount": 1}]),
    }
    solved = solve_case(cases[name]())
    return Report(solved.plan, study(solved))


def rows(name: str) -> pd.DataFrame:
    return programme(studied(name)).frame.set_index("figure")


def test_figures_are_in_million_usd() -> None:
    """2,631.1875 with the plan and 2,595 with nothing done, thousand USD: 36.1875 more; 75 averted for 111.1875 of measures."""
    frame = rows("small")

    assert frame.loc["Cost of everything", ["nothing", "plan", "difference"]].tolist() == near([2.595, 2.6311875, 0.0361875])
    assert frame.loc["Loss", ["nothing", "plan", "difference"]].tolist() == near([0.255, 0.18, -0.075])
    assert frame.loc["Loss averted for each USD of the measures", "difference"] == near(75 / 111.1875)
    assert frame.loc["What the hazard costs", "nothing"] == near(0.195)
    assert frame.loc["Price of the promises of coverage", "plan"] == near(0.0361875)
    assert frame.loc["Premium a year", "difference"] == near(0.0525)
    assert frame.loc["embargo", ["nothing", "plan"]].tolist() == near([2.25, 1.5])


def test_words_say_what_the_numbers_say() -> None:
    frame = rows("small")

    assert str(frame.loc["Cost of everything", "says"]).startswith("The programme costs 0.036 M USD in all, against nothing done")
    assert frame.loc["Loss", "says"] == "If nothing is done 0.255 M USD are expected to be lost; the programme averts 0.075, 29% of it."
    assert "from 2027" in frame.loc["embargo", "says"]


@pytest.mark.parametrize(("risk_weight", "counted"), [(0.0, "expected cost"), (1.0, "cost with the weight on the worst outcomes")])
def test_price_of_the_promises_says_by_which_cost(risk_weight: float, counted: str) -> None:
    solved = solve_case(a_case().with_setting("risk_weight", risk_weight))
    table = programme(Report(solved.plan, study(solved)))
    says = str(table.frame.set_index("figure").loc["Price of the promises of coverage", "says"])

    assert says.startswith(f"By {counted}: {amount((solved.plan.objective or 0.0) / 1000)} M USD of this plan, less the ")
    assert ("The weight on the worst outcomes is in none of them but" in table.text) == bool(solved.plan.risk)


def test_public_money_stands_beside_the_budget() -> None:
    """2026: 1.5 t bought for 0.15 and 0.015 to hold them, of 1 M USD; 2027: 0.015, without a limit."""
    frame = rows("budget")

    assert frame.loc[["Spent in 2026", "Spent in 2027"], "plan"].tolist() == near([0.165, 0.015])
    assert str(frame.loc["Spent in 2026", "says"]).startswith("New money 1.00 M USD; 0.835 left.")
    assert str(frame.loc["Spent in 2027", "says"]).startswith("No limit in the case.")


def test_shortage_averted_and_what_its_stock_costs() -> None:
    """0.45 t less 0.3 t; 1.5 t in store cost 150 + 28.6875 - 67.5 = 111.1875 thousand USD: 741.25 USD for each kg averted."""
    row, total = (r for _, r in averted(studied("small")).frame.iterrows())

    assert row[["nothing", "plan", "averted", "worth", "stock", "price"]].tolist() == near([0.45, 0.3, 0.15, 0.075, 0.1111875, 741.25])
    assert total[["worth", "stock"]].tolist() == near([0.075, 0.1111875])


def test_shortage_averted_says_where_lost_output_is_left_out() -> None:
    solved = solve_case(a_case(output_loss={"sector": "civil", "up_to": 1, "value": 20}))

    assert "Lost output is left out" in averted(Report(solved.plan, study(solved))).text
    assert "Lost output" not in averted(studied("small")).text


def test_cost_of_stock_says_that_opening_stock_could_be_sold() -> None:
    """2 t could have brought 2 x 100 x 0.5 = 100 on the first day; with nothing promised they are held for 20 + 0.9 x 20 and 0.1 x 5 released in the first quarter, and 0.9 x 100 is left."""
    solved = solve_case(a_case(opening=2, coverage=0, store=False))
    table = averted(Report(solved.plan, study(solved)))

    assert "for an opening stock what its sale on the first day would bring" in table.text
    assert table.frame["stock"].tolist()[0] == near((100 + 20 + 0.9 * 20 - 0.9 * 100) / 1000)


@pytest.mark.parametrize("aftermath", [True, False])
def test_cost_of_the_hazard_says_where_futures_are_not_as_long(aftermath: bool) -> None:
    solved = solve_case(a_case().with_setting("aftermath", aftermath))
    says = programme(Report(solved.plan, study(solved))).frame.set_index("figure").loc["What the hazard costs", "says"]

    assert ("without aftermath a future ends with its cutoff" in str(says)) == (not aftermath)


def test_order_for_security_is_named() -> None:
    """9 t/yr that merchants would not order."""
    (row,) = (r for _, r in why_ordered(studied("works")).frame.iterrows())

    assert row[["plant", "reason"]].tolist() == ["works", "security"]
    assert row[["plan", "merchant", "security"]].tolist() == near([9, 0, 9])


def test_what_cannot_be_compared_says_why() -> None:
    """A floor of 13 t made at home of 12 t used: what is too much can only go into the stockpile, which merchants do not have."""
    sheets: dict[str, Any] = {
        "materials": {"material": "Dy", "price": 100, "surplus_limit": 0},
        "floors": {"material": "Dy", "origin": "home", "share": 13 / 12},
        **embargo(6, 0.1),
        **plant(opening_capacity=50),
    }
    solved = solve_case(case({"aftermath": True}, **sheets))
    table = programme(Report(solved.plan, study(solved)))

    assert solved.plan.objective is not None
    assert len(table.frame) == 0
    assert table.nothing.startswith("Without a stockpile the rules of the market cannot all hold")


@pytest.mark.parametrize("sheet", [SHEET, AVERTED, WHY_ORDERED])
def test_names_of_sheets_fit_excel(sheet: str) -> None:
    assert len(sheet) <= 31
