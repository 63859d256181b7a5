"""The best plan as a corner of what is possible: how far it stays the best while limits move, what stops it there, and whether the price changes then.

While limits move in step with a number, the quantities that are not at a limit (the basis) follow in straight lines, and the prices stay. That ends where one
of them meets a limit of its own. What may then move in its place, and at what price, says whether the price of the number changes, stays, or
no plan exists beyond (the ratio tests of the parametric dual simplex; Gass & Saaty 1955).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from inputs.arrays import Flags, Floats
from model.solver.highs import Session, must
from model.solver.program import Answer, Program
from model.studies.limits import Shift

SMALL = 1e-7
"""Relative to the largest: what moves less does not move."""

PRICED = 1e-7
"""A reduced cost of at most this is 0: HiGHS's own tolerance."""

ROUNDING = 1e-9
"""Relative to 1 + its size: a quantity is at its limit."""


@dataclass(frozen=True)
class Stop:
    """How far a corner stays the best: so many units of the number, until a quantity meets its lower or `upper` limit.

    `place` is its place among the columns, and then the rows, of the program; -1 where nothing ever stops it. `speed` is how fast it would go on past its limit.
    It `crosses` where its own two limits meet: no plan exists beyond.
    """

    reach: float
    place: int = -1
    upper: bool = False
    speed: float = 0.0
    crosses: bool = False


