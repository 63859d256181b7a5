"""`stockpile explain` as a planner runs it: text, JSON, exit codes, the workbook and the mended copy."""

import json
from pathlib import Path

import pytest

from tests.cli.test_app import case_file
from tests.kit.command import stockpile

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
