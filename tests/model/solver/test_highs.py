"""Solving: statuses, residuals and duals of one program on HiGHS."""

import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import highspy
import numpy as np
import pyomo.environ as pyo
import pytest

from inputs.apply import apply
from inputs.change import parse_change
from inputs.extras import MissingExtra, missing
from model.build import build
from model.plan import make_plan
from model.resolve.resolver import How, Resolver
from model.solver.compile import compile_model
from model.solver.highs import Session, SolverError
from model.solver.optimality import check_optimality
from model.solver.program import Answer, Program, Solver, Status
from tests.kit.cases import expected, load_case, names
from tests.kit.house import HOUSE
from tests.kit.kill_sweep import heed_ctrl_c
from tests.kit.small import case, embargo, every_sheet, near, plan_of

OPTIMAL = [name for name in names() if expected(name)[0] == "optimal"]
NO_HIPO = pytest.mark.skipif(bool(missing("large")), reason=missing("large"))
CIVIL = {"material": "Dy", "sector": "civil", "demand": 12}


def by_hand(**changes: Any) -> Program:
    """
    Least x + 2 y + 10 with x + y >= 3, x <= 2 and both >= 0: x = 2 and y = 1, at 14. A unit more to cover costs 2 (of y), a unit
    more room for x saves 1.
    """
    arrays = {
        "cost": np.array([1.0, 2.0]),
        "offset": 10.0,
        "low": np.array([0.0, 0.0]),
        "high": np.array([2.0, np.inf]),
        "row_low": np.array([3.0]),
        "row_high": np.array([np.inf]),
        "starts": np.array([0, 1, 2], dtype=np.int32),
        "indices": np.array([0, 0], dtype=np.int32),
        "entries": np.array([1.0, 1.0]),
        "columns": ["x", "y"],
        "rows": ["enough"],
    }
    return Program(**{**arrays, **changes})


def solved(name: str) -> tuple[Program, Answer, pyo.ConcreteModel]:
    m = build(load_case(name))
    program = compile_model(m)
    assert program is not None
    return program, Session(program).solve(), m


def outside(values: Any, low: Any, high: Any) -> float:
    """The largest violation, relative to the size of a value."""
    return float((np.maximum(low - values, values - high) / np.maximum(1, np.abs(values))).max(initial=0))


def test_a_program_by_hand_has_its_optimum_and_duals() -> None:
    answer = Session(by_hand()).solve()

    assert answer.status is Status.OPTIMAL
    assert answer.objective == near(14)
    assert answer.x.tolist() == near([2, 1])
    assert answer.row_dual.tolist() == near([2])


@pytest.mark.parametrize(
    ("x", "y", "wrong"),
    [
        ([2.0, 1.0], 2.0, set()),
        ([3.0, 0.0], 2.0, {"primal"}),
        ([2.0, 0.5], 2.0, {"primal"}),
        ([2.0, 1.0], -1.0, {"dual"}),
        ([2.0, 1.0], 3.0, {"dual"}),
        ([0.0, 3.0], 2.0, {"slackness", "gap"}),
        ([2.0, 1.0], 1.0, {"slackness", "gap"}),
        ([2.0 - 1e-7, 1.0 + 1e-7], 2.0, {"gap"}),
    ],
)
def test_what_is_not_optimal_is_found(x: list[float], y: float, wrong: set[str]) -> None:
    """Past x's bound; short of the row; a price on the side that has no bound, of the row or (2 - 3 < 0) of y; feasible but dearer; a price too low."""
    found = check_optimality(by_hand(), Answer(Status.OPTIMAL, 14.0, np.array(x), np.array([y])))

    assert {what for what in ("primal", "dual", "slackness", "gap") if getattr(found, what) > 1e-9} >= wrong
    assert found.ok is (not wrong)


def test_a_price_on_a_bound_that_is_not_there_proves_nothing() -> None:
    """With x + y >= 2, x = 2 and y = 0 cost 12. At a price of 3 for the row y should go below any cost (2 - 3 < 0), though slackness and gap are 0."""
    found = check_optimality(by_hand(row_low=np.array([2.0])), Answer(Status.OPTIMAL, 12.0, np.array([2.0, 0.0]), np.array([3.0])))

    assert (found.primal, found.slackness, found.gap) == near((0, 0, 0))
    assert found.dual > 0.1
    assert not found.ok


