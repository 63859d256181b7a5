"""The sheet of stress: from what a future that the case does not list is drawn, row by row, and what holds where no row says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from inputs.case import Case
from inputs.cells import CellError
from inputs.schema import EVERY, STRESS, Column, Kind
from inputs.values import Distribution, Op, read_values

NAMED = {
    **dict.fromkeys(("length", "severity", "repeat"), "cutoffs"),
    **{"price": "materials", "demand": "sectors"},
    **dict.fromkeys(("late", "refused"), "plants"),
}
"""What is drawn, and the sheet whose names it is drawn for."""

MEANING = {
    "length": "Multiple of a length that durations lists",
    "severity": "Multiple of the supply_lost of a cutoff, up to all of it",
    "repeat": "Multiple of the chance that a cutoff begins, once one has ended; 0: never",
    "price": "Multiple of the price of a material, all along: it moves what is paid",
    "demand": "Multiple of the demand of a sector, all along",
    "late": "Months that the orders of a plant come on line late",
    "refused": "Chance that a plant is never built",
}
"""What the number that is drawn means."""

USUAL = {
    "length": "lognormal(1,0.3)",
    "severity": "triangular(0.8,1,1.2)",
    "repeat": "1",
    "price": "lognormal(1,0.2)",
    "demand": "lognormal(1,0.05)",
    "late": "triangular(0,3,18)",
    "refused": "0.05",
}
"""What holds where the sheet has no row."""

SINGLE = {"repeat": "a multiple", "refused": "a probability"}
"""What must be one number."""


@dataclass(frozen=True)
class Stated:
    """What is drawn, its name (EVERY: each), its distribution and that in canonical text; `usual` where no row of the case says it."""

    what: str
    name: str
    distribution: Distribution
    text: str
    usual: bool = False


@dataclass(frozen=True)
class Uncertainty:
    """Everything that is drawn, in the order of the sheet; `listed` leaves futures as the case lists them, and nothing is drawn but which."""

    rows: tuple[Stated, ...]
    listed: bool = False

    def of(self, what: str, name: str) -> Distribution:
        """What a number is drawn from: by the row of the name, else that of all."""
        return self.by_name.get((what, name), self.by_name[what, EVERY])

    @cached_property
    def by_name(self) -> Mapping[tuple[str, str], Distribution]:
        """Every row by what is drawn and its name."""
        return MappingProxyType({(row.what, row.name): row.distribution for row in self.rows})


def uncertainty(case: Case) -> Uncertainty:
    """What the sheet of a case says is drawn, and what is usual where it says nothing. The case is sound."""
    frame = case[STRESS]
    rows = [stated(what, name, text) for what, name, text in zip(frame["what"], frame["name"], frame["distribution"], strict=True)]
    said = {(row.what, row.name) for row in rows}
    return Uncertainty((*rows, *(stated(what, EVERY, text, usual=True) for what, text in USUAL.items() if (what, EVERY) not in said)))


def stated(what: str, name: str, text: str, *, usual: bool = False) -> Stated:
    """A row of the sheet. Raises CellError where its distribution is none, or none of what is drawn."""
    column = Column(what, Kind.NUMBER, "", default=1.0)
    values, distribution, canonical = read_values(text.strip(), [column], Op.SCALE)
    if what in SINGLE and len(values) != 1:
        raise CellError(f"{what} is {SINGLE[what]}: give one number, not '{text}'.")
    if lowest(distribution) < 0:
        raise CellError(f"{what} cannot be below 0, and '{text}' can.")
    if what == "refused" and values[0] > 1:
        raise CellError(f"refused is a probability: give a number from 0 to 1, not '{text}'.")
    return Stated(what, name, distribution, canonical, usual)


def lowest(distribution: Distribution) -> float:
    """The number of a distribution that none drawn is below; of a normal one the mean, for what falls below 0 counts as 0."""
    return min(distribution.numbers) if distribution.kind == "discrete" else distribution.numbers[0]
