"""What the data give in each node: sets and numbers of the model, as arrays.

`compute` is a pure function of the case. Every set is a list of indices and every
parameter one array in the order of one set. Given the data of a case that differs in a
few numbers, only the groups of parameters that read them are computed anew, and the sets stay
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
from inputs.schema import SETTINGS, Kind
from model.data import GROUPS
from model.data.workspace import WEIGHTS, Handed, IndexMaps, ReadCase, Workspace
from model.growth import grow_tree
from model.parameters import BY_NAME
from model.tree import Tree

TREE = "tree"
"""In `Data.reads`: what the tree grows from."""


@dataclass(frozen=True)
class Data:
    """Sets, parameters (arrays in the order of their set) and index maps of one case.

    `impossible` says which rules no plan can meet whatever it does, in words. `structure` are
    the arrays that decide which indices the sets have, `intermediates` what groups of parameters
    hand to one another, `reads` the sheets and settings that each group (and "tree") read, `cache`
    what follows from names and the tree's shape, which like cases share.
    """

    case: Case
    tree: Tree
    sets: Mapping[str, list[Any]]
    values: Mapping[str, Floats]
    index_maps: Mapping[str, IndexMaps]
    impossible: tuple[str, ...]
    structure: Mapping[str, Any]
    intermediates: Handed
    reads: Mapping[str, frozenset[str]]
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
    if last is None:
        return afresh(case, *grown_tree(case))
    changed = what_changed(case, last.case)
    tree, read = (last.tree, last.reads[TREE]) if not changed & last.reads[TREE] else grown_tree(case)
    if not same_shape(tree, last.tree) or names_differ(case, last.case, changed):
        return afresh(case, tree, read)
    if not same_weights(tree, last.tree):
        changed.add(WEIGHTS)
    s = workspace(case, tree, last)
    reads = {**last.reads, TREE: read}
    for group in GROUPS:
        if reads[group.__name__] & changed:
            run(group, s, reads)
    if any(not same(array, last.structure[name]) for name, array in s.structure.items() if array is not last.structure[name]):
        return afresh(case, tree, read)
    return finished(s, case, last.sets, last.index_maps, reads)


def afresh(case: Case, tree: Tree, read: frozenset[str]) -> Data:
    """The data of a case, nothing of which is known yet."""
    s, reads = workspace(case, tree, None), {TREE: read}
    for group in GROUPS:
        run(group, s, reads)
    for group in GROUPS:
        group.sets(s)
    return finished(s, case, MappingProxyType(s.sets), MappingProxyType(s.index_maps), reads)


def grown_tree(case: Case) -> tuple[Tree, frozenset[str]]:
    """The tree of a case, and what was read for it."""
    reading = ReadCase(case)
    return grow_tree(reading), frozenset(reading.read)


def workspace(case: Case, tree: Tree, last: Data | None) -> Workspace:
    """Room to compute a case in, with what is known of a like one."""
    reading = ReadCase(case)
    if last is None:
        return Workspace(reading, tree, {}, {}, {}, Handed({}, {}, reading.read), {}, {})
    intermediates = Handed(last.intermediates.values_by_name, last.intermediates.makers, reading.read)
    return Workspace(reading, tree, {}, {}, dict(last.values), intermediates, dict(last.structure), last.cache)


def run(group: Any, s: Workspace, reads: dict[str, frozenset[str]]) -> None:
    """Compute the numbers of a group, and note what it read, now or when it last took another way."""
    s.case.read.clear()
    group.numbers(s)
    reads[group.__name__] = reads.get(group.__name__, frozenset()) | s.case.read


def finished(
    s: Workspace, case: Case, sets: Mapping[str, list[Any]], maps: Mapping[str, IndexMaps], reads: dict[str, frozenset[str]]
) -> Data:
    """What was computed, no longer to be changed."""
    return Data(
        case, s.tree, sets, MappingProxyType(s.values), maps, (*s.intermediates["impossible"], *s.intermediates["impossible_pins"]),
        MappingProxyType(s.structure), s.intermediates, MappingProxyType(reads), s.cache,
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
        names = [c.name for c in BY_SHEET[name] if not c.numeric and c.kind is not Kind.FLAG]
        if len(frame) != len(other) or any(frame[c].tolist() != other[c].tolist() for c in names):
            return True
    return False


def same_shape(tree: Tree, other: Tree) -> bool:
    """Whether two trees have the same nodes at the same times, and leaves in the same places."""
    return tree is other or (
        tree.branches == other.branches
        and (tree.start_year, tree.horizon, tree.lasting) == (other.start_year, other.horizon, other.lasting)
        and all(np.array_equal(getattr(tree, a), getattr(other, a)) for a in ("parent", "after", "start", "length"))
        and np.array_equal(tree.leaf > 0, other.leaf > 0)
        and np.array_equal(tree.settle > 0, other.settle > 0)
    )


def same_weights(tree: Tree, other: Tree) -> bool:
    """Whether two trees of one shape have the same probabilities."""
    return tree is other or (all(np.array_equal(getattr(tree, a), getattr(other, a)) for a in ("prob", "settle", "leaf")))


def same(shape: Any, other: Any) -> bool:
    return bool(np.array_equal(shape, other))
