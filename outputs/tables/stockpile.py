"""What to hold of each material, by when and for how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from inputs.arrays import Floats
from model.metrics import NOISE, Targets, stock_targets
from outputs.tables.report import Report
from outputs.tables.table import Column, Style, Table

SHEET = "Stockpile"

ALIKE = 1e-3
"""Cutoffs that lack the same of a material but for this share are alike, and the first of them is named."""


@dataclass(frozen=True)
class Gap:
    """The worst protected cutoff for each material: t/month that are lacking (nan without a need), which it is (""), and its branch (-1)."""

    monthly: Floats
    cutoff: list[str]
    branch: list[int]


def target(report: Report) -> Targets:
    """The target of each material."""
    return stock_targets(report.plan.data, report.plan.values["stock"])


def gap(report: Report) -> Gap:
    """For each material the protected cutoff that lacks the most of it, or where none does the one that leaves the least to spare.

    What is lacking in a node is what offers and plants could not bring even if all the offers were taken up; the sum over
    the longest cutoff is what the stockpile, savings and shortage have to make up for.
    """
    tree, count = report.plan.tree, len(report.materials)
    most, least = np.zeros(count), np.full(count, np.inf)
    monthly, cutoff, which = np.full(count, np.nan), [""] * count, [-1] * count
    for b, branch in enumerate(tree.branches):
        if report.promised[b] != "yes":
            continue
        nodes = tree.within(branch)
        span = slice(nodes.start, nodes.stop)
        need, lack = report.needed[:, span].sum(axis=1), report.lacking[:, span].sum(axis=1)
        spare = np.divide(report.available[:, span].sum(axis=1), need, out=np.full(count, np.inf), where=need > NOISE)
        tighter = (most <= NOISE) & (need > NOISE) & ((spare < least - 1e-9) | (np.array(which) < 0))
        worse = np.where(lack > NOISE, lack > most * (1 + ALIKE), tighter)
        for i in np.flatnonzero(worse):
            cutoff[i], which[i] = f"{report.branch_names[b]} from {report.onsets[b]}", b
        monthly = np.where(worse, lack / tree.length[span].sum(), monthly)
        most, least = np.where(worse, lack, most), np.where(worse, spare, least)
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
        "What should be held, by when, and for how much?",
        "Highest stock in peace from ready_by on. Its size in months of demand, and in months of what neither the plants of this plan nor all offers together "
        "could bring in the worst protected cutoff, the one that lacks the most: sizes, not how long supply lasts, which the sheet Time to survive says.",
        (
            Column("material"),
            Column("target", "Target stock", "t", Style.AMOUNT),
            Column("reached", "Reached by the end of", "", Style.YEAR),
            Column("opening", "Opening stock", "t", Style.AMOUNT),
            Column("demand", "Demand in that year", "t/yr", Style.AMOUNT),
            Column("gross", "In months of demand", "month", Style.MONTHS),
            Column("gap", "Gap in the worst cutoff", "t/month", Style.AMOUNT),
            Column("net", "In months of the gap", "month", Style.MONTHS),
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
    return cutoff if monthly > NOISE else f"offers and plants suffice (tightest: {cutoff})"
