"""`stockpile explain` as a planner runs it: text, JSON, exit codes, the workbook and the mended copy."""

import json
from pathlib import Path

import openpyxl
import pytest

from inputs.template import write_case
from inputs.workbook import examine
from tests.cli.test_app import case_file
from tests.kit.cases import grids_of
from tests.kit.command import stockpile
from tests.kit.contradictions import CONTRADICTIONS, SOUND, without_works

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
