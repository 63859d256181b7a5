"""Reading: every problem at once, each with its cell; a clean workbook gives the same case in xlsx and CSV."""

import csv
import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from inputs.errors import CaseError, FileError
from inputs.grid import Bad
from inputs.schema import SHEETS
from inputs.template import write_case
from inputs.workbook import examine, parse, read_case
from tests.cases import grids, load_case, sheets

NAME = "reference-34"


def fresh() -> dict[str, Any]:
    return {sheet: [list(row) for row in grid] for sheet, grid in grids(sheets(NAME)).items()}


def column(sheet: str, name: str) -> int:
    return [c.name for c in next(s for s in SHEETS if s.name == sheet)].index(name)


def letter(sheet: str, name: str) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[column(sheet, name)]


def put(sheet: str, name: str, row: int, value: Any) -> Callable[[dict[str, Any]], None]:
    """A change: this value in a column of a row (as the planner counts)."""

    def change(tables: dict[str, Any]) -> None:
        tables[sheet][row - 1][column(sheet, name)] = value

    return change


def setting(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(tables: dict[str, Any]) -> None:
        rows = tables["settings"]
        where = [row[0] for row in rows].index(name)
        rows[where][1] = value

    return change


def setting_cell(name: str) -> str:
    return f"B{[row[0] for row in fresh()['settings']].index(name) + 1}"


def duplicate(sheet: str, row: int) -> Callable[[dict[str, Any]], None]:
    return lambda tables: tables[sheet].append(list(tables[sheet][row - 1]))


FAULTS: list[tuple[str, Callable[[dict[str, Any]], None], str, str]] = [
    ("text for a number", put("materials", "price", 3, "n/a"), f"materials!{letter('materials', 'price')}3", "price must be a number in USD/kg, not 'n/a'."),
    ("number as text with a comma", put("materials", "price", 3, "1,200"), f"materials!{letter('materials', 'price')}3", "without thousands separators"),
    ("percent as text", put("sectors", "coverage", 3, "25%"), f"sectors!{letter('sectors', 'coverage')}3", "0.25 for 25 %"),
    ("bool for a number", put("materials", "price", 3, True), f"materials!{letter('materials', 'price')}3", "not TRUE"),
    ("required cell empty", put("materials", "price", 3, None), f"materials!{letter('materials', 'price')}3", "price is empty, but it is required"),
    ("error value", put("materials", "price", 3, Bad("#N/A", "an error value")), f"materials!{letter('materials', 'price')}3", "an error value (#N/A)"),
    (
        "formula never calculated",
        put("materials", "price", 3, Bad("=A1*2", "a formula without a calculated value")),
        f"materials!{letter('materials', 'price')}3",
        "open the file in Excel and save it",
    ),
    ("bound crossed", put("materials", "price", 3, -1), f"materials!{letter('materials', 'price')}3", "price must be at least 0, not -1."),
    ("share above one", put("sectors", "coverage", 3, 90), f"sectors!{letter('sectors', 'coverage')}3", "coverage must be from 0 to 1, not 90."),
    ("unknown material", put("demand", "material", 3, "Mo"), "demand!A3", "material 'Mo' is not known in sheet materials"),
    ("unknown country", put("supply", "country", 3, "Chnia"), f"supply!{letter('supply', 'country')}3", "did you mean 'China'?"),
    ("unknown choice", put("supply", "buyer", 3, "stokpile"), f"supply!{letter('supply', 'buyer')}3", "did you mean 'stockpile'?"),
    ("not yes or no", put("cutoffs", "protected", 3, "maybe"), f"cutoffs!{letter('cutoffs', 'protected')}3", "protected must be yes or no, not 'maybe'."),
    ("date for a number", put("materials", "price", 3, datetime.datetime(2026, 3, 5)), f"materials!{letter('materials', 'price')}3", "not the date 2026-03-05"),
    ("half a year", put("cutoffs", "first_year", 3, 2026.5), f"cutoffs!{letter('cutoffs', 'first_year')}3", "first_year must be a calendar year, not 2026.5."),
    ("wrong unit", put("materials", "price", 2, "t"), f"materials!{letter('materials', 'price')}2", "the unit 't' of price does not convert to USD/kg."),
    ("unknown unit", put("materials", "price", 2, "USD/box"), f"materials!{letter('materials', 'price')}2", "the unit 'USD/box' of price is not known"),
    ("duplicate key", duplicate("materials", 3), f"materials!A{len(fresh()['materials']) + 1}", "here and in row 3"),
    ("unknown sheet", lambda tables: tables.update(matrials=[]), "matrials", "did you mean 'materials'?"),
    ("missing sheet", lambda tables: tables.pop("losses"), "losses", "this sheet is missing"),
    ("unknown column", put("materials", "price_growth", 1, "price_grwth"), f"materials!{letter('materials', 'price_growth')}1", "did you mean 'price_growth'?"),
    ("unknown setting", lambda tables: tables["settings"].append(["hoizon", 3, None, None]), f"settings!A{len(fresh()['settings']) + 1}", "did you mean 'horizon'?"),
    ("horizon in pieces", setting("period", 7), f"settings!{setting_cell('horizon')}", "not a whole number of periods"),
    ("probabilities", put("durations", "probability", 3, 0.5), f"durations!{letter('durations', 'probability')}3", "they must add to 1."),
    ("no units row", lambda tables: tables["materials"].pop(1), "materials!A2", "row 2 must hold the units"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "place", "words"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_fault_is_found_at_its_cell(change: Callable[[dict[str, Any]], None], place: str, words: str) -> None:
    """One fault in a clean workbook gives exactly one error, at its cell."""
    tables = fresh()
    change(tables)
    reading = parse(tables)

    assert [f.place for f in reading.errors] == [place]
    assert words in reading.errors[0].message
    assert reading.case is None


def test_rules_across_sheets_name_their_cells() -> None:
    tables = fresh()
    for change in (
        put("cutoffs", "annual_probability", 3, 0.9),
        put("cutoffs", "annual_probability", 4, 0.8),
        put("supply", "first_year", 3, 2028),
        put("supply", "last_year", 3, 2027),
        put("losses", "to_month", 3, 0),
        put("materials", "opening_stock", 3, 5),
        put("materials", "stock_limit", 3, 4),
    ):
        change(tables)
    found = {f.place: f.message for f in parse(tables).errors}

    assert set(found) == {
        f"cutoffs!{letter('cutoffs', 'annual_probability')}3",
        f"supply!{letter('supply', 'last_year')}3",
        f"losses!{letter('losses', 'to_month')}3",
        f"materials!{letter('materials', 'opening_stock')}3",
    }
    assert "add to 1.7" in found[f"cutoffs!{letter('cutoffs', 'annual_probability')}3"]


def test_losses_that_overlap_are_refused() -> None:
    tables = fresh()
    row = list(tables["losses"][2])
    row[column("losses", "from_month")] = 6
    tables["losses"].append(row)
    errors = parse(tables).errors

    assert [f.place for f in errors] == [f"losses!{letter('losses', 'from_month')}{len(tables['losses'])}"]
    assert "before row 3 ends" in errors[0].message


def test_free_money_is_a_warning() -> None:
    """Stock left at the end is worth 2 x its price, and an unlimited offer sells it at the price: the case may have no end."""
    tables = grids(sheets("published-newsvendor"))
    tables["materials"][2][column("materials", "resale_share")] = 2
    reading = parse(tables)

    assert [f.place for f in reading.warnings] == [f"materials!{letter('materials', 'resale_share')}3"]
    assert reading.case is not None


def test_all_faults_are_reported_at_once() -> None:
    """Faults in different rows and sheets do not hide one another."""
    tables = fresh()
    changes = [
        put("materials", "price", 4, "abc"),
        put("sectors", "shortage_multiple", 3, -2),
        put("demand", "demand", 4, "lots"),
        put("supply", "tariff", 3, "5%"),
        put("cutoffs", "price_multiple", 3, True),
        put("losses", "supply_lost", 3, 3),
    ]
    for change in changes:
        change(tables)

    assert len(parse(tables).errors) == len(changes)


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
