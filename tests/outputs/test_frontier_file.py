"""From a case file to a frontier: the workbook, what it says, and what it refuses."""

import json
from pathlib import Path

import openpyxl
import pytest

from inputs.address import ChangeError
from inputs.errors import FileError
from inputs.template import write_case
from model.plan import make_plan
from outputs.frontier_file import FrontierOutcome, frontier_file
from tests.kit import cases
from tests.kit.command import stockpile

ALONG = "sectors[defense].coverage=0:1"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("frontier") / "case.xlsx"
    write_case(path, cases.grids(cases.sheets("reference-16")))
    return path


@pytest.fixture(scope="module")
def outcome(source: Path) -> FrontierOutcome:
    return frontier_file(source, ALONG)


def test_the_workbook_has_every_corner_with_its_chart(outcome: FrontierOutcome) -> None:
    """Costs in M USD; what more costs is for a percentage point."""
    book = openpyxl.load_workbook(outcome.out)
    sheet = book["Frontier"]
    rows = [[cell.value for cell in row[:4]] for row in sheet.iter_rows(min_row=6) if isinstance(row[0].value, int | float)]
    points = outcome.report.found.points

    assert book.sheetnames[0] == "Frontier"
    assert len(sheet._charts) == 1  # type: ignore[attr-defined]
    assert [row[0] for row in rows] == pytest.approx([p.value for p in points])
    assert [row[1] for row in rows] == pytest.approx([p.objective / 1000 for p in points])
    assert [row[3] for row in rows] == pytest.approx([p.slope / 1e5 for p in points])


def test_the_last_point_is_the_plan_of_that_case(outcome: FrontierOutcome) -> None:
    """reference-16 promises defense all that it needs or less; the curve at its own coverage is the cost of its plan."""
    case = cases.load_case("reference-16")
    coverage = case["sectors"].set_index("sector")["coverage"]["defense"]
    points = outcome.report.found.points
    at = next(i for i in range(len(points) - 1) if points[i].value <= coverage <= points[i + 1].value)

    assert points[at].objective + points[at].slope * (coverage - points[at].value) == pytest.approx(make_plan(case).objective, rel=1e-8)


def test_the_command_prints_points_and_error(source: Path, tmp_path: Path) -> None:
    done = stockpile("frontier", source, "--along", ALONG, "--out", tmp_path / "f.xlsx", "--json")
    printed = json.loads(done.stdout)

    assert done.returncode == 0
    assert set(printed["points"][0]) == {"value", "objective", "slope"}
    assert printed["proved_error"] == 0
    assert printed["exact"]


@pytest.mark.parametrize(
    ("along", "message"),
    [
        ("sectors[defense].coverage=0", "a frontier goes from one value to another"),
        ("sectors[defense].coverage=1:0", "the first value must be below the second"),
        ("sectors[defence].coverage=0:1", "did you mean 'sectors\\[defense\\].coverage'"),
        ("sectors[defense].coverage=0:2", "must be from 0 to 1"),
    ],
)
def test_a_range_that_is_none_is_refused(source: Path, tmp_path: Path, along: str, message: str) -> None:
    with pytest.raises(ChangeError, match=message):
        frontier_file(source, along, tmp_path / "f.xlsx")


def test_files_that_are_no_frontier_are_left_alone(source: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.xlsx").write_text("mine")

    with pytest.raises(FileError):
        frontier_file(source, ALONG, tmp_path / "mine.xlsx")
    assert (tmp_path / "mine.xlsx").read_text() == "mine"
