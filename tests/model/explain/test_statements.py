"""The loosened program: with every slack at 0 it is the program of the case, and what a planner states can give way, each row of it."""

import numpy as np
import pytest

from inputs.case import Case
from model.explain.elastic import Elastic
from model.explain.statements import loosen
from model.plan import make_plan
from model.solver.program import Status
from tests.kit.contradictions import CONTRADICTIONS, SOUND, Contradiction
from tests.kit.small import every_sheet

PHYSICAL = {
    **{
        "market_balance": "a balance",
        "stock_balance": "a balance",
        "online_capacity": "what is on line",
        "offtake_limit": "no more than is made",
    },
    **{"capacity": "plants run no more than they can", "demand_left": "no more is short than needed", "output_loss": "what output loss is"},
}
"""Equations that no statement of a planner gives way in by itself, and why. A new family's equation is one of these, or has a lever."""


def test_every_equation_is_a_law_or_a_statement() -> None:
    """In a case with every family: a row of each equation that is no law has a slack. What keeps an account of costs is left out."""
    loosened = loosen(every_sheet(), facts=True)
    slacks = loosened.program.matrix[:, loosened.width :].tocsr()
    eased = {row.parent_component().local_name for r, row in enumerate(loosened.strict.rows) if slacks[[r]].nnz}
    every = {row.parent_component().local_name for row in loosened.strict.rows}

    assert every - eased <= set(PHYSICAL)
    assert every - set(PHYSICAL) == {
        *("purchase_limit", "storage", "budget", "share_caps", "floors", "capacity_floors"),
        *("pins_at_least", "pins_at_most", "capacity_limit"),
    }


@pytest.mark.parametrize("case", [SOUND, every_sheet()], ids=["sound", "every sheet"])
def test_all_statements_of_a_case_with_a_plan_hold(case: Case) -> None:
    for facts in (False, True):
        elastic = Elastic(loosen(case, facts=facts))

        assert make_plan(case).status is Status.OPTIMAL
        assert elastic.fail(range(len(elastic.levers))).holds


@pytest.mark.parametrize("seed", CONTRADICTIONS, ids=lambda seed: seed.name)
def test_nothing_fails_once_every_statement_is_given_up(seed: Contradiction) -> None:
    elastic = Elastic(loosen(seed.case))

    assert not elastic.fail(range(len(elastic.levers))).holds
    assert elastic.fail([]).holds
    assert np.all(elastic.loosened.most >= 0)
