"""Replays: on the futures that a plan lists they give the plan itself; on others, what can be worked out by hand, period by period."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from inputs.case import Case
from inputs.shipped import shipped_grids
from inputs.workbook import parse
from model.plan import Plan, make_plan
from model.solver.program import Status
from model.stress.future import NEVER, Episode, Future
from model.stress.listed import drawn_listed, listed_futures
from model.stress.policy import Policy, StressError, policy_of
from model.stress.replay import Replayer, Trace
from tests.kit.cases import expected, load_case, names
from tests.kit.small import case, embargo, every_sheet, near, plan_of, plant

LISTED = [name for name in names() if expected(name)[0] == "optimal" and name not in ("reference-36",)]

STOCKED: dict[str, Any] = {
    "materials": {"material": "Dy", "price": 100, "stock_limit": 100, "resale_share": 0.5},
    "supply": [
        {"offer": "import", "country": "China", "material": "Dy"},
        {"offer": "to store", "country": "China", "material": "Dy", "buyer": "stockpile"},
    ],
    **embargo({6: 0.5, 12: 0.5}),
}
"""A plan of three years that buys 12 t in 2026, enough for the longest cutoff that it lists, of 12 months at 1 t a month."""


def stocked(**sheets: Any) -> Case:
    return case({"horizon": 3, "aftermath": True}, **STOCKED | sheets)


def replayed(plan: Plan, *futures: Future, policy: Policy | None = None, settle: bool = True) -> list[Trace]:
    """The traces of futures of a plan, the stockpile settled after the first cutoff, or kept."""
    replayer = Replayer(plan.case, policy or policy_of(plan), settle=settle)
    periods = replayer.periods(futures)
    return [replayer.trace(periods, f) for f in range(len(futures))]


def solved(of: Case) -> Plan:
    plan = make_plan(of)
    assert plan.status is Status.OPTIMAL
    return plan


def in_cutoff(trace: Trace, values: Any) -> list[float]:
    """The values of the periods of cutoffs, to a millionth of a tonne."""
    return [round(float(value), 6) + 0.0 for value in np.asarray(values)[trace.place == 1]]


def listed_agrees(plan: Plan, *, ties: float = 0.0) -> bool:
    """Whether all futures of the tree, each replayed and weighted, give the plan's cost and its expected shortage; of shortages that cost the same, `ties` t may differ."""
    futures = [(future, share) for future, share in listed_futures(plan.case, plan.tree) if share > 0]
    traces = replayed(plan, *(future for future, _ in futures))
    shares = np.array([share for _, share in futures])
    own = (plan.values["shortage"].reshape(-1, len(plan.tree)) * plan.tree.prob).sum(axis=1)
    short = sum(share * trace.short.sum(axis=1) for share, trace in zip(shares, traces, strict=True))

    assert plan.objective is not None
    assert shares.sum() == near(1)
    assert (shares * [trace.total for trace in traces]).sum() == pytest.approx(plan.objective - plan.risk, rel=1e-9)
    assert short == pytest.approx(own, rel=1e-6, abs=1e-6 + ties)
    assert sum(trace.broken.sum() for trace in traces) == near(0)
    return True


@pytest.mark.parametrize("name", LISTED)
def test_the_listed_futures_of_a_known_answer_give_its_plan(name: str) -> None:
    """Knowing only the past, with stock valued at the plan's own prices, every future of the tree is met as in the plan."""
    known = load_case(name)
    if known.flag("length_known"):
        with pytest.raises(StressError, match="length_known = yes"):
            policy_of(solved(known))
        return

    assert listed_agrees(solved(known))


def test_the_listed_futures_of_a_case_with_everything_give_its_plan() -> None:
    """Orders in cutoffs, share caps, floors, output loss, thrift, the weight on the worst outcomes, losses of stock and ramps among them."""
    assert listed_agrees(solved(every_sheet()))


@pytest.mark.parametrize("name", ["tutorial", "us-2026"])
def test_the_listed_futures_of_a_shipped_case_give_its_plan(name: str) -> None:
    """In us-2026 a few kilogrammes of Ge may be short in this period or that at the same cost."""
    of = parse(shipped_grids(name), name).case

    assert of is not None
    assert listed_agrees(solved(of), ties=0.02)


