"""What a reader sees in a cell of a workbook: its value through its number format."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from openpyxl.cell.cell import Cell, MergedCell


def displayed(cell: Cell | MergedCell, form: str = "") -> str:
    """The text of a cell, or of its value in another number format, without the room at its sides."""
    value: Any = cell.value
    if value is None or isinstance(value, str):
        return value or ""
    form = form or str(cell.number_format)
    if form == "General":
        return f"{value:.10g}"
    sections = form.split(";")
    section = sections[0] if value > 0 or len(sections) == 1 else sections[1] if value < 0 else sections[-1]
    text = through(abs(value) if value < 0 and len(sections) > 1 else value, re.sub(r"_.", "", section).replace('"', ""))
    return text.strip()


def through(value: float, section: str) -> str:
    """A number through one section of a format: literals, then #,##0 or 0 with decimals, a sign of percent."""
    found = re.fullmatch(r"(-?)(#,##)?0(\.0+)?(%?)", section)
    if not found:
        return section
    sign, thousands, decimals, percent = found.groups()
    places = len(decimals or ".") - 1
    rounded = Decimal(f"{value * (100 if percent else 1):.15g}").quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{sign}{rounded:{',' if thousands else ''}f}{percent}"
