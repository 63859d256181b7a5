"""What many replayed futures say: how often, how much, with the interval that the number of futures leaves open.

Shares have Wilson's interval (Wilson, Journal of the American Statistical Association 22 (1927) 209-212), which also says something where all futures agree; means have that of
the normal distribution. Both at 95 %.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy  # whose parts are loaded when they are named: commands that draw nothing need no scipy.stats

from inputs.arrays import Floats

CONFIDENCE = 0.95

Outcome = Mapping[str, Any]


@dataclass(frozen=True)
class Share:
    """How many of how many futures, and the interval of the probability."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """The share; nan of none."""
        return self.hits / self.of if self.of else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval; nan of none."""
        if not self.of:
            return math.nan, math.nan
        found = scipy.stats.binomtest(self.hits, self.of).proportion_ci(CONFIDENCE, method="wilson")
        return float(found.low), float(found.high)


@dataclass(frozen=True)
class Mean:
    """A mean, and half the width of its interval; nan of one future alone."""

    value: float
    half: float


def mean_of(values: Floats) -> Mean:
    """The mean of a number over all futures."""
    if len(values) < 2:
        return Mean(float(values.mean()) if len(values) else math.nan, math.nan)
    wide = float(scipy.stats.norm.ppf(0.5 + CONFIDENCE / 2))
    return Mean(float(values.mean()), wide * float(values.std(ddof=1)) / math.sqrt(len(values)))


def groups(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, list[Outcome]]]:
    """All futures, those with a cutoff, those with one alone and that by kind, and those with more than one; empty groups are left out."""
    some = [o for o in outcomes if o["cutoffs"]]
    yield "all futures", list(outcomes)
    yield "with a cutoff", some
    several = [o for o in some if len(o["cutoffs"]) > 1]
    single: dict[str, list[Outcome]] = {}
    for o in some:
        if len(o["cutoffs"]) == 1:
            single.setdefault(o["cutoffs"][0][0], []).append(o)
    if several and single:
        yield "with one cutoff alone", [o for o in some if len(o["cutoffs"]) == 1]
    yield from ((f"{name} alone", single[name]) for name in sorted(single))
    if several:
        yield "with more than one", several


def holds(outcomes: Sequence[Outcome], what: str, sector: str) -> Share:
    """In how many futures something (`full`, `kept`) holds for a sector, of those in which it is asked."""
    found = [o[what][sector] for o in outcomes if o[what][sector] is not None]
    return Share(sum(found), len(found))


def tonnes(outcomes: Sequence[Outcome], demands: int, place: int = 2) -> Floats:
    """(demands, futures): t short, or (`place` 3) t that break a promise."""
    found = np.zeros((demands, len(outcomes)))
    for f, o in enumerate(outcomes):
        for row in o["short"]:
            found[row[0], f] += row[place]
    return found


def numbers(outcomes: Sequence[Outcome], of: Callable[[Outcome], float]) -> Floats:
    """(futures,): a number of each."""
    return np.array([of(o) for o in outcomes], dtype=float)
