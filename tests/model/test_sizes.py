"""A plan does not hang on units, nor on how large a country is."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from inputs.case import Case
from inputs.cells import PLAIN_NUMBER
from inputs.change import parse_variation
from inputs.schema import BY_NAME, SETTINGS, SETTINGS_COLUMNS
from inputs.shipped import shipped_grids
from inputs.template import cell_at
from inputs.workbook import parse
from model.plan import make_plan, solve_case
from model.solver.program import Status
from model.studies.study import study
from model.sweep.design import grid
from model.sweep.run import run_sweep
from tests.kit.cases import expected, grids, names, sheets
from tests.kit.faults import Tables, sound
from tests.kit.sizes import SIZES, in_other_units, in_size

ANSWERED = [name for name in names() if expected(name)[0] == "optimal"][::5]
CASES = ["sound", "tutorial", *ANSWERED, pytest.param("us-2026", marks=pytest.mark.slow)]


def tables(name: str) -> Tables:
    if name == "sound":
        return sound()
    return laid_out(name) if name in ("tutorial", "us-2026") else grids(sheets(name))


def laid_out(name: str) -> Tables:
    """A shipped case with its columns in the order of the schema, and numbers as numbers."""
    found: Tables = {}
    for sheet, cells in shipped_grids(name).items():
        heads = [str(cell) for cell in cells[0]]
        order = SETTINGS_COLUMNS if sheet == SETTINGS else [column.name for column in BY_NAME[sheet]]
        rows = [[cell_at(row, heads.index(head)) if head in heads else None for head in order] for row in cells[1:]]
        found[sheet] = [list(order), *([float(str(cell)) if PLAIN_NUMBER.fullmatch(str(cell)) else cell for cell in row] for row in rows)]
    return found


def read(grids_of_case: Tables) -> Case:
    reading = parse(grids_of_case)
    assert reading.case is not None, "\n".join(map(str, reading.errors))
    return reading.case


def objective(case: Case) -> float:
    plan = make_plan(case)
    assert plan.status is Status.OPTIMAL, plan.message
    assert plan.objective is not None
    return plan.objective


@cache
def usual(name: str) -> float:
    return objective(read(tables(name)))


@pytest.mark.parametrize("name", CASES)
def test_a_workbook_in_other_units_has_the_same_plan(name: str) -> None:
    """Pounds for tonnes, kilotonnes a year, USD a pound, months for years, per cent: every number in another unit."""
    assert objective(read(in_other_units(tables(name)))) == pytest.approx(usual(name), rel=1e-9)


@pytest.mark.parametrize("factor", [1e-3, 1e3])
@pytest.mark.parametrize("name", CASES)
def test_all_quantities_so_many_times_as_large_cost_so_many_times_as_much(name: str, factor: float) -> None:
    """Demands, capacities, stocks, limits, and the money that goes with them (budgets, worth of output)."""
    assert objective(in_size(read(tables(name)), quantities=factor)) == pytest.approx(usual(name) * factor, rel=1e-6)


@pytest.mark.parametrize(("quantities", "prices"), [(1e-9, 1), (1e-12, 1), (1e9, 1), (1e12, 1), (1, 1e-9), (1, 1e-12), (1, 1e9), (1, 1e12)])
@pytest.mark.parametrize("name", ["sound", "tutorial", *ANSWERED[:2]])
def test_sizes_far_from_1_are_solved_all_the_same(name: str, quantities: float, prices: float) -> None:
    """Solved as they stood, quantities of 1e-9 cost 3 % too little in the teaching case, for all limits were within the tolerance."""
    scaled = in_size(read(tables(name)), quantities, prices)

    assert objective(scaled) == pytest.approx(usual(name) * quantities * prices, rel=1e-6)


@pytest.mark.parametrize(("quantities", "prices"), [(1e-9, 1), (1, 1e9)])
def test_studies_and_sweeps_go_on_from_programs_far_from_1(quantities: float, prices: float, tmp_path: Path) -> None:
    """What the programme costs and averts, and the points of a sweep, are so many times those of the case itself."""
    usual_case = read(tables("tutorial"))
    found = []
    for name, case in (("usual", usual_case), ("far", in_size(usual_case, quantities, prices))):
        programme = study(solve_case(case)).programme
        points = run_sweep(case, grid([parse_variation("materials[Dy].price*=1,2", case)]), tmp_path / name).frame

        assert programme is not None
        assert (points["status"] == "optimal").all()
        found.append(np.array([programme.net_cost, programme.averted, programme.exposure, *points["objective"]]))

    assert found[1] == pytest.approx(found[0] * quantities * prices, rel=1e-6, abs=1e-6 * abs(found[0]).max() * quantities * prices)


@pytest.mark.slow
@pytest.mark.parametrize(("quantities", "prices"), [(1e-9, 1), (1, 1e9)])
def test_us_2026_in_sizes_far_from_1(quantities: float, prices: float) -> None:
    """Solved as it stood, it was infeasible with quantities of 1e-9 and unbounded with prices of 1e9."""
    scaled = in_size(read(tables("us-2026")), quantities, prices)

    assert objective(scaled) == pytest.approx(usual("us-2026") * quantities * prices, rel=1e-6)


def test_every_unit_of_an_amount_has_a_size() -> None:
    found = {column.unit for sheet in BY_NAME.values() for column in sheet if column.numeric}

    assert {unit for unit in found if "USD" in unit or unit in ("t", "t/yr", "t/month")} == set(SIZES)
