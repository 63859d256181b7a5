"""What the plan costs, by kind and year; the lines add to the objective."""

from __future__ import annotations

import numpy as np
import pandas as pd

from inputs.arrays import Floats
from model.costs import COST_LABELS, RISK_LABEL
from model.plan import Plan
from model.tree import Tree
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
    years, part = calendar(plan.tree)
    spent = np.zeros((len(lines), len(years)))
    spent[: len(plan.expected)] = plan.expected.to_numpy() / 1000 @ part
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
        f"M USD of {plan.case.price_year}, expected over every future until the horizon, and discounted. What is left at the end is worth something: it is negative. The total is the objective. "
        f"What comes after a cutoff counts in equal parts for each month until the horizon.{risk}",
        (Column("line", "Cost"), *amounts(names, "M USD"), *named_amounts()),
        frame,
        total=True,
    )


def calendar(tree: Tree) -> tuple[list[int], Floats]:
    """The years that any future reaches, and (nodes, years) the part of each node in each: its year, an aftermath node's by its months."""
    reached = tree.prob > 0
    first, last = (
        int(tree.year[0]),
        int(max(tree.year[reached].max(), tree.start_year + np.ceil(tree.end[reached & tree.in_aftermath].max(initial=0) / 12) - 1)),
    )
    years = list(range(first, last + 1))
    opens = 12.0 * (np.array(years) - tree.start_year)
    months = np.clip(np.minimum(tree.end[:, None], opens + 12) - np.maximum(tree.start[:, None], opens), 0, None) / tree.length[:, None]
    part: Floats = np.where(tree.in_aftermath[:, None], months, tree.year[:, None] == np.array(years))
    return years, part


def named_amounts() -> tuple[Column, ...]:
    """The columns after those of years: what is left at the end, and the total."""
    end, total = amounts(["end", "all"], "M USD")
    return Column("end", "At the end", end.unit, end.style), Column("all", "Total", total.unit, total.style)
