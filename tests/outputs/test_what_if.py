"""What-ifs: the warm answer is that of the changed case, in words and figures, from a process that speaks JSON."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inputs.address import ChangeError
from inputs.apply import apply
from inputs.change import parse_change
from inputs.shipped import new_workbook
from inputs.template import write_case
from inputs.workbook import read_case
from model.plan import make_plan
from outputs.html.what_if import answer_html, chart_groups
from outputs.what_if import WhatIf
from tests.kit.cases import grids_of
from tests.kit.house import HOUSE
from tests.kit.small import case, embargo, near

PROMISED = {"sector": "civil", "shortage_multiple": 10, "coverage": 1, "cover_months": 6}
OFFERS = [
    {"offer": "import", "country": "China", "material": "Dy"},
    {"offer": "reserve", "country": "China", "material": "Dy", "buyer": "stockpile"},
]
LATER = embargo(months=6, chance=0.2, first_year=2027)
"""A cutoff of half a year that can begin once there is something in store."""


def test_twice_the_price_costs_twice_as_much() -> None:
    """12 t/yr at 100 thousand USD/t for 2 years: 2,400 thousand USD; at twice the price 4,800, and as before once it is taken back."""
    warm = WhatIf(case())
    dear = warm.answer(["materials[Dy].price*=2"])
    back = warm.answer([])

    assert dear.before.objective == near(2400)
    assert dear.after.objective == near(4800)
    assert dear.said == ("price of Dy \u00d72",)
    assert back.after.objective == near(2400)
    totals = dear.groups()[0]
    assert (totals.unit, totals.rows[0].name) == ("M USD", "Cost")
    assert totals.rows[0].before == near(2.4)
    assert totals.rows[0].after == near(4.8)


def test_each_answer_is_the_plan_of_the_changed_case() -> None:
    """Whatever was asked before it, from the last basis or from scratch."""
    small = case(sectors={"sector": "civil", "shortage_multiple": 10, "coverage": 0.5}, **embargo(months=6, chance=0.2))
    warm = WhatIf(small)
    for text in ("sectors[civil].coverage=1", "cutoffs[*].annual_probability*=0.5", "durations[*].months=3", "materials[Dy].price+=-40"):
        wanted = make_plan(apply(small, [parse_change(text, small)])).objective

        assert warm.answer([text]).after.objective == near(wanted)


def test_no_plan_is_said_in_words_and_leaves_the_rest_standing() -> None:
    """A limit of 0 t on what a promise needs: no plan, no figures after, and the next question is answered."""
    warm = WhatIf(case({"ready_by": 12}, sectors=PROMISED, supply=OFFERS, **LATER))
    answer = warm.answer(["materials[Dy].stock_limit=0"])

    assert answer.message == "No plan: no plan meets every requirement."
    assert math.isnan(answer.groups()[0].rows[0].after)
    assert "\u2013" in answer_html(answer)
    assert warm.answer(["materials[Dy].price*=2"]).message == ""


def test_numbers_are_suggested_by_the_sheet_or_by_what_plans_hang_on() -> None:
    rows = [{"address": "materials[Dy].price", "change": "*=", "low": 0.7, "base": 1, "high": 3}]
    (given,) = WhatIf(case(sweeps=rows)).knobs()
    usual = WhatIf(case(**embargo(months=6, chance=0.2))).knobs()

    assert (given.low, given.base, given.high, given.variation.heading) == (0.7, 1, 3, "materials[Dy].price*=")
    assert [knob.variation.targets[0].column for knob in usual] == ["coverage", "annual_probability", "price"]
    assert usual[0].summary()["now"] == "0"


@pytest.mark.parametrize("chance", [0.6, 0.7, 1.0])
def test_what_is_suggested_is_never_beyond_what_a_case_may_have(chance: float) -> None:
    """Twice a probability of 0.6 would be 1.2 a year: the knob ends at 1 / 0.6, where the cutoff is certain."""
    warm = WhatIf(case(**embargo(months=6, chance=chance)))
    knob = warm.knobs()[1]

    assert (knob.low, knob.base) == (0.5, 1)
    assert knob.high == near(1 / chance)
    assert warm.answer([f"{knob.variation.heading}{knob.high!r}"]).message == ""


def test_a_share_in_percent_is_moved_over_the_whole_of_it() -> None:
    """The whole demand is 100 %, not 1 %."""
    rows = case(sectors={"sector": "civil", "shortage_multiple": 10, "coverage": 0.8})
    coverage = WhatIf(replace(rows, units={("sectors", "coverage"): "%"})).knobs()[0]

    assert coverage.low == 0
    assert coverage.high == near(100)
    assert coverage.base == near(80)


def test_what_changes_is_drawn() -> None:
    """Twice the price: market supply costs 2,400 thousand USD more, 2.4 M USD; as long as nothing changes there is no chart of costs."""
    warm = WhatIf(case())
    (cost,) = chart_groups(warm.answer(["materials[Dy].price*=2"]))

    assert cost["names"] == ["Market supply"]
    assert cost["series"][0]["values"] == [near(2.4)]
    assert chart_groups(warm.answer([])) == []


def test_a_number_is_chosen_by_its_address() -> None:
    warm = WhatIf(case())
    knob = warm.knob("materials[Dy].price=50:400")

    assert (knob.low, knob.high, knob.base, knob.now) == (50, 400, 100, "100 USD/kg")
    with pytest.raises(ChangeError, match="Dx"):
        warm.knob("materials[Dx].price=50:400")
    with pytest.raises(ChangeError, match="a change has one value"):
        warm.answer(["materials[Dy].price*=1,2"])
    with pytest.raises(ChangeError, match="not a whole number of periods of 7 months"):
        warm.answer(["settings.period=7"])


def test_names_stay_text() -> None:
    evil = "<script>alert(1)</script>"
    named = case(
        {"ready_by": 12},
        materials={"material": evil, "price": 100},
        demand={"material": evil, "sector": "civil", "demand": 12},
        supply=[{**offer, "material": evil} for offer in OFFERS],
        sectors=PROMISED,
        **LATER,
    )
    text = answer_html(WhatIf(named).answer([]))

    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def asked(file: Path, *questions: dict[str, object]) -> list[dict[str, Any]]:
    """What a process says to questions, after which it ends by itself."""
    done = subprocess.run(
        [sys.executable, "-m", "outputs.what_if_process", str(file)],
        input="".join(json.dumps(question) + "\n" for question in questions), capture_output=True, text=True, check=True, cwd=HOUSE,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_process_answers_line_by_line(tmp_path: Path) -> None:
    """The teaching case costs 43,823.7 thousand USD; what is wrong is said, and the next question is answered."""
    file = new_workbook(tmp_path / "case.xlsx", "tutorial")
    double = "materials[Dy].price*=2"
    begun, wrong, dear, knob = asked(
        file, {"begin": True}, {"changes": ["nonsense"]}, {"changes": [double]}, {"knob": "settings.discount_rate=0:0.1"}
    )
    tutorial = read_case(file)

    assert begun["before"] == near(43823.7)
    assert begun["knobs"][0]["change"] == "sectors[defense].coverage="
    assert "say how it varies" in wrong["error"]
    assert dear["after"] == near(make_plan(apply(tutorial, [parse_change(double, tutorial)])).objective)
    assert knob["knob"]["base"] == 0


def test_a_process_answers_about_numbers_of_any_size(tmp_path: Path) -> None:
    """24 t at 1e300 USD/kg cost 2.4e298 million USD, at 1e308 more than a number can be: that is said, and the next question is answered."""
    file = tmp_path / "case.xlsx"
    write_case(file, grids_of(case()))
    questions: list[dict[str, object]] = [{"changes": [f"materials[Dy].price={price}"]} for price in ("1e300", "1e308", "100")]
    huge, beyond, back = asked(file, *questions)

    assert huge["after"] == near(2.4e301)
    assert "2.40e+298" in huge["html"]
    assert "infinite or not a number" in beyond["error"]
    assert back["after"] == near(2400)


def test_a_process_says_why_a_case_cannot_be_held(tmp_path: Path) -> None:
    (answer,) = asked(tmp_path / "none.xlsx", {"begin": True})

    assert "no such file" in answer["error"]
