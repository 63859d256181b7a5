"""What a plan proves: feasible by how much, its costs line by line, and a bound below which no plan can cost."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from inputs.arrays import Flags, Floats
from inputs.case import Case
from model.certificate.amounts import Amounts, amounts, vector
from model.certificate.exact import LARGEST, SMALLEST, products, sum_below, sums
from model.certificate.implied import implied_bounds
from model.certificate.program import Program
from model.certificate.rebuild import rebuild
from model.certificate.settle import HAIRS, settled

FEASIBLE = 1e-6
"""A row or bound is kept if it is missed by no more than this times the largest of 1 and what is added up in it."""

PROVED = 1e-6
"""The gap, relative to the cost, up to which a plan counts as proved."""

ROUNDING = 1e-12
"""Relative to what is added up: a reduced cost of no more than this is 0."""

CONTENT = 1e-9
"""A gap that is not worth another try with other prices."""


@dataclass(frozen=True)
class Violation:
    """A row or bound that an answer misses: by `size` t (or its own unit), `relative` to what is added up in it."""

    name: str
    size: float
    relative: float


@dataclass(frozen=True)
class Bound:
    """A proved lower bound of the cost, in thousand USD (-inf: none).

    `implied` counts by variable the columns whose bound the data only imply, and `open` those that have
    none and stand in the way. `moved` says whether prices were moved (by less than they are known to) for it.
    """

    value: float
    implied: Mapping[str, int] = field(default_factory=dict)
    open: Mapping[str, int] = field(default_factory=dict)
    moved: bool = False


@dataclass(frozen=True)
class Report:
    """What a check found; amounts in thousand USD.

    `violations` are the worst, first of all those beyond FEASIBLE. `lines` are the lines of the expected cost
    and `risk` is what the weight on the tail adds; together they are `primal`, the cost of the plan.
    """

    program: Program
    x: Floats
    prices: Floats
    violations: tuple[Violation, ...]
    lines: Mapping[str, float]
    risk: float
    primal: float
    bound: Bound
    unknown: tuple[str, ...] = ()

    @cached_property
    def quantities(self) -> Amounts:
        """Every quantity that is not 0."""
        return amounts(self.x, self.program, self.program.columns)

    @cached_property
    def all_prices(self) -> Amounts:
        """Every price of a row, and after them every reduced cost, that is not 0."""
        rows = amounts(self.prices, self.program, self.program.rows)
        columns = amounts(reduced_costs(self.program, self.prices), self.program, self.program.columns)
        return Amounts([*rows.rows, *columns.rows], rows.places, np.vstack([rows.values, columns.values]))

    @property
    def gap(self) -> float:
        """(cost of the plan - bound) relative to the cost; inf where there is no bound."""
        return (self.primal - self.bound.value) / max(1.0, abs(self.primal))

    @property
    def feasible(self) -> bool:
        """Whether every row and bound is kept."""
        return not self.unknown and not any(v.relative > FEASIBLE for v in self.violations)

    @property
    def proved(self) -> bool:
        """Whether no plan costs less by more than PROVED."""
        return abs(self.gap) <= PROVED

    @property
    def passed(self) -> bool:
        """Whether the plan is both."""
        return self.feasible and self.proved

    def faults(self) -> list[str]:
        """Why it did not pass, in words."""
        found = [f"{name}: this case has no such quantity" for name in self.unknown]
        found += [f"{v.name}: missed by {v.size:.6g}" for v in self.violations if v.relative > FEASIBLE]
        if not math.isfinite(self.bound.value) and not self.bound.open:
            found.append(
                f"no bound is proved: a number or price of the case is below {SMALLEST:.0e} or above {LARGEST:.0e}, beyond exact arithmetic"
            )
        elif not math.isfinite(self.bound.value):
            columns = ", ".join(f"{count} of {name}" for name, count in self.bound.open.items())
            found.append(f"no bound is proved: nothing limits some quantities ({columns})")
        elif not self.proved:
            found.append(f"the plan costs {self.primal:.9g} thousand USD, and no less than {self.bound.value:.9g} is all that is proved")
        return found


def check(case: Case, quantities: Amounts, prices: Amounts) -> Report:
    """What the quantities of a plan and the prices of its rows prove of a case."""
    program = rebuild(case)
    x, unknown = vector(quantities, program, program.columns)
    y, _ = vector(prices, program, program.rows)
    return examine(program, x, y, tuple(unknown))


def examine(program: Program, x: Floats, y: Floats, unknown: tuple[str, ...] = ()) -> Report:
    """The same for arrays in the order of the program's columns and rows."""
    lines = {name: math.fsum((of * x).tolist()) for name, of in program.lines.items()}
    primal = math.fsum((program.cost * x).tolist())
    bound = prove(program, y, primal)
    return Report(program, x, y, violations(program, x), lines, primal - math.fsum(lines.values()), primal, bound, unknown)


