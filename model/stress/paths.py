"""Futures as paths of nodes: the periods of peace until a cutoff begins, its crisis periods, and peace after it, until the horizon.

The nodes are those of the plan's tree, but that a cutoff may begin in any month (the period of peace before it is cut short), and that
another may follow (the period in which it begins is cut short, too). All paths stand side by side in one `Tree`, so that the numbers of every
node are those that `model.data` computes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from inputs.arrays import Floats
from inputs.case import Case
from model.growth import Calendar
from model.stress.future import Future
from model.tree import EPS, TRUNK, Branch, Tree


@dataclass(frozen=True)
class Paths:
    """The tree of some futures; `nodes[f]` are the nodes of future f in order, `severity` (nodes,) is that of the cutoff of each node."""

    tree: Tree
    nodes: tuple[tuple[int, ...], ...]
    severity: Floats


@dataclass(frozen=True)
class Piece:
    """A node in the making: `cutoff` is the place among the cutoffs of its future (TRUNK before the first), `into` the months into it (None after it)."""

    cutoff: int
    start: float
    length: float
    into: float | None = None

    @property
    def place(self) -> int:
        """Trunk, branch or aftermath: 0, 1, 2."""
        return 0 if self.cutoff == TRUNK else 1 if self.into is not None else 2


def pieces_of(times: Calendar, future: Future) -> Iterator[Piece]:
    """The nodes of a future in order."""
    starts = [*(episode.start for episode in future.cutoffs), times.horizon]
    begin = 0.0
    while begin < starts[0] - EPS:
        until = min(begin + times.period, starts[0])
        yield Piece(TRUNK, begin, until - begin)
        begin += times.period
    for place, episode in enumerate(future.cutoffs):
        last = episode.start + episode.months
        until = min(last, times.horizon) if times.aftermath else last
        begin = episode.start
        while begin < until - EPS:
            yield Piece(place, begin, min(times.crisis, until - begin), begin - episode.start)
            begin += times.crisis
        if times.aftermath:
            for begin, end in times.pieces(until):
                if begin < starts[place + 1] - EPS:
                    yield Piece(place, begin, min(end, starts[place + 1]) - begin)


def paths_of(case: Case, futures: Sequence[Future]) -> Paths:
    """The paths of futures of a case, in one tree: first all nodes before a cutoff, then all in one, then all after one."""
    times = Calendar.of(case)
    found = [(f, piece) for f, future in enumerate(futures) for piece in pieces_of(times, future)]
    order = sorted(range(len(found)), key=lambda at: found[at][1].place)
    number = {at: n for n, at in enumerate(order)}
    nodes: list[list[int]] = [[] for _ in futures]
    for at, (f, _) in enumerate(found):
        nodes[f].append(number[at])
    first = np.cumsum([0, *(len(future.cutoffs) for future in futures)])
    branch = [TRUNK if piece.cutoff == TRUNK else int(first[f]) + piece.cutoff for f, piece in found]
    severity = [1.0 if piece.cutoff == TRUNK else futures[f].cutoffs[piece.cutoff].severity for f, piece in found]
    after, ended = [-1] * len(found), -1
    for at, (_, piece) in enumerate(found):
        ended = number[at] if piece.place == 1 else ended
        after[at] = ended if piece.place == 2 else -1
    before = {n: a for path in nodes for a, n in zip([-1, *path[:-1]], path, strict=True)}
    pieces = [found[at][1] for at in order]
    sizes = [sum(piece.place == place for piece in pieces) for place in range(3)]

    def ordered(values: Sequence[float]) -> list[float]:
        return [values[at] for at in order]

    nothing = np.zeros(len(found))
    tree = Tree(
        times.start_year,
        times.horizon,
        times.aftermath,
        np.array([before[n] for n in range(len(found))], dtype=np.int64),
        np.array(ordered(branch), dtype=np.int64),
        np.array(ordered(after), dtype=np.int64),
        np.array([piece.start for piece in pieces]),
        np.array([piece.length for piece in pieces]),
        np.array([0.0 if piece.into is None else piece.into + piece.length / 2 for piece in pieces]),
        nothing,
        nothing,
        nothing,
        sizes[0],
        sizes[0] + sizes[1],
        branches_of(case, futures),
    )
    return Paths(tree, tuple(map(tuple, nodes)), np.array(ordered(severity)))


def branches_of(case: Case, futures: Sequence[Future]) -> tuple[Branch, ...]:
    """The cutoffs of all futures, as branches of a tree; their nodes are those of the paths."""
    protected = case["cutoffs"].set_index("cutoff")["protected"]
    return tuple(
        Branch(episode.cutoff, 0, episode.start, range(0), episode.months, bool(protected[episode.cutoff]))
        for future in futures
        for episode in future.cutoffs
    )
