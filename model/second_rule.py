"""The second rule: of plans that cost the same, one is chosen by what else is to be least.

A linear program often has many optimal plans, and which of them a solver gives hangs on the order of its rows. The optimal face has them
all: every column with a reduced cost stays at its bound, and every row with a price at its side. On it, one after another, are made least

    1. the expected stock value in peace: sum over materials and trunk nodes: prob[n] * price[i,n] * yrs[n] * stock[i,n]
    2. the expected new capacity: sum over plants, tracks and nodes: prob[n] * order[p,s,n]
    3. names in order: sum over all quantities but those that follow from others (stock, online), each times a weight of 1 to 2.1 that rises
       with its place in the order of variables, names and months

The prices stay those of the first solve. Sweeps leave the rule out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np

from inputs.arrays import Floats, Ints
from model.data.compute import Data
from model.parameters import SETS
from model.solver.face import Face, first_of, optimal_face
from model.solver.optimality import check_optimality
from model.solver.program import Answer, Program, Status
from model.tree import Tree

FOLLOW = {"stock", "online"}
"""Variables that follow from others by their balance. So does `cost_to_date`; but where the tail alone counts, its weight keeps the costs of other futures down."""

SAME = 1e-6
"""Relative to 1 + its size: a quantity is the same in two plans."""

GENERIC = 0.1
"""How much of the weight of a quantity is not its place in the order, so that no two choices weigh the same."""


class Decided(StrEnum):
    """What the second rule had to decide."""

    NOTHING = "nothing: no other plan costs as little"
    RULE = "plans that cost the same: least expected stock value in peace, then least new capacity, then names in order"
    LEFT_OUT = "left out: any plan of least cost"
    FAILED = "not applied: the solver gave no answer to it"


class Columns(NamedTuple):
    """Which columns of a program are which quantities: `places[variable]` is one for each member of its set `over[variable]`, -1 where there is none."""

    over: Mapping[str, str]
    places: Mapping[str, Ints]


def choose(data: Data, program: Program, columns: Columns, answer: Answer) -> tuple[Answer, Decided]:
    """An optimal answer with the quantities that the second rule chooses, and what it had to decide; its prices stay.

    Where what it chooses does not pass the check of optimality with these prices, the answer stays as it is.
    """
    face = optimal_face(program, answer)
    if not len(face.free):
        return answer, Decided.NOTHING
    by_name = named_order(data, columns, len(program.cost))
    x = first_of(face, [stock_value(data, columns, len(program.cost)), new_capacity(data, columns, len(program.cost)), by_name])
    if x is None:
        return answer, Decided.FAILED
    chosen = replace(answer, x=x)
    if not check_optimality(program, chosen).ok:
        return answer, Decided.FAILED
    return chosen, Decided.RULE if differ(x, answer.x) or another(face, by_name) else Decided.NOTHING


def another(face: Face, by_name: Floats) -> bool:
    """Whether the face has two answers: the first and the last of it in the order of names are not the same."""
    first, last = face.best(by_name), face.best(-by_name)
    return first.status is not Status.OPTIMAL or last.status is not Status.OPTIMAL or differ(face.whole(first.x), face.whole(last.x))


def differ(one: Floats, other: Floats) -> bool:
    """Whether some quantity of two answers is not the same."""
    return bool(np.any(np.abs(one - other) > SAME * (1 + np.abs(other))))


def stock_value(data: Data, columns: Columns, width: int) -> Floats:
    """Of each column, what a unit of it adds to the expected value of the stock in peace: prob x price x yrs, in thousand USD x yr."""
    objective = np.zeros(width)
    price, yrs = data.table("price"), data.values["yrs"]
    members = data.sets[columns.over["stock"]]
    worth = np.array([data.tree.prob[n] * price[i, n] * yrs[n] if n < data.tree.trunk else 0.0 for i, n in members])
    place(objective, columns.places["stock"], worth)
    return objective


def new_capacity(data: Data, columns: Columns, width: int) -> Floats:
    """Of each column, what a unit of it adds to the expected new capacity, in t/yr."""
    objective = np.zeros(width)
    if "order" in columns.over:
        members = data.sets[columns.over["order"]]
        place(objective, columns.places["order"], data.tree.prob[[n for *_, n in members]] if members else np.empty(0))
    return objective


def named_order(data: Data, columns: Columns, width: int) -> Floats:
    """Of each column, a weight of 1 to 2.1 that rises with its place in the order of variables, names and months, whatever the order of rows."""
    objective = np.zeros(width)
    nodes, node_count = ranks(node_keys(data.tree))
    for v, variable in enumerate(sorted(columns.over.keys() - FOLLOW)):
        name = columns.over[variable]
        members = [m if isinstance(m, tuple) else (m,) for m in data.sets[name]]
        by_node = SETS[name][-1] == "node"
        node = nodes[[m[-1] for m in members]] if by_node and members else np.zeros(len(members), dtype=np.int64)
        key, key_count = ranks([tuple(map(str, m[:-1] if by_node else m)) for m in members])
        order = (v + (key + node / node_count) / max(key_count, 1)) / len(columns.over)
        place(objective, columns.places[variable], 1 + order + GENERIC * scattered((v << 48) + (key << 24) + node))
    return objective


def ranks(keys: Sequence[Any]) -> tuple[Ints, int]:
    """The place of each key in the order of all of them, and how many differ."""
    rank = {key: r for r, key in enumerate(sorted(set(keys)))}
    return np.array([rank[key] for key in keys], dtype=np.int64), len(rank)


def node_keys(tree: Tree) -> list[tuple[float | str, ...]]:
    """What tells the nodes of a tree apart, earlier ones first."""
    keys: list[tuple[float | str, ...]] = []
    for n in range(len(tree)):
        span = float(tree.start[n]), float(tree.end[n])
        if tree.in_trunk[n]:
            keys.append((*span, "", 0.0, 0.0, 0.0))
            continue
        branch = tree.branches[tree.branch[n]]
        ended = float(tree.end[tree.after[n]]) if tree.in_aftermath[n] else math.inf
        keys.append((*span, branch.cutoff, float(branch.start), float(branch.months or 0), ended))
    return keys


def scattered(numbers: Ints) -> Floats:
    """A fraction from 0 to 1 for each whole number, as if drawn by chance, always the same (SplitMix64: Steele, Lea & Flood 2014)."""
    z = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        z = (z ^ (z >> np.uint64(shift))) * np.uint64(factor)
    return ((z ^ (z >> np.uint64(31))) >> np.uint64(11)).astype(np.float64) / 2.0**53


def place(objective: Floats, places: Ints, amounts: Floats) -> None:
    """Give columns their amounts; a place of -1 has no column."""
    here = places >= 0
    objective[places[here]] = amounts[here]
