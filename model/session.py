"""One compiled model on HiGHS: the answer, its status in plain words, and the duals."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import highspy
import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.common.errors import InfeasibleConstraintException
from pyomo.common.gc_manager import PauseGC
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy.sparse import csc_array

Floats = NDArray[np.float64]
Places = NDArray[np.int32]


class Status(StrEnum):
    """What became of a solve."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Program:
    """The linear program as arrays, columns and rows in Pyomo's order.

    min cost @ x + offset, low <= x <= high, row_low <= A x <= row_high, A by columns.
    `columns` and `rows` are the Pyomo variables and constraints, where there is a model.
    """

    cost: Floats
    offset: float
    low: Floats
    high: Floats
    row_low: Floats
    row_high: Floats
    starts: NDArray[np.int32]
    indices: NDArray[np.int32]
    entries: Floats
    columns: list[Any] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)

    @property
    def matrix(self) -> csc_array:
        """A as a sparse matrix (rows, columns)."""
        return csc_array((self.entries, self.indices, self.starts), shape=(len(self.row_low), len(self.cost)))


@dataclass(frozen=True)
class Answer:
    """The answer of one solve; `x` and `row_dual` are empty unless it is optimal."""

    status: Status
    objective: float | None
    x: Floats = field(default_factory=lambda: np.empty(0))
    row_dual: Floats = field(default_factory=lambda: np.empty(0))
    iterations: int = 0
    message: str = ""
    seconds: float = 0.0
    """Of HiGHS alone."""


def compile_model(m: pyo.ConcreteModel) -> Program | None:
    """The model as arrays; None where no plan can exist whatever is solved (an impossible floor, a constraint without variables)."""
    if m.data.impossible:
        return None
    with PauseGC():  # the pass over so many small objects would set it off again and again
        try:
            form = LinearStandardFormCompiler().write(m, mixed_form=True)
        except InfeasibleConstraintException:
            return None
        bounds = np.array([variable.bounds for variable in form.columns], dtype=float)  # None becomes nan
    sense = np.array([entry.bound_type for entry in form.rows], dtype=np.int8)
    return Program(
        cost=form.c.toarray()[0],
        offset=float(form.c_offset[0]),
        low=np.where(np.isnan(bounds[:, 0]), -np.inf, bounds[:, 0]),
        high=np.where(np.isnan(bounds[:, 1]), np.inf, bounds[:, 1]),
        row_low=np.where(sense <= 0, form.rhs, -np.inf),
        row_high=np.where(sense >= 0, form.rhs, np.inf),
        starts=form.A.indptr.astype(np.int32),
        indices=form.A.indices.astype(np.int32),
        entries=form.A.data,
        columns=form.columns,
        rows=[entry.constraint for entry in form.rows],
    )


def rows_by_equation(rows: list[Any]) -> dict[str, NDArray[np.int64]]:
    """The places of each equation's rows, in order."""
    places: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        places.setdefault(row.parent_component().local_name, []).append(i)
    return {name: np.array(of_name, dtype=np.int64) for name, of_name in places.items()}


def hand_over(highs: Any, program: Program) -> None:
    """Give HiGHS the whole program, as arrays."""
    n, m = len(program.cost), len(program.row_low)
    highs.passModel(
        n, m, len(program.entries), int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMinimize), program.offset, program.cost, np.minimum(program.low, program.high),
        program.high, program.row_low, program.row_high, program.starts, program.indices, program.entries, np.zeros(n, dtype=np.int32),
    )  # fmt: skip


CROSSING = 1e-9
"""Relative: 73/365 x 12 is a little more than 2.4."""


def crossing(program: Program) -> bool:
    """Whether a bound crosses another by more than rounding: nothing fits between them, and HiGHS would refuse them."""
    low, high = program.low, program.high
    return bool(np.any(low > high)) and bool(np.any(low > high + CROSSING * (1 + np.abs(high))))


def array_of(values: list[float]) -> Floats:
    """A list of floats as an array; `np.asarray` would look at each to see what it is."""
    return np.fromiter(values, dtype=np.float64, count=len(values))


@dataclass(frozen=True)
class Moves:
    """Where two programs of one structure differ: columns in cost, columns and rows in their bounds, and coefficients, each ascending."""

    cost: Places
    columns: Places
    rows: Places
    entries: Places


