"""Orders: new capacity comes on line after its lead time, ramps up, lives its life, and is worth its unused life at the end.

The works make Dy for 20 USD/kg (20000 USD/t), against 100 for the import: 80 less for each tonne.
A t/yr of capacity costs 60 thousand USD (60000 USD) and in these tests nothing is left of it at the end
unless the test says so.
"""

from typing import Any

import pytest

from model.build import build
from model.plan import make_plan
from model.solver.program import Status
from tests.kit.small import at, by_node, case, cost, embargo, near, plan_of, plant, series


def works(**columns: Any) -> dict[str, Any]:
    return plant(**{"variable_cost": 20_000, "capex": 60_000, "capacity_limit": 12, "residual_share": 0, **columns})


def cheap_from(year: int) -> list[dict[str, Any]]:
    """China at 100, and from a year on at 20, as cheap as the works."""
    return [
        {"offer": "import", "country": "China", "material": "Dy", "last_year": year - 1},
        {"offer": "sale", "country": "China", "material": "Dy", "price": 20, "first_year": year},
    ]


@pytest.mark.parametrize(
    ("lead_time", "online", "total"),
    [
        (0, [12, 12, 12], 720 + 3 * 240),
        (1, [11, 12, 12], 720 + (100 + 11 * 20) + 2 * 240),
        (12, [0, 12, 12], 720 + 1200 + 2 * 240),
        (13, [0, 11, 12], 720 + 1200 + (100 + 11 * 20) + 240),
        (24, [0, 0, 12], 720 + 2 * 1200 + 240),
        (36, [0, 0, 0], 3 * 1200),
    ],
)
def test_capacity_is_on_line_for_the_months_of_a_period_after_its_lead_time(lead_time: float, online: list[float], total: float) -> None:
    """12 t/yr cost 720 and make 12 t for 240 a year instead of 1200, from month `lead_time` on: of a year in which they are ready after a month, 11 t."""
    plan = plan_of({"horizon": 3}, **works(lead_time=lead_time))

    assert series(plan, "online", plant="works") == near(online)
    assert at(plan, "order", plant="works", speed="normal", node=0) == near(max(online))
    assert cost(plan, "cost_order") == near(60 * max(online))
    assert plan.objective == near(total)


def test_capacity_ramps_up_from_the_month_it_is_ready() -> None:
    """Ready in month 12, in full flow after 24 more: at 18 months (18-12)/24 = 1/4, at 30 months 3/4 of 12 t/yr. 720 + 1200 + (9 * 100 + 3 * 20) + (3 * 100 + 9 * 20)."""
    plan = plan_of({"horizon": 3}, **works(lead_time=12, ramp=24))

    assert series(plan, "online", plant="works") == near([0, 3, 9])
    assert plan.objective == near(720 + 1200 + 960 + 480)


def test_a_ramp_ends_at_the_whole_capacity() -> None:
    """In full flow after 8 months: half of it on average in those, then 4 months of all of it, 8 of 12 t: 720 + (4 * 100 + 8 * 20) + 240."""
    plan = plan_of({"horizon": 2}, **works(ramp=8))

    assert series(plan, "online", plant="works") == near([8, 12])
    assert plan.objective == near(1520)


def test_a_life_ends_in_its_month_and_with_it_the_ramp() -> None:
    """
    Ready in month 6, for a year in which it ramps up: an eighth of the first year (6 months of a quarter of it on average) and
    three eighths of the second. 12 t/yr, ordered beforehand: 720 + (1.5 * 20 + 10.5 * 100) + (4.5 * 20 + 7.5 * 100).
    """
    pins = {"pins": {"item": "order", "name": "works", "year": 2026, "at_least": 12}}
    plan = plan_of({"horizon": 3}, **pins, **works(lead_time=6, ramp=12, life=1))

    assert series(plan, "online", plant="works") == near([1.5, 4.5, 0])
    assert plan.objective == near(720 + 1080 + 840 + 1200)


def test_capacity_lives_its_life_and_what_is_ordered_after_it_still_counts() -> None:
    """
    With a life of a year and a lead time of a year, an order of year 1 runs in year 2 only: 80 saved for 60. No more than 12 t/yr
    are ever ordered, so this is done once: 1200 + 720 + 240 + 1200. With 24 t/yr it is done twice: 1200 + 720 + 240 + 720 + 240.
    """
    once = plan_of({"horizon": 3}, **works(lead_time=12, life=1))
    twice = plan_of({"horizon": 3}, **works(lead_time=12, life=1, capacity_limit=24))

    assert sum(series(once, "order", plant="works")) == near(12)
    assert once.objective == near(3360)
    assert series(twice, "order", plant="works") == near([12, 12, 0])
    assert series(twice, "online", plant="works") == near([0, 12, 12])
    assert twice.objective == near(3120)


