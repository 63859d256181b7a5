"""What to hold of each material, by when, for how much, and how long it lasts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from inputs.arrays import Floats
from model.metrics import NOISE, Targets, stock_targets
from outputs.tables.report import DEMAND, MADE, OFFER, SUBSTITUTE, USED, Report
from outputs.tables.table import Column, Style, Table

SHEET = "Stockpile"


@dataclass(frozen=True)
class Gap:
    """The worst protected cutoff for each material: t/month that do not arrive (nan without a need), which it is (""), and its branch (-1)."""

    monthly: Floats
    cutoff: list[str]
    branch: list[int]


def target(report: Report) -> Targets:
    """The target of each material."""
    return stock_targets(report.plan.data, report.plan.values["stock"])


def gap(report: Report) -> Gap:
    """For each material the protected cutoff in which the least of its need arrives.

    The need is demand and what plants and substitution use; offers and plants bring
    what arrives; both over the whole of the longest cutoff.
    """
    flows, tree = report.market, report.plan.tree
    kind = flows.index.get_level_values("kind")
    material = flows.index.get_level_values("material")

    def of(*kinds: str) -> Floats:
        chosen = flows[kind.isin(kinds)]
        return report.rows(chosen, material[kind.isin(kinds)].tolist())

    need, arrivals = of(DEMAND) - of(USED, SUBSTITUTE), of(OFFER, MADE)
    worst = np.full(len(report.materials), np.inf)
    monthly, cutoff, which = np.full(len(worst), np.nan), [""] * len(worst), [-1] * len(worst)
    for b, branch in enumerate(tree.branches):
        if report.promised[b] != "yes":
            continue
        nodes = tree.within(branch)
        span = slice(nodes.start, nodes.stop)
        needed, arrived = need[:, span].sum(axis=1), arrivals[:, span].sum(axis=1)
        share = np.divide(arrived, needed, out=np.full(len(worst), np.inf), where=needed > NOISE)
        for i in np.flatnonzero(share < worst - 1e-9):
            cutoff[i], which[i] = f"{report.branch_names[b]} from {report.onsets[b]}", b
        monthly = np.where(share < worst - 1e-9, (needed - arrived) / tree.length[span].sum(), monthly)
        worst = np.minimum(worst, share)
    return Gap(monthly, cutoff, which)


def stockpile(report: Report) -> Table:
    """A row for each material, the most valuable first, and the total value."""
    plan, aim, worst = report.plan, target(report), gap(report)
    value = aim.value / 1000
    rows = np.arange(len(report.materials))
    yearly = report.rows(report.demand, report.demand.index.get_level_values(0).tolist()) / plan.tree.yrs
    demand = yearly[rows, aim.node]
    lacking = worst.monthly > NOISE
    frame = pd.DataFrame(
        {
            "material": report.materials,
            "target": aim.stock,
            "reached": [report.ends(plan.tree.end[n]) if t > 0 else None for n, t in zip(aim.node, aim.stock, strict=True)],
            "opening": plan.data.values["opening_stock"],
            "demand": demand,
            "gross": ratio(aim.stock, demand / 12),
            "gap": np.where(lacking, worst.monthly, np.nan),
            "net": np.where(lacking, ratio(aim.stock, worst.monthly), np.nan),
            "note": [remark(g, c) for g, c in zip(worst.monthly, worst.cutoff, strict=True)],
            "price": report.price[rows, aim.node],
            "value": value,
            "share": ratio(value, np.full(len(rows), value.sum())),
        }
    )
    frame = frame.iloc[np.lexsort((rows, -aim.stock, -value))]
    frame.loc[len(frame)] = pd.Series({"material": "Total", "value": value.sum(), "share": 1.0 if value.sum() > 0 else np.nan})
    return Table(
        SHEET,
        "What should be held, by when, and how long does it last?",
        "Highest stock in peace from ready_by on. Gross months: against demand alone. Net months: against what does not arrive in the worst protected cutoff, "
        "with the offers and plants of this plan.",
        (
            Column("material"),
            Column("target", "Target stock", "t", Style.AMOUNT),
            Column("reached", "Reached by the end of", "", Style.YEAR),
            Column("opening", "Opening stock", "t", Style.AMOUNT),
            Column("demand", "Demand in that year", "t/yr", Style.AMOUNT),
            Column("gross", "Gross months", "month", Style.MONTHS),
            Column("gap", "Gap in the worst cutoff", "t/month", Style.AMOUNT),
            Column("net", "Net months", "month", Style.MONTHS),
            Column("note", "Worst protected cutoff"),
            Column("price", "Price then", "USD/kg", Style.PRICE),
            Column("value", "Value", "M USD", Style.AMOUNT),
            Column("share", "Share of value", "%", Style.SHARE),
        ),
        frame,
        total=True,
        own_units=True,
    )


def ratio(top: Floats, bottom: Floats) -> Floats:
    """top / bottom, nan where the bottom is nothing."""
    return np.asarray(np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > NOISE))


def remark(monthly: float, cutoff: str) -> str:
    """What makes the need of a material, in words."""
    if not cutoff:
        return "no need in a protected cutoff"
    return cutoff if monthly > NOISE else f"arrivals suffice ({cutoff})"
