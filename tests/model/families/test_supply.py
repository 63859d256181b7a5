"""Supply: offers are drawn on in the order of their prices, as far as they go and while they exist."""

import pytest

from model.build import build
from model.plan import make_plan
from tests.kit.small import at, by_node, case, cost, embargo, near, plan_of, series


def test_cheap_offers_come_first() -> None:
    """12 t: 6 t at 80 and the next 6 t at 100; the offer at 120 is not needed: 6 * 80 + 6 * 100 = 1080."""
    plan = plan_of(
        {"horizon": 1},
        supply=[
            {"offer": "dear", "country": "Chile", "material": "Dy", "price": 120},
            {"offer": "usual", "country": "China", "material": "Dy", "capacity": 8},
            {"offer": "scrap", "country": "Japan", "material": "Dy", "price": 80, "capacity": 6},
        ],
    )

    assert series(plan, "supply", offer="scrap") == near([6])
    assert series(plan, "supply", offer="usual") == near([6])
    assert series(plan, "supply", offer="dear") == near([0])
    assert cost(plan, "cost_supply") == near(1080)
    assert plan.objective == near(1080)


def test_capacity_is_yearly() -> None:
    """Periods of 6 months: an offer of 8 t/yr gives 4 t of the 6 t that each needs; 2 t are short at 1000: 2 * (4 * 100 + 2 * 1000) = 4800."""
    plan = plan_of({"horizon": 1, "period": 6}, supply={"offer": "import", "country": "China", "material": "Dy", "capacity": 8})

    assert series(plan, "supply", offer="import") == near([4, 4])
    assert plan.objective == near(4800)


def test_prices_grow_and_are_discounted_from_the_middle_of_a_year() -> None:
    """Each year 12 t at 100 * 1.1^t, worth 1.05^-t now, with t = 0.5 and 1.5: 1200 * ((1.1/1.05)^0.5 + (1.1/1.05)^1.5)."""
    plan = plan_of({"discount_rate": 0.05}, materials={"material": "Dy", "price": 100, "price_growth": 0.1})

    assert plan.costs.loc["cost_supply"].tolist() == near([1200 * 1.1**0.5, 1200 * 1.1**1.5])
    assert plan.objective == near(1200 * ((1.1 / 1.05) ** 0.5 + (1.1 / 1.05) ** 1.5))


def test_an_offer_with_a_price_of_its_own_grows_with_its_material() -> None:
    """12 t at 50 * 1.21^0.5 = 55: 660."""
    plan = plan_of(
        {"horizon": 1},
        materials={"material": "Dy", "price": 100, "price_growth": 0.21},
        supply={"offer": "import", "country": "China", "material": "Dy", "price": 50},
    )

    assert plan.objective == near(660)


@pytest.mark.parametrize(("count_tariffs", "source", "total"), [("yes", "chile", 1200), ("no", "china", 1080)])
def test_a_tariff_decides_only_where_it_is_counted(count_tariffs: str, source: str, total: float) -> None:
    """China at 90 with 25 % on top is 112.5, above Chile's 100: 12 * 100 = 1200; without the tariff 12 * 90 = 1080."""
    plan = plan_of(
        {"horizon": 1, "count_tariffs": count_tariffs},
        supply=[
            {"offer": "china", "country": "China", "material": "Dy", "price": 90, "tariff": 0.25},
            {"offer": "chile", "country": "Chile", "material": "Dy"},
        ],
    )

    assert series(plan, "supply", offer=source) == near([12])
    assert plan.objective == near(total)


def test_a_counted_tariff_is_paid() -> None:
    """12 t at 100 * 1.25: 1500."""
    plan = plan_of({"horizon": 1}, supply={"offer": "import", "country": "China", "material": "Dy", "tariff": 0.25})

    assert plan.objective == near(1500)


