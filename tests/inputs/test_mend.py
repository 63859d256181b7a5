"""Copies with cells changed: of the bytes that were read, in the planner's units, and with the values of formulas kept."""

from pathlib import Path

import openpyxl
import pytest

from inputs.errors import FileError
from inputs.mend import LIST, Edit, write_mended
from inputs.source import read_source
from inputs.template import write_case
from inputs.workbook import Reading, examine
from tests.kit.cases import grids, sheets


def anything(copy: Path) -> None:
    """A copy is taken as it is."""


def sound(folder: Path) -> Path:
    path = folder / "case.xlsx"
    write_case(path, grids(sheets("reference-03")))
    return path


def mended(reading: Reading, copy: Path, *edits: Edit) -> Path:
    assert reading.source
    return write_mended(reading.source, reading.places, copy, edits, anything)


def test_a_changed_cell_is_coloured_commented_and_listed_and_the_original_left(tmp_path: Path) -> None:
    path = sound(tmp_path)
    before, reading = path.read_bytes(), examine(path)
    cell = f"{reading.places.cell('materials', 'price', 3)}"
    book = openpyxl.load_workbook(mended(reading, tmp_path / "copy.xlsx", Edit("materials", "price", 3, 7.5, "the price, from 1 to 7.5")))
    changed = book["materials"][cell]
    listed = [[c.value for c in row] for row in book[LIST].iter_rows(min_row=2)]

    assert changed.value == 7.5
    assert changed.fill.start_color.rgb.endswith("C6E7CE")
    assert changed.comment.text.startswith("the price, from 1 to 7.5\n(it was ")
    assert listed[0][0] == f"materials!{cell}"
    assert listed[0][2:] == [7.5, "the price, from 1 to 7.5"]
    assert path.read_bytes() == before
    after = examine(tmp_path / "copy.xlsx").case
    assert after is not None
    assert after["materials"]["price"].iloc[0] == 7.5


def test_a_column_or_setting_that_the_file_has_not_is_added(tmp_path: Path) -> None:
    """The column stands after the last with its unit, the setting below the last; other rows keep the default."""
    path = sound(tmp_path)
    book = openpyxl.load_workbook(path)
    sheet, settings = book["materials"], book["settings"]
    sheet.delete_cols(next(c.column for c in sheet[1] if c.value == "purchase_limit"))
    settings.delete_rows(next(row[0].row for row in settings.iter_rows() if row[0].value == "storage_limit"))
    book.save(path)
    copy = mended(
        examine(path), tmp_path / "copy.xlsx", Edit("materials", "purchase_limit", 3, 30.0, "why"), Edit("settings", "storage_limit", None, 500.0, "why")
    )  # fmt: skip
    case = examine(copy).case

    assert case is not None
    assert case["materials"]["purchase_limit"].tolist()[:2] == [30.0, float("inf")]
    assert case.settings["storage_limit"] == 500.0


def test_a_yes_or_no_is_typed_as_a_word(tmp_path: Path) -> None:
    copy = mended(examine(sound(tmp_path)), tmp_path / "copy.xlsx", Edit("settings", "crisis_orders", None, False, "why"))
    book = openpyxl.load_workbook(copy)

    assert [row[1].value for row in book["settings"].iter_rows() if row[0].value == "crisis_orders"] == ["no"]


