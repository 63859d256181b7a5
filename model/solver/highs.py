"""One program on HiGHS: the answer, its status in plain words, and the duals. No answer is believed without the check of optimality."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import highspy
import numpy as np

from inputs.arrays import Floats, Places
from inputs.errors import StockpileError
from inputs.extras import module_of
from model.solver.optimality import check_optimality
from model.solver.program import Answer, Delta, Program, Solver, Status, crossing, differences
from model.solver.running import SCHEDULER, run_interruptibly
from model.solver.scaling import confirmed, is_far, scaled

MAX_SINGLE_CHANGES = 150
"""So many changed coefficients are given one by one at most; beyond, the whole program is."""

DEVEX = 1
"""Devex pricing: steepest edge recomputes its weights for each basis; Devex cuts run() by 40 % in benchmarks/sweep.py."""

DUAL, PRIMAL = 1, 4
"""The simplex that moves from one set of prices to the next, and the one that moves from plan to plan."""

STEPS, ENDLESS = 10_000, 2**31 - 1
"""Steps after which the primal simplex is given up, for it can go on for very long; and as many as there may be."""

TIGHT = 1e-9
"""The tolerances of a second try, a hundredth of HiGHS's own."""

TOLERANCES = ("primal_feasibility_tolerance", "dual_feasibility_tolerance")

LIMITS = (
    highspy.HighsModelStatus.kTimeLimit,
    highspy.HighsModelStatus.kInterrupt,
)
"""What HiGHS says where a limit ended it."""


class SolverError(StockpileError):
    """HiGHS refused what it was told, or failed."""

    exit_code = 7


def must(status: Any, call: str) -> None:
    """Raise SolverError where a call of HiGHS did not do what it was told; a warning is none."""
    if status == highspy.HighsStatus.kError:
        raise SolverError(f"the solver refused {call}: a number of the program is not finite, or its bounds or sizes do not fit.")


def pass_model(highs: Any, program: Program) -> None:
    """Give HiGHS the whole program, as arrays. Raises SolverError."""
    n, m = len(program.cost), len(program.row_low)
    status = highs.passModel(
        n, m, len(program.entries), int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMinimize), program.offset, finite(program.cost), np.minimum(program.low, program.high),
        program.high, program.row_low, program.row_high, program.starts, program.indices, finite(program.entries), np.zeros(n, dtype=np.int32),
    )  # fmt: skip
    must(status, "passModel")


def finite(numbers: Floats) -> Floats:
    """Costs or coefficients as they are; raises SolverError where one is not finite, which HiGHS would take."""
    if not np.isfinite(numbers).all():
        raise SolverError("the solver cannot be given a cost or a coefficient that is infinite or not a number.")
    return numbers


def array_of(values: list[float]) -> Floats:
    """A list of floats as an array; `np.asarray` would look at each to see what it is."""
    return np.fromiter(values, dtype=np.float64, count=len(values))


