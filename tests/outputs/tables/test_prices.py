"""What limits cost in words, by hand."""

from __future__ import annotations

from typing import Any

import pytest

from model.plan import make_plan, solve_case
from model.studies.priced import Met, Prices
from model.studies.prices import prices
from model.studies.study import Studies
from outputs.tables.met import met_words
from outputs.tables.prices import NOT_KNOWN, NOTHING, NOTHING_ELSE, money, what_buys_most, what_limits_cost
from outputs.tables.report import Report
from tests.kit.cases import teaching
from tests.kit.small import case, embargo, every_sheet, near
from tests.model.studies.test_prices import STORE, promised


def report(**sheets: Any) -> Report:
    """Half of 6 t of civil demand is promised in a cutoff; see `promised`."""
    solved = solve_case(promised(0.5, **sheets))
    return Report(solved.plan, Studies(None, prices=prices(solved)))


def test_the_sign_is_in_words() -> None:
    """A point of coverage costs 4.8 thousand USD, as far as what can be bought in a year lets it: 4 t of 6."""
    row, cover = (
        what_limits_cost(report(materials={"material": "Dy", "price": 100, "purchase_limit": 4}))
        .frame.sort_values("what")
        .to_dict("records")
    )

    assert (row["what"], row["now"], row["step"], row["cell"]) == (
        "Coverage of Dy for civil",
        "50 %",
        "1 %-point",
        "demand[Dy,civil].coverage",
    )
    assert row["words"] == (
        "One percentage point more costs 4.80 thousand USD, up to 66.67 %, where the purchase limit of Dy is reached in 2026; beyond that no plan exists. "
        "One percentage point less saves 4.80 thousand USD, however much less."
    )
    assert (cover["what"], cover["now"], cover["words"]) == (
        "Months of cover of civil",
        "6 months",
        "A step more (3 months) changes nothing. A step less (3 months) saves 120 thousand USD.",
    )
    assert [row[name] for name in ("more", "less", "more_step", "less_step")] == near([4.8, -4.8, 0.0048, -0.0048])


def test_what_buys_most_has_the_side_that_saves() -> None:
    row, cover = what_buys_most(report()).frame.to_dict("records")

    assert (row["kind"], row["unit"], row["until"]) == ("demand: coverage", "one percentage point less", "0 %")
    assert row["saves"] == near(0.0048)
    assert (cover["kind"], cover["unit"], cover["saves"]) == ("sectors: cover months", "3 months less", near(0.12))


def test_where_nothing_costs_anything_the_sheets_say_so() -> None:
    plan = report().plan
    empty, unknown = (Report(plan, Studies(None, prices=Prices(unknown=known))) for known in (False, True))

    assert len(what_limits_cost(empty).frame) == len(what_buys_most(empty).frame) == 0
    assert (what_limits_cost(empty).nothing, what_limits_cost(unknown).nothing) == (NOTHING, NOT_KNOWN)


@pytest.mark.parametrize(("thousand", "text"), [(4800.0, "4.80 M USD"), (480.0, "480 thousand USD"), (0.48, "480 USD")])
def test_money_has_the_unit_in_which_it_reads_well(thousand: float, text: str) -> None:
    assert money(thousand) == text


def test_every_limit_of_the_program_can_be_said() -> None:
    """Of a case that uses every sheet: each variable and equation at either limit has words, with nothing left to fill in."""
    solved = solve_case(every_sheet())
    assert solved.session is not None
    of, program = Report(solved.plan), solved.session.program
    for component in (*program.columns, *program.rows):
        for upper in (True, False):
            words = met_words(of, Met(component.parent_component().local_name, component.index(), upper))
            assert words
            assert "{" not in words
            assert not words.endswith(" ")
            assert "  " not in words


def test_limits_of_nothing_are_named_for_they_are_not_followed() -> None:
    """A stock limit of 0 keeps out what saves 100 x 50 x 0.1 a tonne and costs 100: a tonne more costs less, and the sheet does not say that it is nothing."""
    materials = {"material": "Dy", "price": 100, "stock_limit": 0}
    nowhere = solve_case(case(materials=materials, supply=STORE, sectors=DEAR, **embargo(first_year=2027)))
    none = prices(nowhere)
    some = make_plan(case(materials={**materials, "stock_limit": 1}, supply=STORE, sectors=DEAR, **embargo(first_year=2027)))
    of = Report(some, Studies(None, prices=none))

    assert some.objective is not None
    assert nowhere.plan.objective is not None
    assert some.objective < nowhere.plan.objective - 1
    assert none.priced == ()
    assert what_limits_cost(of).nothing == NOTHING_ELSE
    assert [limit.key for limit in none.zeros] == [("materials", "stock_limit", 0)]
    assert "Limits of 0 are not followed, and what more of them would save is not known (Stock limit of Dy)" in what_limits_cost(of).text
    assert "What is not here costs nothing." in what_limits_cost(Report(some, Studies(None, prices=prices(solve_case(some.case))))).text


