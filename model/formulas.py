"""Every number of the compiled program as a formula of the model's parameters, so that a changed case is followed without building again.

A coefficient, cost or bound of the model is a sum of products of at most WIDTH parameters
with a constant. Taken apart once, all of them are evaluated together by one gather and
one sum over arrays, in a few milliseconds for a quarter of a million numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.common.gc_manager import PauseGC
from pyomo.common.numeric_types import native_numeric_types
from pyomo.core.expr.numeric_expr import (
    NPV_DivisionExpression,
    NPV_NegationExpression,
    NPV_ProductExpression,
    NPV_SumExpression,
    SumExpression,
)
from pyomo.repn import generate_standard_repn

from model.data import Data
from model.parameters import PARAMETERS
from model.session import Program

Floats = NDArray[np.float64]
Monomials = list[tuple[float, tuple[int, ...]]]

WIDTH = 4
ONE = 0
"""The place of the number 1 in the vector of parameters; it fills the products that are shorter than WIDTH."""


def parameter_vector(data: Data) -> Floats:
    """1, then every parameter in the order of PARAMETERS and of its set."""
    return np.concatenate([[1.0], *(data.values[p.name] for p in PARAMETERS)])


@dataclass(frozen=True)
class Layout:
    """Where each kind of number stands in the vector of the program's numbers, for n columns, m rows and z coefficients."""

    n: int
    m: int
    z: int

    @property
    def starts(self) -> dict[str, int]:
        sizes = {"cost": self.n, "low": self.n, "high": self.n, "row_low": self.m, "row_high": self.m, "entries": self.z, "offset": 1}
        return dict(zip(sizes, np.cumsum([0, *sizes.values()]).tolist(), strict=False))

    @property
    def size(self) -> int:
        return 3 * self.n + 2 * self.m + self.z + 1

    def part(self, numbers: Floats, kind: str) -> Floats:
        start = self.starts[kind]
        length = {"cost": self.n, "low": self.n, "high": self.n, "row_low": self.m, "row_high": self.m, "entries": self.z, "offset": 1}[
            kind
        ]
        return numbers[start : start + length]


@dataclass(frozen=True)
class Formulas:
    """A program's structure, and its numbers as sums of products: numbers = fixed + sum over terms of constant x product of parameters.

    `target` is the place of a term in the vector of numbers, `factors` (terms, WIDTH) are
    places in the vector of parameters.
    """

    layout: Layout
    fixed: Floats
    target: NDArray[np.int64]
    constant: Floats
    factors: NDArray[np.int32]
    starts: NDArray[np.int32]
    indices: NDArray[np.int32]
    columns: list[Any]
    rows: list[Any]

    def numbers(self, data: Data) -> Floats:
        """All numbers of the program for the data of a case of the same structure."""
        p = parameter_vector(data)
        products = self.constant.copy()
        for k in range(WIDTH):
            products *= p[self.factors[:, k]]
        return self.fixed + np.bincount(self.target, products, minlength=self.layout.size)

    def program(self, numbers: Floats) -> Program:
        part = self.layout.part
        return Program(
            cost=part(numbers, "cost"),
            offset=float(part(numbers, "offset")[0]),
            low=part(numbers, "low"),
            high=part(numbers, "high"),
            row_low=part(numbers, "row_low"),
            row_high=part(numbers, "row_high"),
            starts=self.starts,
            indices=self.indices,
            entries=part(numbers, "entries"),
            columns=self.columns,
            rows=self.rows,
        )


@dataclass
class Collector:
    """Terms as they are taken from the model, one kind of number at a time."""

    place_of: Mapping[int, int]

    def monomials(self, expression: Any) -> Monomials:
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


def take_apart(m: pyo.ConcreteModel) -> Formulas:
    """The formulas of a mutable model (`build(..., mutable=True)`)."""
    with PauseGC():
        return Taking(m).formulas()


class Taking:
    """One pass over a mutable model."""

    def __init__(self, m: pyo.ConcreteModel) -> None:
        self.m = m
        self.collect = Collector(places(m)).monomials
        self.columns = [v for component in m.component_objects(pyo.Var) for v in component.values()]
        self.column_of = {id(v): j for j, v in enumerate(self.columns)}
        self.rows: list[Any] = []
        self.kinds: dict[str, list[tuple[int, Monomials]]] = {k: [] for k in ("cost", "low", "high", "row_low", "row_high", "offset")}
        self.triplets: list[tuple[int, int, Monomials]] = []

    def formulas(self) -> Formulas:
        self.take_bounds()
        self.take_objective()
        for constraint in self.m.component_data_objects(pyo.Constraint, active=True):
            self.take_row(constraint)
        self.triplets.sort(key=lambda triplet: (triplet[0], triplet[1]))
        layout = Layout(len(self.columns), len(self.rows), len(self.triplets))
        counts = np.bincount([j for j, _, _ in self.triplets], minlength=layout.n)
        entries = [(place, terms) for place, (_, _, terms) in enumerate(self.triplets)]
        return assemble(
            layout,
            {**self.kinds, "entries": entries},
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
            np.array([i for _, i, _ in self.triplets], dtype=np.int32),
            self.columns,
            self.rows,
        )

    def take_bounds(self) -> None:
        for j, v in enumerate(self.columns):
            for kind, bound, none in (("low", v.lower, -np.inf), ("high", v.upper, np.inf)):
                self.kinds[kind].append((j, [(none, ())] if bound is None else self.collect(bound)))

    def take_objective(self) -> None:
        repn = generate_standard_repn(self.m.objective.expr, compute_values=False)
        for v, coefficient in zip(repn.linear_vars, repn.linear_coefs, strict=True):
            self.kinds["cost"].append((self.column_of[id(v)], self.collect(coefficient)))
        self.kinds["offset"].append((0, self.collect(repn.constant)))

    def take_row(self, constraint: Any) -> None:
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


def places(m: pyo.ConcreteModel) -> dict[int, int]:
    """The place of each parameter object of the model in the vector of parameters."""
    found: dict[int, int] = {}
    place = ONE + 1
    for p in PARAMETERS:
        component = m.component(p.name)
        for data in component.values() if p.over else [component]:
            found[id(data)] = place
            place += 1
    return found


def assemble(
    layout: Layout,
    kinds: Mapping[str, Iterable[tuple[int, Monomials]]],
    starts: NDArray[np.int32],
    indices: NDArray[np.int32],
    columns: list[Any],
    rows: list[Any],
) -> Formulas:
    """The terms of all kinds of number in arrays; those without a parameter are fixed."""
    fixed = np.zeros(layout.size)
    target: list[int] = []
    constant: list[float] = []
    factors: list[tuple[int, ...]] = []
    for kind, numbers in kinds.items():
        start = layout.starts[kind]
        for place, terms in numbers:
            for value, product in terms:
                if not product:
                    fixed[start + place] += value
                elif value:
                    target.append(start + place)
                    constant.append(value)
                    factors.append(product + (ONE,) * (WIDTH - len(product)))
    return Formulas(
        layout, fixed, np.array(target, dtype=np.int64), np.array(constant), np.array(factors, dtype=np.int32).reshape(-1, WIDTH),
        starts, indices, columns, rows,
    )  # fmt: skip
