"""The seal of a sheet: a digest of its numbers and texts, by which a change made after it was written is known."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import xlsxwriter

LENGTH = 16
"""Digits (hex) of a seal."""

PROPERTY = "Seal of "
"""What the name of a seal among the workbook's properties begins with."""

Cells = Iterable[tuple[int, int, float | str]]
"""Row and column from 0, and what is there."""


def seal(cells: Cells) -> str:
    """The digest of cells; what begins with = is left out, for Excel may write formulas anew in its own words."""
    lines = sorted(f"{row} {column} {value!r}" for row, column, value in cells)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:LENGTH]


def written_cells(sheet: Any, texts: list[str]) -> Iterator[tuple[int, int, float | str]]:
    """The cells of a worksheet that xlsxwriter is going to write; `texts` are the workbook's, by number. It writes numbers with 16 digits."""
    for row, cells in sheet.table.items():
        for column, cell in cells.items():
            kind = type(cell).__name__
            if kind == "Number":
                yield row, column, float(f"{cell.number:.16G}") + 0.0  # no -0
            elif kind == "String" and texts[cell.string] and not texts[cell.string].startswith("="):
                yield row, column, texts[cell.string]


def set_seals(book: xlsxwriter.Workbook, but: str) -> None:
    """Keep the seal of each sheet that is in the workbook among its properties, `but` one that is for changing."""
    table = book.str_table.string_table
    texts = [""] * len(table)
    for text, number in table.items():
        texts[number] = text
    for sheet in book.worksheets():
        if sheet.name != but:
            book.set_custom_property(PROPERTY + sheet.name, seal(written_cells(sheet, texts)), "text")


def broken_seals(properties: Mapping[str, str], sheets: Mapping[str, Iterable[Iterable[object]]]) -> list[str]:
    """What speaks against the seals of a workbook, in words: sheets that are not as they were written, or no seals at all."""
    seals = {name.removeprefix(PROPERTY): digest for name, digest in properties.items() if name.startswith(PROPERTY)}
    if not seals:
        return ["the seals of the sheets are missing from the properties of the workbook"]
    changed = [name for name, digest in seals.items() if name not in sheets or seal(read_cells(sheets[name])) != digest]
    return [f"{name}: the numbers or texts of this sheet are not those that were written" for name in changed]


def read_cells(rows: Iterable[Iterable[object]]) -> Iterator[tuple[int, int, float | str]]:
    """The same of a sheet that was read, as rows of values."""
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, str):
                if value and not value.startswith("="):
                    yield r, c, value
            elif isinstance(value, int | float):
                yield r, c, float(value) + 0.0