@pytest.mark.parametrize(("premium", "speed", "total"), [(0.5, "fast", 1200 + 2 * 240 + 1080), (1.5, "normal", 2 * 1200 + 240 + 720)])
def test_the_fast_track_is_taken_if_its_time_is_worth_its_premium(premium: float, speed: str, total: float) -> None:
    """A year earlier saves 12 * 80 = 960; the premium of half the capex is 360, one and a half is 1080."""
    plan = plan_of({"horizon": 3}, **works(lead_time=24, fast_lead_time=12, fast_premium=premium))

    assert at(plan, "order", plant="works", speed=speed, node=0) == near(12)
    assert sum(plan.frame("order")["value"]) == near(12)
    assert plan.objective == near(total)


def test_both_tracks_share_the_capacity_that_can_be_added() -> None:
    """Free capacity on both tracks, no more than 5 t/yr of it in all: 5 t at 20 and 7 t at 100 a year, twice."""
    plan = plan_of(**works(fast_lead_time=0, capex=0, capacity_limit=5))

    assert series(plan, "online", plant="works") == near([5, 5])
    assert plan.objective == near(2 * 800)


def test_without_a_fast_lead_time_there_is_no_fast_track() -> None:
    m = build(case(**works(lead_time=24)))

    assert {speed for _, speed, _ in m.ORDERS} == {"normal"}


def test_nothing_is_ordered_before_the_first_year() -> None:
    """From 2027 on, with a lead time of a year, capacity runs in 2028 only: 2 * 1200 + 720 + 240."""
    plan = plan_of({"horizon": 3}, **works(lead_time=12, first_year=2027))

    assert by_node(plan, "order", plant="works") == near({1: 12, 2: 0})
    assert plan.objective == near(3360)


def test_fixed_cost_is_paid_for_new_capacity_on_line() -> None:
    """
    10 thousand USD a year for each t/yr on line. A period of two years, 12 t/yr ready for the second, which lasts two years too:
    12 * 10 * 2 = 240 on top of 720 for the order, 24 t at 100, and 24 t at 20.
    """
    plan = plan_of({"horizon": 4, "period": 24}, **works(lead_time=24, fixed_cost=10_000))

    assert cost(plan, "cost_fixed") == near(240)
    assert plan.objective == near(240 + 720 + 2400 + 480)


def test_fixed_cost_follows_the_ramp_and_stops_with_the_life() -> None:
    """
    3 t/yr, then 9 t/yr are on line, then none after a life of two years: 10 * (3 + 9) = 120. To 720 + 1200 + 960 + 480 as for the
    ramp comes a fourth year in which China sells at 20, 240, so that nobody builds for it.
    """
    plan = plan_of({"horizon": 4}, supply=cheap_from(2029), **works(lead_time=12, ramp=24, life=2, fixed_cost=10_000))

    assert series(plan, "online", plant="works") == near([0, 3, 9, 0])
    assert cost(plan, "cost_fixed") == near(120)
    assert plan.objective == near(120 + 720 + 1200 + 960 + 480 + 240)


def test_unused_life_is_worth_its_share_of_capex_at_the_end() -> None:
    """
    Ready in month 12 and of 10 years' life, 8 of them are left after 36 months, worth half of 8/10 of the capex:
    288 then, 288 * 1.1^-3 now. The costs are paid at 0.5, 1.5 and 2.5 years.
    """
    plan = plan_of({"horizon": 3, "discount_rate": 0.1}, **works(lead_time=12, life=10, residual_share=0.5))

    assert at(plan, "order", plant="works", node=0) == near(12)
    assert plan.salvage["capacity_salvage"] == near(288 * 1.1**-3)
    assert plan.objective == near((720 + 1200) * 1.1**-0.5 + 240 * 1.1**-1.5 + 240 * 1.1**-2.5 - 288 * 1.1**-3)


def test_unused_life_is_never_worth_more_than_the_capex() -> None:
    """
    With a discount rate of -10 % money later is worth more, so 12 t/yr are ordered although they are ready, in month 48, after the
    end in month 36: they are then worth their 720, not more: 720 * (0.9^-0.5 - 0.9^-3).
    """
    plan = plan_of({"horizon": 3, "discount_rate": -0.1}, demand=[], **works(lead_time=48, life=10, residual_share=1))

    assert series(plan, "order", plant="works") == near([12, 0, 0])
    assert plan.objective == near(720 * (0.9**-0.5 - 0.9**-3))


