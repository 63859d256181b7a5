"""A linear program by name: blocks of columns and rows, each with a place for every key and node, and its coefficients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from inputs.arrays import Flags, Floats, Ints
from model.certificate.nodes import Nodes

Entries = tuple[Ints, Ints, Floats]

Key = tuple[str, ...]
"""The indices of a column or row but its node, as names: an offer; a material and a sector."""

WHOLE = "plan"
"""The place, after the last node, of what belongs to no node."""


@dataclass(frozen=True)
class Block:
    """The columns of a variable, or the rows of an equation.

    `at` is (keys, places): the number of a column (row), -1 where there is none. The places are the nodes and WHOLE.
    """

    name: str
    keys: list[Key]
    at: Ints

    @property
    def here(self) -> Flags:
        """(keys, places): where there is a column (row)."""
        return self.at >= 0


@dataclass(frozen=True)
class Program:
    """minimise cost @ x, low <= A x <= high, lower <= x <= upper, with A as entries (`row`, `column`, `value`), those of the same place added.

    `lines` has the coefficients of each line of the expected cost, whatever the weight of the risk,
    and `terms` the same by node but what is left at the ends: (columns, nodes, thousand USD) of each line.
    """

    nodes: Nodes
    columns: dict[str, Block]
    rows: dict[str, Block]
    lower: Floats
    upper: Floats
    low: Floats
    high: Floats
    row: Ints
    column: Ints
    value: Floats
    cost: Floats
    lines: dict[str, Floats]
    terms: dict[str, Entries]

    @cached_property
    def places(self) -> list[str]:
        """The names of the places of the blocks."""
        return [*self.nodes.label, WHOLE]

    def name(self, blocks: dict[str, Block], number: int) -> str:
        """`stock[Dy, peace 0-12]`, of a column or row."""
        for block in blocks.values():
            k, place = np.nonzero(block.at == number)
            if len(k):
                indices = [*block.keys[k[0]], self.places[place[0]]]
                return f"{block.name}[{', '.join(indices)}]"
        raise IndexError(number)


@dataclass
class Draft:
    """A program as it is written down, block by block."""

    tree: Nodes
    columns: dict[str, Block] = field(default_factory=dict)
    rows: dict[str, Block] = field(default_factory=dict)
    bounds: list[tuple[Floats, Floats]] = field(default_factory=list)
    limits: list[tuple[Floats, Floats]] = field(default_factory=list)
    entries: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)

    @property
    def nodes(self) -> int:
        """The number of nodes."""
        return len(self.tree)

    @property
    def width(self) -> int:
        """Columns so far."""
        return sum(len(low) for low, _ in self.bounds)

    @property
    def height(self) -> int:
        """Rows so far."""
        return sum(len(low) for low, _ in self.limits)

    def variable(
        self, name: str, keys: Sequence[Key], exists: Flags | bool = True, upper: Floats | float = np.inf, lower: Floats | float = 0.0
    ) -> Block:
        """A variable over keys and nodes: `exists` and the bounds are (keys, nodes), or what can be spread to that."""
        return self._block(self.columns, self.bounds, self.width, name, keys, exists, lower, upper)

    def equation(self, name: str, keys: Sequence[Key], exists: Flags | bool, low: Floats | float, high: Floats | float) -> Block:
        """low <= (what `add` puts there) <= high, over keys and nodes."""
        return self._block(self.rows, self.limits, self.height, name, keys, exists, low, high)

    def _block(
        self,
        blocks: dict[str, Block],
        sides: list[tuple[Floats, Floats]],
        first: int,
        name: str,
        keys: Sequence[Key],
        exists: Flags | bool,
        low: Floats | float,
        high: Floats | float,
    ) -> Block:
        places = self.nodes + 1
        at = np.full((len(keys), places), -1, dtype=np.int64)
        here = np.zeros(at.shape, dtype=bool)
        given = np.asarray(exists, dtype=bool)
        if given.ndim == 2 and given.shape[1] == places:
            here |= given
        else:
            here[:, : self.nodes] |= given
        at[here] = first + np.arange(here.sum())
        values = []
        for side in (low, high):
            spread = np.zeros(at.shape)
            given = np.asarray(side, dtype=float)
            if given.ndim == 2 and 1 < given.shape[1] == self.nodes:
                spread[:, : self.nodes] = given
            else:
                spread[:] = given
            values.append(spread[here])
        sides.append((values[0], values[1]))
        blocks[name] = Block(name, list(keys), at)
        return blocks[name]

    def add(self, rows: Ints, columns: Ints, values: Floats | float) -> None:
        """Coefficients: three arrays of one shape (values may be spread); places where row or column is -1 are left out."""
        rows, columns = np.broadcast_arrays(rows, columns)
        values = np.broadcast_to(np.asarray(values, dtype=float), rows.shape)
        kept = (rows >= 0) & (columns >= 0) & (values != 0)
        self.entries.append((rows[kept], columns[kept], values[kept]))

    def finish(self, cost: Floats, lines: dict[str, Floats], terms: dict[str, Entries]) -> Program:
        """The program, with the costs of its columns."""
        lower, upper = (np.concatenate([b[i] for b in self.bounds]) for i in (0, 1))
        low, high = (np.concatenate([b[i] for b in self.limits]) for i in (0, 1))
        row, column, value = (np.concatenate([e[i] for e in self.entries]) for i in (0, 1, 2))
        return Program(self.tree, self.columns, self.rows, lower, upper, low, high, row, column, value, cost, lines, terms)
