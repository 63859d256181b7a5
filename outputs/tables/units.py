"""The planner's own units: where tables show them, and how numbers get into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from inputs.case import Case
from inputs.schema import BY_NAME, SETTINGS
from inputs.units import factor
from outputs.tables.table import Table

TONNE, RATE, MONTHLY, PRICE = "t", "t/yr", "t/month", "USD/kg"
"""Units of the tables as they are computed: stocks, demand, gaps and prices."""

DIGITS = 12
"""Significant digits of a number turned back into the unit in which it was typed."""


def own_units(case: Case) -> Mapping[str, str]:
    """What the planner writes instead of t, t/yr, t/month and USD/kg.

    Stock is in the unit of opening_stock, or of stock_limit where that alone is not t;
    demand in that of demand; prices in that of the materials' price.
    """
    given = [case.unit("materials", column) for column in ("opening_stock", "stock_limit")]
    stock = next((unit for unit in given if unit != TONNE), TONNE)
    return {
        TONNE: stock,
        RATE: case.unit("demand", "demand"),
        MONTHLY: f"{stock}/month",
        PRICE: case.unit("materials", "price"),
    }


def in_own_units(table: Table, units: Mapping[str, str]) -> Table:
    """The table with its stocks, rates and prices in the planner's units, if it is one of those that show them."""
    changed = [c for c in table.columns if table.own_units and units.get(c.unit, c.unit) != c.unit]
    if not changed:
        return table
    frame = table.frame.copy()
    for column in changed:
        frame[column.name] = frame[column.name].astype(float) / factor(units[column.unit], column.unit)
    return replace(table, frame=frame, columns=tuple(replace(c, unit=units[c.unit]) if c in changed else c for c in table.columns))


def as_typed(case: Case, sheet: str) -> pd.DataFrame:
    """A sheet in the planner's units, without the last digits that turning there and back leaves."""
    frame = case.as_given(sheet)
    for of_sheet, column in case.units:
        if of_sheet == sheet:
            frame[column] = frame[column].map(rounded)
    return frame


def setting_as_typed(case: Case, setting: str) -> float:
    """A numeric setting in the planner's unit."""
    unit = case.units.get((SETTINGS, setting))
    value = case.number(setting)
    return rounded(value / factor(unit, BY_NAME[SETTINGS].column(setting).unit)) if unit else value


def rounded(value: float) -> float:
    """A number to as many digits as tables keep."""
    return float(f"{value:.{DIGITS}g}")
