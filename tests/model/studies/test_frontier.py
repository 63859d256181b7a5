"""The frontier: every corner by hand, each point as solved anew, and what is said where there is no exact curve."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from inputs.address import ChangeError
from inputs.apply import apply
from inputs.case import Case
from inputs.change import Change, parse_variation
from inputs.shipped import shipped_grids
from inputs.workbook import parse
from model.plan import make_plan
from model.studies.curve import NoFrontierError
from model.studies.frontier import SOLVES, Frontier, frontier
from tests.kit.small import case, embargo, near, plant

RESERVE = [
    {"offer": "import", "country": "China", "material": "Dy"},
    {"offer": "reserve", "country": "Chile", "material": "Dy", "buyer": "stockpile"},
]


def promised(settings: dict[str, Any] | None = None, /, **more: Any) -> Case:
    """Half a year without China, with chance 0.1, at the start of 2027; a tonne short costs 200, one in store 100, a fifth can be given up at 50."""
    return case(
        settings,
        sectors={"sector": "civil", "shortage_multiple": 2, "coverage": 1, "cover_months": 6},
        supply=RESERVE,
        thrift=[{"option": "less", "material": "Dy", "sector": "civil", "limit": 0.2, "cost": 50}],
        **embargo(),
        **more,
    )


def drawn(of: Case, address: str, low: float, high: float, solves: int = SOLVES) -> tuple[Frontier, Callable[[float], Change]]:
    variation = parse_variation(f"{address}={low:g},{high:g}", of)
    return frontier(of, variation.at, low, high, solves=solves), variation.at


def test_coverage_costs_nothing_until_thrift_is_used_up() -> None:
    """
    6 t are needed, 1.2 t given up at 50 USD/kg whatever is promised: it is less than the 200 of a shortage. So coverage is free up to 20 %;
    then each percentage point takes 0.06 t at 100, which saves 0.06 x 0.1 x 200 of shortage: 6 - 1.2 = 4.8 thousand USD.
    """
    found, _ = drawn(promised(), "sectors[civil].coverage", 0, 1)
    values, slopes = [p.value for p in found.points], [p.slope for p in found.points]

    assert not found.sampled
    assert found.proved_error == 0
    assert values == near([0, 0.2, 1])
    assert slopes == near([0, 480, 480])
    assert found.points[2].objective - found.points[0].objective == near(0.8 * 480)
    assert found.points[2].targets == {"Dy": near(4.8)}


def test_the_curve_begins_where_a_plan_does() -> None:
    """All of 6 t but the 1.2 t that are given up must be bought in 2026: 0.48 M USD; with less money there is no plan, and more changes nothing."""
    found, _ = drawn(promised(budget=[{"year": 2026, "amount": 1}]), "budget[2026].amount", 0, 2)

    assert list(found.range) == near([0.48, 2])
    assert [p.slope for p in found.points] == near([0, 0])


def test_no_plan_anywhere_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(NoFrontierError, match="no plan exists anywhere along the curve; run `stockpile explain`"):
        drawn(promised(budget=[{"year": 2026, "amount": 1}]), "budget[2026].amount", 0, 0.4)


def test_a_value_that_check_would_refuse_is_refused_with_its_words() -> None:
    """Nothing of an unlimited offer can be lost, or all of it, but no share between."""
    with pytest.raises(ChangeError, match="of no limit is still no limit"):
        drawn(promised(), "losses[embargo,China,*,0].supply_lost", 0, 1)


def test_plants_enter_and_leave_where_their_orders_begin_and_end() -> None:
    """
    A plant that makes Dy at 150 USD/kg and costs 500 per kg/yr, of which nothing is left, does not pay beside imports at 100, and is ordered before the cutoff or not at
    all. Where no more than 3 t may be held, what is promised beyond the 20 % that are given up and the 50 % in store must come from it.
    """
    works = plant(country="Japan", capacity_limit=50, capex=500_000, residual_share=0, variable_cost=150_000)
    of = promised({"crisis_orders": False}, materials={"material": "Dy", "price": 100, "stock_limit": 3}, **works)
    found, at = drawn(of, "sectors[civil].coverage", 0, 1)

    assert [(plant, enters) for plant, _, enters in found.entries()] == [("works", True)]
    assert found.entries()[0][1] == near(0.7)
    for point in found.points:
        assert make_plan(apply(of, [at(point.value)])).objective == pytest.approx(point.objective, rel=1e-8)


def test_few_points_leave_an_error_that_is_proved() -> None:
    """With its two ends alone the curve may be as low as where their tangents meet: at 20 %, 0.2 x 0.8 x 480 = 76.8 below the chord."""
    found, _ = drawn(promised(), "sectors[civil].coverage", 0, 1, solves=2)

    assert len(found.points) == 2
    assert found.proved_error == near(76.8)


def test_prices_are_sampled_and_it_is_said_why() -> None:
    found, at = drawn(promised(), "materials[Dy].price", 50, 150)

    assert found.proved_error is None
    assert "coefficients" in found.sampled
    assert len(found.points) == 21
    assert make_plan(apply(promised(), [at(found.points[7].value)])).objective == pytest.approx(found.points[7].objective, rel=1e-9)


def test_a_limit_of_nothing_belongs_to_the_curve() -> None:
    """A stock limit of 0 leaves the stock out of the program; the curve begins just above it. Each tonne saves 200 x 0.1 and costs 100."""
    of = promised(materials={"material": "Dy", "price": 100, "stock_limit": 50})
    free = apply(of, [parse_variation("sectors[civil].coverage=0,1", of).at(0)])
    found, _ = drawn(free, "materials[Dy].stock_limit", 0, 10)

    assert not found.sampled
    assert [p.slope for p in found.points] == near([0, 0])


def test_the_frontier_of_the_shipped_case_is_as_solved_anew() -> None:
    """Coverage of the essential civilian from half to all: convex, and each of its corners the cost of a plan of that case."""
    shipped = parse(shipped_grids("us-2026")).case
    assert shipped is not None
    found, at = drawn(shipped, "sectors[essential civilian].coverage", 0.5, 1)
    slopes = [p.slope for p in found.points]

    assert found.proved_error == 0
    assert len(found.points) > 5
    assert np.all(np.diff(slopes) >= -1e-9)
    for point in found.points[2:5]:
        plan = make_plan(apply(shipped, [at(point.value)]), any_optimum=True)
        assert plan.objective == pytest.approx(point.objective, rel=1e-9)


def test_a_limit_of_nothing_is_the_first_point_of_its_curve() -> None:
    """The teaching case without its plant costs 45,782; each t/yr of it saves 39.166, and it is ordered from the first."""
    of = parse(shipped_grids("tutorial"), "tutorial").case
    assert of is not None
    found, _ = drawn(of, "plants[Separation].capacity_limit", 0, 50)

    assert [p.value for p in found.points] == [0, 50]
    assert [p.objective for p in found.points] == near([45_782, 45_782 - 50 * 39.166])
    assert found.points[0].slope == near(-39.166)
    assert found.entries() == [("Separation", 0, True)]
