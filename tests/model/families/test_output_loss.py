"""Lost output: a sector that needs its materials together loses output with the one that it is most short of, dearer the more is lost.

Motors need 12 t of Dy and 120 t of Nd a year; their output is worth 10 M USD a year for the half that is missed least, 40 M USD for the rest.
"""

from typing import Any

import pytest

from model.build import build
from tests.kit.small import by_node, case, cost, embargo, near, plan_of, series

TIERS = [{"sector": "motors", "up_to": 0.5, "value": 10}, {"sector": "motors", "up_to": 1, "value": 40}]


def motors(dy: float = 12, nd: float = 120, **columns: Any) -> dict[str, Any]:
    """The stated tonnes a year of each can be bought, at 100 and 10 USD/kg."""
    return {
        "materials": [{"material": "Dy", "price": 100}, {"material": "Nd", "price": 10}],
        "sectors": {"sector": "motors", "shortage_multiple": 50},
        "demand": [{"material": "Dy", "sector": "motors", "demand": 12, **columns}, {"material": "Nd", "sector": "motors", "demand": 120}],
        "supply": [
            {"offer": "Dy", "country": "China", "material": "Dy", "capacity": dy},
            {"offer": "Nd", "country": "China", "material": "Nd", "capacity": nd},
        ],
        "output_loss": TIERS,
    }


def test_output_is_lost_tier_by_tier() -> None:
    """Of Dy a quarter is there: three quarters of the output are lost, half at 10 and a quarter at 40 M USD: 5000 + 10000, and 300 and 1200 for what is bought."""
    plan = plan_of({"horizon": 1}, **motors(dy=3))

    assert by_node(plan, "lost_output", tier=1) == near({0: 0.5})
    assert by_node(plan, "lost_output", tier=2) == near({0: 0.25})
    assert cost(plan, "cost_lost_output") == near(15_000)
    assert cost(plan, "cost_shortage") == near(0)
    assert plan.objective == near(16_500 - 900)


@pytest.mark.parametrize(("nd", "lost"), [(120, 0.5), (60, 0.5), (48, 0.6)])
def test_being_short_of_a_second_material_in_the_same_share_costs_nothing_more(nd: float, lost: float) -> None:
    """
    Half of Dy is missing. With all of Nd or half of it half of the output is lost, 5000, and no more Nd is bought than is of use (60 t, 600);
    with 40 % of Nd it is 60 %: 5000 + 4000, of Dy only 4.8 t are bought, 480, and 480 of Nd.
    """
    plan = plan_of({"horizon": 1}, **motors(dy=6, nd=nd))
    bought = 12 * (1 - lost) * 100 + 120 * (1 - lost) * 10

    assert plan.frame("lost_output")["value"].sum() == near(lost)
    assert series(plan, "supply", offer="Nd") == near([120 * (1 - lost)])
    assert plan.objective == near(5000 + (lost - 0.5) * 40_000 + bought)


def test_a_tonne_is_worth_the_output_that_hangs_on_it() -> None:
    """
    Where 3 t are offered a tonne more spares 1/12 of 40 M USD, where 9 t are 1/12 of 10 M USD, less 100 for it and 100 for the 10 t of Nd
    that go with it. Of Nd, of which there is enough, a tonne more is worth nothing.
    """
    scarce, ample = plan_of({"horizon": 1}, **motors(dy=3)), plan_of({"horizon": 1}, **motors(dy=9))

    assert scarce.data.sets["SUPPLY"] == [("Dy", 0), ("Nd", 0)]
    assert scarce.reduced_costs["supply"].tolist() == near([200 - 40_000 / 12, 0])
    assert ample.reduced_costs["supply"].tolist() == near([200 - 10_000 / 12, 0])


def test_a_shortage_cost_of_its_own_comes_on_top() -> None:
    """A tonne of Dy short costs 500 too: 3 t for 1500, with a quarter of the output, 2500; the rest is bought: 900 + 900."""
    plan = plan_of({"horizon": 1}, **motors(dy=9, shortage_cost=500))

    assert cost(plan, "cost_shortage") == near(1500)
    assert plan.objective == near(1500 + 2500 + 1800)


def test_output_is_worth_its_value_by_the_year_and_its_demand_grows_with_a_surge() -> None:
    """In a quarter of an embargo (0.2) all is lost, a quarter of 5 + 20 M USD: 6250; demand twice as large is a loss no larger. 2400 in 2026, 0.8 of it in 2027."""
    surge = {"surges": {"cutoff": "embargo", "sector": "motors", "demand_multiple": 2}}
    plan = plan_of(**motors(), **surge, **embargo(months=3, chance=0.2))

    assert series(plan, "shortage", material="Dy") == near([0, 0, 6])
    assert cost(plan, "cost_lost_output") == near(0.2 * 6250)
    assert plan.objective == near(2400 * 1.8 + 1250)


def test_what_is_saved_is_no_lost_output() -> None:
    """In the quarter of the embargo half of Dy can be saved at 20 and none of Nd is lost: half of the output, a quarter of 5 M USD, 30 for 1.5 t saved, 150 for 15 t of Nd."""
    sheets = motors()
    sheets["supply"][1] = {**sheets["supply"][1], "country": "Chile"}
    thrift = {"thrift": {"option": "spare", "material": "Dy", "sector": "motors", "limit": 0.5, "cost": 20}}
    plan = plan_of(**sheets, **thrift, **embargo(months=3, chance=0.2))

    assert by_node(plan, "lost_output", tier=1)[2] == near(0.5)
    assert plan.objective == near(2400 * 1.8 + 0.2 * (1250 + 30 + 150))


def test_sectors_without_rows_lose_no_output() -> None:
    sheets = motors()
    sheets["sectors"] = [sheets["sectors"], {"sector": "civil"}]
    sheets["demand"].append({"material": "Nd", "sector": "civil", "demand": 6})
    m = build(case({"horizon": 1}, **sheets))

    assert list(m.output_loss) == [("Dy", "motors", 0), ("Nd", "motors", 0)]
    assert list(m.lost_output) == [("motors", 1, 0), ("motors", 2, 0)]
    assert m.lost_output["motors", 2, 0].bounds == (0, 0.5)
