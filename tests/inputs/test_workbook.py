"""Reading: every problem at once, each with its cell; a clean workbook gives the same case in xlsx and CSV."""

import csv
import pickle
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from inputs.errors import CaseError
from inputs.schema import SHEETS
from inputs.template import write_case
from inputs.workbook import parse, read_case
from tests.kit.cases import grids, load_case, sheets

NAME = "reference-43"


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


def test_cached_formulas_are_read_and_uncached_ones_named(tmp_path: Path) -> None:
    """openpyxl writes a formula without its value, as a file that Excel never opened has it."""
    path = tmp_path / "case.xlsx"
    write_case(path, fresh())
    book = openpyxl.load_workbook(path)
    book["materials"]["B3"] = "=1+1"
    book.save(path)

    with pytest.raises(CaseError, match=r"materials!B3: price holds a formula without a calculated value \(=1\+1\)"):
        read_case(path)


def test_reading_leaves_the_file_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "case.xlsx"
    write_case(path, fresh())
    before = path.read_bytes()
    read_case(path)

    assert path.read_bytes() == before


def test_recipes_without_their_modes_are_refused() -> None:
    """The sheet modes may be absent, but then no recipe can be of any mode."""
    tables = grids(sheets(NAME))
    del tables["modes"]
    errors = parse(tables).errors

    assert [f.place for f in errors] == [f"recipes!B{row}" for row in range(3, len(tables["recipes"]) + 1)]
    assert all("is not known in sheet modes" in f.message for f in errors)


def test_a_case_can_be_sent_to_another_process() -> None:
    case = load_case(NAME)

    assert pickle.loads(pickle.dumps(case)).fingerprint == case.fingerprint
