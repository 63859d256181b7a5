"""What public money is there, and what the plan spends of it, as long as nothing is cut off."""

from __future__ import annotations

import numpy as np
import pandas as pd

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
    spent["purchases"] = plan.costs.loc["purchase_cost"].to_numpy()[:trunk] / 1000
    spent["holding"] = plan.costs.loc["holding_cost"].to_numpy()[:trunk] / 1000
    offtake = plan.frame("offtake")
    price = plan.data.values["price"].reshape(-1, len(plan.tree))
    place = {i: r for r, i in enumerate(report.materials)}
    value = offtake["value"].to_numpy() * price[[place[i] for i in offtake["material"]], offtake["node"].to_numpy(dtype=int)]
    spent["offtake"] = np.bincount(offtake["node"].to_numpy(dtype=int), value, minlength=trunk)[:trunk] / 1000
    order = plan.frame("order")
    order = order[order["node"] < trunk]
    public = np.array([public_capex[p] * factor[p, v] for p, v in zip(order["plant"], order["speed"], strict=True)])
    spent["investment"] = (
        np.bincount(order["node"].to_numpy(dtype=int), order["value"].to_numpy() * public.reshape(-1), minlength=trunk)[:trunk] / 1e6
    )
    return spent


def budget(report: Report) -> Table:
    """A row for each calendar year of peace: money available (with carry-over: what is left of earlier years too), spent by kind, and left."""
    plan = report.plan
    spent = outlays(report).groupby(plan.tree.year[: plan.tree.trunk]).sum()
    given = plan.case["budget"].set_index("year")["amount"]
    carry = plan.case.flag("budget_carryover")
    rows, left = [], 0.0
    for year, kinds in zip(spent.index.tolist(), spent.to_dict("records"), strict=True):
        total = sum(kinds.values())
        amount = float(given.get(year, np.nan))
        available = amount + (left if carry else 0.0)
        if available == available:
            left = available - total
        tight = "" if available != available else "yes" if left <= TOLERANCE * (1 + available) else "no"
        rows.append(
            {
                "year": year,
                "amount": amount,
                "available": available,
                **kinds,
                "spent": total,
                "left": left if tight else np.nan,
                "tight": tight,
            }
        )
    return Table(
        SHEET,
        "What public money is there, and what is spent?",
        "As long as nothing is cut off, not discounted: purchases, home output taken, holding, and the public share of new capacity. "
        f"{'Money not spent is carried over. ' if carry else ''}A year without a row in the case has no limit.",
        (
            Column("year", style=Style.YEAR),
            Column("amount", "New money", "M USD", Style.AMOUNT, empty="no limit"),
            Column("available", "Available", "M USD", Style.AMOUNT, empty="no limit"),
            *amounts(KINDS, "M USD"),
            Column("spent", "Spent", "M USD", Style.AMOUNT),
            Column("left", "Left", "M USD", Style.AMOUNT, empty="no limit"),
            Column("tight", "All spent"),
        ),
        pd.DataFrame(rows),
    )
