"""Rules on the sheet of sweeps: each row must be something that can vary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inputs.address import ChangeError
from inputs.case import Case
from inputs.change import parse_variation
from inputs.checks.registry import needs, rows, warning
from inputs.errors import Finding
from inputs.schema import SHEETS, SWEEPS, UNREAD
from inputs.sweeps import price_caution, row_text

ENDS = ("low", "base", "high")


@needs(*(f"{sheet.name}.{column.name}" for sheet in SHEETS if sheet.name not in UNREAD for column in sheet))
def rows_can_vary(case: Case) -> Iterator[Finding]:
    """Every row of the sheet is a variation that the case can take."""
    for row, values in rows(case[SWEEPS]):
        wrong = out_of_order(values) or refused(values, case)
        if wrong:
            column, message = wrong
            yield Finding(SWEEPS, message, row, column)
            continue
        caution = price_caution(parse_variation(row_text(values, sampled=True), case), case)
        if caution:
            yield warning(SWEEPS, caution, row, "address")


def out_of_order(values: Mapping[str, Any]) -> tuple[str, str] | None:
    """(column, message) where low, base and high do not rise, or an end is missing."""
    low, base, high = (values[name] for name in ENDS)
    if not values["distribution"] or low == low or high == high:
        for name, value in (("low", low), ("high", high)):
            if value != value:
                return name, "low and high are both needed, or a distribution and neither."
    if low >= high:
        return "low", f"low ({low:g}) must be below high ({high:g})."
    if base < low or base > high:
        return "base", f"base ({base:g}) must lie between low ({low:g}) and high ({high:g})."
    return None


def refused(values: Mapping[str, Any], case: Case) -> tuple[str, str] | None:
    """(column, message) of a row that cannot vary: one of its values, where the others can be, else the address or the distribution."""
    given = [name for name in ENDS if values[name] == values[name]]
    alone = {name: refusal(f"{values['address']}{values['change']}{values[name]:.17g}", case) for name in given}
    wrong = [name for name in given if alone[name]]
    if 0 < len(wrong) < len(given):
        return wrong[0], alone[wrong[0]]
    for sampled in (False, True):
        message = refusal(row_text(values, sampled=sampled), case)
        if message:
            drawn = values["distribution"] and (sampled or not given)
            return ("distribution" if drawn and not wrong else "address"), message
    return None


def refusal(text: str, case: Case) -> str:
    """What is wrong with a variation, "" if nothing is."""
    try:
        parse_variation(text, case)
    except ChangeError as error:
        return str(error)
    return ""
