"""What an explanation is made of: statements of the planner, conflicts among them, and changes of cells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Statement:
    """One thing that the planner's workbook says: a cell, a row or a setting, however many rows of the program it is.

    `address` is that of the cell (`inputs.address`), or the name of the sheet where what counts is that it has no row for something.
    """

    address: str
    text: str


@dataclass(frozen=True)
class Conflict:
    """Statements that contradict each other: together no plan exists, without any one of them one does. `sentence` is the arithmetic."""

    statements: tuple[Statement, ...]
    sentence: str


@dataclass(frozen=True)
class Change:
    """One cell from a value to another, both in the planner's unit of its column."""

    address: str
    before: float
    after: float
    unit: str
    text: str


@dataclass(frozen=True)
class Alone:
    """How far a statement of a conflict would have to go if it alone gave way; `change` is None where it alone cannot."""

    statement: Statement
    change: Change | None
