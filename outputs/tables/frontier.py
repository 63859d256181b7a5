"""A frontier as tables: its corners, where plants enter and leave, and how it came about."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from inputs.case import Case
from inputs.change import Variation
from model.studies.curve import Point
from model.studies.frontier import MOVED, Frontier
from outputs.sweep.words import lower_first, name_of, unit_words, value_words
from outputs.tables.cost_words import cost_kind
from outputs.tables.rounding import amount, is_shown, shown
from outputs.tables.run import VERSIONS, RunInfo, facts, input_facts
from outputs.tables.table import Column, Style, Table

CORNERS, TIPPING = "Frontier", "Tipping points"
MILLION = 1000.0
"""Thousand USD."""

MOST = 4
"""Changes of a plan that are named between two corners."""


@dataclass(frozen=True)
class FrontierReport:
    """A frontier with what people call its number."""

    case: Case
    variation: Variation
    found: Frontier

    @property
    def name(self) -> str:
        """What the curve goes along: "Coverage of defense"."""
        return name_of(self.variation, self.case)

    @property
    def is_share(self) -> bool:
        """Whether its values are shares, of which people count percentage points."""
        return self.variation.targets[0].spec.high == 1

    @property
    def costs_are(self) -> str:
        """How costs are counted along the curve, in words."""
        varied = self.variation.targets[0]
        weights = [self.case.number("risk_weight"), *(self.found.range if varied.column == "risk_weight" else ())]
        return cost_kind(max(weights))

    @property
    def step(self) -> float:
        """What slopes are for: a percentage point of a share, else a unit."""
        return 0.01 if self.is_share else 1.0

    def value(self, value: float) -> str:
        """A value of the curve in words."""
        return shown(Style.SHARE, value) if self.is_share else value_words(self.variation, float(f"{value:.6g}"))

    def sentence(self) -> str:
        """What the curve says, in a sentence or two."""
        found, (low, high) = self.found, self.found.range
        first, last = found.points[0], found.points[-1]
        moves = (last.objective - first.objective) / MILLION
        way = f"goes {'up' if moves >= 0 else 'down'} by {amount(abs(moves))} M USD" if is_shown(moves) else "stays the same"
        text = f"From {self.value(low)} to {self.value(high)} the least cost {way}"
        pieces = len(found.points) - 1
        text += f", in {pieces} straight piece{'s' if pieces != 1 else ''}." if not found.sampled else "."
        for asked, end, which in zip(found.asked, (low, high), ("below", "above"), strict=True):
            if abs(asked - end) > 1e-7 * (found.asked[1] - found.asked[0]):
                text += f" No plan exists {which} {self.value(end)}."
        if found.sampled:
            text += f" These are samples, between which the curve may bend: {found.sampled}."
        elif found.proved_error:
            text += f" Between the points the cost is less than the line by {amount(found.proved_error / MILLION)} M USD at most, which is proved."
        else:
            text += " Every corner is there."
        return text

    def tables(self) -> tuple[Table, ...]:
        """The tables of the workbook, but the run."""
        return (corners(self), tipping(self)) if self.found.points[0].orders else (corners(self),)


def corners(report: FrontierReport) -> Table:
    """A row for each point, with what moves until the next."""
    points = report.found.points
    slope = f"M USD per {'%-point' if report.is_share else unit_words(report.variation) or 'unit'}"
    frame = pd.DataFrame(
        {
            "value": [p.value for p in points],
            "cost": [p.objective / MILLION for p in points],
            "above": [(p.objective - min(q.objective for q in points)) / MILLION for p in points],
            "slope": [p.slope * report.step / MILLION if math.isfinite(p.slope) else math.nan for p in points],
            "moves": [*(moves(a, b) for a, b in pairwise(points)), ""],
        }
    )
    return Table(
        CORNERS,
        f"What does the plan cost along {lower_first(report.name)}?",
        f"{report.sentence()} Costs are {report.costs_are}.",
        (
            Column("value", report.name, unit_words(report.variation), Style.SHARE if report.is_share else Style.EXACT),
            Column("cost", "Least cost", "M USD", Style.AMOUNT),
            Column("above", "Above the least of the curve", "M USD", Style.AMOUNT),
            *([] if report.found.sampled else [Column("slope", "What more costs from here on", slope, Style.AMOUNT)]),
            Column("moves", "What moves until the next", style=Style.PROSE),
        ),
        frame if not report.found.sampled else frame.drop(columns="slope"),
    )


def moves(a: Point, b: Point) -> str:
    """The targets and orders that move most between two points, relative to their size."""
    found = []
    for of, unit, what in (("targets", "t", "stock of"), ("orders", "t/yr", "order of")):
        before, after = getattr(a, of), getattr(b, of)
        for name in before:
            size = max(abs(before[name]), abs(after[name]))
            if abs(after[name] - before[name]) > MOVED * (1 + size):
                found.append(
                    (abs(after[name] - before[name]) / size, f"{what} {name} {amount(before[name])} to {amount(after[name])} {unit}")
                )
    found.sort(reverse=True)
    more = f", and {len(found) - MOST} more" if len(found) > MOST else ""
    return "; ".join(text for _, text in found[:MOST]) + more


def tipping(report: FrontierReport) -> Table:
    """A row for each plant whose orders begin or end along the curve."""
    rows = [(plant, value, "enters" if begins else "leaves") for plant, value, begins in report.found.entries()]
    where = "at the corner" if not report.found.sampled else "after the last sample"
    return Table(
        TIPPING,
        f"Which plants enter or leave along {lower_first(report.name)}?",
        f"With a rising value, a plant is ordered (enters), or no longer (leaves), {where} that is given. Of plans that cost the same, any: at a corner there are two or more.",
        (
            Column("plant"),
            Column("value", report.name, unit_words(report.variation), Style.SHARE if report.is_share else Style.EXACT),
            Column("what"),
        ),
        pd.DataFrame(rows, columns=["plant", "value", "what"]),
        nothing="No plant enters or leaves.",
    )


def run_of(report: FrontierReport, info: RunInfo, seconds: float) -> Table:
    """How the frontier came about."""
    found = report.found
    return facts(
        "How did this frontier come about?",
        f"With the same input file, range and versions, the same corners come out. {VERSIONS}",
        [
            *input_facts(report.case, info),
            ("curve", "along", f"{report.variation.heading}{found.asked[0]:.12g}:{found.asked[1]:.12g}", ""),
            ("curve", "kind", (found.sampled and f"sampled: {found.sampled}") or "straight pieces, by tangents", ""),
            ("curve", "points", len(found.points), ""),
            ("curve", "proved error", "none is proved" if found.proved_error is None else found.proved_error, "thousand USD"),
            ("run", "date and time", info.when.strftime("%Y-%m-%d %H:%M:%S %z"), ""),
            ("time", "all points", round(seconds, 2), "s"),
        ],
    )
