"""Units of the workbook: the planner's are converted at the door to the schema's."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

DEFINITIONS = """
gram = [mass] = g
tonne = 1e6 gram = t = ton_metric = metric_ton
pound = 453.59237 gram = lb
ounce = 28.349523125 gram = oz
short_ton = 2000 pound
long_ton = 2240 pound
year = [time] = yr = a = y
month = year / 12 = mo
day = year / 365 = d
week = 7 day = wk
dollar = [money] = USD
percent = 0.01 = %
kilo- = 1e3 = k-
mega- = 1e6 = M-
giga- = 1e9 = G-
"""
"""A year is twelve months and 365 days, as in the formulation; 'kt' is a kilotonne, not a knot."""

DIMENSIONLESS = ("-", "", "1", "share", "fraction")
WORDS = {
    "M USD": "MUSD",
    "k USD": "kUSD",
    "million USD": "MUSD",
    "US$": "USD",
    "usd": "USD",
    "$": "USD",
    "tpa": "t/yr",
    "short ton": "short_ton",
    "long ton": "long_ton",
    "metric ton": "metric_ton",
}


LONGEST_TEXT = 60
"""Letters of a unit at most."""

POWER = re.compile(r"(?<=[A-Za-z])\s*(\*\*|\^)\s*[+-]?\d(?!\d)")
"""A power as units have it, "yr^-1"; others are numbers without end to work out."""


class UnknownUnitError(Exception):
    """The text is not a unit that is known here."""


class WrongDimensionError(Exception):
    """The unit measures something else than the column does."""


@cache
def registry() -> Any:
    """The pint registry of the units above (pint is imported only when a unit differs from the schema's)."""
    import pint

    units: Any = pint.UnitRegistry(None)
    for line in DEFINITIONS.strip().splitlines():
        units.define(line)
    return units


def normal(unit: str) -> str:
    """The unit as pint reads it."""
    text = " ".join(unit.split())
    for word, plain in WORDS.items():
        text = text.replace(word, plain)
    return "1" if text in DIMENSIONLESS else text


@cache
def factor(unit: str, into: str) -> float:
    """How many of `into` one `unit` is, e.g. 0.001 from "kg" into "t".

    Raises UnknownUnitError and WrongDimensionError.
    """
    if normal(unit) == normal(into):
        return 1.0
    if len(unit) > LONGEST_TEXT or re.search(r"\*\*|\^", POWER.sub("", unit)):
        raise UnknownUnitError(unit)
    import pint

    try:
        given, wanted = (registry().Quantity(1.0, "" if text == "1" else text) for text in (normal(unit), normal(into)))
    except Exception as error:  # pint lets the errors of its tokenizer and parser through, of many types
        raise UnknownUnitError(unit) from error
    try:
        return float(given.to(wanted.units).magnitude)
    except pint.DimensionalityError as error:
        raise WrongDimensionError(unit) from error
