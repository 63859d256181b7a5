"""`stockpile sweep` from the workbook to its files: what is asked, what is written, and what is said."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from cli.app import app
from cli.commands.sweep import KindName
from cli.exits import SOME_FAILED
from inputs.change import parse_variation
from inputs.errors import FileError, StockpileError
from inputs.files import write_whole
from inputs.template import write_case
from inputs.workbook import examine
from model.sweep.design import DesignKind, grid
from model.sweep.solve import SweepProgress
from outputs.plan_file import plan_file
from outputs.sweep_file import SweepRequest, cautions_of, sweep_file
from tests.kit.cases import grids, sheets
from tests.kit.house import HOUSE

VARY = "materials[M0].price*=0.9,1.1"


pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
"""openpyxl does not read the solid bars in cells."""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case that HiGHS solves in milliseconds."""
    path = tmp_path / "case.xlsx"
    write_case(path, grids(sheets("reference-03")))
    return path


def run(*arguments: object) -> Result:
    """`stockpile sweep` in this process."""
    return CliRunner().invoke(app, ["sweep", *map(str, arguments)])


def code_of(done: Result) -> int:
    """The exit code, as `cli.app.main` makes it of the user's errors."""
    return done.exception.exit_code if isinstance(done.exception, StockpileError) else done.exit_code


def facts_of(workbook: Path) -> dict[str, object]:
    """The sheet Run: item and value."""
    return {str(row[1]): row[2] for row in openpyxl.load_workbook(workbook)["Run"].iter_rows(min_row=6, values_only=True)}


def removed(case: Path) -> None:
    case.unlink()


def another_workbook(path: Path) -> None:
    path.write_bytes(b"another workbook")


def edited(case: Path) -> None:
    write_whole(case, another_workbook)


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


