"""What knowledge and time are worth as a workbook, and what the command prints and refuses."""

import json
from pathlib import Path

import openpyxl
import pytest

from inputs.errors import FileError
from inputs.shipped import shipped_grids
from inputs.template import write_case
from outputs.worth_file import WorthOutcome, worth_file
from tests.kit.command import stockpile


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("worth") / "case.xlsx"
    write_case(path, shipped_grids("tutorial"))
    return path


@pytest.fixture(scope="module")
def outcome(source: Path) -> WorthOutcome:
    return worth_file(source)


def test_the_workbook_has_both_costs_of_each_most_first(outcome: WorthOutcome) -> None:
    """By hand: the future known, 43,823.7 less 42,038 thousand USD; a plant that stands from 2026 on gains 40 a t/yr more in 2026, and 2.5 % less of it is left: 1,625."""
    book = openpyxl.load_workbook(outcome.out)
    rows = [[cell.value for cell in row] for row in book["What it is worth"].iter_rows(min_row=6)]

    assert book.sheetnames == ["What it is worth", "Contents", "Run"]
    assert rows[0][2:5] == pytest.approx([1.7857, 43.8237, 42.038])
    assert rows[1][:3] == ["Permit a year sooner", "Separation", pytest.approx(1.625)]
    assert rows[1][2] == pytest.approx(50 * (40 - 150 * 0.5 * 0.1) / 1000)


def test_what_cannot_be_says_why(outcome: WorthOutcome) -> None:
    """All demand must be met from the first month: with a lag there is no plan, and no worth."""
    last = outcome.found[-1]

    assert last.worth is None
    assert outcome.summary()["worth"][-1]["remark"].startswith("without it no plan exists")


def test_the_command_prints_worth_without_and_with(source: Path, tmp_path: Path) -> None:
    done = stockpile("worth", source, "--out", tmp_path / "w.xlsx", "--json")
    printed = json.loads(done.stdout)

    assert done.returncode == 0
    for row in printed["worth"]:
        assert row["worth"] == (None if None in (row["without"], row["with"]) else pytest.approx(row["without"] - row["with"]))


def test_files_that_are_something_else_are_left_alone(source: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.xlsx").write_text("mine")

    with pytest.raises(FileError):
        worth_file(source, tmp_path / "mine.xlsx")
    assert (tmp_path / "mine.xlsx").read_text() == "mine"
