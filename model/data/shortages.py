"""Shortages: what a tonne short costs each sector in a node."""

from __future__ import annotations

import numpy as np

from inputs.arrays import Floats
from model.data.workspace import Workspace

READS = {"demand", "sectors", "materials"}


def numbers(s: Workspace) -> None:
    fixed = s.case["demand"]["shortage_cost"].to_numpy()[:, None]
    dear = of_sector(s, "shortage_multiple")[:, None] * s.intermediates["price"][s.rows_of("demand", "material", "materials")]
    s.put(shortage_price=np.where(np.isnan(fixed), dear, fixed))


def of_sector(s: Workspace, column: str) -> Floats:
    """(demands,): a column of the sector of each demand."""
    values: Floats = s.case["sectors"][column].to_numpy(dtype=float)
    return values[s.rows_of("demand", "sector", "sectors")]


def sets(s: Workspace) -> None:
    """Shortages have the indices of demands."""
