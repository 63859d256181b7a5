"""Floors: at least a share of the demand for a material is made at home, or recycled at home, in peace.

In these tests it is dearer to make Dy at home (150 USD/kg) and to recycle it (200) than to buy it (100).
"""

from typing import Any

import pytest

from model.plan import make_plan
from model.solver.program import Status
from tests.kit.small import case, embargo, near, plan_of, plant, series, status_of


def works(**columns: Any) -> dict[str, Any]:
    return plant(**{"variable_cost": 150_000, "opening_capacity": 100, **columns})


def with_recycling(country: str = "Japan", kind: str = "recycling") -> dict[str, Any]:
    sheets = works()
    sheets["plants"].append({"plant": "scrapper", "kind": kind, "country": country, "opening_capacity": 100})
    sheets["modes"].append({"plant": "scrapper", "mode": "run", "variable_cost": 200_000})
    sheets["recipes"].append({"plant": "scrapper", "mode": "run", "material": "Dy", "quantity": 1})
    return sheets


def floor(origin: str, share: float, **columns: Any) -> dict[str, Any]:
    return {"material": "Dy", "origin": origin, "share": share, **columns}


def unchecked(row: dict[str, Any], settings: dict[str, Any] | None = None, /, **sheets: Any) -> Status:
    """The status of a case with a floor that no workbook may have."""
    base = case(settings, floors={**row, "share": 0}, **sheets)
    return make_plan(base.with_frame("floors", base["floors"].assign(share=row["share"]))).status


def test_a_share_of_demand_is_made_at_home() -> None:
    """Half of 12 t at 150, half at 100: 1500."""
    plan = plan_of({"horizon": 1}, floors=floor("home", 0.5), **works())

    assert series(plan, "run", plant="works") == near([6])
    assert plan.objective == near(1500)


def test_the_share_is_of_demand_whether_met_or_not() -> None:
    """China sells only 2 t/yr; a shortage at 120 is cheaper than making it, but 6 t must be made: 900 + 200 + 4 * 120 = 1580."""
    plan = plan_of(
        {"horizon": 1},
        demand={"material": "Dy", "sector": "civil", "demand": 12, "shortage_cost": 120},
        supply={"offer": "import", "country": "China", "material": "Dy", "capacity": 2},
        floors=floor("home", 0.5),
        **works(),
    )

    assert series(plan, "run", plant="works") == near([6])
    assert plan.objective == near(1580)


def test_the_share_is_of_all_sectors_grown_demand() -> None:
    """Half of (4 + 8) * 1.21^0.5 = 13.2 t: 6.6 * 150 + 6.6 * 100 = 1650."""
    plan = plan_of(
        {"horizon": 1},
        sectors=[{"sector": "civil", "shortage_multiple": 10}, {"sector": "defense", "shortage_multiple": 10}],
        demand=[
            {"material": "Dy", "sector": "civil", "demand": 4, "growth": 0.21},
            {"material": "Dy", "sector": "defense", "demand": 8, "growth": 0.21},
        ],
        floors=floor("home", 0.5),
        **works(),
    )

    assert plan.objective == near(1650)


def test_what_is_recycled_counts_for_both() -> None:
    """A quarter recycled, half made at home: 3 * 200 + 3 * 150 + 6 * 100 = 1650."""
    plan = plan_of({"horizon": 1}, floors=[floor("home", 0.5), floor("recycled", 0.25)], **with_recycling())

    assert series(plan, "run", plant="scrapper") == near([3])
    assert series(plan, "run", plant="works") == near([3])
    assert plan.objective == near(1650)


@pytest.mark.parametrize(("country", "kind"), [("Chile", "recycling"), ("Japan", "refinery")])
def test_only_home_plants_of_kind_recycling_recycle(country: str, kind: str) -> None:
    assert unchecked(floor("recycled", 0.25), {"horizon": 1}, **with_recycling(country, kind)) is Status.INFEASIBLE


