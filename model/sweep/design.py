"""Designs of a sweep: which values the variations take at each point.

Everything is a pure function of its arguments; what is drawn depends on the seed alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import scipy  # whose parts are loaded when they are named: a plan reads this file, and needs no scipy.stats

from inputs.arrays import Floats
from inputs.change import Change, Variation
from inputs.errors import StockpileError
from inputs.extras import module_of
from inputs.values import Distribution
from model.sweep.work import Document

MOST_POINTS = 1_000_000
SMALLEST = 2.0**-32
"""Samples keep so far from the ends, where an unbounded distribution is infinite."""

TAIL = 0.005
"""Trajectories of Morris step on the ends, and cut unbounded distributions off at this quantile."""


class SamplingError(StockpileError):
    """A design that cannot be, or indices that its outcomes do not give."""


class DesignKind(StrEnum):
    """How the points of a sweep are chosen."""

    GRID = "grid"
    ONE_AT_A_TIME = "one at a time"
    MONTE_CARLO = "monte carlo"
    LATIN_HYPERCUBE = "latin hypercube"
    SOBOL = "sobol"
    MORRIS = "morris"
    SOBOL_INDICES = "sobol indices"


@dataclass(frozen=True, eq=False)
class Design:
    """Points (n) of variations (k).

    `points` (n, k) are values as in the variations, in the planner's units; NaN = as in
    the case. `weights` (n,) add to 1 where the points are a sample, or a grid, of known
    probabilities. `quantiles` (n, k) are the places of a sample in its distributions.
    `levels` belongs to Morris, `second_order` to Sobol' indices.
    """

    kind: DesignKind
    variations: tuple[Variation, ...]
    points: Floats
    weights: Floats | None = None
    quantiles: Floats | None = None
    seed: int | None = None
    levels: int = 0
    second_order: bool = False

    def __len__(self) -> int:
        return len(self.points)

    def changes(self, point: int) -> tuple[Change, ...]:
        """What `inputs.apply` does for a point."""
        row = self.points[point].tolist()
        return tuple(variation.at(value) for variation, value in zip(self.variations, row, strict=True) if not np.isnan(value))

    purpose: ClassVar[str] = "sweep"

    @property
    def document(self) -> Document:
        """The design in JSON's terms, its variations in canonical text; a value that is as in the case is None."""
        return {
            "kind": str(self.kind),
            "variations": [variation.text for variation in self.variations],
            "seed": self.seed,
            "levels": self.levels,
            "second_order": self.second_order,
            "points": [[None if math.isnan(value) else value for value in row] for row in self.points.tolist()],
            "weights": None if self.weights is None else self.weights.tolist(),
            "quantiles": None if self.quantiles is None else self.quantiles.tolist(),
        }

    def differences(self, before: Document) -> list[str]:
        """In which words it differs from the design of a document."""
        now = self.document
        if before == now:
            return []
        if before["variations"] != now["variations"]:
            gone = [f"  {text}" for text in before["variations"] if text not in now["variations"]]
            come = [f"  {text}" for text in now["variations"] if text not in before["variations"]]
            if not gone and not come:
                return ["what varies stands in another order; it was:", *(f"  {text}" for text in before["variations"])]
            return [*(["no longer varied:", *gone] if gone else []), *(["newly varied:", *come] if come else [])]
        names = {"kind": "kind of design", "points": "number of points", "seed": "seed", "levels": "levels", "second_order": "second order"}
        sizes = [{**document, "points": len(document["points"])} for document in (before, now)]
        found = [f"{name}: {sizes[0][key]} -> {sizes[1][key]}" for key, name in names.items() if sizes[0][key] != sizes[1][key]]
        return found or ["the points of the design are others."]

    @property
    def frame(self) -> pd.DataFrame:
        """`points` with the headings of the variations; the index is `point`, from 0."""
        return pd.DataFrame(self.points, columns=headings(self.variations), index=pd.RangeIndex(len(self), name="point"))