class Vertex:
    """The basis of a session's last answer, which must be optimal and come from the simplex."""

    def __init__(self, session: Session, answer: Answer) -> None:
        self.session, self.program, self.answer = session, session.program, answer
        program = self.program
        self.matrix = program.matrix
        self.width = len(program.cost)
        status, basics = session.highs.getBasicVariables()
        must(status, "getBasicVariables")
        self.basics = np.where(basics >= 0, basics, self.width - basics - 1)
        self.is_basic = np.zeros(self.width + len(program.row_low), dtype=bool)
        self.is_basic[self.basics] = True
        self.value = np.append(answer.x, self.matrix @ answer.x)
        self.price = np.append(answer.reduced_cost, answer.row_dual)
        self.low, self.high = np.append(program.low, program.row_low), np.append(program.high, program.row_high)

    def rate(self, shifts: Sequence[Shift]) -> float:
        """What a unit more of a number adds to the cost, by the prices of this corner."""
        return rate(shifts, self.answer)

    def moved(self, shifts: Sequence[Shift]) -> tuple[Floats, Floats]:
        """How fast the lower and upper limits move, of columns and then of rows."""
        by = {upper: np.zeros(len(self.value)) for upper in (False, True)}
        for shift in shifts:
            first = self.width if shift.side.startswith("row") else 0
            np.add.at(by[shift.side.endswith("high")], first + shift.places, shift.by)
        return by[False], by[True]

    def meets(self, shifts: Sequence[Shift], sign: int) -> bool:
        """Whether a quantity is at a limit that comes closer while a number goes up (1) or down (-1)."""
        low, high = self.moved(shifts)
        near = ((side, np.abs(self.value - side) <= ROUNDING * (1 + np.abs(side))) for side in (self.low, self.high))
        return any(bool((at & (sign * by > 0)).any()) for (_, at), by in zip(near, (low, -high), strict=True))

    def follow(self, low: Floats, high: Floats) -> Floats:
        """How fast every quantity moves, of columns and then of rows, where its limits move so."""
        at_high = self.at_high(low)
        pushed = np.where(self.is_basic, 0.0, np.where(at_high, high, low))
        columns = pushed[: self.width]
        status, found = self.session.highs.getBasisSolve(pushed[self.width :] - self.matrix @ columns)
        must(status, "getBasisSolve")
        mine = self.basics < self.width
        columns[self.basics[mine]] = np.asarray(found)[mine]
        return np.append(columns, self.matrix @ columns)

    def stop(self, shifts: Sequence[Shift], sign: int) -> Stop:
        """How far this corner stays the best while a number goes up (1) or down (-1)."""
        low, high = self.moved(shifts)
        moves = self.follow(low, high)
        least = SMALL * float(np.abs(moves).max(initial=0.0)) + np.finfo(float).tiny
        best = Stop(np.inf)
        for upper, limit, by in ((False, self.low, low), (True, self.high, high)):
            towards = sign * (moves - by) * (1 if upper else -1)
            those = np.flatnonzero(self.is_basic & (towards > least) & np.isfinite(limit))
            left = np.abs(limit[those] - self.value[those])
            inside = (self.value[those] - limit[those]) * (1 if upper else -1) < 0
            left = np.where(inside & (left > ROUNDING * (1 + np.abs(limit[those]))), left, 0.0)
            reach = left / towards[those]
            if len(reach) and reach.min() < best.reach:
                at = int(reach.argmin())
                best = Stop(float(reach[at]), int(those[at]), upper, float(towards[those[at]]))
        crossing = self.crossing(sign * low, sign * high)
        return crossing if crossing and crossing.reach <= best.reach * (1 + ROUNDING) + ROUNDING else best

    def crossing(self, low: Floats, high: Floats) -> Stop | None:
        """Where the lower limit of something, which moves so fast, meets its upper one; None where none does."""
        those = np.flatnonzero((low - high > 0) & np.isfinite(self.low) & np.isfinite(self.high))
        if not len(those):
            return None
        reach = np.maximum(self.high[those] - self.low[those], 0.0) / (low - high)[those]
        at = int(reach.argmin())
        place = int(those[at])
        return Stop(float(reach[at]), place, bool(low[place] > 0), float(low[place] - high[place]), crosses=True)

    def rise(self, stop: Stop, shifts: Sequence[Shift], sign: int) -> float | None:
        """By how much the cost of a unit rises, at least, past a stop; None where no plan exists there.

        The quantity that is stopped must be held at its limit by others, which are at theirs: the cheapest of them, for each unit that it would go on.
        """
        low, high = self.moved(shifts)
        ahead = sign * (stop.reach * (1 + SMALL) + SMALL)
        can = (self.high + ahead * high > self.low + ahead * low) & ~self.is_basic
        gain = self.pull(stop.place) * (-1 if stop.upper else 1)
        helps = can & np.where(self.at_high(low), gain < -ROUNDING, gain > ROUNDING)
        if not helps.any():
            return None
        price = np.abs(self.price[helps])
        return stop.speed * float(np.where(price > PRICED, price / np.abs(gain[helps]), 0.0).min())

    def at_high(self, low: Floats) -> Flags:
        """Which quantities are at their upper limit, if at any: the price says, and where there is none, which is nearer; where both limits are the same, the one that stays while `low` moves."""
        nearer = np.where(self.low == self.high, low != 0, np.abs(self.value - self.high) < np.abs(self.value - self.low))
        found: Flags = np.where(np.abs(self.price) > PRICED, self.price < 0, nearer)
        return found

    def pull(self, place: int) -> Floats:
        """How much a quantity of the basis moves for a unit more of each that is not in it."""
        status, row = self.session.highs.getBasisInverseRow(int(np.flatnonzero(self.basics == place)[0]))
        must(status, "getBasisInverseRow")
        row = np.asarray(row)
        pulled: Floats = np.append(-(self.matrix.T @ row), row)
        return pulled if place < self.width else -pulled


def rate(shifts: Sequence[Shift], answer: Answer) -> float:
    """What a unit more of a number adds to the cost, by the prices of an answer."""
    total = 0.0
    for shift in shifts:
        prices = (answer.row_dual if shift.side.startswith("row") else answer.reduced_cost)[shift.places]
        total += float((np.minimum(prices, 0.0) if shift.side.endswith("high") else np.maximum(prices, 0.0)) @ shift.by)
    return total


def shifted(program: Program, shifts: Sequence[Shift], by: float) -> Program:
    """The program where a number is `by` more."""
    sides = {side: getattr(program, side).copy() for side in ("low", "high", "row_low", "row_high")}
    for shift in shifts:
        np.add.at(sides[shift.side], shift.places, by * shift.by)
    return replace(program, low=sides["low"], high=sides["high"], row_low=sides["row_low"], row_high=sides["row_high"])
