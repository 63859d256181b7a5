"""How a number reads: three significant digits, whole numbers in full, at most three decimals; the same text wherever it stands."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

from outputs.tables.table import Style

NOTHING = "\u2013"
"""What is nothing, or rounds to it."""

LEAST = (99.95, 9.995, 0.9995)
"""Amounts from which 0, 1 and 2 decimals are enough; smaller ones have `MOST`."""

MOST = 3
SMALLEST = 0.0005
"""Amounts below this round to nothing."""

LARGEST = 1e24
"""Amounts from which nobody counts the digits."""


def decimal_places(value: float) -> int:
    """Decimals of an amount, by its size alone."""
    return next((p for p, least in enumerate(LEAST) if abs(value) >= least), MOST)


def is_shown(value: float) -> bool:
    """Whether an amount is more than what rounds to nothing."""
    return math.isfinite(value) and abs(value) >= SMALLEST


def amount(value: float) -> str:
    """An amount as text, in whatever unit: 159,349 or 45.2 or 0.612, a dash for nothing."""
    return fixed(value, decimal_places(value)) if is_shown(value) else NOTHING


def plain(value: float) -> str:
    """An amount within a sentence: as `amount`, but 0 for nothing."""
    return amount(value) if is_shown(value) else "0"


def shown(style: Style, value: float) -> str:
    """A finite number as text, as the cells of a style show it."""
    if style is Style.AMOUNT:
        return amount(value)
    if style is Style.SHARE:
        return f"{fixed(100 * value, 1)}%"
    if style is Style.MONTHS:
        return fixed(value, 1) if value else NOTHING
    return fixed(value, 2) if style is Style.PRICE else f"{value:.10g}"


def fixed(value: float, decimals: int) -> str:
    """So many decimals, halves away from zero as in Excel, with thousands separators; from `LARGEST` on three significant digits and a power of ten."""
    if abs(value) >= LARGEST:
        return f"{value:.2e}"
    return f"{Decimal(f'{value:.15g}').quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,f}"