def test_a_price_multiple_is_for_the_market_in_a_cutoff() -> None:
    """
    Nothing is lost, but for 6 months with probability 0.1 the price is threefold. Year 1: 1200, and the stockpile must
    hold 73 days (2.4 t) bought at 100: 240; year 2: 0.9 * 1200; the cutoff: 0.1 * (6 - 2.4) * 300. In all 2628.
    """
    sheets = embargo(months=6, chance=0.1, lost=0, price_multiple=3)
    plan = plan_of(
        materials={"material": "Dy", "price": 100, "min_cover": 73},
        supply=[
            {"offer": "import", "country": "China", "material": "Dy"},
            {"offer": "purchase", "country": "China", "material": "Dy", "buyer": "stockpile"},
        ],
        **sheets,
    )

    assert list(by_node(plan, "supply", offer="import")) == [0, 1, 2, 3]
    assert by_node(plan, "supply", offer="purchase") == near({0: 2.4, 1: 0})
    assert cost(plan, "cost_purchase") == near(240)
    assert cost(plan, "cost_supply") == near(1200 + 0.9 * 1200 + 0.1 * 3.6 * 300)
    assert plan.objective == near(2628)


def test_a_price_multiple_is_for_offers_from_abroad_only() -> None:
    """Home scrap of 4 t/yr at 100 stays at 100 in an embargo (0.1) that takes nothing and trebles prices: 1200 + 0.9 * 1200 + 0.1 * (2 * 100 + 4 * 300)."""
    plan = plan_of(
        supply=[
            {"offer": "import", "country": "China", "material": "Dy"},
            {"offer": "scrap", "country": "Japan", "material": "Dy", "capacity": 4},
        ],
        **embargo(months=6, chance=0.1, lost=0, price_multiple=3),
    )

    assert [plan.parameter("offer_price")[offer, 2] for offer in ("import", "scrap")] == near([300, 100])
    assert plan.objective == near(2280 + 0.1 * 1400)


def test_lost_supply_and_crisis_prices_ease_over_the_recovery() -> None:
    """
    An embargo of 3 months from month 12 takes all of China's 12 t/yr and doubles prices, with a recovery of 12 months. In the 9 months
    that follow until the horizon the mean of 1 - t/12 is 0.625: 0.375 of 9 t arrive, at 1.625 * 100; 5.625 t are short at 1000, and
    3 t before. 1200 + 0.9 * 1200 + 0.1 * (3000 + 3.375 * 162.5 + 5625).
    """
    plan = plan_of(
        {"aftermath": "yes"},
        supply={"offer": "import", "country": "China", "material": "Dy", "capacity": 12},
        **embargo(months=3, chance=0.1, price_multiple=2, recovery=12),
    )

    assert by_node(plan, "supply", offer="import") == near({0: 12, 1: 12, 2: 0, 3: 3.375})
    assert plan.parameter("offer_price")["import", 3] == near(162.5)
    assert plan.objective == near(2280 + 0.1 * (3000 + 548.4375 + 5625))


def test_a_recovery_that_is_over_within_a_node_counts_for_its_part_of_it() -> None:
    """After 6 months of recovery, the mean over 9 months is 3/9 = 1/3: 6 of 9 t arrive. Without recovery all of it."""
    sheets = {"supply": {"offer": "import", "country": "China", "material": "Dy", "capacity": 12}}
    plan = plan_of({"aftermath": "yes"}, **sheets, **embargo(months=3, recovery=6))
    at_once = plan_of({"aftermath": "yes"}, **sheets, **embargo(months=3))

    assert by_node(plan, "supply", offer="import")[3] == near(6)
    assert by_node(at_once, "supply", offer="import")[3] == near(9)


def test_what_eases_is_the_loss_of_the_last_period_of_the_cutoff() -> None:
    """
    All is lost for 3 months and half after that. After an embargo of 3 months (even odds) 0.625 of everything is lost over the rest of 9
    months; after one of 6 months half of the mean over 6 months, 0.75: of 9 t 3.375 arrive, of 6 t (1 - 0.375) = 3.75 t.
    """
    sheets = embargo(months={3: 0.5, 6: 0.5}, recovery=12)
    sheets["losses"] = [
        {"cutoff": "embargo", "country": "China", "material": "*", "to_month": 3, "supply_lost": 1},
        {"cutoff": "embargo", "country": "China", "material": "*", "from_month": 3, "supply_lost": 0.5},
    ]
    plan = plan_of({"aftermath": "yes"}, supply={"offer": "import", "country": "China", "material": "Dy", "capacity": 12}, **sheets)

    assert by_node(plan, "supply", offer="import") == near({0: 12, 1: 12, 2: 0, 3: 1.5, 4: 3.375, 5: 3.75})


