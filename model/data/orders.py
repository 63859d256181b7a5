"""Orders: where each plant can be ordered, the shares of an order on line in each node, and what is left of it at the leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inputs.arrays import Floats, Ints
from model.data.workspace import Workspace, grouped
from model.parameters import SPEEDS
from model.tree import EPS

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Tracks:
    """The ways in which plants can be ordered: plant and speed of each, and where it opens (tracks, nodes).

    `online` and `left` say which (order, node) pairs of a path are on line, or left at a leaf (tracks, pairs).
    """

    plant: list[str]
    speed: list[str]
    opens: Mask
    online: Mask
    left: Mask


def numbers(s: Workspace) -> None:
    frame, tree, case = s.case["plants"], s.tree, s.case
    above, below = tree.pairs
    rows, fast = speeds_of(frame)
    column = {c: frame[c].to_numpy()[rows][:, None] for c in ("lead_time", "fast_lead_time", "fast_premium", "first_year", "life", "ramp")}
    lead = np.where(fast[:, None], column["fast_lead_time"], column["lead_time"])
    first = np.nan_to_num(column["first_year"], nan=-np.inf)
    opens = (tree.year >= first) & (tree.start + lead < last_ready(s) - EPS)
    ready, life, opened = tree.start[above] + lead, 12 * column["life"], opens[:, above]
    share = np.where(opened, mean_online(tree.start[below] - ready, tree.end[below] - ready, life, column["ramp"]), 0.0)
    online = share > EPS
    unused = np.clip(1 - (tree.end[below] - ready) / life, 0.0, 1.0)
    at_leaf = opened & (s.leaf > 0)[below]
    worth = (s.leaf * tree.discount(tree.end, case.number("discount_rate")))[below]
    place = np.arange(len(rows))[:, None] * len(tree) + above
    remaining_life = np.bincount(place[at_leaf], (worth * unused)[at_leaf], minlength=opens.size).reshape(opens.shape)
    left = at_leaf & (unused > 0) & (case.number("risk_weight") > 0)
    s.put(
        capex_factor=np.where(fast, 1 + column["fast_premium"][:, 0], 1.0),
        online_share=share[online],
        remaining_life=remaining_life[opens],
        remaining_life_at=unused[left],
    )
    plants = s.text("plants", "plant")[rows].tolist()
    s.intermediates["tracks"] = Tracks(plants, [SPEEDS[number] for number in fast.tolist()], opens, online, left)
    s.structure["ordered"] = np.stack([rows, fast])
    s.structure["tracks"] = np.concatenate([opens, online, left], axis=1)


def mean_online(begin: Floats, end: Floats, life: Floats, ramp: Floats) -> Floats:
    """(tracks, pairs): the mean share on line of capacity between two months counted from when it is ready.

    Nothing before it is ready, then min(1, months / ramp), nothing once its life (months) is over.
    """

    def until(month: Floats) -> Floats:
        on = np.clip(month, 0.0, life)
        rising = np.minimum(on, ramp)
        total: Floats = on - rising + np.divide(rising**2, 2 * ramp, out=np.zeros(np.broadcast(on, ramp).shape), where=ramp > 0)
        return total

    mean: Floats = (until(end) - until(begin)) / (end - begin)
    return mean


def speeds_of(frame: Any) -> tuple[Ints, Mask]:
    """(tracks,): the row of `plants`, and whether on the fast track, of each way in which a plant can be ordered."""
    ways = np.ones((len(frame), len(SPEEDS)), dtype=bool)
    ways[:, 1] = ~np.isnan(frame["fast_lead_time"].to_numpy())
    ways[frame["capacity_limit"].to_numpy() <= 0] = False
    rows, speed = np.nonzero(ways)
    return rows, speed == 1


def last_ready(s: Workspace) -> Floats:
    """(nodes,): an order must be ready before this month: no limit in the trunk, in a branch the horizon, or without aftermath the end of the longest cutoff of its kind."""
    tree = s.tree
    limit = np.where(tree.in_trunk, np.inf, -np.inf)
    if s.case.flag("crisis_orders"):
        ends = np.array([*(branch.start + branch.longest for branch in tree.branches), np.inf])[tree.branch]
        limit[tree.in_branch] = tree.horizon if tree.lasting else ends[tree.in_branch]
    return limit


def sets(s: Workspace) -> None:
    tree, tracks = s.tree, s.intermediates["tracks"]
    above, below = tree.pairs
    plants = list(dict.fromkeys(tracks.plant))
    speeds = list(zip(tracks.plant, tracks.speed, strict=True))

    def pairs(mask: Mask) -> list[Any]:
        which, where = np.nonzero(mask)
        return [(*speeds[t], a, n) for t, a, n in zip(which.tolist(), above[where].tolist(), below[where].tolist(), strict=True)]

    s.sets |= {
        "SPEED_ORDERS": speeds,
        "ORDERS": [(*speeds[t], a) for t, a in np.argwhere(tracks.opens).tolist()],
        "ONLINE": [(p, n) for p in plants for n in s.nodes],
        "ONLINE_ORDERS": pairs(tracks.online),
        "LEAF_ORDERS": pairs(tracks.left),
        "ORDER_PATHS": [(p, n) for p in plants for n in path_ends(s, tracks.opens[[q == p for q in tracks.plant]].any(axis=0))],
    }
    s.index_maps |= {
        "orders_online": grouped(((p, n), (p, v, a)) for p, v, a, n in s.sets["ONLINE_ORDERS"]),
        "orders_left": grouped((n, (p, v, a)) for p, v, a, n in s.sets["LEAF_ORDERS"]),
        "orders_in": grouped((n, (p, v)) for p, v, n in s.sets["ORDERS"]),
        "orders_at": grouped(((p, n), v) for p, v, n in s.sets["ORDERS"]),
        "speeds": grouped(s.sets["SPEED_ORDERS"]),
        "online_in": grouped((n, p) for p, n in s.sets["ONLINE"]),
    }


def path_ends(s: Workspace, opens: Mask) -> list[int]:
    """The ends of the paths whose orders are limited together: the trunk's, and those of branches with orders of their own."""
    trunk = s.tree.trunk
    ends = [trunk - 1] if opens[:trunk].any() else []
    return ends + [branch.nodes[-1] for branch in s.tree.branches if opens[branch.nodes[0] : branch.nodes[-1] + 1].any()]
