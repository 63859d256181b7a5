"""A mutable model taken apart into formulas: each of its numbers as a sum of products of parameters with a constant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.core as pyo
from pyomo.common.numeric_types import native_numeric_types
from pyomo.core.expr.numeric_expr import (
    NPV_DivisionExpression,
    NPV_NegationExpression,
    NPV_ProductExpression,
    NPV_SumExpression,
    SumExpression,
)
from pyomo.repn import generate_standard_repn

from inputs.arrays import Ints, Places
from model.costs import CostBreakdown, break_down
from model.parameters import PARAMETERS
from model.process_state import pyomo_alone
from model.resolve.parametric import Layout, Monomials, ParametricProgram
from model.solver.compile import rows_by_equation

Terms = list[tuple[float, tuple[int, ...]]]


@dataclass
class Collector:
    """Terms as they are taken from the model, one kind of number at a time."""

    place_of: Mapping[int, int]

    def monomials(self, expression: Any) -> Terms:
        """An expression of parameters as a sum of products."""
        if expression.__class__ in native_numeric_types:
            return [(float(expression), ())]
        place = self.place_of.get(id(expression))
        if place is not None:
            return [(1.0, (place,))]
        kind = expression.__class__
        if kind is NPV_ProductExpression:
            left, right = map(self.monomials, expression.args)
            return [(a * b, (*p, *q)) for a, p in left for b, q in right]
        if kind is NPV_NegationExpression:
            return [(-a, p) for a, p in self.monomials(expression.args[0])]
        if kind is NPV_DivisionExpression:
            divisor = float(pyo.value(expression.args[1]))  # only by usd_per_kusd, which never changes
            return [(a / divisor, p) for a, p in self.monomials(expression.args[0])]
        if kind in SUMS:
            return [term for argument in flattened(expression) for term in self.monomials(argument)]
        raise TypeError(f"a number of the model that is no sum of products of parameters: {expression}")


SUMS = (NPV_SumExpression, SumExpression)


def flattened(expression: Any) -> list[Any]:
    """The terms of a sum of sums, which may be nested as deep as it has terms."""
    found, waiting = [], [expression]
    while waiting:
        argument = waiting.pop()
        if argument.__class__ in SUMS:
            waiting.extend(argument.args)
        else:
            found.append(argument)
    return found


def extract(m: pyo.ConcreteModel) -> ParametricProgram:
    """The formulas of a mutable model (`build(..., mutable=True)`)."""
    with pyomo_alone():
        return Extractor(m).formulas()


class Extractor:
    """One pass over a mutable model."""

    def __init__(self, m: pyo.ConcreteModel) -> None:
        self.m = m
        self.collect = Collector(parameter_places(m)).monomials
        self.columns = [v for component in m.component_objects(pyo.Var) for v in component.values()]
        self.column_of = {id(v): j for j, v in enumerate(self.columns)}
        self.rows: list[Any] = []
        self.kinds: dict[str, list[tuple[int, Terms]]] = {k: [] for k in ("cost", "low", "high", "row_low", "row_high", "offset")}
        self.triplets: list[tuple[int, int, Terms]] = []

    def formulas(self) -> ParametricProgram:
        """Every number of the program as a formula of the parameters."""
        self.take_bounds()
        self.take_objective()
        for constraint in self.m.component_data_objects(pyo.Constraint, active=True):
            self.take_row(constraint)
        breakdown, coefficients = break_down(self.m, self.columns)
        self.triplets.sort(key=lambda triplet: (triplet[0], triplet[1]))
        layout = Layout(len(self.columns), len(self.rows), len(self.triplets), len(coefficients))
        counts = np.bincount([j for j, _, _ in self.triplets], minlength=layout.n)
        entries = enumerate(terms for _, _, terms in self.triplets)
        return assemble(
            layout,
            breakdown,
            {**self.kinds, "entries": entries, "cost_coefficients": enumerate(map(self.collect, coefficients))},
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
            np.array([i for _, i, _ in self.triplets], dtype=np.int32),
            dict(Counter(v.parent_component().local_name for v in self.columns)),
            rows_by_equation(self.rows),
            {p.name: len(self.m.component(p.name)) for p in PARAMETERS},
        )

    def take_bounds(self) -> None:
        """The bounds of every column."""
        for j, v in enumerate(self.columns):
            for kind, bound, none in (("low", v.lower, -np.inf), ("high", v.upper, np.inf)):
                self.kinds[kind].append((j, [(none, ())] if bound is None else self.collect(bound)))

    def take_objective(self) -> None:
        """The costs of columns, and the constant."""
        repn = generate_standard_repn(self.m.objective.expr, compute_values=False)
        for v, coefficient in zip(repn.linear_vars, repn.linear_coefs, strict=True):
            self.kinds["cost"].append((self.column_of[id(v)], self.collect(coefficient)))
        self.kinds["offset"].append((0, self.collect(repn.constant)))

    def take_row(self, constraint: Any) -> None:
        """The entries and bounds of a constraint; nothing if no variable is in it."""
        low, body, high = constraint.to_bounded_expression()
        repn = generate_standard_repn(body, compute_values=False)
        if not repn.linear_vars:
            return
        i = len(self.rows)
        self.rows.append(constraint)
        for v, coefficient in zip(repn.linear_vars, repn.linear_coefs, strict=True):
            self.triplets.append((self.column_of[id(v)], i, self.collect(coefficient)))
        constant = [(-a, p) for a, p in self.collect(repn.constant)]
        for kind, bound, none in (("row_low", low, -np.inf), ("row_high", high, np.inf)):
            self.kinds[kind].append((i, [(none, ())] if bound is None else [*self.collect(bound), *constant]))


def parameter_places(m: pyo.ConcreteModel) -> dict[int, int]:
    """The place of each parameter object of the model in the vector of parameters."""
    found: dict[int, int] = {}
    place = 0
    for p in PARAMETERS:
        component = m.component(p.name)
        for data in component.values() if p.over else [component]:
            found[id(data)] = place
            place += 1
    return found


def assemble(
    layout: Layout,
    breakdown: CostBreakdown,
    kinds: Mapping[str, Iterable[tuple[int, Terms]]],
    starts: Places,
    indices: Places,
    variables: dict[str, int],
    equations: dict[str, Ints],
    lengths: dict[str, int],
) -> ParametricProgram:
    """The terms of all kinds of number in arrays; those without a parameter are fixed."""
    fixed = np.zeros(layout.size)
    target: list[int] = []
    terms: Terms = []
    for kind, numbers in kinds.items():
        start = layout.spans[kind].start
        for place, monomials in numbers:
            for value, product in monomials:
                if not product:
                    fixed[start + place] += value
                elif value:
                    target.append(start + place)
                    terms.append((value, product))
    products, order = products_of(terms)
    return ParametricProgram(
        layout, fixed, np.array(target, dtype=np.int64)[order], products, starts, indices, variables, equations, breakdown, lengths
    )


def products_of(terms: Terms) -> tuple[Monomials, Ints]:
    """The terms as arrays, and their order in them."""
    widths = np.array([len(product) for _, product in terms], dtype=np.int64)
    order = np.argsort(widths, kind="stable")
    begins = [int(np.searchsorted(widths[order], k, side="right")) for k in range(int(widths.max(initial=0)))]
    factors = [np.array([terms[t][1][k] for t in order[begin:].tolist()], dtype=np.int32) for k, begin in enumerate(begins)]
    return Monomials(np.array([terms[t][0] for t in order.tolist()]), tuple(begins), tuple(factors)), order