def test_a_future_that_is_not_listed_by_hand() -> None:
    """12 t are in store. A cutoff of July 2027 (month 18) that lasts 18 months, longer than any listed: 3 t a quarter for four quarters, then 3 t short in each of two.

    Cost: supply 100 a tonne for the 18 t of 18 months, 1,800; the stock 1,200; shortage 6 t at 1,000: 9,000 in all, and nothing is left to sell.
    """
    trace = replayed(solved(stocked()), Future((Episode("embargo", 18, 18),)))[0]

    assert (trace.start.tolist(), trace.length.tolist()) == ([0, 12, 18, 21, 24, 27, 30, 33], [12, 6, *[3] * 6])
    assert trace.place.tolist() == [0, 0, *[1] * 6]
    assert in_cutoff(trace, trace.stock[0]) == [9, 6, 3, 0, 0, 0]
    assert in_cutoff(trace, trace.short[0]) == [0, 0, 0, 0, 3, 3]
    assert trace.total == near(1800 + 1200 + 6000)


def test_what_is_bought_by_the_month_of_the_onset_is_its_part_of_the_period() -> None:
    """A cutoff in month 5 finds 5/12 of the 12 t of 2026: 5 t last for a quarter and 2 t of the next; 1 t is short in it. After it 7 months of peace until 2027, and two years."""
    trace = replayed(solved(stocked()), Future((Episode("embargo", 5, 6),)))[0]

    assert trace.stock[0, 0] == near(5)
    assert in_cutoff(trace, trace.stock[0]) == [2, 0]
    assert in_cutoff(trace, trace.short[0]) == [0, 1]
    assert trace.length.tolist() == [5, 3, 3, 13, 12]


def test_the_promise_goes_before_a_dearer_shortage() -> None:
    """Defense is promised its 6 t/yr, and short of it costs 2 x the price; civil 6 t/yr, 10 x. The plan holds 9 t for a year: of 12 t needed, civil goes without 3.

    In a cutoff that begins with half of that in store defense still has its 1.5 t a quarter until nothing is left, and civil first goes without.
    """
    plan = solved(
        stocked(
            materials={"material": "Dy", "price": 100, "stock_limit": 4.5, "resale_share": 0.5},
            sectors=[
                {"sector": "civil", "shortage_multiple": 10},
                {"sector": "defense", "coverage": 1, "cover_months": 9, "shortage_multiple": 2},
            ],
            demand=[{"material": "Dy", "sector": sector, "demand": 6} for sector in ("civil", "defense")],
        )
    )
    trace = replayed(plan, Future((Episode("embargo", 12, 12),)), Future((Episode("embargo", 6, 9),)))

    assert in_cutoff(trace[0], trace[0].short[1]) == [0, 0, 0, 1.5]
    assert in_cutoff(trace[0], trace[0].broken[1]) == [0, 0, 0, 0]
    assert in_cutoff(trace[0], trace[0].short[0]) == [1.5, 1.5, 1.5, 1.5]
    assert in_cutoff(trace[1], trace[1].short[1]) == [0, 0.75, 1.5]
    assert in_cutoff(trace[1], trace[1].broken[1]) == [0, 0.75, 1.5]


@pytest.mark.parametrize("price", [0, 100])
def test_a_promise_of_what_costs_nothing_is_kept_too(price: float) -> None:
    """Short of it costs 10 times a price of nothing, and the stock that is for it is worth nothing; 12 t are asked for in a year of embargo."""
    plan = solved(
        stocked(
            materials={"material": "Dy", "price": price},
            sectors={"sector": "civil", "shortage_multiple": 10, "coverage": 1, "cover_months": 12},
        )
    )
    trace = replayed(plan, Future((Episode("embargo", 12, 12),)))[0]

    assert in_cutoff(trace, trace.release[0]) == [3] * 4
    assert in_cutoff(trace, trace.broken[0]) == [0] * 4


def test_severity_and_noise_by_hand() -> None:
    """China sells at most 24 t/yr and a cutoff takes half: 3 t a quarter still come, all that is needed. At severity 1.5 a quarter of it comes, 1.5 t; with demand up by half as
    well, 4.5 t are needed a quarter: 3 t from the 6 t in store in each of two quarters, and then 3 t are short. (Stock sells for more than it costs, so that it is not used for want of a better use.)"""
    of = stocked(
        materials={"material": "Dy", "price": 100, "stock_limit": 6, "resale_share": 1.1},
        supply=[
            {"offer": "import", "country": "China", "material": "Dy", "capacity": 24},
            {"offer": "to store", "country": "China", "material": "Dy", "buyer": "stockpile"},
        ],
        **embargo({6: 0.5, 12: 0.5}, lost=0.5),
    )
    mild, severe, noisy = (
        Future((Episode("embargo", 12, 9, severity),), demand={"civil": demand})
        for severity, demand in ((1.0, 1.0), (1.5, 1.0), (1.5, 1.5))
    )
    traces = replayed(solved(of), mild, severe, noisy)

    assert [in_cutoff(trace, trace.short[0]) for trace in traces] == [[0, 0, 0], [0, 0, 0], [0, 0, 3]]
    assert in_cutoff(traces[1], traces[1].release[0]) == [1.5, 1.5, 1.5]
    assert in_cutoff(traces[2], traces[2].release[0]) == [3, 3, 0]


