"""The scenario tree: a trunk of planning periods without a cutoff, and from it a branch for each cutoff and onset.

A cutoff c can begin with every period of the trunk but the first, in the years that it allows, and only the first cutoff counts:

    chance[c] = 1 - (1 - annual_probability[c])^(period / 12)
    prob[j] = prob[j-1] * (1 - sum over cutoffs c that can begin with period j: chance[c]), 1 in the first period of the trunk
    prob[n] = prob[j-1] * chance[c] * probability that c lasts longer than m crisis periods, in the node n after m of them

A branch has as many crisis periods as the longest cutoff of its kind. In it, it is known that the cutoff has lasted until now, not when it
ends; with length_known, each length has a branch of its own. A future ends with its cutoff, or with the trunk: there are the leaves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from inputs.arrays import Floats, Ints
from inputs.case import Case
from inputs.errors import StockpileError

TRUNK = -1
"""The branch number of a trunk node."""


class TreeError(StockpileError):
    """A tree that cannot be grown."""


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
    protected: bool
    months: float | None = None


@dataclass(frozen=True)
class Tree:
    """Arrays over the nodes, trunk first, then each branch in order; months from January of `start_year`.

    `parent` is -1 at the root, `branch` is TRUNK (-1) in the trunk, `elapsed` is how far into
    the cutoff a branch node's middle is (0 in the trunk).
    """

    start_year: int
    parent: Ints
    branch: Ints
    start: Floats
    length: Floats
    elapsed: Floats
    prob: Floats
    leaf: Floats
    trunk: int
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
        return self.start_year + np.floor(self.mid / 12 + 1e-9).astype(np.int64)

    @cached_property
    def in_trunk(self) -> NDArray[np.bool_]:
        return np.equal(self.branch, TRUNK)

    @cached_property
    def protection(self) -> tuple[NDArray[np.bool_], Floats]:
        """(branches,): whether each is protected, and the month in which it begins."""
        return np.array([b.protected for b in self.branches], dtype=bool), np.array([b.start for b in self.branches], dtype=float)

    @cached_property
    def pairs(self) -> tuple[Ints, Ints]:
        """(a, n) for every node n and every a of its path, n itself among them."""
        ancestors: list[int] = []
        nodes: list[int] = []
        for n in range(len(self)):
            a = n
            while a >= 0:
                ancestors.append(a)
                nodes.append(n)
                a = int(self.parent[a])
        return np.array(ancestors, dtype=np.int64), np.array(nodes, dtype=np.int64)

    def path(self, n: int) -> list[int]:
        """The nodes from the root to n, n itself among them."""
        nodes = [n]
        while self.parent[nodes[-1]] >= 0:
            nodes.append(int(self.parent[nodes[-1]]))
        return nodes[::-1]

    def target_nodes(self, ready_by: float) -> Ints:
        """The trunk nodes whose stock counts as a target: those that end at or after ready_by, else the last."""
        nodes = np.flatnonzero(self.in_trunk & (self.end >= ready_by - 1e-9))
        return nodes if len(nodes) else np.array([self.trunk - 1], dtype=np.int64)

    def discount(self, months: Floats, rate: float) -> Floats:
        return (1 + rate) ** (-months / 12)


def grow_tree(case: Case) -> Tree:
    """The tree of a case. Raises TreeError where its horizon is shorter than a period, or a cutoff lasts no time.

    Decision-tree view of stockpile sizing: Teisberg 1981; Chao & Manne 1983; Oren & Wan 1986.
    """
    period, crisis = case.number("period"), case.number("crisis_period")
    trunk = round(12 * case.number("horizon") / period)
    if trunk < 1:
        raise TreeError(f"the horizon ({case.number('horizon'):g} years) is shorter than a period ({period:g} months).")
    start_year = int(case.number("start_year"))
    cutoffs = case["cutoffs"]
    chance = 1 - (1 - cutoffs["annual_probability"].to_numpy()) ** (period / 12)
    first = cutoffs["first_year"].fillna(-math.inf).to_numpy()
    last = cutoffs["last_year"].fillna(math.inf).to_numpy()
    lengths = {str(c): lengths_of(case, str(c)) for c in cutoffs["cutoff"]}

    parent = list(range(-1, trunk - 1))
    branch = [TRUNK] * trunk
    start = [j * period for j in range(trunk)]
    elapsed = [0.0] * trunk
    alive = np.ones(trunk)
    prob: list[float] = []
    leaf: list[float] = []
    branches: list[Branch] = []
    for j in range(1, trunk):
        year = start_year + math.floor(j * period / 12 + 1e-9)
        begins = chance * ((first <= year) & (year <= last))
        alive[j] = max(0.0, alive[j - 1] * (1 - float(begins.sum())))
        for c in np.flatnonzero((first <= year) & (year <= last)):
            name = str(cutoffs["cutoff"].iloc[c])
            arises = float(alive[j - 1] * begins[c])
            for months, counts in duration_branches(lengths[name], case.flag("length_known")):
                nodes = range(len(parent), len(parent) + max(counts))
                for k in range(len(nodes)):
                    parent.append(j - 1 if k == 0 else nodes[k - 1])
                    branch.append(len(branches))
                    start.append(j * period + k * crisis)
                    elapsed.append((k + 0.5) * crisis)
                    prob.append(arises * sum(p for count, p in counts.items() if count > k))
                    leaf.append(arises * counts.get(k + 1, 0.0))
                longest = crisis * max(count for count, _, _ in lengths[name])
                branches.append(Branch(name, j, j * period, nodes, longest, bool(cutoffs["protected"].iloc[c]), months))
    ends = np.zeros(trunk)
    ends[-1] = alive[-1]
    return Tree(
        start_year,
        np.array(parent, dtype=np.int64),
        np.array(branch, dtype=np.int64),
        np.array(start),
        np.where(np.array(branch) == TRUNK, period, crisis).astype(float),
        np.array(elapsed),
        np.concatenate([alive, prob]),
        np.concatenate([ends, leaf]),
        trunk,
        tuple(branches),
    )


def lengths_of(case: Case, cutoff: str) -> list[tuple[int, float, float]]:
    """(whole crisis periods, probability, months) of each length that a cutoff may have. Raises TreeError where there is none."""
    durations = case["durations"]
    of_cutoff = durations[durations["cutoff"] == cutoff]
    crisis = case.number("crisis_period")
    lengths = [
        (math.ceil(months / crisis - 1e-9), float(p), float(months))
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