def differences(old: Program, new: Program) -> Moves:
    """Where a program differs from another of its structure."""
    return Moves(
        places(old.cost != new.cost),
        places((old.low != new.low) | (old.high != new.high)),
        places((old.row_low != new.row_low) | (old.row_high != new.row_high)),
        places(old.entries != new.entries),
    )


def places(there: NDArray[np.bool_]) -> Places:
    return np.flatnonzero(there).astype(np.int32)


MANY = 150
"""So many changed coefficients are handed over one by one at most; beyond, the whole program is."""


class Session:
    """One linear program in HiGHS: solve, change numbers, solve again from the last basis."""

    def __init__(self, program: Program, *, time_limit: float | None = None, threads: int | None = None) -> None:
        self.program, self.crossed = program, False
        self.handed: Program | None = None
        self.time_limit = time_limit
        self.highs: Any = highspy.Highs()
        self.highs.setOptionValue("output_flag", False)
        if threads is not None:
            self.highs.setOptionValue("threads", threads)
        self.change(program)

    def change(self, program: Program, moves: Moves | None = None) -> None:
        """Hand over what differs in a program of the same structure; HiGHS keeps its basis.

        `moves` says what differs from the last program, where that is known.
        """
        before, self.program, self.crossed = self.program, program, crossing(program)
        if self.crossed:
            return
        old, self.handed = self.handed, program
        if old is None:
            hand_over(self.highs, program)
            return
        if moves is None or old is not before:
            moves = differences(old, program)
        if len(moves.entries) > MANY:
            basis = self.highs.getBasis()
            hand_over(self.highs, program)
            self.highs.setBasis(basis)
            return
        columns = moves.cost
        self.highs.changeColsCost(len(columns), columns, program.cost[columns])
        columns = moves.columns
        self.highs.changeColsBounds(len(columns), columns, np.minimum(program.low[columns], program.high[columns]), program.high[columns])
        rows = moves.rows
        self.highs.changeRowsBounds(len(rows), rows, program.row_low[rows], program.row_high[rows])
        if old.offset != program.offset:
            self.highs.changeObjectiveOffset(program.offset)
        self.change_entries(program, moves.entries)

    def change_entries(self, program: Program, places: Places) -> None:
        """Hand over coefficients, one by one if they are few."""
        of_column = np.searchsorted(program.starts, places, side="right") - 1
        for row, column, entry in zip(program.indices[places].tolist(), of_column.tolist(), program.entries[places].tolist(), strict=True):
            self.highs.changeCoeff(row, column, entry)

    def forget(self) -> None:
        """Solve the next time from scratch."""
        self.highs.clearSolver()

    def solve(self) -> Answer:
        """Solve, and say what became of it.

        Bounds that cross make a program infeasible before HiGHS is asked, which would refuse it.
        """
        if self.crossed:
            return Answer(Status.INFEASIBLE, None)
        if self.time_limit is not None:  # HiGHS counts the time of all its runs
            self.highs.setOptionValue("time_limit", self.highs.getRunTime() + self.time_limit)
        began = time.perf_counter()
        self.highs.run()
        seconds = time.perf_counter() - began
        status = self.highs.getModelStatus()
        if status == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            status = self.unbounded_or_infeasible()
        if status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty):
            solution, info = self.highs.getSolution(), self.highs.getInfo()
            return Answer(
                Status.OPTIMAL,
                float(info.objective_function_value),
                array_of(solution.col_value),
                array_of(solution.row_dual),
                int(info.simplex_iteration_count),
                seconds=seconds,
            )
        if status == highspy.HighsModelStatus.kInfeasible:
            return Answer(Status.INFEASIBLE, None, seconds=seconds)
        if status == highspy.HighsModelStatus.kUnbounded:
            return Answer(Status.UNBOUNDED, None, seconds=seconds)
        return Answer(Status.STOPPED, None, message=self.highs.modelStatusToString(status), seconds=seconds)

    def unbounded_or_infeasible(self) -> Any:
        """Presolve sometimes cannot tell the two apart: without costs, only infeasible remains."""
        zero = highspy.Highs()
        zero.setOptionValue("output_flag", False)
        if self.time_limit is not None:
            zero.setOptionValue("time_limit", self.time_limit)
        hand_over(zero, replace(self.program, cost=np.zeros_like(self.program.cost)))
        zero.run()
        status = zero.getModelStatus()
        return highspy.HighsModelStatus.kUnbounded if status == highspy.HighsModelStatus.kOptimal else status
