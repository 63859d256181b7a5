"""Units: any that converts gives the same case and the same optimum; any other is a fault of its cell."""

import pytest

from inputs.case import Case
from inputs.schema import SHEETS
from inputs.units import UnknownUnitError, WrongDimensionError, factor
from inputs.workbook import parse
from model.plan import make_plan
from tests.kit.faults import Tables, place, sound
from tests.kit.sizes import OTHER, in_other_units


def case_of(tables: Tables) -> Case:
    reading = parse(tables)
    assert reading.case is not None, "\n".join(map(str, reading.errors))
    return reading.case


def test_every_unit_of_the_schema_has_another() -> None:
    units = {column.unit for sheet in SHEETS for column in sheet if column.numeric} - {"year", ""}

    assert units == set(OTHER)


def test_the_same_case_in_other_units_has_the_same_optimum() -> None:
    """Pounds, kilotonnes, cents on the dollar or percent: 1e-9, relative."""
    given, other = make_plan(case_of(sound())), make_plan(case_of(in_other_units(sound())))

    assert given.objective is not None
    assert other.objective == pytest.approx(given.objective, rel=1e-9)


def test_the_planners_units_are_kept() -> None:
    """100 lb/yr read as t/yr are 0.04536; shown again they are 100 lb/yr."""
    tables = sound()
    c = place("supply", "capacity")
    tables["supply"][1][c], tables["supply"][4][c] = "lb/yr", 100
    case = case_of(tables)

    assert case["supply"]["capacity"].iloc[2] == pytest.approx(100 * 0.00045359237)
    assert case.unit("supply", "capacity") == "lb/yr"
    assert case.as_given("supply")["capacity"].iloc[2] == pytest.approx(100)
    assert case.unit("supply", "ramp") == "month"


@pytest.mark.parametrize(
    ("unit", "into", "expected"),
    [
        ("kt", "t", 1000),  # a kilotonne, not a knot
        ("short ton", "t", 0.90718474),
        ("M USD", "kUSD", 1000),
        ("kUSD/t", "USD/kg", 1),
        ("%", "-", 0.01),
        ("years", "month", 12),
        ("USD/(kg/yr)", "USD/(t/yr)", 1000),
        ("t per yr", "t/yr", 1),
        ("day", "yr", 1 / 365),
    ],
)
def test_units_convert(unit: str, into: str, expected: float) -> None:
    assert factor(unit, into) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("unit", "error"),
    [
        ("t", WrongDimensionError),
        ("USD", WrongDimensionError),
        ("tons/yr", UnknownUnitError),
        ("bananas", UnknownUnitError),
        ("t/yr)", UnknownUnitError),
    ],
)
def test_other_units_are_refused(unit: str, error: type[Exception]) -> None:
    """A ton may be short, long or metric: it is not guessed which."""
    with pytest.raises(error):
        factor(unit, "t/yr")


@pytest.mark.parametrize("unit", ["9**9**9**9 t", "9^9^9 t", "t^99", "(9)^9 t", "t**2**9**9", "a" * 40_000])
def test_what_would_never_be_worked_out_is_no_unit(unit: str) -> None:
    """Powers of numbers are numbers of a million digits, and a text of 40,000 letters took half a minute."""
    with pytest.raises(UnknownUnitError):
        factor(unit, "t")


@pytest.mark.parametrize(
    ("unit", "into", "expected"), [("t yr^-1", "t/yr", 1), ("USD kg**-1", "USD/t", 1000), ("kg yr ^ -1", "t/yr", 1e-3)]
)
def test_powers_of_units_are_units(unit: str, into: str, expected: float) -> None:
    assert factor(unit, into) == pytest.approx(expected)