@pytest.mark.parametrize(
    ("options", "name"),
    [
        (("--out", "other.xlsx"), "other.xlsx"),
        ((), "case-sweep.xlsx"),
        (("--plan-of", "1"), "case-point-1-plan.xlsx"),
        (("--table", "points.csv"), "points.csv"),
        (("--table", "points.csv"), "points.columns.csv"),
        pytest.param(
            ("--table", "points.parquet"),
            "points.parquet",
            marks=pytest.mark.skipif(find_spec("pyarrow") is None, reason="Parquet needs pyarrow"),
        ),
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


def test_a_point_whose_changes_cannot_be_made_has_no_plan_and_says_why(case: Path) -> None:
    """Drawn with a deviation of 2, two discount rates of three are beyond -0.5 to 1. The other point and the files are there as without --plan-of."""
    draw = ("--vary", "settings.discount_rate=normal(0.03, 2)", "--kind", "monte-carlo", "--points", 3)
    done = run(case, *draw, "--plan-of", 1)

    assert done.exit_code == SOME_FAILED
    assert "3 points: 1 optimal, 2 failed; the results are in" in done.stdout
    assert "point 1 has no plan: settings.discount_rate: discount_rate must be from -0.5 to 1, not 3.3" in done.stderr
    assert not (case.parent / "case-point-1-plan.xlsx").exists()
    assert "discount_rate must be" in json.loads(run(case, *draw, "--plan-of", 1, "--json").stdout)["refused"]


def test_the_plan_of_a_point_says_which_point_and_which_changes(case: Path) -> None:
    """Point 3 sets the price of M0 a tenth higher and the horizon to 5: title, Run and the input sheets say so, and only those cells are coloured."""
    before = examine(case).case
    assert before is not None
    vary = ("materials[M0].price*=0.9,1.1", "settings.horizon=3,5")
    outcome = sweep_file(case, SweepRequest(vary, plan_of=3))
    assert outcome.point is not None
    assert outcome.point.out is not None
    book, facts = openpyxl.load_workbook(outcome.point.out), facts_of(outcome.point.out)
    marked = {
        sheet.title: sorted(str(at.sqref) for at in sheet.conditional_formatting if at.rules[0].formula == ["TRUE"]) for sheet in book
    }
    price = book["in materials"]["B6"].value

    assert book["Summary"]["A1"].value == "Stockpile plan: case, point 3 of a sweep, with price of M0 ×1.1; horizon 5 yr"
    assert {sheet: cells for sheet, cells in marked.items() if cells} == {"in settings": ["B7"], "in materials": ["B6"]}
    assert price == pytest.approx(1.1 * before["materials"]["price"].iloc[0])
    assert "1 coloured cell is not as in the file, but as point 3 of the sweep has it." in str(book["in materials"]["A2"].value)
    assert "changes nothing here" in str(book["in supply"]["A2"].value)
    assert facts["number in the sweep"] == 3
    assert (facts["change (1), as it is typed"], facts["change (2), as it is typed"]) == ("materials[M0].price*=1.1", "settings.horizon=5")
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


SPREAD = ("materials[M0].price*=uniform(0.8,1.2)", "demand[*,essential].demand*=uniform(0.9,1.1)")
STEPS = ("materials[M0].price*=0.8,1.2", "demand[*,essential].demand*=0.9,1,1.1")
POINTS = {
    KindName.GRID: 2 * 3,
    KindName.ONE_AT_A_TIME: 1 + 2 + 3,
    KindName.MONTE_CARLO: 4,
    KindName.LATIN_HYPERCUBE: 4,
    KindName.SOBOL: 4,
    KindName.MORRIS: 4 * (2 + 1),
    KindName.SOBOL_INDICES: 4 * (2 + 2),
}
"""Points of each kind over two numbers: all combinations, one after the other with the case, or as many as --points 4 makes."""


@pytest.mark.parametrize("kind", [kind if kind is KindName.GRID else pytest.param(kind, marks=pytest.mark.slow) for kind in KindName])
def test_every_kind_of_sweep_from_the_case_to_its_files(case: Path, kind: KindName) -> None:
    """Workbook, table, plan of a point and store are written and agree; the same command again solves nothing and says the same."""
    vary = STEPS if kind in (KindName.GRID, KindName.ONE_AT_A_TIME) else SPREAD
    if kind in (KindName.MORRIS, KindName.SOBOL_INDICES):
        pytest.importorskip("SALib")
    options = [*(f"--vary={text}" for text in vary), "--kind", kind.value, "--points", 4, "--seed", 3, "--plan-of", 1]
    done = run(case, *options, "--table", case.with_name("points.csv"), "--json")
    again = run(case, *options, "--table", case.with_name("again.csv"), "--json")
    printed, table = json.loads(done.stdout), pd.read_csv(case.with_name("points.csv"))
    points, plan = openpyxl.load_workbook(printed["out"])["Points"], openpyxl.load_workbook(printed["plan"])

    assert (code_of(done), code_of(again)) == (0, 0)
    assert (printed["points"], printed["counts"]) == (POINTS[kind], {"optimal": POINTS[kind]})
    assert json.loads(again.stdout) == {**printed, "table": str(case.with_name("again.csv"))}
    assert case.with_name("again.csv").read_bytes() == case.with_name("points.csv").read_bytes()
    assert facts_of(Path(printed["out"]))["kind"] == kind.value.replace("-", " ")
    assert len(table) == POINTS[kind]
    assert [row[0] for row in points.iter_rows(min_row=6, max_col=1, values_only=True)] == table["Point"].tolist()
    assert "point 1 of a sweep, with" in plan["Summary"]["A1"].value
    assert facts_of(Path(printed["plan"]))["objective"] == pytest.approx(1000 * table["Cost (M USD)"][1], rel=1e-7)


def with_sweeps(path: Path, *rows: dict[str, object]) -> Path:
    """The case with these rows in its sheet of sweeps."""
    write_case(path, grids({**sheets("reference-03"), "sweeps": list(rows)}))
    return path


def test_the_sheet_of_sweeps_says_what_varies(case: Path) -> None:
    """Two rows, low and high of each: one at a time with the case first; drawn, between their ends."""
    with_sweeps(
        case,
        {"address": "materials[M0].price", "change": "*=", "low": 0.8, "high": 1.2},
        {"address": "settings.discount_rate", "change": "=", "low": 0.02, "base": 0.03, "high": 0.05},
    )
    one, drawn = run(case, "--json"), run(case, "--kind", "monte-carlo", "--points", 3, "--store", case.with_name("drawn.sqlite"), "--json")
    names = openpyxl.load_workbook(case.with_name("case-sweep.xlsx"))["What varied"]

    assert (code_of(one), code_of(drawn)) == (0, 0)
    assert (json.loads(one.stdout)["points"], json.loads(drawn.stdout)["points"]) == (6, 3)
    assert [names.cell(row, 1).value for row in (6, 7)] == ["Price of M0", "Discount rate"]


def test_a_case_without_the_sheet_says_where_to_say_what_varies(case: Path) -> None:
    done = run(case)

    assert code_of(done) == 2
    assert "nothing varies: say what with --vary, or in the sheet 'sweeps'" in str(done.exception)


@pytest.mark.slow
def test_points_without_a_plan_are_counted_and_named(case: Path) -> None:
    """No purchases at all meet no promise (exit code 0: a sweep may find that), and such a point has no plan to write (3)."""
    vary = ("--vary", "materials[*].purchase_limit*=0,1", "--vary", "plants[*].capacity_limit*=0,1")
    done, asked = run(case, *vary, "--json"), run(case, *vary, "--plan-of", 0)
    counts = json.loads(done.stdout)["counts"]

    assert code_of(done) == 0
    assert counts["infeasible"] > 0
    assert sum(counts.values()) == 4
    assert code_of(asked) == 3
    assert "point 0: no plan exists" in asked.stderr
    assert not case.with_name("case-point-0-plan.xlsx").exists()


def test_points_that_fail_end_with_5(case: Path) -> None:
    """A normal distribution around 0.02 with deviation 1 draws discount rates below 0, which no case may have."""
    done = run(case, "--vary", "settings.discount_rate=normal(0.02,1)", "--kind", "monte-carlo", "--points", 6, "--json")

    assert code_of(done) == 5
    assert json.loads(done.stdout)["counts"]["failed"] > 0


@pytest.mark.slow
def test_a_changed_case_is_refused_with_its_cell_until_its_results_are_thrown_away(case: Path) -> None:
    assert code_of(run(case, "--vary", VARY)) == 0
    tables = sheets("reference-03")
    write_case(case, grids({**tables, "materials": [{**tables["materials"][0], "price": 6}, *tables["materials"][1:]]}))
    refused, restarted = run(case, "--vary", VARY), run(case, "--vary", VARY, "--restart")

    assert (code_of(refused), code_of(restarted)) == (2, 0)
    assert "materials row 3 (M0), price: 5.64 -> 6 USD/kg" in str(refused.exception)


def test_prices_that_stay_behind_are_warned_of_in_a_few_lines(tmp_path: Path) -> None:
    """Five materials, each with offers of their own price, one by one: three are named, the others counted."""
    path, vary = tmp_path / "us-2026.xlsx", ("La", "Ce", "Pr", "Nd", "Tb")
    shutil.copy(HOUSE / "inputs" / path.name, path)
    reading = examine(path)
    assert reading.case is not None
    supply = reading.case["supply"]
    case = reading.case.with_frame("supply", supply.assign(price=supply["price"].fillna(100.0)))
    design = grid([parse_variation(f"materials[{name}].price*=2", case) for name in vary])
    said = cautions_of(case, design)

    assert len(said) == 4
    assert said[-1] == "and the same of 2 more; the sheet What varied has what to add to each."
    assert all(len(line) < 300 for line in said)
    assert re.search(r"move them together, by adding & supply\[La stockpile [^\]]*\]\.price$", said[0])
