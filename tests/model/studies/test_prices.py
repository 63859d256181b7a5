"""Prices and ranges by hand, and each confirmed by planning the changed case."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from inputs.address import address_of, find_cells
from inputs.apply import apply
from inputs.case import Case
from inputs.change import Change
from inputs.shipped import shipped_grids
from inputs.values import Op
from inputs.workbook import parse
from model.build import build
from model.plan import make_plan, solve_case
from model.solver.compile import compile_model
from model.solver.program import Program, Status
from model.studies.limits import Limit, Places, limits
from model.studies.priced import NO_PLAN, OUT_OF_BOUNDS, Priced, Side
from model.studies.prices import Trial, prices
from model.studies.steps import steps
from model.studies.vertex import shifted
from tests.fuzz.random_cases import random_case
from tests.kit.cases import teaching
from tests.kit.small import case, embargo, every_sheet, near

STORE: list[dict[str, Any]] = [
    {"offer": "import", "country": "China", "material": "Dy"},
    {"offer": "reserve", "country": "Chile", "material": "Dy", "buyer": "stockpile"},
]


def changed(of: Case, limit: Limit, value: float) -> Case:
    """The case with a limit at a value."""
    target = find_cells(address_of(of, limit.sheet, limit.column, limit.row), of)
    return apply(of, [Change((target,), Op.SET, value / target.factor)])


def priced(of: Case, column: str, *names: str) -> Priced:
    """The prices of the only limit in a column about some names."""
    (found,) = [p for p in prices(solve_case(of)).priced if p.limit.column == column and p.limit.names[: len(names)] == names]
    return found


def promised(coverage: float, **sheets: Any) -> Case:
    """6 t of civil demand in a cutoff of six months that comes with chance 0.1; a tonne in store costs 100 thousand USD, which is lost; a tonne short costs 200, with chance 0.1."""
    sectors = {"sector": "civil", "coverage": coverage, "cover_months": 6, "shortage_multiple": 2}
    return case(sectors=sectors, supply=STORE, **embargo(first_year=2027), **sheets)


def test_a_point_of_coverage_costs_what_must_be_held_for_it() -> None:
    """A point of 6 t is 0.06 t: 6 thousand USD of stock less 0.1 x 200 x 0.06 of shortage: 4.8. Up to all of it, and down to none, with nothing in store."""
    of = priced(promised(0.5), "coverage", "Dy", "civil")

    assert of.more
    assert of.less
    assert (of.more.price * 0.01, of.less.price * 0.01) == near((4.8, -4.8))
    assert (of.more.until, of.less.until) == near((1, 0))
    assert of.worth == near(4.8)
    assert (of.more.step, of.less.step) == near((4.8, -4.8))


def test_all_of_the_demand_cannot_be_covered_more() -> None:
    of = priced(promised(1), "coverage", "Dy", "civil")

    assert of.more is None
    assert of.less
    assert of.less.price * 0.01 == near(-4.8)


def test_a_corner_has_two_prices() -> None:
    """Chile has 3 t a year for the stockpile, and a dearer offer at 150 the rest: half of 6 t is just what the first has.

    More is bought at 150: 0.06 x (150 - 20) = 7.8 a point. Less saves 0.06 x (100 - 20) = 4.8. Each holds to its end.
    """
    offers = [
        STORE[0],
        {**STORE[1], "capacity": 3},
        {"offer": "dear", "country": "Chile", "material": "Dy", "buyer": "stockpile", "price": 150},
    ]
    sectors = {"sector": "civil", "coverage": 0.5, "cover_months": 6, "shortage_multiple": 2}
    of = priced(case(sectors=sectors, supply=offers, **embargo(first_year=2027)), "coverage", "Dy", "civil")

    assert of.more
    assert of.less
    assert (of.more.price * 0.01, of.less.price * 0.01) == near((7.8, -4.8))
    assert (of.more.until, of.less.until) == near((1, 0))


def test_a_price_that_ends_near_is_found_and_a_step_goes_past_it() -> None:
    """As before, with 0.0003 t more of the first offer: 4.8 a point as far as 3.0003 of 6 t. A step of 0.06 t costs 0.0003 x 80 + 0.0597 x 130 = 7.785."""
    offers = [{**STORE[1], "capacity": 3.0003}, {"offer": "dear", "country": "Chile", "material": "Dy", "buyer": "stockpile", "price": 150}]
    sectors = {"sector": "civil", "coverage": 0.5, "cover_months": 6, "shortage_multiple": 2}
    of = priced(case(sectors=sectors, supply=[STORE[0], *offers], **embargo(first_year=2027)), "coverage", "Dy", "civil")

    assert of.more
    assert of.more.price * 0.01 == near(4.8)
    assert of.more.until == near(3.0003 / 6)
    assert of.more.step == near(7.785)


def test_what_holds_until_another_limit_is_met() -> None:
    """With 4 t a year to buy at most, 4/6 of the demand can be covered; beyond no plan exists."""
    of = priced(promised(0.5, materials={"material": "Dy", "price": 100, "purchase_limit": 4}), "coverage", "Dy", "civil")

    assert of.more
    assert of.more.until == near(4 / 6)
    assert of.more.beyond == NO_PLAN
    assert of.more.met
    assert (of.more.met.name, of.more.met.index, of.more.met.upper) == ("purchase_limit", ("Dy", 0), True)


def test_a_plant_of_the_teaching_case_is_worth_what_is_worked_out_by_hand() -> None:
    """README: a t/yr gains 39.166 thousand USD, until 60 t of neodymium come of it at 0.9 t each: 66.67 t/yr; less holds down to none."""
    of = priced(load_shipped("tutorial"), "capacity_limit", "Separation")

    assert of.more
    assert of.less
    assert (of.more.price, of.less.price) == near((-39.166, 39.166))
    assert (of.more.until, of.less.until) == near((60 / 0.9, 0))
    assert of.less.beyond == OUT_OF_BOUNDS


def test_a_crisis_period_of_cover_is_a_step() -> None:
    """Half of 3 t a quarter: three months less are 1.5 t that need not be held, each 100 less 0.1 x 200 of shortage: 120. The cutoff ends after six months: more moves nothing."""
    of = priced(promised(0.5), "cover_months", "civil")

    assert of.more
    assert of.less
    assert (of.less.step, of.more.step) == near((-120, 0))
    assert (of.less.until, of.less.price) == near((3, -40))
    assert of.less.bent


def test_a_point_of_a_share_cap_is_a_step() -> None:
    """A point of 12 t a year for two years comes from Chile at 130 in place of China at 100: 0.24 x 30 = 7.2."""
    offers = [{"offer": x, "country": x, "material": "Dy", "price": price} for x, price in (("China", 100), ("Chile", 130))]
    of = priced(case(supply=offers, share_caps={"material": "Dy", "country": "China", "cap": 0.65}), "cap", "Dy", "China")

    assert of.more
    assert of.less
    assert (of.more.step, of.less.step) == near((-7.2, 7.2))


def test_steps_of_a_case_that_uses_every_sheet_are_those_of_the_changed_case() -> None:
    of = every_sheet()
    solved = solve_case(of)
    assert solved.session is not None
    trial = Trial(solved.session, solved.session.program, solved.session.basis, solved.session.solve())
    found = [trial.stepped(step) for step in steps(Places(solved, solved.session.program))]

    assert {p.limit.column for p in found if p} == {"cover_months", "cap"}
    for p in filter(None, found):
        for sign, side in ((1, p.more), (-1, p.less)):
            there = make_plan(changed(of, p.limit, p.limit.value + sign * p.limit.step), any_optimum=True)
            assert (side is None) == (there.status is not Status.OPTIMAL)
            if side:
                assert side.step == near((there.objective or 0.0) - (solved.plan.objective or 0.0))


def test_cover_ends_where_it_meets_the_limit_of_stock() -> None:
    """1.5 t last 45.625 days of 12 t a year; more cannot be held, and no plan holds it: nor less room than the 30 days, 0.986 t, that must be held."""
    reserve = {**STORE[1], "first_year": 2027}
    materials = {"material": "Dy", "price": 100, "stock_limit": 1.5, "min_cover": 30}
    sectors = {"sector": "civil", "shortage_multiple": 2}
    cover = case({"ready_by": 24}, materials=materials, sectors=sectors, supply=[STORE[0], reserve], **embargo(first_year=2027))
    room = case({"ready_by": 24, "horizon": 4}, materials=materials, supply=[STORE[0], reserve], **embargo(first_year=2027))
    more, less = priced(cover, "min_cover", "Dy"), priced(room, "stock_limit", "Dy")

    assert more.more
    assert more.more.until == near(1.5 / 12 * 365)
    assert more.more.beyond == NO_PLAN
    assert make_plan(changed(cover, more.limit, 46)).status is Status.INFEASIBLE
    assert less.less
    assert less.less.until == near(30 * 12 / 365)
    assert less.less.beyond == NO_PLAN
    assert make_plan(changed(room, less.limit, 0.98)).status is Status.INFEASIBLE


def test_what_nothing_hangs_on_is_not_listed() -> None:
    """A limit that is not reached, and promises that the price of shortage keeps anyway."""
    dear = case(sectors={"sector": "civil", "coverage": 0.5, "cover_months": 6, "shortage_multiple": 50}, supply=STORE, **embargo(first_year=2027),
                materials={"material": "Dy", "price": 100, "purchase_limit": 50})  # fmt: skip

    assert prices(solve_case(dear)).priced == ()


def test_the_session_is_left_as_it_was() -> None:
    solved = solve_case(promised(0.5))
    prices(solved)

    assert solved.session is not None
    assert solved.session.solve().objective == near(solved.plan.objective)


def load_shipped(name: str) -> Case:
    """A shipped case."""
    found = parse(shipped_grids(name)).case
    assert found is not None
    return found


def sides(of: Priced) -> list[tuple[int, Side]]:
    """The sides that there are, with their signs."""
    return [(sign, side) for sign, side in ((1, of.more), (-1, of.less)) if side]


def program(of: Case) -> Program:
    """The program of a case."""
    found = compile_model(build(of))
    assert found is not None
    return found


def test_limits_move_the_program_as_the_changed_case_does() -> None:
    """Of a case that uses every sheet: each number one step up gives the program of the case in which it is so, side by side."""
    of = every_sheet()
    solved = solve_case(of)
    assert solved.session is not None
    found = limits(solved, solved.session.program)

    assert {(limit.sheet, limit.column) for limit in found} >= {
        ("demand", "coverage"), ("sectors", "coverage"), ("settings", "storage_limit"), ("budget", "amount"), ("floors", "share"),
        ("capacity_floors", "capacity"), ("pins", "at_least"), ("pins", "at_most"), ("supply", "capacity"), ("plants", "capacity_limit"), ("thrift", "limit"),
        *(("materials", column) for column in ("purchase_limit", "stock_limit", "release_limit", "surplus_limit", "min_cover")),
    }  # fmt: skip
    for limit in found:
        moved = shifted(solved.session.program, limit.shifts, limit.step)
        expected = program(changed(of, limit, limit.value + limit.step))
        for side in ("low", "high", "row_low", "row_high"):
            assert np.allclose(getattr(moved, side), getattr(expected, side), rtol=1e-9, atol=1e-9), (limit, side)


@pytest.mark.parametrize("number", [1, 3, 5, 6, 11, 14, 16, 24, 25, 29, 35, 36])
def test_prices_of_random_cases_are_those_of_the_changed_cases(number: int) -> None:
    """Inside its range and at its end what more or less costs is the price; beyond it, more is dearer, or no plan exists. These cases have limits with a price."""
    of = random_case(number)[0]
    solved = solve_case(of, any_optimum=True)
    base = solved.plan.objective or 0.0
    priced = [(found.limit, *side) for found in prices(solved).priced for side in sides(found)]

    assert priced
    for limit, sign, side in priced:
        confirm(of, limit, sign, side, base)


def confirm(of: Case, limit: Limit, sign: int, side: Side, base: float) -> None:
    """A side of a price against plans of changed cases."""
    end = abs(side.until - limit.value)
    width = end if side.bent else min(end, max(5 * limit.step, limit.value))
    for share in (1.0,) if side.bent else (0.3, 1.0):
        there = make_plan(changed(of, limit, limit.value + sign * share * width), any_optimum=True)
        assert (there.objective or 0.0) - base == pytest.approx(side.price * share * width, rel=1e-5, abs=2e-8 * max(1.0, abs(base)))
    assert not side.bent or side.step is None or side.price * limit.step == near(side.step)
    past = end + 0.06 * max(limit.step, 1e-3)
    if math.isfinite(side.until) and side.beyond != OUT_OF_BOUNDS and not side.at_least and not side.bent and limit.room(sign) > past:
        there = make_plan(changed(of, limit, limit.value + sign * past), any_optimum=True)
        assert side.beyond != NO_PLAN or there.status is Status.INFEASIBLE
        assert there.status is Status.INFEASIBLE or (there.objective or 0.0) - base > side.price * past


@pytest.mark.parametrize("case_name", ["us-2026"])
def test_prices_of_the_shipped_case_are_those_of_the_changed_case(case_name: str) -> None:
    of = load_shipped(case_name)
    solved = solve_case(of, any_optimum=True)
    found = prices(solved).priced
    rules = [p for p in found if not p.limit.fact and sides(p)]
    base = solved.plan.objective or 0.0

    assert len(found) >= 15
    for p in rules[:2]:
        sign, side = sides(p)[-1]
        there = make_plan(changed(of, p.limit, side.until), any_optimum=True)
        assert (there.objective or 0.0) - base == pytest.approx(side.price * abs(side.until - p.limit.value), rel=1e-3)
        assert sign < 0


NO_PLANT: dict[str, Any] = {"plants": [], "modes": [], "recipes": []}


@pytest.mark.parametrize(
    ("sheets", "column", "less"),
    [
        ({"materials": [{"material": "Dy", "purchase_limit": 5}]}, "purchase_limit", 4.99),
        ({"budget": [{"year": 2026, "amount": 10.2}], **NO_PLANT}, "amount", 10.19),
    ],
)
def test_a_limit_that_is_just_enough_is_followed_though_more_of_it_saves_nothing(sheets: dict[str, Any], column: str, less: float) -> None:
    """The promise of the teaching case takes 5 t Dy of 2026; without the plant 60 t Nd at 100 and 10 t Dy at 400, held for 0.02 of it: 10 and 0.2 M USD. No plan keeps it with less."""
    of = teaching(**sheets)
    (found,) = [p for p in prices(solve_case(of)).priced if p.limit.column == column]

    assert make_plan(changed(of, found.limit, less)).status is Status.INFEASIBLE
    assert found.less is None
    assert found.more
    assert found.more.price == near(0)


def test_a_limit_that_is_just_enough_says_what_less_of_it_costs() -> None:
    """100 t of Australia's are all that a cutoff takes: a t/yr less is a tonne in store, 100 + 5.42 - 48.6 less the 0.19 x 100 that Australia's costs: 37.82."""
    of = teaching(supply=[{"offer": "Nd Australia", "capacity": 100}], **NO_PLANT)
    (found,) = [p for p in prices(solve_case(of)).priced if p.limit.names[0] == "Nd Australia"]

    assert found.more
    assert found.less
    assert (found.more.price, found.less.price) == near((0, 37.82))


def test_cover_that_no_plan_can_have_longer_is_followed() -> None:
    """3 t may be bought, half of two quarters of 3 t each, and at 50 times the price are, whatever is promised: a quarter more would take 4.5 t."""
    sectors = {"sector": "civil", "coverage": 0.5, "cover_months": 6, "shortage_multiple": 50}
    materials = {"material": "Dy", "price": 100, "purchase_limit": 3}
    of = priced(case(materials=materials, sectors=sectors, supply=STORE, **embargo(12, first_year=2027)), "cover_months", "civil")

    assert of.more is None
    assert of.less
    assert of.less.step == near(0)
