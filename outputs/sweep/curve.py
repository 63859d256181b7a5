"""What the cost does along one number: along the only one of a grid, or along a coverage wherever one varies."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from inputs.arrays import Floats
from inputs.change import Variation
from model.sweep.design import DesignKind
from outputs.excel.charts import small, title_of, value_axis
from outputs.excel.layout import FIRST
from outputs.excel.styles import LINE, NAVY, SERIES, TEAL, WHITE
from outputs.sweep.report import MILLION, OUTCOMES, SAME, SAMPLES, Sweep
from outputs.sweep.tables import MONEY, readable
from outputs.sweep.words import lower_first, short, unit_words
from outputs.tables.table import Column, Style, Table

COVERAGE, LINE_SHEET = "Cost against coverage", "Cost along the way"
CURVES = 8
"""Curves in a chart; of more, evenly chosen ones are shown."""

SHEETS = ("sectors", "demand")


@dataclass(frozen=True)
class Curve:
    """Points with a plan along one variation, `rows` of the frame by its rising value; `name` says what else holds there, `label` in short."""

    variation: int
    name: str
    label: str
    rows: list[int]


def is_coverage(variation: Variation) -> bool:
    """Whether a variation moves a coverage of `sectors` or `demand`."""
    return any(target.column == "coverage" and target.sheet in SHEETS for target in variation.targets)


def coverages(sweep: Sweep) -> list[int]:
    """The variations that are coverages."""
    return [i for i, variation in enumerate(sweep.variations) if is_coverage(variation)]


def curves(sweep: Sweep, variation: int) -> list[Curve]:
    """One curve for each combination of the other values in a grid; one of all points in a sample; its own points and the case, one at a time."""
    values, here = sweep.values, along(sweep, variation)
    rows = np.flatnonzero(sweep.solved & ~np.isnan(here))
    rows = rows[np.argsort(here[rows], kind="stable")]
    if sweep.kind is DesignKind.ONE_AT_A_TIME:
        rows = rows[np.append(True, np.diff(here[rows]) != 0)] if len(rows) else rows
    others = [i for i in range(len(sweep.variations)) if i != variation]
    if sweep.kind is not DesignKind.GRID or not others:
        return [Curve(variation, sweep.names[variation], sweep.names[variation], rows.tolist())] if len(rows) else []
    found: dict[tuple[float, ...], list[int]] = {}
    for row in rows.tolist():
        found.setdefault(tuple(values[row, others].tolist()), []).append(row)
    return [curve_of(sweep, variation, others, key, found[key]) for key in sorted(found)]


def along(sweep: Sweep, variation: int) -> Floats:
    """(n,): the value of a variation at each point; that of the case, where one at a time leaves it alone altogether."""
    here = sweep.values[:, variation].copy()
    if sweep.kind is DesignKind.ONE_AT_A_TIME:
        here[np.isnan(sweep.values).all(axis=1)] = sweep.base_values[variation]
    return here


def curve_of(sweep: Sweep, variation: int, others: list[int], key: tuple[float, ...], rows: list[int]) -> Curve:
    """The curve of the points (`rows` of the frame) at which the `others` have the values of `key`."""
    said = [sweep.said_value(i, value) for i, value in zip(others, key, strict=True)]
    full = "; ".join(f"{sweep.names[i]} {text}" for i, text in zip(others, said, strict=True))
    return Curve(variation, full, ", ".join(said), rows)


def curve_table(sweep: Sweep, sheet: str, found: list[Curve]) -> Table:
    """A row for each point of the curves, one curve after the other; with what the value costs more than the lowest, and than the one before."""
    sampled = sweep.kind in SAMPLES
    names = list(dict.fromkeys(c.variation for c in found))
    several, grouped = len(names) > 1, any(c.name != sweep.names[c.variation] for c in found)
    units = {unit_words(sweep.variations[i]) for i in names}
    steps = [
        Column("above", "Cost more than in the first row" if not grouped and not several else "Cost more than in the first row of its kind", MONEY, Style.AMOUNT, width=16),
        Column("step", "Cost more than one row up", MONEY, Style.AMOUNT, width=16),
    ]  # fmt: skip
    columns = [
        *([Column("name", "What varies", width=40)] if several else []),
        *([Column("others", "With", style=Style.PROSE, width=48)] if grouped else []),
        Column("value", "Value" if several else sweep.names[names[0]], units.pop() if len(units) == 1 else "", Style.EXACT, width=12),
        Column("objective", OUTCOMES["objective"], MONEY, Style.AMOUNT, width=14),
        *([] if sampled else steps),
        *(Column(c, n, MONEY, Style.AMOUNT, width=14) for c, n in list(OUTCOMES.items())[1:]),
        Column("number", "Point", style=Style.EXACT, width=9.5),
    ]
    note = " All other numbers vary as well, so the points scatter." if sampled and len(sweep.variations) > 1 else ""
    note = " All other numbers stay as in the case." if sweep.kind is DesignKind.ONE_AT_A_TIME else note
    return Table(
        sheet,
        "What does each step of coverage cost?"
        if sheet == COVERAGE
        else f"What does the cost do as {lower_first(sweep.names[names[0]])} changes?",
        f"The points that have a plan, by rising value.{note}",
        tuple(columns),
        pd.concat([curve_rows(sweep, curve) for curve in found], ignore_index=True)[[c.name for c in columns]],
        frozen=1 + several + grouped,
    )


def curve_rows(sweep: Sweep, curve: Curve) -> pd.DataFrame:
    """The rows of a curve's table: money in M USD, steps that are rounding of the solver as 0."""
    frame = sweep.frame.iloc[curve.rows]
    costs = frame["objective"].to_numpy(dtype=float)
    above, step = costs - costs[0], np.diff(costs, prepend=np.nan)
    for moved in (above, step):
        moved[np.abs(moved) <= SAME * np.abs(costs)] = 0.0
    return pd.DataFrame(
        {
            "name": sweep.names[curve.variation],
            "others": curve.name,
            "value": [readable(v) for v in along(sweep, curve.variation)[curve.rows].tolist()],
            **{column: frame[column].to_numpy(dtype=float) / MILLION for column in OUTCOMES},
            "above": above / MILLION,
            "step": step / MILLION,
            "number": frame["number"].to_numpy(),
        }
    )


