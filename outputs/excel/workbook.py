"""Plan -> xlsx: the finished workbook, one sheet a question."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path

import xlsxwriter

from inputs.files import write_whole
from model.certificate.check import Report as Certificate
from model.certify import certify
from model.plan import Plan
from model.solver.program import Status
from outputs.excel.certificate_sheets import write_certificate
from outputs.excel.material_data import PAGE, Page, material_page, write_data
from outputs.excel.material_sheet import CHOSEN, MaterialSheet
from outputs.excel.paper import printed
from outputs.excel.seal import set_seals
from outputs.excel.sheet import Entry, contents_table, write_table
from outputs.excel.styles import BLUE, GREY, NAVY, Formats
from outputs.excel.summary_sheet import SummarySheet
from outputs.tables.case_sheets import case_tables
from outputs.tables.certificate import PRICES, QUANTITIES, SHEETS, verdict
from outputs.tables.material import material_pages
from outputs.tables.plan import report_tables
from outputs.tables.point import with_changes
from outputs.tables.report import Report
from outputs.tables.run import RunInfo, run
from outputs.tables.stockpile import SHEET as STOCKPILE
from outputs.tables.summary import SHEET as SUMMARY
from outputs.tables.summary import Summary, summarise
from outputs.tables.table import Table

__all__ = ["RunInfo", "write_plan"]

UNCOUNTED = 3
"""Pages beside those of the tables: the summary, the contents and the page of a material."""


def write_plan(plan: Plan, path: Path, source: RunInfo | None = None, certificate: Certificate | None = None) -> Path:
    """Write the workbook of an optimal plan, whole or not at all.

    Returns where it was written: `path`, or a name beside it ("plan (2).xlsx") where the
    target is open elsewhere. `source` says where the case came from; `certificate` is what was
    found of the plan, if it was checked already. Raises FileError
    where the folder cannot be written, ValueError where the plan is not optimal.
    """
    if plan.status is not Status.OPTIMAL:
        raise ValueError(f"only an optimal plan can be written, this one is {plan.status}")
    report = Report(plan)
    tables = report_tables(report)
    page = material_page(report, tables, material_pages(report, tables))
    certificate = certificate or certify(plan)
    summary = summarise(plan, tables)
    summary = replace(summary, subtitle=f"{summary.subtitle}  ·  {verdict(certificate)}")
    info = source or RunInfo()
    sheets = case_tables(plan.case)
    if info.point:
        summary = replace(summary, title=f"{summary.title}, {info.point.title}")
        sheets = with_changes(sheets, plan.case, info.point)
    behind = [*sheets, run(plan, info)]
    return write_whole(path, lambda temporary: write_book(temporary, summary, tables, page, behind, info, certificate))


def write_book(
    path: Path, summary: Summary, tables: dict[str, Table], page: Page, behind: Sequence[Table], info: RunInfo, certificate: Certificate
) -> None:
    """`tables` are the answers, `behind` is what stands behind them: the case, which has a workbook of its own to print, and last the run."""
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        book.set_properties({"title": summary.title, "subject": summary.sentence, "created": info.when.replace(tzinfo=None)})
        book.set_size(2400, 1500)
        formats = Formats(book)
        SummarySheet(book, formats, summary).write(tables)
        paper = printed([*tables.values(), behind[-1]], UNCOUNTED)
        write_table(book, formats, contents([*tables.values(), *behind], paper, certificate), NAVY)
        for table in tables.values():
            write_table(book, formats, table, BLUE, on_paper=table.sheet in paper)
            if table.sheet == STOCKPILE:
                MaterialSheet(book, formats, page).write()
        for table in behind:
            write_table(book, formats, table, GREY, on_paper=table.sheet in paper)
        write_certificate(book, formats, certificate)
        write_data(book, formats, page, CHOSEN)
        set_seals(book, PAGE)


def contents(tables: Sequence[Table], paper: AbstractSet[str], certificate: Certificate) -> Table:
    """What each sheet answers, with a link to it; those of `paper` are printed."""
    rows: list[Entry] = [(SUMMARY, "What is the plan, on one page?", None, True)]
    for table in tables:
        rows.append((table.sheet, table.title, len(table.frame) - table.total, table.sheet in paper))
        if table.sheet == STOCKPILE:
            rows.append((PAGE, "Everything about one material, chosen from a list.", None, True))
    proof = ((QUANTITIES, certificate.quantities), (PRICES, certificate.all_prices))
    rows += [(sheet, SHEETS[sheet][0], len(amounts.rows), False) for sheet, amounts in proof]
    return contents_table(rows, "Years are calendar years.")
