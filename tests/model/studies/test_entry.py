"""Entry prices by hand, and each confirmed by planning just below and just above."""

from typing import Any

import numpy as np
import pytest

from inputs.apply import apply
from inputs.change import parse_change
from inputs.shipped import shipped_grids
from inputs.workbook import parse
from model.plan import make_plan, solve_case
from model.studies.entry import SAME, Unused, entries, most, nearest
from tests.kit.cases import teaching
from tests.kit.small import case, embargo, near, plan_of, plant

OFFERS: list[dict[str, Any]] = [
    {"offer": "import", "country": "China", "material": "Dy"},
    {"offer": "reserve", "country": "Chile", "material": "Dy", "buyer": "stockpile", "price": 120},
]


def test_a_plant_enters_at_what_its_output_saves() -> None:
    """A t/yr makes a tonne in each of two years that costs 100 thousand USD abroad: 200,000 USD per t/yr, for all 12 t/yr that are needed."""
    found = entries(solve_case(case(**plant(country="Japan", capacity_limit=50, capex=300_000, residual_share=0))))

    assert [(e.kind, e.name, e.now) for e in found] == [("plant", "works", 300_000)]
    assert found[0].price == near(200_000)
    assert found[0].amount == near(12)


def test_an_offer_enters_at_what_a_tonne_in_store_is_worth() -> None:
    """With chance 0.1 a tonne in store saves a shortage of 1,000 USD/kg: it is bought below 100 USD/kg, 6 t of it."""
    found = entries(solve_case(case(supply=OFFERS, **embargo(first_year=2027))))

    assert [(e.kind, e.name) for e in found] == [("offer", "reserve")]
    assert found[0].price == near(100)
    assert found[0].amount == near(6)


def test_thrift_enters_at_the_shortage_that_it_saves() -> None:
    """A tonne short costs 200 USD/kg, which 1.2 t of the 6 t of a cutoff can be given up for; at 250 nobody does."""
    dear = {"option": "less", "material": "Dy", "sector": "civil", "limit": 0.2, "cost": 250}
    short: dict[str, Any] = {"sectors": {"sector": "civil", "shortage_multiple": 2}, **embargo(first_year=2027)}
    (found,) = entries(solve_case(case(supply=OFFERS[:1], thrift=[dear], **short)))

    assert (found.kind, found.name, found.now) == ("thrift", "less", 250)
    assert found.price == near(200)
    assert found.amount == near(1.2)
    for cost, saved in ((201, 0), (199, 1.2)):
        plan = make_plan(case(supply=OFFERS[:1], thrift=[{**dear, "cost": cost}], **short))
        assert most(plan.tree, np.array([n for *_, n in plan.data.sets["SAVINGS"]]), plan.values["saving"]) == near(saved)


def test_a_plant_that_pays_at_no_price_says_so() -> None:
    """It makes Dy at 150 USD/kg, which costs 100 abroad."""
    (found,) = entries(
        solve_case(case(**plant(country="Japan", capacity_limit=50, capex=300_000, residual_share=0, variable_cost=150_000)))
    )

    assert found.price is None


def test_what_is_used_and_what_has_no_price_is_not_listed() -> None:
    """A plant at 100,000 USD per t/yr is ordered, a plant for nothing has no price to lower."""
    used = plant(country="Japan", capacity_limit=50, capex=100_000, residual_share=0)
    free = plant(country="Japan", capacity_limit=50, capex=0, variable_cost=150_000)

    assert entries(solve_case(case(**used))) == ()
    assert entries(solve_case(case(**free))) == ()


def test_the_session_is_left_as_it_was() -> None:
    solved = solve_case(case(supply=OFFERS, **embargo(first_year=2027)))
    entries(solved)

    assert solved.session is not None
    assert solved.session.solve().objective == near(solved.plan.objective)


@pytest.mark.parametrize("case_name", ["us-2026"])
def test_plants_of_the_shipped_case_enter_just_below_their_price(case_name: str) -> None:
    """Planned with a capex 2 % below it the plant is ordered and the plan costs less; 2 % above, the cost is that of the plan but for 1e-11 of it."""
    shipped = parse(shipped_grids(case_name)).case
    assert shipped is not None
    solved = solve_case(shipped)
    found = [e for e in entries(solved) if e.kind == "plant" and e.price]

    assert len(found) >= 5
    assert solved.plan.objective is not None
    for e in found[:2]:
        assert e.price
        below, above = (
            make_plan(apply(shipped, [parse_change(f"plants[{e.name}].capex={share * e.price:.9g}", shipped)]), any_optimum=True)
            for share in (0.98, 1.02)
        )
        assert below.frame("order").query("plant == @e.name")["value"].sum() > 1e-6
        assert solved.plan.objective - below.objective > 3 * SAME * solved.plan.objective
        assert abs(solved.plan.objective - above.objective) <= SAME * solved.plan.objective


def test_a_weight_on_risk_leaves_them_out() -> None:
    risky = plan_of({"risk_weight": 0.2}, supply=OFFERS, **embargo(first_year=2027)).case

    assert entries(solve_case(risky)) == ()


