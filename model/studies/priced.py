"""What is known of the price of a limit: what each unit more and less of it adds to the cost, how far that holds, and what stops it there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from model.studies.limits import Limit

ROUNDING = 1e-13
"""Relative to a cost: what is added to it may be rounding."""

NO_PLAN, OUT_OF_BOUNDS = "no plan", "out of bounds"


class Met(NamedTuple):
    """A variable or equation with its index, at its lower or `upper` limit."""

    name: str
    index: Any
    upper: bool


@dataclass(frozen=True)
class Side:
    """More, or less, of a number: each unit adds `price` to the cost (thousand USD; negative saves), as far as the value `until`.

    `met` is what stops it there (None: nothing does); `beyond` says what is there in place of another price: NO_PLAN, or OUT_OF_BOUNDS of the column.
    With `at_least` it may hold further. `step` is what a whole step adds to the cost (None: there is no plan with it, or it is out of bounds).
    Where the cost is no straight line, `bent`, the price is the mean over a step.
    """

    price: float
    until: float
    met: Met | None = None
    beyond: str = ""
    at_least: bool = False
    step: float | None = None
    bent: bool = False

    def adds(self, limit: Limit, most: float) -> float:
        """What so much of its limit, or as much of that as the price holds for, adds to the cost, thousand USD; of what is solved as a step, the step."""
        if self.bent and self.step is not None:
            return self.step
        return self.price * min(most, abs(self.until - limit.value))


@dataclass(frozen=True)
class Priced:
    """A limit with its sides; None where there is no plan with more, or less, or the number cannot be so."""

    limit: Limit
    more: Side | None
    less: Side | None

    @property
    def worth(self) -> float:
        """What a step of it saves, more of a limit or less of a requirement, thousand USD; where none is known, as much of it as the price holds for."""
        step = self.limit.step
        return max(
            (-(side.adds(self.limit, step) if side.step is None else side.step) for side in (self.more, self.less) if side), default=0.0
        )

    def stands(self, least: float) -> bool:
        """Whether there cannot be more or less of it, though there is room, or either costs `least` a step (thousand USD)."""
        both = ((1, self.more), (-1, self.less))
        return any(side.price * self.limit.step > least if side else self.limit.room(sign) > 0 for sign, side in both)

    @property
    def moves(self) -> float:
        """What a step of it costs or saves at most, thousand USD."""
        return max((abs(side.step or 0.0) for side in (self.more, self.less) if side), default=0.0)


@dataclass(frozen=True)
class Prices:
    """The limits that were followed, those worth most first; how many others have a price, and what a step of those is worth at most (thousand USD).

    `zeros` are limits of 0 that are not followed, for what they limit has no place in the program; `met` are so many without a price that a quantity is at, and that are not followed. `unknown`: the plan's answer is not that of a basis, so that nothing is known.
    """

    priced: tuple[Priced, ...] = ()
    others: int = 0
    most: float = 0.0
    zeros: tuple[Limit, ...] = ()
    met: int = 0
    unknown: bool = False


def is_nothing(added: float, cost: float) -> bool:
    """Whether what is added to a cost is no more than its rounding."""
    return abs(added) <= ROUNDING * max(1.0, abs(cost))
