"""The loosened program solved with some statements enforced: by how much, at least, they fail to hold together, and which of them prove it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.sparse.csgraph import connected_components

from inputs.arrays import Floats, Places
from model.explain.loosened import Loosened, Unsolved
from model.solver.highs import Session
from model.solver.program import Solver, Status

UNIT = 1000.0
"""What a change of a statement by its own scale is priced at: well above the solver's tolerance of prices."""

ENOUGH = 1e-6 * UNIT
"""Statements that fail by less than a millionth of their scale hold."""

NOTHING = 1e-9
"""A price below is 0."""


@dataclass(frozen=True)
class Failing:
    """By how much the enforced statements fail (0 where they hold), the slacks, the columns of the case, and the prices of all rows."""

    amount: float
    slack: Floats
    x: Floats
    row_dual: Floats

    @property
    def holds(self) -> bool:
        """Whether they hold together, within the solver's tolerance."""
        return self.amount <= ENOUGH


class Elastic:
    """One loosened program, solved for one set of statements after another, each time from scratch: presolve takes most of it away."""

    def __init__(self, loosened: Loosened, *, time_limit: float | None = None) -> None:
        self.loosened, self.levers, self.time_limit = loosened, loosened.levers, time_limit
        self.open = loosened.most.copy()
        self.open[list(loosened.parts)] = np.inf

    def fail(self, enforced: Iterable[int]) -> Failing:
        """By how much levers fail to hold together, all others given up. Raises Unsolved."""
        cost = np.zeros(len(self.open))
        for lever in enforced:
            cost[list(self.levers[lever].slacks)] = UNIT / self.levers[lever].scale
        return self.solve(cost, self.open)

    def solve(self, cost: Floats, high: Floats) -> Failing:
        """The least cost of the slacks within their upper bounds; infinite where there is no way. Raises Unsolved."""
        program, width = self.loosened.with_slacks(cost, high), self.loosened.width
        answer = Session(program, time_limit=self.time_limit).solve()
        if answer.status is Status.UNSOLVED:  # the simplex has been seen to give up where an interior point does not
            answer = Session(program, time_limit=self.time_limit, solver=Solver.IPM).solve()
        if answer.status is Status.INFEASIBLE:
            return Failing(np.inf, np.empty(0), np.empty(0), np.empty(0))
        if answer.status is not Status.OPTIMAL or answer.objective is None:
            raise Unsolved(answer.message or f"the loosened program is {answer.status}")
        return Failing(answer.objective, answer.x[width:], answer.x[:width], answer.row_dual)


def blamed(loosened: Loosened, failing: Failing, among: Iterable[int], rows: Places | None = None) -> list[int]:
    """The levers whose rows have a price, in some rows or in all: they alone fail by that amount, whatever becomes of the others."""
    y = failing.row_dual
    if rows is not None:
        y = np.zeros_like(y)
        y[rows] = failing.row_dual[rows]
    price = loosened.program.matrix[:, loosened.width :].T @ y
    return [lever for lever in among if np.abs(price[list(loosened.levers[lever].slacks)]).max() > NOTHING]


def separate(loosened: Loosened, failing: Failing) -> list[Places]:
    """The rows with a price, in parts that have no column in common (slacks of statements aside), each of which fails by itself, the worst first."""
    rows = np.flatnonzero(np.abs(failing.row_dual) > NOTHING)
    matrix, program = loosened.program.matrix, loosened.program
    own = [*range(loosened.width), *(loosened.width + part for part in loosened.parts)]
    mine_only = matrix[:, own].tocsr()
    shared = abs(mine_only[rows])
    _, part = connected_components(shared @ shared.T, directed=False)
    found = []
    for which in np.unique(part).tolist():
        mine = rows[part == which]
        y = failing.row_dual[mine]
        reduced = -(mine_only[mine].T @ y)
        counted = np.abs(reduced) > NOTHING
        bound = np.where(reduced > 0, program.low[own], program.high[own])[counted]
        side = np.where(y > 0, program.row_low[mine], program.row_high[mine])
        amount = finite(y * side).sum() + finite(reduced[counted] * bound).sum()
        if amount > ENOUGH:
            found.append((amount, mine))
    return [mine for _, mine in sorted(found, key=lambda pair: -pair[0])] or [rows]


def finite(amounts: Floats) -> Floats:
    """Amounts without those that a price within the solver's tolerance makes of a bound that is not there."""
    return amounts[np.isfinite(amounts)]
