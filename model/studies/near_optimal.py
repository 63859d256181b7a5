"""Plans that cost a little more than the least: how little, and how much, of a quantity any of them has.

The least cost with a quantity held to v or less (or more) is a convex function of v, and a solve gives its value and slope. From a v where
that cost is beyond what is allowed, the tangent leads to a v nearer the plan's own and never past the one that is sought (Newton's method), so
that it is found after few solves, each from the plan's basis, and exactly.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.sparse import csc_array, csr_array, vstack

from inputs.arrays import Floats, Ints
from model.solver.highs import Session, SolverError, with_basic_rows
from model.solver.program import Answer, Program, Status
from model.solver.scaling import is_far
from model.studies.curve import SIDES, as_column

SAME = 1e-10
"""Relative: a cost is what is allowed, a quantity is another."""

STEPS = 100
"""Solves for one end of one quantity at most."""

ENDLESS = 1e12
"""A quantity that goes as far for nothing has no limit."""

GROWTH = 8.0
"""How much farther from the plan is tried at most at a time: a tangent that is nearly level leads far away, where there may be no plan."""

INSIDE = 1e-7
"""Of the way back to the plan: so far from an end of what is possible a plan is found."""


@dataclass(frozen=True)
class Quantity:
    """An amount of a plan: the sum of `weights` x `columns`, or without weights the largest of the columns; `lowest` and `highest` bound it in any plan."""

    columns: Ints
    weights: Floats | None
    lowest: float = 0.0
    highest: float = math.inf

    def of(self, x: Floats) -> float:
        """The amount in a plan; `x` are its columns."""
        if not len(self.columns):
            return 0.0
        return float(self.weights @ x[self.columns]) if self.weights is not None else float(x[self.columns].max())


@dataclass(frozen=True)
class Held:
    """A quantity with one end held at a value: the program, and where the price of that stands."""

    program: Program
    row: int | None = None
    columns: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def slope(self, answer: Answer, sign: float) -> float:
        """What a unit farther costs, at least 0."""
        if self.row is not None:
            return max(sign * float(answer.row_dual[self.row]), 0.0)
        return float(np.maximum(sign * answer.reduced_cost[self.columns], 0.0).sum())


class NearOptimal:
    """The program of a plan `x` with a row for each sum; `session` is one that has solved it, and is left as it is. `allowed` is the most that a plan may cost, thousand USD."""

    def __init__(self, session: Session, x: Floats, quantities: Sequence[Quantity], allowed: float) -> None:
        sums = [q for q in quantities if q.weights is not None and len(q.columns)]
        self.x, self.allowed = x, allowed
        self.row = {id(q): len(session.program.row_low) + i for i, q in enumerate(sums)}
        self.program = with_rows(session.program, sums)
        self.session = Session(self.program, other_units=is_far(self.program))
        self.session.set_basis(with_basic_rows(session.basis, len(sums)))
        self.session.solve()
        self.basis = self.session.basis

    def least(self, quantity: Quantity) -> float:
        """The least of it that any plan has which costs no more than is allowed."""
        return self.reach(quantity, -1.0)

    def most(self, quantity: Quantity) -> float:
        """The most of it, infinite where it has no limit; of the largest of several columns, in the last of them (or what the plan has, if that is more)."""
        if quantity.weights is not None or len(quantity.columns) < 2:
            return self.reach(quantity, 1.0)
        return max(quantity.of(self.x), self.reach(replace(quantity, columns=quantity.columns[-1:]), 1.0))

    def reach(self, quantity: Quantity, sign: float) -> float:
        """How far a quantity goes down (`sign` -1) or up (1). Raises SolverError where the solver gives no answer."""
        if not len(quantity.columns):
            return 0.0
        inside = now = quantity.of(self.x)
        end = quantity.lowest if sign < 0 else quantity.highest
        at = end if math.isfinite(end) else now + sign * max(1.0, abs(now))
        if sign * (at - now) <= SAME * (1 + abs(now)):
            return now
        self.session.set_basis(self.basis)
        without = 0
        for _ in range(STEPS):
            held = self.held(quantity, sign, at)
            answer = self.answer(held.program)
            if answer is None or answer.objective is None:
                without += 1
                end = self.farthest(quantity, sign, at, inside) if without == 1 else at + INSIDE * (inside - at)
                if without > 2 or sign * (end - inside) <= SAME * (1 + abs(inside)):
                    return inside
                at = end
                self.session.set_basis(self.basis)
                continue
            room, slope = self.allowed - answer.objective, held.slope(answer, sign)
            if room >= 0:
                inside = at
                if sign * (end - at) <= 0:
                    return at
            step = room / slope if slope > 0 else math.inf
            step = min(step, GROWTH * max(1.0, abs(now), abs(at - now)))
            beyond = at + sign * step
            beyond = min(beyond, end) if sign > 0 else max(beyond, end)
            if abs(beyond) > ENDLESS:
                return sign * math.inf
            if abs(beyond - at) <= SAME * (1 + abs(at)):
                return beyond
            at = beyond
        raise SolverError("how far a quantity goes near the least cost was not found: the program is numerically out of range.")

    def plan_at(self, quantity: Quantity, sign: float, at: float) -> Answer:
        """The plan of least cost with a quantity at a value that it can have. Raises SolverError."""
        now = quantity.of(self.x)
        self.session.set_basis(self.basis)
        for value in (at, at + INSIDE * (now - at)):
            answer = self.answer(self.held(quantity, sign, value).program)
            if answer:
                return answer
        raise SolverError("a plan at the end of what is possible was not found: the program is numerically out of range.")

    def held(self, quantity: Quantity, sign: float, at: float) -> Held:
        """The program with a quantity at most (`sign` -1) or at least (1) `at`."""
        side = {-1.0: "high", 1.0: "low"}[sign]
        if quantity.weights is not None:
            row = self.row[id(quantity)]
            sides = getattr(self.program, f"row_{side}").copy()
            sides[row] = at
            return Held(replace(self.program, **{f"row_{side}": sides}), row)
        sides = getattr(self.program, side).copy()
        columns = quantity.columns[sign * (at - sides[quantity.columns]) > 0]
        sides[columns] = at
        return Held(replace(self.program, **{side: sides}), columns=columns)

    def farthest(self, quantity: Quantity, sign: float, at: float, inside: float) -> float:
        """How far towards `at`, where there is no plan, one exists."""
        outer, inner = self.held(quantity, sign, at).program, self.held(quantity, sign, inside).program
        steps = [np.where(getattr(outer, s) == getattr(inner, s), 0.0, inside - at) for s in SIDES]
        answer = Session(as_column(outer, steps, 1.0)).solve()
        if answer.status is not Status.OPTIMAL:
            raise SolverError(f"the solver did not say how far a quantity can go: {answer.status} {answer.message}".rstrip() + ".")
        return at + float(answer.x[-1]) * (inside - at)

    def answer(self, program: Program) -> Answer | None:
        """The answer to a program with other bounds, None where it has no plan. Raises SolverError."""
        self.session.change(program)
        answer = self.session.solve()
        if answer.status not in (Status.OPTIMAL, Status.INFEASIBLE):
            raise SolverError(f"the solver gave no plan near the least cost: {answer.status} {answer.message}".rstrip() + ".")
        return answer if answer.status is Status.OPTIMAL else None


def with_rows(program: Program, sums: Sequence[Quantity]) -> Program:
    """The program with a row for each sum, which limits nothing yet."""
    row = np.repeat(np.arange(len(sums)), [len(q.columns) for q in sums])
    columns = np.concatenate([np.empty(0, dtype=np.int64), *(q.columns for q in sums)])
    weights = np.concatenate([np.empty(0), *(q.weights for q in sums if q.weights is not None)])
    more = csr_array((weights, (row, columns)), shape=(len(sums), len(program.cost)))
    matrix = csc_array(vstack([program.matrix, more], format="csc"))
    none = np.full(len(sums), np.inf)
    return Program(
        cost=program.cost,
        offset=program.offset,
        low=program.low,
        high=program.high,
        row_low=np.append(program.row_low, -none),
        row_high=np.append(program.row_high, none),
        starts=matrix.indptr.astype(np.int32),
        indices=matrix.indices.astype(np.int32),
        entries=matrix.data,
    )
