"""Alternatives: how little and how much by hand, each end as solved anew, and plans far apart that are planned again from their pins."""

from pathlib import Path
from typing import Any

import pytest

from inputs.case import Case
from inputs.shipped import shipped_grids
from inputs.workbook import examine, parse
from model.growth import grow_tree
from model.plan import Solved, make_plan, solve_case
from model.solver.program import Status
from model.studies.alternatives import Alternatives, NothingToDecideError, Range, Verdict, alternatives, columns, quantities
from model.studies.measures import chances
from model.studies.near_optimal import NearOptimal
from model.studies.pinned import pinned
from tests.fuzz.random_cases import Draw
from tests.kit.cases import grids
from tests.kit.house import HOUSE
from tests.kit.small import case, embargo, near, plant

SPARE = {"option": "spare", "material": "Dy", "sector": "*", "limit": 0.25, "cost": 200}
STORE = {"offer": "purchase", "country": "China", "material": "Dy", "buyer": "stockpile"}
IMPORT = {"offer": "import", "country": "China", "material": "Dy"}


def a_case(multiple: float = 5, *, settings: dict[str, Any] | None = None, coverage: float = 0, store: bool = True, **sheets: Any) -> Case:
    """
    12 t of Dy a year at 100 USD/kg; a cutoff of six months in 2027 with chance 0.1, in which 1.5 t are spared at 200 and 4.5 t short.
    A tonne in store costs 100 + 10 + 0.9 x 10 - 0.9 x 50 = 74 and saves 0.1 x 100 x `multiple`; nothing done costs 2,370 + 0.1 x 4.5 x 100 x `multiple`,
    merchants without a cutoff 2,400.
    """
    return case(
        {"aftermath": True, **(settings or {})},
        **{
            "materials": {"material": "Dy", "price": 100, "holding_rate": 0.1, "resale_share": 0.5},
            "sectors": {"sector": "civil", "shortage_multiple": multiple, "coverage": coverage, "cover_months": 6},
            "supply": [IMPORT, STORE] if store else [IMPORT],
            "thrift": SPARE,
            **embargo(6, 0.1),
            **sheets,
        },
    )


def found(of: Case, within: float) -> Alternatives:
    return alternatives(solve_case(of), within)


def of(result: Alternatives, kind: str, name: str) -> Range:
    return next(r for r in result.ranges if (r.kind, r.name) == (kind, name))


def test_what_is_left_alone_may_be_a_little() -> None:
    """At five times the price a tonne saves 50: none is held. 2 % of 2,595 - 2,400 = 195 are 3.9, and each tonne costs 24 more than it saves."""
    result = found(a_case(), 0.02)
    stock = of(result, "stock", "Dy")

    assert result.base.amount == near(195)
    assert result.allowance == near(3.9)
    assert (stock.plan, stock.least, stock.most) == near((0, 0, 3.9 / 24))
    assert stock.verdict is Verdict.MAY


def test_what_is_promised_must_be() -> None:
    """Half of what is needed takes 1.5 t, at V(P) = 2,631.1875 more than nothing done: 2 % of 231.1875 go into more stock at 24 a tonne."""
    result = found(a_case(coverage=0.5), 0.02)
    stock = of(result, "stock", "Dy")

    assert result.base.amount == near(231.1875)
    assert (stock.plan, stock.least, stock.most) == near((1.5, 1.5, 1.5 + 0.02 * 231.1875 / 24))
    assert stock.verdict is Verdict.MUST


@pytest.mark.parametrize(("within", "least", "verdict"), [(0.05, 4.5 - 2.25 - 3.5625 / 6, Verdict.MUST), (0.1, 0, Verdict.NEED_NOT)])
def test_what_hardly_pays_need_not_be(within: float, least: float, verdict: Verdict) -> None:
    """At eight times the price each of 4.5 t gains 6, less 0.25 where it is held into the second quarter.

    5 % of 2,730 - 2,400 = 330 are 16.5: they give up 2.25 t at 5.75 and 3.5625 / 6 t more; 10 % are more than all 26.4375.
    """
    stock = of(found(a_case(8), within), "stock", "Dy")

    assert (stock.plan, stock.least) == near((4.5, least))
    assert stock.verdict is verdict


def test_what_nobody_sells_never_is() -> None:
    assert of(found(a_case(store=False), 0.5), "stock", "Dy").verdict is Verdict.NEVER


def test_stock_that_is_lost_is_its_largest_in_peace() -> None:
    """0.75 t in each quarter of a cutoff, of which r = 0.8^0.25 is left after one: 0.75 / r + 0.75 / r^2 at the end of 2026; less at that of 2027 would do."""
    lost = {"material": "Dy", "price": 100, "holding_rate": 0.1, "resale_share": 0.5, "loss_rate": 0.2}
    stock = of(found(a_case(coverage=0.5, materials=lost), 1e-6), "stock", "Dy")

    assert (stock.plan, stock.least) == near((0.75 / 0.8**0.25 + 0.75 / 0.8**0.5,) * 2)
    assert stock.most == pytest.approx(stock.plan, rel=1e-3)


