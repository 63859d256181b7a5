"""Which plants are ordered, when and for how much, in peace and in a cutoff; and which are not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.metrics import orders_of
from outputs.tables.report import Report
from outputs.tables.table import Column, Style, Table

INVESTMENTS, IN_CUTOFFS = "Investments", "Orders in cutoffs"
ORDERED, ONLY_IN_CUTOFFS, NOT_ORDERED, STANDING = "ordered", "only in cutoffs", "not ordered", "nothing to order"


def orders(report: Report) -> pd.DataFrame:
    """Every order: plant, kind, country, track, node, capacity (t/yr), capex (M USD with the fast premium), prob, expected capex (M USD, discounted)."""
    plan, tree = report.plan, report.plan.tree
    found = orders_of(plan.data, plan.values["order"])
    frame = plan.frame("order").rename(columns={"speed": "track", "value": "capacity"}).iloc[found.place].reset_index(drop=True)
    plants = plan.case["plants"].set_index("plant").loc[frame["plant"]].reset_index(drop=True)
    lead = np.where(frame["track"] == "fast", plants["fast_lead_time"], plants["lead_time"])
    frame["kind"], frame["country"] = plants["kind"], plants["country"]
    frame["capex"] = found.capex / 1000
    frame["public"] = frame["capex"] * plants["public_share"]
    frame["online"] = tree.start[found.node] + lead
    frame["probability"] = tree.prob[found.node]
    frame["expected"] = frame["capex"] * plan.data.values["weight"][found.node]
    return frame


def investments(report: Report) -> Table:
    """A row for each order in peace, then a row for each other plant with what became of it; the total of the orders."""
    plan, tree = report.plan, report.plan.tree
    every = orders(report)
    peace = every[every["node"] < tree.trunk].copy()
    peace["decision"] = ORDERED
    peace["ordered"] = [report.begins(tree.start[n]) for n in peace["node"]]
    peace["online"] = [report.begins(m) for m in peace["online"]]
    rest = plan.case["plants"][~plan.case["plants"]["plant"].isin(peace["plant"])]
    later = set(every["plant"]) - set(peace["plant"])
    decided = [
        ONLY_IN_CUTOFFS if p in later else NOT_ORDERED if limit > 0 else STANDING
        for p, limit in zip(rest["plant"], rest["capacity_limit"], strict=True)
    ]
    others = rest[["plant", "kind", "country"]].assign(decision=decided)
    rank = [ONLY_IN_CUTOFFS, NOT_ORDERED, STANDING]
    others = others.iloc[np.argsort([rank.index(d) for d in decided], kind="stable")]
    names = ["decision", "plant", "kind", "country", "ordered", "track", "capacity", "capex", "public", "online", "probability", "expected"]
    frame = pd.concat([peace.reindex(columns=names).astype(object), others.reindex(columns=names).astype(object)], ignore_index=True)
    plants = plan.case["plants"].set_index("plant").loc[frame["plant"]]
    frame.insert(6, "standing", plants["opening_capacity"].to_numpy())
    frame.insert(7, "limit", plants["capacity_limit"].to_numpy())
    frame.loc[len(frame)] = pd.Series({"decision": "Total", **{c: float(peace[c].sum()) for c in ("capex", "public", "expected")}})
    return Table(
        INVESTMENTS,
        "Which plants are ordered, when, and which are not?",
        "Orders in peace, while no cutoff has begun; capex is not discounted. Expected: times the probability that no cutoff has begun by then, and discounted. "
        "New capacity counts from the month in which it is on line. "
        f"What is ordered once a cutoff has begun stands in '{IN_CUTOFFS}'.",
        (
            Column("decision"),
            Column("plant"),
            Column("kind"),
            Column("country"),
            Column("ordered", "Ordered in", "", Style.YEAR),
            Column("track"),
            Column("standing", "Opening capacity", "t/yr", Style.AMOUNT),
            Column("limit", "Can be added", "t/yr", Style.AMOUNT, empty="no limit"),
            Column("capacity", "Capacity ordered", "t/yr", Style.AMOUNT),
            Column("capex", "Capex", "M USD", Style.AMOUNT),
            Column("public", "Of it public", "M USD", Style.AMOUNT),
            Column("online", "On line from", "", Style.YEAR),
            Column("probability", "Probability", "%", Style.SHARE),
            Column("expected", "Expected capex", "M USD", Style.AMOUNT),
        ),
        frame,
        total=True,
        frozen=2,
    )


def orders_in_cutoffs(report: Report) -> Table:
    """A row for each order in a branch, with its probability and expected capacity and capex."""
    tree = report.plan.tree
    frame = orders(report)
    frame = frame[frame["node"] >= tree.trunk].reset_index(drop=True)
    branch = tree.branch[frame["node"].to_numpy(dtype=int)]
    node = frame["node"].to_numpy(dtype=int)
    frame = frame.assign(
        cutoff=[report.branch_names[b] for b in branch],
        onset=pd.Series([report.onsets[b] for b in branch], dtype=object),
        ordered=pd.Series([report.begins(m) for m in tree.start[node]], dtype=object),
        online=pd.Series([report.begins(m) for m in frame["online"]], dtype=object),
        likely=frame["capacity"] * frame["probability"],
    )
    if len(frame):
        frame.loc[len(frame)] = pd.Series({"cutoff": "Total", **{c: float(frame[c].sum()) for c in ("likely", "expected")}})
    return Table(
        IN_CUTOFFS,
        "Which plants are ordered once a cutoff has begun?",
        "Every order in a cutoff, with the probability that the plan comes to it. Expected capacity: times that probability; expected capex: also discounted.",
        (
            Column("cutoff"),
            Column("onset", style=Style.YEAR),
            Column("plant"),
            Column("kind"),
            Column("country"),
            Column("ordered", "Ordered in", "", Style.YEAR),
            Column("track"),
            Column("capacity", "Capacity ordered", "t/yr", Style.AMOUNT),
            Column("capex", "Capex", "M USD", Style.AMOUNT),
            Column("online", "On line from", "", Style.YEAR),
            Column("probability", "Probability", "%", Style.SHARE),
            Column("likely", "Expected capacity", "t/yr", Style.AMOUNT),
            Column("expected", "Expected capex", "M USD", Style.AMOUNT),
        ),
        frame,
        total=bool(len(frame)),
        frozen=3,
        nothing="No plant is ordered once a cutoff has begun.",
    )