class Session:
    """One linear program in HiGHS: solve, change numbers, solve again from the last basis.

    `time_limit` is in seconds of HiGHS for each solve; `tight` solves with the tolerances of a second try at once; `confirm` has it
    that no plan exists, or a cheapest does not, only where the scaled program says so too. Raises MissingExtra where `solver` is HiPO and
    it is not installed.
    """

    def __init__(
        self,
        program: Program,
        *,
        time_limit: float | None = None,
        solver: Solver = Solver.CHOOSE,
        threads: int = 1,
        tight: bool = False,
        other_units: bool = True,
    ) -> None:
        self.program, self.tight, self.other_units = program, tight, other_units
        self.crossed = self.far = False
        self.loaded: Program | None = None
        self.warm = self.primal = False
        self.time_limit, self.solver, self.threads = time_limit, solver, threads
        self.highs = self.instance()
        for name in TOLERANCES if tight else ():
            must(self.highs.setOptionValue(name, TIGHT), name)
        self.change(program)

    def instance(self) -> Any:
        """A HiGHS that says nothing."""
        highs = highspy.Highs()
        must(highs.setOptionValue("output_flag", False), "output_flag")
        must(highs.setOptionValue("threads", self.threads), "threads")
        if self.solver is Solver.HIPO:
            module_of("large")
        must(highs.setOptionValue("solver", str(self.solver)), f"the solver {self.solver}")
        return highs

    def use_devex(self) -> None:
        """Price by Devex from now on."""
        must(self.highs.setOptionValue("simplex_dual_edge_weight_strategy", DEVEX), "Devex pricing")

    def use_primal(self, *, on: bool = True) -> None:
        """Solve from a basis by the primal simplex from now on: where only costs change, it needs few steps. From scratch, and where it takes too many, the dual is asked."""
        self.primal = on

    @property
    def basis(self) -> Any:
        """The basis of the last solve."""
        return self.highs.getBasis()

    def set_basis(self, basis: Any) -> None:
        """Solve the next time from this basis; from scratch where it is none (a program far from 1 leaves none)."""
        if not basis.valid or self.loaded is None:
            self.clear_basis()
            return
        must(self.highs.setBasis(basis), "setBasis")
        self.warm = True

    def clear_basis(self) -> None:
        """Solve the next time from scratch."""
        must(self.highs.clearSolver(), "clearSolver")
        self.warm = False

    def change(self, program: Program, delta: Delta | None = None) -> None:
        """Load what differs in a program of the same structure; HiGHS keeps its basis.

        `delta` says what differs from the last program, where that is known. Raises SolverError.
        """
        before, self.program, self.crossed = self.program, program, crossing(program)
        self.far = self.other_units and is_far(program)
        if self.crossed or self.far:
            return
        old, self.loaded = self.loaded, program
        if old is None:
            pass_model(self.highs, program)
            return
        if delta is None or old is not before:
            delta = differences(old, program)
        if len(delta.entries) > MAX_SINGLE_CHANGES:
            basis = self.highs.getBasis()
            pass_model(self.highs, program)
            must(self.highs.setBasis(basis), "setBasis")
            return
        self.load(delta, program)
        if old.offset != program.offset:
            must(self.highs.changeObjectiveOffset(program.offset), "changeObjectiveOffset")

    def load(self, delta: Delta, program: Program) -> None:
        """Load the numbers of a program that differ, coefficients one by one."""
        columns = delta.cost
        must(self.highs.changeColsCost(len(columns), columns, finite(program.cost[columns])), "changeColsCost")
        columns = delta.columns
        low, high = program.low[columns], program.high[columns]
        must(self.highs.changeColsBounds(len(columns), columns, np.minimum(low, high), high), "changeColsBounds")
        rows = delta.rows
        must(self.highs.changeRowsBounds(len(rows), rows, program.row_low[rows], program.row_high[rows]), "changeRowsBounds")
        for row, column, entry in coefficients(program, delta.entries):
            must(self.highs.changeCoeff(row, column, entry), "changeCoeff")

    def solve(self) -> Answer:
        """Solve, and say what became of it.

        Bounds that cross make a program infeasible before HiGHS is asked, which would refuse
        it. An answer from a basis that is not optimal when checked is sought again from
        scratch, and one from scratch with tight tolerances; where that does not pass either,
        the status is "unsolved" and the message says by how much. A verdict that no plan or no
        cheapest one exists is confirmed in other units, in which a program far from 1 is solved at once.
        Raises SolverError.
        """
        if self.crossed:
            return Answer(Status.INFEASIBLE, None)
        if self.far:
            return self.solve_scaled(None)
        answer = self.solve_as_it_stands()
        verdict = answer.status in (Status.INFEASIBLE, Status.UNBOUNDED)
        return self.solve_scaled(answer) if self.other_units and verdict else answer

    def solve_scaled(self, first: Answer | None) -> Answer:
        """Solve the scaled program, from the basis of a first verdict where there is one, and say what that means for the program itself."""
        scale = scaled(self.program)
        other = Session(
            scale.program, time_limit=self.time_limit, solver=self.solver, threads=self.threads, tight=self.tight, other_units=False
        )
        basis = self.highs.getBasis()
        if first and basis.valid:
            must(other.highs.setBasis(basis), "setBasis")
        self.warm = False
        return confirmed(self.program, first, scale, other.solve())

    def solve_as_it_stands(self) -> Answer:
        """Solve the program itself."""
        warm = self.warm
        self.simplex(primal=self.primal and warm)
        answer = self.run()
        self.warm = answer.status is Status.OPTIMAL
        if answer.status is Status.STOPPED or (answer.status is not Status.OPTIMAL and not warm):
            return answer
        if answer.status is Status.OPTIMAL:
            found = check_optimality(self.program, answer)
            if found.ok:
                return replace(answer, reduced_cost=found.reduced_cost)
        return self.second_try(answer, tight=not warm)

    def second_try(self, first: Answer, *, tight: bool) -> Answer:
        """Solve from scratch, with tight tolerances or the usual ones; `first` is the answer that did not pass."""
        self.clear_basis()
        self.simplex(primal=False)
        usual = {name: self.highs.getOptionValue(name)[1] for name in TOLERANCES}
        for name in TOLERANCES if tight else ():
            must(self.highs.setOptionValue(name, TIGHT), name)
        try:
            answer = self.run()
        finally:
            for name, value in usual.items():
                must(self.highs.setOptionValue(name, value), name)
        seconds, iterations = first.seconds + answer.seconds, first.iterations + answer.iterations
        if answer.status is Status.OPTIMAL:
            found = check_optimality(self.program, answer)
            if not found.ok:
                return Answer(Status.UNSOLVED, None, message=found.text, seconds=seconds, iterations=iterations, restarted=True)
            answer = replace(answer, reduced_cost=found.reduced_cost)
        self.warm = answer.status is Status.OPTIMAL
        return replace(answer, seconds=seconds, iterations=iterations, restarted=True)

    def simplex(self, *, primal: bool) -> None:
        """Ask the primal simplex, for so many steps, or the dual."""
        must(self.highs.setOptionValue("simplex_strategy", PRIMAL if primal else DUAL), "simplex_strategy")
        must(self.highs.setOptionValue("simplex_iteration_limit", STEPS if primal else ENDLESS), "simplex_iteration_limit")

    def run(self) -> Answer:
        """One run of HiGHS, its word taken."""
        if self.time_limit is not None:  # HiGHS counts the time of all its runs
            must(self.highs.setOptionValue("time_limit", self.highs.getRunTime() + self.time_limit), "time_limit")
        SCHEDULER.use(self.threads)
        began = time.perf_counter()
        ran = run_interruptibly(self.highs)
        seconds = time.perf_counter() - began
        status = self.highs.getModelStatus()
        if status == highspy.HighsModelStatus.kNotset:
            must(ran, "run")
        if status == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            status = self.unbounded_or_infeasible()
        if status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty):
            solution, info = self.highs.getSolution(), self.highs.getInfo()
            return Answer(
                Status.OPTIMAL,
                float(info.objective_function_value),
                array_of(solution.col_value),
                array_of(solution.row_dual),
                iterations=int(info.simplex_iteration_count),
                seconds=seconds,
            )
        if status == highspy.HighsModelStatus.kInfeasible:
            return Answer(Status.INFEASIBLE, None, seconds=seconds)
        if status == highspy.HighsModelStatus.kUnbounded:
            return Answer(Status.UNBOUNDED, None, seconds=seconds)
        ended = Status.STOPPED if status in LIMITS else Status.UNSOLVED
        return Answer(ended, None, message=self.highs.modelStatusToString(status), seconds=seconds)

    def unbounded_or_infeasible(self) -> Any:
        """Presolve sometimes cannot tell the two apart: without costs, only infeasible remains."""
        zero = self.instance()
        if self.time_limit is not None:
            must(zero.setOptionValue("time_limit", self.time_limit), "time_limit")
        pass_model(zero, replace(self.program, cost=np.zeros_like(self.program.cost)))
        must(run_interruptibly(zero), "run")
        status = zero.getModelStatus()
        return highspy.HighsModelStatus.kUnbounded if status == highspy.HighsModelStatus.kOptimal else status


def coefficients(program: Program, places: Places) -> list[tuple[int, int, float]]:
    """(row, column, value) of some coefficients."""
    column = np.searchsorted(program.starts, places, side="right") - 1
    return list(zip(program.indices[places].tolist(), column.tolist(), finite(program.entries[places]).tolist(), strict=True))


def with_basic_rows(basis: Any, more: int) -> Any:
    """A basis of a program with rows added at its end, which are basic."""
    found = highspy.HighsBasis()
    found.valid, found.col_status = basis.valid, basis.col_status
    found.row_status = [*basis.row_status, *[highspy.HighsBasisStatus.kBasic] * more]
    return found
