"""A program in other units, in which its numbers are near 1: what a verdict is confirmed on, for tolerances are absolute.

In tonnes of 1e-9 every limit is kept to the solver's 1e-7, or none can be; a program knows nothing of units, so all of its
verdicts but an optimum (which is checked by itself) must hold in units of its own size as well. All factors are powers of two, which round nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inputs.arrays import Floats
from model.solver.optimality import check_optimality
from model.solver.program import Answer, Program, Status
from model.solver.spread import spreads

ROUNDS = 4
"""Of balancing rows and columns in turn; more change little."""

NEAR = (2.0**-16, 2.0**20)
"""Typical sizes of limits and costs that are solved as they stand; the tolerances are 1e-7."""

OUT_OF_RANGE = "numerically out of range"


@dataclass(frozen=True)
class Scaled:
    """A program with rows x `rows`, columns / `columns`, sides and bounds / `size` on top of it, and costs / `price`.

    x = columns * size * x', and a row's dual is rows * price / size * that of the scaled program.
    """

    program: Program
    rows: Floats
    columns: Floats
    size: float
    price: float

    def unscaled(self, answer: Answer, program: Program) -> Answer:
        """An optimal answer of the scaled program as one of `program`, which it was scaled from."""
        x = answer.x * self.columns * self.size
        objective = float(np.multiply(program.cost, x).sum()) + program.offset
        return replace(answer, objective=objective, x=x, row_dual=answer.row_dual * self.rows * (self.price / self.size))


@np.errstate(over="ignore")
def scaled(program: Program) -> Scaled:
    """The program in units in which coefficients, then limits, then costs are near 1 in their geometric mean; a limit that grows beyond all numbers is none."""
    n, m = len(program.cost), len(program.row_low)
    row, column = program.indices, np.repeat(np.arange(n), np.diff(program.starts))
    there = program.entries != 0
    logs = np.log2(np.abs(program.entries), out=np.zeros(len(program.entries)), where=there)
    by_row, by_column = np.zeros(m), np.zeros(n)
    for _ in range(ROUNDS):
        by_row = -middle(logs + by_column[column], row, there, m)
        by_column = -middle(logs + by_row[row], column, there, n)
    rows, columns = np.exp2(np.rint(by_row)), np.exp2(np.rint(by_column))
    limits = [program.low / columns, program.high / columns, program.row_low * rows, program.row_high * rows]
    size = typical(np.concatenate(limits))
    cost = program.cost * columns * size
    price = typical(cost)
    low, high, row_low, row_high = (limit / size for limit in limits)
    entries = program.entries * rows[row] * columns[column]
    found = replace(
        program, cost=cost / price, offset=program.offset / price, low=low, high=high, row_low=row_low, row_high=row_high, entries=entries
    )
    return Scaled(found, rows, columns, size, price)


def middle(logs: Floats, groups: NDArray[np.integer], there: NDArray[np.bool_], count: int) -> Floats:
    """(groups,): half way between the least and the largest of each group's logs, 0 of an empty one."""
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, groups[there], logs[there])
    np.maximum.at(high, groups[there], logs[there])
    some = low <= high
    return (np.where(some, low, 0.0) + np.where(some, high, 0.0)) / 2


def typical(numbers: Floats) -> float:
    """The power of two nearest to the geometric mean of the sizes of numbers that are neither 0 nor without end; 1 of none."""
    sizes = np.abs(numbers)
    sizes = sizes[np.isfinite(sizes) & (sizes > 0)]
    return float(np.exp2(np.rint(np.log2(sizes).mean()))) if len(sizes) else 1.0


def is_far(program: Program) -> bool:
    """Whether the limits or the costs of a program are so far from 1 that tolerances say nothing of them."""
    limits = np.concatenate([program.low, program.high, program.row_low, program.row_high])
    return any(not NEAR[0] <= typical(numbers) <= NEAR[1] for numbers in (limits, program.cost))


def confirmed(program: Program, first: Answer | None, scale: Scaled, second: Answer) -> Answer:
    """What to say of a program where `first` is the verdict on it (None where it was not solved), and `second` the answer of the scaled one.

    The verdict where both agree. An optimum, which has passed the check in other units, is one of a program far from 1, whose own units
    say nothing; of one whose verdict was another it must pass there too. Else the program is out of range, and the names at both
    ends of its numbers are said. A second that is stopped or unsolved is so.
    """
    seconds, iterations = second.seconds, second.iterations
    if first:
        seconds, iterations = seconds + first.seconds, iterations + first.iterations
    if second.status is Status.OPTIMAL:
        found = scale.unscaled(second, program)
        check = check_optimality(program, found)
        if check.ok or first is None:
            return replace(found, reduced_cost=check.reduced_cost, seconds=seconds, iterations=iterations, restarted=first is not None)
        why = check.text
    elif first is None or second.status in (first.status, Status.STOPPED, Status.UNSOLVED):
        return replace(second, seconds=seconds, iterations=iterations)
    else:
        why = f"it is {first.status} as it stands, and {second.status} in other units"
    text = f"{OUT_OF_RANGE}: {why}; see its {'; '.join(found.text for found in spreads(program))}"
    return Answer(Status.UNSOLVED, None, message=text, seconds=seconds, iterations=iterations)
