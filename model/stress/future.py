"""A future that a plan is put to: the cutoffs in it, and how prices, demand and plants turn out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

NEVER = float("inf")
"""How late a plant is that is refused, in months."""


@dataclass(frozen=True)
class Episode:
    """A cutoff that begins in month `start` of the plan and lasts `months`; `severity` is a multiple of what `losses` says that it takes."""

    cutoff: str
    start: float
    months: float
    severity: float = 1.0


@dataclass(frozen=True)
class Future:
    """One future. `cutoffs` follow one another, none begins before the last has ended.

    `late` has the months that plants come late (NEVER: refused), `price` a multiple of the price of materials, `demand` one of the
    demand of sectors; what is not named is as in the case.
    """

    cutoffs: tuple[Episode, ...] = ()
    late: Mapping[str, float] = field(default_factory=dict)
    price: Mapping[str, float] = field(default_factory=dict)
    demand: Mapping[str, float] = field(default_factory=dict)
