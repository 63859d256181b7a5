"""What a cutoff takes, month by month: of the rows of `losses` that hold for an offer or a plant, the narrowest in each month."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from inputs.case import Case

LOSSES_READ = tuple(f"losses.{c}" for c in ("cutoff", "country", "material", "from_month", "to_month", "supply_lost"))
"""What `spells` reads."""


@dataclass(frozen=True)
class Spell:
    """Months of a cutoff in which one share is lost; `row` is that of `losses` which says so, None where none does."""

    begin: float
    end: float
    lost: float
    row: int | None = None


def losses_of(case: Case, cutoff: str) -> pd.DataFrame:
    """The rows of `losses` of a cutoff."""
    return case["losses"][case["losses"]["cutoff"] == cutoff]


def spells(losses: pd.DataFrame, country: str, names: Sequence[str]) -> list[Spell]:
    """From month 0 on, what rows of one cutoff take of something in a country; `names` are what rows may call it, the broadest first."""
    frame = losses[losses["country"] == country]
    held = [
        (begin, end, lost, int(row))
        for name in names
        for row, material, begin, end, lost in zip(
            frame.index, frame["material"], frame["from_month"], frame["to_month"], frame["supply_lost"], strict=True
        )
        if material == name
    ]
    months = sorted({0.0, math.inf, *(month for begin, end, _, _ in held for month in (begin, end))})
    found = []
    for begin, end in pairwise(months):
        lost, row = next(((lost, row) for first, last, lost, row in reversed(held) if first <= begin < last), (0.0, None))
        found.append(Spell(begin, end, lost, row))
    return found


def lost_at(found: Sequence[Spell], month: float) -> float:
    """The share lost in a month of the cutoff."""
    return next(spell.lost for spell in found if spell.begin <= month < spell.end)
