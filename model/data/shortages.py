"""Shortages: what a tonne short costs each sector in a node, where the loss of its output does not say it."""

from __future__ import annotations

import numpy as np

from inputs.arrays import Floats
from model.data.workspace import Workspace


def numbers(s: Workspace) -> None:
    fixed = s.case["demand"]["shortage_cost"].to_numpy()[:, None]
    multiple = np.where(s.intermediates["loses_output"], 0.0, of_sector(s, "shortage_multiple"))
    dear = multiple[:, None] * s.intermediates["price"][s.rows_of("demand", "material", "materials")]
    s.put(shortage_price=np.where(np.isnan(fixed), dear, fixed))


def of_sector(s: Workspace, column: str) -> Floats:
    """(demands,): a column of the sector of each demand."""
    values: Floats = s.case["sectors"][column].to_numpy(dtype=float)
    return values[s.rows_of("demand", "sector", "sectors")]


def sets(s: Workspace) -> None:
    """Shortages have the indices of demands."""
