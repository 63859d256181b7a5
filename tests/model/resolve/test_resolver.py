"""The points of a sweep: whatever comes before, a case has the answer that it has alone."""

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations, islice
from typing import Any

import highspy
import numpy as np
import pytest
from scipy.sparse import csc_array, csr_array

from inputs.case import Case
from inputs.change import drafted, parse_change
from inputs.workbook import parse
from model.build import build
from model.data.compute import compute
from model.growth import TreeError
from model.parameters import PARAMETERS
from model.plan import make_plan
from model.resolve.extract import extract
from model.resolve.parametric import REMEMBERED, remembered
from model.resolve.resolver import How, Resolver
from model.solver.program import Answer, Status
from tests.kit.cases import load_case
from tests.kit.faults import sound
from tests.kit.small import case as small_case
from tests.kit.small import every_sheet

CHANGES = (
    "materials[Dy].price*=1.7", "materials[Dy].stock_limit=0", "materials[Dy].stock_limit=0.001", "materials[Dy].purchase_limit=1", "materials[Nd].rotation_rate=0.1", "demand[Dy].demand*=2",
    "demand.demand*=0.5", "sectors[defense].coverage=0", "sectors[defense].coverage=1", "supply[Dy reserve].capacity=0", "supply[Dy China].capacity=no limit",
    "supply[ore].last_year=2027", "plants[works].capacity_limit=0", "plants[works].capex*=3", "plants[works].lead_time=12", "plants[loop].opening_capacity=0",
    "recipes[loop].quantity=0.4", "cutoffs[ban].annual_probability=0.3", "cutoffs[ban].protected=no", "durations[ban,12].probability=0.2",
    "losses[ban].supply_lost=1", "thrift[less Dy].limit=0.5", "budget.amount*=0.2", "budget.amount=0", "floors.share=0.9", "capacity_floors.capacity=500",
    "settings.discount_rate=0.1", "settings.ready_by=12", "settings.storage_limit=20", "settings.risk_weight=0.3", "settings.count_tariffs=no",
    "settings.crisis_orders=no", "settings.horizon=3", "settings.crisis_period=6", "settings.length_known=yes",
)  # fmt: skip


def sound_case() -> Case:
    case = parse(sound()).case
    assert case is not None
    return case


def walk(case: Case, seed: int, steps: int) -> list[Case]:
    """Cases that each differ from the case in up to three changes, many of another structure and some without a plan."""
    chance = random.Random(seed)
    found = []
    for _ in range(steps):
        texts = chance.sample(CHANGES, chance.choice((0, 1, 1, 2, 3)))
        found.append(drafted(case, [parse_change(text, case) for text in texts]).result())
        if chance.random() < 0.4:  # meet the structure a second time
            found.append(drafted(found[-1], [parse_change("materials[Dy].price*=1.1", found[-1])]).result())
    return found


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_walk_over_structures_gives_what_each_case_gives_alone(seed: int) -> None:
    """Numbers, sets, impossible floors, infeasible cases and back: status and objective to 1e-8."""
    solver, met = Resolver(), set()
    for case in walk(sound_case(), seed, 25):
        point, plan = solver.solve(case), make_plan(case)
        met.add(point.how)

        assert point.status is plan.status
        assert point.objective == (None if plan.objective is None else pytest.approx(plan.objective, rel=1e-8))
        if plan.objective is not None:
            assert sum(point.costs.values()) + plan.risk == pytest.approx(plan.objective, rel=1e-8)
    assert met >= {How.WARM, How.FIRST, How.REBUILT}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4, 8))
def test_data_that_follow_one_another_are_data_computed_afresh(seed: int) -> None:
    """Step after step, there and back: what is kept of one case is right for the next."""
    last = compute(sound_case())
    for case in walk(sound_case(), seed, 40):
        last, fresh = compute(case, last), compute(case)

        assert dict(last.sets) == dict(fresh.sets)
        assert last.index_maps == fresh.index_maps
        assert [name for name in fresh.values if not np.array_equal(last.values[name], fresh.values[name])] == []
        assert last.impossible == fresh.impossible


