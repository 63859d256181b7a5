"""The linear program as arrays, what became of solving it, and where two programs of one structure differ."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from inputs.arrays import Floats, Places


class Solver(StrEnum):
    """Which of HiGHS's solvers solves: its own choice (the simplex), the simplex, or an interior point with crossover to a basis.

    HiPO is an interior point that uses several threads, for programs on which the simplex is slow; it comes with the extra `large`. On the
    shipped case grown to 0.3 and 1.2 million columns the simplex is more than ten times faster (docs/speed.md).
    PDLP is not among them: its answers have no basis, and do not pass the check of optimality.
    """

    CHOOSE = "choose"
    SIMPLEX = "simplex"
    IPM = "ipm"
    HIPO = "hipo"


class Status(StrEnum):
    """What became of a solve."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    STOPPED = "stopped"  # by a limit, before anything was proved
    UNSOLVED = "unsolved"  # numerical trouble: no answer that passes the check


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

    @cached_property
    def column_of(self) -> dict[int, int]:
        """The column of each Pyomo variable, by its identity."""
        return {id(variable): j for j, variable in enumerate(self.columns)}

    @property
    def matrix(self) -> csc_array:
        """A as a sparse matrix (rows, columns)."""
        return csc_array((self.entries, self.indices, self.starts), shape=(len(self.row_low), len(self.cost)))


@dataclass(frozen=True)
class Answer:
    """The answer of one solve; `x`, `row_dual` and `reduced_cost` (of the columns) are empty unless it is optimal and checked."""

    status: Status
    objective: float | None
    x: Floats = field(default_factory=lambda: np.empty(0))
    row_dual: Floats = field(default_factory=lambda: np.empty(0))
    reduced_cost: Floats = field(default_factory=lambda: np.empty(0))
    iterations: int = 0
    message: str = ""
    seconds: float = 0.0
    """Of HiGHS alone."""

    restarted: bool = False
    """Whether a first answer did not pass the check of optimality, and this is that of a second try from scratch."""


CROSSING = 1e-9
"""Relative: 73/365 x 12 is a little more than 2.4."""


def crossing(program: Program) -> bool:
    """Whether a bound crosses another by more than rounding: nothing fits between them, and HiGHS would refuse them."""
    low, high = program.low, program.high
    return bool(np.any(low > high)) and bool(np.any(low > high + CROSSING * (1 + np.abs(high))))


@dataclass(frozen=True)
class Delta:
    """Where two programs of one structure differ: columns in cost, columns and rows in their bounds, and coefficients, each ascending."""

    cost: Places
    columns: Places
    rows: Places
    entries: Places


def differences(old: Program, new: Program) -> Delta:
    """Where a program differs from another of its structure."""
    return Delta(
        places_where(old.cost != new.cost),
        places_where((old.low != new.low) | (old.high != new.high)),
        places_where((old.row_low != new.row_low) | (old.row_high != new.row_high)),
        places_where(old.entries != new.entries),
    )


def places_where(there: NDArray[np.bool_]) -> Places:
    """Where something holds, as int32."""
    return np.flatnonzero(there).astype(np.int32)
