"""Statements that contradict each other: none can be left out, and what else contradicts shares none of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from model.explain.elastic import Elastic, Failing, blamed, separate
from model.explain.loosened import Lever

MOST_CONFLICTS = 8
"""So many independent conflicts are looked for at most; a repair mends all there are."""


def conflicts(elastic: Elastic) -> list[list[int]]:
    """Levers that contradict each other, in sets that have no statement in common: the worst first. Raises Unsolved."""
    found: list[list[int]] = []
    left = list(range(len(elastic.levers)))
    while len(found) < MOST_CONFLICTS:
        failing = elastic.fail(left)
        if failing.holds:
            break
        before = len(found)
        for candidates in asking(elastic, failing, left):
            rest = [lever for lever in candidates if lever in left]
            if len(found) < MOST_CONFLICTS and not (here := elastic.fail(rest)).holds:
                found.append(irreducible(elastic, blamed(elastic.loosened, here, rest), here))
                left = [lever for lever in left if lever not in found[-1]]
        if len(found) == before:
            found.append(irreducible(elastic, left, failing))
            left = [lever for lever in left if lever not in found[-1]]
    return found


def asking(elastic: Elastic, failing: Failing, left: Sequence[int]) -> Iterator[list[int]]:
    """Of the levers that prove a failing, what limits and what asks for one material, material by material, the most important first; then all."""
    levers, weights = elastic.levers, importance(elastic, failing)
    for rows in separate(elastic.loosened, failing):
        proving = blamed(elastic.loosened, failing, left, rows)
        limits = [lever for lever in proving if not levers[lever].asks_for and not levers[lever].of]
        asked: dict[str, float] = {}
        for lever in proving:
            name = levers[lever].asks_for
            asked[name] = max(asked.get(name, 0.0), weights[lever])
        for name in sorted(asked, key=lambda name: -asked[name]):
            if name:
                yield [*limits, *(lever for lever in proving if name in (levers[lever].asks_for, levers[lever].of))]
        yield proving


def among_facts(elastic: Elastic, levers: Sequence[int], with_facts: Elastic) -> list[int]:
    """The levers of `with_facts` that contradict each other where those of a conflict are no more than one rule against what the world gives."""
    same = {elastic.levers[lever].statement for lever in levers}
    candidates = [n for n, lever in enumerate(with_facts.levers) if lever.fact or lever.statement in same]
    failing = with_facts.fail(candidates)
    return irreducible(with_facts, blamed(with_facts.loosened, failing, candidates), failing)


def is_one_rule(elastic: Elastic, levers: Sequence[int]) -> bool:
    """Whether a conflict is one rule, and the demand that it asks something for."""
    return (
        len({elastic.levers[lever].cell for lever in levers if not elastic.levers[lever].cell.startswith("demand[")} - {""})
        + sum(not elastic.levers[lever].cell for lever in levers)
        <= 1
    )


def irreducible(elastic: Elastic, candidates: Sequence[int], failing: Failing) -> list[int]:
    """Of levers that cannot hold together those without any one of which they can: each is left out in turn, the least important first.

    What has no price in the failing of the others is left out with it. Raises Unsolved.
    """
    weights = importance(elastic, failing)
    left = sorted(candidates, key=lambda lever: (order(elastic.levers[lever]), weights[lever]))
    needed: list[int] = []
    while left:
        tried = left.pop(0)
        without = elastic.fail([*needed, *left])
        if without.holds:
            needed.append(tried)
        else:
            proving = set(blamed(elastic.loosened, without, left))
            left = [lever for lever in left if lever in proving]
    return sorted(needed)


def order(lever: Lever) -> int:
    """What is left out first where it is not needed: when promises must be ready, then what the world gives, then all else."""
    return 0 if lever.cell == "settings.ready_by" else 1 if lever.fact else 2


def importance(elastic: Elastic, failing: Failing) -> list[float]:
    """What a change of each lever by its own scale would do against the failing."""
    loosened = elastic.loosened
    price = np.abs(loosened.program.matrix[:, loosened.width :].T @ failing.row_dual)
    return [float(price[list(lever.slacks)].max()) * lever.scale for lever in loosened.levers]
