"""The tables of plans small enough to work out on paper."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from model.plan import Plan
from outputs.excel.sizes import wrapped
from outputs.excel.styles import decimals_for
from outputs.tables.coverage import reached
from outputs.tables.dates import begins, ends, period_name
from outputs.tables.plan import report_tables
from outputs.tables.report import Report
from outputs.tables.run import RunInfo, run
from outputs.tables.summary import summarise
from tests.kit.small import Row, embargo, near, plan_of, plant

STOCKPILE: list[Row] = [
    {"offer": "import", "country": "China", "material": "Dy"},
    {"offer": "purchase", "country": "Chile", "material": "Dy", "buyer": "stockpile"},
]


def rows(plan: Plan, sheet: str) -> pd.DataFrame:
    return report_tables(Report(plan))[sheet].frame


def row(plan: Plan, sheet: str, **where: Any) -> pd.Series:
    """The only row of a table with these values."""
    frame = rows(plan, sheet)
    for column, wanted in where.items():
        frame = frame[frame[column] == wanted]
    assert len(frame) == 1, f"{sheet} has {len(frame)} rows where {where}"
    return frame.iloc[0]


@pytest.mark.parametrize(
    ("month", "begin", "end"), [(0, 2026, 2025), (12, 2027, 2026), (18, "Jul 2027", "Jun 2027"), (4.5, "May 2026", "May 2026")]
)
def test_months_are_dates(month: float, begin: object, end: object) -> None:
    """Month 18 is July 2027: what begins then begins in July, what ends as it begins ends with June."""
    assert begins(2026, month) == begin
    assert ends(2026, month) == end


@pytest.mark.parametrize(
    ("start", "end", "name"),
    [(0, 12, 2026), (3, 4, 2026), (18, 24, 2027), (0, 18, "2026\u20132027"), (18, 36, "2027\u20132028"), (24, 48, "2028\u20132029")],
)
def test_periods_have_the_names_of_their_years(start: float, end: float, name: object) -> None:
    """Months 18 to 36 are July 2027 to December 2028."""
    assert period_name(2026, start, end) == name


def test_a_stockpile_for_an_embargo() -> None:
    """6 months without 1 t/month: 6 t by the end of 2026, 6 months of all demand and of what does not arrive; 6 t x 100 USD/kg = 0.6 M USD."""
    stock = row(plan_of(supply=STOCKPILE, **embargo(months=6, chance=0.2)), "Stockpile", material="Dy")

    assert stock["target"] == near(6)
    assert stock["reached"] == 2026
    assert (stock["gross"], stock["net"], stock["gap"]) == near((6, 6, 1))
    assert stock["value"] == near(0.6)
    assert stock["note"] == "embargo from 2027"


def test_net_months_count_what_still_arrives() -> None:
    """If only 3/4 of 12 t a year are lost, 0.75 t a month are lacking: 4.5 t for 6 months, which are 4.5 months of all demand."""
    supply: list[Row] = [{"offer": "import", "country": "China", "material": "Dy", "capacity": 12}, STOCKPILE[1]]
    stock = row(plan_of(supply=supply, **embargo(months=6, chance=0.2, lost=0.75)), "Stockpile", material="Dy")

    assert stock["target"] == near(4.5)
    assert (stock["gross"], stock["net"], stock["gap"]) == near((4.5, 6, 0.75))


def test_arrivals_may_suffice() -> None:
    """Nothing is lost: no stock, no gap, and no net months."""
    stock = row(plan_of(supply=STOCKPILE, **embargo(lost=0)), "Stockpile", material="Dy")

    assert stock["target"] == 0
    assert math.isnan(stock["net"])
    assert math.isnan(stock["gap"])
    assert stock["note"] == "offers and plants suffice (tightest: embargo from 2027)"


def test_stock_released_instead_of_bought_is_no_gap() -> None:
    """
    The strike takes Peru's 2 t/yr, which China makes good without limit; but the 6 t held for the embargo are worth nothing once it is over, so its
    3 months release 3 t and nothing arrives. Only the embargo lacks anything, 6 t in 6 months, and only in it is the promise a limit.
    """
    supply: list[Row] = [*STOCKPILE, {"offer": "Peru", "country": "Peru", "material": "Dy", "capacity": 2}]
    strike = {"cutoff": "strike", "annual_probability": 0.1}
    cut = embargo(months=6, chance=0.2)
    plan = plan_of(
        sectors={"sector": "civil", "shortage_multiple": 10, "coverage": 1, "cover_months": 6},
        supply=supply,
        cutoffs=[strike, *cut["cutoffs"]],
        durations=[*cut["durations"], {"cutoff": "strike", "months": 3, "probability": 1}],
        losses=[
            *cut["losses"],
            {"cutoff": "embargo", "country": "Peru", "material": "*", "supply_lost": 1},
            {"cutoff": "strike", "country": "Peru", "material": "*", "supply_lost": 1},
        ],
    )
    stock = row(plan, "Stockpile", material="Dy")
    sources = rows(plan, "Supply in cutoffs").query("cutoff == 'strike' and kind == 'release'")

    assert sources["tonnes"].sum() == near(3)
    assert (stock["note"], stock["gap"], stock["net"]) == ("embargo from 2027", near(1), near(6))
    assert row(plan, "Cutoffs", cutoff="strike")["binding"] == "no"
    assert row(plan, "Cutoffs", cutoff="embargo")["binding"] == "yes"


def test_what_could_still_arrive_is_no_gap_though_it_is_too_dear() -> None:
    """Of 1 t a month Chile could send half, at twice what a shortage costs: the plan is rather short, but only 0.5 t a month are lacking."""
    supply: list[Row] = [STOCKPILE[0], {"offer": "Chile", "country": "Chile", "material": "Dy", "capacity": 6, "price": 2000}]
    plan = plan_of(supply=supply, **embargo(months=6, chance=0.2))

    assert row(plan, "Cutoffs", cutoff="embargo")["short"] == near(6)
    assert row(plan, "Stockpile", material="Dy")["gap"] == near(0.5)


def test_the_worst_cutoff_is_the_one_that_lacks_the_most() -> None:
    """Three months without any lack 3 t, a year without half lacks 6 t: the year is worse, with 0.5 t a month."""
    supply: list[Row] = [{"offer": "import", "country": "China", "material": "Dy", "capacity": 12}, STOCKPILE[1]]
    plan = plan_of(
        supply=supply,
        cutoffs=[{"cutoff": name, "annual_probability": 0.2} for name in ("short", "long")],
        durations=[{"cutoff": "short", "months": 3, "probability": 1}, {"cutoff": "long", "months": 12, "probability": 1}],
        losses=[
            {"cutoff": "short", "country": "China", "material": "*", "supply_lost": 1},
            {"cutoff": "long", "country": "China", "material": "*", "supply_lost": 0.5},
        ],
    )
    stock = row(plan, "Stockpile", material="Dy")

    assert stock["target"] == near(6)
    assert (stock["note"], stock["gap"], stock["net"]) == ("long from 2027", near(0.5), near(12))


def test_without_cutoffs_there_is_no_worst() -> None:
    stock = row(plan_of(), "Stockpile", material="Dy")

    assert stock["note"] == "no need in a protected cutoff"
    assert len(rows(plan_of(), "Cutoffs")) == 0
    assert len(rows(plan_of(), "Supply in cutoffs")) == 0


def test_purchases_and_home_output() -> None:
    """6 t for the embargo: 2 t a year can be bought at 50 USD/kg, the works give the rest at the material's 100 USD/kg."""
    supply: list[Row] = [STOCKPILE[0], {**STOCKPILE[1], "capacity": 2, "price": 50}]
    plan = plan_of(
        {"horizon": 3},
        supply=supply,
        **embargo(months=6, chance=0.2, first_year=2028),
        **plant(opening_capacity=2.5, depends_on="China", dependence=1),
    )
    bought = rows(plan, "Purchases")
    by_offer = bought.groupby("offer")[["tonnes", "cost"]].sum()

    assert by_offer.loc["purchase"].tolist() == near([4, 0.2])
    assert by_offer.loc["home output"].tolist() == near([2, 0.2])
    assert bought["cost"].iloc[-1] == near(0.4)
    assert row(plan, "Supply in peace", kind="into stockpile")[["2026", "2027"]].sum() == near(-2)


