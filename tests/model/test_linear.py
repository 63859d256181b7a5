"""Linear expressions come apart into the terms that they are written with, whatever their shape."""

from collections import defaultdict
from typing import Any

import pyomo.environ as pyo
import pytest

from model.declare import total
from model.linear import Terms


def taken_apart(expression: Any) -> tuple[dict[str, float], float]:
    """The coefficients by variable, and the constant."""
    terms = Terms()
    constant = pyo.value(terms.add(expression))
    found: dict[str, float] = defaultdict(float)
    for variable, coefficient in zip(terms.variables, terms.coefficients, strict=True):
        found[variable.name] += pyo.value(coefficient)
    return dict(found), constant


@pytest.fixture
def m() -> pyo.ConcreteModel:
    m = pyo.ConcreteModel()
    m.x = pyo.Var(["a", "b"])
    m.y = pyo.Var()
    m.p = pyo.Param(initialize=4, mutable=True)
    m.named = pyo.Expression(expr=m.x["a"] + 2 * m.x["b"] + 3)
    return m


def test_sums_differences_and_multiples(m: pyo.ConcreteModel) -> None:
    """2 (a + 3 b - 1) - (5 b - y) + 7 = 2 a + b + y + 5."""
    found = taken_apart(2 * (m.x["a"] + 3 * m.x["b"] - 1) - (5 * m.x["b"] - m.y) + 7)

    assert {name: value for name, value in found[0].items() if value} == {"x[a]": 2, "x[b]": 1, "y": 1}
    assert found[1] == 5


def test_named_expressions_and_parameters(m: pyo.ConcreteModel) -> None:
    """p = 4: 4 (a + 2 b + 3) + 4 y - 4 = 4 a + 8 b + 4 y + 8."""
    assert taken_apart(m.p * m.named + m.y * m.p - m.p) == ({"x[a]": 4, "x[b]": 8, "y": 4}, 8)


def test_shapes_that_only_pyomo_reads(m: pyo.ConcreteModel) -> None:
    """(a + b) / 4 = 0.25 a + 0.25 b."""
    assert taken_apart((m.x["a"] + m.x["b"]) / m.p) == ({"x[a]": 0.25, "x[b]": 0.25}, 0)


def test_numbers_alone(m: pyo.ConcreteModel) -> None:
    assert taken_apart(3) == ({}, 3)
    assert taken_apart(m.p + 1) == ({}, 5)


def test_what_is_not_linear_is_refused(m: pyo.ConcreteModel) -> None:
    with pytest.raises(ValueError, match="not linear"):
        Terms().add(m.y + m.x["a"] * m.x["b"])


def test_a_total_is_the_sum_of_its_terms_and_0_of_none(m: pyo.ConcreteModel) -> None:
    """2 a + 3 b and b; 1 + 2 + 3 a with numbers among the terms."""
    assert taken_apart(total([2 * m.x["a"], 3 * m.x["b"], m.x["b"]])) == ({"x[a]": 2, "x[b]": 4}, 0)
    assert taken_apart(total([1, 2, 3 * m.x["a"]])) == ({"x[a]": 3}, 3)
    assert total([]) == 0
