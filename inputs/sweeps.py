"""The sheet of sweeps: what `stockpile sweep` varies, row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from inputs.address import SPECIAL, ChangeError, Key
from inputs.case import Case
from inputs.change import Variation, parse_variation
from inputs.schema import EVERY, SWEEPS
from inputs.values import Op

NAMED = 3
"""Rows that an address names; more are meant by patterns where such fit."""


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
        "the price of the material moves, and prices that belong to it stay: the plan would buy at the one and own or sell at the other; "
        f"move them together, by adding & {' & '.join(left)}"
    )


def prices_left(variation: Variation, case: Case, others: Sequence[Variation] = ()) -> list[str]:
    """Addresses of prices that a variation leaves, though it moves the price of their material and none of the others moves them.

    They are the stockpile's offers with a price of their own, for stock is valued at the
    material's price; and, where that is scaled, what surplus sells for.
    """
    moved = rows_moved([variation], "materials", "price")
    if not moved:
        return []
    supply, materials = case["supply"], case["materials"]
    names = materials["material"].iloc[moved]
    offers = (supply["buyer"] == "stockpile") & supply["material"].isin(names) & supply["price"].notna()
    offers.iloc[rows_moved([variation, *others], "supply", "price")] = False
    idle = (supply["material"].isin(names) & supply["price"].isna(), ~(materials["surplus_cost"] < 0))
    sold = materials["material"].isin(names) & (materials["surplus_cost"] < 0) & (variation.op is Op.SCALE)
    sold.iloc[rows_moved([variation, *others], "materials", "surplus_cost")] = False
    found = ((supply["offer"], offers, idle[0], "supply[{}].price"), (materials["material"], sold, idle[1], "materials[{}].surplus_cost"))
    return [address.format(keys_of(labels[left], set(labels[left | same]), labels)) for labels, left, same, address in found if left.any()]


def keys_of(wanted: Iterable[str], allowed: Collection[str], labels: Iterable[str]) -> str:
    """The keys that mean these labels, and at most the `allowed` ones, among all `labels`: the names, or of many the fewest patterns."""
    rest = list(wanted)
    if len(rest) <= NAMED:
        return "|".join(str(Key(name, literal=True)) for name in rest)
    chosen: list[str] = []
    while rest:
        patterns = {pattern: covered(pattern, labels) for name in rest for pattern in patterns_of(name)}
        fitting = [pattern for pattern, names in patterns.items() if names <= {*allowed}]
        best = max(fitting, key=lambda pattern: len(patterns[pattern] & {*rest}), default="")
        if len(patterns.get(best, set()) & {*rest}) < 2:
            return "|".join([*chosen, *(str(Key(name, literal=True)) for name in rest)])
        chosen.append(best)
        rest = [name for name in rest if name not in patterns[best]]
    return "|".join(chosen)


def patterns_of(name: str) -> list[str]:
    """Patterns that mean a name by some of its words: "Dy *", "* stockpile *", "* 1"."""
    words = name.split()
    if SPECIAL.search(name) or len(words) < 2:
        return []
    begins = [" ".join(words[:i]) + f" {EVERY}" for i in range(1, len(words))]
    ends = [f"{EVERY} " + " ".join(words[i:]) for i in range(1, len(words))]
    return [*begins, *ends, *(f"{EVERY} {word} {EVERY}" for word in words[1:-1])]


def covered(pattern: str, labels: Iterable[str]) -> set[str]:
    """The labels that a pattern means."""
    names = list(labels)
    return {name for name, hit in zip(names, Key(pattern, literal=False).matches(names), strict=True) if hit}


def rows_moved(variations: Sequence[Variation], sheet: str, column: str) -> list[int]:
    """The rows of a column that variations move."""
    return [row for v in variations for target in v.targets if (target.sheet, target.column) == (sheet, column) for row in target.rows]
