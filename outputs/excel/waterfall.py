"""A waterfall as a chart: columns that stand on others that are not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from outputs.excel.charts import small, title_of, value_axis
from outputs.excel.styles import BLUE, LINE, NAVY, TEAL

COLOURS = (None, NAVY, TEAL, BLUE)
"""Of what is below a step (not seen), of needs, of what meets them, and of what is left."""

LABEL = '[>=100]#,##0;[>=0.05]0.0;""'
"""How a step reads on its column; nothing where there is none."""


def waterfall_chart(book: xlsxwriter.Workbook, title: str, series: Sequence[Mapping[str, Any]]) -> Any:
    """A chart of four series, from what is below each step up."""
    chart = book.add_chart({"type": "column", "subtype": "stacked"})
    for colour, of in zip(COLOURS, series, strict=True):
        seen = {"fill": {"color": colour}, "data_labels": {"value": True, "num_format": LABEL, "font": small() | {"color": "#FFFFFF"}}}
        chart.add_series({**of, "gap": 30, **(seen if colour else {"fill": {"none": True}, "border": {"none": True}})})
    chart.set_title(title_of(title))
    chart.set_x_axis({"num_font": small(), "line": {"color": LINE}})
    chart.set_y_axis({**value_axis(""), "name": "", "min": 0})
    chart.set_legend({"none": True})
    return chart