def off(times: int) -> Callable[[Session], Answer]:
    """HiGHS's run, made to give a plan that is off by a tonne so many times."""
    run, left = Session.run, [times]

    def spoilt(session: Session) -> Answer:
        answer = run(session)
        left[0] -= 1
        return replace(answer, x=answer.x + 1) if left[0] >= 0 and answer.status is Status.OPTIMAL else answer

    return spoilt


def test_an_answer_from_scratch_that_is_not_optimal_is_sought_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """x = 3 and y = 2 are no answer: the second try gives x = 2 and y = 1, and says that it was one."""
    monkeypatch.setattr(Session, "run", off(1))
    answer = Session(by_hand()).solve()

    assert (answer.status, answer.restarted) == (Status.OPTIMAL, True)
    assert answer.x.tolist() == near([2, 1])


def test_a_second_answer_that_is_not_optimal_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks (a plan, the first of a series, another structure, a re-solve) is told that there is no answer, and by how much that of the solver fails."""
    solver, usual = Resolver(), case(**embargo())
    assert solver.solve(usual).status is Status.OPTIMAL
    dearer = case(materials={"material": "Dy", "price": 110}, **embargo())
    longer = case({"horizon": 3}, **embargo())

    def spoilt(ask: Callable[[], Any]) -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(Session, "run", off(2))
            return ask()

    plan = spoilt(lambda: make_plan(usual))
    points = [spoilt(lambda: Resolver().solve(usual)), spoilt(lambda: solver.solve(dearer)), spoilt(lambda: solver.solve(longer))]

    assert (plan.status, plan.objective) == (Status.UNSOLVED, None)
    assert "its answer is not optimal: limits are missed by" in plan.message
    assert [point.how for point in points] == [How.FIRST, How.COLD, How.REBUILT]
    assert [(point.status, point.message[:25]) for point in points] == [(Status.UNSOLVED, "its answer is not optimal")] * 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"cost": np.array([1.0, np.nan])},
        {"entries": np.array([1.0, np.nan])},
        {"low": np.array([np.nan, 0.0])},
        {"row_low": np.array([np.nan])},
    ],
)
def test_a_number_that_is_none_is_refused(wrong: dict[str, Any]) -> None:
    """Given at first or as a change; HiGHS itself calls a program with a cost of NaN optimal, at an objective of NaN."""
    session = Session(by_hand())

    with pytest.raises(SolverError, match="the solver"):
        Session(by_hand(**wrong))
    with pytest.raises(SolverError, match="the solver"):
        session.change(by_hand(**wrong))


def test_what_highs_refuses_is_an_error() -> None:
    """Three columns of a basis do not fit two."""
    session, other = Session(by_hand()), Session(by_hand())
    session.solve()
    basis = session.basis
    basis.col_status = [*basis.col_status, basis.col_status[0]]

    with pytest.raises(SolverError, match="setBasis"):
        other.set_basis(basis)


def test_solving_again_gives_the_same() -> None:
    session = Session(by_hand())

    assert session.solve().objective == session.solve().objective == near(14)


@pytest.mark.parametrize("name", OPTIMAL)
def test_an_optimum_is_feasible_and_equal_to_its_dual(name: str) -> None:
    """
    With row duals y and column duals z = cost - A'y, each paid at the side that binds (the lower if positive, the upper if negative),
    y'row + z'bound + offset is a lower bound on the objective: where it is reached, the answer is the optimum.
    """
    program, answer, _ = solved(name)
    columns = np.repeat(np.arange(len(program.cost)), np.diff(program.starts))
    activity = np.bincount(program.indices, program.entries * answer.x[columns], minlength=len(program.row_low))
    priced = np.bincount(columns, program.entries * answer.row_dual[program.indices], minlength=len(program.cost))
    reduced = program.cost - priced
    scale = max(1.0, abs(answer.objective or 0))

    def paid(dual: Any, low: Any, high: Any) -> float:
        binding = np.where(dual > 0, low, high)
        finite = np.isfinite(binding)
        assert np.abs(dual[~finite]).max(initial=0) <= 1e-6
        return float(dual[finite] @ binding[finite])

    assert answer.status is Status.OPTIMAL
    assert outside(activity, program.row_low, program.row_high) <= 1e-6
    assert outside(answer.x, program.low, program.high) <= 1e-6
    assert float(program.cost @ answer.x) + program.offset == pytest.approx(answer.objective, rel=1e-9, abs=1e-9 * scale)
    dual = paid(answer.row_dual, program.row_low, program.row_high) + paid(reduced, program.low, program.high) + program.offset
    assert dual == pytest.approx(answer.objective, rel=1e-6, abs=1e-6 * scale)


def test_the_dual_of_a_balance_is_what_a_tonne_more_costs() -> None:
    """A tonne more of demand in the first year is bought at 100, in the embargo (0.1) it is short at 1000: duals of the market balance of 100 and 0.1 * 1000."""
    m = build(case(**embargo(months=3, chance=0.1)))
    program = compile_model(m)
    assert program is not None
    answer = Session(program).solve()
    dual = {c.name: value for c, value in zip(program.rows, answer.row_dual, strict=True)}

    assert abs(dual["market_balance[Dy,0]"]) == near(100)
    assert abs(dual["market_balance[Dy,2]"]) == near(100)
    assert abs(dual["market_balance[Dy,1]"]) == near(0.9 * 100)


def test_no_plan_meets_what_rows_forbid_together() -> None:
    """All demand covered for 6 months, but nobody sells to the stockpile: infeasible, and nothing is given."""
    plan = make_plan(case(sectors={"sector": "civil", "coverage": 1, "cover_months": 6}, demand=CIVIL, **embargo()))

    assert plan.status is Status.INFEASIBLE
    assert plan.objective is None
    assert plan.rows > 0
    assert not plan.values


def test_bounds_that_cross_are_infeasible() -> None:
    """10 t of cover do not fit under a limit of 5 t: the bounds of one variable cross, which HiGHS would refuse."""
    held = case({"horizon": 1}, materials={"material": "Dy", "price": 100, "min_cover": 365, "stock_limit": 5})
    plan = make_plan(held)

    assert plan.status is Status.INFEASIBLE
    assert Session(by_hand(low=np.array([3.0, 0.0]))).solve().status is Status.INFEASIBLE


def test_a_floor_that_nobody_can_meet_is_infeasible_without_a_solver() -> None:
    """A constraint without variables that cannot hold: no program, and so no columns or rows."""
    without = case(floors={"material": "Dy", "origin": "recycled", "share": 0})
    floor = apply(without, [parse_change("floors[Dy,recycled].share=0.5", without)])
    plan = make_plan(floor)

    assert compile_model(build(floor)) is None
    assert plan.status is Status.INFEASIBLE
    assert (plan.columns, plan.rows) == (0, 0)


def test_money_without_end_is_unbounded() -> None:
    """Bought at 100 without limit and sold as surplus at 150 without limit."""
    plan = make_plan(case(materials={"material": "Dy", "price": 100, "surplus_cost": -150}))

    assert plan.status is Status.UNBOUNDED
    assert plan.objective is None


def test_what_is_infeasible_and_would_be_unbounded_is_infeasible() -> None:
    """Money without end for one material, cover that cannot be held of another."""
    plan = make_plan(
        case(
            materials=[{"material": "Dy", "price": 100, "surplus_cost": -150}, {"material": "Tb", "price": 300, "min_cover": 365}],
            demand=[CIVIL, {"material": "Tb", "sector": "civil", "demand": 1}],
        )
    )

    assert plan.status is Status.INFEASIBLE


def test_unbounded_is_told_from_infeasible() -> None:
    """Presolve may leave it open; without costs the one has an optimum (y may fall without end), the other (x + y >= 9, x <= 2, y <= 3) has none."""
    unbounded = by_hand(cost=np.array([1.0, -2.0]))
    infeasible = by_hand(high=np.array([2.0, 3.0]), row_low=np.array([9.0]))

    assert Session(unbounded).unbounded_or_infeasible() == highspy.HighsModelStatus.kUnbounded
    assert Session(infeasible).unbounded_or_infeasible() == highspy.HighsModelStatus.kInfeasible
    assert Session(unbounded).solve().status is Status.UNBOUNDED
    assert Session(infeasible).solve().status is Status.INFEASIBLE


def test_out_of_time_is_stopped_and_says_so() -> None:
    plan = make_plan(load_case("reference-36"), time_limit=0.0)

    assert plan.status is Status.STOPPED
    assert plan.objective is None
    assert "ime limit" in plan.message


@pytest.mark.parametrize("solver", [Solver.SIMPLEX, Solver.IPM, pytest.param(Solver.HIPO, marks=NO_HIPO)])
def test_every_solver_finds_the_same_optimum_and_passes_the_check(solver: Solver) -> None:
    """An interior point is crossed over to a basis, from which prices are exact; two threads change nothing."""
    sought, found = make_plan(every_sheet()), make_plan(every_sheet(), solver=solver, threads=2)

    assert (sought.status, found.status) == (Status.OPTIMAL, Status.OPTIMAL)
    assert found.objective == near(sought.objective)


def test_hipo_that_is_not_installed_is_named_with_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "highspy_extras", None)

    with pytest.raises(MissingExtra, match=r'pip install "\.\[large\]"'):
        Session(by_hand(), solver=Solver.HIPO)


def test_time_enough_is_no_limit() -> None:
    assert make_plan(every_sheet(), time_limit=60).status is Status.OPTIMAL


def test_a_plan_tells_its_size_and_its_stages() -> None:
    told: list[str] = []
    plan = make_plan(case(), progress=told.append)

    assert told == ["build", "compile", "solve", "choose", "collect"]
    assert list(plan.seconds) == told
    assert plan.columns == sum(len(values) for values in plan.values.values())
    assert plan.rows == 4  # a stock and a market balance for each of two years
    assert plan.nonzeros > 0


def test_values_are_those_of_the_answer() -> None:
    """What the solver found stands under its own index: the plan's objective is that of its quantities."""
    plan = plan_of(**embargo(months=6, chance=0.2))

    assert plan.objective == near(sum((plan.costs.loc[term] * plan.data.values["weight"]).sum() for term in plan.costs.index))


