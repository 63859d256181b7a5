"""What if: a case that is solved once and kept warm, and what changes of a few of its numbers do to its plan."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from inputs.address import ChangeError, address_of
from inputs.apply import apply
from inputs.case import Case
from inputs.change import Change, Variation, parse_variation
from inputs.schema import BY_NAME, SWEEPS, Kind
from inputs.sweeps import price_caution, sheet_variations
from inputs.units import factor
from inputs.values import Op
from model.metrics import NOISE, SMALLEST_ORDER
from model.resolve.resolver import Point, Resolver
from model.solver.program import Status
from outputs.frontier_file import ends_of
from outputs.sweep.report import MILLION, OUTCOMES, WHY
from outputs.sweep.words import base_value, base_words, lower_first, name_of, term_name, unit_words, value_words

SUGGESTED = 3
"""Sectors, cutoffs and materials of which a number is suggested where the workbook suggests none."""


@dataclass(frozen=True)
class Knob:
    """A number that can be moved between two ends; `base` leaves the case as it is, NaN where its cells differ."""

    variation: Variation
    name: str
    now: str
    low: float
    high: float
    base: float
    caution: str = ""

    @classmethod
    def of(cls, variation: Variation, case: Case) -> Knob:
        """The knob of a variation, from its lowest value to its highest; its ends reach to what the case has."""
        values, base = variation.values or variation.distribution.numbers, base_value(variation, case)
        finite = [value for value in (*values, base) if math.isfinite(value)]
        return cls(
            variation, name_of(variation, case), base_words(variation, case), min(finite), max(finite), base, price_caution(variation, case)
        )

    @property
    def whole(self) -> bool:
        """Whether only whole numbers will do."""
        return self.variation.targets[0].spec.kind is not Kind.NUMBER and self.variation.op is not Op.SCALE

    def summary(self) -> dict[str, object]:
        """The knob as JSON; `change` is what stands before a value."""
        return {
            "change": self.variation.heading,
            "name": self.name,
            "unit": unit_words(self.variation),
            "now": self.now,
            "low": self.low,
            "high": self.high,
            "whole": self.whole,
            "base": self.base if math.isfinite(self.base) else None,
            "caution": self.caution,
        }


@dataclass(frozen=True)
class Row:
    """A figure before and after, in `unit`."""

    name: str
    before: float
    after: float


@dataclass(frozen=True)
class Group:
    """Figures of one kind."""

    title: str
    unit: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Answer:
    """The plan of a case before and after changes, which are `said` in words."""

    case: Case
    before: Point
    after: Point
    said: tuple[str, ...]

    @property
    def message(self) -> str:
        """Why there is no plan after the changes; "" where there is one."""
        if self.after.status is Status.OPTIMAL:
            return ""
        return f"No plan: {self.after.message or WHY.get(str(self.after.status), str(self.after.status))}."

    def groups(self) -> tuple[Group, ...]:
        """Cost, targets, orders and prices of coverage; what is nothing both times is left out, and what moves most stands first."""
        before, after = self.before, self.after
        price = dict(zip(self.case["materials"]["material"], self.case["materials"]["price"], strict=True))
        totals = tuple(Row(name, *(thousands(point, of) / MILLION for point in (before, after))) for of, name in OUTCOMES.items())
        terms = {term_name(term): (term, 1 / MILLION) for term in {**before.costs, **after.costs}}
        costs = {name: tuple(p.costs.get(term, math.nan) * scale for p in (before, after)) for name, (term, scale) in terms.items()}
        prices = pairs(before.coverage_prices, after.coverage_prices)
        return (
            Group("Totals", "M USD", totals),
            Group("Parts of the cost", "M USD", sorted_rows(costs, {}, 1e-6)),
            Group("Stock at target", "t", sorted_rows(pairs(before.targets, after.targets), price, NOISE)),
            Group("Capacity ordered in peace", "t/yr", sorted_rows(pairs(before.orders, after.orders), {}, SMALLEST_ORDER)),
            Group(
                "Price of coverage",
                "M USD per %-point",
                sorted_rows({k: (a / MILLION, b / MILLION) for k, (a, b) in prices.items()}, {}, 1e-6),
            ),
        )


def thousands(point: Point, column: str) -> float:
    """An outcome of a point in thousand USD; NaN without a plan."""
    value = getattr(point, column)
    return math.nan if value is None else float(value)


def pairs(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Both values of each name; NaN where there is none."""
    return {name: (before.get(name, math.nan), after.get(name, math.nan)) for name in {**before, **after}}


