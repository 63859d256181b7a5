"""Where each material comes from: in peace by year, in every cutoff, and after it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from inputs.arrays import Floats
from model.metrics import NOISE
from outputs.tables.report import DEMAND, Report
from outputs.tables.table import Column, Style, Table, amounts, texts

PEACE, CUTOFFS, AFTER = "Supply in peace", "Supply in cutoffs", "Supply after cutoffs"
SIGNS = "The rows of a material add to its demand, the last of them: what plants and substitution use up, what goes into the stockpile and what is surplus is negative."


def supply_in_peace(report: Report) -> Table:
    """Flows of each material by year of the trunk, t."""
    flows, years = report.market, report.years
    total = years.total(flows.to_numpy())
    kept = (np.abs(total) > NOISE).any(axis=1) | (flows.index.get_level_values("kind") == DEMAND)
    names = [str(y) for y in years.labels]
    frame = pd.concat([flows.index[kept].to_frame(index=False), pd.DataFrame(total[kept], columns=pd.Index(names))], axis=1)
    return Table(
        PEACE,
        "Where does each material come from, as long as nothing is cut off?",
        SIGNS,
        (*texts("material", "kind", "source"), *amounts(names, "t")),
        frame,
        strong=demand_rows(frame),
        frozen=3,
    )


def supply_in_cutoffs(report: Report) -> Table:
    """Flows of each material over each whole branch, t."""
    tree = report.plan.tree
    spans = [slice(nodes.start, nodes.stop) for nodes in map(tree.within, tree.branches)]
    values = report.market.to_numpy()
    total = np.array([values[:, span].sum(axis=1) for span in spans]).reshape(len(spans), len(values))
    frame = by_branch(report, total, "tonnes")
    return Table(
        CUTOFFS,
        "Where does each material come from in a cutoff?",
        f"Over the longest cutoff of each kind. {SIGNS}",
        (Column("cutoff"), Column("onset", style=Style.YEAR), *texts("material", "kind", "source"), *amounts(["tonnes"], "t")),
        frame,
        strong=demand_rows(frame),
        frozen=2,
        nothing=report.no_cutoff or "Nothing is needed or supplied in any cutoff.",
    )


def supply_after_cutoffs(report: Report) -> Table:
    """Flows of each material from the end of a cutoff to the horizon, t a year: of each branch its aftermath nodes, by probability x years."""
    tree = report.plan.tree
    after = np.flatnonzero(tree.in_aftermath)
    of_branch = tree.branch[after, None] == np.arange(len(tree.branches))
    years = tree.prob[after] * tree.yrs[after] @ of_branch
    expected = report.market.to_numpy()[:, after] * tree.prob[after] @ of_branch
    rate = np.divide(expected, years, out=np.zeros_like(expected), where=years > 0)
    frame = by_branch(report, rate.T, "rate")
    return Table(
        AFTER,
        "Where does each material come from once a cutoff is over?",
        f"From the end of the cutoff until the end of the plan, a year on average, over every length that the cutoff may have. {SIGNS}",
        (
            Column("cutoff"),
            Column("onset", style=Style.YEAR),
            *texts("material", "kind", "source"),
            Column("rate", "A year", "t/yr", Style.AMOUNT),
        ),
        frame,
        strong=demand_rows(frame),
        frozen=2,
        nothing=report.no_cutoff or ("No cutoff is over before the plan ends." if tree.lasting else "Every future ends with its cutoff."),
    )


def by_branch(report: Report, values: Floats, name: str) -> pd.DataFrame:
    """What there is of (branches, flows of the market), a row for each branch and flow."""
    where, what = np.nonzero(np.abs(values) > NOISE)
    flows = report.market.index
    return pd.DataFrame(
        {
            "cutoff": np.array(report.branch_names, dtype=object)[where],
            "onset": np.array(report.onsets, dtype=object)[where],
            **{level: flows.get_level_values(level).to_numpy(dtype=object)[what] for level in ("material", "kind", "source")},
            name: values[where, what],
        }
    )


def demand_rows(frame: pd.DataFrame) -> frozenset[int]:
    """Which rows are demand."""
    return frozenset(np.flatnonzero(frame["kind"] == DEMAND).tolist())
