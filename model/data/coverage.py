"""Coverage: what share of each demand must be met, in which branches, and over how many of their first nodes."""

from __future__ import annotations

import numpy as np

from model.data.shortages import of_sector
from model.data.workspace import Workspace

READS = {"demand", "sectors", "cutoffs", "settings.ready_by"}


def numbers(s: Workspace) -> None:
    demand = s.case["demand"]
    own, months = demand["coverage"].to_numpy(), demand["cover_months"].to_numpy()
    s.put(coverage=np.where(np.isnan(own), of_sector(s, "coverage"), own))
    months = np.where(np.isnan(months), of_sector(s, "cover_months"), months)
    periods = np.floor(months / s.case.number("crisis_period") + 1e-9).astype(int)
    s.structure["covered_periods"] = np.where(s.values["coverage"] > 0, periods, 0)
    protected, begins = s.tree.protection
    s.structure["protected"] = protected & (begins >= s.case.number("ready_by") - 1e-9)


def sets(s: Workspace) -> None:
    counts = [(pair, count) for pair, count in zip(s.sets["DEMANDS"], s.structure["covered_periods"].tolist(), strict=True) if count]
    branches = s.tree.branches
    s.sets["COVERAGE"] = [
        (b, i, k, count)
        for b in np.flatnonzero(s.structure["protected"]).tolist()
        for (i, k), most in counts
        for count in range(1, min(len(branches[b].nodes), most) + 1)
    ]
    s.index_maps["branch_nodes"] = {b: branch.nodes for b, branch in enumerate(branches)}
