"""The futures that are drawn: from the sheet, by the seed and the names alone, with the probabilities that the case states."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import scipy

from inputs.case import Case
from inputs.cells import CellError
from inputs.stress import stated, uncertainty
from inputs.values import Distribution
from model.growth import grow_tree
from model.stress.draw import Dice, Draws
from model.stress.future import NEVER
from tests.kit.small import case, embargo, near, plant, read

CERTAIN = [
    {"what": what, "name": "*", "distribution": number}
    for what, number in (("length", 1), ("severity", 1), ("repeat", 0), ("price", 1), ("demand", 1), ("late", 0), ("refused", 0))
]
"""Rows of the sheet after which only the onset is drawn, and the length among those that are listed."""

RUNS = 2000


def draws(of: Case, seed: int = 1) -> Draws:
    return Draws(of, uncertainty(of), seed, grow_tree(of))


def stressed(rows: Any = (), **sheets: Any) -> Case:
    return case({"horizon": 4, "aftermath": True}, stress=rows, **embargo({6: 0.25, 12: 0.75}) | sheets)


def likely(hits: int, runs: int, probability: float) -> bool:
    """Whether a count lies within the 99.9 % interval of its probability (Clopper-Pearson)."""
    interval = scipy.stats.binomtest(hits, runs).proportion_ci(0.999)
    return bool(interval.low <= probability <= interval.high)


def test_shares_hang_on_seed_number_and_name_alone() -> None:
    """The first share is that of BLAKE2b of "1\\n0\\nonset\\n0": its first 53 bits. 4,000 of them are spread evenly (Kolmogorov-Smirnov at 0.1 %)."""
    assert Dice(1, 0).share("onset", 0) == Dice(1, 0).share("onset", 0)
    assert len({Dice(seed, number).share(name) for seed in (1, 2) for number in (0, 1) for name in ("a", "b")}) == 8
    shares = [Dice(7, number).share("onset", 0) for number in range(4000)]
    assert scipy.stats.kstest(shares, "uniform").pvalue > 0.001
    assert scipy.stats.spearmanr(shares, [Dice(7, number).share("length", 0) for number in range(4000)]).pvalue > 0.001


def test_two_cases_meet_the_same_futures() -> None:
    """More stock, another plant, another material, and other terms of sale change nothing of what is drawn for what both have."""
    one = stressed(**plant(capacity_limit=5))
    more = plant(capacity_limit=5)
    more["plants"] = [{"plant": "other", "kind": "mine", "country": "Chile", "capacity_limit": 3}, *more["plants"]]
    other = stressed(
        materials=[{"material": "Tb", "price": 900}, {"material": "Dy", "price": 120, "stock_limit": 30, "resale_share": 0.9}], **more
    )
    here, there = draws(one), draws(other)
    for number in range(50):
        first, second = here.future(number), there.future(number)

        assert first.cutoffs == second.cutoffs
        assert first.price["Dy"] == second.price["Dy"]
        assert first.demand == second.demand
        assert first.late.get("works") == second.late.get("works")


def test_onsets_and_lengths_come_as_often_as_the_case_says() -> None:
    """10 % a year for four years: a cutoff in 1 - 0.9^4 of the futures, in 0.1 of them within the first year, and three of four last 12 months."""
    of = draws(stressed(CERTAIN))
    futures = [of.future(number) for number in range(RUNS)]
    first = [future.cutoffs[0] for future in futures if future.cutoffs]

    assert likely(len(first), RUNS, 1 - 0.9**4)
    assert likely(sum(each.start < 12 for each in first), RUNS, 0.1)
    assert likely(sum(each.months == 12 for each in first), len(first), 0.75)
    assert {each.months for each in first} == {6, 12}
    assert len({each.start for each in first}) == 48
    assert max(len(future.cutoffs) for future in futures) == 1
    assert all(not future.late and set(future.demand.values()) | set(future.price.values()) == {1.0} for future in futures)


def test_hazards_years_and_kinds_are_heeded() -> None:
    """The embargo only in 2027, where its hazard is 0.5, and a flood of 0.2 a year in all: each begins as often, among those of its months."""
    sheets = embargo(6, first_year=2027, last_year=2027)
    sheets["cutoffs"].append({"cutoff": "flood", "annual_probability": 0.2})
    sheets["durations"].append({"cutoff": "flood", "months": 3, "probability": 1})
    of = draws(stressed(CERTAIN, hazards={"cutoff": "embargo", "year": 2027, "annual_probability": 0.5}, **sheets))
    first = [future.cutoffs[0] for number in range(RUNS) if (future := of.future(number)).cutoffs]
    embargoes = [each for each in first if each.cutoff == "embargo"]
    monthly = np.array([1 - 0.8 ** (1 / 12), 1 - 0.5 ** (1 / 12)])
    alive = (1 - monthly[0]) ** 12

    assert {12 <= each.start < 24 for each in embargoes} == {True}
    assert likely(len(embargoes), RUNS, alive * (1 - (1 - monthly.sum()) ** 12) * monthly[1] / monthly.sum())


def test_another_cutoff_follows_as_often_as_the_sheet_says() -> None:
    """Twice the chance of 10 % a year: in what is left after the first, but a month, one follows in 1 - 0.9^(2 x months / 12) of the futures; with repeat 0 none does."""
    rows = [row | ({"distribution": 2} if row["what"] == "repeat" else {}) for row in CERTAIN]
    of = draws(stressed(rows))
    followed, expected, seen = 0, 0.0, 0
    for number in range(RUNS):
        cutoffs = of.future(number).cutoffs
        if cutoffs:
            left = max(0.0, 48 - (cutoffs[0].start + cutoffs[0].months + 1))
            followed, expected, seen = followed + (len(cutoffs) > 1), expected + 1 - 0.9 ** (2 * left / 12), seen + 1
            assert all(b.start >= a.start + a.months + 1 for a, b in pairwise(cutoffs))

    assert likely(followed, seen, expected / seen)


def test_lengths_severity_and_delays_follow_their_distributions() -> None:
    """A multiple of exactly 1.6 makes 6 months 9 (9.6, in quarters) and 12 months 18 or 21 (19.2 is 18); a plant that is refused half of the time is late by 6 to 12 months otherwise."""
    rows = [
        {"what": "length", "name": "*", "distribution": 3},
        {"what": "length", "name": "embargo", "distribution": 1.6},
        {"what": "severity", "name": "embargo", "distribution": "uniform(0.5,0.7)"},
        {"what": "late", "name": "works", "distribution": "uniform(6,12)"},
        {"what": "refused", "name": "*", "distribution": 0.5},
    ]
    of = draws(stressed(rows, **plant(capacity_limit=5)))
    futures = [of.future(number) for number in range(400)]
    cutoffs = [each for future in futures for each in future.cutoffs]
    late = [future.late["works"] for future in futures]

    assert {each.months for each in cutoffs} == {9, 18}
    assert min(each.severity for each in cutoffs) >= 0.5
    assert max(each.severity for each in cutoffs) <= 0.7
    assert likely(late.count(NEVER), 400, 0.5)
    assert all(6 <= months <= 12 for months in late if months != NEVER)


@pytest.mark.parametrize(
    ("what", "text", "words"),
    [
        ("length", "lognormal(1)", "lognormal needs 2 numbers"),
        ("price", "uniform(-1,2)", "price cannot be below 0"),
        ("repeat", "0.5,1", "repeat is a multiple: give one number"),
        ("refused", "1.5", "refused is a probability: give a number from 0 to 1"),
        ("late", "soon", "a value must be"),
    ],
)
def test_what_cannot_be_drawn_from_is_refused(what: str, text: str, words: str) -> None:
    with pytest.raises(CellError, match=words.replace("(", r"\(").replace(")", r"\)")):
        stated(what, "*", text)


def test_check_names_the_cell_of_a_row_that_cannot_be_drawn() -> None:
    rows: list[dict[str, Any]] = [
        {"what": "price", "name": "civil", "distribution": 1},
        {"what": "length", "name": "embargo", "distribution": "unifrom(1,2)"},
        {"what": "demand", "name": "civil", "distribution": "lognormal(1,0.1)"},
    ]
    found = [str(finding) for finding in read(stress=rows, **embargo()).errors]

    assert [text.split(":")[0] for text in found] == ["stress!B3", "stress!C4"]
    assert "price is drawn for the names of sheet materials, and 'civil' is none of them" in found[0]
    assert "did you mean 'uniform'" in found[1]


def test_what_the_sheet_does_not_say_is_usual() -> None:
    of = uncertainty(stressed([{"what": "price", "name": "Dy", "distribution": 2}]))

    assert of.of("price", "Dy") == Distribution("discrete", (2.0,), (1.0,))
    assert of.of("price", "Tb") == Distribution("lognormal", (1.0, 0.2))
    assert [row.usual for row in of.rows] == [False, *[True] * 7]
    assert near(1) == sum(of.of("repeat", "embargo").probabilities)
