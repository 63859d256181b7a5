"""Amounts and times in the words of explanations, in the planner's own units."""

from __future__ import annotations

from inputs.case import Case
from inputs.schema import BY_NAME
from inputs.units import factor

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def said(value: float) -> str:
    """A number with as many digits as matter."""
    value = 0.0 if abs(value) < 1e-9 else value
    return f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"


def percent(share: float) -> str:
    """A share as a percentage."""
    return f"{said(100 * share)} %"


def in_unit(case: Case, sheet: str, column: str, value: float) -> float:
    """A value of the schema's unit in the planner's."""
    return value / factor(case.unit(sheet, column), BY_NAME[sheet].column(column).unit)


def amount(case: Case, sheet: str, column: str, value: float) -> str:
    """A value of a column (in the schema's unit) as the planner would write it, with the unit; a share in percent."""
    unit = case.unit(sheet, column)
    if unit == "-":
        return percent(value)
    if unit == "year":
        return f"{value:g}"
    number = said(in_unit(case, sheet, column, value))
    return f"{number} {unit}{'s' if unit in ('day', 'month') and number != '1' else ''}"


def calendar(case: Case, month: float) -> str:
    """A month counted from January of start_year, "January 2029"."""
    whole = round(month)
    return f"{MONTHS[whole % 12]} {int(case.number('start_year')) + whole // 12}"
