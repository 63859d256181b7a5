"""Units: every equation, bound and cost term of the model is dimensionally consistent, and a slip in one unit shows."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyomo.environ as pyo
import pytest
from pyomo.core.base.units_container import InconsistentUnitsError, UnitsError
from pyomo.core.expr.visitor import identify_mutable_parameters
from pyomo.util.check_units import assert_units_consistent, assert_units_equivalent

from model.build import build
from model.declare import unit
from model.families import FAMILIES
from model.parameters import PARAMETERS
from tests.kit.small import every_sheet


@pytest.fixture(scope="module")
def m() -> pyo.ConcreteModel:
    return build(every_sheet(), mutable=True)


def names_passed_to(function: str) -> set[str]:
    """The rules that the families pass to `equation` or `cost`, or the names that they pass to `variable`."""
    found = set()
    for family in FAMILIES:
        for node in ast.walk(ast.parse(Path(family.__file__ or "").read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function:
                argument = node.args[1]
                found.add(argument.id if isinstance(argument, ast.Name) else ast.literal_eval(argument))
    return found


def bounds(m: pyo.ConcreteModel) -> Iterator[tuple[Any, Any]]:
    """(variable, bound) for each bound that is written with numbers of the model."""
    for variable in m.component_data_objects(pyo.Var):
        for bound in (variable.lower, variable.upper):
            if bound is not None and not isinstance(bound, int | float):
                yield variable, bound


def check(m: pyo.ConcreteModel) -> None:
    """Raises UnitsError where an equation, a cost term, the objective or a bound is not consistent."""
    assert_units_consistent(m)
    for variable, bound in bounds(m):
        assert_units_equivalent(variable, bound)
    for term in m.terms:
        for amount in m.component(term).values():
            assert_units_equivalent(amount, unit("kUSD"))
    assert_units_equivalent(m.objective.expr, unit("kUSD"))


def test_the_case_has_every_equation_term_and_variable(m: pyo.ConcreteModel) -> None:
    """So that what is checked below is all there is."""
    equations = {c.local_name for c in m.component_objects(pyo.Constraint) if len(c)}
    variables = {v.local_name for v in m.component_objects(pyo.Var) if len(v)}

    assert equations == names_passed_to("equation")
    assert set(m.terms) == names_passed_to("cost")
    assert variables == names_passed_to("variable")


def test_every_number_of_the_model_is_in_it(m: pyo.ConcreteModel) -> None:
    """A number that no equation, term or bound uses would be one that the planner changes in vain."""
    used = set()
    for expression in [
        *(c.expr for c in m.component_data_objects(pyo.Constraint)),
        *(o.expr for o in m.component_data_objects(pyo.Objective)),
        *(bound for _, bound in bounds(m)),
    ]:
        used |= {p.parent_component().local_name for p in identify_mutable_parameters(expression)}

    assert used >= {p.name for p in PARAMETERS}


@pytest.mark.parametrize(
    ("text", "value", "into"),
    [
        ("t", 1000, "kg"),
        ("t/yr", 1000 / 12, "kg/month"),
        ("USD/kg", 1, "kUSD/t"),
        ("USD/(t/yr)/yr", 1, "USD/t"),
        ("kUSD", 1000, "USD"),
        ("1/yr", 1 / 12, "1/month"),
    ],
)
def test_a_unit_is_what_its_text_says(text: str, value: float, into: str) -> None:
    assert str(unit(text)) != "dimensionless"
    assert pyo.units.convert_value(1, from_units=unit(text), to_units=unit(into)) == pytest.approx(value)


def test_a_plain_number_has_no_unit() -> None:
    assert [str(unit(text)) for text in ("", "-", "t/t")] == ["dimensionless"] * 3


def test_variables_carry_their_units(m: pyo.ConcreteModel) -> None:
    convert = pyo.units.convert_value

    assert convert(1, from_units=m.stock.get_units(), to_units=pyo.units.kg) == pytest.approx(1000)
    assert convert(1, from_units=m.order.get_units(), to_units=pyo.units.kg / pyo.units.yr) == pytest.approx(1000)
    assert convert(1, from_units=m.excess.get_units(), to_units=unit("USD")) == pytest.approx(1000)


def test_everything_is_consistent(m: pyo.ConcreteModel) -> None:
    check(m)


@pytest.mark.parametrize("name", [p.name for p in PARAMETERS])
def test_a_number_a_thousand_times_too_large_shows(m: pyo.ConcreteModel, name: str) -> None:
    """Dollars for thousand dollars, kilograms for tonnes: any number whose unit is wrong by a factor of 1000."""
    parameter = m.component(name)
    right = parameter._units
    parameter._units = pyo.units.get_units(right * unit("USD/kUSD")) if right is not None else unit("USD/kUSD")
    try:
        with pytest.raises((UnitsError, InconsistentUnitsError)):
            check(m)
    finally:
        parameter._units = right

    check(m)
