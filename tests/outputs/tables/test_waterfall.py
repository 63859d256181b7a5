"""The steps from what is needed to what is drawn from stock, by hand."""

from __future__ import annotations

import pytest

from model.plan import make_plan, solve_case
from model.studies.study import study
from outputs.tables.plan import report_tables
from outputs.tables.report import Report
from outputs.tables.waterfall import STEPS, Waterfall, waterfalls
from tests.kit.cases import load_case
from tests.kit.small import near
from tests.model.studies.test_programme import a_case


def test_columns_stand_where_the_last_step_ends() -> None:
    """10 and 4 are needed; 3 arrive, 5 are made new, 2 are short: 4 are drawn. Each step begins where the one before ends."""
    fall = Waterfall((10, 4, -3, 0, -5, 0, -2, 4), "")

    assert fall.series == {
        "Below": (0, 10, 11, 11, 6, 6, 4, 0),
        "Needed": (10, 4, 0, 0, 0, 0, 0, 0),
        "Met": (0, 0, 3, 0, 5, 0, 2, 0),
        "Drawn": (0, 0, 0, 0, 0, 0, 0, 4),
    }


def test_the_steps_are_those_of_the_sheet_and_add_up() -> None:
    """6 t are needed, 1.5 spared, 3 may be short: 1.5 are drawn (worked by hand in test_why)."""
    solved = solve_case(a_case())
    found = waterfalls(report_tables(Report(solved.plan, study(solved))))

    assert found
    assert dict(zip(STEPS, found["Dy"].steps, strict=True)) == near(
        {"Demand": 6, "Other uses": 0, "Arrives": 0, "Standing": 0, "New plants": 0, "Saved": -1.5, "Short": -3, "Drawn": 1.5}
    )
    assert found["Dy"].words.startswith("Dy is for embargo from 2027.")


@pytest.mark.parametrize("name", ["reference-05", "reference-43"])
def test_needs_less_what_meets_them_are_drawn(name: str) -> None:
    solved = solve_case(load_case(name))
    found = waterfalls(report_tables(Report(solved.plan, study(solved))))

    assert found is not None
    for fall in found.values():
        assert sum(fall.steps[:-1]) == pytest.approx(fall.steps[-1], abs=1e-6 * (1 + fall.steps[0]))


def test_a_plan_that_was_not_studied_has_none() -> None:
    assert waterfalls(report_tables(Report(make_plan(a_case())))) is None
