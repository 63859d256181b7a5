"""Designs of a sweep, the order of their points, and what outcomes say: closed forms, seeds, and what is refused in which words."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from inputs.apply import apply
from inputs.arrays import Floats
from inputs.case import Case
from inputs.change import Variation, parse_variation
from inputs.extras import MissingExtra
from inputs.workbook import parse
from model.sweep.design import (
    Design,
    DesignKind,
    SamplingError,
    grid,
    latin_hypercube,
    monte_carlo,
    morris,
    one_at_a_time,
    sobol,
    sobol_indices,
)
from model.sweep.indices import analyse_morris, analyse_sobol, rank_correlations
from model.sweep.order import order_of_points
from tests.kit.faults import sound

PRICE, DEMAND, TARIFF = "materials[Dy].price", "demand[Nd,civil].demand", "supply[Dy China].tariff"
UNIFORM = (f"{PRICE}=uniform(100,300)", f"{DEMAND}=uniform(10,30)", f"{TARIFF}=uniform(0,1)")
DRAWS: list[Callable[..., Design]] = [monte_carlo, latin_hypercube, sobol, morris, sobol_indices]


@cache
def case() -> Case:
    read = parse(sound()).case
    assert read is not None
    return read


def varied(*texts: str) -> list[Variation]:
    return [parse_variation(text, case()) for text in texts]


def linear(design: Design, *coefficients: float) -> Floats:
    return design.points @ np.array(coefficients)


def steps(points: Floats) -> Floats:
    """(n - 1,): how many coordinates change from one point to the next."""
    return (np.diff(points, axis=0) != 0).sum(axis=1)


def length(points: Floats) -> float:
    """The way from point to point in all."""
    return float(np.sqrt(np.square(np.diff(points, axis=0)).sum(axis=1)).sum())


# designs


def test_a_grid_has_every_combination_once() -> None:
    """2 x 3 = 6 points; the last variation is fastest."""
    design = grid(varied(f"{PRICE}=100,200", f"{DEMAND}*=1:2:3"))

    assert design.points.tolist() == [[100, 1], [100, 1.5], [100, 2], [200, 1], [200, 1.5], [200, 2]]
    assert list(design.frame) == [f"{PRICE}=", f"{DEMAND}*="]
    assert [change.text for change in design.changes(4)] == [f"{PRICE}=200", f"{DEMAND}*=1.5"]
    assert design.weights is not None
    assert design.weights.tolist() == pytest.approx([1 / 6] * 6)


def test_a_grid_weighs_its_points_by_the_probabilities_of_their_values() -> None:
    """1/4 and 3/4 of the price, each with both of two equally likely demands: 1/8, 1/8, 3/8, 3/8."""
    design = grid(varied(f"{PRICE}=discrete(100:0.25,200:0.75)", f"{DEMAND}=10:20:2"))

    assert design.weights is not None
    assert design.weights.tolist() == pytest.approx([1 / 8, 1 / 8, 3 / 8, 3 / 8])


def test_one_at_a_time_has_the_case_once_and_each_value_alone() -> None:
    """1 + 2 + 1 points; what does not vary is as in the case."""
    design = one_at_a_time(varied(f"{PRICE}=100,200", f"{DEMAND}*=2"))

    assert [[change.text for change in design.changes(point)] for point in range(len(design))] == [
        [],
        [f"{PRICE}=100"],
        [f"{PRICE}=200"],
        [f"{DEMAND}*=2"],
    ]
    assert apply(case(), design.changes(0)).fingerprint == case().fingerprint


@pytest.mark.parametrize("draw", DRAWS)
def test_a_seed_gives_its_points_exactly(draw: Callable[..., Design]) -> None:
    variations = varied(*UNIFORM)
    first, second, other = draw(variations, 16, seed=5), draw(variations, 16, seed=5), draw(variations, 16, seed=6)

    assert first.points.tobytes() == second.points.tobytes()
    assert first.points.tobytes() != other.points.tobytes()


@pytest.mark.parametrize("draw", DRAWS)
def test_every_point_of_a_sample_is_a_case(draw: Callable[..., Design]) -> None:
    """Values lie within their distributions, and the changes of a point set them."""
    design = draw(varied(*UNIFORM), 8, seed=1)
    at_last = apply(case(), design.changes(len(design) - 1))

    assert np.all(design.points >= [100, 10, 0])
    assert np.all(design.points <= [300, 30, 1])
    assert at_last["materials"]["price"].iloc[0] == design.points[-1, 0]
    assert at_last["demand"]["demand"].iloc[2] == design.points[-1, 1]


@pytest.mark.parametrize(
    ("values", "reference"),
    [
        ("uniform(100,300)", stats.uniform(100, 200)),
        ("300:100:5", stats.uniform(100, 200)),
        ("triangular(100,150,300)", stats.triang(0.25, 100, 200)),
        ("normal(300,20)", stats.norm(300, 20)),
        ("lognormal(300,0.5)", stats.lognorm(0.5, scale=300)),
    ],
)
def test_a_latin_hypercube_follows_its_distributions(values: str, reference: stats.rv_continuous) -> None:
    """Of n points, one lies in each n-th of the distribution, so no share of the sample is further than 1/n from the true one."""
    n = 500
    points = latin_hypercube(varied(f"{PRICE}={values}"), n, seed=3).points[:, 0]

    assert stats.kstest(points, reference.cdf).statistic <= 1 / n
    assert sorted(np.floor(reference.cdf(points) * n).astype(int)) == list(range(n))


def test_a_sample_of_a_discrete_distribution_has_its_shares() -> None:
    """400 points in a Latin hypercube: 0.25, 0.5 and 0.25 of them, and a list's three values a third each, to one point."""
    design = latin_hypercube(varied(f"{PRICE}=discrete(300:0.25,100:0.5,200:0.25)", f"{DEMAND}=30,10,20"), 400, seed=2)
    prices, demands = (np.unique(column, return_counts=True) for column in design.points.T)

    assert prices[0].tolist() == [100, 200, 300]
    assert prices[1].tolist() == pytest.approx([200, 100, 100], abs=1)
    assert demands[1].tolist() == pytest.approx([400 / 3] * 3, abs=1)


