"""The tables that every sweep has: its points, what varied, and how they came about."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from inputs.change import Variation
from inputs.schema import Kind as Holds
from inputs.sweeps import prices_left
from inputs.values import Op
from model.costs import RISK_LABEL
from outputs.excel.layout import BACK, FIRST
from outputs.excel.styles import BLUE, FAIR, GOOD, NAVY, POOR, Formats
from outputs.sweep.report import MILLION, OPTIMAL, OUTCOMES, WHY, Sweep, SweepInfo
from outputs.sweep.words import base_words, short, term_name, unit_words, values_words
from outputs.tables.run import VERSIONS, Fact, facts
from outputs.tables.table import Column, Style, Table

POINTS, VARIED = "Points", "What varied"
MONEY, PER_POINT = "M USD", "M USD per %-point"
COLOURS = {OPTIMAL: GOOD, "infeasible": FAIR, "unbounded": POOR, "stopped": FAIR, "unsolved": POOR, "failed": POOR}
"""Background and text of each status."""

Group = tuple[str, list[tuple[Column, Any]]]
"""What stands above some columns of the points, the columns, and their values."""


def points(sweep: Sweep) -> Table:
    """A row for each point: what it changes, its status, what it costs and for what, its stocks, orders and prices of coverage."""
    columns, data = [], {}
    for _, members in point_groups(sweep):
        for column, values in members:
            columns.append(column)
            data[column.name] = values
    lost = int((~sweep.solved).sum())
    without = f" {lost} of them {'has' if lost == 1 else 'have'} no plan; the status says what became of it." if lost else ""
    as_is = " An empty cell under what varies means: as in the case." if np.isnan(sweep.values).any() else ""
    return Table(
        POINTS,
        "What does each point give?",
        f"One row for each of {len(sweep.frame):,} points.{without}{as_is} Costs are {sweep.costs_are}, and negative where they are savings; "
        "stocks are the most in store in peace from ready_by on, capacity is what is ordered in peace.",
        tuple(columns),
        pd.DataFrame(data),
        frozen=1,
    )


def point_groups(sweep: Sweep) -> list[Group]:
    """The columns of the points with their values, in groups; money in M USD."""
    frame = sweep.frame
    vary = [
        (Column(f"value.{i}", name, unit_words(variation), value_style(variation), width=11.5), shown_values(sweep, i))
        for i, (name, variation) in enumerate(zip(sweep.names, sweep.variations, strict=True))
    ]
    totals = [(money_column(c, name), frame[c] / MILLION) for c, name in OUTCOMES.items()]
    terms = {c: term_name(term) for term, c in sweep.columns("cost").items()}
    parts = [(money_column(c, name), frame[c] / MILLION) for c, name in terms.items()]
    if (sweep.risk.fillna(0) != 0).any():
        parts.append((money_column("risk", RISK_LABEL), sweep.risk / MILLION))
    trail = [
        (
            Column("message", "Why there is no plan", width=44),
            frame["message"].mask(frame["message"].eq(""), frame["status"].map(WHY)).fillna(""),
        ),
        (Column("how", "Solved", width=11), frame["how"]),
        (Column("seconds", "Time", "s", Style.PRICE), frame["seconds"]),
        (Column("solver_seconds", "Of it the solver", "s", Style.PRICE), frame["solver_seconds"]),
    ]
    groups: list[Group] = [
        ("", [(Column("number", "Point", style=Style.EXACT, width=9.5), frame["number"])]),
        ("What it changes", vary),
        ("What comes of it", [(Column("status", width=12), frame["status"]), *totals]),
        ("Parts of the cost", parts),
        ("Stock at target", quantities(sweep, "target", "t")),
        ("Capacity ordered in peace", quantities(sweep, "order", "t/yr")),
        ("Price of coverage", prices(sweep)),
        ("How it was solved", trail),
    ]
    return [group for group in groups if group[1]]


def money_column(name: str, heading: str) -> Column:
    """A column of M USD."""
    return Column(name, heading, MONEY, Style.AMOUNT, width=13)


def quantities(sweep: Sweep, group: str, unit: str) -> list[tuple[Column, Any]]:
    """Columns of a group (target, order), one for each name, in its unit."""
    return [(Column(c, name, unit, Style.AMOUNT), sweep.frame[c]) for name, c in sweep.columns(group).items()]


def prices(sweep: Sweep) -> list[tuple[Column, Any]]:
    """Columns of the price of coverage, one for each sector, M USD a percentage point."""
    sectors = sweep.columns("coverage_price")
    return [(Column(c, name, PER_POINT, Style.AMOUNT, width=19), sweep.frame[c] / MILLION) for name, c in sectors.items()]


def value_style(variation: Variation) -> Style:
    """Values that were listed stand as they were typed, drawn ones with the digits that matter."""
    return Style.EXACT if variation.values else Style.AMOUNT


def shown_values(sweep: Sweep, variation: int) -> pd.Series:
    """The values of a variation at the points: numbers, yes or no, or the column's words for no limit."""
    values, spec = sweep.values[:, variation], sweep.variations[variation].targets[0].spec
    if sweep.variations[variation].op is Op.SET and spec.kind is Holds.FLAG:
        return pd.Series(["" if math.isnan(v) else "yes" if v else "no" for v in values], dtype=object)
    if np.isinf(values).any():
        return pd.Series([spec.empty if math.isinf(v) else readable(v) for v in values.tolist()], dtype=object)
    return pd.Series([readable(v) for v in values.tolist()], dtype=float)


def readable(value: float) -> float:
    """A value without the decimals that a step of a range leaves: six digits, and all of a whole number."""
    return value if value == round(value, 0) or not math.isfinite(value) else float(f"{value:.6g}")


