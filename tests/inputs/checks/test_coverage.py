"""What a cutoff takes, month by month, and what coverage then takes from stock: worked out on paper."""

import math

import pytest

from inputs.case import Case
from inputs.checks.coverage import arrivals, needed_from_stock
from inputs.checks.spells import Spell, losses_of, lost_at, spells
from inputs.schema import EVERY
from tests.kit.small import Row, case, read

SUPPLY: list[Row] = [
    {"offer": "China", "country": "China", "material": "Dy", "capacity": 8},
    {"offer": "Australia", "country": "Australia", "material": "Dy", "capacity": 4, "depends_on": "China", "dependence": 0.5},
    {"offer": "peace", "country": "Chile", "material": "Dy", "capacity": 50, "available": "peace"},
    {"offer": "purchase", "country": "Chile", "material": "Dy", "buyer": "stockpile", "capacity": 50},
]
CUTOFF: dict[str, Row | list[Row]] = {
    "cutoffs": {"cutoff": "embargo", "annual_probability": 0.1},
    "durations": [
        {"cutoff": "embargo", "months": 4, "probability": 0.5},
        {"cutoff": "embargo", "months": 11, "probability": 0.5},
    ],
    "losses": [
        {"cutoff": "embargo", "country": "China", "material": "*", "supply_lost": 1},
        {"cutoff": "embargo", "country": "China", "material": "Dy", "from_month": 6, "supply_lost": 0.5},
    ],
    "surges": {"cutoff": "embargo", "sector": "civil", "demand_multiple": 1.5},
    "supply": SUPPLY,
}
SECTORS = {"sectors": {"sector": "civil", "coverage": 0.5, "cover_months": 9, "shortage_multiple": 10}}


def embargoed(**sheets: Row | list[Row]) -> Case:
    return case({"ready_by": 12}, **{**CUTOFF, **SECTORS, **sheets})


def test_the_narrower_row_goes_first_in_its_months_and_the_broader_in_the_others() -> None:
    """All of China for Dy: everything (row 3) until month 6, then half (row 4); nothing of anything else is told apart."""
    losses = losses_of(embargoed(), "embargo")
    found = spells(losses, "China", (EVERY, "Dy"))

    assert found == [Spell(0, 6, 1, 3), Spell(6, math.inf, 0.5, 4)]
    assert [lost_at(found, month) for month in (0, 5.9, 6, 60)] == [1, 1, 0.5, 0.5]
    assert spells(losses, "China", (EVERY, "Tb")) == [Spell(0, math.inf, 1, 3)]
    assert spells(losses, "Chile", (EVERY, "Dy")) == [Spell(0, math.inf, 0)]


def test_what_arrives_is_what_is_left_directly_and_through_whom_an_offer_depends_on() -> None:
    """China: 8 x (1 - 1), then 8 x (1 - 0.5). Australia: 4 x (1 - 0.5 x 1), then 4 x (1 - 0.5 x 0.5). Peace and the stockpile send nothing."""
    assert arrivals(embargoed(), "Dy", "embargo", [1.5, 4.5, 7.5, 10.5]) == pytest.approx([0 + 2, 0 + 2, 4 + 3, 4 + 3])


def test_coverage_takes_from_stock_what_does_not_arrive_in_each_of_its_periods() -> None:
    """12 t/yr x 1.5 x half are promised for three quarters: 9 - 2, 9 - 2, 9 - 7 t/yr, each for a quarter of a year: 16 / 4 = 4 t. The fourth asks for none."""
    assert needed_from_stock(embargoed(), "Dy", "embargo") == pytest.approx(4)


def test_a_period_with_more_than_is_promised_lends_nothing_to_another() -> None:
    """With 20 t/yr of China, the third quarter brings 10 + 3 > 9: 7 + 7 + 0 t/yr for a quarter: 3.5 t, not 14 - 4 = 10 / 4."""
    supply = [{**SUPPLY[0], "capacity": 20}, *SUPPLY[1:]]

    assert needed_from_stock(embargoed(supply=supply), "Dy", "embargo") == pytest.approx(3.5)


