"""The sheet of sweeps: what `stockpile sweep` varies, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from inputs.address import ChangeError, Key, Op
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


def price_caution(variation: Variation, case: Case, others: Sequence[Variation] = ()) -> str:
    """What is odd about prices that move alone, and how to mend it; "" where nothing is, or where `others` move those that stay."""
    left = prices_left(variation, case, others)
    if not left:
        return ""
    return (
        f"the price of the material moves, and {' and '.join(left)} {'stay' if len(left) > 1 or '|' in left[0] else 'stays'}: "
        f"the plan would buy at the one and own or sell at the other; move them together, by adding & {' & '.join(left)}"
    )


def prices_left(variation: Variation, case: Case, others: Sequence[Variation] = ()) -> list[str]:
    """Addresses of prices that a variation leaves, though it moves the price of their material and none of the others moves them.

    They are the stockpile's offers with a price of their own, for stock is valued at the
    material's price; and, where that is scaled, what surplus sells for.
    """
    moved = rows_moved([variation], "materials", "price")
    supply, materials = case["supply"], case["materials"]
    names = materials["material"].iloc[moved]
    offers = (supply["buyer"] == "stockpile") & supply["material"].isin(names) & supply["price"].notna()
    offers.iloc[rows_moved([variation, *others], "supply", "price")] = False
    sold = materials["material"].isin(names) & (materials["surplus_cost"] < 0) & (variation.op is Op.SCALE)
    sold.iloc[rows_moved([variation, *others], "materials", "surplus_cost")] = False
    left = (("supply", "price", supply["offer"][offers]), ("materials", "surplus_cost", materials["material"][sold]))
    return [f"{sheet}[{'|'.join(str(Key(name, literal=True)) for name in keys)}].{column}" for sheet, column, keys in left if len(keys)]


def rows_moved(variations: Sequence[Variation], sheet: str, column: str) -> list[int]:
    return [row for v in variations for target in v.targets if (target.sheet, target.column) == (sheet, column) for row in target.rows]
