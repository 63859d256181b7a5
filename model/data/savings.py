"""Savings: how much of each demand thrift and substitutes can save in a branch node; `*` is one option for each sector."""

from __future__ import annotations

import numpy as np

from inputs.arrays import Ints
from inputs.schema import EVERY
from model.data.workspace import Workspace, grouped


def options(s: Workspace) -> tuple[Ints, Ints]:
    """(options,): the row of each in `thrift`, and that of its demand."""
    demands = list(zip(s.text("demand", "material"), s.text("demand", "sector"), strict=True))
    rows = zip(s.text("thrift", "material"), s.text("thrift", "sector"), strict=True)
    found = [
        (r, d) for r, (material, sector) in enumerate(rows) for d, (i, k) in enumerate(demands) if i == material and sector in (EVERY, k)
    ]
    pairs = np.array(found, dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def numbers(s: Workspace) -> None:
    nodes = np.flatnonzero(s.tree.in_branch)
    rows, demands = s.cached("options", lambda: options(s))
    column = {c: s.case["thrift"][c].to_numpy()[rows] for c in ("cost", "substitute_rate", "limit", "ramp")}
    ramp = column["ramp"][:, None]
    reach = np.minimum(1.0, np.divide(s.tree.elapsed[nodes], ramp, out=np.ones((len(rows), len(nodes))), where=ramp > 0))
    s.put(
        saving_cost=column["cost"],
        substitute_rate=column["substitute_rate"],
        saving_max=s.intermediates["demand"][np.ix_(demands, nodes)] * column["limit"][:, None] * reach,
    )


def sets(s: Workspace) -> None:
    nodes = s.sets["BRANCHES"]
    rows, demands = s.cached("options", lambda: options(s))
    names, substitutes = s.text("thrift", "option")[rows].tolist(), s.text("thrift", "substitute")[rows].tolist()
    chosen = [(name, substitute, *s.sets["DEMANDS"][d]) for name, substitute, d in zip(names, substitutes, demands.tolist(), strict=True)]
    saved_from = grouped(((i, k), (name, k)) for name, _, i, k in chosen)
    s.sets |= {
        "OPTIONS": [(name, k) for name, _, _, k in chosen],
        "SAVINGS": [(name, k, n) for name, _, _, k in chosen for n in nodes],
        "DEMAND_LEFT": [(i, k, n) for i, k in saved_from for n in nodes],
    }
    s.index_maps |= {
        "savings_of": grouped((i, (name, k)) for name, _, i, k in chosen),
        "savings_from": saved_from,
        "substitutes": grouped((substitute, (name, k)) for name, substitute, _, k in chosen if substitute),
    }
