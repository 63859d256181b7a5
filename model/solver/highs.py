"""One program on HiGHS: the answer, its status in plain words, and the duals."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np

from inputs.arrays import Floats, Places
from model.solver.program import Answer, Moves, Program, Status, crossing, differences


def hand_over(highs: Any, program: Program) -> None:
    """Give HiGHS the whole program, as arrays."""
    n, m = len(program.cost), len(program.row_low)
    highs.passModel(
        n, m, len(program.entries), int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMinimize), program.offset, program.cost, np.minimum(program.low, program.high),
        program.high, program.row_low, program.row_high, program.starts, program.indices, program.entries, np.zeros(n, dtype=np.int32),
    )  # fmt: skip


def array_of(values: list[float]) -> Floats:
    """A list of floats as an array; `np.asarray` would look at each to see what it is."""
    return np.fromiter(values, dtype=np.float64, count=len(values))


MANY = 150
"""So many changed coefficients are handed over one by one at most; beyond, the whole program is."""


@dataclass
class Scheduler:
    """HiGHS keeps its threads for the whole process, and refuses to run with another number of them until they are ended."""

    threads: int | None = None


SCHEDULER = Scheduler()


def use_threads(count: int) -> None:
    """Make HiGHS ready to run with so many threads."""
    if SCHEDULER.threads not in (None, count):
        highspy.Highs.resetGlobalScheduler(True)
    SCHEDULER.threads = count


class Session:
    """One linear program in HiGHS: solve, change numbers, solve again from the last basis."""

    def __init__(self, program: Program, *, time_limit: float | None = None, threads: int = 1) -> None:
        self.program, self.crossed = program, False
        self.handed: Program | None = None
        self.time_limit = time_limit
        self.highs: Any = highspy.Highs()
        self.highs.setOptionValue("output_flag", False)
        self.threads = threads
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
        use_threads(self.threads)
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
        zero.setOptionValue("threads", self.threads)
        if self.time_limit is not None:
            zero.setOptionValue("time_limit", self.time_limit)
        hand_over(zero, replace(self.program, cost=np.zeros_like(self.program.cost)))
        zero.run()
        status = zero.getModelStatus()
        return highspy.HighsModelStatus.kUnbounded if status == highspy.HighsModelStatus.kOptimal else status
