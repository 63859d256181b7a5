"""Orders: where each plant can be ordered, the shares of an order on line in each node, and what is left of it at the leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.parameters import SPEEDS
from model.sections.scratch import Scratch, grouped, records
from model.tree import Floats

READS = {"plants", "weights", "settings.discount_rate", "settings.crisis_orders", "settings.risk_weight"}

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Track:
    """A plant on one speed: where it can be ordered (nodes), and which (order, node) pairs are on line or left at a leaf (pairs)."""

    plant: str
    speed: str
    opens: Mask
    online: Mask
    left: Mask


def numbers(s: Scratch) -> None:
    frame, tree, case = s.case["plants"], s.tree, s.case
    above, below = tree.pairs
    at_leaf = (tree.leaf > 0)[below]
    worth = (tree.leaf * tree.discount(tree.end, case.number("discount_rate")))[below]
    tracks: list[Track] = []
    factors: list[float] = []
    shares: list[Floats] = []
    unused_life: list[Floats] = []
    unused_at: list[Floats] = []
    for row, speed, lead, factor in speeds_of(frame):
        opens = (tree.year >= (row.first_year if row.first_year == row.first_year else -np.inf)) & (
            tree.start + lead < last_ready(s) - 1e-9
        )
        ready = tree.start[above] + lead
        online = opens[above] & (ready <= tree.start[below] + 1e-9) & (tree.start[below] < ready + 12 * row.life - 1e-9)
        share = np.ones(len(above)) if row.ramp == 0 else np.minimum(1.0, (tree.mid[below] - ready) / row.ramp)
        unused = np.clip(1 - (tree.end[below] - ready) / (12 * row.life), 0.0, 1.0)
        left = at_leaf & opens[above]
        unused_life.append(np.bincount(above[left], (worth * unused)[left], minlength=len(tree))[opens].astype(float))
        left = left & (unused > 0) & (case.number("risk_weight") > 0)
        tracks.append(Track(row.plant, speed, opens, online, left))
        factors.append(factor)
        shares.append(share[online])
        unused_at.append(unused[left])
    s.put(
        capex_factor=factors,
        online_share=np.concatenate([*shares, []]),
        unused_life=np.concatenate([*unused_life, []]),
        unused_life_at=np.concatenate([*unused_at, []]),
    )
    s.parts["tracks"] = tracks
    s.shapes["ordered"] = [(track.plant, track.speed) for track in tracks]
    s.shapes["tracks"] = np.concatenate([np.concatenate([t.opens, t.online, t.left]) for t in tracks] or [np.empty(0, dtype=bool)])


def speeds_of(frame: Any) -> list[tuple[Any, str, float, float]]:
    """(row of plants, speed, lead time, factor on capex) of each way in which a plant can be ordered."""
    normal, fast = SPEEDS
    found = []
    for row in records(frame[frame["capacity_limit"] > 0]):
        found.append((row, normal, row.lead_time, 1.0))
        if row.fast_lead_time == row.fast_lead_time:
            found.append((row, fast, row.fast_lead_time, 1 + row.fast_premium))
    return found


def last_ready(s: Scratch) -> Floats:
    """(nodes,): an order must be ready before this month: no limit in the trunk, the end of the longest cutoff of its kind in a branch."""
    if not s.case.flag("crisis_orders"):
        return np.where(s.tree.in_trunk, np.inf, -np.inf)
    ends = [branch.start + branch.longest for branch in s.tree.branches]
    return np.array([ends[b] if b >= 0 else np.inf for b in s.tree.branch.tolist()])


def sets(s: Scratch) -> None:
    tree, tracks = s.tree, s.parts["tracks"]
    above, below = tree.pairs
    plants = list(dict.fromkeys(track.plant for track in tracks))

    def pairs(track: Track, mask: Mask) -> list[Any]:
        return [(track.plant, track.speed, a, n) for a, n in zip(above[mask].tolist(), below[mask].tolist(), strict=True)]

    s.sets |= {
        "SPEED_ORDERS": [(t.plant, t.speed) for t in tracks],
        "ORDERS": [(t.plant, t.speed, a) for t in tracks for a in np.flatnonzero(t.opens).tolist()],
        "ONLINE": [(p, n) for p in plants for n in s.nodes],
        "ONLINE_ORDERS": [index for t in tracks for index in pairs(t, t.online)],
        "LEAF_ORDERS": [index for t in tracks for index in pairs(t, t.left)],
        "ORDER_PATHS": [(p, n) for p in plants for n in path_ends(s, np.any([t.opens for t in tracks if t.plant == p], axis=0))],
    }
    s.links |= {
        "orders_online": grouped(((p, n), (p, v, a)) for p, v, a, n in s.sets["ONLINE_ORDERS"]),
        "orders_left": grouped((n, (p, v, a)) for p, v, a, n in s.sets["LEAF_ORDERS"]),
        "orders_in": grouped((n, (p, v)) for p, v, n in s.sets["ORDERS"]),
        "orders_at": grouped(((p, n), v) for p, v, n in s.sets["ORDERS"]),
        "speeds": grouped(s.sets["SPEED_ORDERS"]),
        "online_in": grouped((n, p) for p, n in s.sets["ONLINE"]),
    }


def path_ends(s: Scratch, opens: Mask) -> list[int]:
    """The ends of the paths whose orders are limited together: the trunk's, and those of branches with orders of their own."""
    trunk = s.tree.trunk
    ends = [trunk - 1] if opens[:trunk].any() else []
    return ends + [branch.nodes[-1] for branch in s.tree.branches if opens[branch.nodes[0] : branch.nodes[-1] + 1].any()]
