"""What a check proves of an answer, and what it does not let pass."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from model.certificate.amounts import Amounts, amounts, vector
from model.certificate.check import PROVED, Report, check, examine, usable
from model.certificate.implied import implied_bounds
from model.certificate.program import Program
from model.certificate.rebuild import rebuild
from model.certificate.settle import settled
from model.certify import certify
from model.plan import make_plan
from tests.kit import cases
from tests.kit.second_program import Solved, solve
from tests.kit.small import embargo, plan_of

OPTIMAL = [name for name in cases.names() if cases.expected(name)[0] == "optimal"]
NAME = "reference-08"


def solved(name: str) -> tuple[Program, Solved]:
    program = rebuild(cases.load_case(name))
    return program, solve(program)


@pytest.mark.parametrize("name", OPTIMAL)
def test_known_optimum_is_proved(name: str) -> None:
    """Nothing missed, and no plan of the case costs less by more than 1e-6 of the cost."""
    program, answer = solved(name)
    report = examine(program, answer.x, answer.duals)

    assert report.passed, report.faults()
    assert report.primal == pytest.approx(cases.expected(name)[1], rel=cases.tolerance(name))
    assert report.gap <= PROVED


@pytest.mark.parametrize("cost", [9e10, 9e13, 9e16])
def test_a_run_that_nobody_can_pay_for_takes_nothing_from_the_bound(cost: float) -> None:
    """The teaching case with works that cost 90,000 USD/t and up to 1e12 times that: what a run earns by the price of the limit of offtake is a last digit of 9e13 thousand USD, of a plan of 45,782."""
    report = certify(make_plan(cases.teaching(modes=[{"plant": "Separation", "mode": "own ore", "variable_cost": cost}])))

    assert report.passed, report.faults()
    assert report.primal == pytest.approx(45_782)


def test_numbers_beyond_exact_arithmetic_prove_nothing() -> None:
    """The plan is there, and that it is the best is not said: 1e-300 t in store at the beginning."""
    report = certify(make_plan(cases.teaching(materials=[{"material": "Nd", "opening_stock": 1e-300}])))

    assert report.feasible
    assert not report.proved
    assert report.faults() == ["no bound is proved: a number or price of the case is below 4e-121 or above 3e+150, beyond exact arithmetic"]


@pytest.mark.parametrize("name", ["published-newsvendor", "reference-08", "reference-22", "reference-43"])
def test_bound_is_no_more_than_the_same_in_fractions(name: str) -> None:
    """y b + sum over columns of the reduced cost times the bound that it pushes to, without any rounding."""
    program, answer = solved(name)
    lower, upper = (np.where(np.isfinite(side), side, 0) for side in implied_bounds(program))
    report = examine(program, answer.x, answer.duals)
    y = usable(program, settled(program, answer.duals, 1e-10) if report.bound.moved else answer.duals)
    left = [Fraction(c) for c in program.cost.tolist()]
    for row, column, value in zip(program.row.tolist(), program.column.tolist(), program.value.tolist(), strict=True):
        left[column] -= Fraction(value) * Fraction(float(y[row]))
    prices = [
        (Fraction(p), Fraction(low if p > 0 else high))
        for p, low, high in zip(*(v.tolist() for v in (y, program.low, program.high)), strict=True)
        if p
    ]
    columns = [(d, Fraction(low if d > 0 else high)) for d, low, high in zip(left, lower.tolist(), upper.tolist(), strict=True)]
    exact = sum((p * side for p, side in [*prices, *columns]), Fraction(0))

    assert Fraction(report.bound.value) <= exact
    assert report.bound.value == pytest.approx(float(exact), rel=1e-12)


def changed(report: Report, variable: str, factor: float) -> Report:
    """The report of the plan with the largest quantity of a variable changed."""
    at = report.program.columns[variable].at
    columns = at[at >= 0]
    x = report.x.copy()
    x[columns[np.argmax(x[columns])]] *= factor
    return examine(report.program, x, report.prices)


@pytest.mark.parametrize("variable", ["supply", "stock", "release", "run", "shortage"])
@pytest.mark.parametrize("factor", [0.999, 1.001])
def test_quantity_that_is_a_thousandth_off_is_found(variable: str, factor: float) -> None:
    """Some balance or bound of the changed quantity is missed by a thousandth of it."""
    program, answer = solved(NAME)
    report = changed(examine(program, answer.x, answer.duals), variable, factor)

    assert not report.feasible


def test_dearer_plan_is_not_proved() -> None:
    """A thousandth more of every demand bought and disposed of keeps every rule that is left, and costs more than the bound."""
    program, answer = solved("published-newsvendor")
    x = answer.x.copy()
    supply, surplus = program.columns["supply"].at, program.columns["surplus"].at
    x[supply[0, 0]] += 1
    x[surplus[0, 0]] += 1
    dearer = replace(program, cost=program.cost + 0.5 * (np.arange(len(x)) == surplus[0, 0]))
    report = examine(dearer, x, answer.duals)

    assert report.feasible
    assert not report.proved
    assert "is all that is proved" in report.faults()[0]


def test_wrong_prices_prove_less() -> None:
    """Prices only ever give a bound: those of half the size give a lower one, which is no proof."""
    program, answer = solved(NAME)
    report = examine(program, answer.x, answer.duals / 2)

    assert report.feasible
    assert report.bound.value < report.primal
    assert not report.proved


def test_amounts_by_name_come_back() -> None:
    program, answer = solved(NAME)
    back, unknown = vector(amounts(answer.x, program, program.columns), program, program.columns)

    assert unknown == []
    assert (back == answer.x).all()


def test_quantity_that_the_case_does_not_have_is_named() -> None:
    case = cases.load_case(NAME)
    program, answer = solved(NAME)
    quantities = amounts(answer.x, program, program.columns)
    more = Amounts(
        [*quantities.rows, ("stock", ("unobtainium",))],
        quantities.places,
        np.vstack([quantities.values, np.eye(1, len(quantities.places))]),
    )
    report = check(case, more, amounts(answer.duals, program, program.rows))

    assert report.faults() == ["stock[unobtainium, peace 0-12]: this case has no such quantity"]


def test_a_pin_holds_where_the_whole_plan_is_one_node() -> None:
    """Two years in one period without a cutoff: 5 t are to be bought in 2027 (its middle), in the only node that there is."""
    plan = plan_of(
        {"period": 24},
        supply=[
            {"offer": "import", "country": "China", "material": "Dy"},
            {"offer": "reserve", "country": "Chile", "material": "Dy", "buyer": "stockpile"},
        ],
        pins=[{"item": "purchase", "name": "Dy", "year": 2027, "at_least": 5}],
    )
    report = certify(plan)

    assert report.passed, report.faults()
    assert report.program.low[report.program.rows["pins"].at[0, -1]] == 5


def test_the_price_of_a_material_that_only_demand_draws_on_has_the_sign_of_the_others() -> None:
    """Nothing brings Nd: every tonne of it is short at 10 x 50 USD/kg, and one more from nowhere would save 500,000 USD."""
    plan = plan_of(
        materials=[{"material": "Dy", "price": 100}, {"material": "Nd", "price": 50}],
        demand=[{"material": m, "sector": "civil", "demand": 12} for m in ("Dy", "Nd")],
    )
    price = dict(zip(plan.rows_of["market_balance"], plan.duals["market_balance"].tolist(), strict=True))
    report = certify(plan)

    assert abs(price["Nd", 0]) == pytest.approx(500)
    assert price["Nd", 0] * price["Dy", 0] > 0
    assert report.passed, report.faults()


def test_a_tail_of_all_futures_is_proved_too() -> None:
    """CVaR over all futures is the expected cost: leaves of 0.959, 0.0205 and 0.0205 add to 1 only but for rounding, and the proof is without any."""
    plan = plan_of({"risk_weight": 0.295, "tail": 1}, **embargo({3: 0.5, 6: 0.5}, chance=0.041))
    report = certify(plan)

    assert report.passed, report.faults()
    assert report.risk == pytest.approx(0, abs=1e-9)
