"""How the charts of the plan workbook look: titles, axes and bars in the colours of the house."""

from __future__ import annotations

from typing import Any

import xlsxwriter

from outputs.excel.styles import GREY, LINE, NAVY


def small() -> dict[str, Any]:
    """The font of axes."""
    return {"name": "Calibri", "size": 8, "bold": False, "color": GREY}


def title_of(text: str) -> dict[str, Any]:
    """The title of a chart."""
    return {"name": text, "name_font": {"name": "Calibri", "size": 11, "bold": True, "color": NAVY}, "overlay": False}


def value_axis(unit: str) -> dict[str, Any]:
    """The axis of amounts, with its unit."""
    grid = {"visible": True, "line": {"color": LINE, "width": 0.5}}
    return {
        "name": unit,
        "name_font": small(),
        "num_font": small(),
        "num_format": "#,##0.###",
        "major_gridlines": grid,
        "line": {"none": True},
    }


def bar_chart(book: xlsxwriter.Workbook, title: str, unit: str) -> Any:
    """A horizontal bar chart, first row on top, labels clear of negative bars."""
    chart = book.add_chart({"type": "bar"})
    chart.set_title(title_of(title))
    chart.set_x_axis(value_axis(unit))
    chart.set_y_axis(
        {
            "reverse": True,
            "crossing": "max",
            "num_font": small(),
            "label_position": "low",
            "line": {"color": LINE},
            "major_gridlines": {"visible": False},
        }
    )
    chart.set_legend({"none": True})
    return chart


def line_chart(book: xlsxwriter.Workbook) -> Any:
    """A line chart with straight lines in every program: LibreOffice smooths those that do not say that they are straight, past their ends.

    xlsxwriter says only that a line is smooth, so what it writes there is replaced.
    """
    chart: Any = book.add_chart({"type": "line"})
    chart._write_c_smooth = lambda _: chart._xml_empty_tag("c:smooth", [("val", "0")])
    return chart
