"""Demands: what each sector needs in a node, and the stock that days of cover ask for."""

from __future__ import annotations

import numpy as np

from model.data.workspace import Workspace, grouped, grown, records
from model.tree import EPS


def numbers(s: Workspace) -> None:
    frame, tree, case = s.case["demand"], s.tree, s.case
    surge = np.ones((len(frame), len(tree)))
    cutoffs = s.rows_by_name("cutoffs")
    for row in records(case["surges"]):
        surge[np.ix_(s.text("demand", "sector") == row.sector, s.cutoff == cutoffs[row.cutoff])] = row.demand_multiple
    rate = grown(frame["demand"].to_numpy(), frame["growth"].to_numpy(), tree.mid) * surge
    s.intermediates["demand"] = rate * tree.yrs
    yearly = np.zeros((len(case["materials"]), len(tree)))
    np.add.at(yearly, s.rows_of("demand", "material", "materials"), rate)
    ready = (tree.in_trunk & (tree.end >= case.number("ready_by") - EPS))[: tree.aftermath]
    min_cover = case["materials"]["min_cover"].to_numpy()[:, None] / 365
    s.put(demand=s.intermediates["demand"], min_stock=np.where(ready, min_cover * yearly[:, : tree.aftermath], 0.0))


def sets(s: Workspace) -> None:
    pairs = list(zip(s.case["demand"]["material"].tolist(), s.case["demand"]["sector"].tolist(), strict=True))
    s.sets |= {"DEMANDS": pairs, "DEMAND_NODES": [(i, k, n) for i, k in pairs for n in s.nodes]}
    s.index_maps["sectors_of"] = grouped((i, (i, k)) for i, k in pairs)
