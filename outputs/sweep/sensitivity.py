"""What the cost follows: rank correlations of samples, Morris's effects, Sobol' indices, with their intervals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from inputs.arrays import Floats
from inputs.extras import MissingExtra
from model.sweep.design import Design, DesignKind, SamplingError
from model.sweep.indices import analyse_morris, analyse_sobol, rank_correlations
from outputs.excel.charts import bar_chart, small, title_of, value_axis
from outputs.excel.layout import FIRST, UNITS
from outputs.excel.styles import BLUE, GREY, INK, LINE, NAVY, TEAL, WHITE, Formats
from outputs.sweep.report import MILLION, OUTCOMES, Sweep
from outputs.sweep.tables import MONEY
from outputs.sweep.words import short
from outputs.tables.table import Column, Style, Table

SHEET = "Sensitivity"
NOT_ENOUGH = "The points do not give it; the reason stands below."
MOST_BARS, HELPERS = 15, 30
"""Bars of the chart at most, and the first column, out of sight, of the sizes of the intervals that the chart draws."""

UNLABELLED = 0.05
"""Effects below this share of the largest lie on each other near 0, and stay without a name in the chart."""


def correlations(sweep: Sweep) -> pd.DataFrame:
    """Rows: `variation` (place in the design), then correlation, low and high for each outcome; most related to the cost first."""
    points = pd.DataFrame(sweep.values[sweep.solved], columns=pd.RangeIndex(len(sweep.variations)))
    found = pd.DataFrame(index=points.columns)
    for outcome in OUTCOMES:
        one = rank_correlations(points, sweep.plans[outcome].to_numpy(dtype=float)).set_index("variation")
        found = found.join(one.add_prefix(f"{outcome} "))
    return found.sort_values("objective correlation", key=lambda c: -c.abs(), kind="stable").rename_axis("variation").reset_index()


def sensitivity(sweep: Sweep) -> Table:
    """The table that the design gives: Morris's effects, Sobol' indices, or rank correlations; why not, where it gives none."""
    try:
        if sweep.kind is DesignKind.MORRIS:
            return morris_table(sweep)
        return sobol_table(sweep) if sweep.kind is DesignKind.SOBOL_INDICES else correlation_table(sweep)
    except (SamplingError, MissingExtra) as error:
        return Table(
            SHEET, "What does the cost follow?", NOT_ENOUGH, (Column("name", "What varies", width=44),), empty_names(), nothing=str(error)
        )


def whole_blocks(sweep: Sweep) -> tuple[Design, Floats, str]:
    """The design and costs (M USD) without the trajectories, or blocks of Saltelli, in which a point has no plan, and a sentence about them.

    Raises SamplingError where fewer than two are left.
    """
    design, costs, k = sweep.design, sweep.outcome("objective") / MILLION, len(sweep.variations)
    size = k + 1 if sweep.kind is DesignKind.MORRIS else 2 * k + 2 if design.second_order else k + 2
    whole = np.array([bool(np.isfinite(block).all()) for block in costs.reshape(-1, size)])
    if whole.all():
        return design, costs, ""
    what = "trajectories" if sweep.kind is DesignKind.MORRIS else "groups of points"
    if whole.sum() < 2:
        raise SamplingError(f"only {whole.sum()} of {len(whole)} {what} have a plan at every point; let less vary, or draw more.")
    keep = np.repeat(whole, size)
    assert design.quantiles is not None
    left = replace(design, points=design.points[keep], quantiles=design.quantiles[keep])
    return left, costs[keep], f" From {whole.sum()} of {len(whole)} {what}: in the others a point has no plan."


def empty_names() -> pd.DataFrame:
    """A table of variations without rows."""
    return pd.DataFrame({"name": pd.Series(dtype=object)})


def correlation_table(sweep: Sweep) -> Table:
    """Rank correlations of the three outcomes with each variation, with their intervals."""
    found = correlations(sweep)
    found.insert(0, "name", [sweep.names[int(i)] for i in found["variation"]])
    columns = [Column("name", "What varies", width=44)]
    for outcome, name in OUTCOMES.items():
        columns += [
            Column(f"{outcome} correlation", f"{name}: rank correlation", style=Style.PRICE, width=13, empty="none"),
            Column(f"{outcome} low", "from (5 %)", style=Style.PRICE),
            Column(f"{outcome} high", "to (95 %)", style=Style.PRICE),
        ]
    return Table(
        SHEET,
        "What do cost, stockpile and investment follow?",
        "Rank correlations (Spearman): 1 rises always with it, \u22121 falls always, 0 does not follow it. "
        f"The interval is of 500 bootstrap resamples of {len(sweep.plans):,} points.",
        tuple(columns),
        found,
    )


def morris_table(sweep: Sweep) -> Table:
    """Mean and spread of the elementary effects of each variation on the cost, M USD."""
    design, costs, note = whole_blocks(sweep)
    found = analyse_morris(design, costs)
    found["name"] = sweep.names
    amounts = ["mu_star", "low", "high", "mu", "sigma"]
    found = found.sort_values("mu_star", ascending=False, kind="stable", ignore_index=True)
    heads = {"mu_star": "Mean size of effect (\u03bc*)", "low": "from (95 % confidence)", "high": "to", "mu": "Mean effect (\u03bc)"}
    return Table(
        SHEET,
        "What moves the cost, and what can be left alone?",
        "Morris screening. \u03bc* is by how much the cost moves, on average, as the number goes from end to end of its distribution; \u03bc keeps the sign; "
        f"\u03c3 is large where the effect depends on the other numbers or is curved.{note}",
        (
            Column("name", "What varies", width=44),
            *(Column(n, heads.get(n, "Spread of effect (\u03c3)"), MONEY, Style.AMOUNT, width=14) for n in amounts),
        ),
        found,
    )


def sobol_table(sweep: Sweep) -> Table:
    """First-order and total Sobol' indices of the cost for each variation."""
    design, costs, note = whole_blocks(sweep)
    found = analyse_sobol(design, costs)
    heading = dict(zip((v.heading for v in sweep.variations), sweep.names, strict=True))
    found["name"] = [" and ".join(heading[v] for v in (a, b) if v) for a, b in zip(found["variation"], found["other"], strict=True)]
    found["half"] = found["high"] - found["value"]
    first = found[found["index"] == "first"].set_index("name")
    total = found[found["index"] == "total"].set_index("name")
    frame = first[["value", "low", "high", "half"]].add_prefix("first ").join(total[["value", "low", "high", "half"]].add_prefix("total "))
    frame = frame.sort_values("total value", ascending=False, kind="stable").reset_index()
    pairs = found[found["index"] == "second"].sort_values("value", ascending=False, kind="stable")
    frame["pair"] = ""
    if len(pairs):
        rows = pairs[["name", "value", "low", "high", "half"]].rename(columns={c: f"first {c}" for c in ("value", "low", "high", "half")})
        frame = pd.concat([frame, rows.assign(pair="beyond each alone")], ignore_index=True)
    return Table(
        SHEET,
        "What share of the spread of the cost comes from what?",
        f"Sobol' indices of the cost: the share of its variance by each number alone, and with all its interactions; within the interval with 95 % confidence.{note}",
        (
            Column("name", "What varies", width=44),
            *([Column("pair", "Pairs", width=18)] if len(pairs) else []),
            *(Column(f"first {c}", h, "share", Style.PRICE, width=12, empty="none") for c, h in (("value", "Alone"), ("low", "from"), ("high", "to"))),
            *(Column(f"total {c}", h, "share", Style.PRICE, width=12) for c, h in (("value", "With interactions"), ("low", "from"), ("high", "to"))),
        ),
        frame,
    )  # fmt: skip


