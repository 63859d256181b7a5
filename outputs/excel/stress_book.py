"""A stress test -> xlsx: its tables, how sure coverage is as bars, and the distribution of the loss as a curve."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter

from outputs.excel.book import write_tables
from outputs.excel.charts import bar_chart, title_of, value_axis
from outputs.excel.layout import FIRST
from outputs.excel.styles import BLUE, NAVY, WHITE
from outputs.tables.run import RunInfo
from outputs.tables.stress import PERCENTILES, SHEET, SPREAD, StressReport
from outputs.tables.stress_runs import run_of, tables
from outputs.tables.table import Table


def write_stress(report: StressReport, path: Path, info: RunInfo, seconds: float) -> Path:
    """Write the workbook of a stress test, whole or not at all, and return where it is. Raises FileError."""

    def draw(book: xlsxwriter.Workbook, sheet: Any, table: Table) -> None:
        if table.sheet == SHEET:
            sheet.insert_chart(FIRST + len(table.frame) + 1, 0, coverage_chart(book, table), {"object_position": 2, "y_offset": 6})
        if table.sheet == SPREAD:
            sheet.insert_chart(FIRST, len(table.columns), loss_chart(book, table), {"object_position": 2, "x_offset": 24, "y_offset": 6})

    return write_tables(path, (*tables(report), run_of(report, info, seconds)), info.when, draw)


def coverage_chart(book: xlsxwriter.Workbook, table: Table) -> Any:
    """Full coverage and promises kept, of the futures with a cutoff, by sector."""
    chart = bar_chart(book, "In futures with a cutoff", "")
    rows = [FIRST + r for r, group in enumerate(table.frame["group"]) if group == "with a cutoff"]
    for column, name, colour in (("full", "full coverage", NAVY), ("kept", "promise kept", BLUE)):
        c = table.column(column)
        chart.add_series(
            {
                "name": name,
                "categories": cells(table.sheet, rows, table.column("sector")),
                "values": cells(table.sheet, rows, c),
                "fill": {"color": colour},
                "gap": 60,
            }
        )
    chart.set_x_axis(value_axis("") | {"min": 0, "max": 1, "num_format": "0%"})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 760, "height": 120 + 46 * len(rows)})
    return chart


def cells(sheet: str, rows: list[int], column: int) -> str:
    """Cells of one column in several rows, as one reference."""
    letter = xlsxwriter.utility.xl_col_to_name(column)
    return "=(" + ",".join(f"'{sheet}'!${letter}${row + 1}" for row in rows) + ")"


def loss_chart(book: xlsxwriter.Workbook, table: Table) -> Any:
    """The loss that a share of the futures does not exceed, from the least to the most."""
    chart = book.add_chart({"type": "column"})
    first, last = FIRST + 2, FIRST + 3 + len(PERCENTILES)
    c = table.column("loss")
    chart.add_series(
        {
            "categories": [table.sheet, first, 0, last, 0],
            "values": [table.sheet, first, c, last, c],
            "fill": {"color": NAVY},
            "border": {"color": WHITE},
            "gap": 40,
        }
    )
    chart.set_title(title_of("Loss"))
    chart.set_y_axis(value_axis("M USD"))
    chart.set_x_axis({"num_font": {"size": 8, "rotation": -45}})
    chart.set_legend({"none": True})
    chart.set_size({"width": 560, "height": 330})
    return chart