def test_sobol_points_fill_the_square_evenly() -> None:
    """Of 64 points, each of 8 x 8 squares has one (a net of base 2, whatever the scrambling)."""
    points = sobol(varied(*UNIFORM[:2]), 64, seed=9).points
    squares = np.floor((points - [100, 10]) / [200, 20] * 8).astype(int)

    assert len(np.unique(squares, axis=0)) == 64


def test_morris_changes_one_variation_at_a_time() -> None:
    """10 trajectories of 3 + 1 points; within each, every step changes one of the three."""
    design = morris(varied(*UNIFORM), 10, seed=4)
    trajectories = design.points.reshape(10, 4, 3)

    assert [steps(trajectory).tolist() for trajectory in trajectories] == [[1, 1, 1]] * 10


def test_saltelli_needs_k_plus_two_points_for_each_of_n() -> None:
    """3 variations: 8 x (3 + 2) = 40 points, with the second order 8 x (2 x 3 + 2) = 64."""
    assert len(sobol_indices(varied(*UNIFORM), 8, seed=1)) == 40
    assert len(sobol_indices(varied(*UNIFORM), 8, seed=1, second_order=True)) == 64


# order


@pytest.mark.parametrize("sizes", [(5,), (2, 3), (3, 2), (3, 3, 3), (2, 5, 1, 4)], ids=str)
def test_neighbours_on_a_grid_differ_in_one_coordinate_by_one_step(sizes: tuple[int, ...]) -> None:
    """The points are shuffled first: the order is found from their values."""
    points = np.stack(np.meshgrid(*map(np.arange, sizes), indexing="ij"), axis=-1).reshape(-1, len(sizes)).astype(float)
    points = np.random.default_rng(1).permutation(points)
    walked = points[order_of_points(points)]

    assert steps(walked).tolist() == [1] * (len(points) - 1)
    assert np.abs(np.diff(walked, axis=0)).max(initial=0) == 1
    assert len(np.unique(walked, axis=0)) == len(points)


