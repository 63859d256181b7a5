"""A short run of the fuzzer; `python -m tests.fuzz.mutate` is the long one."""

import pytest

from tests.fuzz.mutate import fuzz


@pytest.mark.slow
def test_mutated_workbooks_break_nothing() -> None:
    outcomes, broken = fuzz(count=60, seed=20261, plan_every=10)

    assert broken == []
    assert sum(outcomes.values()) == 60
    assert len(outcomes) > 5
