"""How a family declares its variables, equations and cost terms on the model.

The formula of a rule is its docstring, and becomes the `doc` of its constraint.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from functools import cache
from typing import Any

import pyomo.core as pyo  # pyomo.environ also loads every interface to solvers, 0.2 s of each start
from pyomo.common.numeric_types import native_types
from pyomo.core.base.units_container import PyomoUnitsContainer
from pyomo.core.base.units_container import units as pyomo_units
from pyomo.core.base.var import VarData
from pyomo.core.expr.numeric_expr import LinearExpression, MonomialTermExpression

from model.data.compute import Data
from model.parameters import PARAMETERS

Rule = Callable[..., Any]

LINEAR = {MonomialTermExpression, VarData}
"""What a linear expression of Pyomo is made of."""

CURRENCY = "USD"


@cache
def unit_registry() -> PyomoUnitsContainer:
    """Pyomo's units with money in them: USD, kUSD."""
    pyomo_units.load_definitions_from_strings([f"{CURRENCY} = [currency]"])
    return pyomo_units


def unit(text: str) -> Any:
    """A unit string of the schema or of a parameter as a Pyomo unit; "" is a plain number.

    Pyomo takes a text as a unit without complaint and treats it as dimensionless, so
    every unit passes through here, where it is put together from its factors.
    """
    units = unit_registry()
    if text in ("", "-", "t/t"):
        return units.dimensionless
    factors = units._pint_registry.parse_units(text)._units
    return math.prod((getattr(units, name) ** power for name, power in factors.items()), start=units.dimensionless)


def start(m: pyo.ConcreteModel, data: Data, *, mutable: bool) -> None:
    """Put the sets, numbers and links of the data on the model.

    Plain: numbers are dictionaries of floats, which Pyomo folds into coefficients at once.
    Mutable: they are `Param` objects with units, which a sweep can follow and change.
    """
    m.data, m.tree, m.mutable = data, data.tree, mutable
    m.terms = {}
    for name, members in data.sets.items():
        m.add_component(name, pyo.Set(initialize=members, dimen=len(members[0]) if members and isinstance(members[0], tuple) else 1))
    for name, links in data.index_maps.items():
        setattr(m, name, links)
    for p in PARAMETERS:
        if mutable:
            index = (m.component(p.over),) if p.over else ()
            initial = data.table(p.name) if p.over else data.scalar(p.name)
            m.add_component(p.name, pyo.Param(*index, initialize=initial, mutable=True, units=unit(p.unit), doc=p.text))
        else:
            setattr(m, p.name, data.table(p.name) if p.over else data.scalar(p.name))


def variable(
    m: pyo.ConcreteModel,
    name: str,
    over: Any,
    unit_text: str,
    text: str,
    *,
    lower: Rule | None = None,
    upper: Rule | None = None,
    free: bool = False,
) -> None:
    """A variable >= 0 (or free) over a set; `lower` and `upper` give bounds by index."""
    component = pyo.Var(over, domain=pyo.Reals, bounds=(None if free else 0, None), units=unit(unit_text) if m.mutable else None, doc=text)
    m.add_component(name, component)
    for index, column in component.items() if lower or upper else ():
        if lower:
            column.setlb(lower(m, *index))
        if upper:
            column.setub(upper(m, *index))


def equation(m: pyo.ConcreteModel, rule: Rule, over: Any) -> None:
    """A constraint for each index of a set, named after its rule; nothing over an empty set."""
    if len(over):
        m.add_component(rule.__name__, pyo.Constraint(over, rule=rule, doc=inspect.getdoc(rule)))


def labelled(text: str) -> Callable[[Any], Any]:
    """Mark the rule of an amount of money with its name for people."""

    def mark(rule: Any) -> Any:
        rule.label = text
        return rule

    return mark


def cost(m: pyo.ConcreteModel, rule: Any) -> None:
    """A cost term: what the rule gives for each node, in thousand USD, before probability and discount.

    Nodes without any of it have no expression; `amount` gives 0 for them.
    """
    amounts = {n: amount for n in m.NODES if (amount := rule(m, n)).__class__ not in native_types}
    m.add_component(rule.__name__, pyo.Expression(list(amounts), initialize=amounts, doc=inspect.getdoc(rule)))
    m.terms[rule.__name__] = rule.label


def amount(m: pyo.ConcreteModel, term: str, n: int) -> Any:
    """A cost term in a node, 0 where there is none."""
    if n not in m.component(term):
        return 0
    return m.component(term)[n]


def total(terms: Any) -> Any:
    """The sum of some linear terms; 0 of none."""
    parts = list(terms)
    if len(parts) < 2:
        return parts[0] if parts else 0
    if LINEAR.issuperset(map(type, parts)):
        return LinearExpression(parts)  # what quicksum makes of them one by one
    return pyo.quicksum(parts)
