"""Programs in other units: the same program, whose verdicts must agree; and how far apart its numbers are, by name."""

from dataclasses import replace

import numpy as np
import pytest

from model.build import build
from model.solver.compile import compile_model
from model.solver.highs import Session
from model.solver.program import Answer, Program, Status
from model.solver.scaling import OUT_OF_RANGE, confirmed, is_far, scaled
from model.solver.spread import spreads
from tests.kit.small import embargo, every_sheet, plan_of
from tests.model.solver.test_highs import by_hand


def tiny(**changes: object) -> Program:
    """As `by_hand`, but 3e-9 to cover and 2e-9 of x: x = 2e-9 and y = 1e-9 cost 4e-9, on top of 10."""
    return by_hand(**{"row_low": np.array([3e-9]), "high": np.array([2e-9, np.inf]), **changes})


def compiled() -> Program:
    program = compile_model(build(every_sheet()))
    assert program is not None
    return program


def test_the_factors_are_powers_of_two_and_bring_numbers_nearer_to_1() -> None:
    program = compiled()
    scale = scaled(program)

    for factors in (scale.rows, scale.columns, [scale.size, scale.price]):
        assert np.exp2(np.rint(np.log2(factors))).tolist() == list(factors)
    for before, after in ((program.entries, scale.program.entries), (program.cost, scale.program.cost)):
        assert np.log2(np.abs(after[after != 0])).std() < np.log2(np.abs(before[before != 0])).std()
    assert np.array_equal(scale.program.indices, program.indices)


def test_rows_and_columns_without_coefficients_stay_as_they_are() -> None:
    """y is in no row, and the second row is of nothing: both factors are 1."""
    program = by_hand(
        starts=np.array([0, 1, 1], dtype=np.int32), indices=np.array([0], dtype=np.int32), entries=np.array([4.0]), row_low=np.array([3.0, -1.0]),
        row_high=np.array([np.inf, 1.0]),
    )  # fmt: skip
    scale = scaled(program)

    assert (scale.columns[1], scale.rows[1]) == (1, 1)
    assert scale.unscaled(Session(scale.program, other_units=False).solve(), program).objective == 10.75


def test_an_answer_of_the_scaled_program_is_one_of_the_program() -> None:
    """Objective, quantities and prices, without rounding: 14, x = 2 and y = 1, and 2 for a unit more to cover; and of a case with every sheet."""
    scale = scaled(by_hand())
    answer = scale.unscaled(Session(scale.program, other_units=False).solve(), by_hand())
    program = compiled()
    other = scaled(program)
    far, usual = other.unscaled(Session(other.program, other_units=False).solve(), program), Session(program).solve()

    assert (answer.objective, answer.x.tolist(), answer.row_dual.tolist()) == (14, [2, 1], [2])
    assert far.objective == pytest.approx(usual.objective, rel=1e-9)


def test_a_program_far_from_1_is_solved_in_other_units() -> None:
    """As it stands, 0 of each passes for all of 3e-9. In bounds that fit nothing, it is infeasible; without a floor for y, unbounded."""
    answer = Session(tiny()).solve()

    assert is_far(tiny())
    assert not is_far(by_hand())
    assert Session(tiny(), other_units=False).solve().x.tolist() == [0, 0]
    assert answer.x.tolist() == pytest.approx([2e-9, 1e-9], rel=1e-12, abs=0)
    assert answer.row_dual.tolist() == [2]
    assert answer.reduced_cost.tolist() == [-1, 0]
    assert Session(tiny(high=np.array([2e-9, 0.5e-9]))).solve().status is Status.INFEASIBLE
    assert (
        Session(tiny(low=np.array([0, -np.inf]), row_low=np.array([-np.inf]), row_high=np.array([3e-9]))).solve().status is Status.UNBOUNDED
    )


def test_a_session_goes_from_near_to_far_and_back() -> None:
    session = Session(by_hand())
    found = [session.solve().objective]
    for program in (tiny(), by_hand(high=np.array([1.0, np.inf])), tiny(offset=0.0), by_hand()):
        session.change(program)
        found.append(session.solve().objective)

    assert found == pytest.approx([14, 10 + 4e-9, 15, 4e-9, 14], rel=1e-12)


def test_a_program_far_from_1_leaves_no_basis_and_takes_none() -> None:
    far, usual = Session(tiny()), Session(by_hand())
    answers = [far.solve(), usual.solve()]
    far.set_basis(usual.basis)
    usual.set_basis(far.basis)
    answers += [far.solve(), usual.solve()]

    assert [answer.objective for answer in answers] == pytest.approx([10 + 4e-9, 14] * 2, rel=1e-12)


