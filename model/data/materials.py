"""Materials: prices by node, what is kept of a stock, and the limits of stock, release and surplus."""

from __future__ import annotations

import numpy as np

from model.data.workspace import Workspace, grown

READS = {"materials", "settings.release_lag"}

PLAIN = (
    "opening_stock", "holding_rate", "rotation_rate", "rotation_cost", "resale_share", "surplus_cost", "stock_limit", "purchase_limit",
)  # fmt: skip


def numbers(s: Workspace) -> None:
    frame, tree = s.case["materials"], s.tree
    column = {c: frame[c].to_numpy() for c in frame.columns}
    leaves = np.flatnonzero(tree.leaf > 0)
    rotates = column["rotation_rate"] > 0
    into_start = tree.elapsed - tree.length / 2
    releasing = (into_start >= s.case.number("release_lag") - 1e-9) & ~tree.in_trunk
    in_branch = np.where(releasing, column["release_limit"][:, None] * tree.length, 0.0)
    s.intermediates["growth"] = grown(np.ones(len(frame)), column["price_growth"], tree.mid)
    s.intermediates["price"] = column["price"][:, None] * s.intermediates["growth"]
    s.put(
        **{c: column[c] for c in PLAIN},
        price=s.intermediates["price"],
        terminal_price=grown(column["price"], column["price_growth"], tree.end[leaves]),
        retention=(1 - column["loss_rate"])[:, None] ** tree.yrs,
        release_max=np.where(tree.in_trunk, np.where(rotates[:, None], np.inf, 0.0), in_branch),
        surplus_max=column["surplus_limit"][:, None] * tree.yrs,
    )
    s.structure["rotates"], s.structure["can_hold"], s.structure["limited"] = (
        rotates,
        column["stock_limit"] > 0,
        np.isfinite(column["purchase_limit"]),
    )


def sets(s: Workspace) -> None:
    names, trunk = s.case["materials"]["material"].tolist(), s.sets["TRUNK"]
    s.sets |= {
        "MATERIALS": names,
        "MATERIAL_NODES": [(i, n) for i in names for n in s.nodes],
        "MATERIAL_LEAVES": [(i, n) for i in names for n in s.sets["LEAVES"]],
        "ROTATION": [(i, n) for i, some in zip(names, s.structure["rotates"], strict=True) if some for n in trunk],
        "CAN_HOLD": [i for i, some in zip(names, s.structure["can_hold"], strict=True) if some],
        "PURCHASE_LIMITS": [(i, n) for i, some in zip(names, s.structure["limited"], strict=True) if some for n in trunk],
    }
