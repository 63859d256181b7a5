"""A frontier -> xlsx: its corners with their chart, tipping points, and the run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter

from outputs.excel.book import write_tables
from outputs.excel.charts import title_of, value_axis
from outputs.excel.layout import FIRST
from outputs.excel.styles import LINE, NAVY, WHITE
from outputs.sweep.curve import axis_ends
from outputs.sweep.words import unit_words
from outputs.tables.frontier import CORNERS, FrontierReport, run_of
from outputs.tables.run import RunInfo
from outputs.tables.table import Table


def write_frontier(report: FrontierReport, path: Path, info: RunInfo, seconds: float) -> Path:
    """Write the workbook of a frontier, whole or not at all, and return where it is. Raises FileError."""

    def draw(book: xlsxwriter.Workbook, sheet: Any, table: Table) -> None:
        if table.sheet == CORNERS:
            sheet.insert_chart(
                FIRST, len(table.columns), chart_of(book, report, table), {"object_position": 2, "x_offset": 24, "y_offset": 6}
            )

    return write_tables(path, (*report.tables(), run_of(report, info, seconds)), info.when, draw)


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
