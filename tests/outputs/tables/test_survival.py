"""The map of survival shows the shortest times of the onsets, and words where nothing fails."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from model.plan import solve_case
from model.studies.study import study
from outputs.html.tables import table_html
from outputs.tables.report import Report
from outputs.tables.survival import survival, survival_by_onset
from tests.kit.small import case, embargo
from tests.model.studies.test_programme import IMPORT, STORE


@cache
def report(ready_by: float = 0, opening: float = 0) -> Report:
    """Half of 12 t of Dy a year is promised for a year; an embargo of up to a year may begin in 2027 or 2028; a short flood takes nothing."""
    sheets: dict[str, Any] = {
        "materials": {"material": "Dy", "price": 100, "holding_rate": 0.1, "opening_stock": opening},
        "sectors": {"sector": "civil", "shortage_multiple": 2, "coverage": 0.5, "cover_months": 12},
        "supply": [IMPORT, STORE],
        **embargo({3: 0.25, 6: 0.25, 9: 0.25, 12: 0.25}, 0.1),
    }
    sheets["cutoffs"].append({"cutoff": "flood", "annual_probability": 0.05})
    sheets["durations"].append({"cutoff": "flood", "months": 3, "probability": 1})
    sheets["losses"].append({"cutoff": "flood", "country": "Chile", "material": "*", "supply_lost": 1})
    sheets["supply"].append({"offer": "lead", "country": "Chile", "material": "Dy", "capacity": 1e-6})
    solved = solve_case(case({"aftermath": True, "horizon": 3, "ready_by": ready_by}, **sheets))
    return Report(solved.plan, study(solved))


def test_map_has_a_row_for_supply_and_one_for_the_promise() -> None:
    """Half is short from the first day, and the promise holds throughout; with nothing done both fail at once. Nothing fails in a flood, which has no column."""
    table = survival(report())
    full, promise = table.frame.to_dict("records")

    assert [c.title for c in table.columns[3:]] == ["embargo: nothing done", "embargo: this plan"]
    assert (full["what"], full["embargo nothing"], full["embargo plan"]) == ("full supply", 0, 0)
    assert (promise["what"], promise["embargo nothing"]) == ("coverage of 50.0%", 0)
    assert promise["embargo plan"] != promise["embargo plan"]
    assert table.columns[-1].empty == "throughout"


def test_stock_of_today_has_a_column_where_there_is_one() -> None:
    """4.5 t against 3 t a quarter: a quarter and a half, so full supply fails after one quarter, and the promised half after two."""
    full, promise = survival(report(opening=4.5)).frame.to_dict("records")

    assert (full["embargo today"], promise["embargo today"]) == (3, 6)


def test_map_is_of_onsets_from_ready_by_on() -> None:
    """Ready by the end of 2027: an embargo from 2027 finds what there is by then, which the map leaves out, and the other sheet has."""
    by_onset = survival_by_onset(report(ready_by=24)).frame

    assert by_onset[by_onset["cutoff"] == "embargo"]["onset"].tolist() == [2027, 2028]
    assert survival(report(ready_by=24)).frame["embargo plan"].tolist()[0] == 0


def test_page_colours_the_map() -> None:
    """Nothing at once is poor, what lasts is good."""
    text = table_html(survival(report()), "t0")

    assert '<td class="n poor" data-v="0.0">0' in text
    assert '<td class="n good">throughout' in text


@pytest.mark.parametrize("of", [survival, survival_by_onset])
def test_what_was_not_studied_is_empty(of: Any) -> None:
    solved = solve_case(case())

    assert len(of(Report(solved.plan)).frame) == 0