def curve_chart(book: xlsxwriter.Workbook, sweep: Sweep, table: Table, found: list[Curve], outcome: str) -> Any:
    """An outcome along the value: lines where all else stays, dots where all else varies too."""
    dots = sweep.kind in SAMPLES
    chart = book.add_chart({"type": "scatter"} if dots else {"type": "scatter", "subtype": "straight_with_markers"})
    chosen = set(np.unique(np.linspace(0, len(found) - 1, min(CURVES, len(found))).round().astype(int)).tolist())
    start, colours = FIRST, iter(SERIES if len(found) > 1 else (TEAL if outcome == "stockpile_value" else NAVY,))
    for place, curve in enumerate(found):
        if place in chosen:
            chart.add_series(curve_series(table, curve, outcome, start, next(colours), dots))
        start += len(curve.rows)
    name = {"objective": "Cost", "above": "Cost above that of the lowest value", "stockpile_value": "Stockpile value"}[outcome]
    others = [i for i in range(len(sweep.variations)) if i != found[0].variation]
    by = f", by {lower_first(short(sweep.names[others[0]], 40))}" if sweep.kind is DesignKind.GRID and len(others) == 1 else ""
    some = f" ({len(chosen)} of {len(found)} lines)" if len(chosen) < len(found) else ""
    chart.set_title(title_of(name + by + some))
    set_axes(chart, sweep, table, found, outcome)
    chart.set_legend({"position": "right" if by else "bottom", "font": small()} if len(found) > 1 else {"none": True})
    chart.set_chartarea({"border": {"color": LINE}, "fill": {"color": WHITE}})
    return chart


