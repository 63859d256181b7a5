"""In which order the points of a sweep are walked, so that each is like the one before it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy  # whose parts are loaded when they are named: a plan reads this file, and needs no scipy.stats
from numpy.typing import NDArray

from inputs.arrays import Floats

Integers = NDArray[np.intp]

GREEDY_POINTS = 5_000


def order_of_points(points: Floats) -> Integers:
    """(n,): an order of points (n, k) in which neighbours are alike.

    A full grid is walked like a snake, its last column fastest: each step changes one
    value to the next one. Else each point is followed by the nearest one left (by ranks of
    the columns, from the first point on), and many points are sorted along the first
    principal axis of their ranks. NaN (as in the case) counts as the middle.
    """
    n, k = points.shape
    places = [np.unique(column, return_inverse=True) for column in points.T]
    sizes = [len(values) for values, _ in places]
    at = np.column_stack([place for _, place in places])
    if np.prod(sizes, dtype=float) == n and len(np.unique(at, axis=0)) == n:
        return snake(at, sizes)
    ranks = (scipy.stats.rankdata(points, axis=0, nan_policy="omit") - 0.5) / np.maximum(1, np.count_nonzero(~np.isnan(points), axis=0))
    ranks = np.where(np.isnan(ranks), 0.5, ranks)
    if n <= GREEDY_POINTS and k > 1:
        return nearest_left(ranks)
    _, _, axes = np.linalg.svd(ranks - ranks.mean(axis=0), full_matrices=False)
    return np.argsort(ranks @ axes[0], kind="stable")


def snake(at: Integers, sizes: Sequence[int]) -> Integers:
    """(n,): the order of grid places (n, k) as in a reflected Gray code with digits of any size (Knuth 4A, 7.2.1.1)."""
    rank = np.zeros(len(at), dtype=np.intp)
    for place, size in zip(at.T, sizes, strict=True):
        rank = rank * size + np.where(rank % 2 == 0, place, size - 1 - place)
    return np.argsort(rank)


def nearest_left(ranks: Floats) -> Integers:
    """(n,): from the first point always on to the nearest of those left; n^2 k / 2 steps."""
    left, order, here = np.arange(1, len(ranks)), [0], 0
    for count in range(len(left), 0, -1):
        nearest = int(np.argmin(np.square(ranks[left[:count]] - ranks[here]).sum(axis=1)))
        here = int(left[nearest])
        left[nearest] = left[count - 1]
        order.append(here)
    return np.array(order, dtype=np.intp)
