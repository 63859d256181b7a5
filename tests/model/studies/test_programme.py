"""The programme against nothing: each figure by hand, what must hold of any case, and the shipped one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from inputs.case import Case
from inputs.shipped import shipped_grids
from inputs.workbook import examine, parse
from model.plan import Plan, make_plan, solve_case
from model.solver.program import Status
from model.studies.programme import Programme, Refused, merchant_case, programme
from tests.fuzz.random_cases import Draw
from tests.kit.cases import grids
from tests.kit.house import HOUSE
from tests.kit.small import at, case, embargo, near, plant

SPARE = {"option": "spare", "material": "Dy", "sector": "*", "limit": 0.25, "cost": 200}
STORE = {"offer": "purchase", "country": "China", "material": "Dy", "buyer": "stockpile"}
IMPORT = {"offer": "import", "country": "China", "material": "Dy"}


def a_case(*, opening: float = 0, coverage: float = 0.5, store: bool = True, **sheets: Any) -> Case:
    """12 t of Dy a year at 100 USD/kg; half of it promised for six months; a tonne short costs five times as much, one spared twice."""
    return case(
        {"aftermath": True},
        **{
            "materials": {"material": "Dy", "price": 100, "holding_rate": 0.1, "resale_share": 0.5, "opening_stock": opening},
            "sectors": {"sector": "civil", "shortage_multiple": 5, "coverage": coverage, "cover_months": 6},
            "supply": [IMPORT, STORE] if store else [IMPORT],
            "thrift": SPARE,
            **embargo(6, 0.1),
            **sheets,
        },
    )


def found(of: Case) -> Programme:
    study = programme(solve_case(of))
    assert not isinstance(study, Refused), study
    return study


@pytest.fixture(scope="module")
def small() -> Programme:
    return found(a_case())


def test_costs_of_the_four_futures(small: Programme) -> None:
    """In peace 12 t x 100 = 1,200 a year. M: 2 x 1,200 = 2,400.

    With a cutoff in the first half of 2027 (0.1): market 1,200 + 0.9 x 1,200 + 0.1 x 600 = 2,340. In it each quarter needs 3 t; 0.75 t are spared.
    N: 2.25 t short each quarter: 0.1 x 4.5 x 500 = 225, and 0.1 x 1.5 x 200 = 30: 2,595.
    P: 1.5 t may be short, so 0.75 t come from stock, 1.5 t in all: purchase 150; holding 15 + 0.9 x 15 + 0.1 x 0.75 x 100 x 0.1 / 4 = 28.6875;
    left 0.9 x 0.5 x 150 = 67.5; short 0.1 x 3 x 500 = 150, spared 30: 2,340 + 150 + 28.6875 - 67.5 + 180 = 2,631.1875.
    P0: a tonne in store costs 100 + 10 + 9 - 45 = 74 and saves 0.1 x 500 = 50, so none is held: as N.
    """
    assert small.merchant.cost == near(2400)
    assert small.nothing.cost == near(2595)
    assert small.plan.cost == near(2631.1875)
    assert small.unpromised.cost == near(2595)
    assert small.today is small.nothing


def test_what_the_programme_averts_and_costs(small: Programme) -> None:
    """L(N) = 225 + 30, L(P) = 150 + 30: 75 averted. V(P) - V(N) = 36.1875; the measures cost 75 + 36.1875 = 111.1875; 75 / 111.1875 = 0.6745.

    If nothing is done the hazard costs V(N) - V(M) = 195. The promise costs V(P) - V(P0) = 36.1875.
    """
    assert (small.nothing.loss, small.plan.loss, small.averted) == near((255, 180, 75))
    assert small.net_cost == near(36.1875)
    assert small.measures == near(111.1875)
    assert small.benefit_cost == near(75 / 111.1875)
    assert small.exposure == near(195)
    assert small.promise == near(36.1875)


def test_promises_cost_something_by_what_is_minimised() -> None:
    """With the whole weight on the worst tenth the teaching case promises nothing for less only by that weight: its plan without promises is expected to cost more."""
    of = parse(shipped_grids("tutorial")).case
    assert of is not None
    weighed = of.with_setting("risk_weight", 1.0)
    study = found(weighed)
    free = make_plan(weighed.with_frame("sectors", weighed["sectors"].assign(coverage=0.0)))

    assert study.unpromised.objective == near(free.objective)
    assert study.promise == near((study.plan.plan.objective or 0.0) - (free.objective or 0.0))
    assert study.promise > 0 > study.plan.cost - study.unpromised.cost


def test_premium_is_what_is_paid_where_no_cutoff_comes(small: Programme) -> None:
    """P: 2,400 + 150 + 15 + 15 - 75 left = 2,505; N: 2,400; 105 more, 52.5 in each of two years without discounting."""
    assert small.plan.without_cutoff == near(2505)
    assert small.nothing.without_cutoff == near(2400)
    assert (small.premium, small.yearly_premium) == near((105, 52.5))


def test_shortage_averted_and_worst_cutoff(small: Programme) -> None:
    """Expected 0.1 x 4.5 = 0.45 t short against 0.1 x 3 = 0.3 t; the worst cutoff is short of 4.5 t x 500 = 2,250 against 3 t x 500 = 1,500, from month 12."""
    assert small.nothing.short.loc[("Dy", "civil")].tolist() == near([0.45, 225])
    assert small.plan.short.loc[("Dy", "civil")].tolist() == near([0.3, 150])
    assert small.nothing.worst["embargo"] == near((2250, 12))
    assert small.plan.worst["embargo"] == near((1500, 12))


def test_opening_stock_is_sold_where_nothing_is_done_and_kept_today() -> None:
    """2 t bring 2 x 100 x 0.5 = 100 on the first day: M 2,300, N 2,495.

    Kept, with nothing added: 2 t less short in the first quarter saves 0.1 x 2 x 500 = 100; holding 20 + 0.9 x 20 = 38; left 0.9 x 100 = 90: 2,595 - 100 + 38 - 90 = 2,443.
    """
    study = found(a_case(opening=2))

    assert (study.merchant.cost, study.nothing.cost, study.today.cost) == near((2300, 2495, 2443))
    assert at(study.nothing.plan, "stock", material="Dy", node=0) == near(0)
    assert at(study.today.plan, "stock", material="Dy", node=0) == near(2)


def test_security_order_is_one_that_merchants_do_not_make() -> None:
    """A t/yr that makes Dy for what it costs abroad earns nothing in peace. In a cutoff it makes 0.5 t: 0.1 x 0.5 x (500 - 100) = 20 against capex of 15.

    9 t/yr fill the 2.25 t a quarter that would be short; one more would replace thrift, 0.1 x 0.5 x (200 - 100) = 5.
    """
    works: dict[str, Any] = plant(variable_cost=100_000, capacity_limit=50, capex=15_000, lead_time=12, residual_share=0)
    study = found(a_case(coverage=0, store=False, **works))

    assert study.plan.orders == near({"works": 9})
    assert study.merchant.orders == near({"works": 0})
    assert study.nothing.cost == near(2595)


def test_merchants_order_what_pays_in_peace_and_nothing_done_has_it_too() -> None:
    """At 60 USD/kg a t/yr saves 40 in 2027 and costs 15: 12 t/yr are ordered by merchants too; in a cutoff they leave nothing short."""
    works: dict[str, Any] = plant(variable_cost=60_000, capacity_limit=50, capex=15_000, lead_time=12, residual_share=0)
    study = found(a_case(coverage=0, store=False, **works))

    assert study.merchant.orders == near({"works": 12})
    assert study.nothing.plan.objective == near(study.plan.cost)
    assert study.nothing.loss == near(0)


def test_session_is_left_with_the_plan() -> None:
    solved = solve_case(a_case(opening=2))
    programme(solved)

    assert solved.session is not None
    assert solved.session.solve().objective == near(solved.plan.objective)


def drawn(number: int) -> Case | None:
    """A random small case over every sheet."""
    return parse(grids(Draw(number).sheets()), "drawn").case


def nothing_as_a_case(of: Case, merchant: Plan) -> Case:
    """Nothing done, as a case of its own: no stockpile or promise, and the merchants' orders as pins for every plant and year."""
    alone = merchant_case(of)
    hazard = {sheet: of[sheet] for sheet in ("cutoffs", "hazards", "durations", "losses", "surges")}
    years, rows = merchant.tree.year, []
    ordered: dict[tuple[str, int], float] = {}
    for (p, _, n), value in zip(merchant.data.sets["ORDERS"], merchant.values["order"].tolist(), strict=True):
        ordered[p, int(years[n])] = ordered.get((p, int(years[n])), 0.0) + value
    for (p, year), value in ordered.items():
        rows.append({"item": "order", "name": p, "year": year, "at_least": max(value - 1e-9, 0), "at_most": value + 1e-9})
    empty = of["pins"].iloc[:0]
    pins = type(empty)(rows, columns=empty.columns).astype(empty.dtypes.to_dict()) if rows else empty
    frames = MappingProxyType({**alone.frames, **hazard, "pins": pins})
    return replace(alone, frames=frames).with_setting("risk_weight", of.number("risk_weight"))


