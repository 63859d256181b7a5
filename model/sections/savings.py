"""Savings: how much of each demand thrift and substitutes can save in a branch node; `*` is one option for each sector."""

from __future__ import annotations

from typing import Any

import numpy as np

from inputs.schema import EVERY
from model.sections.scratch import Scratch, grouped, records

READS = {"thrift", "demand", "surges"}


def options(s: Scratch) -> list[tuple[Any, int]]:
    """(row of thrift, place of the demand) of each option."""
    pairs = list(zip(s.case["demand"]["material"], s.case["demand"]["sector"], strict=True))
    rows = records(s.case["thrift"])
    return [(row, d) for row in rows for d, (i, k) in enumerate(pairs) if i == row.material and row.sector in (EVERY, k)]


def numbers(s: Scratch) -> None:
    nodes = np.flatnonzero(~s.tree.in_trunk)
    into = s.tree.into[nodes]
    chosen = options(s)
    reach = [np.minimum(1.0, into / row.ramp) if row.ramp > 0 else np.ones(len(nodes)) for row, _ in chosen]
    s.put(
        saving_cost=[row.cost for row, _ in chosen],
        substitute_rate=[row.substitute_rate for row, _ in chosen],
        saving_max=[s.parts["demand"][d, nodes] * row.limit * r for (row, d), r in zip(chosen, reach, strict=True)],
    )


def sets(s: Scratch) -> None:
    nodes = np.flatnonzero(~s.tree.in_trunk).tolist()
    chosen = [(row, *s.sets["DEMANDS"][d]) for row, d in options(s)]
    saved_from = grouped(((i, k), (row.option, k)) for row, i, k in chosen)
    s.sets |= {
        "OPTIONS": [(row.option, k) for row, _, k in chosen],
        "SAVINGS": [(row.option, k, n) for row, _, k in chosen for n in nodes],
        "DEMAND_LEFT": [(i, k, n) for i, k in saved_from for n in nodes],
    }
    s.links |= {
        "savings_of": grouped((i, (row.option, k)) for row, i, k in chosen),
        "savings_from": saved_from,
        "substitutes": grouped((row.substitute, (row.option, k)) for row, _, k in chosen if row.substitute),
    }
