"""A process with threads can plan in each of them, and is left as it was."""

import gc
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from model.plan import make_plan
from model.process_state import environment, pyomo_alone
from tests.kit.small import every_sheet


def test_plans_in_threads_are_those_made_alone() -> None:
    """Four at once; the garbage collector works afterwards."""
    case = every_sheet()
    alone = make_plan(case).objective
    with ThreadPoolExecutor(4) as threads:
        found = [plan.objective for plan in threads.map(make_plan, [case] * 8)]

    assert found == [alone] * 8
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_the_environment_of_processes_that_begin_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOCKPILE_SET", "before")
    monkeypatch.delenv("STOCKPILE_UNSET", raising=False)
    with environment({"STOCKPILE_SET": "within", "STOCKPILE_UNSET": "within"}):
        assert os.environ["STOCKPILE_SET"] == os.environ["STOCKPILE_UNSET"] == "within"

    assert os.environ["STOCKPILE_SET"] == "before"
    assert "STOCKPILE_UNSET" not in os.environ


def test_what_a_build_makes_counts_as_old_and_what_is_frozen_stays_so() -> None:
    """The youngest generation is looked at again and again, the oldest (2) seldom; frozen objects are in none."""
    with pyomo_alone():
        made = [[] for _ in range(3)]  # type: ignore[var-annotated]

    assert any(thing is made for thing in gc.get_objects(generation=2))

    gc.freeze()
    try:
        with pyomo_alone():
            later = [made]
        assert gc.get_freeze_count() > 0
        assert not any(thing is later for thing in gc.get_objects(generation=2))
    finally:
        gc.unfreeze()
