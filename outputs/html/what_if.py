"""A what-if as a page shows it: before and after, side by side and as bars."""

from __future__ import annotations

import math
from html import escape
from typing import Any

from outputs.html.charts import plain
from outputs.html.figures import Figure
from outputs.html.tables import small_table
from outputs.tables.rounding import NOTHING, amount, is_shown
from outputs.what_if import Answer, Group, Row

BARS = 12
"""Bars of a chart at most."""


def answer_html(answer: Answer) -> str:
    """A table for each group of figures."""
    return "".join(group_table(group) for group in answer.groups() if group.rows)


def group_table(group: Group) -> str:
    """One group: before, after, and what changed."""
    rows = [(escape(row.name), said(row.before), said(row.after), change(row)) for row in group.rows]
    return small_table(f"{group.title}, {group.unit}", ("", "before", "after", "change"), rows)


def said(value: float) -> str:
    """An amount, a dash where there is none."""
    return amount(value) if math.isfinite(value) else NOTHING


def change(row: Row) -> str:
    """The change with its sign, coloured where there is one; rounding of the solver is none."""
    moved = row.after - row.before
    if not is_shown(moved) or abs(moved) <= 1e-6 * max(abs(row.after), abs(row.before)):
        return NOTHING
    text = amount(moved).replace("-", "\u2212")
    return f'<td class="n moved">{"" if moved < 0 else "+"}{text}</td>'


def chart_groups(answer: Answer) -> list[Any]:
    """What is drawn: parts of the cost, then stocks, orders and prices of coverage; totals are left to the table."""
    figures = [cost_figure(answer), *(figure_of(group) for group in answer.groups()[2:] if group.rows)]
    return [plain(figure.summary()) for figure in figures if figure]


def cost_figure(answer: Answer) -> Figure | None:
    """What each part of the cost does; None where nothing changes, or there is no plan."""
    group = answer.groups()[1]
    rows = [row for row in group.rows if is_shown(row.after - row.before)][:BARS]
    changes = [row.after - row.before for row in rows]
    return Figure("Parts of the cost, change", group.unit, (("after less before", changes),), [row.name for row in rows]) if rows else None


def figure_of(group: Group) -> Figure:
    """A group before and after."""
    rows = group.rows[:BARS]
    return Figure(
        group.title,
        group.unit,
        (("before", [row.before for row in rows]), ("after", [row.after for row in rows])),
        [row.name for row in rows],
    )
