"""A short run of the random cases; `python -m tests.fuzz.random_cases` is the long one."""

from inputs.schema import SHEETS, SWEEPS
from tests.fuzz.random_cases import agree, random_case


def test_plain_and_extracted_programs_agree_on_random_cases() -> None:
    statuses, _, broken = agree(count=25, seed=20261)

    assert broken == []
    assert sum(statuses.values()) == 25
    assert statuses["optimal"] >= 10


def test_the_random_cases_use_every_sheet() -> None:
    drawn = [random_case(number)[0] for number in range(60)]

    assert {sheet.name for sheet in SHEETS if any(len(case[sheet.name]) for case in drawn if sheet.name in case.frames)} >= {
        sheet.name for sheet in SHEETS if sheet.name not in ("settings", SWEEPS)
    }