def test_least_order_of_the_teaching_case() -> None:
    """Nothing done costs 39,340 + 760 + 0.19 x 10 x 10,000 = 59,100, merchants without cutoffs 3 x 14,000: 2 % of 17,100 are 342. A t/yr gains 39.166."""
    shipped = parse(shipped_grids("tutorial")).case
    assert shipped is not None
    result = found(shipped, 0.02)

    for kind, name in (("plant", "Separation"), ("kind", "separation")):
        order = of(result, kind, name)
        assert (order.plan, order.least, order.most) == near((50, 50 - 342 / 39.166, 50))
        assert order.verdict is Verdict.MUST
    assert of(result, "stock", "Nd").least == near(15)


def test_the_weight_on_risk_counts() -> None:
    """With weight on the tail more is held; the least of it, pinned, costs the whole allowance."""
    weighted = a_case(8, settings={"risk_weight": 0.3, "tail": 0.1})
    result = found(weighted, 0.1)
    stock = of(result, "stock", "Dy")
    pins = {"item": "stock", "name": "Dy", "year": 2027, "at_most": stock.least}
    pinned = make_plan(a_case(8, settings={"risk_weight": 0.3, "tail": 0.1}, pins=pins))

    assert 0 < stock.least < stock.plan
    assert result.plan.objective is not None
    assert pinned.objective == near(result.plan.objective + result.allowance)


def test_least_public_money_is_the_least_stock() -> None:
    """1.65625 t, as above: bought for 100 each, held at 10 in each year, and it is just that plan."""
    result = found(a_case(8), 0.05)
    one = next(one for one in result.apart if one.measure.aim == "least public money")

    assert one.extreme == near(1.65625 * 0.12)
    assert one.measure.of(result.plan) == near(4.5 * 0.12)
    assert one.measure.of(one.plan) == near(1.65625 * 0.12)
    assert one.plan.objective == near((result.plan.objective or 0) + 16.5)


def test_least_deep_sea_mining_orders_no_more_than_it_must() -> None:
    """A t/yr on line in 2027 makes 1 t at 60 USD/kg, for a capex of 41: 0.9 x 40 + 0.1 x 0.5 x 40 = 38 in peace, too little for merchants.

    In a cutoff it leaves 0.1 x 0.5 x (500 - 60) = 22 less short up to 9 t/yr, then 0.1 x 0.5 x (200 - 60) = 7 less spared: the last 3 of 12 gain 4.
    5 % of 195 are 9.75: they give up 9.75 / 4 t/yr.
    """
    works: dict[str, Any] = plant(
        kind="nodule collection", capacity_limit=12, capex=41_000, lead_time=12, residual_share=0, variable_cost=60_000
    )
    result = found(a_case(store=False, **works), 0.05)
    one = next(one for one in result.apart if one.measure.aim == "least deep-sea mining")

    assert one.measure.of(result.plan) == near(12)
    assert one.extreme == near(12 - 9.75 / 4)
    assert of(result, "kind", "nodule collection").least == near(one.extreme)
    assert one.measure.of(one.plan) == near(one.extreme)
    assert one.plan.objective == near((result.plan.objective or 0) + 9.75)


def test_the_country_is_the_one_that_is_most_likely_to_be_cut_off_in_the_plan() -> None:
    """Horizon 2026 to 2028. Of Chile 0.9 a year from 2040 on and in the hazard of 2026, in neither of which a cutoff begins: never.

    Peru 0.3 in 2027 and 2028: 0.3 + 0.6 x 0.3 = 0.48, where China has 0.1: 0.1 + 0.6 x 0.1 = 0.16, all of it lost; of Peru a half: 0.24.
    """
    of = case(
        {"horizon": 3},
        cutoffs=[
            {"cutoff": "never", "annual_probability": 0.9, "first_year": 2040},
            {"cutoff": "strike", "annual_probability": 0.3},
            {"cutoff": "embargo", "annual_probability": 0.1},
        ],
        hazards=[{"cutoff": "never", "year": 2026, "annual_probability": 1}],
        durations=[{"cutoff": cutoff, "months": 6, "probability": 1} for cutoff in ("never", "strike", "embargo")],
        losses=[
            {"cutoff": "never", "country": "Chile", "material": "*", "supply_lost": 1},
            {"cutoff": "strike", "country": "Peru", "material": "*", "supply_lost": 0.5},
            {"cutoff": "embargo", "country": "China", "material": "*", "supply_lost": 1},
        ],
    )

    assert chances(of, grow_tree(of)) == near({"Chile": 0, "Peru": 0.24, "China": 0.16})


