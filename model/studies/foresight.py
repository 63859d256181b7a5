"""What is known beforehand: the plan of each future by itself, the plan for the average length, and what decisions cost where they were made for another case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from inputs.arrays import Floats
from inputs.case import Case
from model.parameters import SETS
from model.plan import Plan, Solved, all_columns, columns_of, solve_case
from model.solver.compile import rows_by_equation
from model.solver.highs import Session
from model.solver.program import Status
from model.studies.programme import HAZARD

YEAR = 12.0
"""Months: in planning periods that are shorter a year does not tell onsets apart."""


@dataclass(frozen=True)
class Certain:
    """A future by itself: the case in which it comes for sure, and its probability in the plan's own."""

    case: Case
    probability: float


def futures(plan: Plan) -> Iterator[Certain]:
    """Every future of a plan: none of the cutoffs, or one of them with its onset and length. For planning periods of a year or more."""
    case, tree = plan.case, plan.tree
    leaf = np.bincount(tree.branch + 1, tree.leaf, len(tree.branches) + 1)
    without = case
    for sheet in HAZARD:
        without = without.with_frame(sheet, case[sheet].iloc[:0])
    yield Certain(without, float(leaf[0]))
    lengths = case["durations"]
    onsets = dict.fromkeys((branch.cutoff, branch.start) for branch in tree.branches)
    for cutoff, start in onsets:
        began = sum(leaf[b + 1] for b, branch in enumerate(tree.branches) if (branch.cutoff, branch.start) == (cutoff, start))
        year = float(tree.start_year + int(start // YEAR))
        for _, length in lengths[(lengths["cutoff"] == cutoff) & (lengths["probability"] > 0)].iterrows():
            yield Certain(certain(case, cutoff, year, length["months"]), float(began * length["probability"]))


def certain(case: Case, cutoff: str, year: float, months: float) -> Case:
    """The case in which one cutoff begins at the start of a year for sure, and lasts so many months."""
    for sheet in HAZARD:
        case = case.with_frame(sheet, case[sheet][case[sheet]["cutoff"] == cutoff])
    lengths = case["durations"][case["durations"]["months"] == months]
    case = case.with_frame("durations", lengths.assign(probability=1.0)).with_frame("hazards", case["hazards"].iloc[:0])
    return case.with_frame("cutoffs", case["cutoffs"].assign(annual_probability=1.0, first_year=year, last_year=year))


def cost_alone(future: Case) -> float | None:
    """The least cost of a future that comes for sure, thousand USD; None where it has no plan. The rules of a peace that never comes bind nothing before it."""
    solved = solve_case(future, any_optimum=True)
    tree = solved.plan.tree
    comes = tree.prob[: tree.trunk] > 0
    if comes.all() or solved.model is None or solved.session is None:
        return solved.plan.objective
    years = tree.year[: tree.trunk]
    never = {"node": set(np.flatnonzero(~comes).tolist()), "year": {*years[~comes].tolist()} - {*years[comes].tolist()}}
    program = solved.session.program
    low, row_low, row_high = program.low.copy(), program.row_low.copy(), program.row_high.copy()
    for equation, rows in rows_by_equation(program.rows).items():
        those = never.get(SETS[solved.model.component(equation).index_set().local_name][-1], set())
        free = [row for row in rows.tolist() if last(program.rows[row].index()) in those]
        row_low[free], row_high[free] = -np.inf, np.inf
    over, places = all_columns(solved.model, solved.plan.data, program)
    for variable, columns in places.items():
        those = never.get(SETS[over[variable]][-1], set())
        members = zip(solved.plan.data.sets[over[variable]], columns.tolist(), strict=True)
        free = [column for member, column in members if column >= 0 and last(member) in those]
        low[free] = np.minimum(low[free], 0.0)
    answer = Session(replace(program, low=low, row_low=row_low, row_high=row_high)).solve()
    return answer.objective if answer.status is Status.OPTIMAL else None


def last(index: object) -> object:
    """The last part of an index: the node or year, where it has one."""
    return index[-1] if isinstance(index, tuple) else index


def average_case(case: Case) -> Case:
    """The case in which each cutoff lasts as long as it does on average."""
    lengths = case["durations"]
    mean = (lengths["months"] * lengths["probability"]).groupby(lengths["cutoff"]).sum()
    first = lengths.drop_duplicates("cutoff")
    return case.with_frame("durations", first.assign(months=first["cutoff"].map(mean).astype(float), probability=1.0))


def cost_with(solved: Solved, decided: Plan) -> float | None:
    """What the case of `solved` costs with what another plan buys, takes in and orders in peace, thousand USD; None where no plan has these decisions.

    The session is left as it was. Both have the same trunk.
    """
    session = solved.session
    assert session is not None
    program, basis, trunk = session.program, session.basis, solved.plan.tree.trunk
    offers = solved.plan.case["supply"]
    bought = set(offers.loc[offers["buyer"] == "stockpile", "offer"])
    low, high = program.low.copy(), program.high.copy()
    for variable in ("supply", "offtake", "order"):
        if variable not in solved.plan.values:
            continue
        wanted = dict(zip(decided.data.sets[decided.over[variable]], decided.values[variable].tolist(), strict=True))
        members, columns = solved.plan.data.sets[solved.plan.over[variable]], columns_of(solved.model, program, variable)
        for member, column in zip(members, columns.tolist(), strict=True):
            if column >= 0 and member[-1] < trunk and (variable != "supply" or member[0] in bought):
                low[column] = high[column] = min(max(wanted.get(member, 0.0), low[column]), high[column])
    session.change(replace(program, low=low, high=high))
    answer = session.solve()
    session.change(program)
    session.set_basis(basis)
    return answer.objective if answer.status is Status.OPTIMAL else None


def weighed(costs: Floats, probabilities: Floats, weight: float, tail: float) -> float:
    """(1 - weight) x the expected cost + weight x the mean of the worst share `tail`, of the costs of futures (thousand USD) with their probabilities."""
    order = np.argsort(-costs, kind="stable")
    taken = np.minimum(np.cumsum(probabilities[order]), tail)
    worst = float(costs[order] @ np.diff(taken, prepend=0.0)) / tail if tail > 0 else float(costs.max())
    return (1 - weight) * float(costs @ probabilities) + weight * worst