def test_plants_ordered_and_not() -> None:
    """
    The works save 100 - 40 = 60 kUSD a tonne; 12 t/yr, all that can be added, cost 12 x 10,000 USD = 0.12 M USD, a quarter more on the fast track,
    12 months earlier. The folly costs a hundred times as much.
    """
    works = plant(
        variable_cost=40_000, capacity_limit=12, capex=10_000, lead_time=18, fast_lead_time=6, fast_premium=0.25, public_share=0.5
    )
    folly = {"plant": "folly", "kind": "refinery", "country": "Chile", "capacity_limit": 50, "capex": 1_000_000}
    old = {"plant": "old", "kind": "refinery", "country": "Chile", "opening_capacity": 5}
    plan = plan_of({"horizon": 3}, **{**works, "plants": [works["plants"][0], folly, old]})
    order = row(plan, "Investments", plant="works")

    assert order[["decision", "ordered", "track", "online"]].tolist() == ["ordered", 2026, "fast", "Jul 2026"]
    assert order[["capacity", "capex", "public", "expected"]].tolist() == near([12, 0.15, 0.075, 0.15])
    assert row(plan, "Investments", plant="folly")["decision"] == "not ordered"
    assert row(plan, "Investments", plant="old")["decision"] == "nothing to order"
    assert rows(plan, "Investments")["capex"].iloc[-1] == near(0.15)