def curve_series(table: Table, curve: Curve, outcome: str, start: int, colour: str, dots: bool) -> dict[str, Any]:
    """One curve as a series of a chart, its cells from row `start` of the table on."""
    x, y, last = table.column("value"), table.column(outcome), start + len(curve.rows) - 1
    marker = {"type": "circle", "size": 5, "fill": {"color": colour}, "border": {"color": colour if dots else WHITE}}
    line = {} if dots else {"line": {"color": colour, "width": 1.75}}
    cells = {"categories": [table.sheet, start, x, last, x], "values": [table.sheet, start, y, last, y]}
    return {"name": short(curve.label), "marker": marker, **line, **cells}


def set_axes(chart: Any, sweep: Sweep, table: Table, found: list[Curve], outcome: str) -> None:
    """Titles, units and round ends of both axes."""
    several = len({c.variation for c in found}) > 1
    axis, unit = sweep.names[found[0].variation], unit_words(sweep.variations[found[0].variation])
    name = "value" if several else axis if unit in ("", "-") else f"{axis} ({unit})"
    plain = {"major_gridlines": {"visible": False}, "line": {"color": LINE}}
    chart.set_x_axis(value_axis(name) | axis_ends(table.frame["value"].to_numpy(dtype=float)) | plain)
    chart.set_y_axis(value_axis(MONEY) | axis_ends(table.frame[outcome].to_numpy(dtype=float)))


def both_chart(book: xlsxwriter.Workbook, sweep: Sweep, table: Table, found: list[Curve]) -> Any:
    """Cost to the left and stockpile value to the right, along the only number of a grid."""
    chart = curve_chart(book, sweep, table, [replace(found[0], label="Cost (left)")], "objective")
    right = curve_series(table, found[0], "stockpile_value", FIRST, TEAL, False) | {"name": "Stockpile value (right)", "y2_axis": True}
    chart.add_series(right)
    chart.set_y2_axis(
        value_axis(MONEY) | axis_ends(table.frame["stockpile_value"].to_numpy(dtype=float)) | {"major_gridlines": {"visible": False}}
    )
    chart.set_title(title_of("Cost and stockpile value"))
    chart.set_legend({"position": "bottom", "font": small()})
    return chart


def axis_ends(values: Floats) -> dict[str, float]:
    """Round ends and steps of an axis close around the values, with 0 where that is not far."""
    known = values[np.isfinite(values)]
    if len(known) < 2 or np.ptp(known) <= 1e-9 * np.abs(known).max():
        return {}
    low, high = float(known.min()), float(known.max())
    low, high = (0.0 if 0 < low < 0.4 * high else low), (0.0 if 0 > high > 0.4 * low else high)
    size = 10.0 ** math.floor(math.log10((high - low) / 5))
    step = size * next(s for s in (1, 2, 2.5, 5, 10) if 5.001 * s * size >= high - low)
    bottom, top = step * math.floor(low / step + 1e-9), step * math.ceil(high / step - 1e-9)
    return {"min": float(f"{bottom:.12g}"), "max": float(f"{top:.12g}"), "major_unit": float(f"{step:.12g}")}


def finish_curves(book: xlsxwriter.Workbook, sheet: Any, sweep: Sweep, table: Table, found: list[Curve]) -> None:
    """Charts of cost and stockpile value beside the table."""
    cost = "objective" if sweep.kind in SAMPLES else "above"
    for place, outcome in enumerate((cost, "stockpile_value")):
        chart = curve_chart(book, sweep, table, found, outcome)
        chart.set_size({"width": 620, "height": 350})
        sheet.insert_chart(FIRST, len(table.columns), chart, {"object_position": 2, "x_offset": 24, "y_offset": 6 + 362 * place})
