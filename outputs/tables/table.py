"""A table for people: what it says, its columns with units, and its numbers in full precision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from inputs.arrays import Floats


class Style(StrEnum):
    """How the cells of a column look."""

    TEXT = "text"
    PROSE = "prose"  # long text, wrapped
    LINK = "link"  # the name of a sheet
    YEAR = "year"  # a calendar year, or a month in words
    AMOUNT = "amount"  # decimals that suit the table, 0 as a dash
    PRICE = "price"
    MONTHS = "months"
    SHARE = "share"  # shown in %
    EXACT = "exact"  # as it is
    FACT = "fact"  # as it is, numbers and words alike to the left


@dataclass(frozen=True)
class Column:
    """A column of a table: `name` in the frame, what people read above it, and its unit.

    `empty` is what a cell without a number says ("" leaves it blank); `width` is in
    characters, None fits the contents.
    """

    name: str
    heading: str = ""
    unit: str = ""
    style: Style = Style.TEXT
    width: float | None = None
    empty: str = ""

    @property
    def title(self) -> str:
        """What the heading says."""
        return self.heading or self.name[0].upper() + self.name[1:].replace("_", " ")


@dataclass(frozen=True)
class ColourRule:
    """Colours for the cells of a column: poor below another column, fair where `tight` says yes, else good; only where `where` says yes."""

    column: str
    against: str
    where: str
    tight: str
    tolerance: float


@dataclass(frozen=True)
class Table:
    """One sheet: its name, the question it answers, one sentence, and the frame with its columns in order.

    `strong` are the positions of rows that sum others; with `total` the last row is the
    sum of all, and filters leave it out. `marked` cells (row, name of the column) are coloured. `heat` are columns whose numbers are
    coloured on one scale, from the colour of what is poor at 0 to that of what is good at the largest, which the word for none has too. `nothing` is said in place of rows. With
    `own_units` stocks, demand and prices are shown in the planner's units (`outputs.tables.units`).
    """

    sheet: str
    title: str
    text: str
    columns: tuple[Column, ...]
    frame: pd.DataFrame
    total: bool = False
    strong: frozenset[int] = frozenset()
    rule: ColourRule | None = None
    frozen: int = 1
    nothing: str = "Nothing to show."
    own_units: bool = False
    marked: frozenset[tuple[int, str]] = frozenset()
    heat: tuple[str, ...] = ()

    def column(self, name: str) -> int:
        """The position (from 0) of a column."""
        return next(p for p, c in enumerate(self.columns) if c.name == name)

    def heat_values(self) -> Floats:
        """(rows, columns of `heat`): their numbers, nan for words."""
        values: Floats = self.frame[list(self.heat)].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
        return values


def amounts(names: Iterable[str], unit: str) -> tuple[Column, ...]:
    """Columns of amounts in one unit, headed by their names."""
    return tuple(Column(str(n), unit=unit, style=Style.AMOUNT) for n in names)


def texts(*names: str) -> tuple[Column, ...]:
    """Columns of text."""
    return tuple(Column(n) for n in names)
