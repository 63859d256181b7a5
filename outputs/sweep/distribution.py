"""How the cost is spread over the points: a histogram and percentiles."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from inputs.arrays import Floats
from outputs.excel.charts import small, title_of, value_axis
from outputs.excel.layout import FIRST, NAMES, UNITS
from outputs.excel.sizes import most_places
from outputs.excel.styles import BLUE, LEFT, LINE, NAVY, WHITE, Formats, amount_form, decimals_for
from outputs.sweep.report import MILLION, OUTCOMES, Sweep
from outputs.sweep.tables import MONEY
from outputs.tables.table import Column, Style, Table

SHEET = "Distribution"
PERCENTILES = (0, 1, 5, 10, 25, 50, 75, 90, 95, 99, 100)
FEWEST_BINS, MOST_BINS = 5, 25
SIDE, BETWEEN = 5, 3.0
"""The column of the percentiles, beside the bins, and the width of the one between."""


def bins(values: Floats) -> tuple[Floats, Floats]:
    """(edges, counts) of round width, by Freedman and Diaconis (1981), at least 5 and at most 25 where values differ."""
    low, high = float(values.min()), float(values.max())
    if high - low <= 1e-9 * max(1.0, abs(high)):
        return np.array([low, high]), np.array([len(values)], dtype=float)
    quarter, three = np.quantile(values, [0.25, 0.75])
    width = 2 * (three - quarter) / len(values) ** (1 / 3) or (high - low) / FEWEST_BINS
    width = float(np.clip(width, (high - low) / MOST_BINS, (high - low) / FEWEST_BINS))
    size = 10.0 ** np.floor(np.log10(width))
    step = size * next(s for s in (1, 2, 2.5, 5, 10) if s * size >= width * 0.999)
    edges = step * np.arange(np.floor(low / step), np.floor(high / step) + 2)
    return edges, np.histogram(values, edges)[0].astype(float)


def distribution(sweep: Sweep) -> Table:
    """The histogram of the cost."""
    costs = sweep.plans["objective"].to_numpy(dtype=float) / MILLION
    edges, counts = bins(costs) if len(costs) else (np.zeros(1), np.zeros(0))
    share = counts / max(1, counts.sum())
    amounts = decimals_for(np.diff(edges))
    names = [f"{a:,.{amounts}f} to {b:,.{amounts}f}" for a, b in pairwise(edges)]
    return Table(
        SHEET,
        "How is the cost spread?",
        f"Over the {len(costs):,} points that have a plan, each counting the same: in how many the cost lies between two amounts. Percentiles beside it: "
        "so many percent of the points are below.",
        (
            Column("bin", f"Cost, {MONEY}", width=22),
            Column("count", "Points", style=Style.EXACT),
            Column("share", "Share", "% of points", Style.SHARE),
            Column("below", "This or less", "% of points", Style.SHARE),
        ),
        pd.DataFrame({"bin": names, "count": counts.astype(int), "share": share, "below": share.cumsum()}),
        nothing="No point has a plan.",
    )


def percentiles(sweep: Sweep) -> pd.DataFrame:
    """Rows: minimum, percentiles, maximum and mean; columns: outcomes, M USD."""
    values = sweep.plans[list(OUTCOMES)].to_numpy(dtype=float) / MILLION
    rows = np.vstack([np.quantile(values, np.array(PERCENTILES) / 100, axis=0), values.mean(axis=0)])
    names = ["lowest", *(f"{p} %" for p in PERCENTILES[1:-1]), "highest", "mean"]
    return pd.DataFrame(rows, index=pd.Index(names), columns=list(OUTCOMES))


def finish_distribution(book: xlsxwriter.Workbook, formats: Formats, sheet: Any, sweep: Sweep, table: Table) -> None:
    """Percentiles beside the bins, the chart beside these."""
    if not len(sweep.plans):
        return
    found = percentiles(sweep)
    sheet.set_column(SIDE - 1, SIDE - 1, BETWEEN)
    columns = [Column("p", "Points below", width=14), *(Column(c, n, MONEY, Style.AMOUNT) for c, n in OUTCOMES.items())]
    values = [found.index.tolist(), *(found[c].tolist() for c in OUTCOMES)]
    for place, (column, cells) in enumerate(zip(columns, values, strict=True)):
        c, text = SIDE + place, column.style in LEFT
        side: dict[str, Any] = {"align": "left", "indent": 1} if text else {"align": "right"}
        sheet.write_string(
            NAMES, c, column.title, formats.get(bold=True, font_color=WHITE, bg_color=NAVY, valign="bottom", text_wrap=True, **side)
        )
        sheet.write_string(UNITS, c, column.unit, formats.get(font_size=9, italic=True, font_color=WHITE, bg_color=BLUE, **side))
        sheet.set_column(c, c, column.width or 16)
        most = most_places(column, cells)
        for r, value in enumerate(cells):
            own = formats.cell(column.style, "" if text else amount_form(value, most), strong=found.index[r] == "50 %")
            (sheet.write_string if text else sheet.write_number)(FIRST + r, c, value, own)
    chart = histogram(book, table)
    chart.set_size({"width": 860, "height": 360})
    sheet.insert_chart(FIRST + max(len(found), len(table.frame)) + 1, 0, chart, {"object_position": 2, "x_offset": 6})


def histogram(book: xlsxwriter.Workbook, table: Table) -> Any:
    """The chart of the bins."""
    chart, last = book.add_chart({"type": "column"}), FIRST + len(table.frame) - 1
    place = table.column("count")
    chart.add_series(
        {
            "categories": [SHEET, FIRST, 0, last, 0],
            "values": [SHEET, FIRST, place, last, place],
            "fill": {"color": BLUE},
            "border": {"color": WHITE},
            "gap": 4,
        }
    )
    chart.set_title(title_of("How the cost is spread"))
    chart.set_x_axis({"name": f"cost, {MONEY}", "name_font": small(), "num_font": small() | {"rotation": -45}, "line": {"color": LINE}})
    chart.set_y_axis(value_axis("points"))
    chart.set_legend({"none": True})
    chart.set_chartarea({"border": {"color": LINE}, "fill": {"color": WHITE}})
    return chart
