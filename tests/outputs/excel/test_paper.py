"""The printed workbook: which tables are printed, on how many pages, and that what is not printed says so."""

from __future__ import annotations

import math
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from outputs.excel.layout import FIRST, NAMES, UNITS
from outputs.excel.paper import LONGEST, MOST_PAGES, SMALLEST, UNPRINTED, pages, points_across, printed
from outputs.excel.sheet import write_table
from outputs.excel.styles import NAVY, Formats
from outputs.excel.workbook import write_plan
from outputs.tables.table import Column, Table
from tests.kit.paper import printed_pages
from tests.kit.small import embargo, plan_of

STOCKPILE = [{"offer": "purchase", "country": "Chile", "material": "Dy", "buyer": "stockpile"}]


def table(rows: int, widths: tuple[float, ...] = (80.0,), name: str = "Rows") -> Table:
    columns = tuple(Column(f"c{i}", width=w) for i, w in enumerate(widths))
    return Table(name, "Title", "Sentence.", columns, pd.DataFrame({c.name: ["x"] * rows for c in columns}))


def test_columns_are_as_wide_as_in_excel() -> None:
    """A character is 7 pixels and a column has 5 more, 96 pixels an inch: 2 columns of 10 are 150 pixels, 112.5 points."""
    assert points_across([10, 10]) == 112.5


@pytest.mark.parametrize(("rows", "needed"), [(0, 1), (27, 1), (28, 2), (60, 2), (61, 3)])
def test_pages_are_counted_by_hand(rows: int, needed: int) -> None:
    """A page has 7.4 inches, 532.8 points; 19.5 of headings and 15 of units stand on each, 498.3 are left.

    90 of title and sentence and 27 rows of 15 are 495; with 28 they are 510. Two pages are 996.6: 60 rows, 990.
    """
    assert pages(table(rows)) == needed


def test_a_wide_table_shrinks_until_it_can_no_longer_be_read() -> None:
    """10.4 inches are 748.8 points. A column of w characters is (7 w + 5) * 0.75 points: 748.8 / 0.65 = 1152 of w = 218.7."""
    assert pages(table(1, (218.0,))) == 1
    assert pages(table(1, (220.0,))) == math.inf
    assert SMALLEST * 10 == 6.5


def test_what_is_too_long_is_not_printed_and_all_is_no_more_than_so_many_pages() -> None:
    """Tables of 4, 5 and 1 pages in this order again and again, after 3 pages: the second is never printed, and 4 + 1 are taken 4 times."""
    tables = [table(rows, name=f"{i} {rows}") for i in range(9) for rows in (120, 160, 10)]
    chosen = printed(tables, 3)

    assert pages(tables[0]) == LONGEST
    assert not any(name.endswith(" 160") for name in chosen)
    assert {f"{i} 120" for i in range(4)} | {f"{i} 10" for i in range(6)} == chosen
    assert sum(pages(t) for t in tables if t.sheet in chosen) + 3 == MOST_PAGES


def test_what_is_not_printed_says_so_and_prints_an_empty_cell(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "book.xlsx")) as book:
        formats = Formats(book)
        write_table(book, formats, table(3, name="yes"), NAVY)
        write_table(book, formats, table(3, name="no"), NAVY, on_paper=False)
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")

    assert (book["yes"].cell(2, 1).value, book["no"].cell(2, 1).value) == ("Sentence.", f"Sentence. {UNPRINTED}")
    assert (book["yes"].print_area, book["no"].print_area) == ("", f"'no'!$C${FIRST + 1}")
    assert book["no"].cell(FIRST + 1, 3).value is None
    assert (book["yes"].print_title_rows, book["no"].print_title_rows) == (f"${NAMES + 1}:${UNITS + 1}", None)


def test_the_case_and_the_proof_are_not_printed_with_the_plan_and_contents_say_so(tmp_path: Path) -> None:
    """Answers and the run are printed one page wide with their headings on every page; the case has a workbook of its own."""
    book = openpyxl.load_workbook(write_plan(plan_of(supply=STOCKPILE, **embargo()), tmp_path / "plan.xlsx"))
    rows = list(book["Contents"].iter_rows(min_row=FIRST + 1, max_col=4, values_only=True))

    for name, _, _, on_paper in rows:
        sheet = book[str(name)]
        if name in ("Summary", "Material"):
            assert sheet.print_area
        elif on_paper == "yes":
            assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
            assert sheet.print_title_rows == f"${NAMES + 1}:${UNITS + 1}"
        else:
            assert sheet.cell(2, 1).value.endswith(UNPRINTED)
    assert {str(n) for n, _, _, on_paper in rows if on_paper == "no"} == {str(n) for n, *_ in rows if str(n).startswith("in ")} | {
        "Quantities",
        "Prices",
    }


def test_lines_say_that_they_are_straight(tmp_path: Path) -> None:
    """LibreOffice smooths a line that does not, past its end."""
    path = write_plan(plan_of(supply=STOCKPILE, **embargo(months=6, chance=0.2)), tmp_path / "plan.xlsx")
    with zipfile.ZipFile(path) as parts:
        charts = [parts.read(part).decode() for part in parts.namelist() if part.startswith("xl/charts/chart")]
    lines = [text.split("<c:lineChart>")[1].split("</c:lineChart>")[0] for text in charts if "<c:lineChart>" in text]

    assert len(lines) >= 3
    assert all(text.count("<c:ser>") == text.count('<c:smooth val="0"/>') for text in lines)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice (soffice) to print")
def test_libreoffice_prints_no_more_pages_than_are_counted(tmp_path: Path) -> None:
    """Tables of 1, 2 and 4 pages, and one that is not printed; LibreOffice's rows may be lower than those of Excel, which are counted."""
    tables = [table(rows, widths, f"{rows} {len(widths)}") for rows, widths in ((20, (80.0,)), (55, (80.0,)), (150, (60.0, 60.0, 60.0)))]
    with xlsxwriter.Workbook(str(tmp_path / "book.xlsx")) as book:
        formats = Formats(book)
        for each in tables:
            write_table(book, formats, each, NAVY)
        write_table(book, formats, table(400, name="not"), NAVY, on_paper=False)

    assert [pages(each) for each in tables] == [1, 2, 4]
    assert 6 <= printed_pages(tmp_path / "book.xlsx") <= 7
