"""What of a program decides whether there is a plan: costs do not, nor nodes in which nothing is promised, which are met by going short."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.data.compute import Data
from model.solver.program import Program

COUNTING = ("cost_so_far", "excess_cost")
"""Rows that define what free variables are."""

NODELESS = ("budget", "pins_at_least", "pins_at_most", "capacity_limit")
"""Rows that are of no one node: of a year, or of all orders of a path."""


def deciding(program: Program, data: Data, *, merged: bool) -> Program:
    """The rows and columns of a program without which it might have a plan that it has not, without costs.

    Kept are the trunk and the branches until the last node in which coverage is promised. Behind it, in branches that promise nothing and in an
    aftermath, demand may go short, plants stand still and stock stay. With `merged`, all market offers of a material in a branch node, which
    differ in price alone, are one column, the first.
    """
    kept = nodes_that_decide(data)
    names = [constraint.parent_component().local_name for constraint in program.rows]
    rows = np.array(
        [
            name in NODELESS or (name not in COUNTING and kept[node_of(constraint.index())])
            for name, constraint in zip(names, program.rows, strict=True)
        ],
        dtype=bool,
    )
    high = program.high.copy()
    columns = np.array([has_node(variable) and kept[node_of(variable.index())] for variable in program.columns], dtype=bool)
    if merged:
        columns &= ~merge_offers(program, data, high)
    matrix = program.matrix.tocsr()[rows][:, columns].tocsc()
    return Program(
        cost=np.zeros(int(columns.sum())),
        offset=0.0,
        low=program.low[columns],
        high=high[columns],
        row_low=program.row_low[rows],
        row_high=program.row_high[rows],
        starts=matrix.indptr.astype(np.int32),
        indices=matrix.indices.astype(np.int32),
        entries=matrix.data,
        columns=[variable for variable, some in zip(program.columns, columns.tolist(), strict=True) if some],
        rows=[constraint for constraint, some in zip(program.rows, rows.tolist(), strict=True) if some],
    )


def node_of(index: Any) -> int:
    """The node of an index, its last member."""
    return int(index[-1] if isinstance(index, tuple) else index)


def has_node(variable: Any) -> bool:
    """Whether a variable is of a node, and no account of costs."""
    return variable.parent_component().local_name not in ("cost_to_date", "excess", "eta")


def nodes_that_decide(data: Data) -> NDArray[np.bool_]:
    """(nodes,): the trunk, and every node on the path to one in which something is promised."""
    tree = data.tree
    need, allowed = (data.values[name].reshape(-1, len(tree)) for name in ("demand", "short_limit"))
    kept = tree.in_trunk | (allowed < need * (1 - 1e-12)).any(axis=0)
    for n in range(len(tree) - 1, 0, -1):
        if kept[n] and tree.parent[n] >= 0:
            kept[tree.parent[n]] = True
    return np.asarray(kept)


def merge_offers(program: Program, data: Data, high: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(columns,): market offers that another of their material and branch node stands for, whose upper bound in `high` becomes that of all."""
    material = dict(zip(data.case["supply"]["offer"], data.case["supply"]["material"], strict=True))
    first: dict[tuple[str, int], int] = {}
    gone = np.zeros(len(program.columns), dtype=bool)
    for j, variable in enumerate(program.columns):
        if variable.parent_component().local_name == "supply":
            offer, n = variable.index()
            if n >= data.tree.trunk:
                leading = first.setdefault((material[offer], n), j)
                if leading != j:
                    high[leading] += high[j]
                    gone[j] = True
    return gone
