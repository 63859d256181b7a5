"""What holds of every plan of whole futures, on random cases and on the shipped one."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from inputs.shipped import shipped_grids
from inputs.workbook import parse
from model.growth import grow_tree
from model.plan import make_plan
from model.solver.program import Status
from tests.fuzz.random_cases import random_case
from tests.kit.small import Row, case, near


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_expected_months_are_the_horizon_and_outcomes_add_to_one(number: int) -> None:
    tree = grow_tree(random_case(number)[0].with_setting("aftermath", True))

    assert tree.prob @ tree.length == near(tree.horizon)
    assert tree.leaf.sum() == near(1)
    assert tree.settle.sum() == near(1)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6))
def test_without_hazard_the_aftermath_makes_no_difference(number: int) -> None:
    """
    Nothing but the peace of the trunk has weight. No promise of coverage is made here, since which orders in a cutoff could keep it
    depends on the aftermath: they must be ready before the horizon with it, before the cutoff ends without.
    """
    base = random_case(number)[0]
    for sheet in ("cutoffs", "hazards"):
        base = base.with_frame(sheet, base[sheet].assign(annual_probability=0.0))
    base = base.with_frame("cutoffs", base["cutoffs"].assign(protected=False))
    whole, short = (make_plan(base.with_setting("aftermath", lasting)) for lasting in (True, False))
    assume(whole.status is Status.OPTIMAL)

    assert short.status is Status.OPTIMAL
    assert whole.objective == pytest.approx(short.objective, rel=1e-6, abs=1e-4)


@st.composite
def cases_that_only_get_worse(draw: st.DrawFn) -> dict[str, Any]:
    """
    In peace all demand can be met at up to twice the price, and Dy costs the stockpile more than that (else a cutoff would be the chance
    to release what peace could not use); nothing is saved or offered in a cutoff only, nothing is promised, held at a cost, lost
    or worth anything at the end, and prices and demand stand still: a cutoff can only take, raise prices and add demand.
    """
    number = st.floats(0, 1).map(lambda x: round(x, 3))
    supply: list[Row] = [
        {"offer": "China", "country": "China", "material": "Dy", "capacity": 6 + 12 * draw(number)},
        {"offer": "Chile", "country": "Chile", "material": "Dy", "capacity": 12, "price_share": 1 + draw(number)},
        {"offer": "home", "country": "Japan", "material": "Dy", "capacity": 3 * draw(number), "price_share": 1 + draw(number)},
        {"offer": "purchase", "country": "Chile", "material": "Dy", "buyer": "stockpile", "price_share": 2.1 + draw(number)},
    ]
    works = {"capacity_limit": 12, "capex": 100_000 * draw(number), "lead_time": draw(st.sampled_from([6, 12, 18])), "residual_share": 0}
    return {
        "sectors": {"sector": "civil", "shortage_multiple": 4 + 10 * draw(number)},
        "supply": supply,
        "plants": {"plant": "works", "kind": "refinery", "country": "Japan", **works},
        "modes": {"plant": "works", "mode": "run", "variable_cost": 200_000 * draw(number)},
        "recipes": {"plant": "works", "mode": "run", "material": "Dy", "quantity": 1},
        "cutoffs": {"cutoff": "c", "price_multiple": 1 + draw(number), "recovery": draw(st.sampled_from([0, 8]))},
        "durations": [{"cutoff": "c", "months": months, "probability": 0.5} for months in draw(st.sampled_from([(3, 9), (6, 18)]))],
        "losses": [{"cutoff": "c", "country": x, "material": "*", "supply_lost": draw(number)} for x in ("China", "Chile")],
        "surges": {"cutoff": "c", "sector": "civil", "demand_multiple": 1 + draw(number)},
    }


@settings(max_examples=10, deadline=None)
@given(cases_that_only_get_worse(), st.lists(st.floats(0, 0.9), min_size=3, max_size=3).map(sorted))
def test_a_higher_hazard_never_lowers_the_expected_cost_of_what_it_makes_worse(sheets: dict[str, Any], chances: list[float]) -> None:
    base = {"horizon": 2, "period": 6, "aftermath": "yes", "crisis_orders": "no"}
    costs = []
    for chance in chances:
        plan = make_plan(case(base, **{**sheets, "cutoffs": {**sheets["cutoffs"], "annual_probability": chance}}))
        assert plan.objective is not None
        costs.append(plan.objective)

    assert (np.diff(costs) >= -1e-6 * np.abs(costs[1:])).all(), costs


@pytest.mark.slow
def test_yearly_pieces_of_aftermath_change_the_plan_of_the_shipped_case_little() -> None:
    """Finer pieces change when the aftermath is discounted and how growth is averaged: within half a percent of the cost, and within 2 % of the stock's worth."""
    base = parse(shipped_grids("us-2026")).case
    assert base is not None
    whole, yearly = (make_plan(base.with_setting("aftermath_period", piece)) for piece in (float("inf"), 12.0))

    assert len(yearly.tree) > len(whole.tree)
    assert yearly.objective == pytest.approx(whole.objective, rel=0.005)
    assert held(yearly) == pytest.approx(held(whole), rel=0.02)


def held(plan: Any) -> float:
    """Stock at the end of the first three years of peace, at the prices of the materials: thousand USD."""
    stock = plan.values["stock"].reshape(-1, plan.tree.aftermath)[:, :3]
    price = plan.data.values["price"].reshape(-1, len(plan.tree))[:, :3]
    return float((stock * price).sum())
