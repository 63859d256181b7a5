"""What the data give in each node: sets and numbers of the model, as arrays.

`compute` is a pure function of the case. Every set is a list of indices and every
parameter one array in the order of one set. Given the data of a case that differs in a
few numbers, only the sections that read them are computed anew, and the sets are kept
where they are the same: that is what makes a sweep fast.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from inputs.arrays import Floats
from inputs.case import Case
from inputs.schema import BY_NAME as BY_SHEET
from inputs.schema import SETTINGS
from model.data import GROUPS
from model.data.workspace import IndexMaps, Workspace
from model.parameters import BY_NAME
from model.tree import Tree, grow_tree


@dataclass(frozen=True)
class Data:
    """Sets, parameters (arrays in the order of their set) and links between indices of one case.

    `impossible` says which rules no plan can meet whatever it does, in words. `shapes` are
    the arrays that decide which indices the sets have, `parts` what sections hand to one another,
    `kept` what they derive from names and the tree's shape, which like cases share.
    """

    case: Case
    tree: Tree
    sets: Mapping[str, list[Any]]
    values: Mapping[str, Floats]
    index_maps: Mapping[str, IndexMaps]
    impossible: tuple[str, ...]
    structure: Mapping[str, Any]
    intermediates: Mapping[str, Any]
    cache: dict[str, Any]

    def table(self, name: str) -> dict[Any, float]:
        """A parameter as a dictionary over its set."""
        parameter = BY_NAME[name]
        return dict(zip(self.sets[parameter.over], self.values[name].tolist(), strict=True))

    def scalar(self, name: str) -> float:
        return float(self.values[name][0])


def compute(case: Case, last: Data | None = None) -> Data:
    """Sets and numbers of the model of a case.

    With `last`, the data of a like case, what has not changed is taken from it; `sets` is the
    very same object if and only if the structure is the same.
    """
    changed = what_changed(case, last.case) if last else set()
    tree = last.tree if last and not changed & GROWS else grow_tree(case)
    if last is None or not same_shape(tree, last.tree) or names_differ(case, last.case, changed):
        return afresh(case, tree)
    if not same_weights(tree, last.tree):
        changed.add("weights")
    workspace = Workspace(case, tree, {}, {}, dict(last.values), dict(last.intermediates), dict(last.structure), last.cache)
    for section in GROUPS:
        if section.READS & changed:
            section.numbers(workspace)
    if any(not same(shape, last.structure[name]) for name, shape in workspace.structure.items() if shape is not last.structure[name]):
        return afresh(case, tree)
    return Data(
        case, tree, last.sets, MappingProxyType(workspace.values), last.index_maps,
        tuple(workspace.intermediates["impossible"]), MappingProxyType(workspace.structure), MappingProxyType(workspace.intermediates), workspace.cache,
    )  # fmt: skip


def afresh(case: Case, tree: Tree) -> Data:
    workspace = Workspace(case, tree, {}, {}, {}, {}, {}, {})
    for section in GROUPS:
        section.numbers(workspace)
    for section in GROUPS:
        section.sets(workspace)
    return Data(
        case, tree, MappingProxyType(workspace.sets), MappingProxyType(workspace.values), MappingProxyType(workspace.index_maps),
        tuple(workspace.intermediates["impossible"]), MappingProxyType(workspace.structure), MappingProxyType(workspace.intermediates), workspace.cache,
    )  # fmt: skip


def what_changed(case: Case, last: Case) -> set[str]:
    """The sheets, and the settings as "settings.name", in which two cases differ (frames are compared by identity)."""
    sheets = {name for name, frame in case.frames.items() if frame is not last.frames[name]}
    settings = {f"{SETTINGS}.{name}" for name, value in case.settings.items() if value != last.settings[name]}
    return sheets | settings


def names_differ(case: Case, last: Case, changed: set[str]) -> bool:
    """Whether rows, names or choices differ, which decide sets as well as numbers."""
    if f"{SETTINGS}.home" in changed:
        return True
    for name in changed & set(case.frames):
        frame, other = case[name], last[name]
        names = [c.name for c in BY_SHEET[name] if not c.numeric]
        if len(frame) != len(other) or any(frame[c].tolist() != other[c].tolist() for c in names):
            return True
    return False


GROWS = {"cutoffs", "durations", *(f"{SETTINGS}.{name}" for name in ("start_year", "horizon", "period", "crisis_period", "length_known"))}
"""What the tree grows from."""


def same_shape(tree: Tree, other: Tree) -> bool:
    """Whether two trees have the same nodes at the same times, and leaves in the same places."""
    return tree is other or (
        tree.branches == other.branches
        and tree.start_year == other.start_year
        and all(np.array_equal(getattr(tree, a), getattr(other, a)) for a in ("parent", "start", "length"))
        and np.array_equal(tree.leaf > 0, other.leaf > 0)
    )


def same_weights(tree: Tree, other: Tree) -> bool:
    return tree is other or (np.array_equal(tree.prob, other.prob) and np.array_equal(tree.leaf, other.leaf))


def same(shape: Any, other: Any) -> bool:
    return bool(np.array_equal(shape, other))