def test_offers_of_peace_are_there_in_the_aftermath_and_those_of_cutoffs_are_not() -> None:
    """Peace, 12 months, embargo of 3 months, 9 months of aftermath: 12, 12, 0 and 9 t; the reserve gives its 3 t in the embargo alone, and nobody fills the stockpile but in the trunk."""
    plan = plan_of(
        {"aftermath": "yes"},
        supply=[
            {"offer": "peace", "country": "China", "material": "Dy", "available": "peace"},
            {"offer": "reserve", "country": "Japan", "material": "Dy", "price": 150, "capacity": 12, "available": "cutoff"},
            {"offer": "purchase", "country": "Chile", "material": "Dy", "buyer": "stockpile"},
        ],
        **embargo(months=3, chance=0.1),
    )

    assert by_node(plan, "supply", offer="peace") == near({0: 12, 1: 12, 3: 9})
    assert by_node(plan, "supply", offer="reserve") == near({2: 3})
    assert list(by_node(plan, "supply", offer="purchase")) == [0, 1]
    assert plan.objective == near(1200 + 0.9 * 1200 + 0.1 * (450 + 900))


def test_the_stockpile_pays_its_own_offers_price_growth_and_tariff() -> None:
    """2.4 t (73 days of 12 t/yr) bought in the first year at 40 * 1.1^0.5 * 1.5; nothing else costs anything."""
    plan = plan_of(
        {"horizon": 1, "ready_by": 12},
        materials={"material": "Dy", "price": 100, "price_growth": 0.1, "min_cover": 73},
        supply=[
            {"offer": "import", "country": "China", "material": "Dy", "price": 0},
            {"offer": "purchase", "country": "Chile", "material": "Dy", "buyer": "stockpile", "price": 40, "tariff": 0.5},
        ],
    )

    assert plan.objective == near(2.4 * 40 * 1.1**0.5 * 1.5)


def test_the_market_cannot_draw_on_an_offer_to_the_stockpile() -> None:
    """The market pays China 100 although the stockpile could buy at 10: 12 * 100."""
    plan = plan_of(
        {"horizon": 1},
        supply=[
            {"offer": "import", "country": "China", "material": "Dy"},
            {"offer": "purchase", "country": "Chile", "material": "Dy", "buyer": "stockpile", "price": 10},
        ],
    )

    assert at(plan, "supply", offer="purchase", node=0) == near(0)
    assert plan.objective == near(1200)


def test_an_offer_lasts_from_its_first_year_to_its_last() -> None:
    """Half the price in 2027 and 2028 of 2026 to 2029: 1200 + 600 + 600 + 1200."""
    plan = plan_of(
        {"horizon": 4},
        supply=[
            {"offer": "usual", "country": "China", "material": "Dy"},
            {"offer": "sale", "country": "China", "material": "Dy", "price": 50, "first_year": 2027, "last_year": 2028},
        ],
    )

    assert by_node(plan, "supply", offer="sale") == near({1: 12, 2: 12})
    assert plan.objective == near(3600)


def test_an_offer_of_a_part_of_a_period_gives_that_part_of_its_capacity() -> None:
    """Periods of two years: of 10 t/yr at 50, an offer of 2027 alone gives 10 t in 2026-2027 and nothing later; of 2027 and 2028, 10 t in each: 48 t at 100 less 50 for each of them."""
    usual = {"offer": "usual", "country": "China", "material": "Dy"}
    sale = {"offer": "sale", "country": "China", "material": "Dy", "price": 50, "capacity": 10, "first_year": 2027}
    one = plan_of({"horizon": 4, "period": 24}, supply=[usual, {**sale, "last_year": 2027}])
    two = plan_of({"horizon": 4, "period": 24}, supply=[usual, {**sale, "last_year": 2028}])

    assert by_node(one, "supply", offer="sale") == near({0: 10})
    assert one.objective == near(4800 - 500)
    assert by_node(two, "supply", offer="sale") == near({0: 10, 1: 10})
    assert two.objective == near(4800 - 1000)


