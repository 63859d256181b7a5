"""One at a time: what each variation does to the cost at its ends, and the plans there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from model.metrics import SMALLEST_ORDER
from outputs.excel.charts import bar_chart, small
from outputs.excel.layout import FIRST
from outputs.excel.styles import LINE, WHITE
from outputs.sweep.report import HELD_LEAST, MILLION, OPTIMAL, OUTCOMES, SAME, Sweep
from outputs.sweep.tables import MONEY
from outputs.sweep.words import amount_words, money, term_name
from outputs.tables.table import Column, Style, Table

SHEET, PLANS = "Tornado", "Plans at the ends"
BARS, NAMED = 20, 4
ROW_PIXELS = 20

LOW, HIGH = "low", "high"
COLOURS = {LOW: "#2A9D8F", HIGH: "#D1603D"}


@dataclass(frozen=True, eq=False)
class Ends:
    """The lowest and the highest value of each variation, and the points there.

    Where there is one value only, the other end is the case as it is; None where that has not been solved.
    """

    sweep: Sweep

    @cached_property
    def points(self) -> list[dict[str, pd.Series | None]]:
        """The points at both ends of each variation."""
        frame, values, found = self.sweep.frame, self.sweep.values, []
        for i in range(len(self.sweep.variations)):
            rows = np.flatnonzero(~np.isnan(values[:, i]))
            ordered = rows[np.argsort(values[rows, i], kind="stable")]
            low, high = (ordered[0], ordered[-1]) if len(ordered) else (None, None)
            if low is not None and low == high:
                below = values[low, i] <= self.sweep.base_values[i]
                low, high = (low, None) if below else (None, high)
            found.append({end: self.sweep.base if row is None else frame.iloc[int(row)] for end, row in ((LOW, low), (HIGH, high))})
        return found

    def outcome(self, column: str, end: str) -> np.ndarray:
        """(k,): an outcome at an end of each variation, NaN where there is no plan."""
        at_end = [point[end] for point in self.points]
        return np.array([np.nan if point is None else float(point[column]) for point in at_end], dtype=float)

    def difference(self, column: str, end: str) -> np.ndarray:
        """(k,): an outcome at an end less that of the case, 0 where that is rounding of the solver."""
        base = self.sweep.base
        as_is = np.nan if base is None else float(base[column])
        moved = self.outcome(column, end) - as_is
        return np.where(np.abs(moved) <= SAME * abs(as_is), 0.0, moved)

    @cached_property
    def swing(self) -> np.ndarray:
        """(k,) thousand USD: from the lowest to the highest of the costs at both ends and of the case itself."""
        base = self.sweep.base
        as_is = np.full(len(self.points), np.nan if base is None else float(base["objective"]))
        costs = np.vstack([self.outcome("objective", LOW), self.outcome("objective", HIGH), as_is])
        known = np.isfinite(costs).sum(axis=0) > 1
        filled = np.where(np.isfinite(costs), costs, np.nan)
        spread = np.full(len(self.points), np.nan)
        spread[known] = np.nanmax(filled[:, known], axis=0) - np.nanmin(filled[:, known], axis=0)
        return np.where(spread <= SAME * np.abs(as_is), 0.0, spread)

    @cached_property
    def order(self) -> list[int]:
        """Variations by swing, largest first; those without one last."""
        return [int(i) for i in np.argsort(-np.nan_to_num(self.swing, nan=-1.0), kind="stable")]

    def moves(self, variation: int, end: str) -> bool:
        """Whether an end is another point than the case as it is."""
        point = self.points[variation][end]
        return point is not None and not np.isnan(float(point[f"value.{variation}"]))

    def end_words(self, variation: int, end: str) -> str:
        """The value at an end in words."""
        point = self.points[variation][end]
        return "" if point is None else self.sweep.said_value(variation, float(point[f"value.{variation}"]))

    def plan(self, variation: int, end: str) -> str:
        """What the plan at an end does otherwise than that of the case, what is worth most first."""
        point, base = self.points[variation][end], self.sweep.base
        if point is None:
            return ""
        if point["status"] != OPTIMAL:
            return f"No plan ({point['status']}). {point['message']}".strip()
        if base is None or base["status"] != OPTIMAL:
            return "The case itself has no plan to compare with."
        said = [
            self.changes(point, base, *group)
            for group in (("target", "Stock", "t", HELD_LEAST), ("order", "Orders", "t/yr", SMALLEST_ORDER))
        ]
        return " ".join(filter(None, said)) or "The same stocks and plants."

    def changes(self, point: pd.Series, base: pd.Series, group: str, word: str, unit: str, least: float) -> str:
        """What differs in a group of columns (target, order) between the case and a point, what is worth most first; "" where nothing does."""
        columns = self.sweep.columns(group)
        before, after = (np.nan_to_num(p[list(columns.values())].to_numpy(dtype=float)) for p in (base, point))
        moved = np.abs(after - before) > np.maximum(least, 0.001 * np.maximum(np.abs(before), np.abs(after)))
        worth = np.abs(after - before) * self.worth(group, list(columns))
        rows = [int(r) for r in np.argsort(-worth, kind="stable") if moved[r]]
        names = list(columns)
        said = [f"{names[r]} {amount_words(before[r])} → {amount_words(after[r])} {unit}" for r in rows[:NAMED]]
        if len(rows) > NAMED:
            said.append(f"{len(rows) - NAMED} more")
        return f"{word}: {', '.join(said)}." if said else ""

    def worth(self, group: str, names: list[str]) -> np.ndarray:
        """What a tonne of a material, or of a plant's capacity, is worth in the case."""
        sheet, key, column = ("materials", "material", "price") if group == "target" else ("plants", "plant", "capex")
        by_name = dict(zip(self.sweep.case[sheet][key], self.sweep.case[sheet][column], strict=True))
        return np.array([max(float(by_name.get(name, 0.0)), 1e-9) for name in names])