def headings(variations: Sequence[Variation]) -> list[str]:
    """The name of each variation for people."""
    return [variation.heading for variation in variations]


def grid(variations: Sequence[Variation]) -> Design:
    """Every value of each variation with every value of the others; the last one varies fastest.

    Weights are the products of the values' probabilities, equal where they have none.
    Raises SamplingError where a variation has no values, or the grid is too large.
    """
    check_design(variations, listed=True)
    count = np.prod([len(variation.values) for variation in variations], dtype=float)
    if count > MOST_POINTS:
        raise SamplingError(f"this grid has {count:,.0f} points; give fewer values, or draw a sample instead.")
    axes = np.meshgrid(*(variation.values for variation in variations), indexing="ij")
    shares = [variation.distribution.probabilities or [1.0] * len(variation.values) for variation in variations]
    weights = np.prod([share.ravel() for share in np.meshgrid(*shares, indexing="ij")], axis=0)
    return Design(DesignKind.GRID, tuple(variations), np.column_stack([axis.ravel() for axis in axes]), weights / weights.sum())


def one_at_a_time(variations: Sequence[Variation]) -> Design:
    """The case as it is (point 0), then each variation alone over its values.

    Raises SamplingError where a variation has no values.
    """
    check_design(variations, listed=True)
    places = np.arange(len(variations))
    alone = [np.where(places == i, value, np.nan) for i, variation in enumerate(variations) for value in variation.values]
    return Design(DesignKind.ONE_AT_A_TIME, tuple(variations), np.array([np.full(len(variations), np.nan), *alone]))


def monte_carlo(variations: Sequence[Variation], n: int, *, seed: int) -> Design:
    """n independent points. Raises SamplingError where n is no number of points."""
    check_design(variations, n)
    return sample(DesignKind.MONTE_CARLO, variations, np.random.default_rng(seed).random((n, len(variations))), seed)


def latin_hypercube(variations: Sequence[Variation], n: int, *, seed: int) -> Design:
    """n points, one in each n-th of every distribution (McKay, Beckman and Conover 1979). Raises SamplingError."""
    check_design(variations, n)
    return sample(DesignKind.LATIN_HYPERCUBE, variations, scipy.stats.qmc.LatinHypercube(len(variations), seed=seed).random(n), seed)


def sobol(variations: Sequence[Variation], n: int, *, seed: int) -> Design:
    """n points of the scrambled Sobol' sequence (Owen 1998).

    Raises SamplingError where n is not a power of two, without which they are not balanced.
    """
    check_design(variations, n, power=True)
    return sample(DesignKind.SOBOL, variations, scipy.stats.qmc.Sobol(len(variations), seed=seed).random(n), seed)


def morris(variations: Sequence[Variation], trajectories: int, *, seed: int, levels: int = 4) -> Design:
    """trajectories x (k + 1) points that change one variation at a time, on `levels` (even) quantiles of each.

    Morris, Technometrics 33 (1991) 161-174. Raises MissingExtra without SALib, SamplingError
    where a variation has one value only.
    """
    check_design(variations, trajectories, each=len(variations) + 1)
    if levels < 2 or levels % 2:
        raise SamplingError(f"the levels of Morris screening must be an even number, not {levels}.")
    quantiles = module_of("sensitivity", "sample.morris").sample(problem(variations), trajectories, num_levels=levels, seed=seed)
    return Design(DesignKind.MORRIS, tuple(variations), drawn(variations, quantiles, TAIL), quantiles=quantiles, seed=seed, levels=levels)