def test_a_price_that_is_higher_costs_more_and_moves_nothing_else() -> None:
    """Twice the price of Dy, in all 36 months without a cutoff: 36 t of supply and 12 t of stock cost 100 a tonne more, and the stock left is worth 50 a tonne more.
    Nobody goes without because a price has risen above what a shortage is said to cost."""
    plain, dear = replayed(solved(stocked()), Future(), Future(price={"Dy": 2.0}))
    cutoff = (Episode("embargo", 7, 12),)
    without, with_noise = replayed(
        solved(stocked(sectors={"sector": "civil", "shortage_multiple": 1.3})), Future(cutoff), Future(cutoff, price={"Dy": 1.6})
    )

    assert plain.total == near(3600 + 1200 - 600)
    assert dear.total == near(2 * (3600 + 1200 - 600))
    assert np.array_equal(plain.stock, dear.stock)
    assert np.array_equal(without.short, with_noise.short)


def test_what_is_sold_at_a_price_of_its_own_moves_with_the_price() -> None:
    """A plant makes 24 t/yr for nothing; of the 12 t/yr that nobody needs, each brings 50 USD/kg: 36 t, 1,800 thousand USD, and twice that at twice the price. Where
    they cost 50 to be rid of, the price of Dy does not move that (and nothing is made in vain)."""
    sheets = plant(opening_capacity=24) | {"supply": STOCKED["supply"][:1]}
    sold, burden = (
        solved(case({"horizon": 3}, **sheets, materials={"material": "Dy", "price": 100, "surplus_cost": cost})) for cost in (-50, 50)
    )

    assert [trace.total for trace in replayed(sold, Future(), Future(price={"Dy": 2.0}))] == near([-1800, -3600])
    assert [trace.total for trace in replayed(burden, Future(), Future(price={"Dy": 2.0}))] == near([0, 0])


def test_plants_that_are_late_or_refused_by_hand() -> None:
    """A plant of 12 t/yr is pinned in January 2026, ready in month 12. A cutoff of 2027: on time it makes all 3 t a quarter; 9 months late, three quarters are
    short (there is no stock); refused, all are, and its capex of 120 thousand USD is not paid."""
    of = stocked(
        materials={"material": "Dy", "price": 100, "stock_limit": 0},
        pins=[{"item": "order", "name": "works", "year": 2026, "at_least": 12}],
        **plant(capacity_limit=12, capex=10_000, lead_time=12, residual_share=0),
    )
    episode = (Episode("embargo", 12, 12),)
    on_time, late, refused = replayed(solved(of), Future(episode), Future(episode, {"works": 9}), Future(episode, {"works": NEVER}))

    assert [in_cutoff(trace, trace.short[0]) for trace in (on_time, late, refused)] == [[0, 0, 0, 0], [3, 3, 3, 0], [3, 3, 3, 3]]
    assert late.total - on_time.total == near(9 * 1000)
    assert refused.total - on_time.total == near(12 * 1000 - 120 + 12 * 100)


def test_a_second_cutoff_finds_what_the_first_has_left() -> None:
    """Without a sale after the first: 12 t, less 6 in a cutoff of 6 months from 2027, kept through half a year of peace and one month; the second, of 9 months, is 3 t short."""
    plan = solved(stocked())
    future = Future((Episode("embargo", 12, 6), Episode("embargo", 25, 9)))
    (trace,) = replayed(plan, future, settle=False)

    assert trace.start.tolist() == [0, 12, 15, 18, 25, 28, 31, 34]
    assert trace.length.tolist() == [12, 3, 3, 7, 3, 3, 3, 2]
    assert in_cutoff(trace, trace.stock[0]) == [9, 6, 3, 0, 0]
    assert in_cutoff(trace, trace.short[0]) == [0, 0, 0, 0, 3]


def test_a_trace_does_not_depend_on_the_futures_beside_it() -> None:
    plan = solved(every_sheet())
    futures = [future for future, _ in listed_futures(plan.case, plan.tree)]
    together = replayed(plan, *futures)
    alone = [replayed(plan, future)[0] for future in reversed(futures)][::-1]

    for one, other in zip(together, alone, strict=True):
        assert one.total == other.total
        assert np.array_equal(one.short, other.short)
        assert np.array_equal(one.stock, other.stock)


def test_more_stock_never_leaves_more_short() -> None:
    """The same futures with 0, 1/2, 1 and 3/2 of what the plan buys."""
    plan = solved(stocked())
    policy = policy_of(plan)
    futures = [Future((Episode("embargo", start, months),)) for start in (3, 12, 17, 30) for months in (3, 12, 24)]
    short = [
        [trace.short.sum() for trace in replayed(plan, *futures, policy=replace(policy, bought=share * policy.bought))]
        for share in (0.0, 0.5, 1.0, 1.5)
    ]

    assert np.diff(np.array(short), axis=0).max() <= 1e-6
    assert sum(short[0]) > sum(short[1]) > sum(short[2]) > sum(short[3]) > 0


