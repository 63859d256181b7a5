"""Cases with known answers, made impossible at random: each is explained, and what is said to mend it does."""

import random

import pytest

from inputs.address import ChangeError
from inputs.apply import apply
from inputs.case import Case
from inputs.change import parse_change
from model.explain.findings import Change
from model.explain.report import explain
from model.plan import make_plan
from model.solver.program import Status
from tests.kit.cases import load_case

pytestmark = pytest.mark.slow

HARD = (
    *("sectors[*].coverage=1", "sectors[*].cover_months=12", "materials[*].purchase_limit=1", "materials[*].stock_limit=6"),
    *(
        "settings.storage_limit=12",
        "materials[*].release_limit=3",
        "settings.release_lag=6",
        "settings.ready_by=0",
        "demand[*].demand*=1000",
    ),
    *("materials[*].min_cover=200", "budget[*].amount*=0.01", "share_caps[*].cap*=0.3", "floors[*].share=0.9", "supply[*].capacity*=0.1"),
    *("plants[*].lead_time=60", "pins[*].at_least+=500", "materials[*].opening_stock=800", "supply[*].first_year=2028"),
)


def impossible(name: str, seed: int) -> Case:
    """A case with changes, one after another in random order, until there is no plan."""
    case = load_case(name)
    for text in random.Random(seed).sample(HARD, len(HARD)):
        try:
            case = apply(case, [parse_change(text, case)])
        except ChangeError:
            continue  # it has no such row
        if make_plan(case).status is Status.INFEASIBLE:
            break
    return case


def status_with(case: Case, *changes: Change) -> Status:
    return make_plan(apply(case, [parse_change(f"{change.address}={change.after:.12g}", case) for change in changes])).status


@pytest.mark.parametrize(
    ("name", "seed"),
    [
        *(("reference-05", 1), ("reference-05", 2), ("reference-09", 3), ("reference-16", 4), ("reference-22", 5)),
        *(("reference-22", 6), ("reference-39", 7), ("reference-39", 8), ("reference-46", 9), ("reference-54", 10)),
    ],
)
def test_an_impossible_case_is_explained_and_mended(name: str, seed: int) -> None:
    """The repair solves, and so does each statement that gives way alone where nothing else contradicts."""
    case = impossible(name, seed)
    found = explain(case)

    assert found.conflicts
    assert all(conflict.sentence for conflict in found.conflicts)
    assert found.shortfall is not None
    assert found.repair
    assert status_with(case, *found.repair) is not Status.INFEASIBLE
    if len(found.conflicts) == 1:
        for each in found.alone:
            assert each.change is None or status_with(case, each.change) is not Status.INFEASIBLE
