"""Nodes: their lengths, probabilities and discount factors, and the settings that are one number."""

from __future__ import annotations

import numpy as np

from model.data.workspace import Workspace

READS = {"weights", "settings.discount_rate", "settings.storage_limit", "settings.risk_weight", "settings.tail"}


def numbers(s: Workspace) -> None:
    tree, case = s.tree, s.case
    rate = case.number("discount_rate")
    leaves = np.flatnonzero(tree.leaf > 0)
    middle, end = tree.discount(tree.mid, rate), tree.discount(tree.end, rate)[leaves]
    s.put(yrs=tree.yrs, weight=tree.prob * middle, discount=middle)
    s.put(leaf=tree.leaf[leaves], leaf_weight=tree.leaf[leaves] * end, terminal_discount=end)
    weight, storage = case.number("risk_weight"), case.number("storage_limit")
    s.put(
        risk_weight=weight, one_less_risk_weight=1 - weight, one_over_tail=1 / case.number("tail"), storage_limit=storage, usd_per_kusd=1000
    )
    s.structure["risk"], s.structure["storage"] = weight > 0, np.isfinite(storage)


def sets(s: Workspace) -> None:
    leaves = np.flatnonzero(s.tree.leaf > 0).tolist()
    risk = bool(s.structure["risk"])
    s.sets |= {
        "NODES": s.nodes,
        "TRUNK": s.nodes[: s.tree.trunk],
        "LEAVES": leaves,
        "STORAGE": s.nodes if s.structure["storage"] else [],
        "RISK_NODES": s.nodes if risk else [],
        "RISK_LEAVES": leaves if risk else [],
    }
    s.index_maps["parent"] = dict(enumerate(s.tree.parent.tolist()))
