"""Every number of the workbook can vary: following a change gives the optimum of a model built from the changed case."""

import math
from collections.abc import Iterator

import numpy as np
import pytest

from inputs.address import ChangeError, address_of, varying
from inputs.case import Case
from inputs.change import drafted, parse_change
from inputs.checks import check_case
from inputs.schema import BY_NAME, SETTINGS, SHEETS, Kind
from model.plan import make_plan
from model.resolve.resolver import Resolver
from model.solver.program import Status
from tests.kit.kill_sweep import sound_case
from tests.kit.small import every_sheet

NOT_OF_THE_MODEL = {"sweeps"}
"""Sheets that say what to do with the model."""

COLUMNS = [(sheet.name, column) for sheet in SHEETS if sheet.name not in NOT_OF_THE_MODEL for column in varying(sheet)]

OTHERS = {
    ("settings", "start_year"): ("=2025",),
    ("settings", "horizon"): ("=5",),
    ("settings", "period"): ("=6",),
    ("settings", "crisis_period"): ("=6",),
    ("materials", "release_limit"): ("=0.3",),
    ("cutoffs", "first_year"): ("+=1", "=2026"),
    ("durations", "months"): ("+=3",),
    ("durations", "probability"): ("=0.5", "=0.6"),
    ("recipes", "quantity"): ("*=0.9",),
    ("losses", "from_month"): ("+=1",),
    ("losses", "to_month"): ("+=-1",),
    ("budget", "year"): ("=2028",),
    ("capacity_floors", "year"): ("+=-1",),
}
"""Changes of columns that are not simply scaled; else a number grows by 5 %, an empty one is set, and a switch turned."""


BASES = {"sound": sound_case, "every sheet": every_sheet}


@pytest.fixture(scope="module", params=BASES)
def base(request: pytest.FixtureRequest) -> Case:
    return BASES[request.param]()


@pytest.fixture(scope="module")
def optimum(base: Case) -> float:
    return make_plan(base).objective or 0.0


@pytest.fixture(scope="module")
def solver(base: Case) -> Resolver:
    """One solver for all columns: what one leaves behind must not harm the next."""
    solver = Resolver()
    assert solver.solve(base).status is Status.OPTIMAL
    return solver


def candidates(case: Case, sheet: str, column: str) -> Iterator[str]:
    """Changes to one cell of a column, the most telling first."""
    spec = BY_NAME[sheet].column(column)
    rows = range(1 if sheet == SETTINGS else len(case[sheet]))
    cells = {row: case.settings[column] if sheet == SETTINGS else case[sheet][column].iloc[row] for row in rows}
    given = [row for row, cell in cells.items() if spec.kind is Kind.FLAG or (np.isfinite(cell) and cell)]
    for row in [*given, *(row for row in rows if row not in given)]:
        where = address_of(case, sheet, column, row)
        if (sheet, column) in OTHERS:
            yield from (where + change for change in OTHERS[sheet, column])
        elif spec.kind is Kind.FLAG:
            yield f"{where}={'no' if cells[row] else 'yes'}"
        elif spec.kind is Kind.YEAR:
            yield from (f"{where}={year}" for year in (2027, 2028, 2026))
        else:
            yield from (f"{where}*=1.05", f"{where}*=0.95") if row in given else ()
            yield f"{where}={fair_value(spec.low, spec.high, spec.unit)}"


def fair_value(low: float, high: float, unit: str) -> float:
    """A value within bounds for a cell that is empty, without limit, or 0."""
    if math.isfinite(high) and math.isfinite(low):
        return low + 0.1 * (high - low)
    return {"month": 6, "t": 40, "t/yr": 20, "USD/kg": 20, "day": 30}.get(unit, 0.05)


def changed(case: Case, sheet: str, column: str) -> tuple[str, Case]:
    """The first change to a column that makes a sound case."""
    for text in candidates(case, sheet, column):
        try:
            other = drafted(case, [parse_change(text, case)]).result()
        except ChangeError:
            continue
        errors = [f for f in check_case(other, set()) if f.level == "error"]
        if (sheet, column) == (SETTINGS, "start_year"):  # the years of these sheets do not move with it
            errors = [f for f in errors if f.sheet not in ("budget", "capacity_floors", "pins")]
        if other.fingerprint != case.fingerprint and not errors:
            return text, other
    raise AssertionError(f"no change of {sheet}.{column} is sound")


@pytest.mark.slow
@pytest.mark.parametrize(("sheet", "column"), COLUMNS, ids=[f"{sheet}.{column}" for sheet, column in COLUMNS])
def test_a_followed_change_gives_the_optimum_of_a_rebuilt_model(
    base: Case, optimum: float, solver: Resolver, sheet: str, column: str
) -> None:
    """The case is changed and changed back, by one solver for all columns."""
    text, case = changed(base, sheet, column)
    followed, rebuilt = solver.solve(case), make_plan(case)

    assert followed.status == rebuilt.status, text
    if rebuilt.status is Status.OPTIMAL:
        assert followed.objective == pytest.approx(rebuilt.objective, rel=1e-8), text
        if not case.settings["risk_weight"]:
            assert sum(followed.costs.values()) == pytest.approx(followed.objective, rel=1e-8), text
    assert solver.solve(base).objective == pytest.approx(optimum, rel=1e-8), text


@pytest.mark.slow
def test_most_changes_matter() -> None:
    """So that the test above says something: two columns in three change the optimum of one case or the other."""
    found: set[tuple[str, str]] = set()
    for case in (base() for base in BASES.values()):
        before = make_plan(case).objective
        found |= {at for at in COLUMNS if make_plan(changed(case, *at)[1]).objective != pytest.approx(before, rel=1e-9)}

    assert len(found) >= 2 * len(COLUMNS) / 3, sorted(set(COLUMNS) - found)
