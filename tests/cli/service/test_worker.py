"""What the process of a run says of it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from cli.service.worker import done
from inputs.template import write_case
from tests.kit.cases import grids, sheets


def test_errors_of_another_workbook_are_those_of_its_own_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The price of the case is a number; that of the workbook which it is compared with is the word `dear`, in the same cell."""
    sound, wrong = (sheets("reference-03") for _ in range(2))
    wrong["materials"][0]["price"] = "dear"
    (tmp_path / "others").mkdir()
    write_case(tmp_path / "case.xlsx", grids(sound))
    write_case(tmp_path / "others/2.xlsx", grids(wrong))
    monkeypatch.chdir(tmp_path)
    options = {"plans_alone": False, "names": [], "regret": False}
    request = {"kind": "compare", "options": options, "others": ["others/2.xlsx"], "bytes": 4e9, "unpacked_bytes": 4e8}
    found = done(request, io.StringIO())

    assert found["status"] == "invalid"
    assert isinstance(found["errors"], list)
    assert [(error["sheet"], error["found"]) for error in found["errors"]] == [("materials", "dear")]
