"""Changed cases are as sound as those that are read: an error of `check` refuses a change, a warning or a contradiction does not."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import pytest

from inputs.address import ChangeError
from inputs.apply import apply
from inputs.case import Case
from inputs.change import parse_change
from inputs.checks import check_case
from inputs.checks.registry import RULES
from inputs.errors import Level
from inputs.schema import UNREAD
from inputs.workbook import parse
from tests.inputs.test_needs import cases
from tests.kit.faults import sound
from tests.kit.small import case, embargo, plant


@cache
def every_rule() -> Case:
    reading = parse(sound())
    assert reading.case is not None
    return reading.case


def changed(of: Case, *texts: str) -> Case:
    return apply(of, [parse_change(text, of) for text in texts])


def test_every_rule_that_stops_a_plan_for_good_is_asked() -> None:
    """Of all faults: a rule that finds an error, other than a contradiction or one of a sheet that no plan reads, says that it may."""
    silent = {registered.rule.__name__: registered.rule for registered in RULES if not registered.stops}
    found = {
        name
        for name, rule in silent.items()
        for of in cases()
        for finding in rule(of)
        if finding.level is Level.ERROR and not finding.contradicts and finding.sheet not in UNREAD
    }

    assert found == set()


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["settings.horizon=3.5"], "with settings.horizon=3.5: the horizon of 42 months is not a whole number of periods of 12 months"),
        (["settings.period=7"], "with settings.period=7, at settings.horizon: the horizon of 48 months is not a whole number of periods"),
        (["settings.crisis_period=5"], "not a whole number of crisis periods of 5 months; crisis_period can be 1, 2, 3, 4, 6, 12."),
        (["settings.period=24"], r"at budget\[2026\].year: 2026 .* has no effect. Its year can be 2027, 2029"),
        (["settings.horizon=60", "settings.period=1", "settings.crisis_period=1", "settings.aftermath_period=12"], "more than 50,000"),
        (["cutoffs[ban].annual_probability=0.99"], "they must add to 1 at most"),
        (["hazards[ban,2028].annual_probability=0.99"], "add to 1.01 in 2028; they must add to 1 at most"),
        (["cutoffs[war].last_year=2026"], "last_year 2026 is before first_year 2027"),
        (["supply[ore].last_year=2025"], "last_year 2025 is before first_year 2026"),
        (["losses[ban,China,Dy,6].from_month=3"], "before row 3 ends"),
        (["supply[Dy China].capacity=no limit"], r"at losses\[ban,China,Dy,0\].supply_lost: 0.9 of no limit is still no limit"),
        (["losses[war,China,*,0].supply_lost=0.5"], "0.5 of no limit is still no limit: offer 'Nd China' would lose nothing"),
        (["output_loss[lasers,0.3].value=10"], "value falls from 10 to 9 M USD/yr"),
        (["pins[stock,Dy,2028].at_most=2"], "at_least 3 is above at_most 2"),
    ],
)
def test_what_check_calls_an_error_refuses_a_change(texts: Sequence[str], words: str) -> None:
    with pytest.raises(ChangeError, match=words):
        changed(every_rule(), *texts)


def test_modes_that_feed_each_other_are_refused() -> None:
    """Scrap makes Dy and Dy scrap, of 1 t 0.9 t; with 1.2 t of each there is something of nothing."""
    works: dict[str, Any] = plant(opening_capacity=5)
    works["materials"] = [{"material": "Dy", "price": 100}, {"material": "scrap", "price": 10}]
    works["modes"] = [{"plant": "works", "mode": mode, "variable_cost": 1} for mode in ("make", "use")]
    works["recipes"] = [
        {"plant": "works", "mode": mode, "material": material, "quantity": quantity}
        for mode, material, quantity in (("make", "scrap", -1), ("make", "Dy", 0.9), ("use", "Dy", -1), ("use", "scrap", 0.9))
    ]
    of = case(**works)

    with pytest.raises(ChangeError, match="feed each other"):
        changed(of, "recipes[works,make,Dy].quantity=1.2", "recipes[works,use,scrap].quantity=1.2")


@pytest.mark.parametrize(
    "text", ["settings.ready_by=60", "materials[Dy].resale_share=1.5", "materials[Dy].opening_stock=95", "floors[Nd,*].share=0.1"]
)
def test_warnings_and_contradictions_pass(text: str) -> None:
    """Check has something to say against each; that no plan exists is for the program to prove."""
    after = changed(every_rule(), text)

    assert {finding.code for finding in check_case(after, set())} > {finding.code for finding in check_case(every_rule(), set())}


def test_values_that_only_hold_together_can_be_named_one_by_one() -> None:
    """Crisis periods of 24 months need planning periods of 24; either alone is refused, or not, when the case is made."""
    of = case({"horizon": 4}, **embargo())

    assert changed(of, "settings.crisis_period=24", "settings.period=24").number("crisis_period") == 24
    with pytest.raises(ChangeError, match="not a whole number of crisis periods"):
        changed(of, "settings.crisis_period=24")
