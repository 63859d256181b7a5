"""Demands: what each sector needs in a node, what a shortage costs, and the stock that days of cover ask for."""

from __future__ import annotations

import numpy as np

from model.sections.scratch import Scratch, grouped, grown, records
from model.tree import Floats

READS = {"demand", "sectors", "surges", "materials", "settings.ready_by"}


def numbers(s: Scratch) -> None:
    frame, tree, case = s.case["demand"], s.tree, s.case
    surge = np.ones((len(frame), len(tree)))
    cutoffs = s.rows_by_name("cutoffs")
    for row in records(case["surges"]):
        surge[np.ix_(s.text("demand", "sector") == row.sector, s.cutoff == cutoffs[row.cutoff])] = row.demand_multiple
    rate = grown(frame["demand"].to_numpy(), frame["growth"].to_numpy(), tree.mid) * surge
    rows = s.rows_of("demand", "material", "materials")
    multiple = of_sector(s, "shortage_multiple")
    fixed = frame["shortage_cost"].to_numpy()
    coverage = frame["coverage"].to_numpy()
    s.parts["demand"] = rate * tree.yrs
    s.put(
        demand=s.parts["demand"],
        shortage_price=np.where(np.isnan(fixed)[:, None], multiple[:, None] * s.parts["price"][rows], fixed[:, None]),
        coverage=np.where(np.isnan(coverage), of_sector(s, "coverage"), coverage),
    )
    yearly = np.zeros_like(s.parts["price"])
    np.add.at(yearly, rows, rate)
    ready = tree.in_trunk & (tree.end >= case.number("ready_by") - 1e-9)
    s.put(min_stock=np.where(ready, case["materials"]["min_cover"].to_numpy()[:, None] / 365 * yearly, 0.0))


def of_sector(s: Scratch, column: str) -> Floats:
    """(demands,): a column of the sector of each demand."""
    values: Floats = s.case["sectors"][column].to_numpy(dtype=float)
    return values[s.rows_of("demand", "sector", "sectors")]


def sets(s: Scratch) -> None:
    pairs = list(zip(s.case["demand"]["material"].tolist(), s.case["demand"]["sector"].tolist(), strict=True))
    s.sets |= {"DEMANDS": pairs, "DEMAND_NODES": [(i, k, n) for i, k in pairs for n in s.nodes]}
    s.links["sectors_of"] = grouped((i, (i, k)) for i, k in pairs)
