"""Quantities and prices as a sheet has them: a row for each name and indices, a column for each node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from inputs.arrays import Floats
from model.certificate.program import Block, Key, Program


@dataclass(frozen=True)
class Amounts:
    """`values` is (rows, places), 0 where nothing is; a row's name is the variable or equation and its indices but the node."""

    rows: Sequence[tuple[str, Key]]
    places: Sequence[str]
    values: Floats

    def by_name(self) -> dict[tuple[str, Key, str], float]:
        """Those that are not 0 by name, indices and place."""
        return {
            (name, key, self.places[p]): float(self.values[r, p])
            for r, (name, key) in enumerate(self.rows)
            for p in np.flatnonzero(self.values[r]).tolist()
        }


def vector(amounts: Amounts, program: Program, blocks: Mapping[str, Block]) -> tuple[Floats, list[str]]:
    """Amounts in the order of the program's columns (rows), and the names of those that it does not have and that are not 0."""
    place = {label: i for i, label in enumerate(program.places)}
    where = np.array([place.get(label, -1) for label in amounts.places], dtype=np.int64)
    rows = {(name, key): block.at[k] for name, block in blocks.items() for k, key in enumerate(block.keys)}
    none = np.full(len(program.places), -1)
    at = np.array([rows.get(row, none) for row in amounts.rows]).reshape(-1, len(none))[:, where]
    at[:, where < 0] = -1
    size = 1 + max((int(block.at.max(initial=-1)) for block in blocks.values()), default=-1)
    found = np.zeros(size)
    np.add.at(found, at[at >= 0], amounts.values[at >= 0])
    lost = np.argwhere((at < 0) & (amounts.values != 0))
    return found, [name_of(*amounts.rows[r], amounts.places[c]) for r, c in lost.tolist()]


def amounts(vector: Floats, program: Program, blocks: Mapping[str, Block]) -> Amounts:
    """The reverse: only rows that are not all 0."""
    rows, values = [], []
    for name, block in blocks.items():
        held = np.where(block.here, vector[block.at], 0.0)
        for k in np.nonzero((held != 0).any(axis=1))[0]:
            rows.append((name, block.keys[k]))
            values.append(held[k])
    return Amounts(rows, program.places, np.array(values).reshape(-1, len(program.places)))


def name_of(name: str, key: Key, place: str) -> str:
    """`stock[Dy, peace 0-12]`."""
    return f"{name}[{', '.join([*key, place])}]"
