"""`stockpile sweep` from the workbook to its files: what is asked, what is written, and what is said."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from cli.app import app
from inputs.errors import FileError, StockpileError
from inputs.files import write_whole
from inputs.template import write_case
from inputs.workbook import examine
from model.sweep.design import DesignKind
from model.sweep.run import SweepProgress
from outputs.plan_file import plan_file
from outputs.sweep_file import SweepRequest, sweep_file
from tests.kit.cases import grids, sheets
from tests.kit.house import HOUSE

VARY = "materials[M0].price*=0.9,1.1"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case that HiGHS solves in milliseconds."""
    path = tmp_path / "case.xlsx"
    write_case(path, grids(sheets("reference-03")))
    return path


def facts_of(workbook: Path) -> dict[str, object]:
    """The sheet Run: item and value."""
    return {str(row[1]): row[2] for row in openpyxl.load_workbook(workbook)["Run"].iter_rows(min_row=6, values_only=True)}


def removed(case: Path) -> None:
    case.unlink()


def edited(case: Path) -> None:
    write_whole(case, lambda path: path.write_bytes(b"another workbook"))


@pytest.mark.parametrize("meddle", [removed, edited])
def test_a_case_that_changes_while_its_sweep_runs_is_named_by_what_was_read(case: Path, meddle: Callable[[Path], None]) -> None:
    """Two points, the file removed or replaced at the first sign of progress: the results and the plan of a point carry the SHA-256 of the first bytes."""
    digest = hashlib.sha256(case.read_bytes()).hexdigest()

    def progress(at: SweepProgress) -> None:
        if at.done == 1:
            meddle(case)

    outcome = sweep_file(case, SweepRequest((VARY,), plan_of=1), progress)

    assert outcome.result.counts == {"optimal": 2}
    assert facts_of(outcome.out)["SHA-256 of the file"] == digest
    assert outcome.point is not None
    assert outcome.point.out is not None
    assert facts_of(outcome.point.out)["SHA-256 of the file"] == digest


@pytest.mark.parametrize("meddle", [removed, edited])
def test_a_case_that_changes_while_it_is_planned_is_named_by_what_was_read(case: Path, meddle: Callable[[Path], None]) -> None:
    digest = hashlib.sha256(case.read_bytes()).hexdigest()
    outcome = plan_file(case, progress=lambda stage: meddle(case) if stage == "build" else None)

    assert outcome.out is not None
    assert facts_of(outcome.out)["SHA-256 of the file"] == digest


def run(*arguments: object) -> Result:
    """`stockpile sweep` in this process."""
    return CliRunner().invoke(app, ["sweep", *map(str, arguments)], catch_exceptions=True)


@pytest.mark.parametrize(
    ("options", "name"),
    [
        (("--out", "other.xlsx"), "other.xlsx"),
        ((), "case-sweep.xlsx"),
        (("--plan-of", "1"), "case-point-1-plan.xlsx"),
        (("--table", "points.csv"), "points.csv"),
        (("--table", "points.csv"), "points.columns.csv"),
    ],
)
def test_somebodys_work_is_not_replaced_by_a_sweep(
    case: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], name: str
) -> None:
    """Another case under the name of a result is left as it is, before anything is computed, unless --force says so; results are replaced."""
    monkeypatch.chdir(case.parent)
    other = Path(name)
    other.write_bytes(case.read_bytes())
    refused = run(case, "--vary", VARY, *options)

    assert isinstance(refused.exception, FileError)
    assert f"{name}: this file exists and is not " in str(refused.exception)
    assert "--force" in str(refused.exception)
    assert other.read_bytes() == case.read_bytes()
    assert sorted(path.name for path in case.parent.iterdir()) == sorted({"case.xlsx", name})
    assert run(case, "--vary", VARY, *options, "--force").exit_code == 0
    assert other.read_bytes() != case.read_bytes()
    assert run(case, "--vary", VARY, *options).exit_code == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--out", "case.xlsx"), "never written to"),
        (("--store", "case.xlsx"), "never written to"),
        (("--out", "points.csv"), "ends in .xlsx"),
        (("--out", "case-point-1-plan.xlsx", "--plan-of", "1"), "two results would go to this one file"),
        (("--out", "nowhere/sweep.xlsx"), "no such folder"),
        (("--table", "points.txt"), ".csv or a .parquet"),
        (("--plan-of", "2"), "the points of this sweep are 0 to 1"),
    ],
)
def test_wrong_use_of_a_sweep_writes_nothing(case: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], words: str) -> None:
    monkeypatch.chdir(case.parent)
    before = case.read_bytes()
    done = run("case.xlsx", "--vary", VARY, *options)

    assert isinstance(done.exception, StockpileError)
    assert words in str(done.exception)
    assert case.read_bytes() == before
    assert [path.name for path in case.parent.iterdir()] == ["case.xlsx"]


