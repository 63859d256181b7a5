"""The second rule: of plans that cost the same, which one, whatever the order of rows."""

import numpy as np
import pytest

from inputs.shipped import shipped_grids
from inputs.workbook import parse
from model.certify import certify
from model.plan import make_plan
from model.second_rule import Decided, scattered
from model.solver.program import Status
from tests.fuzz.random_cases import random_case
from tests.kit.shuffled import farthest, quantities, shuffled
from tests.kit.small import case, embargo, near, plan_of, plant

TWINS = [
    {"offer": "B first in the file", "country": "Chile", "material": "Dy"},
    {"offer": "A second in the file", "country": "Chile", "material": "Dy"},
]


def test_of_two_offers_alike_the_first_by_name_is_taken() -> None:
    """12 t a year for two years at one price from either: A brings all 24 t, and B none."""
    plan = plan_of(supply=TWINS)
    taken = plan.frame("supply").groupby("offer")["value"].sum()

    assert plan.objective == near(24 * 100)
    assert taken["A second in the file"] == near(24)
    assert taken["B first in the file"] == near(0)
    assert plan.decided is Decided.RULE


def test_a_plan_without_others_of_its_cost_says_so() -> None:
    """One offer at 100 USD/kg beside a shortage at 1,000: nothing is left to choose."""
    plan = plan_of()

    assert plan.decided is Decided.NOTHING


def test_what_can_be_bought_early_or_late_is_bought_late() -> None:
    """
    Nothing is lost, held or discounted, and Dy costs the same each year: the 6 t for a cutoff in the third year can be bought in either
    of the first two, or half in each. The stock is worth least over the plan if all are bought in the second, though "2026" comes first.
    """
    plan = plan_of(
        {"horizon": 3, "ready_by": 24},
        sectors={"sector": "civil", "shortage_multiple": 10, "coverage": 1, "cover_months": 6},
        supply=[
            {"offer": "import", "country": "China", "material": "Dy"},
            {"offer": "reserve", "country": "Chile", "material": "Dy", "buyer": "stockpile"},
        ],
        **embargo(first_year=2028),
    )
    bought = plan.frame("supply").query("offer == 'reserve'").set_index("node")["value"]

    assert plan.decided is Decided.RULE
    assert bought[0] == near(0)
    assert bought[1] == near(6)


def test_capacity_that_is_worth_nothing_is_not_ordered() -> None:
    """A plant without capex that makes Dy at 200 USD/kg, twice what it costs abroad, may be ordered or not; the second rule orders none."""
    plan = plan_of(**plant(country="Japan", capacity_limit=50, capex=0, variable_cost=200_000))

    assert plan.frame("order")["value"].sum() == near(0)
    assert plan.decided is Decided.RULE


def test_stock_is_not_released_where_nobody_needs_it() -> None:
    """
    6 t are held for half a year without China; in a strike only Peru's 2 t/yr are gone, which China makes good at the same price. What is in
    store is worth nothing afterwards, so a release instead of an import would save money: 3 t in 3 months, all that is needed, and no tonne more.
    """
    cut = embargo(months=6, chance=0.2)
    plan = plan_of(
        sectors={"sector": "civil", "shortage_multiple": 10, "coverage": 1, "cover_months": 6},
        supply=[
            {"offer": "import", "country": "China", "material": "Dy"},
            {"offer": "reserve", "country": "Chile", "material": "Dy", "buyer": "stockpile"},
        ],
        cutoffs=[{"cutoff": "strike", "annual_probability": 0.1}, *cut["cutoffs"]],
        durations=[*cut["durations"], {"cutoff": "strike", "months": 3, "probability": 1}],
        losses=[*cut["losses"], {"cutoff": "strike", "country": "Peru", "material": "*", "supply_lost": 1}],
    )
    strike = plan.nodes.index[plan.nodes["cutoff"] == "strike"]
    release = plan.frame("release")
    released = release["value"][release["node"].isin(strike)].sum()

    assert released == near(3)


def test_any_optimum_leaves_the_rule_out() -> None:
    plan = make_plan(case(supply=TWINS), any_optimum=True)

    assert plan.decided is Decided.LEFT_OUT
    assert plan.objective == near(24 * 100)


@pytest.mark.parametrize("number", range(25))
def test_rows_in_another_order_give_the_same_plan(number: int) -> None:
    """Every quantity within 1e-6, and the same cost; the certificate holds with the prices of the first solve."""
    drawn, _ = random_case(number)
    one, other = make_plan(drawn), make_plan(shuffled(drawn, number))
    distance, worst = farthest(one, other) if one.status is other.status is Status.OPTIMAL else (0.0, None)

    assert other.status is one.status
    assert (other.objective or 0) == pytest.approx(one.objective or 0, rel=1e-9)
    assert distance <= 1e-6, worst
    assert one.decided is other.decided
    assert one.status is not Status.OPTIMAL or certify(one).passed


def test_the_shipped_case_in_another_order_gives_the_same_plan() -> None:
    """More than 13,000 of its 153,806 quantities differ between two plans of that cost."""
    shipped = parse(shipped_grids("us-2026")).case
    assert shipped is not None
    one, other = make_plan(shipped), make_plan(shuffled(shipped, 1))
    distance, worst = farthest(one, other)

    assert len(quantities(one)) > 10_000
    assert distance <= 1e-6, worst
    assert one.decided is other.decided is Decided.RULE


def test_weights_by_chance_are_always_the_same_and_spread_evenly() -> None:
    """Fractions of 0 to 1 with a mean of 1/2, none twice among 10,000."""
    drawn = scattered(np.arange(10_000))

    assert drawn.tolist() == scattered(np.arange(10_000)).tolist()
    assert drawn.min() >= 0
    assert drawn.max() < 1
    assert drawn.mean() == pytest.approx(0.5, abs=0.01)
    assert len(set(drawn.tolist())) == 10_000
