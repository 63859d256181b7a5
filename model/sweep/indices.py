"""What the outcomes at the points of a design say: Morris's effects, Sobol' indices, rank correlations.

Everything is a pure function of its arguments; what is drawn depends on the seed alone.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import scipy

from inputs.arrays import Floats
from inputs.extras import module_of
from model.sweep.design import Design, DesignKind, SamplingError, headings, problem

RESAMPLES = 500


def analyse_morris(design: Design, y: Floats) -> pd.DataFrame:
    """One row for each variation, in the unit of the outcome y (n,).

    `mu` is the mean change of y as the variation goes from end to end of its distribution
    (by quantiles), `mu_star` the mean of its size, between `low` and `high` with 95 %
    confidence, and `sigma` its standard deviation (interactions, curvature). Campolongo
    and others, Environmental Modelling & Software 22 (2007) 1509-1518. Raises SamplingError.
    """
    outcome = complete(design, y, DesignKind.MORRIS)
    method, task = module_of("sensitivity", "analyze.morris"), problem(design.variations)
    options = {"num_resamples": RESAMPLES, "conf_level": 0.95, "num_levels": design.levels, "seed": design.seed}
    found = method.analyze(task, design.quantiles, outcome, **options)
    effects = {name: np.asarray(found[name], dtype=float) for name in ("mu", "mu_star", "sigma", "mu_star_conf")}
    half = effects.pop("mu_star_conf")
    return pd.DataFrame({"variation": task["names"], **effects, "low": effects["mu_star"] - half, "high": effects["mu_star"] + half})


def analyse_sobol(design: Design, y: Floats) -> pd.DataFrame:
    """One row for each share of the variance of the outcome y (n,).

    `index` is "first" (by the variation alone), "total" (with all its interactions) or
    "second" (by it and `other` together, beyond each alone); `value` lies between `low`
    and `high` with 95 % confidence. NaN where y is the same at every point. Saltelli and
    others, Computer Physics Communications 181 (2010) 259-270. Raises SamplingError.
    """
    outcome = complete(design, y, DesignKind.SOBOL_INDICES)
    method, names, k = module_of("sensitivity", "analyze.sobol"), headings(design.variations), len(design.variations)
    options = {"num_resamples": RESAMPLES, "conf_level": 0.95, "calc_second_order": design.second_order, "seed": 1 + (design.seed or 0)}
    nothing = {name + end: np.full((k, k) if name == "S2" else k, np.nan) for name in ("S1", "ST", "S2") for end in ("", "_conf")}
    found = method.analyze(problem(design.variations), outcome, **options) if np.ptp(outcome) > 0 else nothing
    keys = [("first", "S1"), ("total", "ST")]
    rows = [(names[i], "", index, found[key][i], found[f"{key}_conf"][i]) for index, key in keys for i in range(k)]
    if design.second_order:
        rows += [(names[i], names[j], "second", found["S2"][i, j], found["S2_conf"][i, j]) for i, j in combinations(range(k), 2)]
    frame = pd.DataFrame(rows, columns=["variation", "other", "index", "value", "half"])
    half = frame.pop("half")
    return frame.assign(low=frame["value"] - half, high=frame["value"] + half)


def complete(design: Design, y: Floats, kind: DesignKind) -> Floats:
    """The outcomes as floats; refuse those of another design, and gaps, which indices cannot have."""
    outcome = np.asarray(y, dtype=float)
    if design.kind is not kind:
        raise SamplingError(f"these indices need a design of kind {kind}, not {design.kind}.")
    if missing := len(design) - int(np.isfinite(outcome).sum()):
        raise SamplingError(f"{missing} of {len(design)} points have no outcome; {kind} needs them all, so let less vary.")
    return outcome


def rank_correlations(points: pd.DataFrame, outcome: Floats, *, seed: int = 0) -> pd.DataFrame:
    """Spearman's rank correlation of each column of points (n, k) with an outcome (n,), with its 5-95 % bootstrap interval.

    Rows: `variation`, `correlation`, `low`, `high`, most related first. Points without an
    outcome (NaN) are left out, and two are needed; a correlation is NaN where nothing varies.
    Efron and Tibshirani, An Introduction to the Bootstrap (1993), 13. Raises SamplingError.
    """
    y = np.asarray(outcome, dtype=float)
    both = np.column_stack([points.to_numpy(dtype=float), y])[np.isfinite(y)]
    if len(both) < 2:
        raise SamplingError("rank correlations need two points with an outcome, at least.")
    draws = np.random.default_rng(seed).integers(0, len(both), (RESAMPLES, len(both)))
    found, spread = spearman(both), np.array([spearman(both[draw]) for draw in draws])
    low, high = np.quantile(np.where(np.isnan(spread), found, spread), [0.05, 0.95], axis=0)
    frame = pd.DataFrame({"variation": list(points.columns), "correlation": found, "low": low, "high": high})
    return frame.sort_values("correlation", key=lambda column: -column.abs(), ignore_index=True, kind="stable")


def spearman(both: Floats) -> Floats:
    """(k,): rank correlations of the columns of an array (n, k + 1) with its last."""
    ranks = scipy.stats.rankdata(both, axis=0)
    centred = ranks - ranks.mean(axis=0)
    size = np.linalg.norm(centred, axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = centred[:, :-1].T @ centred[:, -1] / (size[:-1] * size[-1])
    return found
