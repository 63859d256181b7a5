"""The futures that a plan lists itself: each cutoff, onset and length, and none, with their probabilities."""

from __future__ import annotations

import numpy as np

from inputs.case import Case
from model.growth import Calendar, lengths_of
from model.stress.future import Episode, Future
from model.tree import Tree


def listed_futures(case: Case, tree: Tree) -> list[tuple[Future, float]]:
    """Every future of the tree of a case, with its probability; they add to 1, and the first has no cutoff."""
    times = Calendar.of(case)
    last = tree.trunk - 1
    found = [(Future(), float(tree.prob[last]))]
    for branch in tree.branches:
        begins = float(tree.prob[branch.nodes.start])
        for count, share, _ in lengths_of(case, branch.cutoff):
            found.append((Future((Episode(branch.cutoff, branch.start, count * times.crisis),)), begins * share))
    return found


def drawn_listed(futures: list[tuple[Future, float]], share: float) -> Future:
    """The future in which a share (0 to 1) of all probability lies."""
    ends = np.cumsum([probability for _, probability in futures])
    return futures[min(int(np.searchsorted(ends, share * ends[-1], side="right")), len(futures) - 1)][0]
