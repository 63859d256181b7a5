"""What the sections of the data fill while a case is computed."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from inputs.arrays import Floats, Ints
from inputs.case import Case
from model.tree import TRUNK, Tree

IndexMaps = Mapping[Any, Any]
T = TypeVar("T")


@dataclass
class Workspace:
    """Sets, links, values and the arrays between sections of one case in the making.

    `kept` is what follows from the names of rows and the shape of the tree alone; cases of
    the same names and shape share it.
    """

    case: Case
    tree: Tree
    sets: dict[str, list[Any]]
    index_maps: dict[str, IndexMaps]
    values: dict[str, Floats]
    intermediates: dict[str, Any]
    structure: dict[str, Any]
    cache: dict[str, Any]

    def put(self, **columns: Any) -> None:
        """Parameters, each flattened in the order of its set."""
        for column, values in columns.items():
            self.values[column] = np.ascontiguousarray(values, dtype=float).reshape(-1)

    def cached(self, name: str, make: Callable[[], T]) -> T:
        """What `make` gives from the names of rows and the shape of the tree, made once."""
        if name not in self.cache:
            self.cache[name] = make()
        found: T = self.cache[name]
        return found

    @cached_property
    def nodes(self) -> list[int]:
        return list(range(len(self.tree)))

    @property
    def trunk_years(self) -> Ints:
        """(trunk nodes,): calendar years."""
        return self.tree.year[: self.tree.trunk]

    @property
    def cutoff(self) -> Ints:
        """(nodes,): the row of the cutoff of each branch node in `cutoffs`, -1 in the trunk."""

        def find() -> Ints:
            rows = self.rows_by_name("cutoffs")
            return np.array([*(rows[branch.cutoff] for branch in self.tree.branches), TRUNK], dtype=np.int64)[self.tree.branch]

        return self.cached("cutoff", find)

    def rows_by_name(self, sheet: str) -> dict[str, int]:
        """The row of each name in the first column of a sheet."""
        return {name: row for row, name in enumerate(self.case[sheet].iloc[:, 0])}

    def rows_of(self, sheet: str, column: str, names: str) -> Ints:
        """(rows of `sheet`,): the row that each name of a column has in the sheet `names`."""

        def find() -> Ints:
            rows = self.rows_by_name(names)
            return np.array([rows[name] for name in self.case[sheet][column]], dtype=np.int64)

        return self.cached(f"{sheet}.{column}", find)

    def text(self, sheet: str, column: str) -> NDArray[np.object_]:
        """(rows,): a column of names, as objects."""
        return self.cached(f"{sheet}.{column} as text", lambda: np.array(self.case[sheet][column].tolist(), dtype=object))


def grown(amount: Any, growth: Any, months: Floats) -> Floats:
    """(rows, nodes): a yearly growth from month 0 applied to each row."""
    rates, which = np.unique(np.asarray(growth), return_inverse=True)
    grow: Floats = np.asarray(amount)[:, None] * ((1 + rates)[:, None] ** (months[None, :] / 12))[which]
    return grow


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a small sheet, with a column as an attribute (pandas' own way makes a class each time)."""
    return map(record_of(tuple(frame.columns))._make, zip(*(frame[c].tolist() for c in frame), strict=True))


@cache
def record_of(columns: tuple[str, ...]) -> Any:
    return namedtuple("Record", columns)


def grouped(pairs: Any) -> dict[Any, list[Any]]:
    """Second members by first member, in order."""
    groups: dict[Any, list[Any]] = {}
    for key, member in pairs:
        groups.setdefault(key, []).append(member)
    return groups
