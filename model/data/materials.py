"""Materials: prices by node, what is kept of a stock, and the limits of stock, release and surplus."""

from __future__ import annotations

import numpy as np

from model.data.workspace import Workspace, grown
from model.tree import EPS

PLAIN = ("opening_stock", "holding_rate", "rotation_rate", "rotation_cost", "resale_share", "stock_limit")


def numbers(s: Workspace) -> None:
    frame, tree = s.case["materials"], s.tree
    column = {c: frame[c].to_numpy() for c in frame.columns}
    settled, branches = np.flatnonzero(s.settle > 0), np.flatnonzero(tree.in_branch)
    releasing = (tree.elapsed - tree.length / 2)[branches] >= s.case.number("release_lag") - EPS
    s.intermediates["growth"] = grown(np.ones(len(frame)), column["price_growth"], tree.mid)
    s.intermediates["price"] = column["price"][:, None] * s.intermediates["growth"]
    fixed = column["surplus_cost"][:, None]
    s.put(
        **{c: column[c] for c in PLAIN},
        purchase_max=column["purchase_limit"],
        price=s.intermediates["price"],
        terminal_price=grown(column["price"], column["price_growth"], tree.end[settled]),
        retention=((1 - column["loss_rate"])[:, None] ** tree.yrs)[:, : tree.aftermath],
        release_max=np.where(releasing, column["release_limit"][:, None] * tree.length[branches], 0.0),
        surplus_max=column["surplus_limit"][:, None] * tree.yrs,
        surplus_price=np.where(np.isnan(fixed), -column["surplus_share"][:, None] * s.intermediates["price"], fixed),
    )
    s.structure["can_hold"], s.structure["limited"] = column["stock_limit"] > 0, np.isfinite(column["purchase_limit"])


def sets(s: Workspace) -> None:
    names = s.case["materials"]["material"].tolist()
    s.sets |= {
        "MATERIALS": names,
        "MATERIAL_NODES": [(i, n) for i in names for n in s.nodes],
        "MATERIAL_HOLDING": [(i, n) for i in names for n in s.sets["HOLDING"]],
        "MATERIAL_BRANCHES": [(i, n) for i in names for n in s.sets["BRANCHES"]],
        "MATERIAL_SETTLEMENTS": [(i, n) for i in names for n in s.sets["SETTLEMENTS"]],
        "CAN_HOLD": [i for i, some in zip(names, s.structure["can_hold"], strict=True) if some],
        "PURCHASE_LIMITS": [(i, n) for i, some in zip(names, s.structure["limited"], strict=True) if some for n in s.sets["TRUNK"]],
    }
