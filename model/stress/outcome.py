"""What came of a replayed future, as a store keeps it: cost, who was short of what and since when, and which sectors had full coverage and their promise.

Full coverage of a sector: from the first cutoff on until the end of the future nothing that it needs is short in any period. Its promise is kept: in no period
in which `coverage` is promised to it is more short than the promise allows. Both to a millionth of the demand of a period. Shortage in peace before
the first cutoff counts in the tonnes, and in neither of the two.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from inputs.arrays import Floats
from model.stress.future import NEVER, Future
from model.stress.replay import CUTOFF, TRUNK, Replayer, Trace

SHORT = 1e-6
"""Relative to the demand of a period: less is rounding of the solver."""


def outcome(replayer: Replayer, future: Future, trace: Trace) -> dict[str, Any]:
    """A replayed future in JSON's terms.

    `cost` is discounted, less what is left, and `loss` the part of it that is shortage, lost output and savings, both thousand USD. `cutoffs` are [name, onset in months,
    months, severity]; `late` the months by which plants that the plan orders come late, None: never; `absent` those that lateness took nothing from, see `not_there`. `short` has [row of demand, number of the cutoff (-1: before any),
    t short, t that break a promise, months from the onset (before any: from month 0) to the first period short] for each. `full` and `kept` are by sector, `kept` None where nothing is promised.
    """
    late = late_orders(replayer, future)
    absent = {name: why for name in late if (why := not_there(replayer, trace, name))}
    demand = np.maximum(trace.demand, 0.0)
    short, broken = trace.short > SHORT * demand + 1e-9, trace.broken > SHORT * demand + 1e-9
    return {
        "cost": trace.total,
        "loss": float((trace.loss * discount(replayer, trace)).sum()),
        "cutoffs": [[each.cutoff, each.start, each.months, each.severity] for each in future.cutoffs],
        "late": {name: months for name, months in late.items() if name not in absent},
        "absent": absent,
        "short": list(shortages(trace, short, np.where(broken, trace.broken, 0.0))),
        "full": by_sector(replayer, ~short[:, trace.place != TRUNK].any(axis=1)),
        "kept": by_sector(replayer, ~broken.any(axis=1), asked=(trace.allowed < demand * (1 - 1e-12)).any(axis=1)),
    }


def discount(replayer: Replayer, trace: Trace) -> Floats:
    """(nodes,): the discount of the middle of each."""
    rate = replayer.case.number("discount_rate")
    found: Floats = (1 + rate) ** (-(trace.start + trace.length / 2) / 12)
    return found


def late_orders(replayer: Replayer, future: Future) -> dict[str, float | None]:
    """How late the plants come that the plan orders in peace."""
    plants: list[str] = replayer.case["plants"]["plant"].tolist()
    ordered = dict.fromkeys(plants[order.plant] for order in replayer.policy.orders)
    return {name: None if months == NEVER else months for name in ordered if (months := future.late.get(name, 0.0))}


def not_there(replayer: Replayer, trace: Trace, name: str) -> str:
    """Why a plant that the plan orders in peace would not have been there in a future on time either: not yet "ordered" as the first cutoff began, or not yet "on line" as the last ended; else ""."""
    plants = replayer.case["plants"]
    row = plants["plant"].tolist().index(name)
    peace = int((trace.place == TRUNK).sum())
    made = [order for order in replayer.policy.orders if order.plant == row and order.period < peace]
    if not made:
        return "ordered"
    normal, fast = (plants[column].tolist()[row] for column in ("lead_time", "fast_lead_time"))
    ready = min(trace.start[order.period] + (fast if order.fast else normal) for order in made)
    cutoffs = np.flatnonzero(trace.place == CUTOFF)
    last = int(cutoffs[-1]) if len(cutoffs) else len(trace.place) - 1
    return "" if ready < trace.start[last] + trace.length[last] else "on line"


def shortages(trace: Trace, short: np.ndarray[tuple[int, int], np.dtype[np.bool_]], broken: Floats) -> Any:
    """Each demand that is short, by cutoff, and what of it breaks a promise."""
    starts = {e: trace.start[trace.episode == e][0] for e in set(trace.episode.tolist())} | {-1: 0.0}
    for row in np.flatnonzero(short.any(axis=1)).tolist():
        for e in sorted(set(trace.episode[short[row]].tolist())):
            at = short[row] & (trace.episode == e)
            since = float(trace.start[at][0] - starts[e])
            yield [row, e, float(trace.short[row, at].sum()), float(broken[row, at].sum()), since]


def by_sector(replayer: Replayer, holds: Any, asked: Any = None) -> dict[str, bool | None]:
    """Whether something holds for every demand of each sector; None where it is asked of none."""
    found: dict[str, bool | None] = {}
    for row, name in enumerate(replayer.case["sectors"]["sector"].tolist()):
        mine = replayer.shape.names.demand_sector == row
        found[name] = bool(holds[mine].all()) if asked is None or asked[mine].any() else None
    return found
