"""The finished plan of a case: status, quantities and costs as tables."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyomo.environ as pyo
from pyomo.common.gc_manager import PauseGC

from inputs.arrays import Floats
from inputs.case import Case
from model.build import build
from model.data.compute import Data, compute
from model.declare import amount
from model.families.objective import expected_stock_salvage
from model.families.orders import capacity_salvage
from model.families.risk import cvar
from model.parameters import SALVAGE, SETS
from model.solver.compile import compile_model, rows_by_equation
from model.solver.highs import Session
from model.solver.program import Answer, Status
from model.tree import Tree

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What a solve gave.

    `values[variable]` is one array over the variable's set in `data.sets` (`over[variable]`
    names the set) and `duals[equation]` one over the equation's rows in order (thousand USD for a
    unit more on its right side); `costs` has a row for each cost term and a column for each node, in
    thousand USD before probability and discount (`labels` names them for people); `left` holds the expected discounted
    worth of what is left at the ends (`stock_salvage`, `capacity_salvage`); `risk` is the part of the
    objective that the weight on the tail adds, risk_weight x (CVaR - expected cost).
    All are empty unless the status is optimal.
    """

    case: Case
    data: Data
    status: Status
    objective: float | None
    columns: int
    rows: int
    nonzeros: int
    iterations: int
    message: str
    seconds: Mapping[str, float]
    values: Mapping[str, Floats] = field(default_factory=dict)
    over: Mapping[str, str] = field(default_factory=dict)
    duals: Mapping[str, Floats] = field(default_factory=dict)
    costs: pd.DataFrame = field(default_factory=pd.DataFrame)
    labels: Mapping[str, str] = field(default_factory=dict)
    salvage: Mapping[str, float] = field(default_factory=dict)
    risk: float = 0.0

    @property
    def tree(self) -> Tree:
        """The tree of futures that it was solved on."""
        return self.data.tree

    def frame(self, variable: str) -> pd.DataFrame:
        """A variable as a tidy table: a column for each index (see `model.parameters.SETS`) and `value`."""
        name = self.over[variable]
        members = self.data.sets[name]
        columns = zip(*members, strict=True) if members and isinstance(members[0], tuple) else [members]
        indices = dict(zip(SETS[name], columns, strict=False))
        return pd.DataFrame({**{k: list(indices.get(k, ())) for k in SETS[name]}, "value": self.values[variable]})

    def parameter(self, name: str) -> Mapping[object, float]:
        """A parameter of the model as a dictionary over its set."""
        return self.data.table(name)

    @cached_property
    def expected(self) -> pd.DataFrame:
        """Cost terms (rows) by node (columns): expected and discounted, thousand USD."""
        return self.costs * self.data.values["weight"]

    @cached_property
    def nodes(self) -> pd.DataFrame:
        """One row a node: in_trunk, branch, cutoff ("" in the trunk), onset (month), start, end, year, elapsed, prob, leaf."""
        tree = self.tree
        of = [tree.branches[b] if b >= 0 else None for b in tree.branch.tolist()]
        return pd.DataFrame(
            {
                "in_trunk": tree.in_trunk,
                "branch": tree.branch,
                "cutoff": [b.cutoff if b else "" for b in of],
                "onset": [b.start if b else np.nan for b in of],
                "start": tree.start,
                "end": tree.end,
                "year": tree.year,
                "elapsed": tree.elapsed,
                "prob": tree.prob,
                "leaf": tree.leaf,
            }
        )


class Clock:
    """Seconds by stage, said aloud as they begin."""

    def __init__(self, progress: Progress | None = None) -> None:
        self.seconds: dict[str, float] = {}
        self.progress = progress

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage in seconds, and say its name."""
        if self.progress:
            self.progress(name)
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = time.perf_counter() - began


def make_plan(case: Case, *, time_limit: float | None = None, progress: Progress | None = None) -> Plan:
    """Build, compile and solve the linear program of a case.

    `time_limit` is in seconds of HiGHS; `progress` is called with the name of each stage
    (build, compile, solve, collect). A case without a plan is no exception: see `Plan.status`.
    """
    clock = Clock(progress)
    with clock.stage("build"):
        data = compute(case)
        m = build(data)
    with clock.stage("compile"):
        program = compile_model(m)
    if program is None:
        return Plan(case, data, Status.INFEASIBLE, None, 0, 0, 0, 0, "; ".join(data.impossible), clock.seconds)
    with clock.stage("solve"):
        answer = Session(program, time_limit=time_limit).solve()
    size = (len(program.columns), len(program.rows), len(program.entries))
    if answer.status is not Status.OPTIMAL:
        return Plan(case, data, answer.status, None, *size, answer.iterations, answer.message, clock.seconds)
    with clock.stage("collect"), PauseGC():
        for variable, value in zip(program.columns, answer.x.tolist(), strict=True):
            variable.set_value(value, skip_validation=True)
        return collect(m, data, answer, by_equation(program.rows, answer.row_dual), size, clock.seconds)


def by_equation(rows: list[Any], row_dual: Floats) -> dict[str, Floats]:
    """The duals of each equation, in the order of its rows."""
    return {name: row_dual[places] for name, places in rows_by_equation(rows).items()}


def collect(
    m: pyo.ConcreteModel, data: Data, answer: Answer, duals: dict[str, Floats], size: tuple[int, int, int], seconds: dict[str, float]
) -> Plan:
    """The plan from a model whose variables hold the answer."""
    values, over = {}, {}
    for variable in m.component_objects(pyo.Var):
        name = variable.index_set().local_name
        if name in data.sets:
            values[variable.local_name] = np.array([v.value or 0.0 for v in variable.values()])
            over[variable.local_name] = name
    costs = pd.DataFrame(
        [[pyo.value(amount(m, t, n)) for n in m.NODES] for t in m.terms],
        index=pd.Index(list(m.terms), name="term"),
        columns=pd.Index(m.NODES, name="node"),
    )
    left = dict(zip(SALVAGE, (float(pyo.value(expected_stock_salvage(m))), float(pyo.value(capacity_salvage(m)))), strict=True))
    expected = float((costs.to_numpy() * data.values["weight"]).sum()) - sum(left.values())
    risk = m.risk_weight * (float(pyo.value(cvar(m))) - expected) if m.RISK_LEAVES else 0.0
    return Plan(
        data.case, data, answer.status, answer.objective, *size, answer.iterations, answer.message, seconds,
        values, over, duals, costs, m.terms, left, risk,
    )  # fmt: skip
