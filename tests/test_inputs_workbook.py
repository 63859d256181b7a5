"""Reading: every problem at once, each with its cell; a clean workbook gives the same case in xlsx and CSV."""

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from inputs.errors import CaseError, FileError
from inputs.schema import SHEETS
from inputs.template import write_case
from inputs.workbook import examine, parse, read_case
from tests.cases import grids, load_case, sheets

NAME = "reference-34"


def fresh() -> dict[str, Any]:
    return {sheet: [list(row) for row in grid] for sheet, grid in grids(sheets(NAME)).items()}


def column(sheet: str, name: str) -> int:
    return [c.name for c in next(s for s in SHEETS if s.name == sheet)].index(name)


def test_xlsx_and_csv_folder_give_the_same_case(tmp_path: Path) -> None:
    """Written once as a workbook and once as CSV files, the case has one fingerprint."""
    write_case(tmp_path / "case.xlsx", fresh())
    folder = tmp_path / "case"
    folder.mkdir()
    for name, grid in fresh().items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([["yes" if cell is True else "no" if cell is False else cell for cell in row] for row in grid])

    assert read_case(tmp_path / "case.xlsx").fingerprint == read_case(folder).fingerprint == load_case(NAME).fingerprint


def test_units_row_is_converted(tmp_path: Path) -> None:
    """Prices in USD/lb and demand in kt/yr are the same case: 1 USD/kg = 0.45359237 USD/lb."""
    tables = fresh()
    for name, grid, unit, factor in (("price", "materials", "USD/lb", 0.45359237), ("demand", "demand", "kt/yr", 1e-3)):
        c = column(grid, name)
        tables[grid][1][c] = unit
        for row in tables[grid][2:]:
            row[c] *= factor
    case = parse(tables).case

    assert case is not None
    assert case["materials"]["price"].tolist() == pytest.approx(load_case(NAME)["materials"]["price"].tolist(), rel=1e-12)
    assert case["demand"]["demand"].tolist() == pytest.approx(load_case(NAME)["demand"]["demand"].tolist(), rel=1e-12)


def test_planners_own_sheets_and_columns_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "case.xlsx"
    write_case(path, fresh())
    book = openpyxl.load_workbook(path)
    book.create_sheet("_my notes")["A1"] = "=1/0"
    book["materials"]["T1"], book["materials"]["T3"] = "_checked", "by me"
    book.save(path)

    assert read_case(path).fingerprint == load_case(NAME).fingerprint


def test_cached_formulas_are_read_and_uncached_ones_named(tmp_path: Path) -> None:
    """openpyxl writes a formula without its value, as a file that Excel never opened has it."""
    path = tmp_path / "case.xlsx"
    write_case(path, fresh())
    book = openpyxl.load_workbook(path)
    book["materials"]["B3"] = "=1+1"
    book.save(path)

    with pytest.raises(CaseError, match=r"materials!B3: price holds a formula without a calculated value \(=1\+1\)"):
        read_case(path)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.xlsx", b"", "the file is empty"),
        ("text.xlsx", b"material,price\nDy,300\n", "not an .xlsx workbook"),
        ("old.xls", b"\xd0\xcf\x11\xe0", ".xls files are not read"),
        ("locked.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "protected by a password"),
        ("one.csv", b"a,b\n", "give the folder"),
    ],
)
def test_what_is_no_workbook_gets_one_clear_line(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(FileError, match=words) as caught:
        examine(path)
    assert "\n" not in str(caught.value)


def test_truncated_workbook_gets_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "case.xlsx"
    write_case(path, fresh())
    path.write_bytes(path.read_bytes()[:5000])

    with pytest.raises(FileError, match="cut short"):
        examine(path)


def test_reading_leaves_the_file_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "case.xlsx"
    write_case(path, fresh())
    before = path.read_bytes()
    read_case(path)

    assert path.read_bytes() == before