def finish_points(book: xlsxwriter.Workbook, formats: Formats, sheet: Any, table: Table, groups: Sequence[Group]) -> None:
    """Names above groups of columns, and colours for what became of the points."""
    first = 0
    band = {"font_size": 9, "bold": True, "font_color": NAVY, "bottom": 2, "bottom_color": BLUE}
    for name, members in groups:
        for c in range(first, first + len(members)) if name else ():
            sheet.write_blank(BACK, c, None, formats.get(**band))
        if name:
            room = int(sum(column.width or 12 for column, _ in members))
            sheet.write_string(BACK, first, short(name, room), formats.get(**band))
        first += len(members)
    colour_statuses(book, sheet, table.column("status"), len(table.frame))


def colour_statuses(book: xlsxwriter.Workbook, sheet: Any, column: int, rows: int) -> None:
    """Colour a column of statuses, by live rules."""
    for status, (background, text) in COLOURS.items():
        paint = book.add_format({"bg_color": background, "font_color": text})
        rule = {"type": "cell", "criteria": "==", "value": f'"{status}"', "format": paint}
        sheet.conditional_format(FIRST, column, FIRST + max(rows, 1) - 1, column, rule)


def varied(sweep: Sweep) -> Table:
    """A row for each variation: in plain words and as it is typed, over what, and what stands in the case."""
    rows = [
        (name, {Op.SET: "set to", Op.SCALE: "scaled by", Op.SHIFT: "shifted by"}[v.op], values_words(v), base_words(v, sweep.case), cells(v), " & ".join(prices_left(v, sweep.case, sweep.variations)), v.text)
        for name, v in zip(sweep.names, sweep.variations, strict=True)
    ]  # fmt: skip
    names = ["name", "op", "values", "base", "cells", "left", "text"]
    data = pd.DataFrame(rows, columns=names)
    left = data["left"].ne("").any()
    return Table(
        VARIED,
        "What was varied, and over what?",
        "Type the last column after --vary, or into a sheet named sweeps, to have the same again.",
        (
            Column("name", "What varies", width=44),
            Column("op", "Is"),
            Column("values", "Values or distribution", style=Style.PROSE, width=48),
            Column("base", "In the case"),
            Column("cells", "Numbers that change", style=Style.EXACT),
            *([Column("left", "Prices that stay: add with & to move them", style=Style.PROSE)] if left else []),
            Column("text", "As it is typed", style=Style.PROSE),
        ),
        data if left else data.drop(columns="left"),
    )


def cells(variation: Any) -> int:
    """How many numbers of the case a variation moves."""
    return sum(len(target.rows) for target in variation.targets)


def sweep_run(sweep: Sweep, info: SweepInfo) -> Table:
    """One row for each fact of the sweep, so that a colleague gets the same points."""
    design, frame = sweep.design, sweep.frame
    counts = frame["status"].value_counts()
    rows: list[Fact] = [
        ("input", "file", str(info.source) if info.source else "(made in code)", ""),
        *([("input", "SHA-256 of the file", info.sha256, "")] if info.sha256 else []),
        ("input", "case", sweep.case.name, ""),
        ("input", "fingerprint of the case", sweep.case.fingerprint, ""),
        ("design", "kind", str(design.kind), ""),
        ("design", "seed", "none" if design.seed is None else design.seed, ""),
        *([("design", "levels", design.levels, "")] if design.levels else []),
        ("design", "points of the design", len(design), ""),
        *(("design", f"what varies ({i})", v.text, "") for i, v in enumerate(design.variations, 1)),
        ("points", "points here", len(frame), ""),
        *(("points", str(status), int(count), "") for status, count in counts.items()),
        ("run", "date and time", info.when.strftime("%Y-%m-%d %H:%M:%S %z"), ""),
        ("run", "processes", info.workers, ""),
        *timings(frame, info),
    ]
    said = (
        "With the same input file, the same variations, design, seed and versions, the same numbers come out. Where several plans cost the same, "
        f"another sweep may show another one of them, with other parts of the same cost. {VERSIONS}"
    )
    return facts("How did these points come about?", said, rows)


def timings(frame: pd.DataFrame, info: SweepInfo) -> list[Fact]:
    """How long the sweep and its points took, and how they were solved."""
    seconds, solver = float(frame["seconds"].sum()), float(frame["solver_seconds"].sum())
    lasted = info.seconds if info.seconds else seconds / max(1, info.workers)
    rows: list[Fact] = [
        (
            "time",
            "from the first point to the last" if info.seconds else "all points, shared among the processes",
            four_digits(lasted),
            "s",
        ),
        ("time", "points in a second", four_digits(len(frame) / lasted) if lasted > 0 else "not known", "1/s"),
        ("time", "all points together", four_digits(seconds), "s"),
        ("time", "of it in the solver", four_digits(solver), "s"),
        ("time", "median of a point", four_digits(float(frame["seconds"].median())) if len(frame) else "not known", "s"),
    ]
    shares = frame.loc[frame["how"] != "", "how"].value_counts(normalize=True)
    return rows + [
        ("how solved", HOW.get(str(how), str(how)), four_digits(100 * float(share)), "% of the points") for how, share in shares.items()
    ]


HOW = {
    "warm": "warm: numbers changed, from the last basis",
    "cold": "cold: from scratch, as the warm one did not pass",
    "first": "first: taken apart, then from scratch",
    "rebuilt": "rebuilt: another structure, built plainly",
}


def four_digits(value: float) -> object:
    """Four significant digits, or words where it is not known."""
    return float(f"{value:.4g}") if math.isfinite(value) else "not known"