def test_the_table_of_a_sweep_is_not_put_among_the_sheets_of_its_case(tmp_path: Path) -> None:
    """points.csv in a folder of CSV files would be a sheet of the case."""
    folder = tmp_path / "tutorial"
    shutil.copytree(HOUSE / "inputs" / "tutorial", folder)

    with pytest.raises(FileError, match="never written to"):
        sweep_file(folder, SweepRequest(("materials[Nd].price*=1,2",), table=folder / "points.csv"))


def test_results_of_a_sweep_are_no_case_and_no_plan(case: Path) -> None:
    """`check` says what they are, and `plan` does not replace them."""
    out = sweep_file(case, SweepRequest((VARY,))).out

    with pytest.raises(FileError, match="results of a sweep, not a case"):
        examine(out)
    with pytest.raises(FileError, match="not a finished plan"):
        plan_file(case, out)


def test_the_plan_of_a_point_says_which_point_and_which_changes(case: Path) -> None:
    """Point 3 sets the price of M0 a tenth higher and the horizon to 4: title, Run and the input sheets say so, and only those cells are coloured."""
    before = examine(case).case
    assert before is not None
    vary = ("materials[M0].price*=0.9,1.1", "settings.horizon=3,4")
    outcome = sweep_file(case, SweepRequest(vary, plan_of=3))
    assert outcome.point is not None
    assert outcome.point.out is not None
    book, facts = openpyxl.load_workbook(outcome.point.out), facts_of(outcome.point.out)
    marked = {
        sheet.title: sorted(str(at.sqref) for at in sheet.conditional_formatting if at.rules[0].formula == ["TRUE"]) for sheet in book
    }
    price = book["in materials"]["B6"].value

    assert book["Summary"]["A1"].value == "Stockpile plan: case, point 3 of a sweep, with Price of M0 ×1.1; Horizon 4 yr"
    assert {sheet: cells for sheet, cells in marked.items() if cells} == {"in settings": ["B7"], "in materials": ["B6"]}
    assert price == pytest.approx(1.1 * before["materials"]["price"].iloc[0])
    assert "1 coloured cell is not as in the file, but as point 3 of the sweep has it." in str(book["in materials"]["A2"].value)
    assert "changes nothing here" in str(book["in supply"]["A2"].value)
    assert facts["number in the sweep"] == 3
    assert (facts["change (1), as it is typed"], facts["change (2), as it is typed"]) == ("materials[M0].price*=1.1", "settings.horizon=4")
    assert f"{price:.12g} USD/kg" in str(facts["cells of the file that count otherwise (2)"])
    assert facts["fingerprint of the case before the changes"] == before.fingerprint
    assert "not of the input file as it is" in str(book["Run"]["A2"].value)


def test_a_plan_of_the_case_itself_marks_nothing(case: Path) -> None:
    """The point that is the case as it is says so; a plan of the file is titled by it alone."""
    point = sweep_file(case, SweepRequest((VARY,), kind=DesignKind.ONE_AT_A_TIME, plan_of=0)).point
    plan = plan_file(case).out
    assert point is not None
    assert point.out is not None
    assert plan is not None

    assert openpyxl.load_workbook(point.out)["Summary"]["A1"].value == "Stockpile plan: case, point 0 of a sweep, without changes"
    assert openpyxl.load_workbook(plan)["Summary"]["A1"].value == "Stockpile plan: case"
