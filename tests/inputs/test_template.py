"""The planner's workbook: every heading explains itself, every list is a drop-down, and the guide leads to each sheet."""

import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from inputs.guide import GUIDE
from inputs.schema import SCHEMA_VERSION, SETTINGS, SHEETS, Kind, Sheet
from inputs.template import write_case
from inputs.validation import ADDRESSES, LAST_ROW, LISTS, prompt
from inputs.workbook import examine
from tests.kit.faults import SOUND, sound


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "case.xlsx"
    write_case(path, sound())
    return path


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    return openpyxl.load_workbook(path)


def checks(book: Workbook, sheet: str, cell: str) -> list[DataValidation]:
    return [v for v in book[sheet].data_validations.dataValidation if cell in v.sqref]


@pytest.mark.parametrize("sheet", [s for s in SHEETS if s.name != SETTINGS], ids=lambda s: s.name)
def test_every_heading_explains_itself_and_every_cell_is_guarded(book: Workbook, sheet: Sheet) -> None:
    """Name in row 1, unit in row 2, a prompt on the heading, a check on the cells down to the last row."""
    for c, column in enumerate(sheet):
        letter = openpyxl.utils.get_column_letter(c + 1)

        assert book[sheet.name][f"{letter}1"].value == column.name
        assert (book[sheet.name][f"{letter}2"].value or "") == column.unit
        assert [v.prompt for v in checks(book, sheet.name, f"{letter}1")] == [prompt(column)]
        guards = checks(book, sheet.name, f"{letter}3")
        assert len(guards) == 1
        assert checks(book, sheet.name, f"{letter}{LAST_ROW}") == guards
        listed = column.choices or column.members or column.suggestions or column.kind is Kind.FLAG
        assert (guards[0].type == "list") == bool(listed)


def test_prompts_fit_and_say_unit_and_default() -> None:
    """Excel shows 255 characters of a prompt; none is cut short."""
    for sheet in SHEETS:
        for column in sheet:
            text = prompt(column)

            assert len(text) < 255, (sheet.name, column.name)
            assert column.text in text
            assert ("Required." in text) == column.required


def test_drop_downs_grow_with_the_lists_they_refer_to(book: Workbook) -> None:
    """The list of materials is what stands in sheet materials, however much that is."""
    names = {name: definition.attr_text for name, definition in book.defined_names.items()}
    lists = {v.formula1 for sheet in book.worksheets for v in sheet.data_validations.dataValidation if v.type == "list"}

    assert names["list_materials"] == f"OFFSET(materials!$A$3,0,0,MAX(1,COUNTA(materials!$A$3:$A${LAST_ROW})),1)"
    assert {f.lstrip("=") for f in lists if f.lstrip("=").startswith("list_")} <= set(names)
    assert any("MATCH" in f for f in lists)  # the modes of the recipe's own plant


def test_settings_have_their_values_prompts_and_descriptions(book: Workbook) -> None:
    rows = {row[0].value: row for row in book[SETTINGS].iter_rows(min_row=2) if row[0].value}

    assert list(rows) == [c.name for c in next(s for s in SHEETS if s.name == SETTINGS)]
    assert rows["start_year"][1].value == SOUND[SETTINGS]["start_year"]
    assert rows["crisis_orders"][1].value == "yes"
    assert rows["storage_limit"][2].value == "t"
    assert all(row[3].value for row in rows.values())


def test_the_guide_leads_to_every_sheet(book: Workbook) -> None:
    targets = {cell.hyperlink.location for row in book[GUIDE].iter_rows() for cell in row if cell.hyperlink}
    texts = " ".join(str(cell.value) for row in book[GUIDE].iter_rows() for cell in row if cell.value)

    assert {f"'{sheet.name}'!A1" for sheet in SHEETS} <= targets
    assert all(sheet.text in texts for sheet in SHEETS)
    assert f"Layout version {SCHEMA_VERSION}" in texts
    assert book.sheetnames[0] == GUIDE
    assert book[LISTS].sheet_state == "hidden"
    assert [cell.value for cell in book[LISTS]["B"][1 : len(ADDRESSES) + 1]] == ADDRESSES


def test_the_layout_version_is_in_the_file(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        properties = archive.read("docProps/custom.xml").decode()

    assert "stockpile schema version" in properties
    assert f"<vt:i4>{SCHEMA_VERSION}</vt:i4>" in properties


def test_the_same_case_gives_the_same_file(path: Path, tmp_path: Path) -> None:
    write_case(tmp_path / "again.xlsx", sound())

    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


@pytest.mark.slow
def test_the_workbook_opens_in_libreoffice_and_says_the_same(path: Path, tmp_path: Path) -> None:
    """Converted by LibreOffice, it is still the same case."""
    office = shutil.which("soffice")
    if not office:
        pytest.skip("LibreOffice is not installed")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "out"), str(path)],
        check=True,
        capture_output=True,
    )
    given, converted = examine(path), examine(tmp_path / "out" / "case.xlsx")

    assert [str(f) for f in converted.errors] == []
    assert given.case is not None
    assert converted.case is not None
    assert converted.case.fingerprint == given.case.fingerprint
