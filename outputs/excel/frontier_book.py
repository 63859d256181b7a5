"""A frontier -> xlsx: its corners with their chart, tipping points, and the run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter

from inputs.files import write_whole
from outputs.excel.charts import title_of, value_axis
from outputs.excel.layout import FIRST
from outputs.excel.paper import printed
from outputs.excel.sheet import contents_table, write_table
from outputs.excel.styles import BLUE, GREY, LINE, NAVY, WHITE, Formats
from outputs.sweep.curve import axis_ends
from outputs.sweep.words import unit_words
from outputs.tables.frontier import CORNERS, FrontierReport, run_of
from outputs.tables.run import RunInfo
from outputs.tables.table import Table


def write_frontier(report: FrontierReport, path: Path, info: RunInfo, seconds: float) -> Path:
    """Write the workbook of a frontier, whole or not at all, and return where it is. Raises FileError."""
    tables = (*report.tables(), run_of(report, info, seconds))
    return write_whole(path, lambda temporary: write_book(temporary, report, tables, info))


def write_book(path: Path, report: FrontierReport, tables: tuple[Table, ...], info: RunInfo) -> None:
    """Write every sheet."""
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        book.set_properties({"title": tables[0].title, "subject": tables[0].text, "created": info.when.replace(tzinfo=None)})
        formats, paper = Formats(book), printed(tables, 0)
        listed = contents_table([(t.sheet, t.title, len(t.frame), t.sheet in paper) for t in tables], "")
        for table, colour in zip((*tables[:1], listed, *tables[1:]), (NAVY, NAVY, *(BLUE,) * (len(tables) - 2), GREY), strict=True):
            sheet = write_table(book, formats, table, colour, on_paper=table.sheet in paper)
            if table.sheet == CORNERS:
                chart = chart_of(book, report, table)
                sheet.insert_chart(FIRST, len(table.columns), chart, {"object_position": 2, "x_offset": 24, "y_offset": 6})


def chart_of(book: xlsxwriter.Workbook, report: FrontierReport, table: Table) -> Any:
    """The cost above the least of the curve, by value: straight between corners, dots where it is sampled."""
    chart = book.add_chart({"type": "scatter", "subtype": "straight_with_markers"} if not report.found.sampled else {"type": "scatter"})
    x, y, last = table.column("value"), table.column("above"), FIRST + len(table.frame) - 1
    chart.add_series(
        {
            "categories": [table.sheet, FIRST, x, last, x],
            "values": [table.sheet, FIRST, y, last, y],
            "line": {"color": NAVY, "width": 1.75} if not report.found.sampled else {"none": True},
            "marker": {"type": "circle", "size": 5, "fill": {"color": NAVY}, "border": {"color": WHITE}},
        }
    )
    unit = unit_words(report.variation)
    name = report.name if unit in ("", "-") else f"{report.name} ({unit})"
    along = {"major_gridlines": {"visible": False}, "line": {"color": LINE}} | ({"num_format": "0%"} if report.is_share else {})
    chart.set_x_axis(value_axis(name) | axis_ends(table.frame["value"].to_numpy(dtype=float)) | along)
    chart.set_y_axis(value_axis("M USD") | axis_ends(table.frame["above"].to_numpy(dtype=float)))
    chart.set_title(title_of("Cost above the least of the curve"))
    chart.set_legend({"none": True})
    chart.set_size({"width": 620, "height": 350})
    return chart