def with_formulas(folder: Path) -> Path:
    """A case whose prices are formulas with the values that Excel calculated: 2 x 150 = 300, a text and a yes; written as Excel stores them."""
    import zipfile

    path = sound(folder)
    book = openpyxl.load_workbook(path)
    sheet = book["materials"]
    sheet["B3"] = "=2*150"
    sheet["A3"] = f'="{sheet["A3"].value}"'
    name = sheet["A3"].value[2:-1]
    number = book.worksheets.index(sheet) + 1
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {item.filename: archive.read(item) for item in archive.infolist()}
    part = f"xl/worksheets/sheet{number}.xml"
    text = parts[part].decode()
    text = text.replace("<f>2*150</f><v />", "<f>2*150</f><v>300</v>").replace("<f>2*150</f><v></v>", "<f>2*150</f><v>300</v>")
    for empty in ("<v />", "<v></v>", "<v/>"):
        text = text.replace(f'<f>"{name}"</f>{empty}', f'<f>"{name}"</f><v>{name}</v>')
    text = text.replace('<c r="A3"', '<c r="A3" t="str"')
    parts[part] = text.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for of, content in parts.items():
            archive.writestr(of, content)
    return path


def test_formulas_stay_formulas_and_keep_their_values(tmp_path: Path) -> None:
    """openpyxl would write them without, and the copy could not be read before Excel had opened it."""
    path = with_formulas(tmp_path)
    reading = examine(path)
    copy = mended(reading, tmp_path / "copy.xlsx", Edit("settings", "discount_rate", None, 0.5, "why"))
    formulas, case = openpyxl.load_workbook(copy)["materials"], examine(copy).case

    assert formulas["B3"].value == "=2*150"
    assert reading.case is not None
    assert case is not None
    assert case["materials"].iloc[0].to_dict() == reading.case["materials"].iloc[0].to_dict()
    assert case["materials"]["price"].iloc[0] == 300
    assert openpyxl.load_workbook(copy)[LIST].cell(4, 1).value.startswith("Excel calculates the formulas")


def test_a_formula_that_is_changed_is_said_in_the_comment(tmp_path: Path) -> None:
    copy = mended(examine(with_formulas(tmp_path)), tmp_path / "copy.xlsx", Edit("materials", "price", 3, 250.0, "why"))
    cell = openpyxl.load_workbook(copy)["materials"]["B3"]

    assert cell.value == 250
    assert "it was the formula =2*150" in cell.comment.text


def test_a_copy_that_is_not_accepted_is_not_there(tmp_path: Path) -> None:
    reading = examine(sound(tmp_path))
    assert reading.source

    def refuse(copy: Path) -> None:
        assert copy.exists()
        raise FileError("no")

    with pytest.raises(FileError, match="no"):
        write_mended(reading.source, reading.places, tmp_path / "copy.xlsx", [Edit("materials", "price", 3, 7.5, "why")], refuse)
    assert [path.name for path in tmp_path.iterdir()] == ["case.xlsx"]


def test_neither_the_case_nor_somebody_elses_file_is_replaced(tmp_path: Path) -> None:
    path = sound(tmp_path)
    source, other = read_source(path), tmp_path / "other.xlsx"
    openpyxl.Workbook().save(other)
    for copy, words in ((path, "never written to"), (other, "not a copy with changes"), (tmp_path / "copy.csv", "must end in .xlsx")):
        with pytest.raises(FileError, match=words):
            write_mended(source, examine(path).places, copy, [], anything)


def test_an_address_has_its_cell_in_a_workbook_and_its_line_in_a_folder(tmp_path: Path) -> None:
    """Addresses that mean several cells, or none, stay as they are."""
    from inputs.shipped import SHIPPED

    folder = SHIPPED["tutorial"]
    assert folder is not None
    book = examine(Path(__file__).parent.parent.parent / "inputs" / "tutorial.xlsx")
    of_folder = examine(folder)
    column = [c.value for c in openpyxl.load_workbook(Path(__file__).parent.parent.parent / "inputs" / "tutorial.xlsx")["materials"][1]]
    letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[column.index("price")]

    assert book.place("materials[Dy].price") == f"materials!{letter}4"
    assert of_folder.place("materials[Dy].price") == "materials.csv, line 4, price"
    assert [book.place(text) for text in ("supply", "materials[*].price", "nothing[x].y")] == [
        "supply",
        "materials[*].price",
        "nothing[x].y",
    ]
