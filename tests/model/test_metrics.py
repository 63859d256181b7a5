"""What planners ask of an answer is the same for a plan and for the point of a sweep."""

import pyomo.environ as pyo
import pytest

from model.costs import linear_terms
from model.metrics import capacity_in_peace, coverage_prices, investment_in_peace, orders_of, stock_targets
from model.plan import make_plan
from model.resolve.resolver import Resolver
from tests.kit.small import embargo, every_sheet, near, plan_of, plant

BOTH = [
    {"offer": "import", "country": "China", "material": "Dy"},
    {"offer": "vault", "country": "China", "material": "Dy", "buyer": "stockpile"},
]


def test_a_plan_and_a_point_say_the_same_of_one_case() -> None:
    """Costs by term, what is left, targets, orders and investment; one from the plain model, one from the formulas of a mutable one."""
    of = every_sheet()
    plan, point = make_plan(of, any_optimum=True), Resolver().solve(of)
    aim, orders = stock_targets(plan.data, plan.values["stock"]), orders_of(plan.data, plan.values["order"])
    spent = plan.expected.sum(axis=1).to_dict() | {name: -worth for name, worth in plan.salvage.items()}

    assert point.costs == pytest.approx(spent, rel=1e-6, abs=1e-3)
    assert list(point.targets.values()) == pytest.approx(aim.stock.tolist(), rel=1e-6, abs=1e-6)
    assert point.stockpile_value == pytest.approx(float(aim.value.sum()), rel=1e-6)
    assert point.orders == pytest.approx(capacity_in_peace(plan.data, orders), rel=1e-6, abs=1e-6)
    assert point.investment == pytest.approx(investment_in_peace(plan.data, orders), rel=1e-6)


def test_a_target_is_reached_in_the_first_node_that_has_it() -> None:
    """Five years of 12 t in store, bought in the first year for 100: node 0, 1,200 thousand USD."""
    plan = plan_of({"horizon": 5}, materials={"material": "Dy", "price": 100, "min_cover": 365}, supply=BOTH)
    aim = stock_targets(plan.data, plan.values["stock"])

    assert (aim.stock.tolist(), aim.node.tolist(), aim.value.tolist()) == (near([12]), [0], near([1200]))


def test_orders_that_are_rounding_of_the_solver_are_none() -> None:
    """1e-7 t/yr is nothing; 10 t/yr at 2,000 USD/(t/yr) are 20 thousand USD."""
    data = plan_of(**plant(capacity_limit=50, capex=2000)).data
    order = data.values["remaining_life"] * 0
    order[0], order[1] = 1e-7, 10
    found = orders_of(data, order)

    assert (found.place.tolist(), found.capacity.tolist(), found.capex.tolist()) == ([1], [10], near([20]))
    assert capacity_in_peace(data, found) == {"works": 10}
    assert investment_in_peace(data, found) == near(20)


def test_coverage_that_nothing_promises_has_no_price() -> None:
    plan = plan_of(**embargo())

    assert coverage_prices(plan.data, plan.reduced_costs["shortage"]) == {"civil": 0.0}


def test_a_cost_term_may_have_a_constant() -> None:
    m = pyo.ConcreteModel()
    m.x = pyo.Var()
    found = [(None if v is None else v.local_name, c) for v, c in linear_terms(3 * m.x + 5)]

    assert ("x", 3) in found
    assert sum(c for name, c in found if name is None) == 5
