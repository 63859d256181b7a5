"""Why so much of a material is held, step by step: from the demand of the cutoff that its stock is for down to what is drawn from stock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise

from outputs.tables.table import Table
from outputs.tables.why import SHEET

NEEDS = {"Demand": ("demand",), "Other uses": ("used", "substituting", "surplus")}
MEETS = {"Arrives": "arrives", "Standing": "standing", "New plants": "new", "Saved": "saved", "Short": "short"}
DRAWN = "Drawn"
STEPS = (*NEEDS, *MEETS, DRAWN)
"""The steps in order, and the columns of the table that each is; what meets needs is taken off them."""


@dataclass(frozen=True)
class Waterfall:
    """The steps of one material in the planner's unit, what meets needs below 0, and the whole in words; all 0 where no cutoff draws on it."""

    steps: tuple[float, ...] = (0.0,) * len(STEPS)
    words: str = "Nothing of it is held."

    @property
    def series(self) -> dict[str, tuple[float, ...]]:
        """The steps as columns that stand on each other: below the step (not seen), needs, what meets them, and what is drawn."""
        levels = [0.0, *accumulate(self.steps[:-1])]
        below = [min(a, b) for a, b in pairwise(levels)]
        last = len(NEEDS)
        return {
            "Below": (*below, 0.0),
            "Needed": (*self.steps[:last], *[0.0] * (len(STEPS) - last)),
            "Met": (*[0.0] * last, *(-step for step in self.steps[last:-1]), 0.0),
            "Drawn": (*[0.0] * (len(STEPS) - 1), self.steps[-1]),
        }


def waterfalls(tables: Mapping[str, Table]) -> dict[str, Waterfall] | None:
    """The waterfall of each material that is held, from the table that says why; None where the plan was not studied."""
    if SHEET not in tables:
        return None
    found: dict[str, Waterfall] = {}
    names = [*(name for names in NEEDS.values() for name in names), *MEETS.values(), "drawn"]
    frame = tables[SHEET].frame
    for material, words, row in zip(
        frame["material"], frame["words"], frame[names].astype(float).fillna(0.0).to_dict("records"), strict=True
    ):
        needs = [sum(row[name] for name in of) for of in NEEDS.values()]
        found[material] = Waterfall((*needs, *(-row[name] for name in MEETS.values()), row["drawn"]), words)
    return found
