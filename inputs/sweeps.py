"""The sheet of sweeps: what `stockpile sweep` varies, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inputs.address import ChangeError, Key
from inputs.case import Case
from inputs.change import Variation, parse_variation
from inputs.schema import SWEEPS


def row_text(row: Mapping[str, Any], *, sampled: bool) -> str:
    """A row as the text of a variation: its ends and base as a list, or, `sampled`, as a distribution.

    Raises ChangeError where the row says neither ends nor a distribution.
    """
    low, base, high = (row[name] for name in ("low", "base", "high"))
    given = [f"{value:.17g}" for value in (low, base, high) if value == value]
    values = row["distribution"] if sampled else ""
    if not values and (low != low or high != high):
        if not row["distribution"]:
            raise ChangeError(f"{row['address']}: give low and high, or a distribution.")
        values = row["distribution"]
    if not values:
        kind = "triangular" if base == base else "uniform"
        values = f"{kind}({','.join(given)})" if sampled else ",".join(dict.fromkeys(given))
    return f"{row['address']}{row['change']}{values}"


def sheet_variations(case: Case, *, sampled: bool) -> list[Variation]:
    """The variations of the sheet of sweeps, in its order. Raises ChangeError."""
    rows = case[SWEEPS].to_dict("records")
    return [parse_variation(row_text({str(k): v for k, v in row.items()}, sampled=sampled), case) for row in rows]


def price_caution(variation: Variation, case: Case) -> str:
    """What is odd about prices that move alone, and how to mend it; "" where nothing is."""
    left = prices_left(variation, case)
    if not left:
        return ""
    keys = "|".join(str(Key(offer, literal=True)) for offer in left)
    return (
        "the price of the material moves, and those of the stockpile's offers of it stay: the plan would buy at the old price what it values "
        f"at the new one; move them together, by adding & supply[{keys}].price"
    )


def prices_left(variation: Variation, case: Case) -> list[str]:
    """The stockpile's offers with a price of their own that a variation leaves, though it moves the price of their material.

    Stock is valued at the material's price, so a plan would buy at the old price to own at the new one.
    """
    at = {
        sheet: [row for t in variation.targets if (t.sheet, t.column) == (sheet, "price") for row in t.rows]
        for sheet in ("materials", "supply")
    }
    supply = case["supply"]
    moved = case["materials"]["material"].iloc[at["materials"]]
    left = (supply["buyer"] == "stockpile") & supply["material"].isin(moved) & supply["price"].notna()
    left.iloc[at["supply"]] = False
    return [str(offer) for offer in supply["offer"][left]]