@pytest.mark.parametrize(("now", "capacity"), [(150, 99), (110, 99), (150, 3)])
def test_what_a_budget_stands_against_enters_at_its_price_in_the_budget(now: float, capacity: float) -> None:
    """0.3 M USD buy 3 t at 100, which save 100 x 100 x 0.1 of each: of two offers only the cheaper is bought from (with no more than that or more to sell), however much a tonne is worth."""
    offers = [
        OFFERS[0],
        {"offer": "first", "country": "Chile", "material": "Dy", "buyer": "stockpile", "price": 100, "capacity": capacity},
        {**OFFERS[1], "price": now},
    ]
    of = case(
        sectors={"sector": "civil", "shortage_multiple": 100},
        supply=offers,
        budget=[{"year": 2026, "amount": 0.3}],
        **embargo(first_year=2027),
    )
    (found,) = entries(solve_case(of))
    cost = make_plan(of).objective
    dearer, cheaper = (make_plan(apply(of, [parse_change(f"supply[reserve].price={price}", of)])) for price in (101, 99))

    assert (found.kind, found.name, found.now) == ("offer", "reserve", now)
    assert found.price == pytest.approx(100, rel=1e-6)
    assert found.amount == pytest.approx(3, rel=2e-4)
    assert dearer.objective == near(cost)
    assert cost is not None
    assert cheaper.objective is not None
    assert cheaper.objective < cost - 1


def test_a_plant_whose_public_share_a_budget_pays_enters_where_both_say() -> None:
    """A budget of 0.6 M USD and nothing in it but half the capex: the plant, at 200,000 USD per t/yr or less, pays; its first tonnes enter there, whatever the budget."""
    of = case(
        **plant(country="Japan", capacity_limit=50, capex=300_000, residual_share=0, public_share=0.5),
        budget=[{"year": 2026, "amount": 0.6}],
    )
    (found,) = entries(solve_case(of))

    assert found.price == near(200_000)
    assert found.amount == pytest.approx(6, rel=1e-3)


def test_an_offer_that_is_bought_from_at_no_price_is_listed() -> None:
    """All of its cost must go before it can pay: the sheet has it, and does not say that every offer is bought from."""
    none, one = np.empty(0, dtype=np.int64), np.array([100.0])
    worthless = Unused("offer", "reserve", 100, np.array([0]), np.array([0]), one, np.zeros(1), one, none)

    assert worthless.share == 0
    assert nearest([worthless]) == [worthless]


def test_the_amount_is_that_of_the_future_that_has_most() -> None:
    """2 in peace, then 3 in the first cutoff or 1 in another: 5 at most, not 6. Without those in peace, 4 of 3 and 4."""
    tree = plan_of({"horizon": 3}, supply=OFFERS, **embargo(first_year=2027)).tree
    first, second = (tree.within(tree.branches[b]).start for b in (0, 1))

    assert most(tree, np.array([0, first, second]), np.array([2.0, 3.0, 1.0])) == near(5)
    assert most(tree, np.array([first, second]), np.array([3.0, 4.0])) == near(4)


TEACHING: dict[str, tuple[dict[str, Any], str, float, float]] = {
    "ally": ({"supply": [{"offer": "Nd Japan", "country": "Japan", "material": "Nd", "buyer": "market", "capacity": 30, "price": 150}]}, "Nd for the stockpile", 71.68, 15),
    "thrift": ({"thrift": [{"option": "less", "material": "Nd", "sector": "*", "limit": 0.2, "cost": 0}]}, "Nd for the stockpile", 62.18, 35),
    "promise": ({"sectors": [{"sector": "defense", "coverage": 0, "cover_months": 0, "shortage_multiple": 1}]}, "Dy for the stockpile", 248.72, 10),
}  # fmt: skip


@pytest.mark.parametrize("name", TEACHING)
def test_what_half_the_price_would_be_bought_of_without_end_has_its_price_between(name: str) -> None:
    """At half its price it is bought without end, for resale brings 0.6 of it. In 2026 a kg holds 2 in each of three years with chance 1, 0.9 and 0.81, 5.42 for Nd and 21.68 for Dy, brings 60 (240) at
    the end with chance 0.81, 48.6 (194.4), and saves with chance 0.19 what a cutoff costs.

    Nd of an ally for 150 makes up in a cutoff what it lacks, 15 t: 0.19 x 150 + 43.18 = 71.68. With 20 t of thrift for nothing 35 t of Australia's at 100 are enough, and stock saves these:
    0.19 x 100 + 43.18 = 62.18. Without a promise and at 400 a kg short, 10 t of Dy: 0.19 x 400 + 172.72 = 248.72.
    """
    sheets, offer, price, amount = TEACHING[name]
    (found,) = [e for e in entries(solve_case(teaching(**sheets))) if e.name == offer]

    assert found.price == pytest.approx(price, rel=1e-6)
    assert found.amount == near(amount)


def test_what_is_bought_without_end_as_soon_as_it_enters_says_so() -> None:
    """Without cutoffs a kg of Dy holds 8 in each of three years and brings 240 at the end: below 216 it is bought in 2026, below 232 in 2028, as much as there is."""
    found = {e.name: e for e in entries(solve_case(teaching(cutoffs=[], durations=[], losses=[])))}

    assert found["Dy for the stockpile"].price == pytest.approx(232, rel=1e-6)
    assert found["Dy for the stockpile"].amount == np.inf
