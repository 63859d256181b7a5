"""Shares with Wilson's interval, means with theirs, and futures by the cutoffs in them."""

import math

import numpy as np

from model.stress.statistics import Share, groups, holds, mean_of, tonnes
from tests.kit.small import near


def test_wilsons_interval_by_its_formula() -> None:
    """8 of 10: (p + z^2 / 2n -+ z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n), z = 1.959964; of all of 300 the upper end is 1, the lower 300 / (300 + z^2)."""
    z, p, n = 1.9599639845400545, 0.8, 10
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))

    assert Share(8, 10).interval == near(((middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)))
    assert Share(300, 300).interval == near((300 / (300 + z * z), 1))
    assert math.isnan(Share(0, 0).value)
    assert math.isnan(Share(0, 0).interval[0])


def test_the_interval_of_a_mean_by_its_formula() -> None:
    """0 and 10 five times each: mean 5, standard deviation sqrt(250 / 9), over sqrt(10)."""
    found = mean_of(np.array([0.0, 10.0] * 5))

    assert (found.value, found.half) == near((5, 1.9599639845400545 * math.sqrt(250 / 9) / math.sqrt(10)))
    assert math.isnan(mean_of(np.array([3.0])).half)


def test_futures_by_the_cutoffs_in_them() -> None:
    """None, two with a ban alone, one with a war alone, one with both."""
    futures = [
        {"cutoffs": cutoffs, "full": {"civil": full}, "kept": {"civil": kept}, "short": short}
        for cutoffs, full, kept, short in (
            ([], True, None, []),
            ([["ban", 1, 3, 1]], True, True, []),
            ([["ban", 1, 3, 1]], False, True, [[1, 0, 4.0, 0.0, 0]]),
            ([["war", 1, 3, 1]], False, False, [[0, -1, 1.0, 0.0, 0], [0, 0, 2.0, 0.5, 3]]),
            ([["ban", 1, 3, 1], ["war", 9, 3, 1]], False, None, []),
        )
    ]
    by = dict(groups(futures))

    assert {name: len(members) for name, members in by.items()} == {
        **{"all futures": 5, "with a cutoff": 4, "with one cutoff alone": 3, "ban alone": 2, "war alone": 1, "with more than one": 1}
    }
    assert (holds(futures, "full", "civil"), holds(futures, "kept", "civil")) == (Share(2, 5), Share(2, 3))
    assert tonnes(futures, 2).tolist() == [[0, 0, 0, 3, 0], [0, 0, 4, 0, 0]]
    assert tonnes(futures, 2, 3)[0].tolist() == [0, 0, 0, 0.5, 0]