def sorted_rows(values: Mapping[str, tuple[float, ...]], weight: Mapping[str, float], least: float) -> tuple[Row, ...]:
    """Rows of what is more than `least` before or after, by the weight of the change, then by size."""
    shown = [Row(name, *both) for name, both in values.items() if any(abs(v) > least for v in both)]

    def key(row: Row) -> tuple[float, float]:
        of, change = weight.get(row.name, 1.0), row.after - row.before
        size = max(abs(v) for v in (row.before, row.after) if v == v)
        moved = abs(change) > 1e-6 * (1 + size)
        return (-abs(change) * of if moved else 0.0, -size * of)

    return tuple(sorted(shown, key=key))


class WhatIf:
    """A case with its plan, kept warm; each answer starts from the last."""

    def __init__(self, case: Case, *, time_limit: float | None = None) -> None:
        self.case = case
        self.resolver = Resolver(time_limit=time_limit)
        self.before = self.resolver.solve(case)

    def knobs(self) -> list[Knob]:
        """The numbers that the sheet of sweeps suggests; where it is empty those that plans hang on most."""
        suggested = sheet_variations(self.case, sampled=False) if len(self.case[SWEEPS]) else list(usual(self.case))
        return [Knob.of(variation, self.case) for variation in suggested]

    def knob(self, text: str) -> Knob:
        """A number by its address and two ends, `materials[Dy].price*=0.5:2`. Raises ChangeError."""
        return Knob.of(ends_of(text, self.case), self.case)

    def answer(self, texts: Sequence[str]) -> Answer:
        """The plan with changes, `materials[Dy].price*=2`. Raises ChangeError where one cannot be made."""
        made = [(v, change_of(v)) for v in (parse_variation(text, self.case) for text in texts)]
        after = self.resolver.solve(apply(self.case, [change for _, change in made])) if made else self.before
        return Answer(
            self.case,
            self.before,
            after,
            tuple(f"{lower_first(name_of(v, self.case))} {value_words(v, change.value)}" for v, change in made),
        )


def change_of(variation: Variation) -> Change:
    """The change of a variation with one value. Raises ChangeError."""
    if len(variation.values) != 1:
        raise ChangeError(f"{variation.text}: a change has one value, such as {variation.heading}1.")
    return variation.at(variation.values[0])


def usual(case: Case) -> Iterator[Variation]:
    """Coverage of the first sectors, probabilities of the first cutoffs, and prices of the materials on which most is spent."""
    sectors, cutoffs, materials = (case[sheet] for sheet in ("sectors", "cutoffs", "materials"))
    whole = 1 / factor(case.unit("sectors", "coverage"), BY_NAME["sectors"].column("coverage").unit)
    for row in range(min(SUGGESTED, len(sectors))):
        yield parse_variation(f"{address_of(case, 'sectors', 'coverage', row)}=0,{whole:.12g}", case)
    for row, probability in enumerate(cutoffs["annual_probability"].tolist()[:SUGGESTED]):
        if probability > 0:
            most = min(2.0, 1 / probability)
            yield parse_variation(f"{address_of(case, 'cutoffs', 'annual_probability', row)}*=0.5,{most!r}", case)
    spent = (
        case["demand"].groupby("material")["demand"].sum().reindex(materials["material"]).fillna(0).to_numpy()
        * materials["price"].to_numpy()
    )
    for row in spent.argsort(kind="stable")[::-1][:SUGGESTED].tolist():
        if spent[row] > 0:
            yield parse_variation(f"{address_of(case, 'materials', 'price', row)}*=0.5,2", case)
