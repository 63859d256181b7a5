"""How long supply lasts in a cutoff, read off the answers by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from inputs.case import Case
from model.studies.survival import survival
from tests.kit.small import case, embargo
from tests.model.studies.test_programme import IMPORT, STORE, found


def a_case(*, opening: float = 0, coverage: float = 0.5, cover_months: float = 12, **sheets: Any) -> Case:
    """12 t of Dy a year; an embargo of 3, 6, 9 or 12 months with even odds from 2027, a year of them promised; a tonne short costs twice its price."""
    return case(
        {"aftermath": True},
        **{
            "materials": {"material": "Dy", "price": 100, "holding_rate": 0.1, "opening_stock": opening},
            "sectors": {"sector": "civil", "shortage_multiple": 2, "coverage": coverage, "cover_months": cover_months},
            "supply": [IMPORT, STORE],
            **embargo({3: 0.25, 6: 0.25, 9: 0.25, 12: 0.25}, 0.1),
            **sheets,
        },
    )


def row_of(of: Case) -> dict[str, Any]:
    (row,) = survival(found(of)).rows.to_dict("records")
    return {str(name): value for name, value in row.items()}


def test_supply_fails_at_once_and_the_promise_lasts_while_it_is_promised() -> None:
    """A tonne short costs 200 x 0.1 = 20, one in store over 100: no more is held than is promised, half of 6 t in the first six months, so half is short from the first day.

    After six months nothing is left, and the promised half fails. With nothing done both fail at once.
    """
    row = row_of(a_case(cover_months=6))

    assert (row["months"], row["required"]) == (12, 0.5)
    assert (row["full_plan"], row["promise_plan"]) == (0, 6)
    assert (row["full_nothing"], row["promise_nothing"]) == (0, 0)


def test_stock_of_today_lasts_as_far_as_it_goes() -> None:
    """7.5 t against 3 t a quarter: full for two quarters, half of the third, none of the fourth.

    Later quarters are less likely (1, 0.75, 0.5, 0.25), so stock is used first; half of the third is what is promised.
    """
    of = survival(found(a_case(opening=7.5, coverage=0.5)))
    (row,) = of.rows.to_dict("records")

    assert of.with_today
    assert (row["full_today"], row["promise_today"]) == (6, 9)
    assert (row["full_nothing"], row["promise_nothing"]) == (0, 0)


def test_what_never_fails_has_no_month() -> None:
    """Australia sells what is needed too: nothing is ever short, with the plan or without."""
    row = row_of(a_case(coverage=0, supply=[IMPORT, {"offer": "ally", "country": "Australia", "material": "Dy"}]))

    assert math.isnan(row["full_plan"])
    assert math.isnan(row["full_nothing"])
    assert math.isnan(row["promise_plan"])


def test_thrift_is_no_shortage() -> None:
    """All demand can be given up: nothing is short."""
    row = row_of(a_case(coverage=0, thrift={"option": "spare", "material": "Dy", "sector": "*", "limit": 1, "cost": 1}))

    assert math.isnan(row["full_nothing"])


def test_cutoff_that_cannot_begin_has_no_row() -> None:
    """It can begin in 2027 only, with no probability there."""
    of = a_case(coverage=0, hazards={"cutoff": "embargo", "year": 2027, "annual_probability": 0})

    assert len(survival(found(of)).rows) == 0


@pytest.mark.parametrize("stage", ["full", "promise"])
def test_with_the_plan_the_promise_lasts_as_long_as_it_is_made(stage: str) -> None:
    """In a protected cutoff coverage holds for its cover months, whatever else: 12 of them here."""
    row = row_of(a_case())

    assert np.isnan(row["promise_plan"])
    assert row[f"{stage}_nothing"] == 0
