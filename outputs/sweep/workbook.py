"""The points of a sweep -> xlsx: the finished workbook, with the sheets that its design calls for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from inputs.case import Case
from inputs.files import write_whole
from model.sweep.design import Design, DesignKind
from outputs.excel.paper import LONGEST, pages
from outputs.excel.sheet import Entry, contents_table, write_table
from outputs.excel.styles import BLUE, GREY, NAVY, Formats
from outputs.sweep.curve import COVERAGE, LINE_SHEET, both_chart, coverages, curve_table, curves, finish_curves
from outputs.sweep.distribution import distribution, finish_distribution, histogram
from outputs.sweep.findings import findings
from outputs.sweep.heat import ACROSS, DOWN, Matrix, is_matrix, lines_chart, write_heat_map
from outputs.sweep.heat import SHEET as HEAT
from outputs.sweep.heat import title as heat_title
from outputs.sweep.report import Sweep, SweepInfo
from outputs.sweep.robust import finish_shares, robust_plants, robust_stocks
from outputs.sweep.sensitivity import charted, finish_sensitivity, sensitivity, sensitivity_chart
from outputs.sweep.summary import SHEET as SUMMARY
from outputs.sweep.summary import SweepSummary
from outputs.sweep.tables import finish_points, point_groups, points, sweep_run, varied
from outputs.sweep.tornado import Ends, finish_tornado, plans_at_ends, tornado, tornado_chart
from outputs.tables.table import Table

Book = Any
"""A workbook of xlsxwriter, which has no types."""

Chart = Callable[[Book], Any]


@dataclass(frozen=True)
class SweepSheet:
    """One sheet: what Contents says of it, and what writes it."""

    name: str
    title: str
    rows: int | None
    on_paper: bool
    write: Callable[[Book, Formats], None]


@dataclass
class SweepSheets:
    """The sheets of a sweep in order, and the key chart of its summary."""

    sweep: Sweep
    pages: list[SweepSheet] = field(default_factory=list)
    chart: Chart | None = None

    def table(
        self,
        table: Table,
        colour: str = BLUE,
        finish: Callable[[Book, Formats, Any], None] | None = None,
        *,
        part: bool = False,
    ) -> None:
        """Add a table as a sheet; `finish` puts charts and colours on it, and where only a `part` is printed says which."""
        on_paper = part or pages(table) <= LONGEST

        def write(book: Book, formats: Formats) -> None:
            sheet = write_table(book, formats, table, colour, on_paper=on_paper)
            if finish is not None:
                finish(book, formats, sheet)

        self.pages.append(SweepSheet(table.sheet, table.title, len(table.frame) - table.total, on_paper, write))

    def key(self, chart: Chart) -> None:
        """The first chart is the key one."""
        self.chart = self.chart or chart


def write_sweep(frame: pd.DataFrame, design: Design, path: Path, *, case: Case, info: SweepInfo | None = None) -> Path:
    """Write the workbook of a sweep, whole or not at all.

    `frame` has a row for each point that was tried (`model.sweep.run.SweepResult` lists the
    columns; costs and values in thousand USD, stocks in t, orders in t/yr), `design` is that
    of the sweep, `case` the one that it varies. Returns where it was written: `path`, or a
    name beside it where the target is open elsewhere. Raises FileError where the folder
    cannot be written.
    """
    sweep, about = Sweep(frame, design, case), info or SweepInfo()
    ends = Ends(sweep) if sweep.kind is DesignKind.ONE_AT_A_TIME else None
    follows = sensitivity(sweep) if sweep.solved.any() and (sweep.sampled or sweep.kind is DesignKind.MORRIS) else None
    pages = pages_of(sweep, about, ends, follows)
    says = findings(sweep, ends, follows)
    return write_whole(path, lambda temporary: write_sweep_book(temporary, pages, about, says))


def pages_of(sweep: Sweep, info: SweepInfo, ends: Ends | None, follows: Table | None) -> SweepSheets:
    """The sheets that the design calls for, answers first, then the points and what stands behind them."""
    pages = SweepSheets(sweep)
    if ends is not None:
        add_tornado(pages, ends)
    if is_matrix(sweep):
        rows = len(Matrix(sweep).values(0))
        pages.pages.append(SweepSheet(HEAT, heat_title(), rows, True, lambda book, formats: write_heat_map(book, formats, sweep)))
        pages.key(lambda book: lines_chart(book, Matrix(sweep)))
    add_curves(pages)
    if follows is not None:
        add_samples(pages, follows)
    table, groups = points(sweep), point_groups(sweep)
    pages.table(table, BLUE, lambda book, formats, sheet: finish_points(book, formats, sheet, table, groups))
    pages.table(varied(sweep), GREY)
    pages.table(sweep_run(sweep, info), GREY)
    return pages


def add_tornado(pages: SweepSheets, ends: Ends) -> None:
    """The sheets of one at a time."""
    table = tornado(pages.sweep, ends)
    pages.table(table, BLUE, lambda book, _, sheet: finish_tornado(book, sheet, table), part=True)
    pages.table(plans_at_ends(pages.sweep, ends))
    pages.key(lambda book: tornado_chart(book, table, most=12))


def add_curves(pages: SweepSheets) -> None:
    """Cost against coverage wherever one varies; along the only number of a grid in any case."""
    sweep, along = pages.sweep, coverages(pages.sweep)
    alone = sweep.kind is DesignKind.GRID and len(sweep.variations) == 1
    if sweep.kind is DesignKind.MORRIS or not (along or alone):
        return
    found = [curve for i in (along or [0]) for curve in curves(sweep, i)]
    table = curve_table(sweep, COVERAGE if along else LINE_SHEET, found) if found else None
    if table is not None:
        pages.table(table, BLUE, lambda book, _, sheet: finish_curves(book, sheet, sweep, table, found))
        if alone:
            pages.key(lambda book: both_chart(book, sweep, table, found))


def add_samples(pages: SweepSheets, follows: Table) -> None:
    """The sheets of samples, and what Morris screening found."""
    sweep = pages.sweep
    if sweep.sampled:
        stocks, plants = robust_stocks(sweep), robust_plants(sweep)
        pages.table(stocks, BLUE, lambda _, __, sheet: finish_shares(sheet, stocks))
        pages.table(plants, BLUE, lambda _, __, sheet: finish_shares(sheet, plants))
    pages.table(follows, BLUE, lambda book, formats, sheet: finish_sensitivity(book, formats, sheet, sweep, follows))
    if sweep.sampled:
        spread = distribution(sweep)
        pages.table(spread, BLUE, lambda book, formats, sheet: finish_distribution(book, formats, sheet, sweep, spread))
        if sweep.kind is not DesignKind.SOBOL_INDICES:
            pages.key(lambda book: histogram(book, spread))
    if charted(follows):
        pages.key(lambda book: sensitivity_chart(book, sweep, follows))


def write_sweep_book(path: Path, pages: SweepSheets, info: SweepInfo, says: Sequence[str]) -> None:
    """Write all sheets: the summary, the contents, then the others in order."""
    sweep = pages.sweep
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        book.set_properties(
            {"title": f"Sweep, {sweep.kind}", "subject": says[0] if says else "", "created": info.when.replace(tzinfo=None)}
        )
        book.set_size(2400, 1500)
        formats = Formats(book)
        fits = is_matrix(sweep) and len(Matrix(sweep).values(0)) <= DOWN and len(Matrix(sweep).values(1)) <= ACROSS - 2
        chart = pages.chart(book) if pages.chart is not None and sweep.solved.any() and not fits else None
        SweepSummary(book, formats, sweep).write(info, says, chart, Matrix(sweep) if fits else None)
        write_table(book, formats, sweep_contents(pages.pages), NAVY)
        for page in pages.pages:
            page.write(book, formats)


def sweep_contents(pages: Sequence[SweepSheet]) -> Table:
    """What each sheet answers, with a link to it."""
    rows: list[Entry] = [(SUMMARY, "What does the sweep say, on one page?", None, True)]
    rows += [(page.name, page.title, page.rows, page.on_paper) for page in pages]
    return contents_table(rows, "Money is in M USD.")
