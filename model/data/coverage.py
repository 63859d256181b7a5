"""Coverage: how much of each demand may be short in a node, by the promise of coverage that holds there."""

from __future__ import annotations

import numpy as np

from model.data.shortages import of_sector
from model.data.workspace import Workspace
from model.tree import EPS


def numbers(s: Workspace) -> None:
    tree, demand = s.tree, s.case["demand"]
    own, months = demand["coverage"].to_numpy(), demand["cover_months"].to_numpy()
    coverage = np.where(np.isnan(own), of_sector(s, "coverage"), own)
    months = np.where(np.isnan(months), of_sector(s, "cover_months"), months)
    protected = np.append(s.case["cutoffs"]["protected"].to_numpy(dtype=bool), False)[s.cutoff]
    kept = protected & tree.in_branch & (tree.onset >= s.case.number("ready_by") - EPS)
    within = (tree.elapsed + tree.length / 2)[None, :] <= months[:, None] + EPS
    promised = np.where(kept & within, coverage[:, None], 0.0)
    s.put(short_limit=(1 - promised) * s.intermediates["demand"])


def sets(s: Workspace) -> None:
    """Coverage is a limit of shortage, which has the indices of demands."""
