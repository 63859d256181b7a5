"""The certificate of a plan: its quantities and the prices of its rows, under the names of the formulation page, checked by the program built a second time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from inputs.arrays import Floats
from model.certificate.check import Report, examine
from model.certificate.nodes import after_label, branch_label, trunk_label
from model.certificate.program import Block, Key, Program
from model.certificate.rebuild import rebuild
from model.plan import Plan
from model.tree import Tree

Name = tuple[str, Key, int]
"""Of a row: equation, indices but the node, and node (-1: none)."""


SIGNS = {"excess_cost": -1}
"""Equations that the model writes with their sides changed: `a >= b` of two variables is `b - a <= 0` there."""


def certify(plan: Plan) -> Report:
    """What an optimal plan proves. Raises KeyError where the model and the page do not name a quantity alike."""
    program = rebuild(plan.case)
    places = {label: i for i, label in enumerate(program.places)}
    place = [places[label] for label in labels(plan.tree)]
    return examine(program, quantities(plan, program, place), prices(plan, program, place))


def labels(tree: Tree) -> Iterator[str]:
    """The names that the page gives to the nodes of a tree."""
    for n in range(len(tree)):
        start, end = float(tree.start[n]), float(tree.end[n])
        if tree.in_trunk[n]:
            yield trunk_label(start, end)
            continue
        branch = tree.branches[tree.branch[n]]
        known = math.nan if branch.months is None else branch.months
        if tree.in_aftermath[n]:
            yield after_label(branch.cutoff, branch.start, known, float(tree.end[tree.after[n]]), start, end)
        else:
            yield branch_label(branch.cutoff, branch.start, known, start, end)


def quantities(plan: Plan, program: Program, place: Sequence[int]) -> Floats:
    """The quantities of a plan in the order of the program's columns; `place` is that of each node. `online` is none: it follows from the orders."""
    x = np.zeros(len(program.lower))
    for variable, values in plan.values.items():
        if variable not in program.columns:
            continue
        at = finder(program.columns[variable])
        members = plan.data.sets[plan.over[variable]]
        for i in np.flatnonzero(values).tolist():
            key, node = parts(members[i])
            column = at(key, place[node])
            if column >= 0:
                x[column] = values[i]
            elif variable != "cost_to_date":  # past the horizon there are no costs to carry
                raise KeyError(f"{variable}[{', '.join([*key, program.places[place[node]]])}] is no quantity of the formulation page")
    if "eta" in program.columns:
        x[program.columns["eta"].at[0, -1]] = value_at_risk(program, x)
    return x


def value_at_risk(program: Program, x: Floats) -> float:
    """The eta that the costs and excesses of the leaves leave: the cost of a leaf beyond it less its excess, else the largest cost."""
    over = program.rows["excess_cost"].at[0]
    excess = program.columns["excess"].at[0]
    activity = np.bincount(program.row, program.value * x[program.column], len(program.low))
    leaves = np.flatnonzero(over >= 0)
    cost = x[excess[leaves]] - activity[over[leaves]]
    return float(np.max(cost - x[excess[leaves]]))


def prices(plan: Plan, program: Program, place: Sequence[int]) -> Floats:
    """The duals of a plan in the order of the program's rows."""
    y = np.zeros(len(program.low))
    finders = {name: finder(block) for name, block in program.rows.items()}
    for equation, values in plan.duals.items():
        if equation == "online_capacity":
            continue
        for i in np.flatnonzero(values).tolist():
            name, key, node = named(plan, equation, plan.rows_of[equation][i])
            at = finders[name]
            row = at(key, place[node] if node >= 0 else -1)
            while row < 0 and node >= 0:  # the limit of a path stands at its last order here, at its end there
                node = int(plan.tree.parent[node])
                row = at(key, place[node])
            y[row] += SIGNS.get(equation, 1) * values[i]
    return y


def named(plan: Plan, equation: str, index: object) -> Name:
    """The row of the page that a row of the model is."""
    if equation in ("pins_at_least", "pins_at_most"):
        return "pins", texts(index), -1
    if equation == "budget":
        return equation, texts(index), -1
    key, node = parts(index)
    if equation == "capacity_floors":
        key = (*key, str(plan.tree.year[node]))
    return equation, key, node


def parts(index: object) -> tuple[Key, int]:
    """The indices but the node, as text, and the node."""
    *key, node = index if isinstance(index, tuple) else (index,)
    return tuple(map(text, key)), int(node)


def texts(index: object) -> Key:
    """Indices as text."""
    return tuple(map(text, index if isinstance(index, tuple) else (index,)))


def text(index: object) -> str:
    """An index as text; a year or a tier is a whole number."""
    return f"{index:g}" if isinstance(index, float) else str(index)


def finder(block: Block) -> Callable[[Key, int], int]:
    """Where a key and place stand in a block; -1 where nothing does."""
    rows = {key: at.tolist() for key, at in zip(block.keys, block.at, strict=True)}
    return lambda key, place: rows[key][place]
