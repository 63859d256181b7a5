"""The frontier: the least cost along one number of the case, every breakpoint of it where the number stands on one side of limits.

A number that only moves limits (coverage, a budget, a purchase limit, storage) makes the least cost a convex function of straight pieces, of
which a solve gives the value and, by its dual prices, a tangent. Where the tangents of two points meet is either the breakpoint between
two pieces or a point below the curve, which is then solved too; what is left between is at most the chord less the tangents, and said.
Prices, demand and probabilities stand among the coefficients: there the curve is sampled.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from inputs.case import Case
from inputs.change import Change
from model.resolve.resolver import Resolver
from model.solver.program import Status
from model.studies.curve import Curve, NoFrontierError, Point

Progress = Callable[[str], None]

STRAIGHT = 2e-9
"""Relative to the cost: a point is on a line, which is how far HiGHS's objective can be trusted."""

SAID = 10
"""Points between two words of progress."""

SOLVES = 100
"""At most so many points are solved along a frontier."""

INSIDE = 1e-9
"""Of the range: so far from the first value without a plan is the last point."""

SAMPLES = 21
"""Points of a curve that is sampled."""

MOVED = 1e-6
"""Relative to 1 + the larger: a target or an order is another."""


@dataclass(frozen=True)
class Frontier:
    """The points by rising value; between those of an exact one the cost is straight, but for `proved_error` (thousand USD) at most.

    `sampled` says why the curve is none of straight pieces, "" where it is. `asked` is the range that was asked for; no plan exists in the
    part of it that the points do not reach.
    """

    points: tuple[Point, ...]
    asked: tuple[float, float]
    proved_error: float | None
    sampled: str = ""

    @property
    def range(self) -> tuple[float, float]:
        """The values from and to which a plan exists."""
        return self.points[0].value, self.points[-1].value

    def entries(self) -> list[tuple[str, float, bool]]:
        """Tipping points: each plant whose orders begin or end along the curve, the value at which they do, and whether they begin (with a rising value)."""
        found = []
        for a, b in pairwise(self.points):
            for plant in a.orders:
                before, after = a.orders[plant] > MOVED, b.orders[plant] > MOVED
                if before != after:
                    found.append((plant, a.value if after else b.value, after))
        return found


def frontier(
    case: Case, at: Callable[[float], Change], low: float, high: float, *, solves: int = SOLVES, progress: Progress | None = None
) -> Frontier:
    """The least cost of a case along a number, from `low` to `high`; `at` gives the change to a value.

    Raises ChangeError where a value cannot be, NoFrontierError where no plan exists at any, SolverError where the solver gives no answer.
    """
    curve = Curve(case, at, low, high)
    why = curve.why_not_straight()
    say = progress or (lambda _text: None)
    if why:
        return sample(curve, why, say)
    return trace(curve, solves, say)


def trace(curve: Curve, solves: int, say: Progress) -> Frontier:
    """Every breakpoint of a curve of straight pieces, or as many as `solves` points find, where it may bend most first."""
    first, last = ends_of(curve)
    points = {point.value: point for point in (first, last)}
    gaps = [gap for gap in [Gap.between(first, last)] if gap]
    while gaps and len(points) < solves:
        gap = heapq.heappop(gaps)
        if len(points) % SAID == 0:
            say(f"{len(points)} points")
        found = curve.point(gap.value)
        if found is None:
            raise NoFrontierError(
                f"no plan exists at {gap.value:.9g}, between values that have one: the program is numerically out of range."
            )
        points[gap.value] = found
        if found.objective - gap.lowest > STRAIGHT * max(1.0, abs(gap.lowest)):
            for piece in (Gap.between(gap.left, found), Gap.between(found, gap.right)):
                if piece:
                    heapq.heappush(gaps, piece)
    error = max((gap.height for gap in gaps), default=0.0)
    return Frontier(tuple(cornered([points[value] for value in sorted(points)])), (curve.low, curve.high), error)


@dataclass(frozen=True, order=True)
class Gap:
    """A piece of the curve that may bend: its tangents meet at `value`, where the cost is `lowest` or more, and `height` below the chord."""

    sort: float
    value: float
    lowest: float
    left: Point = field(compare=False)
    right: Point = field(compare=False)

    @property
    def height(self) -> float:
        """How far the cost can be below the chord, thousand USD."""
        return -self.sort

    @classmethod
    def between(cls, a: Point, b: Point) -> Gap | None:
        """The gap between two points; None where the curve is straight between them."""
        width = b.value - a.value
        scale = STRAIGHT * max(1.0, abs(a.objective), abs(b.objective))
        if width <= 0 or min(b.objective - a.objective - a.slope * width, a.objective - b.objective + b.slope * width) <= scale:
            return None
        share = (b.objective - a.objective - b.slope * width) / ((a.slope - b.slope) * width)
        value = a.value + share * width
        if not a.value < value < b.value:
            return None
        lowest = a.objective + a.slope * (value - a.value)
        return cls(lowest - a.objective - chord(a, b) * (value - a.value), value, lowest, a, b)


def ends_of(curve: Curve) -> tuple[Point, Point]:
    """The first and the last point of a curve: those of the range, or where a plan begins and ceases to exist."""
    found = []
    for value, sign in ((curve.low, 1.0), (curve.high, -1.0)):
        point = curve.point(value)
        if point is None:
            end = curve.end(sign)
            if end is None:
                raise NoFrontierError("no plan exists anywhere along the curve; run `stockpile explain` to see why.")
            point = curve.point(end) or curve.point(end + sign * INSIDE * (curve.high - curve.low))
        if point is None:
            raise NoFrontierError("where a plan begins to exist along the curve cannot be told: the program is numerically out of range.")
        found.append(point)
    return found[0], found[1]


def cornered(points: list[Point]) -> list[Point]:
    """The ends and corners alone, with the slope of the piece that follows (at the last, of the piece before)."""
    kept = [points[0]]
    for before, point, after in zip(points, points[1:], points[2:], strict=False):
        left, right = chord(before, point), chord(point, after)
        if abs(right - left) * min(point.value - before.value, after.value - point.value) > STRAIGHT * max(1.0, abs(point.objective)):
            kept.append(point)
    kept += points[1:][-1:]
    slopes = [chord(a, b) for a, b in pairwise(kept)] or [kept[0].slope]
    return [replace(point, slope=slope) for point, slope in zip(kept, [*slopes, slopes[-1]], strict=False)]


def chord(a: Point, b: Point) -> float:
    """The slope of the line through two points."""
    return (b.objective - a.objective) / (b.value - a.value)


def sample(curve: Curve, why: str, say: Progress) -> Frontier:
    """The curve at values equally far apart, those of them that have a plan."""
    points, resolver = [], Resolver()
    for i, value in enumerate(np.linspace(curve.low, curve.high, SAMPLES).tolist()):
        if i % SAID == 0:
            say(f"{i} of {SAMPLES} points")
        found = resolver.solve(curve.changed(value))
        if found.status is Status.OPTIMAL and found.objective is not None:
            points.append(Point(value, found.objective, math.nan, dict(found.targets), dict(found.orders)))
    if not points:
        raise NoFrontierError("no plan exists anywhere along the curve; run `stockpile explain` to see why.")
    return Frontier(tuple(points), (curve.low, curve.high), None, why)
