"""The points of a sweep solved in other ways: built anew here or in Pyomo, by Pyomo's persistent interface, in linopy."""

from __future__ import annotations

import importlib
import importlib.util
import statistics
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from inputs.case import Case
from model.build import build
from model.data.compute import compute
from model.parameters import PARAMETERS
from model.solver.compile import compile_model
from model.solver.highs import Session
from model.solver.program import Program

NOTHING_NEW = (
    "check_for_new_or_removed_constraints", "check_for_new_or_removed_vars", "check_for_new_or_removed_params", "check_for_new_objective",
    "update_constraints", "update_vars", "update_named_expressions", "update_objective", "treat_fixed_vars_as_params",
)  # fmt: skip
"""What Pyomo's persistent interface need not look for when only parameters change."""


def each_point(points: Sequence[Any], solve: Callable[[Any], float], optima: Sequence[float]) -> float:
    """Median seconds of a point in another way, which must find the same optimum."""
    seconds = []
    for case, optimum in zip(points, optima, strict=True):
        began = time.perf_counter()
        found = solve(case)
        seconds.append(time.perf_counter() - began)
        assert abs(found - optimum) <= 1e-6 * abs(optimum), (found, optimum)
    return statistics.median(seconds)


def rebuilt_here(case: Case) -> float:
    """build + compile + passModel of the arrays + a cold solve."""
    program = compile_model(build(case))
    assert program is not None
    return Session(program, threads=1).solve().objective or 0.0


def rebuilt_in_pyomo(case: Case) -> float:
    """build + Pyomo's SolverFactory("appsi_highs"), made anew."""
    m = build(case)
    results = pyo.SolverFactory("appsi_highs").solve(m, load_solutions=False)
    return float(results.problem.upper_bound)


class Persistent:
    """Pyomo's persistent interface on the model with mutable parameters, told that only they change."""

    def __init__(self, case: Case) -> None:
        from pyomo.contrib.appsi.solvers.highs import Highs

        self.data = compute(case)
        self.m = build(self.data, mutable=True)
        self.solver = Highs()
        for what in NOTHING_NEW:
            setattr(self.solver.update_config, what, False)
        self.solver.config.load_solution = False
        self.solver.solve(self.m)

    def solve(self, case: Case) -> float:
        last, self.data = self.data, compute(case, self.data)
        assert self.data.sets is last.sets
        for p in PARAMETERS:
            component, old, new = self.m.component(p.name), last.values[p.name], self.data.values[p.name]
            if old is not new:
                members = list(component.values()) if p.over else [component]
                for place in np.flatnonzero(old != new).tolist():
                    members[place].set_value(float(new[place]))
        return float(self.solver.solve(self.m).best_feasible_objective)


def in_linopy(program: Program) -> float:
    """A linopy model made of the finished arrays of a program (the time to make those is not counted), solved by its direct HiGHS interface.

    Rows of about the same length are one block, since linopy pads every row of a block to the longest.
    """
    linopy, xr = importlib.import_module("linopy"), importlib.import_module("xarray")

    m = linopy.Model()
    columns = pd.RangeIndex(len(program.cost), name="column")
    x = m.add_variables(lower=xr.DataArray(program.low, [columns]), upper=xr.DataArray(program.high, [columns]), name="x")
    matrix = program.matrix.tocsr()
    lengths = np.diff(matrix.indptr)
    bounds = [0, 4, 16, 64, 256, int(lengths.max(initial=0))]
    for low, high in pairwise(bounds):
        for sense, right in (("<=", program.row_high), (">=", program.row_low)):
            rows = np.flatnonzero(
                (lengths > low) & (lengths <= high) & np.isfinite(right) & ((program.row_low != program.row_high) | (sense == "<="))
            )
            if len(rows):
                width = int(lengths[rows].max())
                at = np.arange(width) < lengths[rows][:, None]
                places = (matrix.indptr[rows][:, None] + np.arange(width))[at]
                variables, coefficients = np.full(at.shape, -1), np.full(at.shape, np.nan)
                variables[at], coefficients[at] = x.labels.values[matrix.indices[places]], matrix.data[places]
                dims = [f"row{low}{'u' if sense == '<=' else 'l'}", "_term"]
                terms = linopy.LinearExpression(xr.Dataset({"coeffs": (dims, coefficients), "vars": (dims, variables)}), m)
                signs = xr.DataArray(np.where(program.row_low[rows] == program.row_high[rows], "=", sense), dims=dims[:1])
                m.add_constraints(terms, signs, xr.DataArray(right[rows], dims=dims[:1]))
    m.add_objective((x * xr.DataArray(program.cost, [columns])).sum())
    m.solve(solver_name="highs", io_api="direct", output_flag=False, threads=1)
    return float(m.objective.value) + program.offset
