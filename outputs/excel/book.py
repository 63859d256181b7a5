"""A few tables -> xlsx: the first that says what it is about, the contents, the others, and the run last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from inputs.files import write_whole
from outputs.excel.paper import printed
from outputs.excel.sheet import contents_table, write_table
from outputs.excel.styles import BLUE, GREY, NAVY, Formats
from outputs.tables.table import Table

Draw = Callable[[xlsxwriter.Workbook, Any, Table], None]
"""Adds to the sheet of a table, such as a chart."""


def write_tables(path: Path, tables: Sequence[Table], when: datetime | None = None, draw: Draw | None = None) -> Path:
    """Write a workbook of tables, whole or not at all, and return where it is. Raises FileError."""
    return write_whole(path, lambda temporary: write_book(temporary, tables, when, draw))


def write_book(path: Path, tables: Sequence[Table], when: datetime | None, draw: Draw | None) -> None:
    """Write every sheet."""
    paper = printed(tables, 0)
    listed = contents_table([(t.sheet, t.title, len(t.frame), t.sheet in paper) for t in tables], "")
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        book.set_properties(
            {"title": tables[0].title, "subject": tables[0].text} | ({"created": when.replace(tzinfo=None)} if when else {})
        )
        formats = Formats(book)
        colours = (NAVY, NAVY, *(BLUE,) * (len(tables) - 2), GREY)
        for table, colour in zip((tables[0], listed, *tables[1:]), colours, strict=True):
            sheet = write_table(book, formats, table, colour, on_paper=table.sheet in paper)
            if draw:
                draw(book, sheet, table)
