"""Plan -> xlsx: the finished workbook, one sheet a question; of a case without a plan, why, and the best that can be had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from pathlib import Path

import xlsxwriter

from inputs.files import write_whole
from model.certificate.check import Report as Certificate
from model.certify import certify
from model.plan import Plan
from model.solver.program import Status
from model.studies.study import Studies
from outputs.excel.certificate_sheets import write_certificate
from outputs.excel.layout import CONTENTS
from outputs.excel.material_data import PAGE, Page, material_page, write_data
from outputs.excel.material_sheet import CHOSEN, MaterialSheet
from outputs.excel.paper import printed
from outputs.excel.seal import set_seals
from outputs.excel.sheet import Entry, contents_table, write_table
from outputs.excel.styles import BLUE, GREY, NAVY, POOR, Formats
from outputs.excel.summary_sheet import SummarySheet
from outputs.tables.case_sheets import case_tables
from outputs.tables.certificate import PRICES, QUANTITIES, SHEETS, verdict
from outputs.tables.coverage import SHEET as COVERAGE
from outputs.tables.explanation import MARK, missing
from outputs.tables.material import material_pages
from outputs.tables.plan import report_tables
from outputs.tables.point import with_changes
from outputs.tables.report import Report
from outputs.tables.run import SAME_AGAIN, RunInfo, run
from outputs.tables.stockpile import SHEET as STOCKPILE
from outputs.tables.summary import SHEET as SUMMARY
from outputs.tables.summary import Summary, summarise
from outputs.tables.table import Table

__all__ = ["RunInfo", "write_explained", "write_plan"]

UNCOUNTED = 3
"""Pages beside those of the tables: the summary, the contents and the page of a material."""


def write_plan(
    plan: Plan, path: Path, source: RunInfo | None = None, certificate: Certificate | None = None, studies: Studies | None = None
) -> Path:
    """Write the workbook of an optimal plan, whole or not at all.

    Returns where it was written: `path`, or a name beside it ("plan (2).xlsx") where the
    target is open elsewhere. `source` says where the case came from; `certificate` is what was
    found of the plan, if it was checked already, `studies` what was asked of it by solving again. Raises FileError
    where the folder cannot be written, ValueError where the plan is not optimal.
    """
    if plan.status is not Status.OPTIMAL:
        raise ValueError(f"only an optimal plan can be written, this one is {plan.status}")
    pages = pages_of(plan, source or RunInfo(), certificate or certify(plan), studies)
    return write_whole(path, lambda temporary: write_book(temporary, pages))


def write_explained(why: Iterable[Table], shortfall: Plan | None, failed: Plan, path: Path, source: RunInfo) -> Path:
    """Write why a case has no plan, and behind it the best plan with what is missing priced, marked as not meeting the case on every page.

    `failed` is what came of planning the case as it is. Returns where it was written, as `write_plan` does. Raises FileError where the folder cannot be written.
    """
    if shortfall:
        pages = replace(pages_of(shortfall, source), mark=MARK)
        why = (*why, missing(pages.tables[COVERAGE]))
    else:
        pages = Pages(source, behind=(replace(run(failed, source), title="How did this come about?", text=SAME_AGAIN),))
    pages = replace(pages, front=tuple(why))
    return write_whole(path, lambda temporary: write_book(temporary, pages))


@dataclass(frozen=True)
class Pages:
    """What a workbook is made of: `front`, then the summary and the answers (`tables`), then what is `behind` them.

    Behind are the sheets of the case, which has a workbook of its own to print, and last the run. `mark` stands on every page of the plan.
    """

    info: RunInfo
    summary: Summary | None = None
    tables: Mapping[str, Table] = field(default_factory=dict)
    page: Page | None = None
    behind: tuple[Table, ...] = ()
    certificate: Certificate | None = None
    front: tuple[Table, ...] = ()
    mark: str = ""

    def marked(self) -> Pages:
        """The pages with the mark in the title of each that is of the plan."""
        if not self.mark:
            return self
        tables, behind = (
            [replace(table, title=f"{self.mark}: {table.title}") for table in of] for of in (self.tables.values(), self.behind)
        )
        summary = self.summary and replace(self.summary, title=f"{self.mark}: {self.summary.title}")
        page = self.page and replace(self.page, title=f"{self.mark}: {self.page.title}")
        return replace(self, summary=summary, tables={table.sheet: table for table in tables}, behind=tuple(behind), page=page)


def pages_of(plan: Plan, info: RunInfo, certificate: Certificate | None = None, studies: Studies | None = None) -> Pages:
    """The pages of a plan, what was studied of it, and what its check found."""
    report = Report(plan, studies)
    tables = report_tables(report)
    page = material_page(report, tables, material_pages(report, tables))
    summary = summarise(report, tables)
    if certificate:
        summary = replace(summary, subtitle=f"{summary.subtitle}  ·  {verdict(certificate)}")
    sheets = case_tables(plan.case)
    if info.point:
        summary = replace(summary, title=f"{summary.title}, {info.point.title}")
        sheets = with_changes(sheets, plan.case, info.point)
    return Pages(info, summary, tables, page, (*sheets, run(plan, info)), certificate)


def write_book(path: Path, unmarked: Pages) -> None:
    """Write every page."""
    pages = unmarked.marked()
    title, subject = (pages.summary.title, pages.summary.sentence) if pages.summary else (pages.front[0].title, pages.front[0].text)
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        book.set_properties({"title": title, "subject": subject, "created": pages.info.when.replace(tzinfo=None)})
        book.set_size(2400, 1500)
        formats = Formats(book)
        paper = printed([*pages.front, *pages.tables.values(), *pages.behind[-1:]], UNCOUNTED)
        for table in pages.front:
            write_table(book, formats, table, NAVY, on_paper=table.sheet in paper)
        write_answers(book, formats, pages, contents(unmarked, paper), paper)
        for table in pages.behind:
            write_table(book, formats, table, GREY, on_paper=table.sheet in paper)
        if pages.certificate:
            write_certificate(book, formats, pages.certificate)
        if pages.page:
            write_data(book, formats, pages.page, CHOSEN)
        if pages.mark:
            mark_sheets(book, pages)
        set_seals(book, PAGE)


def write_answers(book: xlsxwriter.Workbook, formats: Formats, pages: Pages, sheets: Table, paper: AbstractSet[str]) -> None:
    """The summary, the contents, the tables and the page of a material."""
    if pages.summary:
        SummarySheet(book, formats, pages.summary).write(pages.tables)
    write_table(book, formats, sheets, NAVY)
    for table in pages.tables.values():
        write_table(book, formats, table, BLUE, on_paper=table.sheet in paper)
        if table.sheet == STOCKPILE and pages.page:
            MaterialSheet(book, formats, pages.page).write()


def mark_sheets(book: xlsxwriter.Workbook, pages: Pages) -> None:
    """A red tab, and the mark at the head of each printed page, of every sheet but those in front, with which the workbook opens."""
    front = [table.sheet for table in pages.front]
    first = book.get_worksheet_by_name(front[0])
    first.activate()
    first.set_first_sheet()
    for sheet in book.worksheets():
        if sheet.name not in front:
            if sheet.name != CONTENTS:
                sheet.set_tab_color(POOR[1])
            sheet.set_header(f'&C&"Calibri,Bold"&12&K{POOR[1].removeprefix("#")}{pages.mark}')


def contents(pages: Pages, paper: AbstractSet[str]) -> Table:
    """What each sheet answers, with a link to it; those of `paper` are printed."""
    rows: list[Entry] = [(table.sheet, table.title, len(table.frame), table.sheet in paper) for table in pages.front]
    if pages.summary:
        rows.append((SUMMARY, "What is the plan, on one page?", None, True))
    for table in (*pages.tables.values(), *pages.behind):
        rows.append((table.sheet, table.title, len(table.frame) - table.total, table.sheet in paper))
        if table.sheet == STOCKPILE:
            rows.append((PAGE, "Everything about one material, chosen from a list.", None, True))
    if pages.certificate:
        proof = ((QUANTITIES, pages.certificate.quantities), (PRICES, pages.certificate.all_prices))
        rows += [(sheet, SHEETS[sheet][0], len(amounts.rows), False) for sheet, amounts in proof]
    return contents_table(rows, "Years are calendar years.")
