"""What proves a plan, as sheets: its quantities, and the prices of its rows with the reduced costs of its quantities."""

from __future__ import annotations

from typing import Any

import xlsxwriter

from model.certificate.amounts import Amounts
from model.certificate.check import Report
from outputs.excel.layout import BACK, CONTENTS, FIRST, NAMES, TEXT, TITLE, UNITS
from outputs.excel.paper import UNPRINTED, set_unprinted
from outputs.excel.styles import BLUE, GREY, NAVY, WHITE, Formats
from outputs.tables.certificate import INDICES, PRICES, QUANTITIES, SHEETS

NAME_WIDTH, INDEX_WIDTH, PLACE_WIDTH = 18, 22, 14


def write_certificate(book: xlsxwriter.Workbook, formats: Formats, report: Report) -> None:
    """Add the sheets Quantities and Prices."""
    for sheet, amounts in ((QUANTITIES, report.quantities), (PRICES, report.all_prices)):
        write_amounts(book, formats, sheet, amounts)


def write_amounts(book: xlsxwriter.Workbook, formats: Formats, name: str, amounts: Amounts) -> None:
    """A row for each name with its indices, a column for each node; cells of 0 are left empty."""
    sheet: Any = book.add_worksheet(name)
    title, text, heading = SHEETS[name]
    sheet.set_column(0, 0, NAME_WIDTH)
    sheet.set_column(1, INDICES, INDEX_WIDTH)
    longest = max(len(word) for place in amounts.places for word in place.split())
    sheet.set_column(1 + INDICES, INDICES + len(amounts.places), max(PLACE_WIDTH, longest + 2))
    sheet.write_string(TITLE, 0, title, formats.get(bold=True, font_size=16, font_color=NAVY))
    sheet.write_string(TEXT, 0, f"{text} {UNPRINTED}", formats.get(font_color=GREY))
    sheet.write_url(BACK, 0, f"internal:'{CONTENTS}'!A1", formats.get(font_color=BLUE, underline=1, font_size=9), CONTENTS)
    head = formats.get(bold=True, font_color=WHITE, bg_color=NAVY, text_wrap=True, valign="bottom")
    under = formats.get(font_color=WHITE, bg_color=BLUE)
    for c, words in enumerate([heading, "of", "and", "and", *amounts.places]):
        sheet.write_string(NAMES, c, words, head)
        sheet.write_blank(UNITS, c, None, under)
    for r, ((row, key), values) in enumerate(zip(amounts.rows, amounts.values.tolist(), strict=True), FIRST):
        for c, words in enumerate((row, *key)):
            sheet.write_string(r, c, words)
        for c, value in enumerate(values, 1 + INDICES):
            if value:
                sheet.write_number(r, c, value)
    sheet.set_row(NAMES, 44)
    sheet.freeze_panes(FIRST, 1 + INDICES)
    sheet.autofilter(UNITS, 0, FIRST + max(0, len(amounts.rows) - 1), INDICES)
    sheet.set_tab_color(GREY)
    set_unprinted(sheet, FIRST, 1 + INDICES + len(amounts.places))
