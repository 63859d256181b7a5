"""The sheet Pins: what each pin costs.

A tonne of stock costs 100 and spares 0.2 x 1000 in an embargo of 6 months, in which 6 t are needed.
"""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from model.plan import Plan
from outputs.tables.pins import pins
from outputs.tables.report import Report
from tests.kit.small import Row, embargo, near, plan_of, plant

SUPPLY: list[Row] = [
    {"offer": "import", "country": "China", "material": "Dy"},
    {"offer": "purchase", "country": "Chile", "material": "Dy", "buyer": "stockpile"},
]


def pinned(*rows: Row, **sheets: Any) -> Plan:
    return plan_of(supply=SUPPLY, pins=rows, **embargo(months=6, chance=0.2), **sheets)


def of(item: str, name: str = "Dy", **ends: float) -> Row:
    return {"item": item, "name": name, "year": 2026, **ends}


def only(plan: Plan) -> pd.Series:
    (row,) = (row for _, row in pins(Report(plan)).frame.iterrows())
    return row


@pytest.mark.parametrize(
    ("pin", "quantity", "binds", "words"),
    [
        (of("stock", at_least=8), 8, "at least", "saved for each t less required"),
        (of("stock", at_most=4), 4, "at most", "saved for each t more allowed"),
        (of("purchase", at_least=9), 9, "at least", "saved for each t less required"),
    ],
)
def test_a_pin_that_binds_has_its_price(pin: Row, quantity: float, binds: str, words: str) -> None:
    """8 or 9 t where 6 pay: each saves its 100 thousand USD; 4 at most: each tonne more would cost 100 and spare 0.2 x 1000."""
    row = only(pinned(pin))

    assert (row["quantity"], row["binds"], row["words"]) == (near(quantity), binds, words)
    assert row["price"] == near(100)


@pytest.mark.parametrize(("end", "value", "step"), [("at_least", 8, -1), ("at_most", 4, 1)])
def test_the_price_is_what_giving_way_saves(end: str, value: float, step: float) -> None:
    """Solved again with a tonne less required, or a tonne more allowed: the cost falls by the price."""
    plan, eased = (pinned({**of("stock"), end: v}) for v in (value, value + step))

    assert plan.objective is not None
    assert eased.objective is not None
    assert plan.objective - eased.objective == near(only(plan)["price"])


def test_an_order_is_in_tonnes_a_year() -> None:
    """3 t/yr of works that nobody needs, for 10,000 USD per t/yr, of which nothing is left: 10 thousand USD are saved for each."""
    works = plant(variable_cost=1_000_000, capacity_limit=50, capex=10_000, residual_share=0)
    row = only(pinned(of("order", "works", at_least=3), **works))

    assert (row["unit"], row["words"]) == ("t/yr", "saved for each t/yr less required")
    assert (row["quantity"], row["price"]) == near((3, 10))


def test_a_pin_inside_its_ends_has_no_price() -> None:
    row = only(pinned(of("stock", at_least=5, at_most=7)))

    assert (row["binds"], row["words"]) == ("no", "the plan does so by itself")
    assert row["price"] != row["price"]


def test_both_ends_at_once() -> None:
    """Exactly 8 t where 6 pay: it is the lower end that costs, 100 a tonne."""
    row = only(pinned(of("stock", at_least=8, at_most=8)))

    assert row["binds"] == "at both ends"
    assert row["price"] == near(100)
    assert row["words"] == "saved for each t less required"


def test_pins_stand_in_the_planners_unit() -> None:
    """8 t are 8000 kg; a kilogram costs 0.1 thousand USD."""
    plan = pinned(of("stock", at_least=8))
    row = only(replace(plan, case=replace(plan.case, units={("pins", "at_least"): "kg"})))

    assert (row["unit"], row["at_least"], row["quantity"], row["price"]) == ("kg", near(8000), near(8000), near(0.1))
    assert row["words"] == "saved for each kg less required"


def test_without_pins_it_says_so() -> None:
    table = pins(Report(plan_of()))

    assert not len(table.frame)
    assert table.nothing == "The case has no pins."
