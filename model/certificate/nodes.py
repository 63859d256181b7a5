"""The nodes of the scenario tree, from the formulation page: trunk, branches of unknown end, and what comes after a cutoff."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from inputs.arrays import Flags, Floats, Ints
from inputs.case import Case

TRUNK, BRANCH, AFTER = 0, 1, 2


@dataclass(frozen=True)
class Nodes:
    """One entry a node; parents stand before their children.

    `kind` is TRUNK, BRANCH or AFTER. `parent` is -1 at the root, `cutoff` is its row in the
    sheet `cutoffs`, -1 in the trunk. `onset`, `into` (the middle of the node, from the onset), `start`, `end` and `ended`
    (the end of the cutoff that an AFTER node follows) are months; `step` is k in a branch. `last` is the
    branch node that an AFTER node follows, -1 elsewhere. `kind_end` is when the longest cutoff of the kind is over.
    """

    start_year: float
    discount_rate: float
    label: list[str]
    kind: Ints
    parent: Ints
    cutoff: Ints
    onset: Floats
    step: Ints
    start: Floats
    end: Floats
    ended: Floats
    last: Ints
    kind_end: Floats
    prob: Floats
    settle: Floats
    leaf: Floats
    horizon: float

    def __len__(self) -> int:
        return len(self.label)

    @cached_property
    def trunk(self) -> Flags:
        """Which nodes are before any cutoff."""
        return np.equal(self.kind, TRUNK)

    @cached_property
    def branch(self) -> Flags:
        """Which nodes are in a cutoff."""
        return np.equal(self.kind, BRANCH)

    @cached_property
    def after(self) -> Flags:
        """Which nodes follow a cutoff."""
        return np.equal(self.kind, AFTER)

    @cached_property
    def months(self) -> Floats:
        """Length."""
        return self.end - self.start

    @cached_property
    def years(self) -> Floats:
        """Length."""
        return self.months / 12

    @cached_property
    def mid(self) -> Floats:
        """The middle, months."""
        return self.start + self.months / 2

    @cached_property
    def into(self) -> Floats:
        """Months into the cutoff, at the middle of a branch node; 0 elsewhere."""
        return np.where(self.branch, self.mid - self.onset, 0.0)

    @cached_property
    def year(self) -> Floats:
        """Calendar year of the middle."""
        return self.start_year + np.floor(self.mid / 12)

    def discount(self, month: Floats) -> Floats:
        """Discount factors of months."""
        return np.power(1 + self.discount_rate, -month / 12)

    @cached_property
    def weight(self) -> Floats:
        """Probability x discount factor of the costs of a node."""
        return self.prob * self.discount(self.mid)

    @cached_property
    def on_path(self) -> Flags:
        """(N, N): whether node a (second) is on the path to node n (first), itself included."""
        reached = np.eye(len(self), dtype=bool)
        for n, a in enumerate(self.parent.tolist()):
            if a >= 0:
                reached[n] |= reached[a]
        return reached


@dataclass
class Growing:
    """Nodes as they are found."""

    rows: list[tuple[object, ...]] = field(default_factory=list)

    def add(self, *row: object) -> int:
        """Add a node; returns its number."""
        self.rows.append(row)
        return len(self.rows) - 1


def unfold(case: Case) -> Nodes:
    """The tree of a case."""
    period, step = round(case.number("period")), round(case.number("crisis_period"))
    horizon = round(12 * case.number("horizon"))
    periods = horizon // period
    first_year = case.number("start_year")
    aftermath = case.flag("aftermath")
    chances = onsets(case, periods, period)
    lengths = [rounded(case, name, step) for name in case["cutoffs"]["cutoff"]]
    calm = np.cumprod(1 - chances.sum(axis=0))
    found = Growing()
    for j in range(periods):
        last = j == periods - 1
        share = float(calm[j])
        found.add(
            trunk_label(j * period, (j + 1) * period),
            TRUNK,
            j - 1,
            -1,
            0,
            0,
            j * period,
            (j + 1) * period,
            0,
            -1,
            0,
            share,
            share * last,
            share * last,
        )
    for j in range(1, periods):
        for c, cutoff in enumerate(case["cutoffs"]["cutoff"]):
            if not begins(case, c, first_year + (j * period) // 12):
                continue
            for known, outcomes in futures(case, cutoff, lengths[c], step):
                chance = float(calm[j - 1] * chances[c, j])
                grow(found, case, (c, cutoff, known), j * period, j - 1, chance, outcomes, max(lengths[c]), aftermath)
    label, *columns = zip(*found.rows, strict=True)
    names = ("kind", "parent", "cutoff", "onset", "step", "start", "end", "ended", "last", "kind_end", "prob", "settle", "leaf")
    whole = ("kind", "parent", "cutoff", "step", "last")
    arrays: dict[str, Any] = {
        name: np.array(v, dtype=np.int64 if name in whole else np.float64) for name, v in zip(names, columns, strict=True)
    }
    return Nodes(
        start_year=first_year, discount_rate=case.number("discount_rate"), horizon=float(horizon), label=list(map(str, label)), **arrays
    )


def grow(
    found: Growing,
    case: Case,
    name: tuple[int, str, float],
    onset: int,
    parent: int,
    chance: float,
    outcomes: dict[int, float],
    longest: int,
    aftermath: bool,
) -> None:
    """The branch of one cutoff and onset, and the chains that leave it; `outcomes` are probabilities by length in months."""
    c, cutoff, known = name
    step, horizon = round(case.number("crisis_period")), round(12 * case.number("horizon"))
    for k in range(max(outcomes) // step):
        start, end = onset + k * step, onset + (k + 1) * step
        lasts = chance * sum(p for length, p in outcomes.items() if length > k * step)
        ends = chance * sum(p for length, p in outcomes.items() if length == (k + 1) * step)
        if not aftermath:
            weights = lasts, ends, ends
        elif end < horizon:
            weights = lasts, ends, 0.0
        else:
            weights = (lasts,) * 3 if end == horizon else (0.0,) * 3
        parent = found.add(
            branch_label(cutoff, onset, known, start, end), BRANCH, parent, c, onset, k, start, end, 0, -1, onset + longest, *weights
        )
        if aftermath and end < horizon and sum(p for length, p in outcomes.items() if length == (k + 1) * step) > 0:
            before = parent
            pieces = after(case, end)
            for first, last in pieces:
                final = ends if last == horizon else 0.0
                before = found.add(
                    after_label(cutoff, onset, known, end, first, last),
                    AFTER,
                    before,
                    c,
                    onset,
                    k,
                    first,
                    last,
                    end,
                    parent,
                    onset + longest,
                    ends,
                    0.0,
                    final,
                )


def after(case: Case, end: int) -> list[tuple[int, int]]:
    """The nodes after a cutoff that ends at month `end`, as (start, end)."""
    period, horizon = round(case.number("period")), round(12 * case.number("horizon"))
    rest = min(horizon, period * -(-(end + period) // period))
    piece = case.number("aftermath_period")
    cuts = [end, rest]
    while cuts[-1] < horizon:
        cuts.append(horizon if math.isinf(piece) else min(horizon, cuts[-1] + round(piece)))
    return list(pairwise(cuts))


def onsets(case: Case, periods: int, period: int) -> Floats:
    """(cutoffs, periods): the probability that a cutoff begins in a period, given none before."""
    cutoffs, hazards = case["cutoffs"], case["hazards"]
    other = {(c, y): p for c, y, p in zip(hazards["cutoff"], hazards["year"], hazards["annual_probability"], strict=True)}
    found = np.zeros((len(cutoffs), periods))
    for c, (name, usual) in enumerate(zip(cutoffs["cutoff"], cutoffs["annual_probability"], strict=True)):
        for j in range(1, periods):
            year = case.number("start_year") + (j * period) // 12
            if begins(case, c, year):
                found[c, j] = 1 - (1 - other.get((name, year), usual)) ** (period / 12)
    return found


def begins(case: Case, c: int, year: float) -> bool:
    """Whether a cutoff can begin in a year."""
    first, last = case["cutoffs"]["first_year"].iloc[c], case["cutoffs"]["last_year"].iloc[c]
    return not (year < first or year > last)


def rounded(case: Case, cutoff: str, step: int) -> dict[int, float]:
    """Probabilities by length, in months rounded up to whole crisis periods."""
    frame = case["durations"]
    found: dict[int, float] = {}
    for name, months, probability in zip(frame["cutoff"], frame["months"], frame["probability"], strict=True):
        if name == cutoff:
            length = whole(months, step)
            found[length] = found.get(length, 0.0) + probability
    return found


def futures(case: Case, cutoff: str, lengths: dict[int, float], step: int) -> list[tuple[float, dict[int, float]]]:
    """The branches of an onset: one (NaN), or with known lengths one for each duration (its months); each with probabilities by whole length."""
    if not case.flag("length_known"):
        return [(math.nan, lengths)] if lengths else []
    frame = case["durations"]
    rows = zip(frame["cutoff"], frame["months"], frame["probability"], strict=True)
    return [(months, {whole(months, step): p}) for name, months, p in rows if name == cutoff]


def whole(months: float, step: int) -> int:
    """Months rounded up to whole crisis periods."""
    return step * math.ceil(months / step - 1e-9)


def trunk_label(start: float, end: float) -> str:
    """The name of a trunk node: `peace 0-12`, in months from the start of the plan."""
    return f"peace {start:g}-{end:g}"


def branch_label(cutoff: str, onset: float, known: float, start: float, end: float) -> str:
    """The name of a branch node: `conflict 12-: 15-18`, or where its length is `known` (else NaN) `conflict 12-12m: 15-18`."""
    return f"{cutoff} {onset:g}-{length_text(known)}: {start:g}-{end:g}"


def after_label(cutoff: str, onset: float, known: float, ended: float, start: float, end: float) -> str:
    """The name of a node after a cutoff: `after conflict 12-18: 18-36`."""
    return f"after {cutoff} {onset:g}-{length_text(known) or f'{ended:g}'}: {start:g}-{end:g}"


def length_text(known: float) -> str:
    """A length that is known, `12m`; "" of NaN."""
    return "" if math.isnan(known) else f"{known:g}m"