def test_an_unlimited_offer_of_a_part_of_a_period_is_unlimited_in_it() -> None:
    """The offer of 2027 alone serves all 24 t of 2026-2027: 24 * 50 + 24 * 100."""
    plan = plan_of(
        {"horizon": 4, "period": 24},
        supply=[
            {"offer": "usual", "country": "China", "material": "Dy"},
            {"offer": "sale", "country": "China", "material": "Dy", "price": 50, "first_year": 2027, "last_year": 2027},
        ],
    )

    assert by_node(plan, "supply", offer="sale") == near({0: 24})
    assert plan.objective == near(3600)


def test_a_crisis_period_across_the_new_year_has_a_part_of_an_offer_too() -> None:
    """
    Periods and crisis periods of 8 months: an embargo from month 8 to 16 of 2026-2027 that takes nothing of Chile; its offer of 2026, of 3 t/yr at 50,
    gives 2 t in the first 8 months, and 1 t in the 4 months of 2026 in either the embargo or peace.
    """
    chile = {"offer": "chile", "country": "Chile", "material": "Dy", "price": 50, "capacity": 3, "last_year": 2026}
    china = {"offer": "import", "country": "China", "material": "Dy"}
    plan = plan_of({"period": 8, "crisis_period": 8}, supply=[china, chile], **embargo(months=8, chance=0.1, last_year=2026))

    assert by_node(plan, "supply", offer="chile") == near({0: 2, 1: 1, 3: 1})


@pytest.mark.parametrize(("columns", "price"), [({"price_share": 1.5}, 165), ({"price_share": 1.5, "price": 80}, 88), ({}, 110)])
def test_a_price_is_the_offers_own_or_a_share_of_its_materials(columns: dict[str, float], price: float) -> None:
    """The material costs 100 * 1.21^0.5 = 110 in the middle of the year, and every price grows with it: 12 t."""
    plan = plan_of(
        {"horizon": 1},
        materials={"material": "Dy", "price": 100, "price_growth": 0.21},
        supply={"offer": "import", "country": "China", "material": "Dy", **columns},
    )

    assert plan.objective == near(12 * price)


def test_offers_of_peace_and_of_cutoffs_and_a_ramp() -> None:
    """
    The only offer of peace ends with it. The reserve, for cutoffs only, reaches 12 t/yr after 6 months: 1.5, 4.5 and 7.5
    months into the cutoff it gives 1/4, 3/4 and all of 3 t, at 150. Short are 2.25 + 0.75 t at 1000.
    1200 + 0.9 * 1200 + 0.1 * (6 * 150 + 3 * 1000) = 2670.
    """
    sheets = embargo(months=9, chance=0.1, lost=0)
    plan = plan_of(
        supply=[
            {"offer": "peace", "country": "China", "material": "Dy", "available": "peace"},
            {"offer": "reserve", "country": "Japan", "material": "Dy", "price": 150, "capacity": 12, "available": "cutoff", "ramp": 6},
        ],
        **sheets,
    )

    assert by_node(plan, "supply", offer="peace") == near({0: 12, 1: 12})
    assert by_node(plan, "supply", offer="reserve") == near({2: 0.75, 3: 2.25, 4: 3})
    assert series(plan, "shortage", sector="civil") == near([0, 0, 2.25, 0.75, 0])
    assert plan.objective == near(2670)


def test_a_ramp_is_for_offers_of_cutoffs_only() -> None:
    """An offer that is always there has no ramp, in peace or in a cutoff: 12 t/yr throughout, nothing is short: 1200 + 0.9 * 1200 + 0.1 * 600 = 2340."""
    sheets = embargo(months=6, chance=0.1, lost=0)
    plan = plan_of(supply={"offer": "import", "country": "China", "material": "Dy", "capacity": 12, "ramp": 60}, **sheets)

    assert plan.objective == near(2340)


