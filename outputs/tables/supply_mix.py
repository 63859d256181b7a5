"""Where each material comes from, in peace by year and in every cutoff."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.metrics import NOISE
from outputs.tables.report import DEMAND, Report
from outputs.tables.table import Column, Style, Table, amounts, texts

PEACE, CUTOFFS = "Supply in peace", "Supply in cutoffs"
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
    flows, tree = report.market, report.plan.tree
    spans = [slice(nodes.start, nodes.stop) for nodes in map(tree.within, tree.branches)]
    values = flows.to_numpy()
    total = np.array([values[:, span].sum(axis=1) for span in spans]).reshape(len(spans), len(values))
    where, what = np.nonzero(np.abs(total) > NOISE)
    levels = {name: flows.index.get_level_values(name).to_numpy(dtype=object) for name in ("material", "kind", "source")}
    frame = pd.DataFrame(
        {
            "cutoff": np.array(report.branch_names, dtype=object)[where],
            "onset": np.array(report.onsets, dtype=object)[where],
            **{name: level[what] for name, level in levels.items()},
            "tonnes": total[where, what],
        }
    )
    return Table(
        CUTOFFS,
        "Where does each material come from in a cutoff?",
        f"Over the longest cutoff of each kind. {SIGNS}",
        (Column("cutoff"), Column("onset", style=Style.YEAR), *texts("material", "kind", "source"), *amounts(["tonnes"], "t")),
        frame,
        strong=demand_rows(frame),
        frozen=2,
        nothing="The case has no cutoffs.",
    )


def demand_rows(frame: pd.DataFrame) -> frozenset[int]:
    """Which rows are demand."""
    return frozenset(np.flatnonzero(frame["kind"] == DEMAND).tolist())