def tornado(sweep: Sweep, ends: Ends) -> Table:
    """A row for each variation, the one that moves the cost most first."""
    data: dict[str, Any] = {"name": sweep.names}
    for end in (LOW, HIGH):
        data[f"{end} value"] = [ends.end_words(i, end) for i in range(len(sweep.names))]
    for column in OUTCOMES:
        for end in (LOW, HIGH):
            data[f"{column} {end}"] = ends.outcome(column, end) / MILLION
            if column == "objective":
                data[f"difference {end}"] = ends.difference(column, end) / MILLION
    data["swing"] = ends.swing / MILLION
    for end in (LOW, HIGH):
        data[f"plan {end}"] = [ends.plan(i, end) for i in range(len(sweep.names))]
    base = sweep.base
    known = base is not None and base["status"] == OPTIMAL
    as_is = (
        f"The case itself costs {money(float(base['objective']))[0]} M USD."
        if known and base is not None
        else "The case itself has no plan."
    )
    return Table(
        SHEET,
        "What does each number do by itself?",
        f"Each goes to its lowest and its highest value while all others stay as in the case. {as_is} Swing: from the lowest to the highest cost. "
        f"'{PLANS}' has every stock and plant.",
        (Column("name", "What varies", width=44), *end_columns()),
        pd.DataFrame(data).iloc[ends.order].reset_index(drop=True),
    )


def end_columns() -> list[Column]:
    """The columns of both ends."""

    def amount(name: str, heading: str, empty: str = "") -> Column:
        return Column(name, heading, MONEY, Style.AMOUNT, width=12.5, empty=empty)

    none = "no plan"
    return [
        *(Column(f"{end} value", f"{end} value".capitalize(), width=15) for end in (LOW, HIGH)),
        amount("swing", "Swing of the cost"),
        *(amount(f"difference {end}", f"{end} value: cost against the case".capitalize(), none) for end in (LOW, HIGH)),
        *(amount(f"objective {end}", f"{end} value: cost".capitalize(), none) for end in (LOW, HIGH)),
        *(amount(f"stockpile_value {end}", f"{end} value: stockpile value".capitalize(), none) for end in (LOW, HIGH)),
        *(amount(f"investment {end}", f"{end} value: investment".capitalize(), none) for end in (LOW, HIGH)),
        *(Column(f"plan {end}", f"{end} value: the plan against that of the case".capitalize(), style=Style.PROSE) for end in (LOW, HIGH)),
    ]


