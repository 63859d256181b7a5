"""Arithmetic that cannot err: sums of products of floats, which are exact rationals, with what rounding takes away kept.

Dekker (1971) splits a product of two floats into two floats that add to it exactly; `math.fsum` rounds
the exact sum of floats once. So the sign of a sum is certain, and its neighbours enclose it.
"""

from __future__ import annotations

import math

import numpy as np

from inputs.arrays import Floats, Ints

SPLITTER = 2.0**27 + 1
LARGEST, SMALLEST = 2.0**500, 2.0**-400
"""Of factors: within these no product over- or underflows, and nor does what is left of it."""


def products(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """(p, e) with p + e = a * b exactly. Raises OverflowError for factors beyond what doubles can hold so."""
    for factor in (a, b):
        size = np.abs(factor[factor != 0])
        if size.size and not (size.max() < LARGEST and size.min() > SMALLEST):
            raise OverflowError("a number of the program is too large or too small for exact products")
    p = a * b
    (a_high, a_low), (b_high, b_low) = split(a), split(b)
    return p, ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low


def split(a: Floats) -> tuple[Floats, Floats]:
    """A float as two of half its digits."""
    large = SPLITTER * a
    high = large - (large - a)
    return high, a - high


def sums(of: Ints, terms: list[Floats], start: Floats) -> tuple[Floats, Floats]:
    """What encloses start[i] + the sum of the terms whose place in `of` is i: (below, above), equal where it is exactly 0.

    Each array in `terms` has the shape of `of`.
    """
    order = np.argsort(of, kind="stable")
    ends = np.cumsum(np.bincount(of, minlength=len(start)))
    flat = np.stack([t[order] for t in terms], axis=1).ravel().tolist()
    each, begin, found = len(terms), 0, []
    for first, end in zip(start.tolist(), (ends * each).tolist(), strict=True):
        found.append(math.fsum([first, *flat[begin:end]]))
        begin = end
    total = np.array(found)
    return np.where(total == 0, 0.0, np.nextafter(total, -np.inf)), np.where(total == 0, 0.0, np.nextafter(total, np.inf))


def sum_below(terms: Floats) -> float:
    """A float that is no more than the exact sum."""
    return math.nextafter(math.fsum(terms.tolist()), -math.inf)
