"""Is an answer optimal? Feasibility on both sides, complementary slackness and the gap, from the arrays alone.

A warm-started solver has been seen to call answers optimal that are not (HiGHS #3194,
#3294), so every answer is checked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inputs.arrays import Floats
from model.solver.program import Answer, Program

FEASIBILITY = 1e-6
"""Relative to 1 + the size of the bound (or cost)."""

GAP = 1e-9
"""Relative to 1 + the size of the objective."""


@dataclass(frozen=True)
class Check:
    """The largest violation of each condition of optimality, each relative; `ok` if all are within tolerance.

    `reduced_cost` (columns,) is what a unit more of each column adds to the objective, recomputed from the duals of the rows.
    """

    primal: float
    dual: float
    slackness: float
    gap: float
    reduced_cost: Floats

    @property
    def ok(self) -> bool:
        """Whether every violation is within its tolerance."""
        return max(self.primal, self.dual, self.slackness) <= FEASIBILITY and self.gap <= GAP

    @property
    def text(self) -> str:
        """By how much the answer fails, in words."""
        found = {"limits are missed": self.primal, "prices": self.dual, "slackness": self.slackness, "gap": self.gap}
        return f"its answer is not optimal: {', '.join(f'{name} by {size:.1g}' for name, size in found.items())}, relative"


def check_optimality(program: Program, answer: Answer) -> Check:
    """Check an optimal answer (`x`, `row_dual`) of a program; duals are recomputed, the solver's word is not taken."""
    matrix = program.matrix
    x, y = answer.x, answer.row_dual
    reduced_cost = program.cost - matrix.T @ y
    columns = conditions(x, reduced_cost, program.low, program.high, np.abs(program.cost))
    rows = conditions(matrix @ x, y, program.row_low, program.row_high, np.abs(y))
    objective = dot(program.cost, x) + program.offset
    bound = columns.value + rows.value + program.offset
    size = 1 + abs(objective)
    return Check(
        max(columns.primal, rows.primal),
        max(columns.dual, rows.dual),
        (columns.slackness + rows.slackness) / size,
        abs(objective - bound) / size,
        reduced_cost,
    )


@dataclass(frozen=True)
class Conditions:
    """What bounds and their dual prices violate at most, relative (`primal`, `dual`), and summed in money: `value` of the bounds, `slackness`."""

    primal: float
    dual: float
    value: float
    slackness: float


def conditions(values: Floats, prices: Floats, low: Floats, high: Floats, size: Floats) -> Conditions:
    """The conditions of columns, or of rows; a dual price counts relative to 1 + `size`.

    A price above 0 is that of the lower bound, one below 0 that of the upper; where that
    bound is not there the price is wrong.
    """
    nearest = np.minimum(np.maximum(values, low), high)
    off = np.abs(values - nearest)
    outside = np.flatnonzero(off)
    bound = np.where(prices > 0, low, high)
    distance = values - bound
    missing = np.flatnonzero(np.isinf(bound))
    bound[missing] = distance[missing] = 0.0
    return Conditions(
        primal=float((off[outside] / (1 + np.abs(nearest[outside]))).max(initial=0.0)),
        dual=float((np.abs(prices[missing]) / (1 + size[missing])).max(initial=0.0)),
        value=dot(prices, bound),
        slackness=float(np.abs(prices * distance).sum()),
    )


def dot(a: Floats, b: Floats) -> float:
    """The scalar product without BLAS, whose threads wait for one another while HiGHS uses the cores."""
    return float(np.multiply(a, b).sum())
