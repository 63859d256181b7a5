"""The scenario tree: a trunk of planning periods without a cutoff, a branch for each cutoff and onset, and peace after it until the horizon.

A cutoff c can begin with every period j of the trunk but the first, in the years that it allows, and only the first cutoff counts:

    chance[c,j] = 1 - (1 - annual_probability[c])^(period / 12), with the row of `hazards` for the year in which j begins, where there is one
    alive[j] = alive[j-1] * (1 - sum over cutoffs c that can begin with period j: chance[c,j]), 1 in the first period of the trunk
    begins[c,j] = alive[j-1] * chance[c,j]

A branch has as many crisis periods as the longest cutoff of its kind. In it, it is known that the cutoff has lasted until now, not when it
ends; with length_known, each length has a branch of its own. From each crisis period after which the cutoff may end, before the horizon, a
chain of aftermath nodes leads to the horizon: one until the end of the planning period after that in which the cutoff ends, then pieces
of aftermath_period. A branch that reaches past the horizon goes on there with probability 0: it carries the promise of coverage.

    node                        prob                                    settle (the stockpile)                  leaf
    trunk j                     alive[j]                                the last: alive[j]                      the last: alive[j]
    branch, ends before horizon begins * P(length > its start)          begins * P(length = its end)            0
    branch, ends at the horizon begins * P(length > its start)          the same                                the same
    branch past the horizon     0                                       0                                       0
    aftermath of a branch node  begins * P(length = that node's end)    0                                       the last of the chain: the same

Without `aftermath`, a future ends with its cutoff, wherever the horizon is: begins * P(length > its start), and begins * P(length = its end) twice.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from inputs.arrays import Floats, Ints
from inputs.errors import StockpileError

TRUNK = -1
"""The branch number of a trunk node."""

EPS = 1e-9
"""Months are compared to within this."""


class TreeError(StockpileError):
    """A tree that cannot be grown."""


class Statements(Protocol):
    """What a tree reads of a case."""

    def __getitem__(self, sheet: str) -> pd.DataFrame: ...
    def number(self, setting: str) -> float: ...
    def flag(self, setting: str) -> bool: ...


@dataclass(frozen=True)
class Branch:
    """A cutoff that begins at the start of a trunk period.

    `nodes` are its nodes in order; `longest` is the length in months of the longest
    cutoff of its kind, rounded up to crisis periods; `months` is its own length where
    that is known when it begins, else None.
    """

    cutoff: str
    onset: int
    start: float
    nodes: range
    longest: float
    protected: bool = field(compare=False)
    months: float | None = None


@dataclass(frozen=True)
class Tree:
    """Arrays over the nodes: the trunk, then each branch in order, then the aftermath; months from January of `start_year`.

    `parent` is -1 at the root, `branch` is TRUNK (-1) in the trunk (an aftermath node has the
    branch that it follows), `elapsed` is how far into the cutoff a branch node's middle is (0
    elsewhere), `after` the branch node in which an aftermath node's cutoff ended (-1 elsewhere).
    `trunk` is the number of trunk nodes, `aftermath` that of trunk and branch nodes: the first aftermath node.
    `horizon` is in months; `lasting` tells that every future lasts until then, with an aftermath.
    """

    start_year: int
    horizon: float
    lasting: bool
    parent: Ints
    branch: Ints
    after: Ints
    start: Floats
    length: Floats
    elapsed: Floats
    prob: Floats
    settle: Floats
    leaf: Floats
    trunk: int
    aftermath: int
    branches: tuple[Branch, ...]

    def __len__(self) -> int:
        return len(self.parent)

    @cached_property
    def end(self) -> Floats:
        return self.start + self.length

    @cached_property
    def mid(self) -> Floats:
        return self.start + self.length / 2

    @cached_property
    def yrs(self) -> Floats:
        return self.length / 12

    @cached_property
    def year(self) -> Ints:
        """Calendar year of each node's middle."""
        return self.start_year + np.floor(self.mid / 12 + EPS).astype(np.int64)

    @cached_property
    def in_trunk(self) -> NDArray[np.bool_]:
        return np.arange(len(self)) < self.trunk

    @cached_property
    def in_aftermath(self) -> NDArray[np.bool_]:
        return np.arange(len(self)) >= self.aftermath

    @cached_property
    def in_branch(self) -> NDArray[np.bool_]:
        return ~self.in_trunk & ~self.in_aftermath

    @cached_property
    def past_horizon(self) -> NDArray[np.bool_]:
        """Branch nodes that only carry the promise of coverage: they cost nothing, and their quantities are not reported."""
        return self.in_branch & (self.start >= self.horizon - EPS) & self.lasting

    def within(self, branch: Branch) -> range:
        """The nodes of a branch before the horizon: those whose quantities are reported."""
        return range(branch.nodes.start, branch.nodes.stop - int(self.past_horizon[branch.nodes.start : branch.nodes.stop].sum()))

    @cached_property
    def settled_in(self) -> Ints:
        """(nodes,): where the stockpile of a future that ends in the node is settled: the node that an aftermath follows, else itself."""
        return np.where(self.in_aftermath, self.after, np.arange(len(self)))

    @cached_property
    def onset(self) -> Floats:
        """(nodes,): the month in which the cutoff of a branch or aftermath node begins, nan in the trunk."""
        return np.array([*(b.start for b in self.branches), np.nan])[self.branch]

    @cached_property
    def pairs(self) -> tuple[Ints, Ints]:
        """(a, n) for every node n and every a of its path, n itself among them."""
        nodes = np.arange(len(self))
        ancestors, found, above = [nodes], [nodes], self.parent
        while (above >= 0).any():
            reached = above >= 0
            ancestors.append(above[reached])
            found.append(nodes[reached])
            above = np.where(reached, self.parent[above], -1)
        a, n = np.concatenate(ancestors), np.concatenate(found)
        order = np.lexsort((-a, n))
        return a[order], n[order]

    def path(self, n: int) -> list[int]:
        """The nodes from the root to n, n itself among them."""
        nodes = [n]
        while self.parent[nodes[-1]] >= 0:
            nodes.append(int(self.parent[nodes[-1]]))
        return nodes[::-1]

    def target_nodes(self, ready_by: float) -> Ints:
        """The trunk nodes whose stock counts as a target: those that end at or after ready_by, else the last."""
        nodes = np.flatnonzero(self.in_trunk & (self.end >= ready_by - EPS))
        return nodes if len(nodes) else np.array([self.trunk - 1], dtype=np.int64)

    def discount(self, months: Floats, rate: float) -> Floats:
        return (1 + rate) ** (-months / 12)


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
        piece = case.number("aftermath_period")
        return cls(
            int(case.number("start_year")), case.number("period"), case.number("crisis_period"), 12 * case.number("horizon"),
            case.flag("aftermath"), math.inf if math.isnan(piece) else piece,
        )  # fmt: skip

    def year(self, month: float) -> int:
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
