"""Short runs of the fuzzers; `python -m tests.fuzz.mutate` and `python -m tests.fuzz.attack` are the long ones."""

import pytest

from tests.fuzz.attack import attack
from tests.fuzz.mutate import fuzz


@pytest.mark.slow
def test_mutated_workbooks_break_nothing() -> None:
    outcomes, broken = fuzz(count=60, seed=20261, plan_every=10)

    assert broken == []
    assert sum(outcomes.values()) == 60
    assert len(outcomes) > 5


@pytest.mark.slow
@pytest.mark.parametrize("case", ["sound", "tutorial"])
def test_every_mutant_has_findings_a_proved_plan_or_words_why_there_is_none(case: str) -> None:
    attempts = list(attack(mutants=20, case=case, seed=20262))

    assert [found for found in attempts if not found.holds] == []
    assert len({found.outcome for found in attempts}) > 1


@pytest.mark.slow
def test_an_attack_tells_a_mutant_that_takes_too_long_or_too_much() -> None:
    found = [*attack(mutants=1, seconds=0.001), *attack(mutants=1, megabytes=1.0)]

    assert [(attempt.outcome, attempt.holds) for attempt in found] == [("hang", False), ("too much memory", False)]
