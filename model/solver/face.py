"""The optimal face: all answers of a program that cost the same, and the one of them that other objectives choose, one after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from inputs.arrays import Floats, Places
from model.solver.highs import Session
from model.solver.program import Answer, Program, Status

PRICED = 1e-7
"""A dual price of at most this is 0: HiGHS's own tolerance."""


@dataclass(frozen=True)
class Face:
    """What is left to choose of a program: `program` has the columns `free` of the whole one, and the rows in which they are; `x` holds the others."""

    program: Program
    free: Places
    x: Floats

    def whole(self, x: Floats) -> Floats:
        """All columns, of a choice of the free ones."""
        chosen = self.x.copy()
        chosen[self.free] = x
        return chosen

    def best(self, objective: Floats) -> Answer:
        """The answer of the face that is least by an objective over the columns of the whole program."""
        return Session(replace(self.program, cost=objective[self.free])).solve()

    def narrowed(self, objective: Floats, answer: Answer) -> Face:
        """The face of this one's answers that are as little by an objective as `answer`."""
        inner = optimal_face(replace(self.program, cost=objective[self.free]), answer)
        return Face(inner.program, self.free[inner.free], self.whole(inner.x))


def optimal_face(program: Program, answer: Answer) -> Face:
    """The answers of a program that cost no more than an optimal one.

    An optimal answer and the dual prices of any other complement one another: a column with a reduced cost stays at its bound, and
    a row with a price at its side. What is left is the whole face, whatever prices HiGHS happened to find.
    """
    matrix = program.matrix
    reduced_cost = program.cost - matrix.T @ answer.row_dual
    low, high = at_sides(reduced_cost, program.low, program.high)
    row_low, row_high = at_sides(answer.row_dual, program.row_low, program.row_high)
    is_free = low < high
    x = np.where(is_free, 0.0, np.where(np.isfinite(low), low, answer.x))
    free = np.flatnonzero(is_free).astype(np.int32)
    part = csr_array(matrix[:, free])
    rows = np.flatnonzero(np.diff(part.indptr))
    columns = part[rows].tocsc()
    taken = (matrix @ x)[rows]
    left = Program(
        cost=program.cost[free],
        offset=0.0,
        low=low[free],
        high=high[free],
        row_low=row_low[rows] - taken,
        row_high=row_high[rows] - taken,
        starts=columns.indptr.astype(np.int32),
        indices=columns.indices.astype(np.int32),
        entries=columns.data,
    )
    return Face(left, free, x)


def at_sides(prices: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Bounds that leave no room where there is a price: one above 0 is that of the lower bound."""
    at_low, at_high = (prices > PRICED) & np.isfinite(low), (prices < -PRICED) & np.isfinite(high)
    return np.where(at_high, high, low), np.where(at_low, low, high)


def first_of(face: Face, objectives: Sequence[Floats]) -> Floats | None:
    """The answer of a face that is least by the first objective, among those by the second, and so on; None where HiGHS does not say."""
    x = face.x
    for objective in objectives:
        if not objective[face.free].any():
            continue
        answer = face.best(objective)
        if answer.status is not Status.OPTIMAL:
            return None
        x, face = face.whole(answer.x), face.narrowed(objective, answer)
    return x
