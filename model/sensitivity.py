"""What outcomes at the points of a sweep say about what varied: rank correlations and indices, with their intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from model.sampling import Design, Floats, Kind, headings, problem, salib

CONFIDENCE = 0.95
RESAMPLES = 500


def analyse_morris(design: Design, y: Floats) -> pd.DataFrame:
    """Elementary effects: one row for each variation, in the unit of y.

    `y` (n,) is the outcome at each point. `mu` is the mean change of y as the variation
    goes from one end of its distribution to the other (by quantiles), `mu_star` the mean
    of its size, `sigma` its standard deviation (interactions, curvature); `mu_star` lies
    between `low` and `high` with 95 % confidence. Campolongo, Cariboni and Saltelli,
    Environmental Modelling & Software 22 (2007) 1509-1518. Raises SamplingError.
    """
    outcome = outcomes(design, y, Kind.MORRIS)
    found = salib("analyze.morris").analyze(
        problem(design.variations),
        design.quantiles,
        outcome,
        num_resamples=RESAMPLES,
        conf_level=CONFIDENCE,
        num_levels=design.levels,
        seed=seed_of(design),
    )
    star, half = plain(found["mu_star"]), plain(found["mu_star_conf"])
    columns = {"mu": plain(found["mu"]), "mu_star": star, "sigma": plain(found["sigma"]), "low": star - half, "high": star + half}
    return pd.DataFrame({"variation": headings(design.variations), **columns})


def analyse_sobol(design: Design, y: Floats) -> pd.DataFrame:
    """Shares of the variance of y: one row for each index.

    `y` (n,) is the outcome at each point. `index` is "first" (by the variation alone),
    "total" (with all its interactions) or "second" (by it and `other` together, beyond
    each alone); `value` lies between `low` and `high` with 95 % confidence. All are NaN
    where y is the same at every point. Saltelli and others, Computer Physics
    Communications 181 (2010) 259-270. Raises SamplingError.
    """
    outcome, names = outcomes(design, y, Kind.SOBOL_INDICES), headings(design.variations)
    indices = {"first": "S1", "total": "ST"}
    rows: list[tuple[str, str, str, float, float]] = []
    same = np.ptp(outcome) == 0
    found: Any = (
        {}
        if same
        else salib("analyze.sobol").analyze(
            problem(design.variations),
            outcome,
            calc_second_order=design.second_order,
            num_resamples=RESAMPLES,
            conf_level=CONFIDENCE,
            seed=seed_of(design),
        )
    )
    for index, key in indices.items():
        rows += [
            (name, "", index, *((np.nan, np.nan) if same else (found[key][i], found[f"{key}_conf"][i]))) for i, name in enumerate(names)
        ]
    pairs = [(i, j) for i in range(len(names)) for j in range(i + 1, len(names))] if design.second_order else []
    rows += [(names[i], names[j], "second", *((np.nan, np.nan) if same else (found["S2"][i, j], found["S2_conf"][i, j]))) for i, j in pairs]
    frame = pd.DataFrame(rows, columns=["variation", "other", "index", "value", "half"])
    return frame.assign(low=frame["value"] - frame["half"], high=frame["value"] + frame["half"]).drop(columns="half")