def test_what_is_recycled_abroad_does_not_help() -> None:
    """A quarter of 12 t recycled at home, at 200, although Chile's recycling makes it for 120: 600 + 900."""
    sheets = with_recycling()
    sheets["plants"].append({"plant": "chatarra", "kind": "recycling", "country": "Chile", "opening_capacity": 100})
    sheets["modes"].append({"plant": "chatarra", "mode": "run", "variable_cost": 120_000})
    sheets["recipes"].append({"plant": "chatarra", "mode": "run", "material": "Dy", "quantity": 1})
    plan = plan_of({"horizon": 1}, floors=floor("recycled", 0.25), **sheets)

    assert series(plan, "run", plant="scrapper") == near([3])
    assert plan.objective == near(1500)


def test_only_home_plants_count_for_home() -> None:
    """Chile's works of 150 do not count, the scrapper in Japan does: 6 * 200 + 600."""
    sheets = with_recycling()
    sheets["plants"][0] = {**sheets["plants"][0], "country": "Chile"}
    plan = plan_of({"horizon": 1}, floors=floor("home", 0.5), **sheets)

    assert plan.objective == near(1800)


def test_home_offers_count_for_home_not_for_recycled() -> None:
    """Home scrap of 4 t/yr at 120 is home supply, not recycling: 3 t at 200 for the recycled quarter, 3 t at 120 for the rest of the home half, 600 for the other: 1560."""
    plan = plan_of(
        {"horizon": 1},
        supply=[
            {"offer": "import", "country": "China", "material": "Dy"},
            {"offer": "scrap", "country": "Japan", "material": "Dy", "capacity": 4, "price": 120},
        ],
        floors=[floor("home", 0.5), floor("recycled", 0.25)],
        **with_recycling(),
    )

    assert series(plan, "supply", offer="scrap") == near([3])
    assert series(plan, "run", plant="scrapper") == near([3])
    assert plan.objective == near(1560)


def test_what_is_sold_abroad_does_not_count_for_home() -> None:
    """What the works make at 150 could be sold for 160, up to 4 t: 4 t are made and sold, and 6 t more for the home half: 10 * 150 - 640 + 600 = 1460."""
    plan = plan_of(
        {"horizon": 1},
        materials={"material": "Dy", "price": 100, "surplus_cost": -160, "surplus_limit": 4},
        supply={"offer": "import", "country": "China", "material": "Dy", "capacity": 6},
        floors=floor("home", 0.5),
        **works(),
    )

    assert series(plan, "surplus", material="Dy") == near([4])
    assert series(plan, "run", plant="works") == near([10])
    assert plan.objective == near(1460)


def test_the_floor_begins_with_its_year_and_pauses_in_a_cutoff() -> None:
    """From 2027 on half is made: 1200 + 0.9 * 1500 + 0.81 * 1500 in peace and 600 in each cutoff (0.1 + 0.09) of 6 months that takes nothing."""
    plan = plan_of({"horizon": 3}, floors=floor("home", 0.5, from_year=2027), **works(), **embargo(months=6, chance=0.1, lost=0))

    assert series(plan, "run", plant="works") == near([0, 6, 6, 0, 0, 0, 0])
    assert plan.objective == near(1200 + 1.71 * 1500 + 0.19 * 600)


def test_a_floor_that_nobody_can_meet_is_infeasible() -> None:
    """
    No plant at all, a plant that is too small, and one that is just large enough; a share of 0 asks for nothing. What `check` refuses is
    asked for in cases that were not read from a workbook.
    """
    assert unchecked(floor("home", 0.5)) is Status.INFEASIBLE
    assert unchecked(floor("home", 0.5), **works(opening_capacity=5)) is Status.INFEASIBLE
    assert status_of(floors=floor("home", 0.5), **works(opening_capacity=6)) is Status.OPTIMAL
    assert status_of(floors=floor("home", 0)) is Status.OPTIMAL
