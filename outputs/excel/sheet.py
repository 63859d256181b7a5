"""A table as a finished sheet: title, one sentence, names and units, filters, frozen panes, widths, formats, print setup."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from outputs.excel.layout import BACK, CONTENTS, FIRST, NAMES, TEXT, TITLE, UNITS
from outputs.excel.paper import UNPRINTED, set_print, set_unprinted
from outputs.excel.sizes import LINE_HEIGHT, ROW_HEIGHT, column_widths, heading_height, most_places, row_heights, wrapped
from outputs.excel.styles import BLUE, FAIR, GOOD, GREY, LEFT, NAVY, POOR, WHITE, Formats, Place, amount_form
from outputs.tables.coverage import AT_LIMIT, TOLERANCE
from outputs.tables.table import ColourRule, Column, Style, Table

SENTENCE_WIDTH = 110.0
"""Characters that the sentence spreads over, wider than a narrow table."""

ARROW = 2
"""Indent that keeps a unit clear of the filter's arrow."""


def write_table(book: xlsxwriter.Workbook, formats: Formats, table: Table, colour: str, *, on_paper: bool = True) -> Any:
    """Add a sheet with the table; returns the worksheet. What is not on paper says so."""
    sheet = book.add_worksheet(table.sheet)
    widths = column_widths(table)
    for c, column in enumerate(table.columns):
        write_heading(sheet, formats, c, column)
        write_column(sheet, formats, table, c, table.frame[column.name].tolist())
        sheet.set_column(c, c, widths[c])
    if not len(table.frame):
        sheet.write_string(FIRST, 0, table.nothing, formats.get(italic=True, font_color=GREY))
    write_head(sheet, formats, table, widths, table.text if on_paper else f"{table.text} {UNPRINTED}")
    for r, height in enumerate(row_heights(table, widths)):
        if height != ROW_HEIGHT:
            sheet.set_row(FIRST + r, height)
    last = FIRST + len(table.frame) - 1 - table.total
    if last >= FIRST:
        sheet.autofilter(UNITS, 0, last, len(table.columns) - 1)
    if table.rule and last >= FIRST:
        colour_cells(sheet, formats, table, table.rule, last)
    mark_cells(sheet, formats, table)
    for name in table.heat if last >= FIRST else ():
        heat_cells(sheet, formats, table, name, last)
    sheet.freeze_panes(FIRST, table.frozen)
    sheet.hide_gridlines(2)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.set_tab_color(colour)
    if on_paper:
        set_print(sheet)
        sheet.repeat_rows(NAMES, UNITS)
    else:
        set_unprinted(sheet, FIRST, len(table.columns) + 1)
    return sheet


def write_head(sheet: Any, formats: Formats, table: Table, widths: Sequence[float], text: str) -> None:
    """Title, sentence and the way back to the contents, over the width of the table or a little more."""
    last, width = 0, widths[0]
    while width < SENTENCE_WIDTH:
        last += 1
        width += widths[last] if last < len(widths) else 9.14
    sheet.set_row(TITLE, 26)
    sheet.write_string(TITLE, 0, table.title, formats.get(bold=True, font_size=16, font_color=NAVY))
    sentence = formats.get(font_color=GREY, text_wrap=True, valign="top")
    if last:
        sheet.merge_range(TEXT, 0, TEXT, last, "", sentence)
    sheet.write_string(TEXT, 0, text, sentence)
    sheet.set_row(TEXT, LINE_HEIGHT * wrapped(text, width) + 4)
    if table.sheet != CONTENTS:
        sheet.write_url(BACK, 0, f"internal:'{CONTENTS}'!A1", formats.get(font_color=BLUE, underline=1, font_size=9), "Contents")
    sheet.set_row(NAMES, heading_height(table, widths))
    sheet.set_row(UNITS, 16)


def write_heading(sheet: Any, formats: Formats, c: int, column: Column) -> None:
    """The name of a column and its unit, below each other."""
    side: dict[str, Any] = {"align": "left", "indent": 1} if column.style in LEFT else {"align": "right"}
    name = formats.get(bold=True, font_color=WHITE, bg_color=NAVY, text_wrap=True, valign="bottom", **side)
    unit = formats.get(font_size=9, italic=True, font_color=WHITE, bg_color=BLUE, **side | {"indent": 1 if column.style in LEFT else ARROW})
    sheet.write_string(NAMES, c, column.title, name)
    sheet.write_string(UNITS, c, column.unit, unit)


def write_column(sheet: Any, formats: Formats, table: Table, c: int, values: Sequence[Any]) -> None:
    """The cells of a column: numbers as numbers, all text as text (also what begins with = or +), nothing where there is nothing."""
    column, last = table.columns[c], len(values) - 1 if table.total else -1
    most = most_places(column, values)
    for r, value in enumerate(values):
        kind = {"strong": r in table.strong, "total": r == last}
        if isinstance(value, str) and column.style is Style.LINK:
            sheet.write_url(FIRST + r, c, f"internal:'{value}'!A1", formats.cell(column.style, **kind), value)
        elif isinstance(value, str | bool):
            text = value if isinstance(value, str) else "yes" if value else "no"
            sheet.write_string(FIRST + r, c, text, formats.cell(column.style, **kind))
        elif value is None or not math.isfinite(value):
            own, word = formats.cell(column.style, **kind), formats.word(column.style, **kind)
            missing(sheet, FIRST + r, c, "" if r == last else column.empty, own, word)
        else:
            form = amount_form(value, most) if column.style is Style.AMOUNT else ""
            sheet.write_number(FIRST + r, c, value, formats.cell(column.style, form, **kind))