def test_the_last_column_of_a_grid_moves_fastest() -> None:
    """3 x 4 points: the first column changes only twice."""
    points = grid(varied(f"{PRICE}=1,2,3", f"{DEMAND}=1,2,3,4")).points

    assert np.count_nonzero(np.diff(points[order_of_points(points), 0])) == 2


@pytest.mark.parametrize("n", [1, 2, 300, 6000])
def test_an_order_has_every_point_once(n: int) -> None:
    order = order_of_points(np.random.default_rng(n).random((n, 3)))

    assert sorted(order.tolist()) == list(range(n))


@pytest.mark.parametrize(("n", "share"), [(400, 0.3), (6000, 0.9)])
def test_ordered_points_are_nearer_to_their_neighbours(n: int, share: float) -> None:
    """The way through 400 points, from each to the nearest left, is under a third of that through them as drawn."""
    points = np.random.default_rng(7).random((n, 3)) * [1, 100, 10_000]
    ranked = points / [1, 100, 10_000]

    assert length(ranked[order_of_points(points)]) < share * length(ranked)


def test_a_sample_of_one_variation_is_sorted() -> None:
    points = monte_carlo(varied(UNIFORM[0]), 50, seed=1).points
    walked = points[order_of_points(points), 0]

    assert np.all(np.diff(walked) > 0)


def test_points_with_gaps_are_ordered() -> None:
    """One at a time: from the case through one variation's values to the other's; the case's own stand for the middle."""
    points = one_at_a_time(varied(f"{PRICE}=1,2,3,4", f"{DEMAND}=1,2,3")).points
    order = order_of_points(points)

    assert sorted(order.tolist()) == list(range(8))
    assert order[0] == 0


# indices


@pytest.mark.slow
def test_sobol_indices_of_a_linear_function_are_shares_of_variance() -> None:
    """
    y = 1 p + 20 d + 100 t, uniform and independent, ranges 200, 20 and 1: a^2 range^2 / 12 are 40,000, 160,000 and 10,000 twelfths, so
    the shares are 4/21, 16/21 and 1/21; nothing interacts, so first and total are the same, and those of pairs are 0.
    """
    design = sobol_indices(varied(*UNIFORM), 4096, seed=1, second_order=True)
    found = analyse_sobol(design, linear(design, 1, 20, 100))
    first, total, second = (found[found["index"] == index] for index in ("first", "total", "second"))

    assert first["variation"].tolist() == total["variation"].tolist() == [f"{PRICE}=", f"{DEMAND}=", f"{TARIFF}="]
    assert first["value"].tolist() == pytest.approx([4 / 21, 16 / 21, 1 / 21], abs=5e-3)
    assert total["value"].tolist() == pytest.approx([4 / 21, 16 / 21, 1 / 21], abs=5e-3)
    assert second["value"].tolist() == pytest.approx([0, 0, 0], abs=0.02)
    assert list(zip(second["variation"], second["other"], strict=True)) == [
        (f"{PRICE}=", f"{DEMAND}="),
        (f"{PRICE}=", f"{TARIFF}="),
        (f"{DEMAND}=", f"{TARIFF}="),
    ]
    assert all((found["low"] <= found["value"]) & (found["value"] <= found["high"]))


def test_sobol_indices_of_a_product_show_the_interaction() -> None:
    """
    y = u v with u, v uniform on 0..1: Var y = 1/9 - 1/16 = 7/144; first = (1/4)(1/12) / (7/144) = 3/7 each, the rest, 1/7, is theirs
    together: total 4/7 each.
    """
    design = sobol_indices(varied(f"{TARIFF}=uniform(0,1)", "sectors[civil].coverage=uniform(0,1)"), 4096, seed=2, second_order=True)
    found = analyse_sobol(design, design.points.prod(axis=1))

    assert found["index"].tolist() == ["first", "first", "total", "total", "second"]
    assert found["value"].tolist() == pytest.approx([3 / 7, 3 / 7, 4 / 7, 4 / 7, 1 / 7], abs=0.01)