def violations(program: Program, x: Floats, count: int = 5) -> tuple[Violation, ...]:
    """The worst misses of rows and bounds, relative to the largest of 1, the side and what is added up."""
    terms = program.value * x[program.column]
    height = len(program.low)
    activity = np.bincount(program.row, terms, height)
    largest = np.ones(height)
    np.maximum.at(largest, program.row, np.abs(terms))
    found = []
    for blocks, value, low, high, scale in (
        (program.rows, activity, program.low, program.high, largest),
        (program.columns, x, program.lower, program.upper, np.maximum(1, np.abs(x))),
    ):
        missed = np.maximum(np.maximum(low - value, value - high), 0)
        relative = missed / scale
        for i in np.argsort(-relative)[:count]:
            if missed[i] > 0:
                found.append(Violation(program.name(blocks, int(i)), float(missed[i]), float(relative[i])))
    return tuple(sorted(found, key=lambda v: -v.relative)[:count])


def prove(program: Program, y: Floats, primal: float) -> Bound:
    """The best bound that the prices give, as they are or moved by a hair."""
    lower, upper = implied_bounds(program)
    best = bound(program, usable(program, y), lower, upper)
    for hair in HAIRS:
        if primal - best.value <= CONTENT * max(1.0, abs(primal)):
            break
        other = bound(program, usable(program, settled(program, y, hair)), lower, upper, moved=True)
        best = max(best, other, key=lambda b: b.value)
    return best


def usable(program: Program, y: Floats) -> Floats:
    """Prices without those that are too small to count and those of a side that the row does not have."""
    y = np.where(np.abs(y) < 1e-30, 0.0, y)
    wrong: Flags = ((y > 0) & np.isinf(program.low)) | ((y < 0) & np.isinf(program.high))
    return np.where(wrong, 0.0, y)


def bound(program: Program, y: Floats, lower: Floats, upper: Floats, *, moved: bool = False) -> Bound:
    """Weak duality, in arithmetic that cannot err: y b + the least that the reduced costs c - A'y can add within the bounds. None (-inf) of numbers beyond that arithmetic."""
    try:
        return exact_bound(program, y, lower, upper, moved=moved)
    except OverflowError:
        return Bound(-math.inf, moved=moved)


def exact_bound(program: Program, y: Floats, lower: Floats, upper: Floats, *, moved: bool) -> Bound:
    """The same. Raises OverflowError."""
    p, rest = products(program.value, y[program.row])
    below, above = sums(program.column, [-p, -rest], program.cost)
    side = np.where(y > 0, program.low, np.where(y < 0, program.high, 0.0))
    # The least of d x for x within the bounds is concave in d: over what encloses d it is at one of the two ends.
    opened, implied = np.zeros(len(lower), dtype=bool), np.zeros(len(lower), dtype=bool)
    for d in (below, above):
        at = np.where(d < 0, upper, lower)
        opened |= (d != 0) & np.isinf(at)
        implied |= (d != 0) & np.isinf(np.where(d < 0, program.upper, program.lower))
    if opened.any():
        return Bound(-math.inf, {}, by_variable(program, opened), moved)
    least = np.minimum(at_least(below, lower, upper), at_least(above, lower, upper))
    return Bound(sum_below(np.concatenate([*products(y, side), least])), by_variable(program, implied), {}, moved)


def at_least(d: Floats, lower: Floats, upper: Floats) -> Floats:
    """What d x is no less than, within the bounds of x."""
    at = np.where(d < 0, upper, np.where(d > 0, lower, 0.0))
    return np.where(d * at == 0, 0.0, np.nextafter(d * at, -np.inf))


def reduced_costs(program: Program, y: Floats) -> Floats:
    """c - A'y, 0 where it is no more than rounding."""
    terms = program.value * y[program.row]
    width = len(program.cost)
    size = np.abs(program.cost) + np.bincount(program.column, np.abs(terms), width)
    d = program.cost - np.bincount(program.column, terms, width)
    return np.where(np.abs(d) <= ROUNDING * size, 0.0, d)


def by_variable(program: Program, columns: Flags) -> dict[str, int]:
    """How many of some columns each variable has."""
    counts = {name: int(columns[block.at[block.here]].sum()) for name, block in program.columns.items()}
    return {name: count for name, count in counts.items() if count}
