"""Nodes: their lengths, probabilities and discount factors, and the settings that are one number."""

from __future__ import annotations

import numpy as np

from model.data.workspace import Workspace


def numbers(s: Workspace) -> None:
    tree, case = s.tree, s.case
    rate = case.number("discount_rate")
    leaves, settled = np.flatnonzero(s.leaf > 0), np.flatnonzero(s.settle > 0)
    middle, end = tree.discount(tree.mid, rate), tree.discount(tree.end, rate)
    s.put(yrs=tree.yrs, weight=s.prob * middle, discount=middle)
    s.put(leaf=s.leaf[leaves], terminal_discount=end[leaves])
    s.put(settle_weight=s.settle[settled] * end[settled], settle_discount=end[settled])
    weight, storage = case.number("risk_weight"), case.number("storage_limit")
    s.put(risk_weight=weight, one_less_risk_weight=1 - weight, one_over_tail=1 / case.number("tail"), storage_limit=storage)
    s.put(usd_per_kusd=1000, kusd_per_musd=1000, one_year=1)
    s.structure["risk"], s.structure["storage"] = weight > 0, np.isfinite(storage)


def sets(s: Workspace) -> None:
    tree, leaves = s.tree, np.flatnonzero(s.leaf > 0).tolist()
    risk = bool(s.structure["risk"])
    held = s.nodes[: tree.aftermath]
    s.sets |= {
        "NODES": s.nodes,
        "TRUNK": s.nodes[: tree.trunk],
        "BRANCHES": s.nodes[tree.trunk : tree.aftermath],
        "HOLDING": held,
        "LEAVES": leaves,
        "SETTLEMENTS": np.flatnonzero(s.settle > 0).tolist(),
        "STORAGE": held if s.structure["storage"] else [],
        "RISK_NODES": s.nodes if risk else [],
        "RISK_LEAVES": leaves if risk else [],
    }
    s.index_maps["parent"] = dict(enumerate(tree.parent.tolist()))
    s.index_maps["settled_in"] = dict(enumerate(tree.settled_in.tolist()))
