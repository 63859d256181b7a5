"""What the groups of parameters fill while a case is computed, and what each of them reads."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from inputs.arrays import Floats, Ints
from inputs.case import Case, Value
from inputs.schema import SETTINGS
from model.tree import Tree

IndexMaps = Mapping[Any, Any]
T = TypeVar("T")

WEIGHTS = "weights"
"""The probabilities of the tree, as something that is read."""


@dataclass
class ReadCase:
    """A case that notes which sheets, and which settings as "settings.name", are read of it."""

    case: Case
    read: set[str] = field(default_factory=set)

    def __getitem__(self, sheet: str) -> pd.DataFrame:
        self.read.add(sheet)
        return self.case[sheet]

    def number(self, setting: str) -> float:
        self.read.add(f"{SETTINGS}.{setting}")
        return self.case.number(setting)

    def flag(self, setting: str) -> bool:
        self.read.add(f"{SETTINGS}.{setting}")
        return self.case.flag(setting)

    @property
    def home(self) -> str:
        self.read.add(f"{SETTINGS}.home")
        return self.case.home

    @property
    def settings(self) -> Mapping[str, Value]:
        raise AttributeError("read settings one by one, with number, flag or home")


class Handed(MutableMapping[str, Any]):
    """Arrays that groups hand to those after them: who takes one reads what its maker read."""

    def __init__(self, values: Mapping[str, Any], makers: Mapping[str, frozenset[str]], read: set[str]) -> None:
        self.values_by_name, self.makers, self.read = dict(values), dict(makers), read

    def __getitem__(self, name: str) -> Any:
        self.read |= self.makers.get(name, frozenset())
        return self.values_by_name[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self.values_by_name[name], self.makers[name] = value, frozenset(self.read)

    def __delitem__(self, name: str) -> None:
        del self.values_by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_by_name)

    def __len__(self) -> int:
        return len(self.values_by_name)


@dataclass
class Workspace:
    """Sets, index maps, values and the arrays between groups of one case in the making.

    `structure` are the arrays that decide which indices the sets have. `cache` is what follows
    from the names of rows and the shape of the tree alone; cases of the same names and
    shape share it. `severity` (nodes,) is a multiple of what `losses` take in a branch, up to everything; None: as they say.
    """

    case: ReadCase
    tree: Tree
    sets: dict[str, list[Any]]
    index_maps: dict[str, IndexMaps]
    values: dict[str, Floats]
    intermediates: Handed
    structure: dict[str, Any]
    cache: dict[str, Any]
    severity: Floats | None = None

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

    @property
    def prob(self) -> Floats:
        self.case.read.add(WEIGHTS)
        return self.tree.prob

    @property
    def settle(self) -> Floats:
        self.case.read.add(WEIGHTS)
        return self.tree.settle

    @property
    def leaf(self) -> Floats:
        self.case.read.add(WEIGHTS)
        return self.tree.leaf

    @cached_property
    def nodes(self) -> list[int]:
        return list(range(len(self.tree)))

    @property
    def trunk_years(self) -> Ints:
        """(trunk nodes,): calendar years."""
        return self.tree.year[: self.tree.trunk]

    @property
    def kind_of_cutoff(self) -> Ints:
        """(nodes,): the row in `cutoffs` of the cutoff of each branch node, and of that which an aftermath node follows; -1 in the trunk."""

        def find() -> Ints:
            rows = self.rows_by_name("cutoffs")
            return np.array([*(rows[branch.cutoff] for branch in self.tree.branches), -1], dtype=np.int64)[self.tree.branch]

        return self.cached("kind of cutoff", find)

    @property
    def cutoff(self) -> Ints:
        """(nodes,): the row of the cutoff of each branch node in `cutoffs`, -1 elsewhere."""
        return np.where(self.tree.in_branch, self.kind_of_cutoff, -1)

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