def test_orders_in_a_cutoff_stand_by_themselves() -> None:
    """
    A tonne from the works (200 kUSD) spares 1000 - 200 in an embargo of a year (0.1); 12 t/yr cost 720. Ordered before:
    0.1 x 12 x 800 - 720 = 240; ordered as it begins, 6 months too late: 0.1 x (6 x 800 - 720) = 408. Expected: 1.2 t/yr, 72 kUSD.
    """
    works = plant(variable_cost=200_000, capacity_limit=50, capex=60_000, lead_time=6, residual_share=0)
    plan = plan_of(**embargo(months=12), **works)
    order = rows(plan, "Orders in cutoffs").iloc[0]

    assert row(plan, "Investments", plant="works")["decision"] == "only in cutoffs"
    assert (order["cutoff"], order["onset"], order["ordered"], order["online"]) == ("embargo", 2027, 2027, "Jul 2027")
    assert order[["capacity", "probability", "likely", "expected"]].tolist() == near([12, 0.1, 1.2, 0.072])


def test_coverage_reached_is_the_lowest_of_any_period() -> None:
    """Short 0, 6, 0 of 10 each: 1, 0.4 and 1; the first alone 1; with no whole period counted, 24/30 of the whole."""
    demand, short = np.full((3, 3), 10.0), np.tile([0.0, 6.0, 0.0], (3, 1))

    assert reached(demand, short, np.array([3, 1, 0])) == pytest.approx([0.4, 1, 0.8])


def test_coverage_at_its_limit() -> None:
    """Half of demand is promised in the embargo, shortage is cheap: half is short, and the limit is reached."""
    sectors = {"sector": "civil", "shortage_multiple": 0.1, "coverage": 0.5, "cover_months": 6}
    cover = row(plan_of(sectors=sectors, supply=STOCKPILE, **embargo(months=6)), "Cutoffs", cutoff="embargo")

    assert cover[["demand", "supplied", "substituted", "given_up", "short"]].tolist() == near([6, 3, 0, 0, 3])
    assert cover[["promised", "binding"]].tolist() == ["yes", "yes"]
    assert cover[["required", "reached"]].tolist() == near([0.5, 0.5])


@pytest.mark.parametrize(
    ("settings", "columns", "said"),
    [
        ({"ready_by": 24}, {}, "before ready_by"),
        ({}, {"protected": "no"}, "not protected"),
        ({"crisis_period": 12}, {}, "for less than a crisis period"),
    ],
)
def test_coverage_that_is_not_promised_says_why(settings: dict[str, Any], columns: dict[str, Any], said: str) -> None:
    sectors = {"sector": "civil", "shortage_multiple": 0.1, "coverage": 0.5, "cover_months": 6}
    cover = row(plan_of(settings, sectors=sectors, supply=STOCKPILE, **embargo(months=6, **columns)), "Cutoffs", cutoff="embargo")

    assert cover["promised"] == said
    assert cover["binding"] == ""


def test_substitutes_use_and_save() -> None:
    """6 t of Dy are spared in the embargo by 0.5 t of Tb each: +6 for Dy, -3 for Tb, which Chile still sells."""
    plan = plan_of(
        materials=[{"material": "Dy", "price": 100}, {"material": "Tb", "price": 100}],
        supply=[STOCKPILE[0], {"offer": "Tb", "country": "Chile", "material": "Tb"}],
        thrift={"option": "swap", "material": "Dy", "sector": "civil", "limit": 1, "cost": 0, "substitute": "Tb", "substitute_rate": 0.5},
        **embargo(months=6),
    )
    flows = rows(plan, "Supply in cutoffs").set_index(["material", "kind"])["tonnes"]

    assert flows["Dy", "saving"] == near(6)
    assert flows["Tb", "as substitute"] == near(-3)
    assert flows["Tb", "offer"] == near(3)


def test_periods_longer_than_a_year_go_by_both_years() -> None:
    """12 t a year, over two years."""
    supply = row(plan_of({"horizon": 4, "period": 24}), "Supply in peace", kind="offer")

    assert supply[["2026\u20132027", "2028\u20132029"]].tolist() == near([24, 24])