def test_sobol_indices_of_nothing_are_nothing() -> None:
    """Without variance there are no shares of it."""
    design = sobol_indices(varied(*UNIFORM), 8, seed=1)

    assert analyse_sobol(design, np.full(len(design), 7.0))["value"].isna().all()


def test_morris_finds_coefficient_times_range() -> None:
    """y = 3 p - 2 d: price over 200 adds 600, demand over 20 takes 40, the tariff does nothing; no curvature, so no spread."""
    design = morris(varied(*UNIFORM), 12, seed=8, levels=6)
    found = analyse_morris(design, linear(design, 3, -2, 0))

    assert found["variation"].tolist() == [f"{PRICE}=", f"{DEMAND}=", f"{TARIFF}="]
    assert found["mu"].tolist() == pytest.approx([600, -40, 0])
    assert found["mu_star"].tolist() == pytest.approx([600, 40, 0])
    assert found["sigma"].tolist() == pytest.approx([0, 0, 0], abs=1e-9)
    assert found["low"].tolist() == pytest.approx(found["high"].tolist())


def test_morris_keeps_unbounded_distributions_finite() -> None:
    """Trajectories step on the ends, which are the 0.5 % and 99.5 % quantiles: 300 -+ 2.5758 x 20."""
    design = morris(varied(f"{PRICE}=normal(300,20)", UNIFORM[1]), 20, seed=1)

    assert design.points[:, 0].min() == pytest.approx(300 - 2.575829 * 20, rel=1e-6)
    assert design.points[:, 0].max() == pytest.approx(300 + 2.575829 * 20, rel=1e-6)


@pytest.mark.parametrize("seed", [0, 3])
def test_intervals_depend_on_the_seed_alone(seed: int) -> None:
    """What else drew numbers before does not matter."""
    screening, indices = morris(varied(*UNIFORM), 6, seed=seed), sobol_indices(varied(*UNIFORM), 16, seed=seed)
    curved, bent = np.exp(screening.points[:, 0] / 100), np.exp(indices.points[:, 0] / 100)
    before = analyse_morris(screening, curved), analyse_sobol(indices, bent)
    np.random.rand(3)

    pd.testing.assert_frame_equal(before[0], analyse_morris(screening, curved))
    pd.testing.assert_frame_equal(before[1], analyse_sobol(indices, bent))


def test_rank_correlations_are_spearmans_with_an_interval() -> None:
    """A rising function of the price has 1, of the demand (falling, with noise) what scipy finds; the most related is first."""
    design = latin_hypercube(varied(*UNIFORM), 200, seed=1)
    noise = np.random.default_rng(2).random(200)
    rising = rank_correlations(design.frame, np.exp(design.points[:, 0] / 50))
    falling = rank_correlations(design.frame, noise * 10 - design.points[:, 1]).set_index("variation")

    assert rising["variation"].iloc[0] == f"{PRICE}="
    assert rising.loc[0, ["correlation", "low", "high"]].tolist() == pytest.approx([1, 1, 1])
    for place, name in enumerate(map(str, design.frame)):
        reference = stats.spearmanr(design.points[:, place], noise * 10 - design.points[:, 1]).statistic
        assert falling.loc[name, "correlation"] == pytest.approx(reference, rel=1e-9)
        assert falling.loc[name, "low"] < reference < falling.loc[name, "high"]


def test_a_bootstrap_interval_has_the_width_of_theory() -> None:
    """Without correlation Spearman's rho has a standard deviation of 1 / sqrt(n - 1), so 5 to 95 % are 2 x 1.645 of those."""
    draw = np.random.default_rng(5)
    found = rank_correlations(pd.DataFrame({"x": draw.random(400)}), draw.random(400)).iloc[0]

    assert found["high"] - found["low"] == pytest.approx(2 * 1.645 / np.sqrt(399), rel=0.15)


