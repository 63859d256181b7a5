"""Plain and mutable builds are the same program: what is checked or swept in the one holds for the other."""

import numpy as np
import pytest
from scipy.sparse import csc_array

from inputs.case import Case
from model.build import build
from model.solver.compile import compile_model
from model.solver.program import Program
from tests.kit.cases import load_case
from tests.kit.small import every_sheet

SOME = (
    "published-lands",
    "published-newsvendor",
    "reference-00",
    "reference-05",
    "reference-09",
    "reference-21",
    "reference-43",
    "reference-36",
)


def matrix(program: Program) -> csc_array:
    return csc_array((program.entries, program.indices, program.starts), shape=(len(program.rows), len(program.columns)))


def same(case: Case) -> None:
    models = build(case), build(case, mutable=True)  # the columns of a program live as long as its model
    plain, mutable = map(compile_model, models)
    assert plain is not None
    assert mutable is not None
    difference = abs(matrix(plain) - matrix(mutable))

    assert [v.name for v in plain.columns] == [v.name for v in mutable.columns]
    assert [c.name for c in plain.rows] == [c.name for c in mutable.rows]
    assert plain.offset == pytest.approx(mutable.offset, rel=1e-12)
    for array in ("cost", "low", "high", "row_low", "row_high"):
        np.testing.assert_allclose(getattr(plain, array), getattr(mutable, array), rtol=1e-12, atol=1e-12, err_msg=array)
    assert difference.max() <= 1e-12 * abs(matrix(plain)).max()


def test_they_are_the_same_for_a_case_with_every_sheet() -> None:
    same(every_sheet())


@pytest.mark.parametrize("name", SOME)
def test_they_are_the_same_for_known_cases(name: str) -> None:
    same(load_case(name))


@pytest.mark.parametrize("mutable", [False, True])
def test_what_cannot_hold_is_found_in_both(mutable: bool) -> None:
    """A floor on recycled Tb, which no recycling plant makes, is no row but a contradiction: there is nothing to compile."""
    base = every_sheet()
    case = base.with_frame("floors", base["floors"].assign(material="Tb"))

    assert compile_model(build(case, mutable=mutable)) is None
