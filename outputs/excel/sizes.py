"""How large the columns and rows of a table are: as wide and as tall as what they hold."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from outputs.tables.rounding import decimal_places, is_shown, shown
from outputs.tables.table import Column, Style, Table

WIDEST, NARROWEST, PROSE_WIDTH = 44.0, 9.5, 56.0
LINE_HEIGHT = 13.5
ROW_HEIGHT = 15.0
"""Points of a row of one line."""
SMALLER = 1.12
"""Characters in the width of one: widths count digits of the larger default font."""


def column_widths(table: Table) -> list[float]:
    """Characters of each column of a table, from left to right."""
    return [c.width or fitted(c, table.frame[c.name].tolist()) for c in table.columns]


def row_heights(table: Table, widths: Sequence[float]) -> list[float]:
    """Points of each row of a table, as tall as its longest text: not every program fits rows to wrapped text by itself."""
    prose = [(table.frame[c.name].tolist(), SMALLER * w - 1) for c, w in zip(table.columns, widths, strict=True) if c.style is Style.PROSE]
    lines = [max((wrapped(str(values[r]), width) for values, width in prose), default=1) for r in range(len(table.frame))]
    return [LINE_HEIGHT * n + 2 if n > 1 else ROW_HEIGHT for n in lines]


def heading_height(table: Table, widths: Sequence[float]) -> float:
    """Points of the row of headings, which wrap."""
    tallest = max(wrapped(c.title, SMALLER * w - 1.5) for c, w in zip(table.columns, widths, strict=True))
    return LINE_HEIGHT * tallest + 6


def wrapped(text: str, width: float) -> int:
    """Lines that a text takes in a column of so many characters."""
    lines, room = 1, width
    for word in text.split():
        if len(word) > room and room < width:
            lines, room = lines + 1, width
        room -= len(word) + 1
    return lines


def most_places(column: Column, values: Iterable[Any]) -> int:
    """The most decimals that any amount of a column shows."""
    if column.style is not Style.AMOUNT:
        return 0
    return max((decimal_places(v) for v in values if isinstance(v, int | float) and is_shown(v)), default=0)


def fitted(column: Column, values: Sequence[Any]) -> float:
    """Characters that a column needs: its longest cell, the longest word of its heading, its unit with the filter's arrow."""
    heading = max(*(len(w) + 2 for w in column.title.split()), 0.85 * len(column.unit) + 4.5)
    texts = {v for v in values if isinstance(v, str)}
    longest = max((len(t) for t in texts), default=0)
    sizes = [v for v in values if isinstance(v, int | float) and math.isfinite(v)]
    if any(not isinstance(v, str | bool) for v in values):
        longest = max(longest, len(column.empty))
    if sizes and column.style is Style.EXACT:
        longest = max(longest, *(len(f"{v:.10g}") for v in sizes))
    elif sizes:
        most = most_places(column, values)
        longest = max(
            longest, *(len(f"{v:,.{most}f}" if column.style is Style.AMOUNT else shown(column.style, v)) for v in (min(sizes), max(sizes)))
        )
    return min(PROSE_WIDTH if column.style is Style.PROSE else WIDEST, max(NARROWEST, heading, 1.05 * longest + 2))
