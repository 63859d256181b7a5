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


def test_futures_go_on_until_the_horizon_with_an_aftermath() -> None:
    """
    As above, at 10 % a year: after an embargo of 3 months 9 months of peace, 900 at 15 + 4.5 months; after one of 6 months half a year, 600 at
    18 + 3. Without discount every future costs 1200 a year but for the shortage: 2400 + 0.2 * 2700 + 0.1 * 2700.
    """
    sheets = embargo(months={3: 0.5, 6: 0.5}, chance=0.2)
    plan = plan_of({"aftermath": "yes", "discount_rate": 0.1}, **sheets)
    after = 0.1 * 900 * 1.1 ** (-19.5 / 12) + 0.1 * 600 * 1.1 ** (-21 / 12)

    assert cost(plan, "cost_supply") == near(1200 * (1.1**-0.5 + 0.8 * 1.1**-1.5) + after)
    assert cost(plan, "cost_shortage") == near(3000 * (0.2 * 1.1**-1.125 + 0.1 * 1.1**-1.375))
    assert plan_of({"aftermath": "yes"}, **sheets).objective == near(2400 + 540 + 270)


def test_what_happens_past_the_horizon_costs_nothing() -> None:
    """An embargo of a year that begins in month 18 of 24 is paid for until then: 1800, and 0.9 * 600 or 0.1 * 6000."""
    plan = plan_of({"period": 6, "aftermath": "yes"}, **embargo(months=12, chance=0.19, first_year=2027, last_year=2027))
    late = plan.tree.branches[-1].nodes

    assert series(plan, "shortage", sector="civil")[late[2]] == near(3)
    assert plan.objective == near(600 + 600 + 0.9 * 600 + 0.81 * 600 + 0.1 * 12_000 + 0.09 * 6000)


@pytest.mark.parametrize(("piece", "lengths"), [(None, [21, 24]), (12, [21, 12, 12])])
def test_pieces_of_aftermath_change_only_when_it_is_discounted(piece: float | None, lengths: list[float]) -> None:
    """
    After an embargo from month 12 to 15 of 60: until the end of the planning year after it, month 36, then one piece or years. At 10 % a
    year 100 a month, at the middle of each.
    """
    sheets = embargo(months=3, chance=0.2, last_year=2027)
    settings = {"horizon": 5, "aftermath": "yes", "discount_rate": 0.1} | ({"aftermath_period": piece} if piece else {})
    plan = plan_of(settings, **sheets)
    starts = [15 + sum(lengths[:k]) for k in range(len(lengths))]
    after = sum(100 * length * 1.1 ** (-(start + length / 2) / 12) for start, length in zip(starts, lengths, strict=True))
    peace = 1200 * (1.1**-0.5 + 0.8 * sum(1.1 ** (-year - 0.5) for year in (1, 2, 3, 4)))

    assert plan.tree.length[plan.tree.in_aftermath].tolist() == lengths
    assert plan.objective == near(peace + 0.2 * (3000 * 1.1 ** (-13.5 / 12) + after))


def test_an_undiscounted_case_is_a_plain_expectation() -> None:
    """1200 + 0.8 * 1200 + 0.2 * 3000 + 0.1 * 3000 = 3060."""
    assert plan_of(**embargo(months={3: 0.5, 6: 0.5}, chance=0.2)).objective == near(3060)


@pytest.mark.parametrize("risk_weight", [0, 0.3])
def test_the_lines_of_the_cost_sheet_add_up_to_the_objective(risk_weight: float) -> None:
    """Every term is there: purchases, offtake, holding, rotation, new capacity, savings, surplus, shortage, lost output."""
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
        demand={"material": "Dy", "sector": "civil", "demand": 12, "shortage_cost": 900},
        output_loss={"sector": "civil", "up_to": 1, "value": 1},
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
