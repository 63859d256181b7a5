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

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from inputs.arrays import Floats, Ints

TRUNK = -1
"""The branch number of a trunk node."""

EPS = 1e-9
"""Months are compared to within this."""


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
