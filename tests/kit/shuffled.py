"""Cases with their rows in another order, and plans as quantities by name, which no order of rows may change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from inputs.case import Case
from model.certify import certify
from model.plan import Plan

Quantity = tuple[str, tuple[str, ...], str]
"""Variable, indices but the node, node."""


def shuffled(case: Case, seed: int) -> Case:
    """The case with the rows of every sheet in an order by chance."""
    chance = np.random.default_rng(seed)
    return replace(case, frames={name: frame.iloc[chance.permutation(len(frame))] for name, frame in case.frames.items()})


def quantities(plan: Plan) -> dict[Quantity, float]:
    """Every quantity of a plan that is not 0, by the names of the formulation page."""
    return certify(plan).quantities.by_name()


def farthest(one: Plan, other: Plan) -> tuple[float, Quantity | None]:
    """The largest difference of a quantity of two plans, relative to 1 + its size, and which it is."""
    a, b = quantities(one), quantities(other)
    apart = {q: abs(a.get(q, 0.0) - b.get(q, 0.0)) / (1 + abs(b.get(q, 0.0))) for q in a.keys() | b.keys()}
    worst = max(apart, key=lambda q: apart[q], default=None)
    return (apart[worst], worst) if worst else (0.0, None)