def test_the_promise_of_a_demand_goes_before_that_of_its_sector() -> None:
    """Two thirds for two quarters: 18 x 2 / 3 = 12 t/yr, less 2, twice, for a quarter: 5 t."""
    demand = {"material": "Dy", "sector": "civil", "demand": 12, "coverage": 2 / 3, "cover_months": 6}

    assert needed_from_stock(embargoed(demand=demand), "Dy", "embargo") == pytest.approx(5)


@pytest.mark.parametrize(("limit", "said"), [(3.9, True), (4, False)])
def test_coverage_that_cannot_be_ready_says_how_much_is_missing(limit: float, said: bool) -> None:
    """Ready by the end of 2026, and 4 t are needed: a limit of 3.9 t/yr is too little, one of 4 t/yr is enough."""
    reading = read({"ready_by": 12}, **{**CUTOFF, **SECTORS}, materials={"material": "Dy", "price": 100, "purchase_limit": limit})
    found = [finding.message for finding in reading.warnings if finding.column == "purchase_limit"]

    assert len(found) == said
    assert all("takes 4 t of 'Dy' from stock" in text and "at most 3.9 t can be there after 12 months" in text for text in found)


@pytest.mark.parametrize(
    ("sector", "demand", "places"),
    [
        ({"coverage": 0.5, "cover_months": 2}, {}, ["sectors!C3"]),
        ({"coverage": 0.5, "cover_months": 2}, {"cover_months": 6}, []),
        ({"coverage": 0.5, "cover_months": 6}, {"cover_months": 2}, ["demand!F3"]),
        ({"coverage": 0.5, "cover_months": 2}, {"cover_months": 1}, ["demand!F3"]),
        ({"coverage": 0, "cover_months": 2}, {"coverage": 0.5}, ["demand!E3"]),
        ({"coverage": 0.5, "cover_months": 2}, {"coverage": 0.4}, ["sectors!C3"]),
        ({"coverage": 0.5, "cover_months": 2}, {"coverage": 0, "cover_months": 2}, []),
        ({"coverage": 0, "cover_months": 0}, {"coverage": 0.5, "cover_months": 3}, []),
    ],
)
def test_a_promise_shorter_than_a_crisis_period_is_told_where_it_is_made(sector: Row, demand: Row, places: list[str]) -> None:
    """Crisis periods last 3 months; of sector and demand, the demand's own figure counts."""
    reading = read(
        sectors={"sector": "civil", "shortage_multiple": 10, **sector}, demand={"material": "Dy", "sector": "civil", "demand": 12, **demand}
    )

    assert [finding.place for finding in reading.warnings if "shorter than a crisis period" in finding.message] == places


@pytest.mark.parametrize(
    ("recovery", "aftermath", "offer", "said"),
    [
        (6, True, {}, True),
        (0, True, {}, False),
        (6, False, {}, False),
        (6, True, {"capacity": 40}, False),
        (6, True, {"country": "Chile"}, False),
        (6, True, {"country": "Chile", "depends_on": "China", "dependence": 1}, True),
        (6, True, {"available": "peace"}, False),
    ],
)
def test_an_unlimited_offer_that_comes_back_at_once_is_told(recovery: float, aftermath: bool, offer: Row, said: bool) -> None:
    """Lost as a whole with China, directly or because it lives on China, it has no part that could come back first."""
    reading = read(
        {"aftermath": aftermath},
        cutoffs={"cutoff": "embargo", "annual_probability": 0.1, "recovery": recovery},
        durations={"cutoff": "embargo", "months": 6, "probability": 1},
        losses={"cutoff": "embargo", "country": "China", "material": "*", "supply_lost": 1},
        supply=[
            {"offer": "import", "country": "China", "material": "Dy", **offer},
            {"offer": "else", "country": "China", "material": "Dy", "capacity": 1},
        ],
    )

    assert [finding.place for finding in reading.warnings if "back at once" in finding.message] == ["supply!E3"] * said
