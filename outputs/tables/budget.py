"""What public money is there, and what the plan spends of it: both sides of the constraint `budget`, year by year."""

from __future__ import annotations

import pandas as pd

from inputs.arrays import Floats
from outputs.tables.report import Report
from outputs.tables.table import Column, Style, Table, amounts

SHEET = "Budget"
TOLERANCE = 1e-6
"""Relative: a year whose money is spent but for this is spent."""


def trunk_outlays(report: Report) -> pd.DataFrame:
    """M USD, undiscounted, by trunk node (rows) and kind of outlay: what the constraint `budget` counts."""
    return report.plan.outlays.iloc[:, : report.plan.tree.trunk].T / 1000


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
    outlay = trunk_outlays(report)
    kinds = list(outlay.columns)
    both = sides(report, outlay.sum(axis=1).to_numpy())
    frame = outlay.groupby(tree.year[: tree.trunk]).sum()
    frame = frame.reindex(frame.index.union(both.index)).fillna(0.0)
    frame["spent"] = frame[kinds].sum(axis=1)
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
        f"M USD of {report.plan.case.price_year}, as long as nothing is cut off, not discounted: purchases, home output taken, holding, rotation, and the public share of new capacity. "
        f"{carried}{longer}A year without a row in the case has no limit.",
        (
            Column("year", style=Style.YEAR),
            Column("amount", "New money", "M USD", Style.AMOUNT, empty="no limit"),
            *amounts(kinds, "M USD"),
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
