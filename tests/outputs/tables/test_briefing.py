"""What a minister is told, worked by hand, and that it moves the right way."""

from __future__ import annotations

from math import inf
from typing import Any

from inputs.case import Case
from model.plan import solve_case
from model.studies.entry import Entry
from model.studies.study import Studies, study
from outputs.tables.briefing import would_change
from outputs.tables.entry import entry_prices
from outputs.tables.plan import report_tables
from outputs.tables.report import Report
from outputs.tables.summary import Summary, summarise
from tests.kit.small import embargo, near, plant
from tests.model.studies.test_programme import IMPORT, STORE, a_case

MINE: dict[str, Any] = plant(variable_cost=100_000, capacity_limit=50, capex=15_000, lead_time=12, residual_share=0)


def summary_of(of: Case) -> Summary:
    solved = solve_case(of)
    report = Report(solved.plan, study(solved))
    return summarise(report, report_tables(report))


def test_sentences_of_the_case_worked_by_hand() -> None:
    """The programme of tests/model/studies: 1.5 t for 150 and 2 x 15 to hold them; 75 of 255 averted at a net cost of 36; 1,500 in the worst cutoff, where half of 6 t is short."""
    summary = summary_of(a_case(budget=[{"year": 2026, "amount": 1}]))

    assert summary.points == (
        ("Public money", "0.180 M USD from 2026 to 2027 while no cutoff begins, not discounted; in 2026, 0.165 of a budget of 1.00. If none ever comes, the programme costs 0.105 M USD, 0.053 a year."),
        ("What it protects", "If nothing is done 0.255 M USD of shortage and thrift are expected; the programme averts 0.075 of them (29%), and costs 0.036 M USD in all."),
        ("Main risk left", "The longest embargo from 2027 would cost 1.50 M USD of shortage (with nothing done up to 2.25): short are 50.0% of Dy for civil."),
        ("Where it comes from", "China is the main source of 1 of the 1 materials that the market buys in 2026 (100.0% of what it pays), and in 2027 of 1 (100.0%), as long as no cutoff begins."),
    )  # fmt: skip


def public_money(*budget: tuple[int, float], coverage: float = 0.5) -> str:
    of = a_case(coverage=coverage, budget=[{"year": year, "amount": amount} for year, amount in budget])
    return dict(summary_of(of).points)["Public money"].partition(". ")[0]


def test_public_money_stands_against_the_budget_of_the_same_years() -> None:
    """1.5 t for 150 and 15 to hold them in 2026, 15 in 2027, thousand USD. With a budget in one year only what is spent in it counts."""
    assert public_money((2026, 1), (2027, 1)).startswith("0.180 M USD of a budget of 2.00 from 2026 to 2027")
    assert public_money((2027, 0.9)).endswith("; in 2027, 0.015 of a budget of 0.900")


def test_no_money_is_a_budget_too() -> None:
    """Without a promise nothing is spent."""
    assert public_money((2026, 0), (2027, 0), coverage=0).startswith("0 M USD of a budget of 0 from 2026 to 2027")


def test_risk_left_is_of_the_cutoff_that_costs_most_where_lengths_are_known() -> None:
    """Each quarter 3 t are needed, and 0.75 t are spared. Of three months 1.5 t may be short; of nine months 1.5, 1.5 and, with no promise, 2.25: 5.25 of 9 t, for 500 each."""
    lengths: dict[str, Any] = embargo({3: 0.5, 9: 0.5}, 0.1)
    known = a_case(**lengths).with_setting("length_known", True)
    said = dict(summary_of(known).points)["Main risk left"]

    assert (
        said
        == "The embargo (9 months) from 2027 would cost 2.63 M USD of shortage (with nothing done up to 3.38): short are 58.3% of Dy for civil."
    )


def test_lost_output_is_not_called_shortage() -> None:
    """In six months a quarter of 6 t is spared for 200 each, 0.3 M USD; three quarters are short, and with them 0.75 x 0.5 x 20 = 7.5 M USD of output. The chance is 0.1."""
    tiers = {"sector": "civil", "up_to": 1, "value": 20}
    said = dict(summary_of(a_case(coverage=0, store=False, output_loss=tiers)).points)

    assert said["What it protects"].startswith("If nothing is done 0.780 M USD of lost output and thrift are expected;")
    assert said["Main risk left"].startswith(
        "The longest embargo from 2027 would cost 7.50 M USD of lost output (with nothing done up to 7.50)"
    )


def test_cards_say_what_the_programme_is_worth() -> None:
    cards = {card.label: card for card in summary_of(a_case()).cards}

    assert cards["Net cost of the programme, M USD"].value == near(0.0361875)
    assert cards["Net cost of the programme, M USD"].note == "against nothing done; all cost 2.63"
    assert cards["Expected loss averted, M USD"].value == near(0.075)
    assert cards["Expected loss averted, M USD"].note == "of 0.255 with nothing done"


def net_cost(of: Case) -> float:
    card = summary_of(of).cards[0]
    assert isinstance(card.value, float)
    return card.value


def test_taking_the_plant_away_makes_the_programme_dearer() -> None:
    """A plant for security keeps the promise for less than stock does."""
    assert net_cost(a_case(**MINE)) < net_cost(a_case()) - 1e-6


