"""The program that the certificate writes down, solved: HiGHS is for the tests, the package itself solves nothing."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import csc_matrix

from inputs.arrays import Floats
from model.certificate.program import Program


@dataclass(frozen=True)
class Solved:
    """`status` in the words of the known answers; the arrays are those of the program's columns and rows."""

    status: str
    objective: float
    x: Floats
    reduced: Floats
    duals: Floats


def solve(program: Program) -> Solved:
    matrix = csc_matrix((program.value, (program.row, program.column)), shape=(len(program.low), len(program.lower)))
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = program.cost, program.lower, program.upper
    lp.row_lower_, lp.row_upper_ = program.low, program.high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.silent()
    for tolerance in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
        highs.setOptionValue(tolerance, 1e-9)
    highs.passModel(lp)
    highs.run()
    solution = highs.getSolution()
    status = highs.modelStatusToString(highs.getModelStatus()).lower()
    objective = highs.getInfo().objective_function_value
    return Solved(status, objective, *(np.array(v) for v in (solution.col_value, solution.col_dual, solution.row_dual)))
