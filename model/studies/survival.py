"""Time to survive: how long each sector has each material in a cutoff, with the plan, with nothing done, and with the stock of today.

In the branch of a cutoff and onset, full supply lasts until the crisis period in which the cheapest answer is first short of the material in
that sector; the promise, until coverage first falls below what the sector is promised, whether the promise still holds then or not. Thrift
and substitutes count as supplied: what is given up is no shortage. Each is read off the solved network, in which plants, offers, stock and substitutes
work together and sectors compete: it is how long supply lasts as the answer uses what there is, while the cutoff goes on for its longest
and as far as the plan goes. Where an answer may as well be short early as late, it may show either; as later periods of a cutoff are less
likely, stock is as a rule used first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from inputs.arrays import Flags, Floats
from model.plan import Plan
from model.studies.programme import Programme

SHORT = 1e-6
"""Relative to demand: less is rounding of the solver."""

FUTURES = ("plan", "nothing", "today")


@dataclass(frozen=True)
class Survival:
    """A row for each branch that may come and each demand in it.

    Columns: branch (its number), material, sector, months (of the branch until the horizon), required (coverage promised in that branch, 0 without one), and for
    each of FUTURES `full_` and `promise_`: months until supply, or the promise, first fails; nan where it never does (or nothing is promised).
    `with_today` tells whether there is a stock of today, so that it differs from nothing.
    """

    rows: pd.DataFrame
    with_today: bool


def survival(programme: Programme) -> Survival:
    """Time to survive in every branch that has a probability and reaches no further than the horizon with it."""
    plan = programme.plan.plan
    futures = {"plan": plan, "nothing": programme.nothing.plan, "today": programme.today.plan}
    required = plan.case.of_demands("coverage").to_numpy()
    pieces = [branch_rows(plan, futures, required, b) for b in range(len(plan.tree.branches))]
    columns = ["branch", "material", "sector", "months", "required", *(f"{what}_{of}" for of in FUTURES for what in ("full", "promise"))]
    rows = pd.concat([piece for piece in pieces if len(piece)] or [pd.DataFrame(columns=columns)], ignore_index=True)
    return Survival(rows, programme.today is not programme.nothing)


def branch_rows(plan: Plan, futures: dict[str, Plan], required: Floats, b: int) -> pd.DataFrame:
    """The rows of one branch, for the demands that there are in it; promised is what any of its nodes must keep."""
    tree = plan.tree
    nodes = tree.within(tree.branches[b])
    if not len(nodes) or tree.prob[nodes.start] <= 0:
        return pd.DataFrame()
    span, start = slice(nodes.start, nodes.stop), tree.branches[b].start
    demand = plan.data.values["demand"].reshape(-1, len(tree))[:, span]
    there = np.flatnonzero(demand.sum(axis=1) > 0)
    begins = tree.start[span] - start
    names = [plan.data.sets["DEMANDS"][i] for i in there.tolist()]
    frame = pd.DataFrame(names, columns=["material", "sector"])
    frame.insert(0, "branch", b)
    limit = plan.data.values["short_limit"].reshape(-1, len(tree))[:, span]
    required = np.where((limit < demand).any(axis=1), required, 0.0)
    frame["months"], frame["required"] = float(tree.end[nodes.stop - 1] - start), required[there]
    for of, future in futures.items():
        short = future.values["shortage"].reshape(-1, len(tree))[:, span][there]
        frame[f"full_{of}"] = until(short > SHORT * demand[there], begins)
        allowed = (1 - required[there])[:, None] * demand[there]
        frame[f"promise_{of}"] = np.where(required[there] > 0, until(short > allowed + SHORT * demand[there], begins), np.nan)
    return frame


def until(fails: Flags, begins: Floats) -> Floats:
    """(rows,): when the first of the periods (rows, periods) begins that fails; nan where none does."""
    first: Floats = np.where(fails.any(axis=1), begins[fails.argmax(axis=1)], np.nan)
    return first