def test_taking_the_stock_away_takes_what_it_saves() -> None:
    """At ten times the price a tonne short costs 0.1 x 1,000 = 100, more than the 74 to 75 of a tonne in store; what no stock can avert costs nothing."""
    dear: dict[str, Any] = {"sectors": {"sector": "civil", "shortage_multiple": 10}}

    assert net_cost(a_case(**dear)) < -0.1
    assert net_cost(a_case(**dear, store=False)) == near(0)


def test_taking_the_promise_away_makes_the_programme_cheaper() -> None:
    """36.1875 thousand USD for the promise; without it nothing is worth doing."""
    assert net_cost(a_case()) == near(0.0361875)
    assert net_cost(a_case(coverage=0)) == near(0)


def test_nothing_is_said_to_cost_nothing() -> None:
    """Without a promise nothing is worth doing, and nothing is done."""
    said = dict(summary_of(a_case(coverage=0)).points)

    assert said["Public money"].endswith("If none ever comes, the programme costs nothing.")
    assert said["What it protects"].endswith("the programme averts 0 of them (0%), and costs nothing in all.")


def test_a_plan_of_one_year_is_in_that_year() -> None:
    said = dict(summary_of(a_case(coverage=0).with_setting("horizon", 1.0)).points)

    assert said["Public money"].startswith("0 M USD in 2026 while no cutoff begins")
    assert said["Main risk left"] == "No cutoff of the case can begin within the plan."


def test_why_no_cutoff_is_the_main_risk() -> None:
    """One that has no probability is not one that the case does not have."""
    of: list[dict[str, Any]] = [{**embargo(6, 0)}, {"cutoffs": [], "durations": [], "losses": []}]

    assert [dict(summary_of(a_case(**sheets)).points)["Main risk left"] for sheets in of] == [
        "No cutoff of the case has a probability above 0.",
        "The case has no cutoffs.",
    ]


def test_ally_as_the_main_source() -> None:
    """Australia sells 8 of 12 t, at 90 instead of 100: 720 of 1,120 thousand USD."""
    ally = {"offer": "ally", "country": "Australia", "material": "Dy", "capacity": 8, "price": 90}
    said = dict(summary_of(a_case(supply=[IMPORT, STORE, ally])).points)["Where it comes from"]

    assert said.startswith("Australia is the main source of 1 of the 1 materials that the market buys in 2026 (64.3% of what it pays)")


def test_main_source_among_equals_is_the_one_that_is_paid_more() -> None:
    """Each is the main source of one of two materials; 12 t of Dy from China are 1,200 thousand USD, 12 t of Nd from Australia 600."""
    both: dict[str, Any] = {
        "materials": [{"material": "Nd", "price": 50}, {"material": "Dy", "price": 100}],
        "demand": [{"material": m, "sector": "civil", "demand": 12} for m in ("Nd", "Dy")],
        "supply": [{"offer": "ally", "country": "Australia", "material": "Nd"}, IMPORT],
        "thrift": [],
    }
    said = dict(summary_of(a_case(coverage=0, **both)).points)["Where it comes from"]

    assert said.startswith("China is the main source of 1 of the 2 materials that the market buys in 2026 (66.7% of what it pays)")


def test_what_is_free_has_a_source_and_no_share_of_what_is_paid() -> None:
    free, dear = {"material": "Dy", "price": 0}, {"material": "Dy", "sector": "civil", "demand": 12, "shortage_cost": 500}
    said = dict(summary_of(a_case(coverage=0, thrift=[], materials=free, demand=dear)).points)["Where it comes from"]

    assert said.startswith("China is the main source of 1 of the 1 materials that the market buys in 2026, and in 2027 of 1, as")


def test_what_would_change_the_plan_are_the_two_nearest_plants_then_offers() -> None:
    """A third off brings the works, a tenth off the reserve: plants come first, and what pays at no price is not told."""
    plan = solve_case(a_case()).plan
    works, mine = Entry("plant", "works", 300_000, 200_000, 12), Entry("plant", "mine", 9000, None)
    reserve, other = Entry("offer", "reserve", 120, 108, 6), Entry("offer", "other", 120, 96, 3)

    def told(*entries: Entry) -> str:
        return would_change(Report(plan, Studies(None, entries=entries)))

    assert told(other, works, mine, reserve) == (
        "works is ordered (12.0 t/yr) below a capex of 200,000 USD per t/yr, 33.3% less than now; "
        "the stockpile buys from reserve (6.00 t) below 108 USD/kg, 10.0% less than now."
    )
    assert told(mine) == told() == ""


def test_an_entry_price_that_is_that_of_now_is_not_less() -> None:
    report = Report(solve_case(a_case()).plan, Studies(None, entries=(Entry("plant", "works", 9000, 9000 * (1 + 1e-12), 12),)))

    assert would_change(report) == "works is ordered (12.0 t/yr) below a capex of 9,000 USD per t/yr, which is its price now."
    assert entry_prices(report).frame["change"].tolist() == [0.0]


def test_what_is_bought_without_end_is_told_so() -> None:
    """Not at no price, nor so many tonnes."""
    endless, never = Entry("offer", "reserve", 120, 60, inf), Entry("offer", "other", 120, None)
    report = Report(solve_case(a_case()).plan, Studies(None, entries=(endless, never)))
    table = entry_prices(report)

    assert would_change(report) == "the stockpile buys from reserve (without end) below 60.0 USD/kg, 50.0% less than now."
    assert table.frame["amount"].isna().tolist() == [True, False]
    assert {c.name: c.empty for c in table.columns}["amount"] == "without end"
