"""Losses: the share of a country's supply that a cutoff takes, how it comes back, and what it leaves of an offer or a plant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from inputs.arrays import Floats
from inputs.schema import EVERY
from model.data.workspace import Workspace, grouped, records


def numbers(s: Workspace) -> None:
    """intermediates: fade (nodes,), and the rows of `losses` by country and what they take."""
    s.intermediates["fade"] = fade(s)
    cutoffs = s.rows_by_name("cutoffs")
    s.intermediates["losses"] = grouped(
        ((row.country, row.material), (cutoffs[row.cutoff], row.from_month, row.to_month, row.supply_lost))
        for row in records(s.case["losses"])
    )
    s.intermediates["lost"] = {}


def sets(s: Workspace) -> None:
    """Losses have no indices of their own."""


def fade(s: Workspace) -> Floats:
    """(nodes,): the mean over an aftermath node of max(0, 1 - (months since the cutoff) / recovery), 0 without recovery and elsewhere."""
    tree = s.tree
    recovery = s.case["cutoffs"]["recovery"].to_numpy()
    left: Floats = np.zeros(len(tree))
    rows = np.flatnonzero(tree.in_aftermath)
    span = recovery[s.kind_of_cutoff[rows]]
    rows, span = rows[span > 0], span[span > 0]
    ended = tree.end[tree.after[rows]]
    begin, until = np.minimum(tree.start[rows] - ended, span), np.minimum(tree.end[rows] - ended, span)
    left[rows] = ((until - begin) - (until**2 - begin**2) / (2 * span)) / tree.length[rows]
    return left


def available(s: Workspace, sheet: str, narrower: Sequence[Iterable[str]]) -> Floats:
    """(rows, nodes): share of each offer or plant that a cutoff leaves, directly and through whom it depends on.

    `narrower` are the names of each row that rows of `losses` may have, the broader first; `*` is broader than all.
    """
    dependence = s.case[sheet]["dependence"].to_numpy()[:, None]
    names = [(EVERY, *row) for row in zip(*narrower, strict=True)]
    left: Floats = (1 - lost(s, s.text(sheet, "country"), names)) * (1 - dependence * lost(s, s.text(sheet, "depends_on"), names))
    return left


def lost(s: Workspace, countries: NDArray[np.object_], names: Sequence[tuple[str, ...]]) -> Floats:
    """(rows, nodes): share of what each row has that is lost, by its country and its names; the narrower name goes first, node by node."""
    shares = [lost_of(s, country, row) for country, row in zip(countries, names, strict=True)]
    return np.array(shares).reshape(len(shares), len(s.tree))


def lost_of(s: Workspace, country: str, names: tuple[str, ...]) -> Floats:
    """(nodes,): the share lost in branches, and in the aftermath what is left of the loss of the last node of its cutoff."""
    tree, by_pair = s.tree, s.intermediates["losses"]
    named = tuple(name for name in names if (country, name) in by_pair)
    found = s.intermediates["lost"]
    if (country, named) not in found:
        share: Floats = np.zeros(len(tree))
        for name in named:
            for cutoff, begin, end, taken in by_pair[country, name]:
                share[(s.cutoff == cutoff) & (begin <= tree.elapsed) & (tree.elapsed < end)] = taken
        if s.severity is not None:
            share = np.minimum(1.0, share * s.severity)
        after = tree.in_aftermath
        share[after] = s.intermediates["fade"][after] * share[tree.after[after]]
        found[country, named] = share
    lost: Floats = found[country, named]
    return lost