def sobol_indices(variations: Sequence[Variation], n: int, *, seed: int, second_order: bool = False) -> Design:
    """n (k + 2) points, n (2k + 2) for indices of the second order, n a power of two.

    Saltelli, Computer Physics Communications 145 (2002) 280-297. Raises MissingExtra
    without SALib, SamplingError where n is no power of two, or where a variation has one value only.
    """
    check_design(variations, n, power=True, each=(2 if second_order else 1) * len(variations) + 2)
    quantiles = module_of("sensitivity", "sample.sobol").sample(problem(variations), n, calc_second_order=second_order, seed=seed)
    points = drawn(variations, quantiles)
    return Design(DesignKind.SOBOL_INDICES, tuple(variations), points, None, quantiles, seed, second_order=second_order)


def check_design(variations: Sequence[Variation], n: int = 1, *, listed: bool = False, power: bool = False, each: int = 1) -> None:
    """Refuse what no design can be made of; `each` is how many points one of n makes, more than 1 where indices are sought."""
    if not variations:
        raise SamplingError("nothing varies; name at least one address and its values.")
    for variation in variations:
        if listed and not variation.values:
            raise SamplingError(
                f"{variation.text}: a distribution has no values of its own; give a list or a range, or draw a sample (latin hypercube, for example)."
            )
        if each > 1 and len(variation.values) == 1:
            raise SamplingError(f"{variation.text}: one value does not vary; give two or more, or change the workbook.")
    names = headings(variations)
    for name in names:
        if names.count(name) > 1:
            raise SamplingError(f"{name} stands twice among what varies; give all its values at once.")
    most = MOST_POINTS // each
    if not 1 <= n <= most:
        why = (
            f": with {len(variations)} variations each makes {each}, {n * each:,} in all, and there can be {MOST_POINTS:,}"
            if each > 1
            else ""
        )
        raise SamplingError(f"the number of points must be from 1 to {most:,}, not {n:,}{why}.")
    if power and n & (n - 1):
        below = 1 << (n.bit_length() - 1)
        raise SamplingError(f"Sobol' points come in powers of two; ask for {below} or {2 * below}, not {n}.")


def sample(kind: DesignKind, variations: Sequence[Variation], quantiles: Floats, seed: int) -> Design:
    """A design from quantiles (points x variations, 0 to 1), every point with the same weight."""
    even = np.full(len(quantiles), 1 / len(quantiles))
    return Design(kind, tuple(variations), drawn(variations, quantiles), even, quantiles, seed)


def drawn(variations: Sequence[Variation], quantiles: Floats, tail: float = SMALLEST) -> Floats:
    """(n, k): values at quantiles (n, k)."""
    return np.column_stack([quantile(variation.distribution, quantiles[:, i], tail) for i, variation in enumerate(variations)])


def quantile(distribution: Distribution, shares: Floats, tail: float) -> Floats:
    """(n,): where shares of a distribution lie below; unbounded ones are cut off at `tail` and 1 - `tail`.

    Discrete ones rise; other values have 12 digits, to be the same on every machine.
    """
    numbers, within = distribution.numbers, np.clip(shares, tail, 1 - tail)
    match distribution.kind:
        case "discrete":
            values, order = np.array(numbers), np.argsort(numbers)
            ends = np.cumsum(np.array(distribution.probabilities)[order])
            found: Floats = values[order][np.searchsorted(ends[:-1], shares, side="right")]
            return found
        case "uniform":
            found = numbers[0] + shares * (numbers[1] - numbers[0])
        case "triangular":
            low, mode, high = numbers
            found = scipy.stats.triang.ppf(shares, (mode - low) / (high - low), loc=low, scale=high - low)
        case "normal":
            found = scipy.stats.norm.ppf(within, loc=numbers[0], scale=numbers[1])
        case _:
            found = scipy.stats.lognorm.ppf(within, s=numbers[1], scale=numbers[0])
    return np.array([float(f"{value:.12g}") for value in found])


def problem(variations: Sequence[Variation]) -> dict[str, Any]:
    """The variations for SALib, which works on quantiles."""
    return {"num_vars": len(variations), "names": headings(variations), "bounds": [[0.0, 1.0]] * len(variations)}