def test_half_years_add_up_to_years() -> None:
    supply = row(plan_of({"period": 6}), "Supply in peace", kind="offer")

    assert supply[["2026", "2027"]].tolist() == near([12, 12])
    assert list(rows(plan_of({"period": 6}), "Stock").columns) == ["material", "opening", "Jun 2026", "2026", "Jun 2027", "2027"]


def test_branches_of_known_length_are_told_apart() -> None:
    """With `length_known` each length has a branch of its own."""
    plan = plan_of({"length_known": "yes"}, supply=STOCKPILE, **embargo(months={3: 0.5, 6: 0.5}))

    assert rows(plan, "Cutoffs")["cutoff"].tolist() == ["embargo (3 months)", "embargo (6 months)"]


def test_the_summary_in_one_sentence() -> None:
    plan = plan_of(supply=STOCKPILE, **embargo(months=6, chance=0.2))
    summary = summarise(Report(plan), report_tables(Report(plan)))

    assert summary.sentence == "Hold 1 material worth 0.600 M USD, and order no plant; no coverage is promised."
    assert dict(summary.costs) == near({"Market supply": 2.16, "Stockpile purchases": 0.6})
    assert summary.title == "Stockpile plan: small"


def test_shortage_in_peace_stands_on_the_summary() -> None:
    """
    Two sectors of 12 t: with 20 t a year from China 4 are short, a third of civil demand, for defense's is dearer; with 8 t from Chile
    more, nothing. Taking that offer away brings it back; a promise about cutoffs says nothing of it.
    """
    few: list[Row] = [{"offer": "import", "country": "China", "material": "Dy", "capacity": 20}]
    chile: list[Row] = [{"offer": "Chile", "country": "Chile", "material": "Dy", "capacity": 8}]
    sectors = [{"sector": "civil", "shortage_multiple": 10}, {"sector": "defense", "shortage_multiple": 20}]
    demand = [{"material": "Dy", "sector": s, "demand": 12} for s in ("civil", "defense")]
    plans = [plan_of(sectors=sectors, demand=demand, supply=supply, **embargo(lost=0)) for supply in (few + chile, few)]
    enough, short = (summarise(Report(plan), report_tables(Report(plan))) for plan in plans)

    assert [(c.label, c.value) for c in enough.cards if "Short" in c.label] == [("Short in peace", "none")]
    assert "short" not in enough.sentence
    assert [(c.label, c.value, c.note) for c in short.cards if "Short" in c.label] == [
        ("Short in peace: Dy", "33.3%", "civil, 2026: 4.00 t/yr")
    ]
    assert short.sentence.endswith("no coverage is promised, and 1 material is short in peace.")


def test_the_summary_says_the_year_of_its_money() -> None:
    """The year before the plan, 2025, or the setting's."""
    subtitles = [summarise(Report(plan), report_tables(Report(plan))).subtitle for plan in (plan_of(), plan_of({"price_year": 2023}))]

    assert ["USD of 2025" in subtitles[0], "USD of 2023" in subtitles[1]] == [True, True]


def test_a_plan_that_was_not_studied_shows_its_cost() -> None:
    """2.16 M USD of market supply and 0.6 of stock."""
    plan = plan_of(supply=STOCKPILE, **embargo(months=6, chance=0.2))
    summary = summarise(Report(plan), report_tables(Report(plan)))

    assert summary.cards[0].label == "Expected cost, M USD"
    assert summary.cards[0].value == near(2.76)
    assert summary.cards[0].note == "market supply 2.16, all else 0.600"
    assert summary.points == ()


def test_decimals_suit_the_numbers() -> None:
    """All but the smallest quarter to a tenth of themselves: 0.04 alone does not ask for three decimals."""
    assert [decimals_for(v) for v in ([5000, 300], [0.04, 3, 30, 300, 500], [0.3, 0.2], [0.01], [0, math.nan])] == [0, 1, 2, 3, 0]


def test_texts_wrap_by_words() -> None:
    assert [wrapped(text, 10) for text in ("", "one two", "one two three", "incomprehensibilities")] == [1, 1, 2, 1]


def test_the_run_says_how_far_its_numbers_are_apart() -> None:
    """A smallest and a largest coefficient, cost, bound and right side; at most 12 t are short in a year of peace, at least 3 t in a quarter."""
    numbers = run(plan_of(**embargo()), RunInfo()).frame.query("part == 'numbers'").set_index("item")["value"]

    assert len(numbers) == 8
    assert numbers["smallest bound: shortage[Dy,civil,2]"] == near(3)
    assert numbers["largest bound: shortage[Dy,civil,0]"] == near(12)
