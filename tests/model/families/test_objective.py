"""Objective: expected discounted cost in thousand USD, less what is left at the leaves, with a weight on the tail risk."""

import pytest

from model.build import build
from model.plan import make_plan
from tests.kit.small import case, cost, embargo, near, plan_of, plant, series


def test_costs_are_weighed_by_probability_and_discounted_from_the_middle() -> None:
    """
    At 10 % a year: 1200 at 0.5 years; with probability 0.8 another 1200 at 1.5 years; with 0.2 a shortage of 3 t at 1000, at
    1 + 1/8 and, with half of that (an embargo of 3 or 6 months), at 1 + 3/8 years.
    """
    plan = plan_of({"discount_rate": 0.1}, **embargo(months={3: 0.5, 6: 0.5}, chance=0.2))

    assert cost(plan, "cost_supply") == near(1200 * (1.1**-0.5 + 0.8 * 1.1**-1.5))
    assert cost(plan, "cost_shortage") == near(3000 * (0.2 * 1.1**-1.125 + 0.1 * 1.1**-1.375))
    assert plan.objective == near(cost(plan, "cost_supply") + cost(plan, "cost_shortage"))


def test_an_undiscounted_case_is_a_plain_expectation() -> None:
    """1200 + 0.8 * 1200 + 0.2 * 3000 + 0.1 * 3000 = 3060."""
    assert plan_of(**embargo(months={3: 0.5, 6: 0.5}, chance=0.2)).objective == near(3060)


@pytest.mark.parametrize("risk_weight", [0, 0.3])
def test_the_lines_of_the_cost_sheet_add_up_to_the_objective(risk_weight: float) -> None:
    """Every term is there: purchases, offtake, holding, rotation, new capacity, savings, surplus, shortage."""
    plan = plan_of(
        {"discount_rate": 0.05, "risk_weight": risk_weight, "tail": 0.2},
        materials={
            "material": "Dy", "price": 100, "holding_rate": 0.02, "loss_rate": 0.1, "rotation_rate": 0.2, "rotation_cost": 3, "opening_stock": 2,
            "resale_share": 0.5, "surplus_cost": -110, "surplus_limit": 1, "purchase_limit": 4,
        },
        supply=[
            {"offer": "import", "country": "China", "material": "Dy"},
            {"offer": "purchase", "country": "Chile", "material": "Dy", "buyer": "stockpile", "tariff": 0.1},
        ],
        thrift={"option": "spare", "material": "Dy", "sector": "civil", "limit": 0.2, "cost": 30},
        **plant(variable_cost=20_000, opening_capacity=1, capacity_limit=2, capex=60_000, fixed_cost=1000),
        **embargo(months={6: 0.5, 12: 0.5}, chance=0.2),
    )  # fmt: skip
    terms = plan.expected.to_numpy().sum()

    assert (plan.costs.abs().sum(axis=1) > 0).all()
    assert min(plan.salvage.values()) > 0
    assert plan.objective == near(terms - plan.salvage["stock_salvage"] - plan.salvage["capacity_salvage"] + plan.risk)
    assert (plan.risk > 0) == (risk_weight > 0)


def test_to_know_the_length_is_worth_something() -> None:
    """
    An embargo (0.1) of 3 or 12 months, even odds; works at the import's price, 300 thousand USD per t/yr, are ready after 3 months.
    Unknown, it pays to wait a quarter and see: 3 t short, then (0.5) 3 t more, 3600 for 12 t/yr and 6 t at 100: 3000 + 0.5 * 7200 = 6600.
    (To order at once would cost 3600 + 3000 + 0.5 * 900 = 7050.) Known, 12 months are built for at once, 3000 + 3600 + 900 = 7500, and
    3 months not at all: 5250.
    """
    sheets = {
        **plant(variable_cost=100_000, capex=300_000, lead_time=3, capacity_limit=12, residual_share=0),
        **embargo(months={3: 0.5, 12: 0.5}, chance=0.1),
    }
    honest = plan_of({"length_known": "no"}, **sheets)
    hindsight = plan_of({"length_known": "yes"}, **sheets)

    assert series(honest, "order", plant="works") == near([0, 0, 0, 12, 0])
    assert honest.objective == near(2280 + 660)
    assert series(hindsight, "order", plant="works")[2:] == near([0, 12, 0, 0])
    assert hindsight.objective == near(2280 + 525)


def test_what_is_spent_in_a_term_is_in_thousand_usd() -> None:
    """12 t at 20000 USD each, made at standing works: 240 thousand USD."""
    plan = make_plan(case({"horizon": 1}, **plant(variable_cost=20_000, opening_capacity=12)))

    assert plan.costs.loc["cost_run"].tolist() == near([240])
    assert plan.objective == near(240)


def test_every_term_has_a_name_for_people_and_its_formula() -> None:
    m = build(case())

    assert all(label.strip() for label in m.terms.values())
    assert len(set(m.terms.values())) == len(m.terms)
    assert all(m.component(term).doc.startswith(f"{term}[n] = ") for term in m.terms)
