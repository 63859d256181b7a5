"""The seeded contradictions are what they say: the sound case has a plan, each seeded one has none."""

import pytest

from model.plan import make_plan
from model.solver.program import Status
from tests.kit.contradictions import CONTRADICTIONS, SOUND, Contradiction, without_works
from tests.kit.small import near, series


def test_the_sound_case_buys_all_that_the_embargo_takes() -> None:
    """10 t less the 4 of Chile, before the first embargo can begin."""
    plan = make_plan(without_works())

    assert make_plan(SOUND).status is Status.OPTIMAL
    assert series(plan, "supply", offer="Dy purchase") == near([6, 0, 0, 0])


@pytest.mark.parametrize("seed", CONTRADICTIONS, ids=lambda seed: seed.name)
def test_each_seed_leaves_no_plan(seed: Contradiction) -> None:
    assert make_plan(seed.case).status is Status.INFEASIBLE
