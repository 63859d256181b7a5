"""The points of a sweep with what they say, computed once for all sheets."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from inputs.arrays import Floats
from inputs.case import Case
from inputs.change import Variation
from model.metrics import NOISE, SMALLEST_ORDER
from model.solver.program import Status
from model.sweep.design import Design, DesignKind
from outputs.sweep.words import base_value, name_of, value_words
from outputs.tables.cost_words import cost_kind

MILLION = 1000.0
"""Thousand USD in a M USD."""

OPTIMAL = str(Status.OPTIMAL)
SAMPLES = frozenset({DesignKind.MONTE_CARLO, DesignKind.LATIN_HYPERCUBE, DesignKind.SOBOL, DesignKind.SOBOL_INDICES})
OUTCOMES = {"objective": "Cost", "stockpile_value": "Stockpile value", "investment": "Investment"}
"""What every point gives in thousand USD, and its name."""

HELD_SHARE, HELD_LEAST = 0.001, 1e-6
"""A material is held above this share of its yearly demand; without demand, above so many t."""

SAME = 1e-7
"""Costs that differ by less than this share are the same: models that are built anew agree to about 1e-8."""

CORE = 0.95
"""The robust core is held, or ordered, in so many of the points."""


WHY = {
    "infeasible": "no plan meets every requirement",
    "stopped": "the time limit of a point was reached",
    "unsolved": "the solver met numerical trouble",
}
"""What a status says where there is no message."""


@dataclass(frozen=True)
class SweepInfo:
    """Where the case came from, how long the sweep took and on how many processes.

    `sha256` is of the file `source`; `seconds` is the time from the first point to the
    last, None where it is not known.
    """

    source: Path | None = None
    sha256: str = ""
    seconds: float | None = None
    workers: int = 1
    when: datetime = field(default_factory=lambda: datetime.now().astimezone())


@dataclass(frozen=True, eq=False)
class Sweep:
    """A design, its case, and one row a point (`model.sweep.run` lists the columns): money in thousand USD, stocks in t.

    The frame may have fewer points than the design, in any order; `number` counts from 0.
    """

    given: pd.DataFrame
    design: Design
    case: Case

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The points in order, every outcome there as a float (NaN where the point has no plan), rounding of the solver as 0."""
        frame = self.given.sort_values("number", kind="stable", ignore_index=True)
        numeric = [c for c in frame.columns if c not in ("number", "status", "message", "how")]
        clean = frame[numeric].astype(float)
        absent = {c: np.full(len(frame), np.nan) for c in (*OUTCOMES, "seconds", "solver_seconds") if c not in clean}
        texts = {c: frame[c].fillna("").astype(str) if c in frame else "" for c in ("message", "how")}
        clean = pd.concat([clean, pd.DataFrame({**absent, **texts, "status": frame["status"].astype(str)}, index=clean.index)], axis=1)
        outcomes = [c for c in clean.columns if c in OUTCOMES or c.partition(".")[0] in ("cost", "target", "order", "coverage_price")]
        found = clean[outcomes].to_numpy(copy=True)
        amounts = np.array([c.partition(".")[0] in ("cost", "target", "order") for c in outcomes], dtype=bool)
        found[np.abs(found) < NOISE] = 0.0
        found[np.isnan(found) & amounts] = 0.0  # what a point does not have at all, as a plant that cannot be ordered there
        found[(clean["status"] != OPTIMAL).to_numpy()] = np.nan
        clean[outcomes] = found
        return clean.assign(number=frame["number"].astype(int))

    @property
    def kind(self) -> DesignKind:
        """How the points were chosen."""
        return self.design.kind

    @property
    def variations(self) -> tuple[Variation, ...]:
        """What varies."""
        return self.design.variations

    @cached_property
    def names(self) -> list[str]:
        """The variations in plain words; those that would be alike have their addresses as well."""
        names = [name_of(variation, self.case) for variation in self.variations]
        return [n if names.count(n) == 1 else f"{n} ({v.heading})" for n, v in zip(names, self.variations, strict=True)]

    @cached_property
    def values(self) -> Floats:
        """(n, k): what the variations are at the points; NaN = as in the case."""
        return self.frame[[f"value.{i}" for i in range(len(self.variations))]].to_numpy(dtype=float)

    @cached_property
    def base_values(self) -> Floats:
        """(k,): the values that leave the case as it is, NaN where no value does."""
        return np.array([base_value(variation, self.case) for variation in self.variations])

    @cached_property
    def solved(self) -> NDArray[np.bool_]:
        """(n,): whether a point has a plan."""
        return self.frame["status"].eq(OPTIMAL).to_numpy()

    @cached_property
    def plans(self) -> pd.DataFrame:
        """The points with a plan."""
        return self.frame[self.solved]

    @cached_property
    def apart(self) -> NDArray[np.bool_]:
        """(points with a plan,): all but those that repeat another; one at a time has the case once for each base value."""
        values = np.where(np.isnan(self.values), self.base_values, self.values)[self.solved]
        return ~pd.DataFrame(values).duplicated().to_numpy()

    @property
    def base(self) -> pd.Series | None:
        """The point that is the case as it is: of one at a time the first, else one whose values are all those of the case."""
        as_is = np.isnan(self.values) | np.isclose(self.values, self.base_values, rtol=1e-12, atol=0)
        found = np.flatnonzero(as_is.all(axis=1))
        return self.frame.iloc[int(found[0])] if len(found) else None

    @property
    def sampled(self) -> bool:
        """Whether shares and percentiles of the points mean something: samples, and grids of many variations."""
        return self.kind in SAMPLES or (self.kind is DesignKind.GRID and len(self.variations) > 2)

    def columns(self, group: str) -> dict[str, str]:
        """Column by name of a group: cost, target, order or coverage_price."""
        return {c.partition(".")[2]: c for c in self.frame.columns if c.startswith(f"{group}.")}

    @cached_property
    def risk(self) -> pd.Series:
        """What the weight on the worst outcomes adds to the expected cost, thousand USD; 0 where that is all there is."""
        parts = list(self.columns("cost").values())
        added = self.frame["objective"] - self.frame[parts].sum(axis=1, min_count=1)
        return added.where(added.abs() > 1e-6 * self.frame["objective"].abs(), 0.0).where(self.solved)

    @cached_property
    def costs_are(self) -> str:
        """How the costs of the points are counted, in words."""
        return cost_kind(float((self.risk.fillna(0) != 0).any()))

    @cached_property
    def demand(self) -> dict[str, float]:
        """t/yr of each material at month 0."""
        demand = self.case["demand"].groupby("material")["demand"].sum()
        return {str(material): float(amount) for material, amount in demand.items()}

    @cached_property
    def held(self) -> pd.DataFrame:
        """Points with a plan (rows) by material: whether it is held."""
        columns = self.columns("target")
        least = np.array([self.demand.get(m, 0.0) * HELD_SHARE or HELD_LEAST for m in columns])
        return pd.DataFrame(self.plans[list(columns.values())].to_numpy() > least, columns=pd.Index(columns))

    @cached_property
    def ordered(self) -> pd.DataFrame:
        """Points with a plan (rows) by plant: whether it is ordered in peace."""
        columns = self.columns("order")
        return pd.DataFrame(self.plans[list(columns.values())].fillna(0.0).to_numpy() > SMALLEST_ORDER, columns=pd.Index(columns))

    def outcome(self, column: str) -> Floats:
        """(points of the design,): an outcome at every point, NaN where there is none."""
        found = np.full(len(self.design), np.nan)
        found[self.frame["number"].to_numpy()] = self.frame[column].to_numpy(dtype=float)
        return found

    def said_value(self, variation: int, value: float) -> str:
        """A value of a variation (by its number) in words."""
        return value_words(self.variations[variation], value)

    def said_changes(self, number: int) -> list[str]:
        """What a point changes, each change in words."""
        values = enumerate(self.design.points[number].tolist())
        return [f"{self.names[i]} {self.said_value(i, value)}" for i, value in values if not np.isnan(value)]

    def said_point(self, row: pd.Series) -> str:
        """What a point changes, in words."""
        return "; ".join(self.said_changes(int(row["number"]))) or "the case as it is"
