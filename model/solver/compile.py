"""Pyomo model -> program: the model as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.common.errors import InfeasibleConstraintException
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from model.process_state import pyomo_alone
from model.solver.program import Program


def compile_model(m: pyo.ConcreteModel) -> Program | None:
    """The model as arrays; None where no plan can exist whatever is solved (an impossible floor, a constraint without variables)."""
    if m.data.impossible:
        return None
    with pyomo_alone():
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