def bars(sweep: Sweep, table: Table) -> tuple[str, str, dict[str, tuple[str, str]]]:
    """Title and unit of the chart, and by column of its bars those of their intervals."""
    if sweep.kind is DesignKind.MORRIS:
        return "Mean size of effect on the cost", MONEY, {"mu_star": ("low", "high")}
    if sweep.kind is DesignKind.SOBOL_INDICES:
        return "Share of the spread of the cost", "share", {f"{n} value": (f"{n} low", f"{n} high") for n in ("first", "total")}
    return "What the cost follows", "rank correlation with the cost", {"objective correlation": ("objective low", "objective high")}


def sensitivity_chart(book: xlsxwriter.Workbook, sweep: Sweep, table: Table) -> Any | None:
    """Bars of the main figures, with their intervals; the cells of these are written by `write_intervals`."""
    count = charted(table)
    if not count:
        return None
    title, unit, columns = bars(sweep, table)
    chart, last = bar_chart(book, title, unit), FIRST + count - 1
    for number, name in enumerate(columns):
        place, side = table.column(name), HELPERS + 2 * number
        plus, minus = (f"={SHEET}!{xl_range_abs(FIRST, c, last, c)}" for c in (side, side + 1))
        chart.add_series(
            {
                "name": table.columns[place].title,
                "categories": [SHEET, FIRST, 0, last, 0],
                "values": [SHEET, FIRST, place, last, place],
                "fill": {"color": (BLUE, TEAL)[number]},
                "gap": 50,
                "x_error_bars": {"type": "custom", "plus_values": plus, "minus_values": minus, "line": {"color": INK, "width": 1}},
            }
        )
    shown = [column for name, interval in columns.items() for column in (name, *interval)]
    low, high = reach(table.frame[shown].to_numpy(dtype=float)[:count])
    chart.set_x_axis(value_axis(unit) | {"min": low, "max": high})
    if len(columns) > 1:
        chart.set_legend({"position": "bottom", "font": small()})
    chart.set_chartarea({"border": {"color": LINE}, "fill": {"color": WHITE}})
    return chart