def missing(sheet: Any, row: int, c: int, words: str, own: Any, word: Any) -> None:
    """A cell without a value: words in its place, or blank."""
    if words:
        sheet.write_string(row, c, words, word)
    else:
        sheet.write_blank(row, c, None, own)


def mark_cells(sheet: Any, formats: Formats, table: Table) -> None:
    """Colour the cells that a table marks, whatever they hold."""
    paint = formats.book.add_format({"bg_color": FAIR[0], "font_color": FAIR[1], "bold": True}) if table.marked else None
    for row, name in sorted(table.marked):
        at = (FIRST + row, table.column(name))
        sheet.conditional_format(*at, *at, {"type": "formula", "criteria": "=TRUE", "format": paint})


def heat_cells(sheet: Any, formats: Formats, table: Table, name: str, last: int) -> None:
    """Colour the numbers of a column from poor at 0 to good at the largest of all such columns; where there is none, its word is good."""
    c = table.column(name)
    at = xl_rowcol_to_cell(FIRST, c)
    paint = formats.book.add_format({"bg_color": GOOD[0], "font_color": GOOD[1]})
    words = {"type": "formula", "criteria": f'={at}="{table.columns[c].empty}"', "format": paint, "stop_if_true": True}
    sheet.conditional_format(FIRST, c, last, c, words)
    most = float(np.nanmax([1.0, *table.heat_values().ravel()]))
    scale = {"type": "3_color_scale", "min_color": POOR[0], "mid_color": FAIR[0], "max_color": GOOD[0]}
    numbers = {"min_type": "num", "mid_type": "num", "max_type": "num", "min_value": 0, "mid_value": most / 2, "max_value": most}
    sheet.conditional_format(FIRST, c, last, c, scale | numbers)


def colour_cells(sheet: Any, formats: Formats, table: Table, rule: ColourRule, last: int) -> None:
    """Red, amber and green by live formulas, so that a filter or an edit keeps them right."""
    c = table.column(rule.column)
    value, against, where, tight = (
        xl_rowcol_to_cell(FIRST, table.column(n), col_abs=True) for n in (rule.column, rule.against, rule.where, rule.tight)
    )
    conditions = ((f"{value}<{against}-{rule.tolerance}", POOR), (f'{tight}="yes"', FAIR), ("TRUE", GOOD))
    for condition, (background, text) in conditions:
        paint = formats.book.add_format({"bg_color": background, "font_color": text})
        criteria = f'=AND({where}="yes",{condition})'
        sheet.conditional_format(FIRST, c, last, c, {"type": "formula", "criteria": criteria, "format": paint, "stop_if_true": True})


def colour_share(sheet: Any, formats: Formats, reached: Place, required: Place, where: Place) -> None:
    """Red, amber or green for one share beside what is required; amber where the words of `where` say that it is at its limit."""
    value, against, words = (xl_rowcol_to_cell(*place, row_abs=True, col_abs=True) for place in (reached, required, where))
    limit = f'LEFT({words},{len(AT_LIMIT)})="{AT_LIMIT}"'
    for condition, (background, text) in ((f"{value}<{against}-{TOLERANCE:f}", POOR), (limit, FAIR), ("TRUE", GOOD)):
        paint = formats.book.add_format({"bg_color": background, "font_color": text})
        criteria = f"=AND(ISNUMBER({against}),{condition})"
        sheet.conditional_format(*reached, *reached, {"type": "formula", "criteria": criteria, "format": paint, "stop_if_true": True})


Entry = tuple[str, str, int | None, bool]
"""A sheet in the contents: its name, the question it answers, its rows, whether it is printed."""


def set_first(sheet: Any) -> None:
    """The one-page sheet that a workbook opens with."""
    sheet.hide_gridlines(2)
    sheet.set_tab_color(NAVY)
    sheet.set_first_sheet()
    set_print(sheet)
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()


def contents_table(rows: Sequence[Entry], text: str) -> Table:
    """What each sheet answers, with a link to it, and whether it is printed."""
    return Table(
        CONTENTS,
        "Contents",
        f"One sheet a question. Every table can be filtered; cells hold numbers in full, and show three significant digits, or all of a whole number; \u2013 is nothing, or rounds to it. {text}",
        (
            Column("sheet", style=Style.LINK),
            Column("title", "Question", width=84),
            Column("rows", style=Style.EXACT),
            Column("printed"),
        ),
        pd.DataFrame(rows, columns=["sheet", "title", "rows", "printed"]).astype({"rows": object}),
    )