def bound_to_hold(of: Case) -> bool:
    """Whether it has a stock, or must have one, promise or not: what nothing done is free of."""
    return bool(of["materials"][["opening_stock", "min_cover"]].to_numpy().any() or (of["pins"]["item"] != "order").any())


@pytest.mark.parametrize("first", range(1, 121, 40))
def test_what_holds_of_any_case(first: int) -> None:
    """V(P0) <= V(P); V(P0) <= V(N) where no stock must be; the parts add; N is what a case with the merchants' orders as pins gives."""
    seen = 0
    for number in range(first, first + 40):
        of = drawn(number)
        solved = solve_case(of) if of else None
        if of is None or solved is None or solved.plan.status is not Status.OPTIMAL:
            continue
        study = programme(solved)
        if isinstance(study, Refused):
            continue
        seen += 1
        free, nothing = (f.plan.objective or 0.0 for f in (study.unpromised, study.nothing))
        room = 1e-6 * (1 + abs(solved.plan.objective or 0.0))

        assert free <= (solved.plan.objective or 0.0) + room, number
        if not bound_to_hold(of):
            assert free <= nothing + room, number
        assert study.net_cost == pytest.approx(study.measures - study.averted, abs=room)
        plain = make_plan(nothing_as_a_case(of, study.merchant.plan))
        assert plain.objective == pytest.approx(nothing, rel=1e-5, abs=1e-3), number
        assert np.abs(study.merchant.without_cutoff - study.merchant.cost) <= room
    assert seen > 5


@pytest.mark.slow
def test_shipped_case_is_better_with_its_programme() -> None:
    """us-2026: it costs no more than nothing done, averts loss, and each figure is the difference of two solved plans."""
    of = examine(Path(HOUSE / "inputs" / "us-2026.xlsx")).case
    assert of is not None
    study = found(of)

    assert study.net_cost < 0 < study.averted < study.exposure
    assert study.unpromised.cost <= study.plan.cost + 1
    assert study.premium > 0
    assert all(study.plan.worst[kind][0] <= cost + 1 for kind, (cost, _) in study.nothing.worst.items())
