"""How a rule is registered, and when it is applied."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Set
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from inputs.case import Case
from inputs.errors import Finding, Level
from inputs.schema import EVERY

SPREAD = 1e6
"""How far apart the coefficients of the program may be before it is worth a warning."""

Rule = Callable[[Case], Iterator[Finding]]

PROBABILITY_TOLERANCE = 1e-5
"""How far probabilities may be from 1 in sum (six decimals typed by hand)."""


@dataclass(frozen=True)
class Registered:
    """A rule, and the columns that must be without a fault before it runs; `stops`: it finds errors that are no contradictions."""

    needs: tuple[str, ...]
    rule: Rule
    stops: bool


RULES: list[Registered] = []


def needs(*columns: str, stops: bool = False) -> Callable[[Rule], Rule]:
    """Register a rule that reads these columns ("sheet.column"), or any that there is (EVERY); `stops`: it may find that a case means nothing."""

    def register(rule: Rule) -> Rule:
        RULES.append(Registered(columns, rule, stops))
        return rule

    return register


def check_case(case: Case, dirty: Collection[str]) -> Iterator[Finding]:
    """The findings of every rule whose columns have no cell in error."""
    for registered in RULES:
        if not (dirty if EVERY in registered.needs else any(column in dirty for column in registered.needs)):
            code = registered.rule.__name__.replace("_", "-")
            yield from (replace(finding, code=code) for finding in registered.rule(case))


def broken(case: Case, moved: Set[str]) -> Iterator[tuple[Finding, tuple[str, ...]]]:
    """The errors, contradictions left out, of a sound case in which these columns were moved, each with the columns that its rule reads.

    The other rules see what they saw before, or only warn.
    """
    for registered in RULES:
        if registered.stops and not moved.isdisjoint(registered.needs):
            yield from ((finding, registered.needs) for finding in registered.rule(case) if finding.level is Level.ERROR)


def warning(sheet: str, message: str, row: int | None = None, column: str = "") -> Finding:
    """A finding that does not stop a plan."""
    return Finding(sheet, message, row, column, Level.WARNING)


def rows(frame: pd.DataFrame) -> Iterator[tuple[int, dict[str, Any]]]:
    """(row in the file, values by column) of a small sheet."""
    if not len(frame):
        return
    for row, values in zip(frame.index, frame.to_dict("records"), strict=True):
        yield int(row), {str(k): v for k, v in values.items()}


def periods(case: Case) -> float:
    """How many planning periods the horizon has; a whole number in a sound case."""
    return 12 * case.number("horizon") / case.number("period")
