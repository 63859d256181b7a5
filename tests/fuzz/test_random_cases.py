"""A short run of the random cases; `python -m tests.fuzz.random_cases` is the long one."""

from pathlib import Path

import pytest

from inputs.schema import SHEETS, UNREAD
from tests.fuzz.random_cases import Draw, agree, unverified


def test_plain_and_extracted_programs_agree_on_random_cases() -> None:
    statuses, _, broken = agree(count=20, seed=20261)

    assert broken == []
    assert sum(statuses.values()) == 20
    assert statuses["optimal"] > 6


@pytest.mark.slow
def test_plans_of_random_cases_pass_by_their_workbooks_alone(tmp_path: Path) -> None:
    plans, broken = unverified(count=20, seed=1, path=tmp_path / "plan.xlsx")

    assert broken == []
    assert plans > 6


def test_the_random_cases_use_every_sheet() -> None:
    filled = {sheet for number in range(100) for sheet, rows in Draw(number).sheets().items() if rows}

    assert filled == {sheet.name for sheet in SHEETS} - {*UNREAD}
