"""Many cases that differ in a few numbers, one after the other: the points of a sweep.

The first case is built and its formulas extracted; a case of the same structure then
changes only the numbers that differ and is solved from the last basis. Another
structure (durations, periods, horizon, lead times) is recognised and built anew: plainly
the first time, extracted when the next case has it too.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

from inputs.arrays import Floats
from inputs.case import Case
from model.build import build
from model.costs import Costs
from model.data.compute import Data, compute
from model.metrics import capacity_in_peace, coverage_prices, investment_in_peace, orders_of, stock_targets
from model.plan import answer_arrays
from model.resolve.extract import extract
from model.resolve.parametric import Depending, ParametricProgram, remembered
from model.solver.compile import compile_model
from model.solver.highs import Session
from model.solver.program import Answer, Status

Sets = Mapping[str, list[Any]]


class How(StrEnum):
    """How a point was solved."""

    WARM = "warm"  # numbers changed, from the last basis
    COLD = "cold"  # numbers changed, from scratch, because the answer from the last basis did not pass
    FIRST = "first"  # formulas extracted, then from scratch
    REBUILT = "rebuilt"  # another structure, built plainly


@dataclass(frozen=True)
class Point:
    """What one case of a sweep gave; costs and values in thousand USD, empty unless the status is optimal.

    `costs`: expected and discounted, by cost term and what is left at the ends; they add to the expected cost.
    `targets`: highest trunk stock from ready_by on, t by material; `stockpile_value` at the prices then.
    `investment`: capex of the orders in peace, undiscounted; `orders`: t/yr by plant in peace.
    `coverage_prices`: what a percentage point more of coverage costs, by sector.
    """

    status: Status
    objective: float | None = None
    costs: Mapping[str, float] = field(default_factory=dict)
    targets: Mapping[str, float] = field(default_factory=dict)
    stockpile_value: float | None = None
    investment: float | None = None
    orders: Mapping[str, float] = field(default_factory=dict)
    coverage_prices: Mapping[str, float] = field(default_factory=dict)
    message: str = ""
    how: How = How.WARM
    seconds: float = 0.0
    solver_seconds: float = 0.0
    iterations: int = 0


class Resolver:
    """Solves cases in turn, each from where the last one left off.

    `threads` is for HiGHS; `time_limit` is in seconds of HiGHS for each case.
    """

    def __init__(self, *, threads: int = 1, time_limit: float | None = None) -> None:
        self.threads, self.time_limit = threads, time_limit
        self.data: Data | None = None
        self.seen_sets: Sets | None = None
        self.compiled_sets: Sets | None = None
        self.parametric: ParametricProgram | None = None
        self.session: Session | None = None
        self.depending: Depending | None = None
        self.numbered: tuple[Data, Floats] | None = None

    def solve(self, case: Case) -> Point:
        """The point of a case; one that fails to be solved is no exception, its status says so."""
        began = time.perf_counter()
        self.data = data = compute(case, self.data)
        if data.impossible:
            return Point(Status.INFEASIBLE, message="; ".join(data.impossible), seconds=time.perf_counter() - began)
        met, self.seen_sets = self.seen_sets, data.sets
        if self.parametric is not None and data.sets is self.compiled_sets:
            return self.resolve(data, began, How.WARM)
        if met is not None and data.sets is not met:
            return self.rebuild(data, began)
        self.take(data)
        return self.resolve(data, began, How.FIRST)

    def take(self, data: Data) -> None:
        """Extract the formulas of the structure of the data; `compiled_sets` are its sets."""
        self.parametric, self.compiled_sets, self.session = extract(build(data, mutable=True)), data.sets, None
        self.depending, self.numbered = remembered(self.parametric), None

    def begin_with(
        self, data: Data, parametric: ParametricProgram, depending: Depending | None, numbers: Floats | None, session: Session | None
    ) -> None:
        """Go on from where another solver was: its data, the formulas of their structure, its numbers, and a session that has them."""
        self.data, self.parametric, self.depending, self.session = data, parametric, depending, session
        self.seen_sets = self.compiled_sets = data.sets
        self.numbered = (data, numbers) if numbers is not None else None

    def resolve(self, data: Data, began: float, how: How) -> Point:
        """Change the numbers that differ and solve from the last basis; from scratch if the answer does not pass."""
        assert self.parametric is not None
        if self.numbered is None:
            numbers, delta = self.parametric.numbers(data), None
        else:
            numbers, delta = self.parametric.updated(self.numbered[1], data, self.numbered[0], self.depending)
        self.numbered = (data, numbers)
        program = self.parametric.program(numbers)
        if self.session is None:
            self.session = Session(program, time_limit=self.time_limit, threads=self.threads)
        else:
            self.session.change(program, delta)
        answer = self.session.solve()
        how = How.COLD if how is How.WARM and answer.restarted else how
        if answer.status is not Status.OPTIMAL:
            return self.without_plan(answer, how, began)
        values = {name: answer.x[span] for name, span in self.parametric.spans.items()}
        costs = self.parametric.costs(numbers, answer.x)
        shortage_price = answer.reduced_cost[self.parametric.spans.get("shortage", slice(0))]
        return outcome(data, answer, values, shortage_price, costs, how, time.perf_counter() - began)

    def rebuild(self, data: Data, began: float) -> Point:
        """Build a structure that may not come again, and solve it from scratch."""
        m = build(data)
        program = compile_model(m)
        if program is None:
            return Point(Status.INFEASIBLE, how=How.REBUILT, seconds=time.perf_counter() - began)
        answer = Session(program, time_limit=self.time_limit, threads=self.threads).solve()
        if answer.status is not Status.OPTIMAL:
            return self.without_plan(answer, How.REBUILT, began)
        found = answer_arrays(m, data, program, answer)
        return outcome(data, answer, found.values, found.reduced_costs["shortage"], found.costs, How.REBUILT, time.perf_counter() - began)

    @staticmethod
    def without_plan(answer: Answer, how: How, began: float) -> Point:
        """A point of an answer that has no plan, or none that is known."""
        return Point(
            answer.status, message=answer.message, how=how, seconds=time.perf_counter() - began, solver_seconds=answer.seconds,
            iterations=answer.iterations,
        )  # fmt: skip


def outcome(
    data: Data,
    answer: Answer,
    values: Mapping[str, Floats],
    shortage_price: Floats,
    costs: Costs,
    how: How,
    seconds: float,
) -> Point:
    """The point of an optimal answer, from the arrays of its variables over their sets, and the reduced costs of `shortage`."""
    aim = stock_targets(data, values["stock"])
    orders = orders_of(data, values.get("order", np.empty(0)))
    return Point(
        answer.status,
        answer.objective,
        costs.expected(data.values["weight"]),
        dict(zip(data.sets["MATERIALS"], aim.stock.tolist(), strict=True)),
        float(aim.value.sum()),
        investment_in_peace(data, orders),
        capacity_in_peace(data, orders),
        coverage_prices(data, shortage_price),
        how=how,
        seconds=seconds,
        solver_seconds=answer.seconds,
        iterations=answer.iterations,
    )
