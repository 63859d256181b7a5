"""Workbooks as planners really keep them: notes, filters, hidden sheets, blank rows; and files that are none."""

import datetime
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import openpyxl.styles
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.table import Table

from inputs.errors import FileError
from inputs.source import MAX_BYTES
from inputs.template import write_case
from inputs.workbook import examine, parse
from tests.kit.faults import sound
from tests.kit.house import KNOWN_ANSWERS

FINGERPRINT = parse(sound()).case.fingerprint


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "case.xlsx"
    write_case(path, sound())
    return path


def reorder(book: Workbook) -> None:
    sheet = book["materials"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    for r, row in enumerate(rows, start=1):
        for c, value in enumerate(reversed(row), start=1):
            sheet.cell(r, c).value = value


def blank_rows(book: Workbook) -> None:
    book["supply"].insert_rows(5, amount=3)


def trailing_spaces(book: Workbook) -> None:
    book["supply"]["B3"], book["supply"]["C1"], book["sectors"]["A3"] = " China ", " material", "defense  "


def merged_title_cells(book: Workbook) -> None:
    book["demand"].merge_cells("L1:P1")


def hidden_sheet(book: Workbook) -> None:
    book["losses"].sheet_state = "hidden"


def filters_and_hidden_rows(book: Workbook) -> None:
    book["supply"].auto_filter.ref = "A1:M9"
    book["supply"].row_dimensions[4].hidden = True


def table(book: Workbook) -> None:
    book["budget"].add_table(Table(displayName="Budget", ref="A1:B4"))


def year_as_date(book: Workbook) -> None:
    book["supply"]["K9"] = datetime.datetime(2026, 1, 1)


def numbers_as_text(book: Workbook) -> None:
    book["materials"]["B3"], book["plants"]["F3"] = "300", " 4e4 "


def own_sheets(book: Workbook) -> None:
    book.create_sheet("_scratch")["A1"] = "=1/0"
    book["demand"]["K1"], book["demand"]["K3"] = "_who said so", "the ministry"


def colours_and_comments(book: Workbook) -> None:
    book["materials"]["B3"].number_format = "0.00E+00"
    book["materials"]["B3"].font = openpyxl.styles.Font(bold=True, color="FF0000")


@pytest.mark.parametrize(
    "habit",
    [
        reorder, blank_rows, trailing_spaces, merged_title_cells, hidden_sheet, filters_and_hidden_rows, table, year_as_date, numbers_as_text,
        own_sheets, colours_and_comments,
    ],
    ids=lambda habit: habit.__name__,
)  # fmt: skip
def test_habits_of_planners_do_not_change_the_case(workbook: Path, habit: Callable[[Workbook], None]) -> None:
    book = openpyxl.load_workbook(workbook)
    habit(book)
    book.save(workbook)
    reading = examine(workbook)

    assert [str(f) for f in reading.errors] == []
    assert reading.case is not None
    assert reading.case.fingerprint == FINGERPRINT


def test_a_workbook_with_macros_is_read_and_nothing_is_run(workbook: Path) -> None:
    """The macro part of an .xlsm is never opened: what stands in it does not matter."""
    macros = workbook.with_suffix(".xlsm")
    macros.write_bytes(workbook.read_bytes())
    with zipfile.ZipFile(macros, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"not a project at all")
    reading = examine(macros)

    assert reading.case is not None
    assert reading.case.fingerprint == FINGERPRINT


@pytest.mark.slow
def test_twenty_thousand_rows_are_read(tmp_path: Path) -> None:
    """How fast is a matter of the machine; that it ends in a few seconds is not."""
    tables = sound()
    tables["supply"] += [[f"offer {i}", "China", "Dy", None, 5.5, 300.0, 0.1] for i in range(20_000)]
    path = tmp_path / "large.xlsx"
    write_case(path, tables)
    reading = examine(path)

    assert reading.case is not None
    assert len(reading.case["supply"]) == 20_007


def repacked(source: Path, target: Path, change: Callable[[str, bytes], bytes]) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("doctype", [LAUGHS, OUTSIDE], ids=["entities that grow", "entities from outside"])
def test_entities_are_refused(workbook: Path, doctype: bytes) -> None:
    def declare(name: str, content: bytes) -> bytes:
        return content.replace(b"?>", b"?>" + doctype, 1) if name == "xl/sharedStrings.xml" else content

    with pytest.raises(FileError, match="declares a document type"):
        examine(repacked(workbook, workbook.with_name("evil.xlsx"), declare))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(workbook: Path) -> None:
    bomb = workbook.with_name("bomb.xlsx")
    bomb.write_bytes(workbook.read_bytes())
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media.bin", "w", force_zip64=True) as part:
        for _ in range(MAX_BYTES // 4_000_000 + 1):
            part.write(bytes(4_000_000))

    with pytest.raises(FileError, match="would unpack to"):
        examine(bomb)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("empty.xlsx", lambda b: b""),
        ("cut short.xlsx", lambda b: b[: len(b) // 2]),
        ("text.xlsx", lambda b: b"material;price\n"),
        ("other archive.xlsx", lambda b: (KNOWN_ANSWERS / "reference-01.json").read_bytes()),
        ("protected.xlsx", lambda b: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("old.xls", lambda b: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("numbers.ods", lambda b: b),
        ("one sheet.csv", lambda b: b"material,price\n"),
    ],
)
def test_what_is_no_workbook_gets_one_clear_line(workbook: Path, name: str, make: Callable[[bytes], bytes]) -> None:
    path = workbook.with_name(name)
    path.write_bytes(make(workbook.read_bytes()))

    with pytest.raises(FileError) as caught:
        examine(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_a_link_to_another_workbook_is_not_followed(workbook: Path) -> None:
    """A formula that points outside, without its last value, is a fault of its cell; nothing else is opened."""
    book = openpyxl.load_workbook(workbook)
    book["materials"]["B3"] = "='[/etc/passwd]Sheet1'!A1"
    book.save(workbook)

    assert [f.place for f in examine(workbook).errors] == ["materials!B3"]


def test_a_percentage_under_a_percent_unit_is_refused(workbook: Path) -> None:
    """A cell that shows 90 % holds 0.9; under the unit % that would be read as 0.009."""
    book = openpyxl.load_workbook(workbook)
    book["sectors"]["B2"], book["sectors"]["B3"] = "%", 0.9
    book["sectors"]["B3"].number_format = "0%"
    book["sectors"]["B4"] = 0
    book.save(workbook)

    assert [(f.place, "as a percentage" in f.message) for f in examine(workbook).errors] == [("sectors!B3", True)]


def test_a_percentage_under_the_plain_unit_is_what_it_shows(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    book["sectors"]["B3"].number_format = "0%"
    book.save(workbook)
    case = examine(workbook).case

    assert case is not None
    assert case.fingerprint == FINGERPRINT


def test_merged_cells_among_the_data_are_refused(workbook: Path) -> None:
    """Excel keeps the value of the first cell alone; the second would silently be the default."""
    book = openpyxl.load_workbook(workbook)
    book["materials"].merge_cells("H3:H4")
    book.save(workbook)
    errors = examine(workbook).errors

    assert [f.place for f in errors] == ["materials!H4"]
    assert "merged" in errors[0].message


def test_values_without_a_heading_are_said_to_be_unread(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    book["budget"]["H3"] = 12
    book["settings"]["B30"] = 3
    book.save(workbook)
    reading = examine(workbook)

    assert reading.case is not None
    assert [f.place for f in reading.warnings] == ["settings!A30", "budget!H1"]


def test_a_setting_is_found_where_the_value_stands(workbook: Path) -> None:
    """With the columns of the settings in another order, a fault is reported in the value's own."""
    book = openpyxl.load_workbook(workbook)
    sheet = book["settings"]
    for row in sheet.iter_rows():
        row[1].value, row[3].value = row[3].value, row[1].value
    sheet["D2"] = "soon"
    book.save(workbook)

    assert [f.place for f in examine(workbook).errors] == ["settings!D2"]
