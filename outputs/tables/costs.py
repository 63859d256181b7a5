"""What the plan costs, by kind and year; the lines add to the objective."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.costs import COST_LABELS, RISK_LABEL
from model.plan import Plan
from outputs.tables.report import Report
from outputs.tables.table import Column, Table, amounts

SHEET = "Costs"


def cost_lines(plan: Plan) -> pd.Series:
    """Every part of the objective by its name for people, thousand USD; what is left is negative."""
    terms = plan.expected.sum(axis=1)
    lines = {COST_LABELS[str(t)]: float(v) for t, v in terms.items()} | {COST_LABELS[k]: -v for k, v in plan.salvage.items()}
    return pd.Series(lines | ({RISK_LABEL: plan.risk} if plan.risk else {}))


def costs(report: Report) -> Table:
    """A row for each line of the objective by calendar year, what is left at the end, and their total, which is the objective; M USD."""
    plan = report.plan
    lines = cost_lines(plan) / 1000
    codes, years = pd.factorize(plan.tree.year, sort=True)
    spent = np.zeros((len(lines), len(years)))
    np.add.at(spent.T, codes, np.vstack([plan.expected.to_numpy() / 1000, np.zeros((len(lines) - len(plan.expected), len(codes)))]).T)
    names = [str(y) for y in years]
    frame = pd.DataFrame(spent, columns=pd.Index(names))
    frame.insert(0, "line", lines.index)
    frame["end"] = np.where(lines.index.isin([COST_LABELS[name] for name in plan.salvage]), lines, 0.0)
    frame["all"] = lines.to_numpy()
    frame.loc[len(frame)] = ["Total", *frame[[*names, "end", "all"]].sum()]
    risk = (
        f" '{RISK_LABEL}' is what the weight on the tail adds to the expected cost; it belongs to no year."
        if RISK_LABEL in lines.index
        else ""
    )
    return Table(
        SHEET,
        "What does the plan cost, for what, and when?",
        f"Expected over peace and all cutoffs, and discounted. What is left at the end is worth something: it is negative. The total is the objective. "
        f"Years after the plan's last are those of cutoffs that run on.{risk}",
        (Column("line", "Cost"), *amounts(names, "M USD"), *named_amounts()),
        frame,
        total=True,
    )


def named_amounts() -> tuple[Column, ...]:
    """The columns after those of years: what is left at the end, and the total."""
    end, total = amounts(["end", "all"], "M USD")
    return Column("end", "At the end", end.unit, end.style), Column("all", "Total", total.unit, total.style)
