"""One compiled model on HiGHS: the answer, its status in plain words, and the duals."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import highspy
import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.common.errors import InfeasibleConstraintException
from pyomo.common.gc_manager import PauseGC
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

Floats = NDArray[np.float64]


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
    `columns` and `rows` are the Pyomo variables and constraints.
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
    columns: list[Any]
    rows: list[Any]

    def residuals(self, x: Floats) -> tuple[float, float]:
        """The largest violation of a row and of a bound by x."""
        activity = np.zeros(len(self.row_low))
        np.add.at(activity, self.indices, self.entries * np.repeat(x, np.diff(self.starts)))
        rows = np.maximum(self.row_low - activity, activity - self.row_high)
        bounds = np.maximum(self.low - x, x - self.high)
        return float(rows.max(initial=0.0)), float(bounds.max(initial=0.0))


@dataclass(frozen=True)
class Answer:
    """The answer of one solve; `x`, `row_dual` and `column_dual` are empty unless it is optimal."""

    status: Status
    objective: float | None
    x: Floats = field(default_factory=lambda: np.empty(0))
    row_dual: Floats = field(default_factory=lambda: np.empty(0))
    column_dual: Floats = field(default_factory=lambda: np.empty(0))
    iterations: int = 0
    message: str = ""


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


class Session:
    """One linear program in HiGHS."""

    def __init__(self, program: Program, *, time_limit: float | None = None) -> None:
        self.program = program
        self.time_limit = time_limit
        self.highs = highspy.Highs()
        self.highs.setOptionValue("output_flag", False)
        if time_limit is not None:
            self.highs.setOptionValue("time_limit", time_limit)
        self.highs.passModel(self.lp())

    def lp(self) -> highspy.HighsLp:
        program, lp = self.program, highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(program.cost), len(program.row_low)
        lp.col_cost_, lp.offset_ = program.cost, program.offset
        lp.col_lower_, lp.col_upper_ = program.low, program.high
        lp.row_lower_, lp.row_upper_ = program.row_low, program.row_high
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = lp.num_col_, lp.num_row_
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = program.starts, program.indices, program.entries
        return lp

    def solve(self) -> Answer:
        """Solve, and say what became of it.

        Bounds that cross make a program infeasible before HiGHS is asked, which would refuse it.
        """
        if np.any(self.program.low > self.program.high):
            return Answer(Status.INFEASIBLE, None)
        self.highs.run()
        status = self.highs.getModelStatus()
        if status == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            status = self.unbounded_or_infeasible()
        if status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty):
            solution, info = self.highs.getSolution(), self.highs.getInfo()
            return Answer(
                Status.OPTIMAL,
                float(info.objective_function_value),
                np.asarray(solution.col_value),
                np.asarray(solution.row_dual),
                np.asarray(solution.col_dual),
                int(info.simplex_iteration_count),
            )
        if status == highspy.HighsModelStatus.kInfeasible:
            return Answer(Status.INFEASIBLE, None)
        if status == highspy.HighsModelStatus.kUnbounded:
            return Answer(Status.UNBOUNDED, None)
        return Answer(Status.STOPPED, None, message=self.highs.modelStatusToString(status))

    def unbounded_or_infeasible(self) -> Any:
        """Presolve sometimes cannot tell the two apart: without costs, only infeasible remains."""
        zero = highspy.Highs()
        zero.setOptionValue("output_flag", False)
        if self.time_limit is not None:
            zero.setOptionValue("time_limit", self.time_limit)
        lp = self.lp()
        lp.col_cost_ = np.zeros(lp.num_col_)
        zero.passModel(lp)
        zero.run()
        status = zero.getModelStatus()
        return highspy.HighsModelStatus.kUnbounded if status == highspy.HighsModelStatus.kOptimal else status
