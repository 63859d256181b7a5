"""Why there is no plan, on seeded contradictions: the cells that are wrong are named."""

import pytest

from model.explain.report import explain
from tests.kit.contradictions import CONTRADICTIONS, SOUND, Contradiction


@pytest.mark.parametrize("seed", CONTRADICTIONS, ids=lambda seed: seed.name)
def test_the_seeded_cells_are_in_one_conflict(seed: Contradiction) -> None:
    found = explain(seed.case)

    assert not found.unexplained
    assert [conflict for conflict in found.conflicts if seed.cells <= {statement.address for statement in conflict.statements}]


def test_a_case_with_a_plan_has_nothing_to_explain() -> None:
    found = explain(SOUND)

    assert not found.conflicts
    assert "there is a plan" in found.unexplained
