"""Alternatives as a workbook: what its sheets say, cases of pins that are planned again, and what the command prints and refuses."""

import json
from pathlib import Path

import openpyxl
import pytest

from inputs.errors import FileError, StockpileError
from inputs.shipped import shipped_grids
from inputs.template import write_case
from inputs.workbook import examine
from model.plan import make_plan
from outputs.alternatives_file import AlternativesOutcome, alternatives_file, share_of
from tests.kit.command import stockpile


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("alternatives") / "case.xlsx"
    write_case(path, shipped_grids("tutorial"))
    return path


@pytest.fixture(scope="module")
def outcome(source: Path) -> AlternativesOutcome:
    return alternatives_file(source, 0.02, cases=source.parent / "cases")


def test_the_workbook_has_ranges_and_plans(outcome: AlternativesOutcome) -> None:
    """By hand: 50 t/yr, at least 50 - 342 / 39.166; the sheets say of what the 2 % are."""
    book = openpyxl.load_workbook(outcome.out)
    rows = {row[1].value: [cell.value for cell in row] for row in book["Must, may, never"].iter_rows(min_row=6)}

    assert book.sheetnames == ["Must, may, never", "Contents", "Plans far apart", "Run"]
    assert rows["Separation"][2:6] == ["must", pytest.approx(50), pytest.approx(50 - 342 / 39.166), pytest.approx(50)]
    assert "0.342 M USD more than the plan" in str(book["Must, may, never"]["A2"].value)
    assert "17.1 M USD" in str(book["Plans far apart"]["A2"].value)


def test_each_whole_plan_is_a_case_that_is_planned_to_it(outcome: AlternativesOutcome) -> None:
    """Read from its workbook it is the same case, costs no more than is allowed, and has as much of its measure as the sheet says."""
    best = outcome.found.plan.objective
    assert best is not None
    assert len(outcome.cases) == len(outcome.found.apart) > 1
    for path, one in zip(outcome.cases, outcome.found.apart, strict=True):
        read = examine(path)
        assert read.case is not None, read.errors
        again = make_plan(read.case)

        assert read.case.fingerprint == one.case.fingerprint
        assert again.objective == pytest.approx(one.plan.objective, rel=1e-9)
        assert (again.objective or 0) <= best + outcome.found.allowance + 1e-6 * best
        assert one.measure.of(again) == pytest.approx(one.measure.of(one.plan), rel=1e-9)


def test_the_command_prints_base_ranges_and_plans(source: Path, tmp_path: Path) -> None:
    done = stockpile("alternatives", source, "--within", "2%", "--out", tmp_path / "a.xlsx", "--json")
    printed = json.loads(done.stdout)

    assert done.returncode == 0
    assert printed["allowance"] == pytest.approx(342)
    assert printed["base"]["amount"] == pytest.approx(17_100)
    assert {"kind": "plant", "name": "Separation"}.items() <= printed["ranges"][2].items()
    assert {plan["aim"] for plan in printed["plans"]} >= {"least public money", "most made at home"}


@pytest.mark.parametrize("text", ["0", "-1%", "200%", "two"])
def test_a_share_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(StockpileError, match="for example 2%"):
        share_of(text)


def test_files_that_are_no_alternatives_are_left_alone(source: Path, outcome: AlternativesOutcome, tmp_path: Path) -> None:
    (tmp_path / "mine.xlsx").write_text("mine")

    with pytest.raises(FileError):
        alternatives_file(source, 0.02, tmp_path / "mine.xlsx")
    with pytest.raises(FileError, match="this file exists"):
        alternatives_file(source, 0.02, tmp_path / "a.xlsx", cases=outcome.cases[0].parent)
    assert (tmp_path / "mine.xlsx").read_text() == "mine"


def test_cases_of_a_case_with_brackets_in_its_name_are_left_alone(tmp_path: Path) -> None:
    """`case[1]` is the name of a file, and no pattern of names."""
    source = tmp_path / "case[1].xlsx"
    write_case(source, shipped_grids("tutorial"))
    (tmp_path / "case[1]-least-public-money.xlsx").write_text("mine")

    with pytest.raises(FileError, match="this file exists"):
        alternatives_file(source, 0.02, cases=tmp_path)