DEAR = {"sector": "civil", "shortage_multiple": 50}


def short(capacity: float) -> Report:
    """3 t are promised in the cutoff; the reserve has a little more or less than that at 100 USD/kg, another offer the rest at 150."""
    dear = {"offer": "dear", "country": "Chile", "material": "Dy", "buyer": "stockpile", "price": 150}
    sectors = {"sector": "civil", "coverage": 0.5, "cover_months": 6, "shortage_multiple": 2}
    solved = solve_case(case(sectors=sectors, supply=[STORE[0], {**STORE[1], "capacity": capacity}, dear], **embargo(first_year=2027)))
    return Report(solved.plan, Studies(None, prices=prices(solved)))


def test_a_price_that_holds_for_less_than_a_unit_is_a_rate_with_what_it_comes_to() -> None:
    """4.8 a point, for 0.0003 of 6 t: 0.005 points, 0.024 thousand USD; a whole point costs 0.0003 x 80 + 0.0597 x 130 = 7.785; where it ends differs in words from where it begins."""
    (row,) = [r for r in what_limits_cost(short(3.0003)).frame.to_dict("records") if r["what"] == "Coverage of Dy for civil"]

    assert (row["now"], row["more_until"]) == ("50 %", "50.005 %")
    assert row["words"].startswith(
        "More costs at a rate of 4.80 thousand USD for each percentage point, up to 50.005 % (24.0 USD in all; a whole one costs 7.79 thousand USD), where all that reserve has is bought"
    )


def test_what_buys_most_counts_no_more_than_the_price_holds_for() -> None:
    """0.0003 t more of the reserve save the 50 by which the other is dearer: 15 USD, not 50 thousand; the range ends at 3 t."""
    (row,) = [r for r in what_buys_most(short(2.9997)).frame.to_dict("records") if r["kind"] == "supply: capacity"]

    assert (row["unit"], row["until"]) == ("0.0003 t/yr more", "3.0000 t/yr")
    assert row["saves"] == near(0.0003 * 50 / 1000)


def test_limits_that_may_be_just_enough_and_are_not_followed_are_counted() -> None:
    """The sheet does not say that they cost nothing."""
    plan = report().plan
    text = what_limits_cost(Report(plan, Studies(None, prices=Prices(met=3)))).text

    assert "3 more have no price, but may be just what is needed" in text
    assert "What else is not here costs nothing." in text


def test_a_side_that_comes_to_rounding_changes_nothing() -> None:
    """Of the teaching case without resale, where a tonne short costs twice its price: half of the Dy is promised, which the plant alone makes. Less promised saves nothing, and is not among what buys most."""
    none = [{"material": m, "resale_share": 0} for m in ("Nd", "Dy")]
    solved = solve_case(teaching(materials=none, sectors=[{"sector": "defense", "coverage": 0.5, "shortage_multiple": 2}]))
    of = Report(solved.plan, Studies(None, prices=prices(solved)))
    (row,) = [r for r in what_limits_cost(of).frame.to_dict("records") if r["what"] == "Coverage of Dy for defense"]

    assert row["less"] == row["less_step"] == 0
    assert "One percentage point less changes nothing" in row["words"]
    assert set(what_buys_most(of).frame["kind"]) == {"plants: capacity limit", "supply: capacity"}


def test_the_coverage_of_a_sector_that_is_that_of_a_material_is_not_counted_twice() -> None:
    """Half of the only material's demand is promised: 4.8 thousand USD a point, whether of the sector or of its demand."""
    of = report()

    assert of.studies
    assert of.studies.prices.others == 0
    for table in (what_limits_cost(of), what_buys_most(of)):
        assert "The coverage of a sector of which one material alone has a price stands as that of the material." in table.text


@pytest.mark.parametrize(("others", "text"), [(1, "1 other has a price, but no step of it is worth more than 5.00 thousand USD. What else is not here"), (2, "2 others have a price, but a step of none of them is worth more than 5.00 thousand USD. What else")])  # fmt: skip
def test_one_other_is_one(others: int, text: str) -> None:
    plan = report().plan

    assert text in what_limits_cost(Report(plan, Studies(None, prices=Prices(others=others, most=5)))).text
