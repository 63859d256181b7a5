"""A table as HTML: headings with units, rows that the page can sort and filter, the total below."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from outputs.excel.styles import LEFT
from outputs.tables.rounding import NOTHING, amount, shown
from outputs.tables.summary import Summary, counted
from outputs.tables.table import ColourRule, Column, Table


def table_html(table: Table, name: str) -> str:
    """The table with its sentence; `name` is the id of its element."""
    if not len(table.frame):
        return f"<p>{escape(table.text)}</p><p><em>{escape(table.nothing)}</em></p>"
    columns = [column_cells(column, table.frame[column.name].tolist()) for column in table.columns]
    paint(table, columns)
    rows = [row_html(cells, strong=r in table.strong) for r, cells in enumerate(zip(*columns, strict=True))]
    body, foot = (rows[:-1], rows[-1:]) if table.total else (rows, [])
    footer = f"<tfoot>{''.join(foot)}</tfoot>" if foot else ""
    return (
        f"<p>{escape(table.text)}</p>"
        f'<p class="tools"><label>Filter rows <input type="search" data-table="{name}" placeholder="words, in any column"></label> '
        f'<output data-count="{name}">{counted(len(body), "row")}</output></p>'
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(table.title)}"><table id="{name}" class="big">'
        f"<caption>{escape(table.title)}</caption><thead><tr>{''.join(map(heading, table.columns))}</tr>"
        f'<tr class="units">{"".join(map(unit_cell, table.columns))}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody>{footer}</table></div>"
    )


def heading(column: Column) -> str:
    """The heading of a column, which sorts."""
    side = "" if column.style in LEFT else ' class="n"'
    return f'<th scope="col"{side}><button type="button">{escape(column.title)}</button></th>'


def unit_cell(column: Column) -> str:
    """The unit of a column."""
    side = "" if column.style in LEFT else ' class="n"'
    return f"<td{side}>{escape(column.unit)}</td>"


def column_cells(column: Column, values: Iterable[Any]) -> list[str]:
    """The cells of a column, without what closes them."""
    left = column.style in LEFT
    return [cell(column, value, left) for value in values]


def cell(column: Column, value: Any, left: bool) -> str:
    """`<td ...>text`; numbers carry their full value for sorting."""
    side = "" if left else ' class="n"'
    if isinstance(value, str):
        return f"<td{side}>{escape(value)}"
    if value is None or not math.isfinite(value):
        return f"<td{side}>{escape(column.empty)}"
    return f'<td{side} data-v="{float(value)!r}">{shown(column.style, float(value))}'


def row_html(cells: Sequence[str], *, strong: bool) -> str:
    """A row; its first cell is its heading."""
    first = cells[0].replace("<td", '<th scope="row"', 1)
    return f"<tr{' class=strong' if strong else ''}>{first}</th>{'</td>'.join(cells[1:])}</td></tr>"


def paint(table: Table, columns: list[list[str]]) -> None:
    """Colours as the rule of the table has them."""
    rule = table.rule
    warm(table, columns)
    if rule is None:
        return
    colours = grades(table, rule)
    cells = columns[table.column(rule.column)]
    for r, colour in enumerate(colours):
        if colour:
            cells[r] = cells[r].replace('class="n"', f'class="n {colour}"', 1)


def warm(table: Table, columns: list[list[str]]) -> None:
    """Colour the columns of a map in three steps, from poor at 0 to good at the largest; where there is none, its word is good."""
    numbers = table.heat_values()
    most = max((v for v in numbers.ravel().tolist() if v == v), default=0.0)
    for name, values in zip(table.heat, numbers.T.tolist(), strict=True):
        cells = columns[table.column(name)]
        for r, value in enumerate(values):
            if isinstance(table.frame[name].iloc[r], str):
                continue
            colour = "poor" if value <= most / 3 else "fair" if value <= most * 2 / 3 else "good"
            cells[r] = cells[r].replace('class="n"', f'class="n {colour}"', 1)


def grades(table: Table, rule: ColourRule) -> list[str]:
    """For each row poor, fair, good, or "" where the rule does not apply."""
    values = table.frame[[rule.column, rule.against, rule.where, rule.tight]].itertuples(index=False)
    return [grade(v, a, t == "yes", rule.tolerance) if where == "yes" else "" for v, a, where, t in values]


def grade(reached: float, required: float, tight: bool, tolerance: float) -> str:
    """How well a sector is covered: the class of its cell."""
    return "poor" if reached < required - tolerance else "fair" if tight else "good"


def small_table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], total: Sequence[str] = ()) -> str:
    """A short table from cells of HTML; all but the first column end at the right."""

    def line(cells: Sequence[str]) -> str:
        first, *others = cells
        return f'<tr><th scope="row">{first}</th>{"".join(c if c.startswith("<td") else f"<td class=n>{c}</td>" for c in others)}</tr>'

    first, *others = heads
    head = f'<th scope="col">{escape(first)}</th>' + "".join(f'<th scope="col" class="n">{escape(h)}</th>' for h in others)
    foot = f"<tfoot>{line(total)}</tfoot>" if total else ""
    return (
        f'<div class="scroll"><table class="small"><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(map(line, rows))}</tbody>{foot}</table></div>"
    )


def cost_table(summary: Summary) -> str:
    """The parts of the expected cost, in million USD."""
    rows = [(escape(name), amount(value)) for name, value in summary.costs]
    return small_table(
        "Expected cost", ("Discounted; negative is a saving or what is left", "M USD"), rows, ("Total", amount(summary.total))
    )


def cover_table(summary: Summary, tolerance: float) -> str:
    """Coverage of each sector in its tightest protected cutoff."""
    rows = []
    for cover in summary.sectors:
        name = f"{escape(cover.sector)}<small>{escape(cover.worst)}</small>"
        if cover.required != cover.required:
            rows.append((name, NOTHING, NOTHING))
            continue
        colour = grade(cover.reached, cover.required, cover.binding, tolerance)
        rows.append((name, f"{cover.required:.1%}", f'<td class="n {colour}">{cover.reached:.1%}</td>'))
    return small_table("Coverage in protected cutoffs", ("Sector", "required", "reached"), rows)


def plant_table(summary: Summary) -> str:
    """The plants ordered in peace."""
    rows = [
        (escape(plant), escape(f"{ordered} {track}" if track == "fast" else str(ordered)), amount(float(capacity)), escape(str(online)))
        for plant, ordered, track, capacity, online in summary.plants.itertuples(index=False)
    ]
    return small_table("Plants ordered in peace", ("Plant", "ordered", "t/yr", "on line"), rows or [("No plant is ordered.", "", "", "")])