def test_rank_correlations_leave_out_points_without_outcome() -> None:
    """Of five points one failed; the rest rise together. A column that stays the same has none."""
    points = pd.DataFrame({"x": [1.0, 2, 3, 4, 5], "same": [1.0] * 5})
    found = rank_correlations(points, np.array([1.0, 2, np.nan, 3, 4]))
    again = rank_correlations(points, np.array([1.0, 2, np.nan, 3, 4]))

    assert found["correlation"].tolist() == pytest.approx([1, np.nan], nan_ok=True)
    pd.testing.assert_frame_equal(found, again)


# refusals


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: grid([]), "nothing varies; name at least one address and its values."),
        (
            lambda: grid(varied(UNIFORM[0])),
            f"{UNIFORM[0]}: a distribution has no values of its own; give a list or a range, or draw a sample",
        ),
        (lambda: one_at_a_time(varied(UNIFORM[0])), "a distribution has no values of its own"),
        (lambda: grid(varied(f"{PRICE}=1:9:1001", f"{DEMAND}=1:9:1001")), "this grid has 1,002,001 points; give fewer values"),
        (lambda: grid(varied(f"{PRICE}=1", f"{PRICE}=2")), f"{PRICE}= stands twice among what varies; give all its values at once."),
        (lambda: monte_carlo(varied(*UNIFORM), 0, seed=1), "the number of points must be from 1 to 1,000,000, not 0."),
        (
            lambda: sobol_indices(varied(*UNIFORM), 2**18, seed=1),
            "must be from 1 to 200,000, not 262,144: with 3 variations each makes 5, 1,310,720 in all, and there can be 1,000,000.",
        ),
        (lambda: sobol_indices(varied(*UNIFORM), 2**17, seed=1, second_order=True), "each makes 8, 1,048,576 in all"),
        (lambda: morris(varied(*UNIFORM), 250_001, seed=1), "must be from 1 to 250,000, not 250,001: with 3 variations each makes 4"),
        (lambda: sobol(varied(*UNIFORM), 1000, seed=1), "Sobol' points come in powers of two; ask for 512 or 1024, not 1000."),
        (lambda: sobol_indices(varied(*UNIFORM), 3, seed=1), "ask for 2 or 4, not 3."),
        (lambda: morris(varied(f"{PRICE}=3"), 4, seed=1), f"{PRICE}=3: one value does not vary; give two or more, or change the workbook."),
        (lambda: morris(varied(*UNIFORM), 4, seed=1, levels=5), "the levels of Morris screening must be an even number, not 5."),
        (lambda: analyse_morris(monte_carlo(varied(*UNIFORM), 8, seed=1), np.ones(8)), "need a design of kind morris, not monte carlo."),
        (
            lambda: analyse_sobol(sobol_indices(varied(*UNIFORM), 2, seed=1), np.array([np.nan, *[1.0] * 9])),
            "1 of 10 points have no outcome; sobol indices needs them all, so let less vary.",
        ),
        (lambda: rank_correlations(pd.DataFrame({"x": [1.0, 2.0]}), np.array([np.nan, 1.0])), "need two points with an outcome"),
    ],
)
def test_a_refusal_says_what_is_wrong(make: Callable[[], object], words: str) -> None:
    with pytest.raises(SamplingError) as refused:
        make()

    assert words in str(refused.value)


def test_without_salib_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python takes None for a module that cannot be imported; what needs no SALib still works."""
    monkeypatch.setitem(sys.modules, "SALib", None)

    with pytest.raises(MissingExtra, match=r'pip install "\.\[sensitivity\]"'):
        morris(varied(*UNIFORM), 4, seed=1)
    with pytest.raises(MissingExtra, match="need SALib"):
        sobol_indices(varied(*UNIFORM), 4, seed=1)
    assert sobol(varied(*UNIFORM), 4, seed=1).kind is DesignKind.SOBOL
