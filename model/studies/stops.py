"""What stops more of a material from being in store: the limits of peace that a plan is up against, in words, and the program in which one is looser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from inputs.arrays import Floats, Ints
from model.plan import Solved
from model.solver.program import Program
from model.studies.limits import Places

PRICED = 1e-6
"""Prices below this (thousand USD per unit) are rounding of the solver."""

REACHED = 1e-7
"""Relative to 1 + its size: a quantity is at its limit."""

LOOSER = 0.01
"""Of a limit, and of 1 at least: by so much it is loosened."""


class Stop(NamedTuple):
    """A limit in words, and its places among the columns, and then the rows, of the program."""

    words: str
    places: Ints


class Stops:
    """The limits of a plan, and which of them it reaches."""

    def __init__(self, solved: Solved, program: Program) -> None:
        self.plan, self.program, self.of = solved.plan, program, Places(solved, program)
        self.width = len(program.cost)
        x, price = np.zeros(self.width), np.zeros(self.width + len(program.row_low))
        for variable, values in self.plan.values.items():
            columns = self.of.columns(variable)
            x[columns[columns >= 0]] = values[columns >= 0]
            price[columns[columns >= 0]] = self.plan.reduced_costs[variable][columns >= 0]
        for equation, rows in self.of.rows.items():
            price[self.width + rows] = self.plan.duals[equation]
        value, self.high = np.append(x, program.matrix @ x), np.append(program.high, program.row_high)
        limit = np.where(np.isfinite(self.high), self.high, np.finfo(float).max)
        self.reached = value >= limit - REACHED * (1 + np.abs(limit))
        self.priced = np.abs(price) > PRICED

    def stopping(self, material: str, target: int, *, priced: bool) -> list[Stop]:
        """The limits that are reached on the way to a stock in the node `target`: those with a price, or all."""
        at = self.reached & self.priced if priced else self.reached
        return [stop for stop in self.all(material, target) if at[stop.places].any()]

    def all(self, material: str, target: int) -> Iterator[Stop]:
        """Every limit of peace on the way to a stock."""
        of, trunk, sets = self.of, self.plan.tree.trunk, self.plan.data.sets
        yield self.rows("the purchase limit", "purchase_limit", lambda i: i[0] == material and i[1] <= target)
        offers = self.plan.case["supply"]
        bought = offers.loc[(offers["buyer"] == "stockpile") & (offers["material"] == material), "offer"]
        supplied = list(zip(sets["SUPPLY"], of.columns("supply").tolist(), strict=True))
        for offer in bought:
            yield Stop(
                f"the capacity of {offer}", there([c for (o, n), c in supplied if o == offer and n <= target and self.program.high[c] > 0])
            )
        held = zip(sets["MATERIAL_HOLDING"], of.columns("stock").tolist(), strict=True)
        yield Stop("the stock limit", there([c for (m, n), c in held if m == material and n < trunk]))
        yield self.rows("the storage limit", "storage", lambda n: n < trunk)
        yield self.rows("the budget", "budget", lambda _: True)  # of later years too: what is bought is held in them
        yield self.rows("a pin", "pins_at_most", lambda i: i[:2] in (("stock", material), ("purchase", material)))

    def rows(self, words: str, equation: str, mine: Callable[[Any], bool]) -> Stop:
        """A limit that is some rows of an equation."""
        return Stop(words, self.width + there([row for index, row in self.of.row_of(equation).items() if mine(index)]))

    def looser(self, stop: Stop) -> Program:
        """The program in which a limit is a little looser."""
        high: Floats = self.high.copy()
        high[stop.places] += LOOSER * np.maximum(1.0, np.abs(high[stop.places]))
        return replace(self.program, high=high[: self.width], row_high=high[self.width :])


def there(places: list[int]) -> Ints:
    """Those places that the program has."""
    return np.array([place for place in places if place >= 0], dtype=np.int64)
