"""Stock on hand over time, and every flow in and out of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.metrics import NOISE
from outputs.tables.report import Report
from outputs.tables.stockpile import target
from outputs.tables.table import Column, Style, Table, amounts

STOCK, VALUE, FLOWS = "Stock", "Stock value", "Stock flows"


def trunk_ends(report: Report) -> list[str]:
    """The end of each trunk period, as column names."""
    tree = report.plan.tree
    return [str(report.ends(end)) for end in tree.end[: tree.trunk]]


def stock(report: Report) -> Table:
    """Closing stock in peace: materials by trunk periods, t."""
    tree, names = report.plan.tree, trunk_ends(report)
    held = pd.DataFrame(report.stock.closing[:, : tree.trunk], columns=pd.Index(names))
    frame = pd.concat([pd.DataFrame({"material": report.materials, "opening": report.plan.data.values["opening_stock"]}), held], axis=1)
    return Table(
        STOCK,
        "How much is in store over the years?",
        "On hand at the end of each period, as long as no cutoff has begun; the opening stock is that at month 0.",
        (Column("material"), *amounts(["opening", *names], "t")),
        frame,
        own_units=True,
    )


def stock_value(report: Report) -> Table:
    """Value in store in peace: materials (the most valuable target first) by trunk periods, M USD."""
    tree, names = report.plan.tree, trunk_ends(report)
    value = (report.stock.closing * report.price)[:, : tree.trunk] / 1000
    aim = target(report)
    order = np.lexsort((np.arange(len(value)), -aim.stock, -aim.value))
    frame = pd.DataFrame(value, columns=pd.Index(names)).iloc[order].reset_index(drop=True)
    frame.insert(0, "material", [report.materials[i] for i in order])
    frame.loc[len(frame)] = ["Total", *value.sum(axis=0)]
    return Table(
        VALUE,
        "What is the stockpile worth over the years?",
        "Value at the price of each period, as long as no cutoff has begun; the materials stand in the order of the Stockpile sheet.",
        (Column("material"), *amounts(names, "M USD")),
        frame,
        total=True,
    )


def stock_flows(report: Report) -> Table:
    """A row for each node and material that ever holds stock; each row balances, and each branch opens where its trunk closed."""
    flows, tree = report.stock, report.plan.tree
    ever = np.flatnonzero((flows.closing > NOISE).any(axis=1) | (flows.opening > NOISE).any(axis=1))
    nodes = np.flatnonzero(~tree.in_aftermath & ~tree.past_horizon)
    of_node = {
        "cutoff": [report.branch_names[b] if b >= 0 else "-" for b in tree.branch[nodes]],
        "onset": [report.onsets[b] if b >= 0 else None for b in tree.branch[nodes]],
        "from": [report.begins(m) for m in tree.start[nodes]],
        "into": np.where(tree.in_trunk, np.nan, tree.elapsed - tree.length / 2)[nodes],
    }
    frame = pd.DataFrame({"material": np.repeat(np.array(report.materials, dtype=object)[ever], len(nodes))})
    for name, values in of_node.items():
        frame[name] = (
            np.tile(np.array(values, dtype=object), len(ever)) if name != "into" else np.tile(np.asarray(values, dtype=float), len(ever))
        )
    for name in ("opening", "lost", "bought", "offtake", "released", "closing"):
        frame[name] = getattr(flows, name)[np.ix_(ever, nodes)].ravel()
    return Table(
        FLOWS,
        "What goes into the stockpile and out of it, in peace and in every cutoff?",
        "Opening - lost + bought + offtake - released = closing. A cutoff opens with what peace had in store when it began; cutoff '-' is peace. When a cutoff ends, what is left is settled at its resale value.",
        (
            Column("material"),
            Column("cutoff"),
            Column("onset", style=Style.YEAR),
            Column("from", "Period from", "", Style.YEAR),
            Column("into", "Months into the cutoff", "month", Style.EXACT),
            *amounts(("opening", "lost", "bought", "offtake", "released", "closing"), "t"),
        ),
        frame,
        nothing="Nothing is ever held.",
        own_units=True,
    )
