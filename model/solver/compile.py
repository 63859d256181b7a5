"""Pyomo model -> program: the model as arrays."""

from __future__ import annotations

from itertools import compress
from typing import Any

import numpy as np
import pyomo.core as pyo
from numpy.typing import NDArray
from scipy.sparse import csr_array

from inputs.arrays import Floats
from model.linear import Terms
from model.process_state import pyomo_alone
from model.solver.program import Program


def compile_model(m: pyo.ConcreteModel) -> Program | None:
    """The model as arrays; None where no plan can exist whatever is solved (an impossible floor, a constraint without variables).

    Columns and rows are in the order in which the families declare them; those without a coefficient are left out.
    """
    if m.data.impossible:
        return None
    return program_of(m)


def program_of(m: pyo.ConcreteModel) -> Program | None:
    """The model as arrays, whatever its data find impossible; None where a constraint without variables does not hold."""
    with pyomo_alone():
        rows = list(m.component_data_objects(pyo.Constraint, active=True))
        bodies = [row.to_bounded_expression() for row in rows]
        terms, starts, constants = Terms(), [0], []
        for expression in (m.objective.expr, *(body for _, body, _ in bodies)):  # the objective is the first row
            constants.append(terms.add(expression))
            starts.append(len(terms.variables))
        columns = list(m.component_data_objects(pyo.Var))
        place_of = dict(zip(map(id, columns), range(len(columns)), strict=True))
        places = np.fromiter(map(place_of.__getitem__, map(id, terms.variables)), np.int32, len(terms.variables))
        entries, constant = floats(terms.coefficients, m.mutable), floats(constants, m.mutable)
        row_low = bounds([low for low, _, _ in bodies], -np.inf, m.mutable) - constant[1:]
        row_high = bounds([high for _, _, high in bodies], np.inf, m.mutable) - constant[1:]
        matrix = csr_array((entries, places, np.array(starts, dtype=np.int32)), shape=(1 + len(rows), len(columns)))
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        filled, named = np.diff(matrix.indptr)[1:] > 0, np.bincount(matrix.indices, minlength=len(columns)) > 0
        if np.any(row_low[~filled] > 0) or np.any(row_high[~filled] < 0):
            return None
        kept = list(compress(columns, named))
        by_column = matrix[1:][filled][:, named].tocsc()
        return Program(
            cost=matrix[[0]][:, named].toarray()[0],
            offset=float(constant[0]),
            low=bounds([variable.lb for variable in kept], -np.inf),
            high=bounds([variable.ub for variable in kept], np.inf),
            row_low=row_low[filled],
            row_high=row_high[filled],
            starts=by_column.indptr.astype(np.int32),
            indices=by_column.indices.astype(np.int32),
            entries=by_column.data,
            columns=kept,
            rows=list(compress(rows, filled)),
        )


def bounds(numbers: list[Any], none: float, mutable: bool = False) -> Floats:
    """Bounds as an array, those that are None as the infinity `none`."""
    found = floats(numbers, mutable)
    return np.where(np.isnan(found), none, found)


def floats(numbers: list[Any], mutable: bool = False) -> Floats:
    """Numbers as an array; None is nan. Those of a mutable model are expressions of parameters."""
    return np.array([pyo.value(number) for number in numbers] if mutable else numbers, dtype=float)


def rows_by_equation(rows: list[Any]) -> dict[str, NDArray[np.int64]]:
    """The places of each equation's rows, in order."""
    places: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        places.setdefault(row.parent_component().local_name, []).append(i)
    return {name: np.array(of_name, dtype=np.int64) for name, of_name in places.items()}
