"""The planner's own units: the plan shows a case as it was typed, and its materials in the units that the planner works in."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from inputs.schema import BY_NAME, SETTINGS
from inputs.units import factor
from inputs.workbook import parse
from model.plan import Plan, make_plan
from model.solver.program import Status
from outputs.excel.layout import FIRST, NAMES, UNITS
from outputs.excel.workbook import write_plan
from outputs.tables.plan import report_tables
from outputs.tables.report import Report
from outputs.tables.units import own_units
from tests.kit.cases import grids
from tests.kit.small import USUAL_SETTINGS, USUAL_SHEETS, embargo

TYPED = {
    ("materials", "price"): ("USD/lb", 45),
    ("materials", "opening_stock"): ("lb", 4400),
    ("demand", "demand"): ("kt/yr", 0.012),
    ("demand", "growth"): ("%/yr", 1.1),
    ("supply", "price"): ("kUSD/t", 120),
    ("cutoffs", "annual_probability"): ("%/yr", 20),
}
"""What the planner wrote in the units row, and in the first row below it."""

POUND = 0.00045359237
"""Tonnes."""


@cache
def plan_in(*, typed: bool) -> Plan:
    """Dy bought for an embargo, with the numbers of `TYPED` in the planner's units or the same quantities in the schema's."""
    tables: dict[str, Any] = {sheet: [dict(row)] for sheet, row in USUAL_SHEETS.items()} | embargo(months=6)
    tables["supply"].append({"offer": "purchase", "country": "Chile", "material": "Dy", "buyer": "stockpile"})
    for (sheet, column), (unit, number) in TYPED.items():
        tables[sheet] = [
            {**tables[sheet][0], column: number if typed else number * factor(unit, BY_NAME[sheet].column(column).unit)},
            *tables[sheet][1:],
        ]
    found = grids({SETTINGS: {**USUAL_SETTINGS, "horizon": 24 if typed else 2}, **tables})
    if typed:
        for (sheet, column), (unit, _) in TYPED.items():
            found[sheet][1][found[sheet][0].index(column)] = unit
        next(row for row in found[SETTINGS] if row[0] == "horizon")[2] = "month"
    reading = parse(found, "pounds")
    assert reading.case is not None, "\n".join(map(str, reading.errors))
    plan = make_plan(reading.case)
    assert plan.status is Status.OPTIMAL
    return plan


def test_a_case_is_shown_as_it_was_typed(tmp_path: Path) -> None:
    """45 USD/lb, 4,400 lb, 0.012 kt a year, 1.1 %: the same numbers under the same units, to the last digit; settings too."""
    book = openpyxl.load_workbook(write_plan(plan_in(typed=True), tmp_path / "plan.xlsx"))
    for (sheet, column), (unit, number) in TYPED.items():
        shown = book[f"in {sheet}"]
        place = next(c.column for c in shown[NAMES + 1] if c.value == column)

        assert (shown.cell(UNITS + 1, place).value, shown.cell(FIRST + 1, place).value) == (unit, number)
    settings = {row[0]: row[1:3] for row in book[f"in {SETTINGS}"].iter_rows(min_row=FIRST + 1, values_only=True)}

    assert settings["horizon"] == (24, "month")
    assert settings["discount_rate"] == (0, "1/yr")


def test_materials_are_in_the_planners_units() -> None:
    """Stock in lb, its gap in lb a month, demand in kt a year, prices in USD/lb; money and months stay."""
    tables = report_tables(Report(plan_in(typed=True)))
    units = {name: {c.name: c.unit for c in tables[name].columns} for name in ("Stockpile", "Purchases", "Stock", "Stock flows")}

    assert [units["Stockpile"][c] for c in ("target", "opening", "gap", "demand", "price", "value")] == [
        "lb", "lb", "lb/month", "kt/yr", "USD/lb", "M USD",
    ]  # fmt: skip
    assert [units["Purchases"][c] for c in ("tonnes", "limit", "price", "cost")] == ["lb", "lb", "USD/lb", "M USD"]
    assert units["Stock"]["2026"] == units["Stock flows"]["closing"] == "lb"
    assert {c.unit for c in tables["Supply in peace"].columns[3:]} == {"t"}


def test_the_numbers_are_those_of_the_same_case_in_tonnes() -> None:
    """1 t = 2,204.6 lb; USD/kg = 2.2046 x USD/lb; and what balanced in tonnes balances in pounds."""
    pounds, tonnes = (report_tables(Report(plan_in(typed=typed))) for typed in (True, False))
    shown, plain = pounds["Stockpile"].frame.iloc[0], tonnes["Stockpile"].frame.iloc[0]
    flows = pounds["Stock flows"].frame

    assert plain["target"] > 5
    assert shown["target"] * POUND == pytest.approx(plain["target"])
    assert shown["gap"] * POUND == pytest.approx(plain["gap"])
    assert shown["demand"] * 1000 == pytest.approx(plain["demand"])
    assert shown["price"] / (1000 * POUND) == pytest.approx(plain["price"])
    assert shown[["value", "gross", "net"]].tolist() == pytest.approx(plain[["value", "gross", "net"]].tolist())
    assert (flows["opening"] - flows["lost"] + flows["bought"] + flows["offtake"] - flows["released"]).tolist() == pytest.approx(
        flows["closing"].tolist(), abs=1e-6
    )
    assert pounds["Stock"].frame["opening"].tolist() == pytest.approx([4400])


def test_tonnes_stay_tonnes() -> None:
    assert set(own_units(plan_in(typed=False).case).items()) == {(u, u) for u in ("t", "t/yr", "t/month", "USD/kg")}


@pytest.mark.parametrize(
    ("given", "stock"),
    [
        ({"stock_limit": "kt"}, "kt"),
        ({"opening_stock": "t", "stock_limit": "kg"}, "kg"),
        ({"opening_stock": "short ton", "stock_limit": "kt"}, "short ton"),
    ],
)
def test_stock_is_in_the_unit_of_the_opening_stock_or_else_of_its_limit(given: dict[str, str], stock: str) -> None:
    found = grids({SETTINGS: USUAL_SETTINGS, **{sheet: [row] for sheet, row in USUAL_SHEETS.items()}})
    for column, unit in given.items():
        found["materials"][1][found["materials"][0].index(column)] = unit
    case = parse(found, "case").case
    assert case is not None

    assert own_units(case)["t"] == stock
    assert own_units(case)["t/month"] == f"{stock}/month"
