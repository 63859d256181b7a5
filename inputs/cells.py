"""One cell of a file as its column's kind has it, or what is wrong with it and how to mend it."""

from __future__ import annotations

import datetime
import math
import re

from inputs.case import Value
from inputs.errors import did_you_mean, nearest
from inputs.grid import Bad, Cell
from inputs.schema import EVERY, Column, Kind

PLAIN_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
ADVICE = {"formula": "open the file in Excel and save it, or type the value", "merged": "unmerge them and give each row its own value"}
FLAGS = {"yes": True, "no": False}


class CellError(Exception):
    """What is wrong with a cell, for the planner."""


def parse_cell(column: Column, cell: Cell, factor: float = 1.0) -> Value:
    """The value of a cell: the column's default if it is empty, numbers in the schema's unit (times `factor`).

    Raises CellError with the planner's message.
    """
    if cell is None:
        if column.default is None:
            raise CellError(f"{column.name} is empty, but it is required; {lowered(column.text)}")
        return column.default
    if isinstance(cell, Bad):
        advice = next((text for word, text in ADVICE.items() if word in cell.why), "mend it, or clear it")
        raise CellError(f"{column.name} holds {cell.why} ({cell.text}); {advice}.")
    if column.kind is Kind.FLAG:
        return parse_flag(column, cell)
    if column.numeric:
        return parse_number(column, cell, factor)
    return parse_name(column, cell)


def parse_flag(column: Column, cell: Cell) -> bool:
    """Yes or no; a CellError if it is neither."""
    word = cell if isinstance(cell, bool) else FLAGS.get(str(cell).strip().casefold())
    if word is None:
        raise CellError(f"{column.name} must be yes or no, not '{cell}'.")
    return word


def parse_name(column: Column, cell: Cell) -> str:
    """A name or one of the choices, its spaces single; a CellError if it is none."""
    if isinstance(cell, bool):
        raise CellError(f"{column.name} must be a name, not {str(cell).upper()}.")
    text = " ".join((f"{cell:g}" if isinstance(cell, float) else str(cell)).split())
    if column.kind is Kind.CHOICE and text not in column.choices:
        hint = did_you_mean(text, column.choices) if nearest(text, column.choices) else "."
        raise CellError(f"{column.name} must be {' or '.join(column.choices)}, not '{text}'{hint}")
    if text == EVERY and not column.every:
        raise CellError(f"{column.name} cannot be '{EVERY}'.")
    return text


def parse_number(column: Column, cell: Cell, factor: float) -> float:
    """A number times the factor of its unit, within the column's bounds; a CellError if it is none."""
    what = wanted(column)
    if isinstance(cell, datetime.date):
        if column.kind is Kind.YEAR and (cell.month, cell.day) == (1, 1):
            return float(cell.year)
        raise CellError(f"{column.name} must be {what}, not the date {cell:%Y-%m-%d}.")
    if isinstance(cell, bool):
        raise CellError(f"{column.name} must be {what}, not {str(cell).upper()}.")
    if isinstance(cell, str):
        text = cell.strip()
        if not PLAIN_NUMBER.fullmatch(text):
            raise CellError(f"{column.name} must be {what}, not '{text}'{advice_on_number(text)}")
        cell = float(text)
    assert isinstance(cell, int | float)
    number = float(cell) * factor
    if not math.isfinite(number):
        raise CellError(f"{column.name} must be {what}, not '{cell}'.")
    if column.kind in (Kind.YEAR, Kind.WHOLE):
        if abs(number - round(number)) > 1e-9:
            raise CellError(f"{column.name} must be {what}, not {cell:g}.")
        number = float(round(number))
    if number < column.low or number > column.high or (column.above and number == column.low):
        given = f"{cell:g}" if factor == 1 else f"{cell:g} (= {number:g} {column.unit})"
        raise CellError(f"{column.name} must be {column.bounds_text}, not {given}.")
    return number


def wanted(column: Column) -> str:
    """What a numeric cell must hold, in words."""
    if column.kind is Kind.YEAR:
        return "a calendar year"
    if column.kind is Kind.WHOLE:
        return f"a whole number of {column.unit}s"
    return "a number" if column.unit in ("", "-") else f"a number in {column.unit}"


def advice_on_number(text: str) -> str:
    """How to mend a text that is not a plain number; never a guess at what it means."""
    if text.endswith("%"):
        return "; type a plain number such as 0.25 for 25 %, or write % in the units row and 25 here."
    if re.fullmatch(r"[+-]?\d{1,3}([,' \u00a0\u202f]\d{3})+(\.\d+)?", text):
        return "; type it without thousands separators."
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        return "; type a point for the decimals."
    if re.fullmatch(r"[<>~≈]?\s*[\d.,]+\s*[A-Za-z/$€ ]+", text):
        return "; type the number alone, its unit stands in the units row."
    return "."


def lowered(text: str) -> str:
    """A text with a small first letter."""
    return text[0].lower() + text[1:]
