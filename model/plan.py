"""The finished plan of a case: status, quantities and costs as tables."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyomo.core as pyo

from inputs.arrays import Floats, Ints
from inputs.case import Case
from model.build import build
from model.costs import Costs, break_down
from model.data.compute import Data, compute
from model.metrics import risk_premium
from model.parameters import SETS
from model.process_state import pyomo_alone
from model.second_rule import Columns, Decided, choose
from model.solver.compile import compile_model, rows_by_equation
from model.solver.highs import Session
from model.solver.program import Answer, Program, Solver, Status
from model.solver.spread import Spread, spreads
from model.tree import Tree

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What a solve gave.

    `values[variable]` is one array over the variable's set in `data.sets` (`over[variable]`
    names the set), `reduced_costs[variable]` another over it, and `duals[equation]` one over the equation's rows in order (thousand USD for a
    unit more on its right side), whose indices are `rows_of[equation]`; `costs` has a row for each cost term and a column for each node, in
    thousand USD before probability and discount; `salvage` holds the expected discounted
    worth of what is left where the stockpile is settled and at the ends (`stock_salvage`, `capacity_salvage`); `risk` is the part of the
    objective that the weight on the tail adds, risk_weight x (CVaR - expected cost); `outlays` has
    the public money spent by kind in each node of the trunk, in thousand USD, undiscounted; `spreads` says how far the numbers of the program are apart.
    All are empty unless the status is optimal. `decided` says what the second rule did.
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
    reduced_costs: Mapping[str, Floats] = field(default_factory=dict)
    duals: Mapping[str, Floats] = field(default_factory=dict)
    costs: pd.DataFrame = field(default_factory=pd.DataFrame)
    salvage: Mapping[str, float] = field(default_factory=dict)
    risk: float = 0.0
    outlays: pd.DataFrame = field(default_factory=pd.DataFrame)
    rows_of: Mapping[str, Sequence[object]] = field(default_factory=dict)
    spreads: Sequence[Spread] = ()
    decided: Decided = Decided.LEFT_OUT

    @property
    def said_status(self) -> str:
        """The status; of the best plan of a case that has none, that it is none."""
        return self.message if self.status is Status.OPTIMAL and self.message else str(self.status)

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


@dataclass(frozen=True)
class Solved:
    """A plan with what it was solved from, of which studies ask further questions; None where no plan can exist, and nothing was solved."""

    plan: Plan
    model: pyo.ConcreteModel | None = None
    session: Session | None = None


def make_plan(
    case: Case,
    *,
    time_limit: float | None = None,
    solver: Solver = Solver.CHOOSE,
    threads: int = 1,
    progress: Progress | None = None,
    tight: bool = False,
    any_optimum: bool = False,
) -> Plan:
    """The plan of a case; see `solve_case`."""
    return solve_case(
        case, time_limit=time_limit, solver=solver, threads=threads, progress=progress, tight=tight, any_optimum=any_optimum
    ).plan


def solve_case(
    case: Case,
    *,
    time_limit: float | None = None,
    solver: Solver = Solver.CHOOSE,
    threads: int = 1,
    progress: Progress | None = None,
    tight: bool = False,
    any_optimum: bool = False,
) -> Solved:
    """Build, compile and solve the linear program of a case; of plans that cost the same, the second rule chooses, unless `any_optimum`.

    `time_limit` is in seconds of HiGHS, `threads` how many it may use; `progress` is called with the name of each stage
    (build, compile, solve, choose, collect); `tight` asks the solver for a hundredth of its usual tolerances. A case without a plan is no exception: see
    `Plan.status`. Raises MissingExtra where the solver is HiPO and it is not installed.
    """
    clock = Clock(progress)
    with clock.stage("build"):
        data = compute(case)
        m = build(data)
    with clock.stage("compile"):
        program = compile_model(m)
    if program is None:
        return Solved(Plan(case, data, Status.INFEASIBLE, None, 0, 0, 0, 0, "; ".join(data.impossible), clock.seconds))
    with clock.stage("solve"):
        session = Session(program, time_limit=time_limit, solver=solver, threads=threads, tight=tight)
        answer = session.solve()
    decided = Decided.LEFT_OUT
    if answer.status is Status.OPTIMAL and not any_optimum:
        with clock.stage("choose"):
            answer, decided = choose(data, program, all_columns(m, data, program), answer)
    with clock.stage("collect"):
        plan = plan_of(m, data, program, answer, clock.seconds, decided)
    return Solved(plan, m, session)


def plan_of(
    m: pyo.ConcreteModel, data: Data, program: Program, answer: Answer, seconds: Mapping[str, float], decided: Decided = Decided.LEFT_OUT
) -> Plan:
    """The plan that an answer to the program of a model is; `seconds` by stage, `decided` by the second rule."""
    size = (len(program.columns), len(program.rows), len(program.entries))
    if answer.status is not Status.OPTIMAL:
        return Plan(data.case, data, answer.status, None, *size, answer.iterations, answer.message, seconds)
    with pyomo_alone():
        values, over, reduced_costs, duals, costs, rows_of = answer_arrays(m, data, program, answer)
        return Plan(
            data.case, data, answer.status, answer.objective, *size, answer.iterations, answer.message, seconds,
            values, over, reduced_costs, duals, costs_by_node(data, costs.terms, "term"), costs.salvage, risk_premium(data, costs),
            costs_by_node(data, costs.outlays, "kind"), rows_of, spreads(program), decided,
        )  # fmt: skip


class AnswerArrays(NamedTuple):
    """An optimal answer: each variable over its set (`over` names it) with its reduced costs, the duals of each equation in the order of its rows, the costs, and the indices of the rows."""

    values: dict[str, Floats]
    over: dict[str, str]
    reduced_costs: dict[str, Floats]
    duals: dict[str, Floats]
    costs: Costs
    rows_of: dict[str, list[object]]


def answer_arrays(m: pyo.ConcreteModel, data: Data, program: Program, answer: Answer) -> AnswerArrays:
    """An optimal answer by the names of the model that its program was compiled from; a variable in no equation is 0."""
    x, d = np.append(answer.x, 0.0), np.append(answer.reduced_cost, 0.0)
    over, places = all_columns(m, data, program)
    values, reduced_costs = {name: x[at] for name, at in places.items()}, {name: d[at] for name, at in places.items()}
    rows = rows_by_equation(program.rows)
    duals = {name: answer.row_dual[at] for name, at in rows.items()}
    rows_of = {name: [program.rows[i].index() for i in at.tolist()] for name, at in rows.items()}
    breakdown, coefficients = break_down(m, program.columns)
    return AnswerArrays(
        values, dict(over), reduced_costs, duals, breakdown.evaluate(np.array(coefficients, dtype=float), answer.x), rows_of
    )


def all_columns(m: pyo.ConcreteModel, data: Data, program: Program) -> Columns:
    """The columns of every variable over a set of the data."""
    over = {v.local_name: v.index_set().local_name for v in m.component_objects(pyo.Var) if v.index_set().local_name in data.sets}
    return Columns(over, {name: columns_of(m, program, name) for name in over})


def columns_of(m: pyo.ConcreteModel, program: Program, variable: str) -> Ints:
    """The columns of a variable in the order of its set, -1 where it is in no equation."""
    of = program.column_of
    return np.array([of.get(id(v), -1) for v in m.component(variable).values()], dtype=np.int64)


def costs_by_node(data: Data, amounts: Mapping[str, Floats], name: str) -> pd.DataFrame:
    """Amounts (rows) by node (columns)."""
    index = pd.Index(list(amounts), name=name)
    return pd.DataFrame(np.vstack(list(amounts.values())), index, pd.Index(data.sets["NODES"], name="node"))
