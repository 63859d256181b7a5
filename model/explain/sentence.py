"""A conflict as arithmetic: what is asked for, what the rest of it leaves, what is missing, and from when on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from inputs.address import find_cells
from inputs.arrays import Floats
from model.explain.elastic import ENOUGH, UNIT, Elastic, Failing
from model.explain.loosened import Lever
from model.explain.words import amount, calendar, percent, said
from model.solver.highs import Session
from model.solver.program import Status

GENERAL = "Together they cannot hold; with any one of them left out the others can."


def sentence(elastic: Elastic, levers: Sequence[int]) -> str:
    """The arithmetic of a conflict of levers, by the most important of those that ask for something. Raises Unsolved."""
    asking = [lever for lever in levers if elastic.levers[lever].asks_for]
    if not asking:
        return GENERAL
    failing = elastic.fail(levers)
    ask = max(asking, key=lambda lever: weight(elastic, failing, elastic.levers[lever]))
    return covered(elastic, levers, ask) if elastic.levers[ask].sector else asked(elastic, levers, ask)


def weight(elastic: Elastic, failing: Failing, lever: Lever) -> float:
    """What a change of a lever by its own scale does against a failing."""
    column = elastic.loosened.program.matrix[:, [elastic.loosened.width + lever.slacks[0]]]
    return abs(float((column.T @ failing.row_dual)[0])) * lever.scale


def without(elastic: Elastic, levers: Sequence[int], asks: Collection[int]) -> Floats:
    """Upper bounds of the slacks where the rest of a conflict holds without what asks, and all else is given up."""
    high = elastic.open.copy()
    for lever in levers:
        if lever not in asks:
            high[list(elastic.levers[lever].slacks)] = 0.0
    return high


def asked(elastic: Elastic, levers: Sequence[int], ask: int) -> str:
    """Of a floor, a pin or days of cover: what is asked for, what can be where all else holds, what is missing."""
    lever, case = elastic.levers[ask], elastic.loosened.case
    cost = np.zeros(len(elastic.open))
    cost[list(lever.slacks)] = UNIT / lever.scale
    least = elastic.solve(cost, without(elastic, range(len(elastic.levers)), {ask}))
    if not np.isfinite(least.amount):
        return GENERAL
    target, short = find_cells(lever.cell, case), float(least.slack[lever.slacks[0]])
    most, missing = (amount(case, target.sheet, target.column, value) for value in (lever.before - short, short))
    text = lever.statement.text
    return f"{text[0].upper()}{text[1:]}: with all else as it is it can be {most} at most, {missing} less than is asked for."


def covered(elastic: Elastic, levers: Sequence[int], ask: int) -> str:
    """Of a coverage: what is needed, what still arrives, what comes from store and can be there by then, what is missing."""
    lever, loosened = elastic.levers[ask], elastic.loosened
    tree, case, i, k = loosened.data.tree, loosened.case, lever.asks_for, lever.sector
    values = loosened.named(shortest(elastic, levers, ask))
    needed, allowed = loosened.data.table("demand"), loosened.data.table("short_limit")
    short = {
        n: value
        for n in range(len(tree))
        if (value := values.get(("shortage", (i, k, n)), 0.0) - allowed[i, k, n]) > ENOUGH * needed[i, k, n]
    }
    missing = {n: value for n, value in short.items() if tree.in_branch[n] and allowed[i, k, n] < needed[i, k, n]}
    if not missing:
        return GENERAL
    totals = {b: sum(value for n, value in missing.items() if tree.branch[n] == b) for b in {int(tree.branch[n]) for n in missing}}
    onset = tree.branches[min(totals, key=lambda b: (tree.branches[b].start, -totals[b]))]
    last = max(n for n in missing if n in onset.nodes)
    nodes = [n for n in onset.nodes if n <= last]
    wanted = sum(needed[i, k, n] - allowed[i, k, n] for n in nodes)
    lacking = sum(missing.get(n, 0.0) for n in nodes)
    saved = sum(
        values.get(("saving", (t, k, n)), 0.0) for t, of in loosened.data.index_maps["savings_of"].get(i, ()) for n in nodes if of == k
    )
    store = min(sum(values.get(("release", (i, n)), 0.0) for n in nodes), wanted - lacking)
    thrift = min(saved, wanted - lacking - store)
    then = most_in_store(elastic, levers, i, int(tree.parent[onset.nodes[0]]))
    return (
        f"In a cutoff '{onset.cutoff}' that begins in {calendar(case, onset.start)}, {k} is promised {said(wanted)} t of {i} in the first "
        f"{tree.end[last] - onset.start:g} months ({percent(lever.before)} of its demand). {said(wanted - lacking - store - thrift)} t still arrive"
        + (f", {said(thrift)} t are saved" if thrift > ENOUGH else "")
        + f" and {said(store)} t come from store"
        + (f", where no more than {said(then)} t can be by then" if then is not None else "")
        + f": {said(lacking)} t are missing, the first of them in {calendar(case, float(tree.start[min(n for n in missing if n in onset.nodes)]))}."
    )


def shortest(elastic: Elastic, levers: Sequence[int], ask: int) -> Floats:
    """The columns of the case where a sector goes short of a material beyond its promise as little and as late as can be, and the rest of a conflict holds."""
    loosened, lever = elastic.loosened, elastic.levers[ask]
    same = {other for other in levers if elastic.levers[other].sector == lever.sector and elastic.levers[other].asks_for == lever.asks_for}
    program = loosened.with_slacks(np.zeros(len(elastic.open)), without(elastic, levers, same))
    tree, allowed, needed = loosened.data.tree, loosened.data.table("short_limit"), loosened.data.table("demand")
    cost, low = program.cost.copy(), program.low.copy()
    for j, variable in enumerate(loosened.strict.columns):
        if loosened.name_of[j] == "shortage" and variable.index()[:2] == (lever.asks_for, lever.sector):
            index = variable.index()
            if allowed[index] < needed[index]:
                cost[j], low[j] = 1 + 1 / (1 + tree.start[index[2]]), allowed[index]
    answer = Session(replace(program, cost=cost, low=low), time_limit=elastic.time_limit).solve()
    return answer.x if answer.status is Status.OPTIMAL else np.zeros(loosened.width)


def most_in_store(elastic: Elastic, levers: Sequence[int], material: str, node: int) -> float | None:
    """The most of a material that can be in store at the end of a node, where the limits of a conflict hold; None where there is no end to it."""
    loosened = elastic.loosened
    high = without(elastic, levers, {lever for lever in levers if elastic.levers[lever].asks_for})
    program = loosened.with_slacks(np.zeros(len(high)), high)
    cost = program.cost.copy()
    column = next(j for j, v in enumerate(loosened.strict.columns) if loosened.name_of[j] == "stock" and v.index() == (material, node))
    cost[column] = -1.0
    answer = Session(replace(program, cost=cost), time_limit=elastic.time_limit).solve()
    return float(answer.x[column]) if answer.status is Status.OPTIMAL else None