HARD = """
import sys
import numpy as np
from scipy.sparse import csc_array
from model.solver.highs import Session
from model.solver.program import Program

rng, n = np.random.default_rng(1), 2500
matrix = csc_array(rng.normal(size=(n, n)))
middle = matrix @ rng.random(n)
program = Program(rng.normal(size=n), 0.0, np.zeros(n), np.full(n, 9.0), middle - 1, middle + 1, matrix.indptr, matrix.indices, matrix.data)
print("solving", flush=True)
print(Session(program).solve().status)
"""
"""A dense program that takes HiGHS minutes."""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C reaches a whole console there")
def test_ctrl_c_is_heeded_while_highs_runs() -> None:
    """HiGHS does not hear of it; Python alone would wait until it is done, and say its status."""
    running = subprocess.Popen(
        [sys.executable, "-c", HARD], cwd=HOUSE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heed_ctrl_c
    )
    assert running.stdout is not None
    begun = running.stdout.readline()
    running.send_signal(signal.SIGINT)
    said, complained = running.communicate()

    assert begun == "solving\n"
    assert said == ""
    assert complained.endswith("KeyboardInterrupt\n")


@pytest.mark.parametrize("steps", [10_000, 0])
def test_the_primal_simplex_finds_the_same_plans_and_the_dual_takes_over_where_it_is_given_up(
    monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    """With x dearer than y, y alone covers 3: 3 x 2 + 10 = 16. The basis of the first answer is no longer the best."""
    monkeypatch.setattr("model.solver.highs.STEPS", steps)
    session = Session(by_hand())
    session.solve()
    session.use_primal()
    session.change(by_hand(cost=np.array([5.0, 2.0])))
    answer = session.solve()

    assert answer.status is Status.OPTIMAL
    assert answer.objective == near(16)
    assert answer.x.tolist() == near([0, 3])
    assert answer.restarted == (steps == 0)