def test_least_from_one_country_holds_the_market_to_it() -> None:
    """Chile sells 6 t a year at 110: all of it in both years costs 10 x 6 x 1.9 = 114 more than China. Short, a tonne costs 2,000.

    N: 2,340 in peace, 0.1 x (3 x 110 + 3 x 2,000) in the cutoff; 20 % of 2,973 - 2,400 = 573 are 114.6. With half of it capped, 6 t x 1.9 come from China.
    """
    chile = {"offer": "chile", "country": "Chile", "material": "Dy", "capacity": 6, "price": 110}
    result = found(a_case(20, supply=[IMPORT, chile], thrift=[]), 0.2)
    one = next(one for one in result.apart if one.measure.country == "China")

    assert result.base.amount == near(573)
    assert one.measure.of(result.plan) == near(12 * 1.9 * 0.1)
    assert one.measure.of(one.plan) == pytest.approx(6 * 1.9 * 0.1, rel=1e-4)
    assert (one.plan.objective or 0) - (result.plan.objective or 0) == pytest.approx(114, rel=1e-4)
    assert one.case["share_caps"][["material", "country", "from_year"]].to_numpy().tolist() == [["Dy", "China", 2026]]
    assert one.case["share_caps"]["cap"].tolist() == [pytest.approx(0.5, rel=1e-4)]


def test_what_holds_of_random_cases() -> None:
    """The plan lies within each range, and a far plan costs no more than is allowed; 190 has half-year periods, in both of which a cap of a year holds."""
    seen = 0
    for number in range(180, 196):
        read = parse(grids(Draw(number).sheets()), "drawn").case
        solved = solve_case(read) if read else None
        if solved is None or solved.plan.status is not Status.OPTIMAL:
            continue
        result = alternatives(solved, 0.05)
        best = solved.plan.objective or 0.0
        seen += 1

        for r in result.ranges:
            room = 1e-5 * (1 + abs(r.plan))
            assert r.least - room <= r.plan <= r.most + room, (number, r)
        for measure in result.measures:
            if measure.aim == "least public money":
                assert measure.of(solved.plan) == near(float(solved.plan.outlays.to_numpy()[:, : solved.plan.tree.trunk].sum()) / 1000)
        for one in result.apart:
            assert (one.plan.objective or 0.0) <= best + result.allowance + 1e-6 * (1 + abs(best)), (number, one.measure.name)
    assert seen > 2


def test_what_costs_nothing_has_no_limit() -> None:
    """Stock that is sold for what it cost, and costs nothing to hold, is as much as one likes."""
    free = {"material": "Dy", "price": 100, "resale_share": 1}

    assert of(found(a_case(2, materials=free), 0.02), "stock", "Dy").most == float("inf")


def test_nothing_to_decide_is_an_error() -> None:
    with pytest.raises(NothingToDecideError):
        found(case(), 0.02)


def test_a_plan_comes_again_from_its_own_pins() -> None:
    """All that is pinned comes out again, to nothing where nothing was decided, and the rest with it."""
    plan = make_plan(a_case(8))
    again = make_plan(pinned(plan, plan.values))

    assert again.case["pins"][["item", "name", "year"]].to_numpy().tolist() == [["purchase", "Dy", 2026], ["purchase", "Dy", 2027]]
    assert again.case["pins"]["at_most"].tolist() == near([4.5, 0])
    assert again.objective == near(plan.objective)
    for variable, values in plan.values.items():
        assert again.values[variable] == near(values)


@pytest.fixture(scope="module")
def us_2026() -> Solved:
    read = examine(Path(HOUSE / "inputs" / "us-2026.xlsx")).case
    assert read is not None
    return solve_case(read)


@pytest.mark.parametrize(
    ("kind", "name", "item", "most"), [("plant", "White Mesa phase 2", "order", False), ("stock", "Sb", "stock", True)]
)
def test_ends_of_the_shipped_case_cost_the_allowance(us_2026: Solved, kind: str, name: str, item: str, most: bool) -> None:
    """us-2026: held to the end that was found, in every year of orders or the last of stock, a plan costs all that is allowed; or the end is a limit of its own."""
    assert us_2026.session is not None
    assert us_2026.plan.objective is not None
    allowed = us_2026.plan.objective + 31_000
    quantity = next(q for k, n, _, q in quantities(us_2026) if (k, n) == (kind, name))
    found = NearOptimal(us_2026.session, columns(us_2026), [quantity], allowed)
    end = found.most(quantity) if most else found.least(quantity)
    answer = found.plan_at(quantity, 1.0 if most else -1.0, end)

    assert answer.objective is not None
    assert answer.objective <= allowed * (1 + 1e-9)
    assert quantity.of(answer.x) == pytest.approx(end, rel=1e-6)
    beyond = found.answer(found.held(quantity, 1.0 if most else -1.0, end * (1.001 if most else 0.999)).program)
    assert beyond is None or (beyond.objective or 0) > allowed
