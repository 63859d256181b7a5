"""The program of a case with a slack for every statement of the planner: at 0 it is the program itself, beyond 0 the statement gives way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyomo.core as pyo
from scipy.sparse import csc_array, hstack, vstack

from inputs.arrays import Floats
from inputs.case import Case
from model.build import build
from model.data.compute import Data, compute
from model.explain.feasibility import deciding
from model.explain.findings import Statement
from model.solver.compile import program_of
from model.solver.program import Program

RULE, PROMISE, FACT = 1.0, 10.0, 100.0
"""What the least change counts a change by its own size (by all of it, for a share) of a limit or rule, of a coverage, and of what the world gives."""


class Unsolved(Exception):
    """The solver stopped without an answer, or cannot be asked."""


@dataclass(frozen=True)
class Lever:
    """A statement as the loosened program has it: the slacks by which it gives way.

    `cell` is the address of the number that would change ("" where a row is missing), `before` what it is, in the schema's unit. A number that
    enters linearly has one slack, and moves by `per` for each unit of it; `levels` are, for others, the values of the number from which on each of
    its slacks is open, and a move of `per` counts as much as a slack of 1. `scale` is what counts as a change of 1, `weight` how much that is minded in a repair. `priced` is the slack that carries
    the price in a repair, where several statements are one cell. `asks_for` is the material, or kind of plant, that a statement asks something
    of (with its `sector`, for a coverage): the others stand in its way; `of` that of a demand. A `fact` is no rule of the planner's, but what the world gives;
    how far a number that is `searched` must go is found by trying it in the case; one that is `at_best` does no more in the case than its slack does here, so the changed case is asked again. `caps` are the indices of the rows of a share cap. Of a row that is
    missing, `row_needed` is what it would be, with its size in place of {}, of which `per` slacks are one.
    """

    statement: Statement
    cell: str
    slacks: tuple[int, ...]
    per: float = 1.0
    before: float = np.nan
    levels: tuple[float, ...] = ()
    scale: float = 1.0
    weight: float = RULE
    priced: int | None = None
    asks_for: str = ""
    sector: str = ""
    of: str = ""
    fact: bool = False
    searched: bool = False
    at_best: bool = False
    caps: tuple[Any, ...] = ()
    row_needed: str = ""


class Loosening:
    """The program of a case while slacks are added to it. Columns and rows are found by the names and indices of the model."""

    def __init__(self, case: Case, *, merged: bool) -> None:
        self.case, self.data = case, compute(case)
        self.model = build(self.data)
        whole = program_of(self.model)
        if whole is None:
            raise Unsolved("a rule asks for something of which the case has nothing")
        self.whole = whole
        self.program = deciding(self.whole, self.data, merged=merged)
        self.tables: dict[str, dict[Any, float]] = {}
        self.columns = {id(variable): j for j, variable in enumerate(self.program.columns)}
        self.rows = {id(constraint): r for r, constraint in enumerate(self.program.rows)}
        self.high_of_slack: list[float] = []
        self.parts: list[int] = []
        self.purchase_slacks: dict[str, int] = {}
        self.purchase_rows: dict[tuple[str, int], int] = {}
        self.entries: list[tuple[int, int, float]] = []
        self.row_low: list[float] = []
        self.row_high: list[float] = []
        self.bound_rows: dict[tuple[int, bool], int] = {}
        self.low, self.high = self.program.low.copy(), self.program.high.copy()

    def column(self, name: str, index: Any) -> int | None:
        """The column of a variable, None where it is in no equation or does not exist."""
        return self.place(self.columns, name, index)

    def row(self, name: str, index: Any) -> int | None:
        """The row of an equation, None where there is none."""
        return self.place(self.rows, name, index)

    def table(self, name: str) -> dict[Any, float]:
        """A parameter as a dictionary over its set."""
        if name not in self.tables:
            self.tables[name] = self.data.table(name)
        return self.tables[name]

    def place(self, of: dict[int, int], name: str, index: Any) -> int | None:
        """Where a member of a component of the model is, None where there is none."""
        component = self.model.component(name)
        if component is None or index not in component:
            return None
        return of.get(id(component[index]))

    def slack(self, high: float = np.inf) -> int:
        """A new slack from 0 to `high`; its number."""
        self.high_of_slack.append(high)
        return len(self.high_of_slack) - 1

    def put(self, row: int, slack: int, entry: float) -> None:
        """A coefficient of a slack."""
        if entry:
            self.entries.append((row, len(self.program.cost) + slack, entry))

    def new_row(self, low: float, high: float) -> int:
        """A new row, of no columns yet."""
        self.row_low.append(low)
        self.row_high.append(high)
        return len(self.program.row_low) + len(self.row_low) - 1

    def ease(self, row: int, slack: int, by: float) -> None:
        """A row is met the more easily the larger the slack: by so much for each unit."""
        self.put(row, slack, -by if np.isfinite(self.program.row_high[row]) else by)

    def ease_bound(self, column: int, slack: int, by: float, *, upper: bool = True, wide: float | None = None) -> None:
        """A bound of a column gives way, to `wide` at most (no bound unless stated): it becomes a row, and `by` moves it for each unit."""
        key = (column, upper)
        if key not in self.bound_rows:
            bounds, free = (self.high, np.inf) if upper else (self.low, 0.0)
            low, high = (-np.inf, bounds[column]) if upper else (bounds[column], np.inf)
            self.bound_rows[key] = self.new_row(low, high)
            self.entries.append((self.bound_rows[key], column, 1.0))
            bounds[column] = free if wide is None else wide
        self.put(self.bound_rows[key], slack, -by if upper else by)

    def limit(self, column: int, high: float, slack: int, by: float) -> None:
        """A limit of a column that holds beside its bound, whatever becomes of that; it gives way by so much for each unit of the slack."""
        row = self.new_row(-np.inf, high)
        self.entries.append((row, column, 1.0))
        self.put(row, slack, -by)

    def purchase_row(self, i: str, n: int) -> int | None:
        """The row that limits purchases of a material in a trunk node, a new one where nothing could be bought so far; None without a limit."""
        row = self.row("purchase_limit", (i, n))
        if row is None and i in self.purchase_slacks:
            if (i, n) not in self.purchase_rows:
                yrs = self.data.values["yrs"][n]
                self.purchase_rows[i, n] = self.new_row(-np.inf, self.table("purchase_max")[i] * yrs)
                self.put(self.purchase_rows[i, n], self.purchase_slacks[i], -yrs)
            return self.purchase_rows[i, n]
        return row

    def no_more_than(self, slack: int, other: int, times: float = 1.0) -> None:
        """A slack is at most another, or so many times it."""
        row = self.new_row(-np.inf, 0.0)
        self.put(row, slack, 1.0)
        self.put(row, other, -times)

    def part_of(self, whole: int, times: float = 1.0) -> int:
        """A slack of its own that is at most another, or so many times it, and open where that is."""
        slack = self.slack()
        self.no_more_than(slack, whole, times)
        self.parts.append(slack)
        return slack

    def sign_in(self, row: int, column: int) -> float:
        """The sign of a column in a row."""
        start, end = self.program.starts[column], self.program.starts[column + 1]
        found = np.flatnonzero(self.program.indices[start:end] == row)
        return float(np.sign(self.program.entries[start + found[0]]))

    def finished(self, levers: Sequence[Lever]) -> Loosened:
        """The loosened program: the columns of the case, then the slacks, all without cost."""
        n, m, slacks = len(self.program.cost), len(self.program.row_low), len(self.high_of_slack)
        new = len(self.row_low)
        rows, columns, entries = (np.array(part) for part in zip(*self.entries, strict=True)) if self.entries else (np.empty(0, int),) * 3
        added = csc_array((entries.astype(float), (rows.astype(int), columns.astype(int))), shape=(m + new, n + slacks))
        matrix = hstack([vstack([self.program.matrix, csc_array((new, n))]), csc_array((m + new, slacks))], format="csc") + added
        matrix.sort_indices()
        program = Program(
            cost=np.zeros(n + slacks),
            offset=0.0,
            low=np.append(self.low, np.zeros(slacks)),
            high=np.append(self.high, np.zeros(slacks)),
            row_low=np.append(self.program.row_low, self.row_low),
            row_high=np.append(self.program.row_high, self.row_high),
            starts=matrix.indptr.astype(np.int32),
            indices=matrix.indices.astype(np.int32),
            entries=matrix.data,
        )
        return Loosened(
            self.case,
            self.data,
            self.model,
            self.whole,
            self.program,
            program,
            tuple(levers),
            np.array(self.high_of_slack),
            tuple(self.parts),
        )


@dataclass(frozen=True)
class Loosened:
    """A case's whole program, what of it decides whether there is a plan, and the same with slacks behind its columns, closed (at most 0) and without costs; `most` is how far each slack can go, and `parts` are always open."""

    case: Case
    data: Data
    model: pyo.ConcreteModel
    whole: Program
    strict: Program
    program: Program
    levers: tuple[Lever, ...]
    most: Floats
    parts: tuple[int, ...]

    @cached_property
    def name_of(self) -> list[str]:
        """The variable of each column of the case."""
        return [variable.parent_component().local_name for variable in self.strict.columns]

    def named(self, x: Floats) -> dict[tuple[str, Any], float]:
        """The columns of the case by the names and indices of their variables."""
        indices = [variable.index() for variable in self.strict.columns]
        return dict(zip(zip(self.name_of, indices, strict=True), x[: self.width].tolist(), strict=True))

    @property
    def width(self) -> int:
        """Columns of the case: the slacks come after them."""
        return len(self.strict.cost)

    def with_slacks(self, cost: Floats, high: Floats) -> Program:
        """The program with costs and upper bounds of the slacks (slacks,)."""
        return replace(self.program, cost=np.append(np.zeros(self.width), cost), high=np.append(self.program.high[: self.width], high))
