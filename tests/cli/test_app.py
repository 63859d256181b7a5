"""The command as a planner runs it: real files, text and exit codes; in a second process where that is what matters."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from cli.app import app
from inputs.template import write_case
from tests.kit.cases import expected, grids, sheets
from tests.kit.command import second_process, stockpile
from tests.kit.house import HOUSE
from tests.kit.kill_sweep import heed_ctrl_c

COMMANDS = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
"""The commands that the application has."""


def case_file(folder: Path, name: str) -> Path:
    path = folder / f"{name}.xlsx"
    write_case(path, grids(sheets(name)))
    return path


def test_plan_writes_a_workbook_and_says_where(tmp_path: Path) -> None:
    done = second_process("plan", case_file(tmp_path, "reference-03"))

    assert (done.returncode, done.stderr.split(" ...")[0]) == (0, "read")
    assert "optimal: expected cost 44.2 million USD" in done.stdout
    assert "Summary" in openpyxl.load_workbook(tmp_path / "reference-03-plan.xlsx").sheetnames


def test_plan_prints_one_json_object(tmp_path: Path) -> None:
    done = stockpile("plan", case_file(tmp_path, "reference-03"), "--out", tmp_path / "p.xlsx", "--json")
    printed = json.loads(done.stdout)

    assert done.returncode == 0
    assert printed["status"] == "optimal"
    assert printed["objective"] == pytest.approx(expected("reference-03")[1], rel=1e-6)
    assert printed["out"] == str(tmp_path / "p.xlsx")
    assert set(printed["seconds"]) == {"read", "build", "compile", "solve", "choose", "collect", "check", "study", "write"}
    assert min(printed["columns"], printed["rows"]) > 0


def test_quick_plan_is_not_studied(tmp_path: Path) -> None:
    """No sheet of what the programme is worth, and no seconds for it; the plan is the same."""
    done = stockpile("plan", case_file(tmp_path, "reference-03"), "--out", tmp_path / "p.xlsx", "--json", "--quick")
    printed = json.loads(done.stdout)

    assert printed["objective"] == pytest.approx(expected("reference-03")[1], rel=1e-6)
    assert "study" not in printed["seconds"]
    assert "Programme" not in openpyxl.load_workbook(tmp_path / "p.xlsx").sheetnames


def test_verify_passes_a_plan_and_fails_a_changed_one(tmp_path: Path) -> None:
    """0 and PASS with the proved gap; 6 and FAIL with the cell where the total cost was changed."""
    stockpile("plan", case_file(tmp_path, "reference-03"), "--out", tmp_path / "p.xlsx")
    good = stockpile("verify", tmp_path / "p.xlsx", "--json")
    book = openpyxl.load_workbook(tmp_path / "p.xlsx")
    row = next(cell.row for cell in book["Costs"]["A"] if cell.value == "Total")
    last = next(c for c in range(1, book["Costs"].max_column + 1) if book["Costs"].cell(4, c).value == "Total")
    book["Costs"].cell(row, last).value = 44
    book.save(tmp_path / "changed.xlsx")
    bad = stockpile("verify", tmp_path / "changed.xlsx")
    printed = json.loads(good.stdout)

    assert (good.returncode, printed["verdict"], printed["faults"]) == (0, "PASS", [])
    assert printed["objective"] == pytest.approx(expected("reference-03")[1], rel=1e-6)
    assert 0 <= printed["objective"] - printed["bound"] <= 1e-6 * printed["objective"]
    assert bad.returncode == 6
    assert bad.stdout.startswith("FAIL")
    assert f"Costs, row {row}: the total is 44, and the quantities give 44.18" in bad.stdout


@pytest.mark.parametrize(("name", "words"), [("reference-15", "cannot all hold together"), ("reference-06", "earn money without end")])
def test_a_case_without_a_plan_ends_with_3_and_writes_nothing(tmp_path: Path, name: str, words: str) -> None:
    done = stockpile("plan", case_file(tmp_path, name), "--json")
    spoken = stockpile("plan", tmp_path / f"{name}.xlsx")
    printed = json.loads(done.stdout)

    assert (done.returncode, spoken.returncode) == (3, 3)
    assert (printed["status"], printed["objective"], printed["out"]) == (expected(name)[0], None, None)
    assert words in spoken.stderr
    assert [path.name for path in tmp_path.iterdir()] == [f"{name}.xlsx"]


def test_a_stopped_solver_ends_with_4(tmp_path: Path) -> None:
    done = stockpile("plan", case_file(tmp_path, "reference-36"), "--time-limit", "0", "--json")

    assert done.returncode == 4
    assert json.loads(done.stdout)["status"] == "stopped"
    assert not (tmp_path / "reference-36-plan.xlsx").exists()


def test_mistakes_end_with_2_and_every_cell_is_named(tmp_path: Path) -> None:
    path = case_file(tmp_path, "reference-03")
    book = openpyxl.load_workbook(path)
    book["materials"]["B3"], book["supply"]["B3"] = "n/a", "Chnia"
    book.save(path)
    before = path.read_bytes()
    checked, planned = stockpile("check", path), stockpile("plan", path)

    assert (checked.returncode, planned.returncode) == (2, 2)
    for text in (checked.stdout, planned.stderr):
        assert "materials!B3: price must be a number in USD/kg, not 'n/a'." in text
        assert "supply!B3: country 'Chnia' is not known; did you mean 'China'?" in text
        assert "Traceback" not in text
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("plan", "nothing.xlsx"), "no such file"),
        (("plan", "case.xlsx", "--out", "case.xlsx"), "never written to"),
        (("plan", "case.xlsx", "--out", "plan.csv"), "ends in .xlsx"),
        (("plan", "case.xlsx", "--out", "nowhere/plan.xlsx"), "no such folder"),
        (("new", "case.xlsx"), "left as it is"),
        (("new", "case.xls"), "ends in .xlsx"),
        (("new", "other.xlsx", "--case", "us-2062"), "us-2026"),
    ],
)
def test_wrong_use_ends_with_2_and_one_clear_message(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    before = case_file(tmp_path, "reference-03").rename(tmp_path / "case.xlsx").read_bytes()
    done = stockpile(*arguments, cwd=tmp_path)

    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["case.xlsx"]
    assert (tmp_path / "case.xlsx").read_bytes() == before


@pytest.mark.parametrize("name", ["us-2026", "tutorial"])
def test_new_then_check_then_plan_works_unchanged(tmp_path: Path, name: str) -> None:
    path = tmp_path / "case.xlsx"
    made, checked, planned = stockpile("new", path, "--case", name), stockpile("check", path), stockpile("plan", path)

    assert (made.returncode, checked.returncode, planned.returncode) == (0, 0, 0)
    assert "ready to plan" in checked.stdout
    assert (tmp_path / "case-plan.xlsx").exists()


def test_the_blank_workbook_says_what_to_fill_in(tmp_path: Path) -> None:
    path = tmp_path / "case.xlsx"
    made, checked = stockpile("new", path), stockpile("check", path)

    assert (made.returncode, checked.returncode) == (0, 2)
    assert "settings!B2: start_year is empty, but it is required" in checked.stdout
    assert "materials!A3: there are no rows" in checked.stdout


def test_plan_also_writes_a_page(tmp_path: Path) -> None:
    pytest.importorskip("plotly")
    done = stockpile("plan", case_file(tmp_path, "reference-03"), "--html", tmp_path / "plan.html")

    assert done.returncode == 0
    assert f"the page is {tmp_path / 'plan.html'}" in done.stdout
    assert (tmp_path / "plan.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_every_command_has_help_with_an_example(command: tuple[str, ...]) -> None:
    done = stockpile(*command, "--help")

    assert done.returncode == 0
    assert f"stockpile {' '.join(command)}".strip() in done.stdout
    assert "xample" in done.stdout


def test_every_command_stands_in_the_readme() -> None:
    readme = (HOUSE / "README.md").read_text(encoding="utf-8")

    assert {"new", "check", "plan", "sweep"} <= {*COMMANDS}
    assert [name for name in COMMANDS if f"stockpile {name}" not in readme] == []


def test_help_does_not_import_what_it_does_not_need() -> None:
    """Pyomo, pandas, HiGHS and the service take most of a second; help must answer before them."""
    code = "import sys; sys.argv = ['stockpile', '--help']\nfrom cli.app import main\ntry: main()\nfinally: print([m for m in ('pyomo', 'pandas', 'highspy', 'openpyxl', 'fastapi', 'sqlite3') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=HOUSE, capture_output=True, text=True)

    assert done.stdout.strip().endswith("[]")


def test_a_folder_of_csv_files_is_planned_like_a_workbook(tmp_path: Path) -> None:
    done = stockpile("plan", HOUSE / "inputs" / "tutorial", "--out", tmp_path / "plan.xlsx", "--json")

    assert json.loads(done.stdout)["objective"] == pytest.approx(43823.7, rel=1e-9)


def test_somebodys_work_is_not_replaced(tmp_path: Path) -> None:
    """A plan may be written over an older plan, but not over a case, unless --force says so."""
    case, other = case_file(tmp_path, "reference-03"), case_file(tmp_path, "reference-06")
    before = other.read_bytes()
    refused, noted = stockpile("plan", case, "--out", other), stockpile("check", case, "--annotate", other)
    twice = [stockpile("plan", case, "--out", tmp_path / "plan.xlsx").returncode for _ in range(2)]

    assert (refused.returncode, noted.returncode, other.read_bytes()) == (2, 2, before)
    assert "add --force" in refused.stderr
    assert twice == [0, 0]
    assert stockpile("plan", case, "--out", other, "--force").returncode == 0


def test_a_finished_plan_is_no_case(tmp_path: Path) -> None:
    case = case_file(tmp_path, "reference-03")
    stockpile("plan", case)
    done = stockpile("check", tmp_path / "reference-03-plan.xlsx")

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "finished plan" in done.stderr


def test_plan_says_the_warnings_of_check(tmp_path: Path) -> None:
    done = stockpile("plan", case_file(tmp_path, "reference-00"))

    assert done.returncode == 0
    assert "warning: supply!E13: never usable: its capacity is 0." in done.stderr


@pytest.mark.slow
def test_without_plotly_the_plan_is_written_and_what_is_missing_is_said_after_it(tmp_path: Path) -> None:
    """The plan needs no plotly; the page does: exit code 2, for what was asked is not all there."""
    case, page = case_file(tmp_path, "reference-03"), tmp_path / "p.html"
    code = f"import sys; sys.modules['plotly'] = None; sys.argv = ['stockpile', 'plan', {str(case)!r}, '--html', {str(page)!r}, *sys.argv[1:]]\nfrom cli.app import main\nmain()"
    spoken, as_json = (
        subprocess.run([sys.executable, "-c", code, *more], cwd=HOUSE, capture_output=True, text=True) for more in ([], ["--json"])
    )
    said = 'p.html was not written: the page needs plotly for its charts, and it is not installed; in the folder of the project, run: pip install ".[html]"\n'
    printed = json.loads(as_json.stdout)

    assert (spoken.returncode, as_json.returncode) == (2, 2)
    assert "optimal: expected cost 44.2 million USD" in spoken.stdout
    assert spoken.stderr.endswith(said)
    assert as_json.stderr.endswith(said)
    assert (printed["status"], printed["html"], printed["missing"] in said) == ("optimal", None, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["reference-03-plan.xlsx", "reference-03.xlsx"]


def test_another_solver_on_two_threads_finds_the_same_plan(tmp_path: Path) -> None:
    done = stockpile("plan", case_file(tmp_path, "reference-03"), "--solver", "ipm", "--threads", "2")
    run = openpyxl.load_workbook(tmp_path / "reference-03-plan.xlsx")["Run"]
    facts = {row[1]: row[2] for row in run.iter_rows(values_only=True)}

    assert done.returncode == 0
    assert "optimal: expected cost 44.2 million USD" in done.stdout
    assert (facts["solver of HiGHS"], facts["threads"]) == ("ipm", 2)


@pytest.mark.slow
def test_hipo_that_is_not_installed_ends_with_2_and_says_how_to_get_it(tmp_path: Path) -> None:
    case = case_file(tmp_path, "reference-03")
    code = f"import sys; sys.modules['highspy_extras'] = None; sys.argv = ['stockpile', 'plan', {str(case)!r}, '--solver', 'hipo']\nfrom cli.app import main\nmain()"
    done = subprocess.run([sys.executable, "-c", code], cwd=HOUSE, capture_output=True, text=True)
    said = 'the solver hipo needs highspy-extras, and it is not installed; in the folder of the project, run: pip install ".[large]"\n'

    assert (done.returncode, done.stderr) == (2, said)
    assert [path.name for path in tmp_path.iterdir()] == ["reference-03.xlsx"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C reaches a whole console there")
@pytest.mark.parametrize("stage", ["read", "build", "solve", "write"])
def test_ctrl_c_ends_a_plan_with_a_word_and_leaves_nothing(tmp_path: Path, stage: str) -> None:
    """The name of the stage on the way shows that it has begun."""
    case = tmp_path / "us-2026.xlsx"
    case.write_bytes((HOUSE / "inputs" / "us-2026.xlsx").read_bytes())
    running = subprocess.Popen(
        [sys.executable, "-m", "cli", "plan", str(case)], cwd=HOUSE, stderr=subprocess.PIPE, text=True, preexec_fn=heed_ctrl_c
    )
    assert running.stderr is not None
    begun = next(line for line in running.stderr if line.startswith(stage))
    running.send_signal(signal.SIGINT)
    said = running.communicate()[1]

    assert begun == f"{stage} ...\n"
    assert running.returncode == 130
    assert said.endswith("interrupted before it was done\n")
    assert "Traceback" not in said
    assert [path.name for path in tmp_path.iterdir()] == [case.name]


@pytest.mark.slow
def test_what_the_solver_had_at_its_time_limit_is_no_plan(tmp_path: Path) -> None:
    """The shipped case takes longer than a twentieth of a second: 4, words of its own, and no file."""
    case = tmp_path / "us-2026.xlsx"
    case.write_bytes((HOUSE / "inputs" / "us-2026.xlsx").read_bytes())
    spoken, printed = (second_process("plan", case, "--time-limit", "0.05", *more) for more in ([], ["--json"]))
    found = json.loads(printed.stdout)

    assert (spoken.returncode, printed.returncode) == (4, 4)
    assert "no plan yet: the solver was stopped before it had proved one, and what it had by then is none." in spoken.stderr
    assert "optimal" not in spoken.stdout + spoken.stderr
    assert (found["status"], found["objective"], found["out"]) == ("stopped", None, None)
    assert [path.name for path in tmp_path.iterdir()] == [case.name]