@pytest.mark.parametrize(("lost", "short"), [(0.99, 0), (1, 3)])
def test_an_unlimited_offer_is_unlimited_unless_wholly_lost(lost: float, short: float) -> None:
    """
    99 % of no limit (which `check` refuses, and a sweep may come to) is no limit: 2340 as without a cutoff;
    all of it: 6 t short at 1000 instead of bought at 100 with probability 0.1: 2280 + 600.
    """
    base = case(**embargo(months=6, chance=0.1))
    plan = make_plan(base.with_frame("losses", base["losses"].assign(supply_lost=float(lost))))

    assert series(plan, "shortage", sector="civil") == near([0, 0, short, short])
    assert plan.objective == near(2340 if short == 0 else 2880)


def test_a_limited_offer_loses_its_own_share_and_that_of_whom_it_depends_on() -> None:
    """
    Chile loses 25 % itself and, living by half on China which loses 80 %, another 40 % of the rest: 0.75 * 0.6 = 0.45
    of 3 t a quarter. 1.35 t arrive and 1.65 t are short in each of two: 1200 + 0.9 * 1200 + 0.1 * 2 * (135 + 1650) = 2637.
    """
    sheets = embargo(months=6, chance=0.1, lost=0.8)
    sheets["losses"].append({"cutoff": "embargo", "country": "Chile", "material": "Dy", "supply_lost": 0.25})
    plan = plan_of(
        supply={"offer": "chile", "country": "Chile", "material": "Dy", "capacity": 12, "depends_on": "China", "dependence": 0.5}, **sheets
    )

    assert by_node(plan, "supply", offer="chile") == near({0: 12, 1: 12, 2: 1.35, 3: 1.35})
    assert plan.objective == near(2637)


def test_a_loss_of_the_material_goes_before_one_of_every_material_and_ends() -> None:
    """
    All of China's supply is lost, but of Dy only half from month 3 to 6, whatever the order of the rows: 0, 1.5 and 0 t
    of 3 t each arrive. 1200 + 0.9 * 1200 + 0.1 * (150 + 7500) = 3045.
    """
    sheets = embargo(months=9, chance=0.1)
    sheets["losses"].insert(
        0, {"cutoff": "embargo", "country": "China", "material": "Dy", "from_month": 3, "to_month": 6, "supply_lost": 0.5}
    )
    plan = plan_of(supply={"offer": "import", "country": "China", "material": "Dy", "capacity": 12}, **sheets)

    assert by_node(plan, "supply", offer="import") == near({0: 12, 1: 12, 2: 0, 3: 1.5, 4: 0})
    assert plan.objective == near(3045)


def test_a_loss_holds_in_a_period_whose_middle_is_within_its_months() -> None:
    """From month 1.5 on and before month 4.5: the first quarter, not the second. 1200 + 0.9 * 1200 + 0.1 * (3000 + 300 + 300) = 2640."""
    sheets = embargo(months=9, chance=0.1)
    sheets["losses"] = [{**sheets["losses"][0], "from_month": 1.5, "to_month": 4.5}]
    plan = plan_of(**sheets)

    assert series(plan, "shortage", sector="civil") == near([0, 0, 3, 0, 0])
    assert plan.objective == near(2640)


def test_a_loss_is_that_of_its_cutoff() -> None:
    """Two cutoffs with probability 0.1 each; the flood takes nothing from China: only the embargo's 3 t are short. 1200 + 0.8 * 1200 + 0.1 * 300 + 0.1 * 3000 = 2490."""
    sheets = embargo(months=3, chance=0.1)
    sheets["cutoffs"].append({"cutoff": "flood", "annual_probability": 0.1})
    sheets["durations"].append({"cutoff": "flood", "months": 3, "probability": 1})
    plan = plan_of(**sheets)

    assert series(plan, "shortage", sector="civil") == near([0, 0, 3, 0])
    assert plan.objective == near(2490)


def test_limits_of_offers_are_bounds_not_rows() -> None:
    """A limit written as a bound spares HiGHS a row for each offer and node."""
    m = build(case(supply={"offer": "import", "country": "China", "material": "Dy", "capacity": 8}))

    assert m.supply["import", 0].bounds == (0, 8)
