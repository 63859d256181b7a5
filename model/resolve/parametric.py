"""Every number of the compiled program as a formula of the model's parameters, so that a changed case is followed without building again.

A coefficient, cost or bound of the model is a sum of products of parameters with a constant. Taken apart once (`model.resolve.extract`), all of them are evaluated
together by one gather and one sum over arrays, in a few milliseconds for half a million numbers; and after a change only those that it moves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from inputs.arrays import Floats, Ints, Places
from model.costs import CostBreakdown, Costs
from model.data.compute import Data
from model.parameters import PARAMETERS
from model.solver.program import Delta, Program

REMEMBERED = 64
"""So many sets of parameters that change together are remembered with what depends on them, the last used ones."""


def parameter_vector(data: Data) -> Floats:
    """Every parameter in the order of PARAMETERS and of its set."""
    return np.concatenate([data.values[p.name] for p in PARAMETERS])


@dataclass(frozen=True)
class Layout:
    """Where each kind of number stands in the vector of numbers, for n columns, m rows, z coefficients and p coefficients of costs."""

    n: int
    m: int
    z: int
    p: int

    @property
    def sizes(self) -> dict[str, int]:
        """How many numbers of each kind there are."""
        return {
            "cost": self.n, "low": self.n, "high": self.n, "row_low": self.m, "row_high": self.m, "entries": self.z, "offset": 1,
            "cost_coefficients": self.p,
        }  # fmt: skip

    @cached_property
    def spans(self) -> dict[str, slice]:
        """Where each kind stands among all numbers."""
        return spans(self.sizes)

    @property
    def size(self) -> int:
        """How many numbers there are in all."""
        return int(self.spans["cost_coefficients"].stop)


def spans(sizes: Mapping[str, int]) -> dict[str, slice]:
    """The place of each in a vector where they follow one another."""
    ends = np.cumsum([0, *sizes.values()]).tolist()
    return {name: slice(start, end) for name, start, end in zip(sizes, ends, ends[1:], strict=False)}


@dataclass(frozen=True)
class Monomials:
    """Constants times parameters: `factors[k]` are places in the vector of parameters, for the terms from `begins[k]` on.

    The terms stand in the order of how many parameters they have, so that the short ones cost little.
    """

    constant: Floats
    begins: tuple[int, ...]
    factors: tuple[Places, ...]

    def values(self, parameters: Floats) -> Floats:
        """Each product of parameters at their values."""
        products = self.constant.copy()
        for begin, places in zip(self.begins, self.factors, strict=True):
            products[begin:] *= parameters[places]
        return products

    def only(self, terms: Ints) -> Monomials:
        """Some of the terms (places in ascending order)."""
        begins = tuple(int(np.searchsorted(terms, begin)) for begin in self.begins)
        factors = tuple(places[terms[at:] - begin] for at, begin, places in zip(begins, self.begins, self.factors, strict=True))
        return Monomials(self.constant[terms], begins, factors)


@dataclass(frozen=True)
class Dependents:
    """Numbers that depend on some parameters: their places `targets`, and their terms, each with the place of its number in `targets`."""

    products: Monomials
    targets: Ints
    place: Ints


Depending = Callable[[frozenset[str]], Dependents]


@dataclass(frozen=True)
class ParametricProgram:
    """A program's structure, and its numbers as sums of products: numbers = fixed + sum over terms of their products.

    `target` is the place of a term in the vector of numbers; `variables` gives how many
    columns each variable has, in order, `equations` the rows of each equation, and `lengths`
    how many numbers each parameter has. It holds nothing of the model, which can be thrown away.
    """

    layout: Layout
    fixed: Floats
    target: Ints
    products: Monomials
    starts: Places
    indices: Places
    variables: dict[str, int]
    equations: dict[str, Ints]
    breakdown: CostBreakdown
    lengths: dict[str, int]

    @cached_property
    def spans(self) -> dict[str, slice]:
        """The columns of each variable."""
        return spans(self.variables)

    def numbers(self, data: Data) -> Floats:
        """All numbers of the program for the data of a case of the same structure."""
        products = self.products.values(parameter_vector(data))
        return self.fixed + np.bincount(self.target, products, minlength=self.layout.size)

    def updated(self, numbers: Floats, data: Data, last: Data, depending: Depending | None = None) -> tuple[Floats, Delta]:
        """The numbers for `data`, given those for `last`, and where they differ.

        Only what depends on parameters that differ is evaluated, to the same bits; `depending`
        is `remembered` of this program where many changes follow one another.
        """
        changed = frozenset(
            p.name
            for p in PARAMETERS
            if data.values[p.name] is not last.values[p.name] and not np.array_equal(data.values[p.name], last.values[p.name])
        )
        if not changed:
            return numbers, self.moves(np.empty(0, dtype=np.int64))
        found = (depending or self.depending)(changed)
        targets = found.targets
        anew = self.fixed[targets] + np.bincount(found.place, found.products.values(parameter_vector(data)), minlength=len(targets))
        renewed = numbers.copy()
        renewed[targets] = anew
        return renewed, self.moves(targets[numbers[targets] != anew])

    def moves(self, places: Ints) -> Delta:
        """What numbers at some places (ascending) are of a program."""

        def within(*kinds: str) -> Places:
            hit = np.zeros(self.layout.sizes[kinds[0]], dtype=bool)
            for kind in kinds:
                span = self.layout.spans[kind]
                first, last = np.searchsorted(places, (span.start, span.stop)).tolist()
                hit[places[first:last] - span.start] = True
            return np.flatnonzero(hit).astype(np.int32)

        return Delta(within("cost"), within("low", "high"), within("row_low", "row_high"), within("entries"))

    def depending(self, changed: frozenset[str]) -> Dependents:
        """The numbers that depend on some parameters."""
        moves = np.concatenate([np.full(self.lengths[p.name], p.name in changed) for p in PARAMETERS])
        moved = np.zeros(len(self.products.constant), dtype=bool)
        for begin, places in zip(self.products.begins, self.products.factors, strict=True):
            moved[begin:] |= moves[places]
        hit = np.zeros(self.layout.size, dtype=bool)
        hit[self.target[moved]] = True
        terms = np.flatnonzero(hit[self.target])
        targets, place = np.unique(self.target[terms], return_inverse=True)
        return Dependents(self.products.only(terms), targets, place)

    def program(self, numbers: Floats) -> Program:
        """The program of numbers in the order of the layout."""
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

    def costs(self, numbers: Floats, x: Floats) -> Costs:
        """The costs of an answer."""
        return self.breakdown.evaluate(numbers[self.layout.spans["cost_coefficients"]], x)


def remembered(parametric: ParametricProgram) -> Depending:
    """What depends on parameters that change; the last used sets of them are remembered as long as this is held."""
    return lru_cache(maxsize=REMEMBERED)(parametric.depending)
