"""Risk: the average cost of the worst outcomes, CVaR, by cost to date from node to node.

Two outcomes: peace for two years, or an embargo of 6 months in the second, in which 6 t are short at 1000.
"""

from typing import Any

import pytest

from model.build import build
from tests.kit.small import case, embargo, near, plan_of, plant, series

PURCHASE = [
    {"offer": "import", "country": "China", "material": "Dy"},
    {"offer": "purchase", "country": "Chile", "material": "Dy", "buyer": "stockpile"},
]


@pytest.mark.parametrize(
    ("weight", "tail", "total"),
    [
        (0, 0.1, 3360),
        (1, 0.1, 7200),
        (1, 0.2, 7200),
        (1, 0.4, 4800),
        (1, 1, 3360),
        (0.5, 0.4, 4080),
        (0.25, 0.1, 4320),
    ],
)
def test_the_tail_is_averaged(weight: float, tail: float, total: float) -> None:
    """
    Peace (0.8) costs 2400, the embargo (0.2) 1200 + 6000 = 7200: 3360 on average. The worst 10 or 20 % cost 7200, the worst 40 %
    (0.2 * 7200 + 0.2 * 2400) / 0.4 = 4800, all of them 3360. (1 - weight) * 3360 + weight * that.
    """
    plan = plan_of({"risk_weight": weight, "tail": tail}, **embargo(months=6, chance=0.2))

    assert plan.objective == near(total)
    assert plan.risk == near(total - 3360)


def test_cost_to_date_grows_along_each_path() -> None:
    """1200 in year 1; then 1200 in peace, or 3000 in each quarter of the embargo."""
    plan = plan_of({"risk_weight": 0.5}, **embargo(months=6, chance=0.2))

    assert series(plan, "cost_to_date") == near([1200, 2400, 4200, 7200])


@pytest.mark.parametrize(
    ("weight", "stock", "total"), [(0, 0, 2640), (0.05, 0, 0.95 * 2640 + 0.05 * 7200), (0.06, 4.8, 2880), (0.5, 4.8, 2880), (1, 4.8, 2880)]
)
def test_fear_of_the_tail_fills_the_store(weight: float, stock: float, total: float) -> None:
    """
    With probability 0.05 a tonne in store costs 100 and spares 50 on average: none is bought. With s t the embargo costs 7200 - 900 s and
    peace 2400 + 100 s; the worst 5 % cost least where both are 2880, with 4.8 t, and so on average. A tonne more costs 50 on average and
    spares 900 in the tail: it is bought from a weight of 50 / 950 on.
    """
    plan = plan_of({"risk_weight": weight, "tail": 0.05}, supply=PURCHASE, **embargo(months=6, chance=0.05))

    assert series(plan, "stock", material="Dy")[0] == near(stock)
    assert plan.objective == near(total)


def test_costs_and_what_is_left_are_discounted() -> None:
    """
    At 10 % a year, with 2.5 t in store from the start, worth 100 each at the end. Peace: 1200 at 0.5 and 1.5 years, less 250 after 2;
    an embargo of 3 months (0.2): 1200 at 0.5 years and 0.5 t short (500) at 1 + 1/8, which is less. The worst 90 % are all of peace
    and half of the embargo.
    """
    plan = plan_of(
        {"discount_rate": 0.1, "risk_weight": 1, "tail": 0.9},
        materials={"material": "Dy", "price": 100, "opening_stock": 2.5, "resale_share": 1},
        **embargo(months=3, chance=0.2),
    )
    peace = 1200 * (1.1**-0.5 + 1.1**-1.5) - 250 * 1.1**-2
    cut = 1200 * 1.1**-0.5 + 500 * 1.1**-1.125

    assert plan.objective == near((0.8 * peace + 0.1 * cut) / 0.9)
    assert plan.risk == near((0.8 * peace + 0.1 * cut) / 0.9 - (0.8 * peace + 0.2 * cut))


@pytest.mark.parametrize(("weight", "tail", "total"), [(0, 0.1, 3480), (1, 0.2, 7800), (1, 0.4, 5100), (0.5, 0.4, 4290)])
def test_outcomes_are_whole_futures(weight: float, tail: float, total: float) -> None:
    """With an aftermath the embargo costs 1200 + 6000 and the 600 of the last half year: 7800; peace 2400. On average 3480; the worst 40 % (7800 + 2400) / 2."""
    plan = plan_of({"aftermath": "yes", "risk_weight": weight, "tail": tail}, **embargo(months=6, chance=0.2))

    assert plan.objective == near(total)
    assert plan.risk == near(total - 3480)


def test_an_outcome_takes_off_the_stock_settled_as_its_cutoff_ends() -> None:
    """
    At 10 % a year, 4 t in store, worth 100 each. Peace: 1200 at 0.5 and 1.5 years, less 400 after 2. An embargo of 3 months (0.2): 1200 at
    0.5 years, 3 t released, the tonne left settled in month 15, and 900 in month 19.5, which is less. The worst 90 % are all of peace and half of the embargo.
    """
    plan = plan_of(
        {"aftermath": "yes", "discount_rate": 0.1, "risk_weight": 1, "tail": 0.9},
        materials={"material": "Dy", "price": 100, "opening_stock": 4, "resale_share": 1},
        **embargo(months=3, chance=0.2),
    )
    peace = 1200 * (1.1**-0.5 + 1.1**-1.5) - 400 * 1.1**-2
    cut = 1200 * 1.1**-0.5 - 100 * 1.1**-1.25 + 900 * 1.1 ** (-19.5 / 12)

    assert plan.salvage["stock_salvage"] == near(0.8 * 400 * 1.1**-2 + 0.2 * 100 * 1.1**-1.25)
    assert plan.objective == near((0.8 * peace + 0.1 * cut) / 0.9)
    assert plan.risk == near((0.8 * peace + 0.1 * cut) / 0.9 - (0.8 * peace + 0.2 * cut))


def works(**columns: Any) -> dict[str, Any]:
    return plant(**{"capex": 60_000, "capacity_limit": 12, "variable_cost": 20_000, "life": 10, **columns})


def test_capacity_left_counts_in_each_outcome() -> None:
    """
    12 t/yr, ready at once, for 720: in peace 480 are spent on running and 0.8 of 720 is left after 2 of 10 years; in an embargo of 6
    months (0.2) 240 + 120, and 0.85 of 720. Peace is the worse half: 720 + 480 - 576 = 624, the embargo 468, on average 592.8.
    """
    plan = plan_of({"risk_weight": 0.5, "tail": 0.5}, **works(), **embargo(months=6, chance=0.2))

    assert series(plan, "order", plant="works")[:2] == near([12, 0])
    assert plan.objective == near(0.5 * 592.8 + 0.5 * 624)
    assert plan.risk == near(0.5 * (624 - 592.8))


def test_capacity_left_has_its_own_end_and_discount() -> None:
    """As above with half of the unused life worth its capex, at 10 % a year, and the tail alone: the worse half is peace."""
    plan = plan_of({"risk_weight": 1, "tail": 0.5, "discount_rate": 0.1}, **works(residual_share=0.5), **embargo(months=6, chance=0.2))

    assert plan.objective == near((720 + 240) * 1.1**-0.5 + 240 * 1.1**-1.5 - 0.5 * 0.8 * 720 * 1.1**-2)


def test_without_weight_there_are_no_rows_for_risk() -> None:
    m = build(case({"risk_weight": 0}, **embargo()))

    assert not len(m.cost_to_date)
    assert not len(m.excess)
    assert m.component("excess_cost") is None
