"""`stockpile sweep` from the workbook to its files: what is asked, what is written, and what is said."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from inputs.files import write_whole
from inputs.template import write_case
from model.sweep.run import SweepProgress
from outputs.plan_file import plan_file
from outputs.sweep_file import SweepOrder, sweep_file
from tests.kit.cases import grids, sheets

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

    outcome = sweep_file(case, SweepOrder((VARY,), plan_of=1), progress)

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