def test_a_life_that_is_over_is_worth_nothing_not_less() -> None:
    """A life of one year ends in month 12 of 24: 720 + 240, and then China sells at 20: 240. Nothing is left, and nothing is owed."""
    plan = plan_of(supply=cheap_from(2027), **works(life=1, residual_share=1))

    assert series(plan, "order", plant="works") == near([12, 0])
    assert plan.salvage["capacity_salvage"] == near(0)
    assert plan.objective == near(1200)


def test_unused_life_is_weighed_over_the_leaves() -> None:
    """
    12 t/yr ready at once, of 10 years' life: at the trunk's end (month 24) 0.8 of it is left, at the end of the embargo (month 18) 0.85:
    720 * (0.9 * 0.8 + 0.1 * 0.85). The works run in the embargo as in peace: 240 + 0.9 * 240 + 0.1 * 120.
    """
    plan = plan_of(**works(life=10, residual_share=1), **embargo(months=6, chance=0.1))

    assert series(plan, "order", plant="works")[:2] == near([12, 0])
    assert plan.salvage["capacity_salvage"] == near(720 * (0.9 * 0.8 + 0.1 * 0.85))
    assert plan.objective == near(720 + 240 + 0.9 * 240 + 0.1 * 120 - 579.6)


def test_with_an_aftermath_the_life_left_is_that_at_the_horizon_in_every_future() -> None:
    """As above, until month 24 in all of them: 0.8 of 720. The works run on after the embargo: 720 + 240 + 0.9 * 240 + 0.1 * 240 - 576."""
    plan = plan_of({"aftermath": "yes"}, **works(life=10, residual_share=1), **embargo(months=6, chance=0.1))

    assert by_node(plan, "run", plant="works") == near({0: 12, 1: 12, 2: 3, 3: 3, 4: 6})
    assert plan.salvage["capacity_salvage"] == near(576)
    assert plan.objective == near(624)


def crisis_works(**columns: Any) -> dict[str, Any]:
    """Works that run at the import's price, so that they are only worth their 300 thousand USD per t/yr in an embargo."""
    return works(**{"variable_cost": 100_000, "capex": 300_000, "lead_time": 6, **columns})


def test_capacity_can_be_ordered_in_a_cutoff() -> None:
    """
    In an embargo of a year, works ordered at once are ready in its second half: 12 t/yr for 3600 make 6 t at 100 and spare 6 t short at 1000.
    1200 + 0.9 * 1200 + 0.1 * (6000 + 600 + 3600) = 3300.
    """
    plan = plan_of(**crisis_works(), **embargo(months=12, chance=0.1))

    assert by_node(plan, "order", plant="works") == near({0: 0, 1: 0, 2: 12, 3: 0})
    assert by_node(plan, "online", plant="works") == near({0: 0, 1: 0, 2: 0, 3: 0, 4: 12, 5: 12})
    assert plan.objective == near(3300)


def test_without_crisis_orders_none_are_made_in_a_cutoff() -> None:
    """As above, but all 12 t are short: 2280 + 0.1 * 12000 = 3480."""
    plan = plan_of({"crisis_orders": "no"}, **crisis_works(), **embargo(months=12, chance=0.1))

    assert list(by_node(plan, "order", plant="works")) == [0, 1]
    assert plan.objective == near(3480)


@pytest.mark.parametrize("length_known", ["yes", "no"])
def test_what_would_be_ready_too_late_is_not_ordered_in_a_cutoff(length_known: str) -> None:
    """The longest embargo lasts 12 months and the lead time is 6: orders are made in its first 6 months only, in the branch of an embargo of 9 months too."""
    m = build(case({"length_known": length_known}, **crisis_works(), **embargo(months={9: 0.5, 12: 0.5}, chance=0.1)))
    ordered = [m.tree.elapsed[n] for _, _, n in m.ORDERS if n >= m.tree.trunk]

    assert sorted(ordered) == ([1.5, 1.5, 4.5, 4.5] if length_known == "yes" else [1.5, 4.5])


