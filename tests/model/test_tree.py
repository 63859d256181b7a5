"""The scenario tree: nodes, parents, months and probabilities, with and without an aftermath."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.growth import TreeError, grow_tree
from model.solver.program import Status
from model.tree import Tree
from tests.kit.cases import expected, load_case, names
from tests.kit.small import case, embargo, near, plan_of, read, status_of


def page() -> dict[str, Any]:
    """
    Two cutoffs: an embargo of 3, 5 or 6 months that can begin in 2027, and a flood of 2 months from 2028 on.
    In half a year the one begins with 1 - 0.81^0.5 = 0.1 and the other with 1 - 0.64^0.5 = 0.2.
    """
    sheets = embargo(months={3: 0.5, 5: 0.25, 6: 0.25}, chance=0.19, first_year=2027, last_year=2027)
    sheets["cutoffs"].append({"cutoff": "flood", "annual_probability": 0.36, "first_year": 2028})
    sheets["durations"].append({"cutoff": "flood", "months": 2, "probability": 1})
    return sheets


def page_tree(**choices: Any) -> Tree:
    return grow_tree(case({"horizon": 3, "period": 6, "crisis_period": 2, **choices}, **page()))


def test_the_trunk_comes_first_and_branches_follow_by_onset() -> None:
    """
    Six half years. The embargo begins in month 12 or 18, from trunk node 1 or 2, and lasts 2 or 3 periods of two months (3 months
    round up to 4, 5 to 6); the flood in month 24 or 30, from node 3 or 4, for one.
    """
    tree = page_tree()

    assert tree.trunk == 6
    assert tree.parent.tolist() == [-1, 0, 1, 2, 3, 4, 1, 6, 7, 2, 9, 10, 3, 4]
    assert tree.start.tolist() == [0, 6, 12, 18, 24, 30, 12, 14, 16, 18, 20, 22, 24, 30]
    assert tree.end.tolist() == [6, 12, 18, 24, 30, 36, 14, 16, 18, 20, 22, 24, 26, 32]
    assert tree.mid.tolist() == [3, 9, 15, 21, 27, 33, 13, 15, 17, 19, 21, 23, 25, 31]
    assert tree.elapsed.tolist() == [0] * 6 + [1, 3, 5, 1, 3, 5, 1, 1]
    assert tree.yrs.tolist() == near([0.5] * 6 + [1 / 6] * 8)
    assert tree.year.tolist() == [2026, 2026, 2027, 2027, 2028, 2028, 2027, 2027, 2027, 2027, 2027, 2027, 2028, 2028]
    assert tree.in_trunk.tolist() == [True] * 6 + [False] * 8
    assert [(b.cutoff, b.onset, b.start, list(b.nodes), b.longest) for b in tree.branches] == [
        ("embargo", 2, 12, [6, 7, 8], 6),
        ("embargo", 3, 18, [9, 10, 11], 6),
        ("flood", 4, 24, [12], 2),
        ("flood", 5, 30, [13], 2),
    ]


def test_a_cutoff_begins_if_none_has_and_lasts_if_it_has() -> None:
    """
    Still none: 1, 1, 0.9, 0.81, 0.648, 0.5184. Embargo: 0.1, then 0.09, of which half lasts past 4 months. Flood: 0.81 * 0.2 and
    0.648 * 0.2. The leaves are the end of peace and each possible end of each cutoff.
    """
    tree = page_tree()

    assert tree.prob.tolist() == near([1, 1, 0.9, 0.81, 0.648, 0.5184, 0.1, 0.1, 0.05, 0.09, 0.09, 0.045, 0.162, 0.1296])
    assert tree.leaf.tolist() == near([0] * 5 + [0.5184, 0, 0.05, 0.05, 0, 0.045, 0.045, 0.162, 0.1296])
    assert tree.leaf.sum() == near(1)


def test_an_aftermath_goes_from_each_end_of_a_cutoff_to_the_horizon() -> None:
    """
    The embargo of month 12 may end in month 16 or 18, that of month 18 in 22 or 24, the floods in 26 and 32 of 36. After the half year of
    peace that follows the half year of the end (until 24, 24, 30, 30, 36 and the horizon) the rest is one piece. Stock is settled as the
    cutoff ends; futures end with the horizon.
    """
    tree = page_tree(aftermath="yes")

    assert (tree.trunk, tree.aftermath, len(tree)) == (6, 14, 24)
    assert tree.parent[:14].tolist() == page_tree().parent.tolist()
    assert tree.parent[14:].tolist() == [7, 14, 8, 16, 10, 18, 11, 20, 12, 13]
    assert tree.after[14:].tolist() == [7, 7, 8, 8, 10, 10, 11, 11, 12, 13]
    assert tree.branch[14:].tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 2, 3]
    assert tree.start[14:].tolist() == [16, 24, 18, 24, 22, 30, 24, 30, 26, 32]
    assert tree.end[14:].tolist() == [24, 36, 24, 36, 30, 36, 30, 36, 36, 36]
    assert tree.elapsed[14:].tolist() == [0] * 10
    assert tree.prob[:14].tolist() == near(page_tree().prob.tolist())
    assert tree.prob[14:].tolist() == near([0.05] * 4 + [0.045] * 4 + [0.162, 0.1296])
    assert tree.settle.tolist() == near([0] * 5 + [0.5184, 0, 0.05, 0.05, 0, 0.045, 0.045, 0.162, 0.1296] + [0] * 10)
    assert tree.leaf.tolist() == near([0] * 5 + [0.5184] + [0] * 8 + [0, 0.05, 0, 0.05, 0, 0.045, 0, 0.045, 0.162, 0.1296])
    assert tree.settled_in[[5, 15, 17, 19, 21, 22, 23]].tolist() == [5, 7, 8, 10, 11, 12, 13]
    assert not tree.past_horizon.any()


def test_an_aftermath_may_come_in_pieces() -> None:
    """After month 24, pieces of 5 months, the last of what is left: the first chain is 16-24, 24-29, 29-34, 34-36; that of month 32 is 32-36 as before."""
    tree = page_tree(aftermath="yes", aftermath_period=5)
    first = np.flatnonzero(tree.after == 7)

    assert tree.start[first].tolist() == [16, 24, 29, 34]
    assert tree.end[first].tolist() == [24, 29, 34, 36]
    assert tree.parent[first].tolist() == [7, *first[:-1].tolist()]
    assert tree.leaf[first].tolist() == near([0, 0, 0, 0.05])
    assert tree.length[tree.after == 13].tolist() == [4]


def test_a_branch_past_the_horizon_carries_no_weight() -> None:
    """
    An embargo (0.1) of 3 or 18 months, even odds, from month 12 of 24. In month 15 it ends with 0.05, and 9 months follow; else it lasts
    until the horizon, where its stock is settled, and two quarters beyond, without weight. 0.9 * 24 + 0.1 * 24 months in all.
    """
    tree = grow_tree(case({"aftermath": "yes"}, **embargo(months={3: 0.5, 18: 0.5})))

    assert tree.end[2:].tolist() == [15, 18, 21, 24, 27, 30, 24]
    assert tree.prob.tolist() == near([1, 0.9, 0.1, 0.05, 0.05, 0.05, 0, 0, 0.05])
    assert tree.settle.tolist() == near([0, 0.9, 0.05, 0, 0, 0.05, 0, 0, 0])
    assert tree.leaf.tolist() == near([0, 0.9, 0, 0, 0, 0.05, 0, 0, 0.05])
    assert tree.past_horizon.tolist() == [False] * 6 + [True] * 2 + [False]
    assert tree.prob @ tree.length == near(24)


def test_what_may_end_at_the_horizon_or_beyond_it_ends_there() -> None:
    """12 months from month 12 of 24 end with the horizon, 18 months beyond: both settle there with 0.1, and no aftermath follows."""
    tree = grow_tree(case({"aftermath": "yes"}, **embargo(months={12: 0.5, 18: 0.5})))

    assert tree.prob[2:].tolist() == near([0.1] * 4 + [0, 0])
    assert tree.settle[2:].tolist() == tree.leaf[2:].tolist() == near([0, 0, 0, 0.1, 0, 0])
    assert tree.aftermath == len(tree) == 8


def test_a_hazard_of_a_year_goes_before_the_cutoffs_own() -> None:
    """0.1 a year but 0.5 in 2028: begun in 2027 with 0.1, in 2028 with 0.9 * 0.5 = 0.45, in 2029 with 0.45 * 0.1; still none 0.405."""
    tree = grow_tree(case({"horizon": 4}, hazards={"cutoff": "embargo", "year": 2028, "annual_probability": 0.5}, **embargo(months=3)))

    assert tree.prob.tolist() == near([1, 0.9, 0.45, 0.405, 0.1, 0.45, 0.045])


def test_a_hazard_is_by_the_year_and_of_the_year_in_which_the_cutoff_begins() -> None:
    """In half years: 0.36 in 2027 is 0.2 in month 12 and in month 18 each; none in 2026, where the hazard is 0, and in month 24 0.19 is 0.1."""
    hazards = [{"cutoff": "embargo", "year": year, "annual_probability": p} for year, p in ((2026, 0), (2027, 0.36), (2040, 1))]
    tree = grow_tree(case({"horizon": 2.5, "period": 6}, hazards=hazards, **embargo(months=3, chance=0.19)))

    assert tree.prob.tolist() == near([1, 1, 0.8, 0.64, 0.576, 0, 0.2, 0.16, 0.064])
    assert [b.onset for b in tree.branches] == [1, 2, 3, 4]


def test_with_length_known_each_duration_has_a_branch_of_its_own() -> None:
    """The embargo of month 12 (0.1) has three branches, of 2, 3 and 3 nodes; each knows its length, and the longest of its kind is still 6 months."""
    tree = page_tree(length_known="yes")

    assert [(b.start, len(b.nodes), b.months, b.longest) for b in tree.branches] == [
        (12, 2, 3, 6),
        (12, 3, 5, 6),
        (12, 3, 6, 6),
        (18, 2, 3, 6),
        (18, 3, 5, 6),
        (18, 3, 6, 6),
        (24, 1, 2, 2),
        (30, 1, 2, 2),
    ]
    assert tree.prob[6:14].tolist() == near([0.05] * 2 + [0.025] * 6)
    assert tree.leaf[6:14].tolist() == near([0, 0.05, 0, 0, 0.025, 0, 0, 0.025])
    assert tree.leaf.sum() == near(1)
    assert tree.parent[[6, 8, 11]].tolist() == [1, 1, 1]


def test_with_length_known_each_length_has_its_own_aftermath() -> None:
    """The embargo of month 12 ends in month 16, 18 or 18, in its own branch each: one chain from the last node of each branch."""
    tree = page_tree(length_known="yes", aftermath="yes")
    firsts = tree.in_aftermath & (tree.parent == tree.after)

    assert tree.after[firsts].tolist() == [branch.nodes[-1] for branch in tree.branches]
    assert tree.start[firsts].tolist() == [16, 18, 18, 22, 24, 24, 26, 32]
    assert tree.prob[firsts].tolist() == near([0.05, 0.025, 0.025, 0.045, 0.0225, 0.0225, 0.162, 0.1296])
    assert tree.leaf.sum() == near(1)
    assert tree.settle.sum() == near(1)
    assert tree.prob @ tree.length == near(36)


def test_cutoffs_that_can_begin_together_share_what_is_left() -> None:
    """In year 2 the embargo begins with 0.1, the flood with 0.2, neither with 0.7; in year 3 with 0.07 and 0.14, neither with 0.49."""
    sheets = embargo(months=3, chance=0.1)
    sheets["cutoffs"].append({"cutoff": "flood", "annual_probability": 0.2})
    sheets["durations"].append({"cutoff": "flood", "months": 3, "probability": 1})
    tree = grow_tree(case({"horizon": 3}, **sheets))

    assert tree.prob.tolist() == near([1, 0.7, 0.49, 0.1, 0.2, 0.07, 0.14])
    assert [b.cutoff for b in tree.branches] == ["embargo", "flood", "embargo", "flood"]


@pytest.mark.parametrize(
    ("first", "last", "onsets"),
    [(None, None, [1, 2, 3]), (2027, None, [1, 2, 3]), (2029, 2030, [2]), (2030, None, [3]), (None, 2027, []), (None, 2028, [1])],
)
def test_the_year_of_an_onset_is_that_of_the_month_it_begins(first: int | None, last: int | None, onsets: list[int]) -> None:
    """Periods of 18 months begin in July 2027 (written as 2028 for a plan from 2027 on), January and July: months 18, 36, 54 are in 2028, 2030 and 2031 of a plan from 2027."""
    years = {"first_year": first, "last_year": last}
    tree = grow_tree(case({"start_year": 2027, "horizon": 6, "period": 18}, **embargo(**{k: v for k, v in years.items() if v})))
    begun = [2027 + math.floor(18 * j / 12) for j in (1, 2, 3)]

    assert begun == [2028, 2030, 2031]
    assert [b.onset for b in tree.branches] == [
        j for j, year in zip((1, 2, 3), begun, strict=True) if (first or 0) <= year <= (last or 9999)
    ]


@pytest.mark.parametrize(("months", "nodes"), [(0.5, 1), (3, 1), (3.1, 2), (6, 2), (7, 3), (9, 3)])
def test_durations_are_rounded_up_to_whole_crisis_periods(months: float, nodes: int) -> None:
    tree = grow_tree(case(**embargo(months=months)))

    assert len(tree.branches[0].nodes) == nodes
    assert tree.leaf[-1] == near(0.1)
    assert tree.branches[0].longest == 3 * nodes


def test_a_branch_goes_on_beyond_the_horizon() -> None:
    """An embargo that begins in month 12 of 24 and lasts for 18 months ends in month 30."""
    tree = grow_tree(case(**embargo(months=18)))

    assert tree.end[-1] == 30


def test_a_path_goes_from_the_root_to_the_node() -> None:
    tree = page_tree()

    assert tree.path(11) == [0, 1, 2, 9, 10, 11]
    assert tree.path(5) == [0, 1, 2, 3, 4, 5]
    assert {(int(a), int(n)) for a, n in zip(*tree.pairs, strict=True)} == {(a, n) for n in range(len(tree)) for a in tree.path(n)}


def test_discount_is_by_the_year() -> None:
    """After 6, 12 and 24 months at 21 %: 1/1.1, 1/1.21, 1/1.4641."""
    assert page_tree().discount(np.array([0.0, 6, 12, 24]), 0.21).tolist() == near([1, 1 / 1.1, 1 / 1.21, 1 / 1.4641])


def test_without_cutoffs_there_is_only_the_trunk() -> None:
    tree = grow_tree(case({"horizon": 1}))

    assert (len(tree), tree.trunk, tree.branches) == (1, 1, ())
    assert tree.leaf.tolist() == [1]


def test_a_cutoff_cannot_begin_in_the_first_period() -> None:
    assert not grow_tree(case({"horizon": 1}, **embargo(chance=0.5))).branches


def test_certain_cutoffs_leave_no_end_of_peace() -> None:
    """Begun for sure in year 2, there is no third; the leaf of peace has no weight. 1200 + 6 * 1000."""
    plan = plan_of({"horizon": 3}, **embargo(months=6, chance=1))

    assert plan.tree.prob.tolist() == near([1, 0, 0, 1, 1, 0, 0])
    assert plan.tree.leaf.tolist() == near([0, 0, 0, 0, 1, 0, 0])
    assert plan.objective == near(7200)


def test_more_than_certain_cutoffs_are_an_error_of_the_workbook() -> None:
    """0.6 and 0.5 in one year add to 1.1; in different years they are fine, as are 0.6 and 0.4."""

    def sheets(second: float, **years: int) -> dict[str, Any]:
        tables = embargo(months=3, chance=0.6, last_year=2027)
        tables["cutoffs"].append({"cutoff": "flood", "annual_probability": second, **years})
        tables["durations"].append({"cutoff": "flood", "months": 3, "probability": 1})
        return tables

    wrong = read({"horizon": 3}, **sheets(0.5))

    assert wrong.case is None
    assert [(e.sheet, e.column) for e in wrong.errors] == [("cutoffs", "annual_probability")]
    assert "1.1 in 2027" in wrong.errors[0].message
    assert status_of({"horizon": 3}, **sheets(0.4)) is Status.OPTIMAL
    assert status_of({"horizon": 3}, **sheets(0.5, first_year=2028)) is Status.OPTIMAL


def hold_together(tree: Tree) -> None:
    """What every tree has, whatever the case."""
    after = np.bincount(tree.parent[1:], tree.prob[1:], minlength=len(tree))

    assert tree.leaf.sum() == near(1)
    assert tree.settle.sum() == near(1)
    assert tree.leaf + after == near(tree.prob)
    assert tree.settle[tree.settled_in[tree.leaf > 0]] == near(tree.leaf[tree.leaf > 0])
    if tree.lasting:
        assert tree.prob @ tree.length == near(tree.horizon)
        assert tree.end[tree.leaf > 0] == near(tree.horizon)
        assert not (tree.prob + tree.settle + tree.leaf)[tree.past_horizon].any()
        assert (tree.end[~tree.in_branch] <= tree.horizon + 1e-9).all()
    else:
        assert tree.aftermath == len(tree)
        assert tree.settle == near(tree.leaf)
    assert (tree.parent < np.arange(len(tree))).all()
    assert tree.start[1:] == near(tree.end[tree.parent[1:]])
    assert [n for b in tree.branches for n in b.nodes] == list(range(tree.trunk, tree.aftermath))
    assert tree.in_branch[tree.after[tree.in_aftermath]].all()
    assert (tree.branch[tree.after[tree.in_aftermath]] == tree.branch[tree.in_aftermath]).all()
    assert tree.branch[: tree.trunk].tolist() == [-1] * tree.trunk
    for b in tree.branches:
        assert tree.elapsed[b.nodes[0]] == near(tree.length[b.nodes[0]] / 2)
        assert tree.mid[list(b.nodes)] == near(b.start + tree.elapsed[list(b.nodes)])
        assert int(tree.parent[b.nodes[0]]) == b.onset - 1 < tree.trunk


@pytest.mark.parametrize("name", [name for name in names() if expected(name)[0] != "infeasible"])
def test_trees_of_the_known_cases_hold_together(name: str) -> None:
    hold_together(grow_tree(load_case(name)))


@st.composite
def cutoff_cases(draw: st.DrawFn) -> dict[str, Any]:
    """Settings and cutoffs of any shape that the workbook takes."""
    period = draw(st.sampled_from([1, 3, 5, 6, 12, 24]))
    choices = {
        "horizon": draw(st.integers(1, 8)) * period / 12,
        "period": period,
        "crisis_period": draw(st.sampled_from([months for months in (1, 2, 3, 5, 6, 12) if period % months == 0])),
        "aftermath": draw(st.sampled_from(["yes", "no"])),
        "aftermath_period": draw(st.none() | st.integers(1, 30)),
        "length_known": draw(st.sampled_from(["yes", "no"])),
    }
    sheets: dict[str, Any] = {"cutoffs": [], "durations": [], "losses": [], "hazards": []}
    for number in range(draw(st.integers(0, 3))):
        first = draw(st.none() | st.integers(2025, 2030))
        last = draw(st.none() | st.integers(first or 2026, 2031))
        sheets["cutoffs"].append(
            {"cutoff": str(number), "annual_probability": draw(st.floats(0, 0.17)), "first_year": first, "last_year": last}
        )
        years = draw(st.lists(st.integers(2026, 2030), max_size=2, unique=True))
        sheets["hazards"] += [{"cutoff": str(number), "year": year, "annual_probability": draw(st.floats(0, 0.17))} for year in years]
        parts = draw(st.lists(st.integers(0, 5), min_size=1, max_size=3).filter(any))
        lengths = draw(st.lists(st.floats(0.25, 20), min_size=len(parts), max_size=len(parts), unique=True))
        sheets["durations"] += [
            {"cutoff": str(number), "months": months, "probability": part / sum(parts)} for months, part in zip(lengths, parts, strict=True)
        ]
    return {"settings": choices, **sheets}


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(cutoff_cases())
def test_any_tree_holds_together(tables: dict[str, Any]) -> None:
    """Leaves and settlements add to 1, with an aftermath expected months to the horizon; what enters a node leaves it or ends there; a child begins where its parent ends; branches are as long as their longest duration."""
    tables = dict(tables)
    choices = tables.pop("settings")
    tree = grow_tree(case(choices, **tables))
    crisis = choices["crisis_period"]

    hold_together(tree)
    for b in tree.branches:
        lengths = [row["months"] for row in tables["durations"] if row["cutoff"] == b.cutoff]
        assert b.longest == near(crisis * math.ceil(max(lengths) / crisis))
        assert len(b.nodes) == math.ceil((b.months or max(lengths)) / crisis)


@pytest.mark.parametrize(("months", "words"), [([1.2e-11], "a length of no time"), ([], "no length")])
def test_a_cutoff_that_lasts_no_time_is_refused_in_words(months: list[float], words: str) -> None:
    """1.2e-11 months round to no crisis period at all: a branch without a node."""
    base = case(**embargo(months=6))
    lengths = base["durations"].iloc[: len(months)].assign(months=months)
    with pytest.raises(TreeError, match=f"cutoff 'embargo' has {words}"):
        grow_tree(base.with_frame("durations", lengths))
