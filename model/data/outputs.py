"""Lost output: the tiers of what a sector's output is worth, where a sector needs its materials together."""

from __future__ import annotations

import numpy as np

from model.data.workspace import Workspace, grouped


def numbers(s: Workspace) -> None:
    """intermediates: loses_output (demands,), whether the sector of each has rows in `output_loss`."""
    frame = s.case["output_loss"].sort_values(["sector", "up_to"], kind="stable")
    below = frame.groupby("sector")["up_to"].shift(fill_value=0.0)
    s.put(tier_width=frame["up_to"].to_numpy() - below.to_numpy(), tier_value=frame["value"].to_numpy())
    s.structure["tiers"] = frame.index.to_numpy()
    s.intermediates["loses_output"] = np.isin(s.text("demand", "sector").astype(str), frame["sector"].unique().astype(str))


def sets(s: Workspace) -> None:
    frame = s.case["output_loss"].sort_values(["sector", "up_to"], kind="stable")
    tiers = list(zip(frame["sector"].tolist(), frame.groupby("sector").cumcount().add(1).tolist(), strict=True))
    s.index_maps["tiers_of"] = grouped((k, (k, tier)) for k, tier in tiers)
    s.sets |= {
        "TIERS": tiers,
        "LOST_OUTPUT": [(k, tier, n) for k, tier in tiers for n in s.nodes],
        "OUTPUT_DEMANDS": [(i, k, n) for i, k in s.sets["DEMANDS"] if k in s.index_maps["tiers_of"] for n in s.nodes],
    }
