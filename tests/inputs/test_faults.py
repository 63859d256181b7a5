"""Every kind of fault is found at its cell, alone or among two dozen others."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest

from inputs.annotate import LIST, annotate
from inputs.errors import FileError
from inputs.source import read_source
from inputs.template import write_case
from inputs.workbook import examine, parse
from model.plan import make_plan
from model.solver.program import Status
from tests.kit.command import stockpile
from tests.kit.faults import FAULTS, Fault, sound

BY_KIND = {fault.kind: fault for fault in FAULTS}

TOGETHER = [
    "text for a number", "thousands separators", "decimal comma", "percent as text", "unit in the cell", "TRUE for a number", "date for a number",
    "date inside a year", "half a year", "required cell empty", "below its bound", "above its bound", "zero where more is needed", "not yes or no",
    "unknown choice", "unknown material", "unknown sector", "unknown country", "unknown mode", "unknown cutoff", "unknown kind", "key twice",
    "unknown sheet", "unit of another dimension", "whole number of months",
]  # fmt: skip


def test_the_sound_workbook_has_no_fault_and_a_plan() -> None:
    reading = parse(sound())

    assert reading.errors + reading.warnings == []
    assert reading.case is not None
    assert make_plan(reading.case).status is Status.OPTIMAL


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.kind)
def test_a_fault_gives_exactly_its_finding(fault: Fault) -> None:
    tables = sound()
    fault.change(tables)
    reading = parse(tables)

    assert [f.place for f in (reading.warnings if fault.warning else reading.errors)] == [fault.where]
    assert fault.words in (reading.warnings if fault.warning else reading.errors)[0].message
    assert (reading.case is None) is not fault.warning


def test_there_are_forty_kinds_of_fault() -> None:
    assert len(BY_KIND) == len(FAULTS)
    assert sum(not fault.warning for fault in FAULTS) >= 40


def test_twenty_five_faults_at_once_give_exactly_those(tmp_path: Path) -> None:
    """Through a real workbook: 25 faults, 25 findings, one at each place."""
    tables = sound()
    for kind in TOGETHER:
        BY_KIND[kind].change(tables)
    path = tmp_path / "case.xlsx"
    write_grids(path, tables)
    found = examine(path).errors

    assert len(TOGETHER) == 25
    assert sorted(f.place for f in found) == sorted(BY_KIND[kind].where for kind in TOGETHER)
    for kind in TOGETHER:
        assert any(f.place == BY_KIND[kind].where and BY_KIND[kind].words in f.message for f in found), kind


def write_grids(path: Path, tables: Mapping[str, Sequence[Sequence[object]]]) -> None:
    """The grids as they are, cell by cell (the template writer would put some right)."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, grid in tables.items():
        sheet = book.create_sheet(name)
        for row in grid:
            sheet.append(row)
    book.save(path)


def test_annotated_copy_marks_every_finding_and_leaves_the_original(tmp_path: Path) -> None:
    tables = sound()
    for kind in ("text for a number", "unknown mode", "unknown sheet"):
        BY_KIND[kind].change(tables)
    path = tmp_path / "case.xlsx"
    write_grids(path, tables)
    before = path.read_bytes()
    reading = examine(path)
    assert reading.source is not None
    copy = annotate(reading.source, tmp_path / "copy.xlsx", reading.findings)
    book = openpyxl.load_workbook(copy)

    assert path.read_bytes() == before
    assert "price must be a number" in book["materials"]["B3"].comment.text
    assert book["materials"]["B3"].fill.start_color.rgb.endswith("F8B4B4")
    assert "not known" in book["recipes"]["B6"].comment.text
    assert [row[0].value for row in book[LIST].iter_rows(min_row=2)] == [f.place for f in reading.errors]
    assert book["materials"]["B4"].comment is None


def test_annotation_refuses_to_write_over_the_workbook(tmp_path: Path) -> None:
    path = tmp_path / "case.xlsx"
    write_case(path, sound())

    with pytest.raises(FileError, match="never written to"):
        annotate(read_source(path), path, [])


def test_the_annotated_copy_is_of_what_was_read_and_so_is_the_hash(tmp_path: Path) -> None:
    """The workbook is replaced after it was read: the copy and the SHA-256 are of the first, in which Dy costs 'n/a'."""
    path, tables = tmp_path / "case.xlsx", sound()
    BY_KIND["text for a number"].change(tables)
    write_grids(path, tables)
    digest, reading = hashlib.sha256(path.read_bytes()).hexdigest(), examine(path)
    write_grids(path, sound())
    assert reading.source is not None
    copy = openpyxl.load_workbook(annotate(reading.source, tmp_path / "copy.xlsx", reading.findings))

    assert reading.sha256 == digest
    assert copy["materials"]["B3"].value == tables["materials"][2][1]
    assert isinstance(copy["materials"]["B3"].value, str)


def test_check_says_the_same_in_text_json_and_annotation(tmp_path: Path) -> None:
    tables = sound()
    for kind in ("text for a number", "unknown mode"):
        BY_KIND[kind].change(tables)
    path = tmp_path / "case.xlsx"
    write_grids(path, tables)
    spoken, printed = stockpile("check", path, "--annotate", tmp_path / "copy.xlsx"), stockpile("check", path, "--json")
    places = ["materials!B3", "recipes!B6"]

    assert (spoken.returncode, printed.returncode) == (2, 2)
    assert [error["place"] for error in json.loads(printed.stdout)["errors"]] == places
    assert all(f"  {place}: " in spoken.stdout for place in places)
    assert (tmp_path / "copy.xlsx").exists()


def test_an_annotated_copy_reads_like_the_workbook(tmp_path: Path) -> None:
    """A copy of a sound workbook is a sound workbook: its list of findings is a sheet of the planner's own."""
    path = tmp_path / "case.xlsx"
    write_case(path, sound())
    reading = examine(path)
    assert reading.source is not None
    copy = examine(annotate(reading.source, tmp_path / "copy.xlsx", reading.findings))

    assert reading.case is not None
    assert copy.case is not None
    assert copy.case.fingerprint == reading.case.fingerprint


def test_slips_in_the_sheet_of_sweeps_are_named_together() -> None:
    """A text for a number in one row hides nothing of the others, and its own row is named once."""
    tables = sound()
    for kind in ("sweep by words", "sweep of an unknown distribution"):
        BY_KIND[kind].change(tables)
    tables["sweeps"][3][0] = "settings.discount_rte"

    assert [finding.place for finding in parse(tables).errors] == ["sweeps!C3", "sweeps!A4", "sweeps!F5"]


@pytest.mark.parametrize(
    "kind", ["budget beyond the plan", "budget between periods", "floor that nobody can meet", "capacity floor too early"]
)
def test_a_plan_refuses_what_check_refuses(kind: str, tmp_path: Path) -> None:
    tables = sound()
    BY_KIND[kind].change(tables)
    path = tmp_path / "case.xlsx"
    write_grids(path, tables)
    refused = stockpile("plan", path)

    assert refused.returncode == 2
    assert f"{BY_KIND[kind].where}: " in refused.stderr
    assert BY_KIND[kind].words in refused.stderr
