"""A plan from its own workbook once more: the same, or what differs; and its inputs as a case."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from inputs.errors import FileError
from inputs.shipped import new_workbook
from inputs.template import write_case
from inputs.workbook import examine
from model.plan import Plan, make_plan
from outputs.excel.workbook import write_plan
from outputs.plan_file import plan_file
from outputs.reproduce_file import reproduce_file
from tests.kit import cases
from tests.kit.small import every_sheet
from tests.outputs.tables.test_units import plan_in


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plan of a case that buys and orders, from its workbook."""
    folder = tmp_path_factory.mktemp("plan")
    write_case(folder / "case.xlsx", cases.grids(cases.sheets("reference-16")))
    plan_file(folder / "case.xlsx", folder / "plan.xlsx")
    return folder / "plan.xlsx"


def changed(book: Path, copy: Path, sheet: str, what: str, value: Any, column: int = 3) -> Path:
    """A copy of a plan with another value in the row that has a text in its second column."""
    workbook = openpyxl.load_workbook(book)
    row = next(row for row in workbook[sheet].iter_rows() if what in [cell.value for cell in row[:2]])
    row[column - 1].value = value
    workbook.save(copy)
    return copy


def test_a_plan_comes_out_again(book: Path) -> None:
    outcome = reproduce_file(book)

    assert outcome.same
    assert outcome.found == pytest.approx(outcome.said, rel=1e-9)
    assert outcome.remarks == ()


@pytest.mark.parametrize(
    "make", [lambda: make_plan(every_sheet()), partial(plan_in, typed=True)], ids=["every sheet", "the planner's own units"]
)
def test_the_inputs_of_a_plan_are_a_case_that_gives_the_same_plan(make: Callable[[], Plan], tmp_path: Path) -> None:
    """Written with --case, they pass `check`, are the same case to the last digit, and plan to the same cost."""
    plan = make()
    outcome = reproduce_file(write_plan(plan, tmp_path / "plan.xlsx"), tmp_path / "again.xlsx")
    reading = examine(tmp_path / "again.xlsx")

    assert outcome.same
    assert outcome.case == tmp_path / "again.xlsx"
    assert not reading.errors
    assert reading.case is not None
    assert reading.case.fingerprint == plan.case.fingerprint
    assert make_plan(reading.case).objective == pytest.approx(plan.objective, rel=1e-12)


def test_the_sweeps_of_a_case_come_back_with_its_inputs(tmp_path: Path) -> None:
    """The teaching case has rows on the sheet sweeps; its plan repeats them."""
    new_workbook(tmp_path / "case.xlsx", "tutorial")
    plan_file(tmp_path / "case.xlsx", tmp_path / "plan.xlsx")
    reproduce_file(tmp_path / "plan.xlsx", tmp_path / "again.xlsx")
    before, after = examine(tmp_path / "case.xlsx").case, examine(tmp_path / "again.xlsx").case

    assert before is not None
    assert after is not None
    assert before["sweeps"]["address"].tolist() == after["sweeps"]["address"].tolist()


def test_another_input_is_found_by_cost_and_fingerprint(book: Path, tmp_path: Path) -> None:
    """The discount rate doubled in the repeated inputs: another case, another cost, other quantities."""
    outcome = reproduce_file(changed(book, tmp_path / "p.xlsx", "in settings", "discount_rate", 0.5, 2))

    assert not outcome.same
    assert any("fingerprint" in difference for difference in outcome.differences)
    assert any("solved again" in difference and "cost" in difference for difference in outcome.differences)


def test_another_cost_on_the_workbook_is_found(book: Path, tmp_path: Path) -> None:
    said = reproduce_file(book).said
    assert isinstance(said, float)
    outcome = reproduce_file(changed(book, tmp_path / "p.xlsx", "Run", "objective", said * (1 + 1e-8)))

    assert [d for d in outcome.differences if "cost" in d] == list(outcome.differences)


def test_another_version_is_a_remark(book: Path, tmp_path: Path) -> None:
    outcome = reproduce_file(changed(book, tmp_path / "p.xlsx", "Run", "highspy", "0.0.1"))

    assert outcome.same
    assert outcome.remarks[0].startswith("the plan was made with highspy 0.0.1, and this is ")


def test_files_that_are_there_are_left_alone(book: Path, tmp_path: Path) -> None:
    (tmp_path / "there.xlsx").write_text("mine")

    with pytest.raises(FileError, match="this file exists"):
        reproduce_file(book, tmp_path / "there.xlsx")
    with pytest.raises(FileError, match="this is the plan itself"):
        reproduce_file(book, book)
    assert (tmp_path / "there.xlsx").read_text() == "mine"


@pytest.mark.parametrize(
    ("item", "value", "said"),
    [
        ("solver of HiGHS", "foo", "'foo' is no solver; there are choose, simplex, ipm, hipo."),
        ("threads", 0, "0 is no number of threads; it is a whole number from 1 on."),
        ("threads", "many", "'many' is no number of threads"),
    ],
)
def test_run_that_there_is_not_is_named_with_its_cell(book: Path, tmp_path: Path, item: str, value: Any, said: str) -> None:
    damaged = changed(book, tmp_path / "plan.xlsx", "Run", item, value)

    with pytest.raises(FileError, match=rf"plan\.xlsx: Run!C\d+: {re.escape(said)}"):
        reproduce_file(damaged)
