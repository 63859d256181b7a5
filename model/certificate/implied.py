"""Bounds that the rows imply for columns without one: a run's from its capacity, a stock's from what can come in."""

from __future__ import annotations

import numpy as np

from inputs.arrays import Floats
from model.certificate.program import Program

ROUNDS = 30
SLACK = 1e-9
"""Relative, added to every bound: far more than rounding takes away in sums of a few thousand terms."""


def implied_bounds(program: Program) -> tuple[Floats, Floats]:
    """(lower, upper) of each column that every feasible answer keeps: its own, and where it has none what rows imply."""
    lower, upper = program.lower.copy(), program.upper.copy()
    row, column, value = program.row, program.column, program.value
    height = len(program.low)
    for _ in range(ROUNDS):
        changed = False
        for side, sign in ((program.high, 1.0), (-program.low, -1.0)):
            # sum of a x <= side: each a x is at most side less the least of all others
            a = sign * value
            least = np.where(a > 0, a * lower[column], a * upper[column])
            unlimited = ~np.isfinite(least)
            count = np.bincount(row, unlimited, height)
            finite = np.where(unlimited, 0.0, least)
            total = np.bincount(row, finite, height)
            size = np.bincount(row, np.abs(finite), height) + np.abs(np.where(np.isfinite(side), side, 0))
            others = count[row] - unlimited == 0
            room = side[row] - (total[row] - finite) + SLACK * size[row]
            usable = others & np.isfinite(room)
            limit = np.where(usable, room, 0.0) / a
            limit += SLACK * np.abs(limit)
            open_above = usable & (a > 0) & np.isinf(upper[column])
            if open_above.any():
                np.minimum.at(upper, column[open_above], np.maximum(limit[open_above], lower[column[open_above]]))
                changed = True
            limit = np.where(usable, room, 0.0) / a
            limit -= SLACK * np.abs(limit)
            open_below = usable & (a < 0) & np.isinf(lower[column])
            if open_below.any():
                np.maximum.at(lower, column[open_below], limit[open_below])
                changed = True
        if not changed:
            break
    return lower, upper