def test_numbers_that_the_solver_refuses_are_solved_in_other_units() -> None:
    """1e17 to cover by coefficients of 1e17, at costs of 1e20: x = 1 costs 1e20."""
    program = by_hand(
        cost=np.array([1e20, 2e20]), entries=np.array([1e17, 1e17]), row_low=np.array([1e17]), high=np.array([2.0, np.inf]), offset=0.0
    )

    assert Session(program).solve().objective == pytest.approx(1e20)


@pytest.mark.parametrize("verdict", [Status.INFEASIBLE, Status.UNBOUNDED])
def test_a_verdict_that_holds_in_other_units_is_said(verdict: Status) -> None:
    program = by_hand()
    said = confirmed(
        program, Answer(verdict, None, seconds=1, iterations=2), scaled(program), Answer(verdict, None, seconds=2, iterations=3)
    )

    assert (said.status, said.message, said.seconds, said.iterations) == (verdict, "", 3, 5)


def test_an_optimum_in_other_units_goes_before_a_verdict() -> None:
    program = by_hand()
    scale = scaled(program)
    answer = Session(scale.program, other_units=False).solve()
    said = confirmed(program, Answer(Status.INFEASIBLE, None), scale, answer)

    assert (said.status, said.objective, said.reduced_cost.tolist(), said.restarted) == (Status.OPTIMAL, 14, [-1, 0], True)


def test_what_is_one_thing_and_another_is_out_of_range_and_names_the_ends() -> None:
    """Another verdict in other units, or an optimum that is none of the program itself (x = y = 0 covers nothing)."""
    program = by_hand()
    scale, first = scaled(program), Answer(Status.INFEASIBLE, None)
    wrong = Answer(Status.OPTIMAL, 10.0, np.zeros(2), np.zeros(1))
    said = confirmed(program, first, scale, Answer(Status.UNBOUNDED, None)), confirmed(program, first, scale, wrong)

    assert [answer.status for answer in said] == [Status.UNSOLVED] * 2
    assert said[0].message.startswith(
        f"{OUT_OF_RANGE}: it is infeasible as it stands, and unbounded in other units; see its coefficients from 1 (x in enough)"
    )
    assert said[1].message.startswith(f"{OUT_OF_RANGE}: its answer is not optimal: limits are missed by 0.8")
    assert "costs from 1 (x) to 2 (y)" in said[0].message


def test_a_confirmation_that_is_stopped_is_no_verdict() -> None:
    program = by_hand()
    said = confirmed(program, Answer(Status.INFEASIBLE, None), scaled(program), Answer(Status.STOPPED, None, message="Time limit reached"))

    assert (said.status, said.message) == (Status.STOPPED, "Time limit reached")


def test_the_ends_of_each_kind_of_number_have_their_names() -> None:
    """2 x - 0.5 y >= 3e6 (enough) and x <= 7 (room), x from 0.1 to 4: bounds of y are no numbers, nor is the cost of x, 0."""
    program = by_hand(
        cost=np.array([0.0, -8.0]), low=np.array([0.1, 0.0]), high=np.array([4.0, np.inf]), row_low=np.array([3e6, -np.inf]), row_high=np.array([np.inf, 7.0]),
        starts=np.array([0, 2, 3], dtype=np.int32), indices=np.array([0, 1, 0], dtype=np.int32), entries=np.array([2.0, 1.0, -0.5]), rows=["enough", "room"],
    )  # fmt: skip

    assert [found.text for found in spreads(program)] == [
        "coefficients from 0.5 (y in enough) to 2 (x in enough)",
        "costs from 8 (y) to 8 (y)",
        "bounds from 0.1 (x) to 4 (x)",
        "right sides from 7 (room) to 3e+06 (enough)",
    ]
    assert spreads(replace(program, cost=np.zeros(2)))[1].kind == "bound"
    assert spreads(replace(program, columns=[], rows=[]))[0].text == "coefficients from 0.5 (column 1 in row 0) to 2 (column 0 in row 0)"


def test_a_plan_says_how_far_its_numbers_are_apart() -> None:
    """12 t are needed in a year of peace, 3 t in a quarter of the embargo, which begins with probability 0.1: a tonne of 100 kUSD counts 10 in it."""
    assert [found.text for found in plan_of(**embargo()).spreads] == [
        "coefficients from 1 (supply[import,0] in market_balance[Dy,0]) to 1 (supply[import,0] in market_balance[Dy,0])",
        "costs from 10 (supply[import,2]) to 1e+03 (shortage[Dy,civil,0])",
        "bounds from 3 (shortage[Dy,civil,2]) to 12 (shortage[Dy,civil,0])",
        "right sides from 3 (market_balance[Dy,2]) to 12 (market_balance[Dy,0])",
    ]