def halves_promised(**sheets: Any) -> Case:
    """12 t/yr, of which half is promised for 6 months; an embargo lasts 3 or 9, and being short without a promise costs 10 x the price. The plan holds 4.5 t, 3 of them for the promise."""
    return stocked(
        sectors={"sector": "civil", "coverage": 0.5, "cover_months": 6, "shortage_multiple": 10},
        materials={"material": "Dy", "price": 100},
        **embargo({3: 0.5, 9: 0.5}),
        **sheets,
    )


def test_what_a_later_promise_needs_is_not_given_to_a_shortage_without_one() -> None:
    """In a cutoff of month 9 there are 9/12 of the 4.5 t, 3.375: 1.5 t stay for the promise of the second quarter, and 1.875 of the 3 t of the first are served.
    In one of month 5 there are 1.875 t: all but the 1.5 t of the promise now are kept, and 1.125 t of the promise of the second quarter cannot be."""
    traces = replayed(solved(halves_promised()), *(Future((Episode("embargo", start, 9),)) for start in (9, 5)))

    assert [in_cutoff(trace, trace.stock[0]) for trace in traces] == [[1.5, 0, 0], [0.375, 0, 0]]
    assert [in_cutoff(trace, trace.short[0]) for trace in traces] == [[1.125, 1.5, 3], [1.5, 2.625, 3]]
    assert [in_cutoff(trace, trace.broken[0]) for trace in traces] == [[0, 0, 0], [0, 1.125, 0]]


def test_a_promise_to_more_demand_than_was_thought_is_kept_too() -> None:
    """With 4/3 of the demand 2 t a quarter are promised: of 4.5 t, 2 stay for the second quarter, and 2.5 of the 4 t of the first are served."""
    trace = replayed(solved(halves_promised()), Future((Episode("embargo", 12, 9),), demand={"civil": 4 / 3}))[0]

    assert in_cutoff(trace, trace.short[0]) == [1.5, 2, 4]
    assert in_cutoff(trace, trace.broken[0]) == [0, 0, 0]


def test_more_stock_never_breaks_more_promises() -> None:
    """Onsets of every month of the first year, in which the store is being filled: in each less is broken, the more there is, with 0 to 6/4 of what a plan buys, and with
    plans that a budget holds to 3.2 and 4 t or that buy all 4.5. (With 3/4 of 4 t, 3, the promise of an embargo of nine months is kept, and so it must be with 3/4 of 4.5.)"""
    plan = solved(halves_promised())
    policy = policy_of(plan)
    plans = [solved(halves_promised(budget=[{"year": 2026, "amount": amount}])) for amount in (0.32, 0.4)] + [plan]
    futures = [
        Future((Episode("embargo", start, months),), demand={"civil": demand})
        for start in range(1, 12)
        for months in (3, 9)
        for demand in (0.8, 1, 1.3)
    ]
    by_plan = np.array([[trace.broken.sum() for trace in replayed(each, *futures)] for each in plans])
    broken = np.array(
        [
            [trace.broken.sum() for trace in replayed(plan, *futures, policy=replace(policy, bought=share / 4 * policy.bought))]
            for share in range(7)
        ]
    )

    assert [each.values["stock"][0] for each in plans] == near([3.2, 4, 4.5])
    assert np.diff(by_plan, axis=0).max() <= 1e-6
    assert np.diff(broken, axis=0).max() <= 1e-6
    assert np.diff((broken <= 1e-6).sum(axis=1)).min() >= 0
    assert 0 == (broken[0] <= 1e-6).sum() < (broken[4] <= 1e-6).sum() < (broken[6] <= 1e-6).sum()


def test_futures_are_drawn_from_the_tree_by_their_probabilities() -> None:
    """Five futures: none 0.81, a cutoff in 2027 (0.1) or 2028 (0.09), of 6 or 12 months alike; shares on either side of each end fall in the one or the next."""
    plan = plan_of({"horizon": 3, "aftermath": True}, **STOCKED)
    futures = listed_futures(plan.case, plan.tree)
    ends = np.cumsum([0.81, 0.05, 0.05, 0.045, 0.045])

    assert [share for _, share in futures] == near([0.81, 0.05, 0.05, 0.045, 0.045])
    for place, end in enumerate(ends[:-1].tolist()):
        assert drawn_listed(futures, end - 1e-9) is futures[place][0]
        assert drawn_listed(futures, end + 1e-9) is futures[place + 1][0]
