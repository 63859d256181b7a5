"""The loosened program solved with some statements enforced: by how much, at least, they fail to hold together, and which of them prove it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from inputs.arrays import Floats, Places
from model.explain.loosened import Loosened, Unsolved
from model.solver.highs import Session
from model.solver.program import Answer, Program, Status

UNIT = 1000.0
"""What a change of a statement by its own scale is priced at: well above the solver's tolerance of prices."""

ENOUGH = 1e-6 * UNIT
"""Statements that fail by less than a millionth of their scale hold."""

NOTHING = 1e-9
"""A price below is 0."""

WRONG = 1e-6
"""A reduced cost of the wrong sign beyond this asks for its column."""


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
    """One loosened program, solved for one set of statements after another.

    The whole of it once, to see what fails; after `focus`, only columns near what fails move, all others rest where nothing is done, and those
    whose prices ask for it are let go until none does: what is then found holds for the whole program.
    """

    def __init__(self, loosened: Loosened, *, time_limit: float | None = None) -> None:
        self.loosened, self.levers, self.time_limit = loosened, loosened.levers, time_limit
        self.matrix, self.by_row = loosened.program.matrix, loosened.program.matrix.tocsr()
        self.open = loosened.most.copy()
        self.open[list(loosened.parts)] = np.inf
        self.rest: Floats = np.empty(0)
        self.row_low, self.row_high = loosened.program.row_low, loosened.program.row_high
        self.active: NDArray[np.bool_] = np.ones(len(loosened.program.cost), dtype=bool)

    def fail(self, enforced: Iterable[int]) -> Failing:
        """By how much levers fail to hold together, all others given up. Raises Unsolved."""
        cost = np.zeros(len(self.open))
        for lever in enforced:
            cost[list(self.levers[lever].slacks)] = UNIT / self.levers[lever].scale
        return self.solve(cost, self.open)

    def focus(self, rows: Places) -> None:
        """Let only the columns of some rows move, and rest all others where nothing is bought, made or released. Raises Unsolved."""
        if not len(self.rest):
            idle = replace(self.loosened.with_slacks(np.zeros(len(self.open)), self.open), cost=self.doing())
            self.rest = self.answered(idle).x
            done, program = self.matrix @ self.rest, self.loosened.program
            self.row_low, self.row_high = np.minimum(program.row_low, done), np.maximum(program.row_high, done)
        self.active = np.zeros(len(self.loosened.program.cost), dtype=bool)
        self.active[np.unique(self.by_row[rows].indices)] = True

    def doing(self) -> Floats:
        """(columns,): 1 for what does something."""
        names = [variable.parent_component().local_name for variable in self.loosened.strict.columns]
        does = [name in ("supply", "run", "order", "offtake", "release") for name in names]
        return np.append(np.array(does, dtype=float), np.zeros(len(self.open)))

    def solve(self, cost: Floats, high: Floats) -> Failing:
        """The least cost of the slacks within their upper bounds. Raises Unsolved."""
        program = self.loosened.with_slacks(cost, high)
        self.active[self.loosened.width :] |= cost > 0
        while not self.active.all():
            answer, y = self.restricted(program)
            asking = self.asking(program, y)
            if answer.objective <= ENOUGH or not asking.any():  # type: ignore[operator]
                return self.failing(answer.objective or 0.0, answer.x, y)
            self.active |= asking
        answer = self.answered(program)
        return self.failing(answer.objective or 0.0, answer.x, answer.row_dual)

    def restricted(self, program: Program) -> tuple[Answer, Floats]:
        """The answer where only active columns move (x is that of all columns), and the prices of all rows."""
        columns = np.flatnonzero(self.active)
        part = self.matrix[:, columns]
        rows = np.unique(part.indices)
        resting = np.where(self.active, 0.0, self.rest)
        there = self.matrix @ resting
        small = part.tocsr()[rows].tocsc()
        answer = self.answered(
            Program(
                program.cost[columns], float(program.cost @ resting), program.low[columns], program.high[columns],
                self.row_low[rows] - there[rows], self.row_high[rows] - there[rows],
                small.indptr.astype(np.int32), small.indices.astype(np.int32), small.data,
            )
        )  # fmt: skip
        x, y = resting.copy(), np.zeros(len(program.row_low))
        x[columns], y[rows] = answer.x, answer.row_dual
        return replace(answer, x=x), y

    def asking(self, program: Program, y: Floats) -> NDArray[np.bool_]:
        """Columns at rest that would lower the cost if they moved."""
        reduced = program.cost - self.matrix.T @ y
        less, more = self.rest > program.low + 1e-9, self.rest < program.high - 1e-9
        asks: NDArray[np.bool_] = ~self.active & (((reduced < -WRONG) & more) | ((reduced > WRONG) & less))
        return asks

    def answered(self, program: Program) -> Answer:
        """The optimal answer of a program. Raises Unsolved."""
        answer = Session(program, time_limit=self.time_limit).solve()
        if answer.status is not Status.OPTIMAL:
            raise Unsolved(answer.message or f"the loosened program is {answer.status}")
        return answer

    def failing(self, amount: float, x: Floats, y: Floats) -> Failing:
        """What an answer says of the statements."""
        return Failing(amount, x[self.loosened.width :], x[: self.loosened.width], y)


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
        amount = float(y @ side + reduced[counted] @ bound)
        if amount > ENOUGH:
            found.append((amount, mine))
    return [mine for _, mine in sorted(found, key=lambda pair: -pair[0])]
