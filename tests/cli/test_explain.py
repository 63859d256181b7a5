"""`stockpile explain` as a planner runs it: text, JSON, exit codes, the workbook and the mended copy."""

import csv
import json
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from inputs.template import write_case
from inputs.workbook import examine
from tests.cli.test_app import case_file
from tests.kit.cases import grids_of
from tests.kit.command import stockpile
from tests.kit.contradictions import CONTRADICTIONS, SOUND, without_works
from tests.kit.house import HOUSE
from tests.kit.kill_sweep import heed_ctrl_c

NOTHING: dict[str, object] = {"conflicts": [], "repair": [], "alone": [], "applied": None}


def test_a_case_with_a_plan_has_nothing_to_explain(tmp_path: Path) -> None:
    """Nothing is written, neither the explanation nor the copy."""
    case = case_file(tmp_path, "reference-03")
    spoken = stockpile("explain", case, "--apply", tmp_path / "copy.xlsx")
    printed = stockpile("explain", case, "--json")

    assert (spoken.returncode, printed.returncode) == (0, 0)
    assert spoken.stdout.startswith(f"{case}: a plan exists, so there is nothing to explain")
    assert json.loads(printed.stdout) == {"status": "optimal", **NOTHING}
    assert [path.name for path in tmp_path.iterdir()] == [case.name]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--out", "case.xlsx"), "never written to"),
        (("--out", "e.csv"), "ends in .xlsx"),
        (("--apply", "case.xlsx"), "never written to"),
        (("--apply", "copy.csv"), "must end in .xlsx"),
        (("--apply", "nowhere/copy.xlsx"), "no such folder"),
        (("--keep", "sector[defense].coverage"), "did you mean"),
        (("--set", "sectors[*].coverage"), "say how it varies"),
        (("--set", "sectors[*].coverage=1", "--apply", "copy.xlsx"), "not both"),
    ],
)
def test_wrong_use_ends_with_2_before_anything_is_solved(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    case_file(tmp_path, "reference-15").rename(tmp_path / "case.xlsx")
    done = stockpile("explain", "case.xlsx", *arguments, cwd=tmp_path)

    assert done.returncode == 2
    assert words in done.stderr
    assert "..." not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["case.xlsx"]


def seeded(folder: Path, name: str) -> Path:
    """The workbook of a contradiction."""
    path = folder / "case.xlsx"
    write_case(path, grids_of(next(found.case for found in CONTRADICTIONS if found.name == name)))
    return path


def test_a_case_without_a_plan_is_explained_by_its_cells(tmp_path: Path) -> None:
    """The stockpile may buy 1 t of Dy a year, and defense lacks 6 t: said on the screen, in JSON, and in a workbook beside the case."""
    case = seeded(tmp_path, "purchase limit")
    before, places = case.read_bytes(), examine(case).places
    cells = {f"sectors!{places.cell('sectors', 'coverage', 4)}", f"materials!{places.cell('materials', 'purchase_limit', 3)}"}
    spoken, printed = stockpile("explain", case), stockpile("explain", case, "--json")
    found = json.loads(printed.stdout)

    assert (spoken.returncode, printed.returncode) == (0, 0)
    assert spoken.stdout.startswith(f"{case}: no plan exists: these cannot all hold together")
    assert [f"({cell})" in spoken.stdout for cell in cells] == [True, True]
    assert spoken.stdout.splitlines()[-1] == f"the explanation is in {tmp_path / 'case-explained.xlsx'}"
    assert list(found) == ["status", "conflicts", "repair", "alone", "applied"]
    assert found["status"] == "infeasible"
    assert cells <= {statement["place"] for statement in found["conflicts"][0]["statements"]}
    assert case.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case-explained.xlsx", "case.xlsx"]


def test_plan_explains_too_and_writes_nothing(tmp_path: Path) -> None:
    """3, the same text as `explain`, and the same JSON under `explanation`."""
    case = seeded(tmp_path, "purchase limit")
    spoken, printed = stockpile("plan", case), stockpile("plan", case, "--json")

    assert (spoken.returncode, printed.returncode) == (3, 3)
    assert [path.name for path in tmp_path.iterdir()] == [case.name]
    explained, as_json = stockpile("explain", case), json.loads(stockpile("explain", case, "--json").stdout)
    text = "\n".join(explained.stdout.splitlines()[:-1])
    assert text in spoken.stderr
    assert "explain ...\n" in spoken.stderr
    assert json.loads(printed.stdout)["explanation"] == {key: as_json[key] for key in ("conflicts", "repair", "alone")}


def test_a_change_can_be_explained_that_leaves_no_plan(tmp_path: Path) -> None:
    """The case is sound but for the change; the workbook says what was changed."""
    case = tmp_path / "case.xlsx"
    write_case(case, grids_of(SOUND))
    done = stockpile("explain", case, "--set", "materials[Dy].stock_limit=0", "--set", "plants[works].capacity_limit=0")
    sheet = openpyxl.load_workbook(tmp_path / "case-explained.xlsx")["Why no plan"]
    places = examine(case).places

    assert stockpile("explain", case).stdout.startswith(f"{case}: a plan exists")
    assert done.returncode == 0
    assert f"(materials!{places.cell('materials', 'stock_limit', 3)})" in done.stdout
    assert "materials[Dy].stock_limit" in [row[3] for row in sheet.iter_rows(values_only=True)]


def test_a_point_of_a_sweep_without_a_plan_is_explained_on_request(tmp_path: Path) -> None:
    """Point 1 of two allows no stock, and no plant can be built."""
    case = tmp_path / "case.xlsx"
    write_case(case, grids_of(without_works()))
    asked = ("sweep", case, "--vary", "materials[Dy].stock_limit=30,0", "--plan-of", "1")
    spoken, printed = stockpile(*asked), stockpile(*asked, "--json")
    cell = f"materials!{examine(case).places.cell('materials', 'stock_limit', 3)}"

    assert (spoken.returncode, printed.returncode) == (3, 3)
    assert "point 1: no plan exists" in spoken.stderr
    assert f"({cell})" in spoken.stderr
    assert cell in {s["place"] for s in json.loads(printed.stdout)["explanation"]["conflicts"][0]["statements"]}


def in_kilograms(case: Path) -> None:
    """The purchase limit of 1 t/yr as the planner's 1,000 kg/yr."""
    book = openpyxl.load_workbook(case)
    sheet = book["materials"]
    column = next(cell.column for cell in sheet[1] if cell.value == "purchase_limit")
    sheet.cell(2, column).value, sheet.cell(3, column).value = "kg/yr", 1000
    book.save(case)


def test_the_least_change_is_made_in_a_copy_in_the_planners_unit(tmp_path: Path) -> None:
    """6 t are missing in 2027, and must be bought in 2026: the purchase limit rises from 1,000 to 6,000 kg/yr, and the copy has a plan."""
    case, copy = seeded(tmp_path, "purchase limit"), tmp_path / "mended.xlsx"
    in_kilograms(case)
    before = case.read_bytes()
    done = stockpile("explain", case, "--json", "--apply", copy)
    found = json.loads(done.stdout)
    cell = f"materials!{examine(case).places.cell('materials', 'purchase_limit', 3)}"
    changed = openpyxl.load_workbook(copy)["materials"][cell.partition("!")[2]]

    assert (done.returncode, found["applied"]) == (0, str(copy))
    assert found["repair"] == [{"place": cell, "from": 1000, "to": pytest.approx(6000, rel=0.01), "unit": "kg/yr"}]
    assert changed.value == found["repair"][0]["to"]
    assert "1,000 kg/yr" in changed.comment.text
    assert case.read_bytes() == before
    assert stockpile("plan", copy, "--quick").returncode == 0


def test_a_cell_that_is_kept_is_not_changed(tmp_path: Path) -> None:
    """Instead of the purchase limit, the coverage or the demand of defense gives way; an address that does not exist is refused."""
    case = seeded(tmp_path, "purchase limit")
    all_kept = ("--keep", "materials[*].purchase_limit", "--keep", "sectors[*].coverage", "--keep", "demand[*].demand")
    usual, kept = (
        json.loads(stockpile("explain", case, "--json", *more).stdout) for more in ([], ["--keep", "materials[Dy].purchase_limit"])
    )
    cell = f"materials!{examine(case).places.cell('materials', 'purchase_limit', 3)}"

    assert [change["place"] for change in usual["repair"]] == [cell]
    assert kept["repair"] != []
    assert cell not in [change["place"] for change in kept["repair"]]
    assert "No change of the cells that may change gives a plan.\n" in stockpile("explain", case, *all_kept).stdout


def test_free_money_is_named_with_its_cells(tmp_path: Path) -> None:
    """M3 is bought for 33.41 USD/kg, and 60 % of 77.46 is left of it at the end; there is no least change to make."""
    case, copy = case_file(tmp_path, "reference-06"), tmp_path / "copy.xlsx"
    spoken, printed = stockpile("explain", case, "--apply", copy), stockpile("explain", case, "--json")
    found, reading = json.loads(printed.stdout), examine(case)
    cells = [reading.place(address) for address in ("supply[o23].price", "materials[M3].resale_share")]
    book = openpyxl.load_workbook(tmp_path / "reference-06-explained.xlsx")

    assert (spoken.returncode, printed.returncode) == (0, 0)
    assert "no plan exists: together these earn money without end:" in spoken.stdout
    assert (found["status"], found["repair"], found["alone"], found["applied"]) == ("unbounded", [], [], None)
    assert [statement["place"] for statement in found["conflicts"][0]["statements"]] == cells
    assert "Each tonne bought earns" in found["conflicts"][0]["sentence"]
    assert book.sheetnames == ["Why no plan", "Contents", "Run"]
    assert "there is no change of cells that gives a plan" in spoken.stderr
    assert not copy.exists()


SEEDS = [found.name for found in CONTRADICTIONS]
REFUSED = ["capacity floors with late lead times", "pins against limits"]
"""Those that `check` finds too, with their cells."""


@pytest.mark.parametrize("name", REFUSED)
def test_what_check_finds_to_contradict_is_refused_by_plan_and_explained_all_the_same(tmp_path: Path, name: str) -> None:
    case, copy = seeded(tmp_path, name), tmp_path / "mended.xlsx"
    planned, explained = stockpile("plan", case), stockpile("explain", case, "--apply", copy)

    assert (planned.returncode, explained.returncode) == (2, 0)
    assert planned.stderr.rstrip().endswith(f"stockpile explain {case}")
    assert "no plan exists: these cannot all hold together" in explained.stdout
    assert stockpile("plan", copy, "--quick").returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", SEEDS)
def test_every_seeded_contradiction_is_explained_and_its_mended_copy_has_a_plan(tmp_path: Path, name: str) -> None:
    case, copy = seeded(tmp_path, name), tmp_path / "mended.xlsx"
    done = stockpile("explain", case, "--json", "--apply", copy)
    found, reading = json.loads(done.stdout), examine(case)
    reading = replace(reading, case=reading.case or reading.contradictory)
    cells = {reading.place(address) for contradiction in CONTRADICTIONS if contradiction.name == name for address in contradiction.cells}

    assert (done.returncode, found["applied"]) == (0, str(copy))
    assert cells <= {statement["place"] for conflict in found["conflicts"] for statement in conflict["statements"]}
    assert stockpile("plan", copy, "--quick").returncode == 0


def test_of_a_folder_the_file_and_line_are_named_and_no_copy_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    folder.mkdir()
    for sheet, grid in grids_of(next(found.case for found in CONTRADICTIONS if found.name == "purchase limit")).items():
        with (folder / f"{sheet}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(grid)
    spoken, refused = stockpile("explain", folder), stockpile("explain", folder, "--apply", tmp_path / "copy.xlsx", "--force")

    assert spoken.returncode == 0
    assert "(materials.csv, line 3, purchase_limit)" in spoken.stdout
    assert (tmp_path / "case-explained.xlsx").exists()
    assert refused.returncode == 2
    assert "not a folder of CSV files" in refused.stderr


def test_the_example_of_the_readme_is_what_the_command_says(tmp_path: Path) -> None:
    """The teaching case where no more than 1 t of Dy may be bought a year: 10 t are needed in 2027, 5 t the plant makes, 1 t is in store."""
    readme = (HOUSE / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"```text\n\$ stockpile (explain .*)\n((?:.*\n)+?)```", readme)
    assert shown
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs" / "tutorial.xlsx").write_bytes((HOUSE / "inputs" / "tutorial.xlsx").read_bytes())
    done = stockpile(*[word.strip('"') for word in shown[1].split()], cwd=tmp_path)

    assert done.stdout == shown[2]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C reaches a whole console there")
def test_ctrl_c_ends_an_explanation_with_a_word_and_leaves_nothing(tmp_path: Path) -> None:
    """The shipped case has no plan where all must be ready at once."""
    case = tmp_path / "us-2026.xlsx"
    case.write_bytes((HOUSE / "inputs" / "us-2026.xlsx").read_bytes())
    running = subprocess.Popen(
        [sys.executable, "-m", "cli", "explain", str(case), "--set", "settings.ready_by=0"],
        cwd=HOUSE, stderr=subprocess.PIPE, text=True, preexec_fn=heed_ctrl_c,
    )  # fmt: skip
    assert running.stderr is not None
    begun = next(line for line in running.stderr if line.startswith(("contradictions", "a plan exists")))
    running.send_signal(signal.SIGINT)
    said = running.communicate()[1]

    assert begun == "contradictions ...\n"
    assert running.returncode == 130
    assert said.endswith("interrupted before it was done\n")
    assert [path.name for path in tmp_path.iterdir()] == [case.name]
