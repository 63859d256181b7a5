"""Every case with a known answer, through the real path: written as xlsx in the layout of `stockpile new`, read back, solved."""

from pathlib import Path

import pytest

from inputs.template import write_case
from inputs.workbook import examine, read_case
from model.plan import make_plan
from tests.kit.cases import expected, grids, names, sheets, tolerance


@pytest.mark.parametrize("name", names())
def test_case_gives_its_status_and_objective(name: str, tmp_path: Path) -> None:
    """Published values to 1e-4, those of the independent implementation to 1e-6, relative; a floor out of reach is refused before it is solved."""
    path = tmp_path / f"{name}.xlsx"
    write_case(path, grids(sheets(name)))
    reading = examine(path)
    status, optimum = expected(name)
    if reading.case is None:
        assert status == "infeasible", "\n".join(map(str, reading.errors))
        assert {finding.sheet for finding in reading.errors} <= {"floors", "capacity_floors"}
        return
    plan = make_plan(reading.case)

    assert plan.status == status
    assert plan.objective == (None if optimum is None else pytest.approx(optimum, rel=tolerance(name)))


def test_published_lands_builds_the_published_capacities(tmp_path: Path) -> None:
    """Louveaux & Smeers 1988: x = (8/3, 4, 10/3, 2)."""
    path = tmp_path / "lands.xlsx"
    write_case(path, grids(sheets("published-lands")))
    plan = make_plan(read_case(path))
    orders = plan.frame("order").groupby("plant")["value"].sum()

    assert orders.to_dict() == pytest.approx({"x0": 8 / 3, "x1": 4, "x2": 10 / 3, "x3": 2}, rel=1e-6)


def test_there_are_cases_of_every_status() -> None:
    assert {expected(name)[0] for name in names()} == {"optimal", "infeasible", "unbounded"}
    assert len(names()) >= 25