def test_with_an_aftermath_orders_are_made_in_a_cutoff_until_the_horizon() -> None:
    """
    China recovers over 12 months from an embargo of 6: of the 6 t of the last half year a quarter comes on average, 1.5 t. Works that
    take 6 months are ordered as the embargo begins although they are ready only when it is over: 9 t/yr for 540, which spare 4.5 t
    short (3 t/yr more would spare 1.5 t at 80). 1200 + 0.9 * 1200 + 0.1 * (6000 + 540 + 4.5 * 20 + 1.5 * 100).
    """
    sheets = {**works(lead_time=6, first_year=2027), **embargo(months=6, chance=0.1, recovery=12)}
    supply = {"offer": "import", "country": "China", "material": "Dy", "capacity": 12}
    plan = plan_of({"aftermath": "yes"}, supply=supply, **sheets)

    assert by_node(plan, "order", plant="works") == near({1: 0, 2: 9, 3: 0})
    assert by_node(plan, "online", plant="works") == near({0: 0, 1: 0, 2: 0, 3: 0, 4: 9})
    assert plan.objective == near(2280 + 678)


def test_what_would_be_ready_at_the_horizon_is_not_ordered_in_a_cutoff() -> None:
    """Of the quarters that begin in months 12, 15, 18 and 21 of 24, 6 months of lead time leave two; nothing is ordered in an aftermath."""
    m = build(case({"aftermath": "yes"}, **crisis_works(), **embargo(months={3: 0.5, 18: 0.5}, chance=0.1)))

    assert [m.tree.start[n] for _, _, n in m.ORDERS if n >= m.tree.trunk] == [12, 15]


def test_the_fast_track_in_a_cutoff_has_its_own_lead_time() -> None:
    """An embargo of 6 months is over before a normal order of 6 months is ready, but not a fast one of 3, which is worth it: 12 * 300 for 3 t less short. 2280 + 0.1 * (3000 + 300 + 3600 * 0.5)."""
    plan = plan_of(**crisis_works(capex=150_000, fast_lead_time=3), **embargo(months=6, chance=0.1))
    orders = plan.frame("order")

    assert orders.loc[orders["node"] >= 2, ["speed", "node"]].to_numpy().tolist() == [["fast", 2]]
    assert at(plan, "order", speed="fast", node=2) == near(12)
    assert plan.objective == near(2280 + 0.1 * (3000 + 300 + 1800))


def test_orders_before_and_in_a_cutoff_share_the_capacity_that_can_be_added() -> None:
    """
    Capacity of a year's life and no lead time saves 80 for 60 in year 1. Where it can be had once only (12 t/yr), it is kept for
    year 2: 1200 + 12 * 80, in peace or, to avoid shortage, in the embargo. Twice (24 t/yr): 2 * 12 * 80.
    """
    sheets = {**works(life=1), **embargo(months=12, chance=0.1)}
    once = plan_of(**sheets)
    sheets["plants"][0] = {**sheets["plants"][0], "capacity_limit": 24}
    twice = plan_of(**sheets)

    assert [at(once, "order", plant="works", node=n) for n in (0, 1, 2)] == near([0, 12, 12])
    assert once.objective == near(1200 + 960)
    assert [at(twice, "order", plant="works", node=n) for n in (0, 1, 2)] == near([12, 12, 12])
    assert twice.objective == near(2 * 960)


def test_two_branches_do_not_share_it() -> None:
    """
    An embargo of a year can begin in year 2 (0.1) or, if not, in year 3 (0.9 * 0.1 = 0.09); in both, 12 t/yr are ordered at once:
    10200 each as above. 1200 + 0.9 * 1200 + 0.81 * 1200 + 0.19 * 10200.
    """
    plan = plan_of({"horizon": 3}, **crisis_works(), **embargo(months=12, chance=0.1))

    assert [at(plan, "order", plant="works", node=n) for n in (3, 7)] == near([12, 12])
    assert plan.objective == near(1200 * (1 + 0.9 + 0.81) + 0.19 * 10_200)


def test_a_plant_that_cannot_grow_has_no_orders() -> None:
    m = build(case(**works(capacity_limit=0, opening_capacity=5)))

    assert not len(m.order)
    assert not len(m.online)
    assert m.component("capacity_limit_path") is None


def test_orders_below_a_floor_without_limit_are_infeasible() -> None:
    """20 t/yr must stand in 2027, but only 12 can be added (which `check` refuses)."""
    floors = {"capacity_floors": {"kind": "refinery", "year": 2027, "capacity": 20}}
    base = case(**works(capacity_limit=20), **floors)

    assert make_plan(base.with_frame("plants", base["plants"].assign(capacity_limit=12.0))).status is Status.INFEASIBLE
    assert plan_of(**works(capacity_limit=20), **floors).status is Status.OPTIMAL
