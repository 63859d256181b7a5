"""Every number of the compiled program as a formula of the model's parameters, so that a changed case is followed without building again.

A coefficient, cost or bound of the model is a sum of products of parameters with a constant. Taken apart once, all of them are evaluated together by one gather and
one sum over arrays, in a few milliseconds for a quarter of a million numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
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
from model.declare import amount, total
from model.families.objective import expected_stock_left
from model.families.orders import capacity_left
from model.parameters import LEFT, PARAMETERS
from model.session import Moves, Places, Program, rows_by_equation

Floats = NDArray[np.float64]
Monomials = list[tuple[float, tuple[int, ...]]]


def parameter_vector(data: Data) -> Floats:
    """Every parameter in the order of PARAMETERS and of its set."""
    return np.concatenate([data.values[p.name] for p in PARAMETERS])


@dataclass(frozen=True)
class Layout:
    """Where each kind of number stands in the vector of numbers, for n columns, m rows, z coefficients and p shares of the parts of cost."""

    n: int
    m: int
    z: int
    p: int

    @property
    def sizes(self) -> dict[str, int]:
        return {
            "cost": self.n, "low": self.n, "high": self.n, "row_low": self.m, "row_high": self.m, "entries": self.z, "offset": 1,
            "shares": self.p,
        }  # fmt: skip

    @cached_property
    def spans(self) -> dict[str, slice]:
        return spans(self.sizes)

    @property
    def size(self) -> int:
        return int(self.spans["shares"].stop)


def spans(sizes: Mapping[str, int]) -> dict[str, slice]:
    """The place of each in a vector where they follow one another."""
    ends = np.cumsum([0, *sizes.values()]).tolist()
    return {name: slice(start, end) for name, start, end in zip(sizes, ends, ends[1:], strict=False)}


@dataclass(frozen=True)
class Products:
    """Constants times parameters: `factors[k]` are places in the vector of parameters, for the terms from `begins[k]` on.

    The terms stand in the order of how many parameters they have, so that the short ones cost little.
    """

    constant: Floats
    begins: tuple[int, ...]
    factors: tuple[NDArray[np.int32], ...]

    def values(self, parameters: Floats) -> Floats:
        products = self.constant.copy()
        for begin, places in zip(self.begins, self.factors, strict=True):
            products[begin:] *= parameters[places]
        return products

    def only(self, terms: NDArray[np.int64]) -> Products:
        """Some of the terms (places in ascending order)."""
        begins = tuple(int(np.searchsorted(terms, begin)) for begin in self.begins)
        factors = tuple(places[terms[at:] - begin] for at, begin, places in zip(begins, self.begins, self.factors, strict=True))
        return Products(self.constant[terms], begins, factors)


def products_of(terms: list[tuple[float, tuple[int, ...]]]) -> tuple[Products, NDArray[np.int64]]:
    """The terms as arrays, and their order in them."""
    widths = np.array([len(product) for _, product in terms], dtype=np.int64)
    order = np.argsort(widths, kind="stable")
    begins = [int(np.searchsorted(widths[order], k, side="right")) for k in range(int(widths.max(initial=0)))]
    factors = [np.array([terms[t][1][k] for t in order[begin:].tolist()], dtype=np.int32) for k, begin in enumerate(begins)]
    return Products(np.array([terms[t][0] for t in order.tolist()]), tuple(begins), tuple(factors)), order


@dataclass(frozen=True)
class Parts:
    """The parts of expected cost: amount of part `part` = sum of share x value of `column`; the shares are among the numbers."""

    names: list[str]
    part: NDArray[np.int64]
    column: NDArray[np.int64]

    def amounts(self, shares: Floats, x: Floats) -> dict[str, float]:
        """Thousand USD, expected and discounted, of each part; what is left at the ends counts against."""
        totals = np.bincount(self.part, shares * x[self.column], minlength=len(self.names))
        return dict(zip(self.names, totals.tolist(), strict=True))


@dataclass(frozen=True)
class Formulas:
    """A program's structure, and its numbers as sums of products: numbers = fixed + sum over terms of their products.

    `target` is the place of a term in the vector of numbers; `variables` gives how many
    columns each variable has, in order, and `equations` the rows of each equation. It holds
    nothing of the model, which can be thrown away.
    """

    layout: Layout
    fixed: Floats
    target: NDArray[np.int64]
    products: Products
    starts: NDArray[np.int32]
    indices: NDArray[np.int32]
    variables: dict[str, int]
    equations: dict[str, NDArray[np.int64]]
    parts: Parts

    @cached_property
    def spans(self) -> dict[str, slice]:
        """The columns of each variable."""
        return spans(self.variables)

    def numbers(self, data: Data) -> Floats:
        """All numbers of the program for the data of a case of the same structure."""
        products = self.products.values(parameter_vector(data))
        return self.fixed + np.bincount(self.target, products, minlength=self.layout.size)

    def renumbered(self, numbers: Floats, data: Data, last: Data) -> tuple[Floats, Moves]:
        """The numbers for `data`, given those for `last`, and where they differ.

        Only what depends on parameters that differ is evaluated, to the same bits.
        """
        changed = frozenset(
            p.name
            for p in PARAMETERS
            if data.values[p.name] is not last.values[p.name] and not np.array_equal(data.values[p.name], last.values[p.name])
        )
        if not changed:
            return numbers, self.moves(np.empty(0, dtype=np.int64))
        if changed not in self.parts_by_change:
            self.parts_by_change[changed] = self.depending(changed, data)
        products, targets, place = self.parts_by_change[changed]
        anew = self.fixed[targets] + np.bincount(place, products.values(parameter_vector(data)), minlength=len(targets))
        renewed = numbers.copy()
        renewed[targets] = anew
        return renewed, self.moves(targets[numbers[targets] != anew])

    def moves(self, places: NDArray[np.int64]) -> Moves:
        """What numbers at some places (ascending) are of a program."""

        def within(*kinds: str) -> Places:
            hit = np.zeros(self.layout.sizes[kinds[0]], dtype=bool)
            for kind in kinds:
                span = self.layout.spans[kind]
                first, last = np.searchsorted(places, (span.start, span.stop)).tolist()
                hit[places[first:last] - span.start] = True
            return np.flatnonzero(hit).astype(np.int32)

        return Moves(within("cost"), within("low", "high"), within("row_low", "row_high"), within("entries"))

    @cached_property
    def parts_by_change(self) -> dict[frozenset[str], tuple[Products, NDArray[np.int64], NDArray[np.int64]]]:
        return {}

    def depending(self, changed: frozenset[str], data: Data) -> tuple[Products, NDArray[np.int64], NDArray[np.int64]]:
        """(terms, targets, place of each term's target) of the numbers that depend on some parameters."""
        moves = np.concatenate([np.full(len(data.values[p.name]), p.name in changed) for p in PARAMETERS])
        moved = np.zeros(len(self.products.constant), dtype=bool)
        for begin, places in zip(self.products.begins, self.products.factors, strict=True):
            moved[begin:] |= moves[places]
        hit = np.zeros(self.layout.size, dtype=bool)
        hit[self.target[moved]] = True
        terms = np.flatnonzero(hit[self.target])
        targets, place = np.unique(self.target[terms], return_inverse=True)
        return self.products.only(terms), targets, place

    def program(self, numbers: Floats) -> Program:
        span = self.layout.spans
        return Program(
            cost=numbers[span["cost"]],
            offset=float(numbers[span["offset"]][0]),
            low=numbers[span["low"]],
            high=numbers[span["high"]],
            row_low=numbers[span["row_low"]],
            row_high=numbers[span["row_high"]],
            starts=self.starts,
            indices=self.indices,
            entries=numbers[span["entries"]],
        )

    def costs(self, numbers: Floats, x: Floats) -> dict[str, float]:
        """The parts of expected cost of an answer, thousand USD."""
        return self.parts.amounts(numbers[self.layout.spans["shares"]], x)


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
        parts, shares = self.take_parts()
        self.triplets.sort(key=lambda triplet: (triplet[0], triplet[1]))
        layout = Layout(len(self.columns), len(self.rows), len(self.triplets), len(shares))
        counts = np.bincount([j for j, _, _ in self.triplets], minlength=layout.n)
        entries = enumerate(terms for _, _, terms in self.triplets)
        return assemble(
            layout,
            parts,
            {**self.kinds, "entries": entries, "shares": enumerate(shares)},
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
            np.array([i for _, i, _ in self.triplets], dtype=np.int32),
            dict(Counter(v.parent_component().local_name for v in self.columns)),
            rows_by_equation(self.rows),
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

    def take_parts(self) -> tuple[Parts, list[Monomials]]:
        """Each cost term, and what is left at the ends, by the columns that it is made of; and the shares."""
        m = self.m
        names = [*m.terms, *LEFT]
        expressions = [total(m.weight[n] * amount(m, term, n) for n in m.component(term)) for term in m.terms]
        expressions += [-expected_stock_left(m), -capacity_left(m)]
        found: list[tuple[int, int, Monomials]] = []
        for part, expression in enumerate(expressions):
            if expression.__class__ in native_numeric_types:
                continue
            repn = generate_standard_repn(expression, compute_values=False)
            for v, coefficient in zip(repn.linear_vars, repn.linear_coefs, strict=True):
                found.append((part, self.column_of[id(v)], self.collect(coefficient)))
        part_of = np.array([part for part, _, _ in found], dtype=np.int64)
        column = np.array([column for _, column, _ in found], dtype=np.int64)
        return Parts(names, part_of, column), [share for _, _, share in found]

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
    place = 0
    for p in PARAMETERS:
        component = m.component(p.name)
        for data in component.values() if p.over else [component]:
            found[id(data)] = place
            place += 1
    return found


def assemble(
    layout: Layout,
    parts: Parts,
    kinds: Mapping[str, Iterable[tuple[int, Monomials]]],
    starts: NDArray[np.int32],
    indices: NDArray[np.int32],
    variables: dict[str, int],
    equations: dict[str, NDArray[np.int64]],
) -> Formulas:
    """The terms of all kinds of number in arrays; those without a parameter are fixed."""
    fixed = np.zeros(layout.size)
    target: list[int] = []
    terms: list[tuple[float, tuple[int, ...]]] = []
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
    return Formulas(layout, fixed, np.array(target, dtype=np.int64)[order], products, starts, indices, variables, equations, parts)
