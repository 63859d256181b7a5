"""Values that a number of a case may take, from text and back: one, a list, a range, a distribution."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from inputs.cells import FLAGS, PLAIN_NUMBER, CellError, advice_on_number, wanted
from inputs.errors import did_you_mean
from inputs.schema import Column, Kind

MOST_STEPS = 10_000


ARGUMENTS = {"uniform": ("low", "high"), "triangular": ("low", "mode", "high"), "normal": ("mean", "sd"), "lognormal": ("median", "sigma")}
"""The continuous distributions, and what each needs."""


class Op(StrEnum):
    """What is done to a number."""

    SET = "="
    SCALE = "*="
    SHIFT = "+="


@dataclass(frozen=True)
class Distribution:
    """What a sample draws a value from.

    `numbers` are the arguments, for `discrete` the values; `probabilities` belong to
    `discrete` alone, and add to 1.
    """

    kind: str
    numbers: tuple[float, ...]
    probabilities: tuple[float, ...] = ()


def read_values(text: str, columns: Sequence[Column], op: Op) -> tuple[tuple[float, ...], Distribution, str]:
    """Values after OP for columns of one kind, what samples draw from, and both in canonical text. Raises CellError."""
    if not text:
        raise CellError("the values are missing; give a list (1,2,3), a range (low:high:steps) or a distribution (uniform(1,3)).")
    call = re.fullmatch(r"([A-Za-z]\w*)\s*\((.*)\)", text)
    if call and call[1].casefold() == "discrete":
        values, weights = read_discrete(call[2].split(","), columns, op)
        pairs = [f"{value_text(value, columns[0])}:{number_text(weight)}" for value, weight in zip(values, weights, strict=True)]
        return values, Distribution("discrete", values, weights), f"discrete({','.join(pairs)})"
    if call:
        distribution = read_continuous(call[1].casefold(), call[2].split(","), columns, op)
        return (), distribution, f"{distribution.kind}({','.join(map(number_text, distribution.numbers))})"
    if ":" in text:
        values = read_range(text, columns, op)
        ends = f"{value_text(values[0], columns[0])}:{value_text(values[-1], columns[0])}"
        return values, Distribution("uniform", (min(values), max(values))), f"{ends}:{len(values)}"
    values = tuple(read_value(part, columns, op) for part in text.split(","))
    refuse_doubles(values, columns[0])
    even = tuple([1 / len(values)] * len(values))
    return values, Distribution("discrete", values, even), ",".join(value_text(value, columns[0]) for value in values)


def read_continuous(kind: str, arguments: list[str], columns: Sequence[Column], op: Op) -> Distribution:
    """A distribution that draws any number, from its name and arguments."""
    if kind not in ARGUMENTS:
        raise CellError(f"the distribution '{kind}' is not known{did_you_mean(kind, [*ARGUMENTS, 'discrete'])}")
    for column in columns:
        if column.kind is not Kind.NUMBER:
            what = "yes or no" if column.kind is Kind.FLAG else wanted(column)
            raise CellError(f"{column.name} must be {what}; give a list, or discrete(value:probability, ...).")
    needed = ", ".join(ARGUMENTS[kind])
    if len(arguments) != len(ARGUMENTS[kind]):
        raise CellError(f"{kind} needs {len(ARGUMENTS[kind])} numbers: {kind}({needed}).")
    numbers = tuple(read_value(part, columns, op) for part in arguments)
    first, last = numbers[0], numbers[-1]
    sound, rule = {
        "uniform": (first < last, "low must be below high"),
        "triangular": (first <= numbers[1] <= last and first < last, "low, mode and high must rise"),
        "normal": (last > 0, "sd must be above 0"),
        "lognormal": (first > 0 and last > 0, "median and sigma must be above 0"),
    }[kind]
    if not sound or math.isinf(max(numbers)):
        raise CellError(f"{rule} in {kind}({needed}), not {kind}({', '.join(part.strip() for part in arguments)}).")
    return Distribution(kind, numbers)


def read_discrete(arguments: list[str], columns: Sequence[Column], op: Op) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Values and their probabilities."""
    values, weights = [], []
    for part in arguments:
        value, _, weight = part.partition(":")
        if not PLAIN_NUMBER.fullmatch(weight.strip()) or not 0 < float(weight) <= 1:
            raise CellError(f"give each value its probability, as in discrete(1:0.25, 2:0.75), not '{part.strip()}'.")
        values.append(read_value(value, columns, op))
        weights.append(float(weight))
    refuse_doubles(values, columns[0])
    if abs(sum(weights) - 1) > 1e-6:
        raise CellError(f"the probabilities add to {sum(weights):.6g}; they must add to 1.")
    return tuple(values), tuple(weights)


def read_value(text: str, columns: Sequence[Column], op: Op) -> float:
    """One value: yes (1) or no (0) for a flag, the column's words for no limit, else a plain number."""
    column, word = columns[0], text.strip()
    if column.kind is Kind.FLAG:
        if word.casefold() not in FLAGS:
            raise CellError(f"{column.name} must be yes or no, not '{word}'.")
        return float(FLAGS[word.casefold()])
    if op is Op.SET and all(c.default == math.inf and c.empty == word.casefold() for c in columns):
        return math.inf
    if re.fullmatch(r"0\d+", word):
        raise CellError(f"a comma stands between values, so '{word}' is one; type numbers without thousands separators.")
    if not PLAIN_NUMBER.fullmatch(word) or not math.isfinite(float(word)):
        what = "a factor" if op is Op.SCALE else wanted(column)
        raise CellError(f"a value must be {what}, not '{word}'{advice_on_number(word)}")
    return float(word)


def read_range(text: str, columns: Sequence[Column], op: Op) -> tuple[float, ...]:
    """The values of `low:high:steps`; those between the ends have 12 digits, so that 0.1:0.3:3 is 0.1, 0.2, 0.3."""
    parts = text.split(":")
    if len(parts) != 3 or columns[0].kind is Kind.FLAG:
        raise CellError(f"'{text}' is not a range of numbers; write low:high:steps, for example 0.5:2:7.")
    low, high = (read_value(part, columns, op) for part in parts[:2])
    steps = parts[2].strip()
    if not steps.isdecimal() or not 2 <= int(steps) <= MOST_STEPS:
        raise CellError(f"the steps of a range must be a whole number from 2 to {MOST_STEPS}, not '{steps}'.")
    if low == high or math.isinf(low) or math.isinf(high):
        raise CellError(f"the ends of the range '{text}' must be two different numbers.")
    return (low, *(float(f"{value:.12g}") for value in np.linspace(low, high, int(steps))[1:-1]), high)


def refuse_doubles(values: Sequence[float], column: Column) -> None:
    """A CellError if a value stands twice."""
    for value in values:
        if values.count(value) > 1:
            raise CellError(f"the value {value_text(value, column)} stands twice.")


def value_text(value: float, column: Column) -> str:
    """A value so that it reads back exactly: yes or no, the column's words for no limit, or a number."""
    if column.kind is Kind.FLAG:
        return "yes" if value else "no"
    return column.empty if math.isinf(value) else number_text(value)


def number_text(value: float) -> str:
    """A number in full, whole ones without a point."""
    return repr(float(value)).removesuffix(".0")
