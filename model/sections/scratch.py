"""What the sections of the data fill while a case is computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from inputs.case import Case
from inputs.schema import EVERY
from model.tree import Floats, Tree

Links = Mapping[Any, Any]


@dataclass
class Scratch:
    """Sets, links, values and the arrays between sections of one case in the making."""

    case: Case
    tree: Tree
    sets: dict[str, list[Any]]
    links: dict[str, Links]
    values: dict[str, Floats]
    parts: dict[str, Any]
    shapes: dict[str, Any]

    def put(self, **columns: Any) -> None:
        """Parameters, each flattened in the order of its set."""
        for column, values in columns.items():
            self.values[column] = np.ascontiguousarray(values, dtype=float).reshape(-1)

    @cached_property
    def nodes(self) -> list[int]:
        return list(range(len(self.tree)))

    @cached_property
    def cutoff(self) -> NDArray[np.object_]:
        """(nodes,): the cutoff of each branch node, "" in the trunk."""
        return np.array([self.tree.branches[b].cutoff if b >= 0 else "" for b in self.tree.branch.tolist()], dtype=object)

    @cached_property
    def number_of(self) -> dict[str, int]:
        """The place of each material."""
        return {name: i for i, name in enumerate(self.case["materials"]["material"])}

    @cached_property
    def losses(self) -> Mapping[Any, list[Any]]:
        """Rows (cutoff, from_month, to_month, supply_lost) by country and material."""
        frame = self.case["losses"][["country", "material", "cutoff", "from_month", "to_month", "supply_lost"]]
        return grouped(((country, material), row) for country, material, *row in records(frame))

    @cached_property
    def lost_so_far(self) -> dict[tuple[str, str], Floats]:
        return {}

    def lost(self, country: str, material: str) -> Floats:
        """(nodes,): share of a country's supply of a material that is lost; a row for the material goes before `*`."""
        if (country, material) not in self.lost_so_far:
            lost = np.zeros(len(self.tree))
            for wanted in (EVERY, material):
                for cutoff, begin, end, share in self.losses.get((country, wanted), ()):
                    lost[(self.cutoff == cutoff) & (begin <= self.tree.into) & (self.tree.into < end)] = share
            self.lost_so_far[country, material] = lost
        return self.lost_so_far[country, material]

    def available(self, frame: pd.DataFrame, materials: Iterable[str]) -> Floats:
        """(rows, nodes): share of each offer or plant that a cutoff leaves, directly and through whom it depends on."""
        rows = zip(frame["country"], materials, frame["depends_on"], frame["dependence"], strict=True)
        left = [(1 - self.lost(country, i)) * (1 - dependence * self.lost(depends_on, i)) for country, i, depends_on, dependence in rows]
        return np.array(left).reshape(len(frame), len(self.tree))


def grown(amount: Any, growth: Any, months: Floats) -> Floats:
    """(rows, nodes): a yearly growth from month 0 applied to each row."""
    grow: Floats = np.asarray(amount)[:, None] * (1 + np.asarray(growth))[:, None] ** (months[None, :] / 12)
    return grow


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a small sheet, with a column as an attribute."""
    return iter(frame.itertuples(index=False))


def grouped(pairs: Any) -> dict[Any, list[Any]]:
    """Second members by first member, in order."""
    groups: dict[Any, list[Any]] = {}
    for key, member in pairs:
        groups.setdefault(key, []).append(member)
    return groups