def plans_at_ends(sweep: Sweep, ends: Ends) -> Table:
    """Rows: cost and its parts, every material that is held and every plant ordered at some end. Columns: the case, then both ends of each variation."""
    base = sweep.base
    found = [("base", "The case", "as it is", base)]
    for i in ends.order:
        found += [
            (f"{i} {end}", sweep.names[i], ends.end_words(i, end), ends.points[i][end])
            for end in (LOW, HIGH)
            if ends.points[i][end] is not None
        ]
    items = plan_items(sweep)
    data: dict[str, Any] = {"kind": [i[0] for i in items], "item": [i[1] for i in items], "unit": [i[2] for i in items]}
    for key, _, _, point in found:
        data[key] = [np.nan if point is None else float(point[column]) / size for _, _, _, column, size in items]
    frame = pd.DataFrame(data)
    values = frame.iloc[:, 3:].to_numpy(dtype=float)
    keep = (np.abs(np.nan_to_num(values)) > SMALLEST_ORDER).any(axis=1) | frame["kind"].eq("in all").to_numpy()
    return Table(
        PLANS,
        "What are the plans at the ends?",
        "Next to the case as it is, the plan at the lowest and at the highest value of each number. Rows that are nothing everywhere are left out.",
        (
            Column("kind", "What"),
            Column("item", width=34),
            Column("unit", "Unit"),
            *(Column(key, f"{name} {value}", style=Style.AMOUNT, width=17, empty="no plan") for key, name, value, _ in found),
        ),
        frame[keep].reset_index(drop=True),
        frozen=3,
    )  # fmt: skip


def plan_items(sweep: Sweep) -> list[tuple[str, str, str, str, float]]:
    """(kind, name, unit, column, how many of the column's unit one of the unit is)."""
    return [
        *(("in all", name, MONEY, column, MILLION) for column, name in OUTCOMES.items()),
        *(("cost", term_name(term), MONEY, column, MILLION) for term, column in sweep.columns("cost").items()),
        *(("stock", name, "t", column, 1.0) for name, column in sweep.columns("target").items()),
        *(("orders", name, "t/yr", column, 1.0) for name, column in sweep.columns("order").items()),
    ]


def tornado_chart(book: xlsxwriter.Workbook, table: Table, *, most: int = BARS, labels: bool = True) -> Any | None:
    """Bars from the cost of the case to that at both ends, the widest on top; None where no end can be compared."""
    differences = table.frame[[f"difference {LOW}", f"difference {HIGH}"]].to_numpy(dtype=float)
    count = min(most, int(np.isfinite(differences).any(axis=1).sum()))
    if not count:
        return None
    first, last = FIRST, FIRST + count - 1
    chart = bar_chart(book, "Cost against the case as it is", f"{MONEY} more than the case (negative: cheaper)")
    for end in (LOW, HIGH):
        column = table.column(f"difference {end}")
        custom = [{"value": text, "font": small()} if text else {"delete": True} for text in end_labels(table, end)[:count]]
        series = {
            "name": f"{end.capitalize()} value",
            "categories": [SHEET, first, 0, last, 0],
            "values": [SHEET, first, column, last, column],
            "fill": {"color": COLOURS[end]},
            "gap": 45,
            "overlap": 100,
        }
        chart.add_series(series | ({"data_labels": {"value": True, "custom": custom, "font": small()}} if labels else {}))
    chart.set_legend({"position": "bottom", "font": small()})
    chart.set_chartarea({"border": {"color": LINE}, "fill": {"color": WHITE}})
    return chart


def end_labels(table: Table, end: str) -> list[str]:
    """What stands at the bars of one end; where both are on one side, the longer bar names the other, which it covers."""
    other, found = HIGH if end == LOW else LOW, []
    for _, row in table.frame.iterrows():
        length, beside = float(row[f"difference {end}"]), float(row[f"difference {other}"])
        text = str(row[f"{end} value"]) if np.isfinite(length) and length else ""
        if text and length * beside > 0:
            shorter = (abs(length), end == HIGH) < (abs(beside), other == HIGH)
            text = "" if shorter else f"{text} (inside: {row[f'{other} value']})"
        found.append(text)
    return found


def bar_height(count: int) -> int:
    """Pixels of a chart with so many bars."""
    return 120 + 30 * min(BARS, max(3, count))


def finish_tornado(book: xlsxwriter.Workbook, sheet: Any, table: Table) -> None:
    """The chart below the table; both are printed without the plans in words, which would make them too small to read."""
    last = FIRST + max(1, len(table.frame)) - 1
    chart, height = tornado_chart(book, table), bar_height(len(table.frame))
    if chart is not None:
        chart.set_size({"width": 880, "height": height})
        sheet.insert_chart(last + 2, 1, chart, {"object_position": 2})
    sheet.print_area(0, 0, last + 3 + height // ROW_PIXELS, table.column(f"plan {LOW}") - 1)
