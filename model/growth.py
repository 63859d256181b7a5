"""How the scenario tree of a case grows: the trunk, a branch for each cutoff and onset, and the aftermath of each of its possible ends."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from inputs.arrays import Floats, Ints
from inputs.errors import StockpileError
from model.tree import EPS, TRUNK, Branch, Tree


class TreeError(StockpileError):
    """A tree that cannot be grown."""


class Statements(Protocol):
    """What a tree reads of a case."""

    def __getitem__(self, sheet: str) -> pd.DataFrame:
        """A sheet."""
        ...

    def number(self, setting: str) -> float:
        """A setting that is a number."""
        ...

    def flag(self, setting: str) -> bool:
        """A setting that is yes or no."""
        ...


@dataclass
class Growing:
    """The nodes of branches and aftermath of a tree in the making, as lists; `after` counts from the first branch node of all."""

    branch: list[int] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)
    start: list[float] = field(default_factory=list)
    length: list[float] = field(default_factory=list)
    elapsed: list[float] = field(default_factory=list)
    prob: list[float] = field(default_factory=list)
    settle: list[float] = field(default_factory=list)
    leaf: list[float] = field(default_factory=list)

    def add(
        self,
        branch: int,
        parent: int,
        start: float,
        length: float,
        *,
        after: int = -1,
        elapsed: float = 0.0,
        prob: float,
        settle: float = 0.0,
        leaf: float = 0.0,
    ) -> None:
        """One more node."""
        for name, value in (("branch", branch), ("parent", parent), ("after", after), ("start", start), ("length", length)):
            getattr(self, name).append(value)
        for name, value in (("elapsed", elapsed), ("prob", prob), ("settle", settle), ("leaf", leaf)):
            getattr(self, name).append(value)

    def __len__(self) -> int:
        return len(self.parent)


@dataclass(frozen=True)
class Calendar:
    """The times of a plan in months, and how its futures end."""

    start_year: int
    period: float
    crisis: float
    horizon: float
    aftermath: bool
    piece: float

    @classmethod
    def of(cls, case: Statements) -> Calendar:
        """The times of a case."""
        return cls(
            int(case.number("start_year")), case.number("period"), case.number("crisis_period"), 12 * case.number("horizon"),
            case.flag("aftermath"), case.number("aftermath_period"),
        )  # fmt: skip

    def year(self, month: float) -> int:
        """The calendar year of a month."""
        return self.start_year + math.floor(month / 12 + EPS)

    def pieces(self, end: float) -> Iterator[tuple[float, float]]:
        """(start, end) of the aftermath nodes of a cutoff that ends in a month: until the end of the planning period after it, then pieces."""
        begin, until = end, min(self.horizon, self.period * math.ceil((end + self.period) / self.period - EPS))
        while begin < self.horizon - EPS:
            yield begin, until
            begin, until = until, min(self.horizon, until + self.piece)


def grow_tree(case: Statements) -> Tree:
    """The tree of a case. Raises TreeError where its horizon is shorter than a period, or a cutoff lasts no time.

    Decision-tree view of stockpile sizing: Teisberg 1981; Chao & Manne 1983; Oren & Wan 1986.
    """
    times = Calendar.of(case)
    trunk = round(times.horizon / times.period)
    if trunk < 1:
        raise TreeError(f"the horizon ({times.horizon / 12:g} years) is shorter than a period ({times.period:g} months).")
    cutoffs = case["cutoffs"]
    lengths = {str(c): lengths_of(case, str(c)) for c in cutoffs["cutoff"]}
    known = case.flag("length_known")
    begins, allowed = onsets(case, times, trunk)
    alive = np.ones(trunk)
    crisis, after = Growing(), Growing()
    branches: list[Branch] = []
    for j in range(1, trunk):
        alive[j] = max(0.0, alive[j - 1] * (1 - float(begins[:, j].sum())))
        for c in np.flatnonzero(allowed[:, j]):
            name = str(cutoffs["cutoff"].iloc[c])
            longest = times.crisis * max(count for count, _, _ in lengths[name])
            for months, counts in duration_branches(lengths[name], known):
                first = trunk + len(crisis)
                grow_branch(crisis, after, times, len(branches), j, float(alive[j - 1] * begins[c, j]), counts, first)
                nodes = range(first, trunk + len(crisis))
                branches.append(Branch(name, j, j * times.period, nodes, longest, bool(cutoffs["protected"].iloc[c]), months))
    return assemble(times, alive, crisis, after, tuple(branches))


def onsets(case: Statements, times: Calendar, trunk: int) -> tuple[Floats, NDArray[np.bool_]]:
    """(cutoffs, trunk nodes): the chance that each begins with a period, none having begun before; and whether it can."""
    cutoffs, hazards = case["cutoffs"], case["hazards"]
    years = np.array([times.year(j * times.period) for j in range(trunk)])
    first = cutoffs["first_year"].fillna(-math.inf).to_numpy()[:, None]
    last = cutoffs["last_year"].fillna(math.inf).to_numpy()[:, None]
    yearly = np.repeat(cutoffs["annual_probability"].to_numpy(dtype=float)[:, None], trunk, axis=1)
    rows = {name: row for row, name in enumerate(cutoffs["cutoff"])}
    for cutoff, year, probability in zip(hazards["cutoff"], hazards["year"], hazards["annual_probability"], strict=True):
        yearly[rows[cutoff], years == year] = probability
    allowed = (first <= years) & (years <= last)
    return (1 - (1 - yearly) ** (times.period / 12)) * allowed, allowed


def grow_branch(
    crisis: Growing, after: Growing, times: Calendar, branch: int, onset: int, begins: float, counts: dict[int, float], first: int
) -> None:
    """The nodes of one branch, whose first has the number `first`, and the aftermath of each of its nodes in which the cutoff may end."""
    for k in range(max(counts)):
        node, start = first + k, onset * times.period + k * times.crisis
        end, lasts, ends = (
            start + times.crisis,
            begins * sum(p for count, p in counts.items() if count > k),
            begins * counts.get(k + 1, 0.0),
        )
        prob, settle, leaf = lasts, ends, ends
        if times.aftermath:
            past, last = start >= times.horizon - EPS, end >= times.horizon - EPS
            prob, settle, leaf = (0.0, 0.0, 0.0) if past else (lasts, lasts, lasts) if last else (lasts, ends, 0.0)
        crisis.add(
            branch, node - 1 if k else onset - 1, start, times.crisis,
            elapsed=(k + 0.5) * times.crisis, prob=prob, settle=settle, leaf=leaf,
        )  # fmt: skip
        if times.aftermath and counts.get(k + 1, 0.0) > 0:
            grow_aftermath(after, times, branch, node, end, ends)


def grow_aftermath(after: Growing, times: Calendar, branch: int, node: int, end: float, ends: float) -> None:
    """The chain from a branch node to the horizon; `parent` is that node, then -1 for the node before in the chain."""
    for begin, until in times.pieces(end):
        parent = node if begin == end else -1
        after.add(branch, parent, begin, until - begin, after=node, prob=ends, leaf=ends if until >= times.horizon - EPS else 0.0)


def assemble(times: Calendar, alive: Floats, crisis: Growing, after: Growing, branches: tuple[Branch, ...]) -> Tree:
    """The trunk, the branches and the aftermath as one tree."""
    trunk, aftermath = len(alive), len(alive) + len(crisis)
    chained = [parent if parent >= 0 else aftermath + k - 1 for k, parent in enumerate(after.parent)]
    ends = np.where(np.arange(trunk) == trunk - 1, alive, 0.0)

    def floats(name: str, in_trunk: Floats) -> Floats:
        return np.concatenate([in_trunk, np.array(getattr(crisis, name), dtype=float), np.array(getattr(after, name), dtype=float)])

    def ints(in_trunk: list[int], in_branches: list[int], in_aftermath: list[int]) -> Ints:
        return np.array([*in_trunk, *in_branches, *in_aftermath], dtype=np.int64)

    return Tree(
        times.start_year,
        times.horizon,
        times.aftermath,
        ints(list(range(-1, trunk - 1)), crisis.parent, chained),
        ints([TRUNK] * trunk, crisis.branch, after.branch),
        ints([-1] * trunk, crisis.after, after.after),
        floats("start", times.period * np.arange(trunk, dtype=float)),
        floats("length", np.full(trunk, times.period)),
        floats("elapsed", np.zeros(trunk)),
        floats("prob", alive),
        floats("settle", ends),
        floats("leaf", ends),
        trunk,
        aftermath,
        branches,
    )


def lengths_of(case: Statements, cutoff: str) -> list[tuple[int, float, float]]:
    """(whole crisis periods, probability, months) of each length that a cutoff may have. Raises TreeError where there is none."""
    durations = case["durations"]
    of_cutoff = durations[durations["cutoff"] == cutoff]
    crisis = case.number("crisis_period")
    lengths = [
        (math.ceil(months / crisis - EPS), float(p), float(months))
        for months, p in zip(of_cutoff["months"], of_cutoff["probability"], strict=True)
    ]
    if not lengths or min(count for count, _, _ in lengths) < 1:
        raise TreeError(f"cutoff '{cutoff}' has {'a length of no time' if lengths else 'no length'}; each lasts a crisis period at least.")
    return lengths


def duration_branches(lengths: list[tuple[int, float, float]], length_known: bool) -> list[tuple[float | None, dict[int, float]]]:
    """The branches of one cutoff and onset: (length if known, probability by whole crisis periods)."""
    if length_known:
        return [(months, {count: p}) for count, p, months in lengths]
    together: dict[int, float] = {}
    for count, p, _ in lengths:
        together[count] = together.get(count, 0.0) + p
    return [(None, together)]
