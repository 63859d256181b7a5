"""Findings on a page: each in the list and in its cell, and nothing of a name is taken for HTML."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl

from inputs.shipped import new_workbook
from inputs.workbook import Reading, examine
from outputs.html.grid import findings_html

EVIL = "<script>alert(1)</script>"


def reading_with(folder: Path, *, case: str = "tutorial", **cells: Any) -> Reading:
    """What a shipped case gives with cells ("supply_B3") changed."""
    file = new_workbook(folder / "case.xlsx", case)
    book = openpyxl.load_workbook(file)
    for name, value in cells.items():
        sheet, _, cell = name.rpartition("_")
        book[sheet][cell] = value
    book.save(file)
    return examine(file)


def test_each_finding_is_listed_and_stands_in_its_cell(tmp_path: Path) -> None:
    """Every link of the list leads to a cell of a grid, which shows what is there and says what is wrong."""
    reading = reading_with(tmp_path, materials_B4="n/a", supply_C3="Ndd")
    text = findings_html(reading)
    links = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', text)
    cells = dict(re.findall(r'<td id="([^"]+)" class="poor"[^>]*><b>([^<]*)</b>', text))

    assert [place for _, place in links] == [f.place for f in reading.errors]
    assert {anchor for anchor, _ in links} == set(cells)
    assert set(cells.values()) == {"n/a", "Ndd"}
    assert text.count("price must be a number in USD/kg") == 3  # in the list, in the cell and in its title


def test_a_sound_workbook_has_no_grid(tmp_path: Path) -> None:
    text = findings_html(reading_with(tmp_path))

    assert "No mistake was found." in text
    assert "<table" not in text
    assert "materials (2 rows)" in text


def test_a_large_sheet_of_us_2026_is_shown_around_its_findings(tmp_path: Path) -> None:
    """Two rows above and below row 150 with the two heads; what is left out is said."""
    reading = reading_with(tmp_path, case="us-2026", supply_E150="many")
    text = findings_html(reading)
    rows = re.findall(r'<tr[^>]*><th scope="row">(\d+|…)</th>', text)

    assert rows == ["1", "2", "…", "148", "149", "150", "151", "152"]
    assert re.search(r"Shown are 7 of \d+ rows, around what was found", text)


def test_names_stay_text(tmp_path: Path) -> None:
    text = findings_html(reading_with(tmp_path, materials_A3=EVIL, materials_B3=f"price {EVIL}"))

    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_a_sheet_that_lacks_is_said_without_a_grid(tmp_path: Path) -> None:
    file = new_workbook(tmp_path / "case.xlsx", "tutorial")
    book = openpyxl.load_workbook(file)
    del book["cutoffs"]
    book.save(file)
    text = findings_html(examine(file))

    assert '<h3 id="s0">cutoffs</h3>' in text
    assert '<a href="#s0">cutoffs</a>' in text
