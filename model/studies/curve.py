"""The program of a case along one number: whether only limits move with it, and what a plan costs at each value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.sparse import coo_array, csc_array, hstack, vstack

from inputs.apply import apply
from inputs.arrays import Floats
from inputs.case import Case
from inputs.change import Change
from inputs.errors import StockpileError
from model.build import build
from model.data.compute import Data, compute
from model.metrics import capacity_in_peace, orders_of, stock_targets
from model.plan import make_plan
from model.resolve.extract import extract
from model.resolve.parametric import ParametricProgram
from model.solver.highs import Session, SolverError
from model.solver.program import Answer, Program, Status

SIDES = ("low", "high", "row_low", "row_high")
"""The limits of a program."""

NEAR = 1e-7
"""Of the range: how near to its first value the program of a curve is built, where it has other rows at that value itself."""

ROUNDING = 1e-9
"""Relative to how far a limit moves: less is nothing."""

SAME = 1e-7
"""Relative: two solves of one case cost the same."""

AFFINE = 1e-9
"""Relative: a limit moves in step with the number."""


class NoFrontierError(StockpileError):
    """There is no curve to draw: no plan exists along it."""

    exit_code = 3


@dataclass(frozen=True)
class Point:
    """The least cost at a value of the number, in thousand USD; `slope` is what a unit more costs there (nan: sampled).

    `targets` are the stock aimed at, t by material, and `orders` the capacity ordered in peace, t/yr by plant, of a plan of that cost.
    """

    value: float
    objective: float
    slope: float
    targets: dict[str, float] = field(default_factory=dict)
    orders: dict[str, float] = field(default_factory=dict)


class Curve:
    """The program of a case along a number."""

    def __init__(self, case: Case, at: Callable[[float], Change], low: float, high: float) -> None:
        self.case, self.at, self.low, self.high = case, at, low, high
        self.data = compute(self.changed(high))
        self.base = low
        if compute(self.changed(low), self.data).sets is not self.data.sets:
            self.base = low + NEAR * (high - low)  # a limit of 0 leaves out what may be 0 at most: just above it, all is there
        self.parametric: ParametricProgram = extract(build(self.data, mutable=True))
        self.first = self.program_at(self.base)
        self.steps: list[Floats] = []
        self.session: Session | None = None

    def changed(self, value: float) -> Case:
        """The case with the number at a value."""
        return apply(self.case, [self.at(value)])

    def data_at(self, value: float) -> Data:
        """The data of the case at a value."""
        return compute(self.changed(value), self.data)

    def program_at(self, value: float) -> Program | None:
        """The program at a value; None where it has another structure."""
        data = self.data_at(value)
        if data.sets is not self.data.sets or data.impossible:
            return None
        return self.parametric.program(self.parametric.numbers(data))

    def why_not_straight(self) -> str:
        """Why the cost need not be made of straight pieces, "" where it is: only limits move, and all in step with the number."""
        last = self.program_at(self.high)
        if last is None or self.first is None:
            return "the number changes which rows and columns the program has"
        self.steps = [moved(getattr(self.first, side), getattr(last, side)) for side in SIDES]
        for share in (0.25, 0.5, 0.75, 1.0):
            found = self.program_at(self.base + share * (self.high - self.base))
            if found is None:
                return "the number changes which rows and columns the program has"
            if not np.array_equal(found.cost, self.first.cost) or not np.array_equal(found.entries, self.first.entries):
                return "the number stands among the coefficients of the program, not on one side of its limits"
            for expected, side in zip(self.sides(share), SIDES, strict=True):
                actual = getattr(found, side)
                if not np.allclose(actual, expected, rtol=AFFINE, atol=AFFINE):
                    return "a limit does not move in step with the number"
        if self.base > self.low:
            self.go_back()
        return ""

    def go_back(self) -> None:
        """Let the program begin at the first value itself, where its limits end up; where the case costs something else there, just above it as before."""
        assert self.first is not None
        back = -NEAR / (1 - NEAR)
        starts = [side + back * step for side, step in zip(self.sides(0.0), self.steps, strict=True)]
        starts = [np.where(np.abs(at) <= ROUNDING * np.abs(step), 0.0, at) for at, step in zip(starts, self.steps, strict=True)]
        low, high, row_low, row_high = starts
        first = replace(self.first, low=low, high=high, row_low=row_low, row_high=row_high)
        there, plan = Session(first).solve(), make_plan(self.changed(self.low), any_optimum=True)
        costs = [found.objective for found in (there, plan) if found.status is Status.OPTIMAL and found.objective is not None]
        if there.status is plan.status and (not costs or abs(costs[0] - costs[1]) <= SAME * max(1.0, abs(costs[1]))):
            self.first, self.steps = first, [(1 - back) * step for step in self.steps]
        else:
            self.low = self.base

    def sides(self, share: float) -> list[Floats]:
        """The limits of the program at a share of the way."""
        assert self.first is not None
        return [getattr(self.first, side) + share * step for side, step in zip(SIDES, self.steps, strict=True)]

    def program(self, value: float) -> Program:
        """The program of a straight curve at a value."""
        assert self.first is not None
        low, high, row_low, row_high = self.sides((value - self.low) / (self.high - self.low))
        return replace(self.first, low=low, high=high, row_low=row_low, row_high=row_high)

    def answer(self, program: Program) -> Answer:
        """The answer to a program of the curve, from the last basis."""
        if self.session is None:
            self.session = Session(program)
        else:
            self.session.change(program)
        answer = self.session.solve()
        if answer.status not in (Status.OPTIMAL, Status.INFEASIBLE):
            raise SolverError(f"the solver gave no plan along the curve: {answer.status} {answer.message}".rstrip() + ".")
        return answer

    def point(self, value: float) -> Point | None:
        """The point of a straight curve at a value; None where no plan exists."""
        program = self.program(value)
        answer = self.answer(program)
        if answer.status is not Status.OPTIMAL or answer.objective is None:
            return None
        y, d = answer.row_dual, answer.reduced_cost
        low, high, row_low, row_high = self.steps
        rise = np.where(d > 0, low, high) @ d + np.where(y > 0, row_low, row_high) @ y
        return self.described(self.data, value, answer, float(rise) / (self.high - self.low))

    def described(self, data: Data, value: float, answer: Answer, slope: float) -> Point:
        """The point of an answer, with what its plan holds and orders."""
        spans = self.parametric.spans
        stock = answer.x[spans["stock"]]
        orders = answer.x[spans["order"]] if "order" in spans else np.empty(0)
        targets = dict(zip(data.sets["MATERIALS"], stock_targets(data, stock).stock.tolist(), strict=True))
        assert answer.objective is not None
        return Point(value, answer.objective, slope, targets, capacity_in_peace(data, orders_of(data, orders)))

    def end(self, sign: float) -> float | None:
        """The least (`sign` 1) or the greatest (-1) value at which a plan exists; None where none does at any."""
        assert self.first is not None
        program = as_column(self.first, self.steps, sign)
        answer = Session(program).solve()
        if answer.status is Status.INFEASIBLE:
            return None
        if answer.status is not Status.OPTIMAL:
            raise SolverError(f"the solver did not say from where on a plan exists: {answer.status} {answer.message}".rstrip() + ".")
        return self.low + float(answer.x[-1]) * (self.high - self.low)


def moved(before: Floats, after: Floats) -> Floats:
    """How far each limit moves; one that is not there does not."""
    there = np.isfinite(before) & np.isfinite(after)
    return np.where(there, np.where(there, after, 0.0) - np.where(there, before, 0.0), 0.0)


def as_column(program: Program, steps: list[Floats], sign: float) -> Program:
    """The program with the share of the way, 0 to 1, as its last column, the least or (`sign` -1) the greatest of which is sought.

    Each limit that moves becomes a row of its own: side + share x step.
    """
    identity: csc_array = csc_array(coo_array((np.ones(len(program.low)), (np.arange(len(program.low)),) * 2)))
    sides = {side: getattr(program, side).copy() for side in SIDES}
    blocks, low, high = [], [], []
    for side, step in zip(SIDES, steps, strict=True):
        those = np.flatnonzero(step)
        of = (program.matrix if side.startswith("row") else identity).tocsr()[those]
        blocks.append(hstack([of, csc_array(-step[those][:, None])]))
        at, upper = sides[side][those].copy(), side.endswith("high")
        low.append(np.full(len(those), -np.inf) if upper else at)
        high.append(at if upper else np.full(len(those), np.inf))
        sides[side][those] = np.inf if upper else -np.inf
    base = hstack([program.matrix, csc_array((len(program.row_low), 1))])
    matrix = csc_array(vstack([base, *blocks], format="csc"))
    return Program(
        cost=np.append(np.zeros(len(program.cost)), sign),
        offset=0.0,
        low=np.append(sides["low"], 0.0),
        high=np.append(sides["high"], 1.0),
        row_low=np.concatenate([sides["row_low"], *low]),
        row_high=np.concatenate([sides["row_high"], *high]),
        starts=matrix.indptr.astype(np.int32),
        indices=matrix.indices.astype(np.int32),
        entries=matrix.data,
    )
