"""How far apart the numbers of a program are, with the names at both ends: what digits of an answer can be relied on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from inputs.arrays import Floats
from model.solver.program import Program


@dataclass(frozen=True)
class End:
    """A number of a program, without its sign, and whose it is: "run[mill,ore,3] in market_balance[Dy,3]"."""

    size: float
    name: str


@dataclass(frozen=True)
class Spread:
    """The numbers of one kind ("coefficient", "cost", "bound" or "right side"): the smallest but 0, and the largest but no limit."""

    kind: str
    smallest: End
    largest: End

    @property
    def text(self) -> str:
        """Both ends in words."""
        low, high = self.smallest, self.largest
        return f"{self.kind}s from {low.size:.3g} ({low.name}) to {high.size:.3g} ({high.name})"


def spreads(program: Program) -> tuple[Spread, ...]:
    """The spread of each kind of number that the program has any of; costs and bounds are of columns, right sides of rows, which have numbers where they have no names."""

    def column(j: int) -> str:
        return str(program.columns[j]) if j < len(program.columns) else f"column {j}"

    def row(i: int) -> str:
        return str(program.rows[i]) if i < len(program.rows) else f"row {i}"

    def coefficient(e: int) -> str:
        return f"{column(int(np.searchsorted(program.starts, e, side='right')) - 1)} in {row(int(program.indices[e]))}"

    n, m = max(1, len(program.cost)), max(1, len(program.row_low))
    kinds: tuple[tuple[str, Floats, Callable[[int], str]], ...] = (
        ("coefficient", program.entries, coefficient),
        ("cost", program.cost, column),
        ("bound", np.concatenate([program.low, program.high]), lambda j: column(j % n)),
        ("right side", np.concatenate([program.row_low, program.row_high]), lambda i: row(i % m)),
    )
    return tuple(found for kind, numbers, named in kinds if (found := spread(kind, numbers, named)))


def spread(kind: str, numbers: Floats, named: Callable[[int], str]) -> Spread | None:
    """The spread of some numbers, of which `named` has the names by place; None where all are 0 or no limit."""
    sizes = np.abs(numbers)
    there = np.flatnonzero(np.isfinite(sizes) & (sizes > 0))
    if not len(there):
        return None
    low, high = (int(there[at]) for at in (sizes[there].argmin(), sizes[there].argmax()))
    return Spread(kind, End(float(sizes[low]), named(low)), End(float(sizes[high]), named(high)))
