"""Is an answer optimal? Feasibility on both sides, complementary slackness and the gap, from the arrays alone.

A warm-started solver has been seen to call answers optimal that are not (HiGHS #3194,
#3294), so every answer of a re-solve is checked, and solved from scratch where it fails.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.session import Answer, Floats, Program

FEASIBILITY = 1e-6
"""Relative to 1 + the size of the bound (or cost)."""

LARGE = 1e30
"""Stands for a bound that is not there."""

GAP = 1e-9
"""Relative to 1 + the size of the objective."""


@dataclass(frozen=True)
class Check:
    """The largest violation of each condition of optimality, each relative; `ok` if all are within tolerance."""

    primal: float
    dual: float
    slackness: float
    gap: float

    @property
    def ok(self) -> bool:
        return max(self.primal, self.dual, self.slackness) <= FEASIBILITY and self.gap <= GAP


def check(program: Program, answer: Answer) -> Check:
    """Check an optimal answer (`x`, `row_dual`) of a program; duals are recomputed, the solver's word is not taken."""
    matrix = program.matrix
    x, y = answer.x, answer.row_dual
    activity = matrix @ x
    z = program.cost - matrix.T @ y
    primal = max(outside(x, program.low, program.high), outside(activity, program.row_low, program.row_high))
    dual = max(unbounded(z, program.low, program.high, np.abs(program.cost)), unbounded(y, program.row_low, program.row_high, np.abs(y)))
    columns = priced(z, x, program.low, program.high)
    rows = priced(y, activity, program.row_low, program.row_high)
    objective = dot(program.cost, x) + program.offset
    bound = float(columns[0] + rows[0]) + program.offset
    size = 1 + abs(objective)
    return Check(primal, dual, (columns[1] + rows[1]) / size, abs(objective - bound) / size)


def outside(values: Floats, low: Floats, high: Floats) -> float:
    """The largest violation of a bound, relative to 1 + its size."""
    floor, ceiling = finite(low, -LARGE), finite(high, LARGE)
    below, above = (floor - values) / (1 + np.abs(floor)), (values - ceiling) / (1 + np.abs(ceiling))
    return float(max(below.max(initial=0.0), above.max(initial=0.0)))


def unbounded(prices: Floats, low: Floats, high: Floats, size: Floats) -> float:
    """The largest dual price on a bound that is not there, relative to 1 + `size`."""
    wrong = np.where(np.isfinite(low), 0.0, np.maximum(prices, 0.0)) + np.where(np.isfinite(high), 0.0, np.maximum(-prices, 0.0))
    return float((wrong / (1 + size)).max(initial=0.0))


def priced(prices: Floats, values: Floats, low: Floats, high: Floats) -> tuple[float, float]:
    """(dual value of the bounds, sum of price x distance from the bound that has it)."""
    up, down = np.maximum(prices, 0.0), np.maximum(-prices, 0.0)
    at_low = np.where(np.isfinite(low), low, 0.0)
    at_high = np.where(np.isfinite(high), high, 0.0)
    value = dot(up, at_low) - dot(down, at_high)
    from_low = np.where(np.isfinite(low), np.abs(values - at_low), 0.0)
    from_high = np.where(np.isfinite(high), np.abs(at_high - values), 0.0)
    return value, dot(up, from_low) + dot(down, from_high)


def finite(bounds: Floats, instead: float) -> Floats:
    return np.where(np.isfinite(bounds), bounds, instead)


def dot(a: Floats, b: Floats) -> float:
    """The scalar product without BLAS, whose threads wait for one another while HiGHS uses the cores."""
    return float(np.multiply(a, b).sum())