def matrix_in(lp: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The coefficients in HiGHS, which leaves out zeros and may keep them by rows."""
    found = lp.a_matrix_
    by_columns = found.format_ == highspy.MatrixFormat.kColwise
    kind = csc_array if by_columns else csr_array
    matrix = kind((found.value_, found.index_, found.start_), shape=(lp.num_row_, lp.num_col_))
    return np.asarray(matrix.toarray())


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8, 12))
def test_highs_holds_the_program_of_the_case(seed: int) -> None:
    """What the formulas say has moved is all that has: costs, bounds and coefficients in HiGHS are those of the case computed alone."""
    solver, compared = Resolver(), 0
    for case in walk(sound_case(), seed, 40):
        if solver.solve(case).how is not How.WARM or solver.session is None or solver.session.crossed:
            continue
        assert solver.parametric is not None
        assert solver.data is not None
        if solver.data.impossible:  # HiGHS is not asked
            continue
        alone, lp = solver.parametric.program(solver.parametric.numbers(compute(case))), solver.session.highs.getLp()
        compared += 1

        assert np.array_equal(lp.col_cost_, alone.cost)
        assert np.array_equal(lp.col_lower_, np.minimum(alone.low, alone.high))
        assert np.array_equal(lp.col_upper_, alone.high)
        assert np.array_equal(lp.row_lower_, alone.row_low)
        assert np.array_equal(lp.row_upper_, alone.row_high)
        assert np.array_equal(matrix_in(lp), alone.matrix.toarray())
        assert lp.offset_ == alone.offset
    assert compared >= 5


def test_an_answer_that_does_not_pass_the_check_is_solved_from_scratch() -> None:
    """HiGHS is made to give a plan that is off by a tonne: the check notices, and the point is solved again."""
    solver, case = Resolver(), sound_case()
    solver.solve(case)
    session = solver.session
    assert session is not None
    answers, run = [], session.run

    def off_at_first() -> Answer:
        answer = run()
        answers.append(answer)
        return replace(answer, x=answer.x + 1) if len(answers) == 1 else answer

    session.run = off_at_first  # type: ignore[method-assign]
    dearer = drafted(case, [parse_change("materials[Dy].price*=1.1", case)]).result()
    point = solver.solve(dearer)

    assert (point.how, len(answers)) == (How.COLD, 2)
    assert point.objective == pytest.approx(make_plan(dearer).objective, rel=1e-9)


def test_bounds_that_cross_leave_no_trace() -> None:
    """Of Dy 5 days must be held, and 0.001 t may: HiGHS is not told. What is told next is all that differs from what it holds."""
    solver, case = Resolver(), sound_case()
    texts = (
        "materials[Dy].stock_limit=60",
        "materials[Dy].stock_limit=0.001",
        "plants[works].capex*=3",
        "materials[Dy].stock_limit=0.001",
        "demand.demand*=0.9",
    )
    for text in texts:
        changed = drafted(case, [parse_change(text, case)]).result()
        point, plan = solver.solve(changed), make_plan(changed)

        assert (point.status is Status.INFEASIBLE) == text.endswith("=0.001")
        assert point.status is plan.status
        assert point.objective == (None if plan.objective is None else pytest.approx(plan.objective, rel=1e-8))


def test_a_horizon_below_a_period_is_refused_in_words() -> None:
    case = sound_case()
    with pytest.raises(TreeError, match=r"the horizon \(0\.4 years\) is shorter than a period \(12 months\)"):
        Resolver().solve(case.with_setting("horizon", 0.4))


@pytest.mark.parametrize("text", CHANGES)
def test_data_that_follow_are_data_computed_afresh(text: str) -> None:
    """Sets, numbers and links; the sets are the same object exactly where they are equal."""
    case = sound_case()
    last = compute(case)
    changed = drafted(case, [parse_change(text, case)]).result()
    followed, fresh = compute(changed, last), compute(changed)

    assert dict(followed.sets) == dict(fresh.sets)
    assert followed.index_maps == fresh.index_maps
    assert all(np.array_equal(followed.values[name], fresh.values[name]) for name in fresh.values)
    assert followed.impossible == fresh.impossible
    assert (followed.sets is last.sets) == (dict(fresh.sets) == dict(last.sets) and followed.index_maps == last.index_maps)


@pytest.mark.parametrize(
    ("sheet", "column", "value"), [("supply", "country", "Japan"), ("plants", "kind", "recycling"), ("demand", "sector", "civil")]
)
def test_names_that_change_are_followed_too(sheet: str, column: str, value: str) -> None:
    case = sound_case()
    frame = case[sheet].copy()
    frame.loc[frame.index[0], column] = value
    if sheet == "demand":
        frame = frame.iloc[[0, 2]]
    changed = case.with_frame(sheet, frame)
    followed, fresh = compute(changed, compute(case)), compute(changed)

    assert dict(followed.sets) == dict(fresh.sets)
    assert followed.index_maps == fresh.index_maps


def after(first: Callable[[Case], Case], case: Case) -> Resolver:
    solver = Resolver()
    solver.solve(case)
    solver.solve(first(case))
    return solver


def test_an_impossible_floor_leaves_no_trace() -> None:
    """Half of the demand for ore from recycling cannot be; without that floor the plan is that of the case alone."""

    def impossible(case: Case) -> Case:
        return case.with_frame("floors", case["floors"].assign(material="ore", share=0.5))

    case = sound_case()
    demand = case["demand"].copy()
    demand.loc[demand.index[2], "material"] = "ore"
    base = case.with_frame("demand", demand)
    solver = after(impossible, base)

    assert solver.solve(impossible(base)).status is Status.INFEASIBLE
    assert solver.solve(base).objective == pytest.approx(make_plan(base).objective, rel=1e-9)


@pytest.mark.slow
def test_the_time_limit_is_each_points_own() -> None:
    """HiGHS counts the time of all its runs; forty points do not use up the limit of one."""
    case = load_case("reference-36")
    solver = Resolver(time_limit=0.5)
    factors = np.linspace(0.8, 1.2, 40)
    statuses = {solver.solve(case.with_frame("demand", case["demand"].assign(demand=case["demand"]["demand"] * f))).status for f in factors}

    assert Status.STOPPED not in statuses


def test_no_time_at_all_stops_a_point() -> None:
    assert Resolver(time_limit=0.0).solve(load_case("reference-36")).status is Status.STOPPED


def test_a_case_with_every_sheet_is_followed() -> None:
    case = every_sheet()
    solver = Resolver()
    for factor in (1.0, 1.1, 0.9):
        changed = case.with_frame("materials", case["materials"].assign(price=case["materials"]["price"] * factor))

        assert solver.solve(changed).objective == pytest.approx(make_plan(changed).objective, rel=1e-8)


def test_what_is_remembered_of_changes_is_bounded_and_gives_the_same_bits() -> None:
    """Of 70 sets of parameters that change together the last 64 are remembered; the program itself keeps nothing."""
    of = every_sheet()
    data = compute(of)
    parametric = extract(build(data, mutable=True))
    changed = compute(drafted(of, [parse_change("settings.discount_rate*=1.1", of)]).result(), data)
    numbers, depending = parametric.numbers(data), remembered(parametric)
    before = list(vars(parametric))
    for sets in islice(combinations([p.name for p in PARAMETERS], 2), REMEMBERED + 6):
        depending(frozenset(sets))

    assert depending.cache_info().currsize == REMEMBERED  # type: ignore[attr-defined]
    assert np.array_equal(parametric.updated(numbers, changed, data, depending)[0], parametric.numbers(changed))
    assert list(vars(parametric)) == before


def test_a_case_without_demand_has_a_point_and_no_price_of_coverage() -> None:
    """Nobody needs anything, and the cost is that of holding 2 t for two years at 1 %: 4 thousand USD."""
    base = small_case(materials={"material": "Dy", "price": 100, "opening_stock": 2, "holding_rate": 0.01}, demand=[])
    resolver = Resolver()
    first, second = resolver.solve(base), resolver.solve(base.with_setting("discount_rate", 0.0))

    assert first.objective == pytest.approx(4)
    assert first.coverage_prices == {"civil": 0.0}
    assert second.objective == pytest.approx(4)
