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


def test_what_cannot_come_is_not_said_to_do_no_harm() -> None:
    """An embargo without a probability would leave everybody short."""
    sheets: dict[str, Any] = embargo(6, 0)
    solved = solve_case(case({"aftermath": True}, **sheets))

    assert survival(Report(solved.plan, study(solved))).nothing == "No cutoff of the case has a probability above 0."


def test_nothing_is_promised_in_a_cutoff_that_is_not_protected() -> None:
    """A war takes as much as the embargo: full supply fails at once in both, and the promise that is kept in the embargo is none in the war."""
    sheets: dict[str, Any] = {
        "materials": {"material": "Dy", "price": 100, "holding_rate": 0.1},
        "sectors": {"sector": "civil", "shortage_multiple": 2, "coverage": 0.5, "cover_months": 12},
        "supply": [IMPORT, STORE],
        **embargo(6, 0.1),
    }
    sheets["cutoffs"].append({"cutoff": "war", "annual_probability": 0.05, "protected": "no"})
    sheets["durations"].append({"cutoff": "war", "months": 6, "probability": 1})
    sheets["losses"].append({"cutoff": "war", "country": "China", "material": "*", "supply_lost": 1})
    solved = solve_case(case({"aftermath": True}, **sheets))
    found = Report(solved.plan, study(solved))
    full, promise = survival(found).frame.to_dict("records")
    by_onset = survival_by_onset(found).frame.set_index("cutoff")

    assert (full["embargo nothing"], full["war nothing"], promise["embargo nothing"]) == (0, 0, 0)
    assert (promise["war nothing"], promise["war plan"]) == ("nothing promised", "nothing promised")
    assert by_onset.loc["war", "promise_plan"] == "nothing promised"
    assert by_onset.loc["embargo", "required"] == 0.5
    assert by_onset.loc["war", "required"] != by_onset.loc["war", "required"]
    assert '<td class="n">nothing promised' in table_html(survival(found), "map")