def reach(values: np.ndarray) -> tuple[float, float]:
    """The ends of an axis that shows 0, every bar and every interval, which by itself it would cut off."""
    known = np.append(values[np.isfinite(values)], 0.0)
    low, high = float(known.min()), float(known.max())
    if low == high:
        return 0.0, 1.0
    step = 10.0 ** np.floor(np.log10(high - low)) / 2
    return float(np.floor(low / step) * step), float(np.ceil(high / step) * step)


def charted(table: Table) -> int:
    """Rows of the table that the chart shows: the first ones, without pairs."""
    frame = table.frame
    rows = int(frame["pair"].eq("").sum()) if "pair" in frame else len(frame)
    return min(MOST_BARS, rows if len(table.columns) > 1 else 0)


def write_intervals(sheet: Any, formats: Formats, sweep: Sweep, table: Table) -> None:
    """How far the intervals reach above and below the bars, as formulas, so that a sorted table keeps them right."""
    faint = formats.get(font_color=GREY, font_size=8)
    for number, (name, (low, high)) in enumerate(bars(sweep, table)[2].items()):
        for place, (above, below, word) in enumerate(((high, name, "up"), (name, low, "down")), HELPERS + 2 * number):
            sheet.write_string(UNITS, place, f"interval {word}", faint)
            sizes = np.nan_to_num(table.frame[above].to_numpy(dtype=float) - table.frame[below].to_numpy(dtype=float)).clip(min=0)
            for r, size in enumerate(sizes.tolist()[: charted(table)], FIRST):
                cells = [xl_rowcol_to_cell(r, table.column(column)) for column in (above, below)]
                sheet.write_formula(r, place, f"=MAX(0,N({cells[0]})-N({cells[1]}))", faint, size)


def morris_chart(book: xlsxwriter.Workbook, table: Table) -> Any | None:
    """Size against spread of the effects: far right matters, high up interacts."""
    frame = table.frame
    if "sigma" not in frame or not len(frame):
        return None
    chart, x, y = book.add_chart({"type": "scatter"}), table.column("mu_star"), table.column("sigma")
    visible = (frame[["mu_star", "sigma"]] > UNLABELLED * frame[["mu_star", "sigma"]].max()).any(axis=1)
    labels = zip(frame["name"], visible, strict=True)
    custom = [{"value": short(name, 30), "font": small()} if far else {"delete": True} for name, far in labels]
    chart.add_series(
        {
            "categories": [SHEET, FIRST, x, FIRST + len(frame) - 1, x],
            "values": [SHEET, FIRST, y, FIRST + len(frame) - 1, y],
            "marker": {"type": "circle", "size": 7, "fill": {"color": BLUE}, "border": {"color": NAVY}},
            "data_labels": {"value": True, "custom": custom, "position": "above", "font": small()},
        }
    )
    chart.set_title(title_of("Size and spread of the effects"))
    chart.set_x_axis(value_axis(f"mean size of effect \u03bc*, {MONEY}") | {"min": 0, "line": {"color": LINE}})
    chart.set_y_axis(value_axis(f"spread of effect \u03c3, {MONEY}") | {"min": 0})
    chart.set_legend({"none": True})
    chart.set_chartarea({"border": {"color": LINE}, "fill": {"color": WHITE}})
    return chart


def finish_sensitivity(book: xlsxwriter.Workbook, formats: Formats, sheet: Any, sweep: Sweep, table: Table) -> None:
    """Charts below the table, with the cells of their intervals."""
    if not charted(table):
        return
    write_intervals(sheet, formats, sweep, table)
    top, width = FIRST + len(table.frame) + 1, 0
    for chart in (sensitivity_chart(book, sweep, table), morris_chart(book, table) if sweep.kind is DesignKind.MORRIS else None):
        if chart is not None:
            chart.set_size({"width": 620, "height": 380})
            sheet.insert_chart(top, 0, chart, {"object_position": 2, "x_offset": 6 + width})
            width += 634
    sheet.print_area(0, 0, top + 20, max(len(table.columns), 12))
