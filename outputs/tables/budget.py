"""What public money is there, and what the plan spends of it: both sides of the constraint `budget`, year by year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from inputs.arrays import Floats
from outputs.tables.report import Report
from outputs.tables.table import Column, Style, Table, amounts

SHEET = "Budget"
KINDS = ("purchases", "offtake", "holding", "investment")
TOLERANCE = 1e-6
"""Relative: a year whose money is spent but for this is spent."""


def outlays(report: Report) -> pd.DataFrame:
    """M USD, undiscounted, by trunk node (rows) and kind of outlay: what the constraint `budget` counts."""
    plan, trunk = report.plan, report.plan.tree.trunk
    plants = plan.case["plants"]
    public_capex = dict(zip(plants["plant"], (plants["public_share"] * plants["capex"]).tolist(), strict=True))
    factor = dict(zip(plan.data.sets["SPEED_ORDERS"], plan.data.values["capex_factor"].tolist(), strict=True))
    spent = pd.DataFrame(0.0, index=pd.RangeIndex(trunk), columns=list(KINDS))
    spent["purchases"] = plan.costs.loc["cost_purchase"].to_numpy()[:trunk] / 1000
    spent["holding"] = plan.costs.loc["cost_holding"].to_numpy()[:trunk] / 1000
    spent["offtake"] = (report.stock.offtake * report.price)[:, :trunk].sum(axis=0) / 1000
    order = plan.frame("order")
    order = order[order["node"] < trunk]
    public = np.array([public_capex[p] * factor[p, v] for p, v in zip(order["plant"], order["speed"], strict=True)], dtype=float)
    spent["investment"] = np.bincount(order["node"].to_numpy(dtype=int), order["value"].to_numpy() * public, minlength=trunk)[:trunk] / 1e6
    return spent


def sides(report: Report, spent: Floats) -> pd.DataFrame:
    """For each budget year, M USD: `limit`, the right side of the constraint, and `counted`, its left side; `spent` is (trunk nodes,)."""
    data = report.plan.data
    limit = dict(zip(data.sets["BUDGET_YEARS"], data.values["budget_amount"].tolist(), strict=True))
    rows = [(y, amount / 1000, float(spent[data.index_maps["budget_nodes"][y]].sum())) for y, amount in limit.items()]
    return pd.DataFrame(rows, columns=["year", "limit", "counted"]).set_index("year")


def budget(report: Report) -> Table:
    """A row for each calendar year of peace or of the constraint: new money, spent by kind, and what the constraint has left.

    With carry-over both sides of the constraint are sums over the listed years so far.
    """
    tree, carry = report.plan.tree, report.plan.case.flag("budget_carryover")
    outlay = outlays(report)
    both = sides(report, outlay.sum(axis=1).to_numpy())
    frame = outlay.groupby(tree.year[: tree.trunk]).sum()
    frame = frame.reindex(frame.index.union(both.index)).fillna(0.0)
    frame["spent"] = frame[list(KINDS)].sum(axis=1)
    frame = frame.join(both)
    frame["left"] = frame["limit"] - frame["counted"]
    frame["amount"] = both["limit"].diff().fillna(both["limit"]) if carry else both["limit"]
    frame["tight"] = [tight(left, limit) for left, limit in zip(frame["left"], frame["limit"], strict=True)]
    names = dict(zip(tree.year[: tree.trunk].tolist(), (report.years.labels[i] for i in report.years.of), strict=True))
    frame.insert(0, "year", pd.Series([names.get(y, y) for y in frame.index.tolist()], index=frame.index, dtype=object))
    sums = (
        Column("limit", "Money so far", "M USD", Style.AMOUNT, empty="no limit"),
        Column("counted", "Spent of it so far", "M USD", Style.AMOUNT, empty="no limit"),
    )
    longer = (
        "The outlays of a period longer than a year count in the year of its middle. " if (tree.length[: tree.trunk] > 12).any() else ""
    )
    carried = "Money not spent is carried over: money and spending so far are sums over the years with a limit. " if carry else ""
    return Table(
        SHEET,
        "What public money is there, and what is spent?",
        "As long as nothing is cut off, not discounted: purchases, home output taken, holding, and the public share of new capacity. "
        f"{carried}{longer}A year without a row in the case has no limit.",
        (
            Column("year", style=Style.YEAR),
            Column("amount", "New money", "M USD", Style.AMOUNT, empty="no limit"),
            *amounts(KINDS, "M USD"),
            Column("spent", "Spent", "M USD", Style.AMOUNT),
            *(sums if carry else ()),
            Column("left", "Left", "M USD", Style.AMOUNT, empty="no limit"),
            Column("tight", "All spent"),
        ),
        frame.reset_index(drop=True),
    )


def tight(left: float, limit: float) -> str:
    """Whether a year's money is all spent; "" where there is no limit."""
    return "" if left != left else "yes" if left <= TOLERANCE * (1 + limit) else "no"
