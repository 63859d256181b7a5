"""Checking a plan by its workbook alone: what is right passes, and no number can be changed without being found."""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from inputs.errors import FileError, StockpileError
from model.certificate.claims import orders, purchases
from model.certify import certify
from model.plan import make_plan, solve_case
from model.studies.study import study
from outputs.claims import TOTAL
from outputs.excel.layout import FIRST
from outputs.excel.workbook import write_plan
from outputs.plan_file import checked
from outputs.tables.certificate import PRICES, QUANTITIES
from outputs.verify_file import Sheets, Verdict, judge, read_sheets, verify_file
from tests.kit import cases
from tests.kit.sizes import in_size
from tests.kit.small import USUAL_SHEETS, case, embargo, every_sheet, plan_of, plant
from tests.outputs.tables.test_units import plan_in

CLAIMS = {
    "Costs": {"Total"},
    "Stockpile": {"Target stock"},
    "Purchases": {"Bought", "Price", "Cost"},
    "Investments": {"Capacity ordered", "Capex"},
    "Orders in cutoffs": {"Capacity ordered", "Capex"},
}
"""The columns that are computed anew."""

Place = tuple[str, int, int]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plan of a case that buys, orders in peace and in cutoffs, and has prices on most rules, and what was studied of it."""
    solved = solve_case(cases.load_case("reference-16"))
    return write_plan(solved.plan, tmp_path_factory.mktemp("plan") / "plan.xlsx", studies=study(solved))


@pytest.fixture(scope="module")
def cells(book: Path) -> tuple[Sheets, dict[str, str]]:
    sheets, properties = read_sheets(book)
    return sheets, dict(properties)


def numbers(sheets: Sheets, wanted: Callable[[str, str], bool]) -> dict[tuple[str, int], list[int]]:
    """The rows with a number other than 0, by sheet and column, of those columns that are wanted (by sheet and title)."""
    found: dict[tuple[str, int], list[int]] = {}
    for name, rows in sheets.items():
        titles = rows[FIRST - 2] if len(rows) > FIRST else ()
        for r, row in enumerate(rows[FIRST:], FIRST):
            for c, value in enumerate(row):
                if isinstance(value, int | float) and value and wanted(name, str(titles[c]) if c < len(titles) else ""):
                    found.setdefault((name, c), []).append(r)
    return found


def with_cell(sheets: Sheets, place: Place, value: Any) -> Sheets:
    """The same cells, with another value in one."""
    name, r, c = place
    rows = list(sheets[name])
    rows[r] = (*rows[r][:c], value, *rows[r][c + 1 :])
    return {**sheets, name: rows}


def changed_by_a_thousandth(sheets: Sheets, columns: dict[tuple[str, int], list[int]], rng: random.Random) -> tuple[Place, Sheets]:
    """One number changed by a thousandth of the largest of its column, up or down."""
    (name, c), rows = rng.choice(sorted(columns.items()))
    r = rng.choice(rows)
    largest = max(abs(sheets[name][row][c]) for row in rows)
    value = sheets[name][r][c] + rng.choice((-1, 1)) * 1e-3 * largest
    return (name, r, c), with_cell(sheets, (name, r, c), value)


def verdict(sheets: Sheets, properties: dict[str, str]) -> Verdict:
    return judge(Path("plan.xlsx"), sheets, properties)


@pytest.mark.parametrize("name", ["published-lands", "published-newsvendor", "reference-08", "reference-22", "reference-46"])
def test_plan_of_a_known_answer_passes(name: str, tmp_path: Path) -> None:
    """Written and read again: the known optimum, proved to 1e-6 by the workbook alone."""
    found = verify_file(write_plan(make_plan(cases.load_case(name)), tmp_path / "plan.xlsx"))

    assert found.faults == ()
    assert found.report.primal == pytest.approx(cases.expected(name)[1], rel=cases.tolerance(name))


def test_plan_that_does_not_pass_is_solved_to_tighter_tolerances() -> None:
    """Without its prices a plan proves nothing; solved once more it costs the same, and passes."""
    solve = partial(solve_case, cases.load_case("published-disruption-stock"))
    solved = solve()
    lost = replace(solved.plan, duals={name: np.zeros_like(values) for name, values in solved.plan.duals.items()})
    again, certificate = checked(replace(solved, plan=lost), solve)

    assert (certify(lost).passed, certificate.passed) == (False, True)
    assert again.plan.objective == pytest.approx(solved.plan.objective, rel=1e-6)


def test_plan_of_a_case_with_every_sheet_passes(tmp_path: Path) -> None:
    assert verify_file(write_plan(make_plan(every_sheet()), tmp_path / "plan.xlsx")).faults == ()


def test_plan_in_the_units_of_the_planner_passes(tmp_path: Path) -> None:
    """Pounds, kilotonnes and percent in the case and in the tables: what is repeated there gives the same program."""
    assert verify_file(write_plan(plan_in(typed=True), tmp_path / "plan.xlsx")).faults == ()


@pytest.mark.parametrize(("period", "crisis_period"), [(1, 1), (6, 3), (18, 3), (24, 6)])
def test_plan_of_any_period_passes(period: int, crisis_period: int, tmp_path: Path) -> None:
    """What is bought stands in a period of several years as it does in a year, or in a month of one."""
    plan = plan_of(
        {"horizon": 6, "period": period, "crisis_period": crisis_period},
        supply=[
            {"offer": "import", "country": "China", "material": "Dy"},
            {"offer": "purchase", "country": "Chile", "material": "Dy", "buyer": "stockpile"},
        ],
        **embargo(months=6, chance=0.2),
        **plant(capex=100, capacity_limit=3, lead_time=6),
    )
    found = verify_file(write_plan(plan, tmp_path / "plan.xlsx"))

    assert found.faults == ()
    assert purchases(plan.case, found.report.program, found.report.x)
    assert orders(plan.case, found.report.program, found.report.x)


@pytest.mark.parametrize(("said", "wrong"), [(4e-15, False), (4.0, True)])
def test_a_cost_that_is_nothing_but_rounding_is_no_claim(cells: tuple[Sheets, dict[str, str]], said: float, wrong: bool) -> None:
    """A line of the costs more than the quantities give: what is left of large sums, and 4 M USD."""
    rows = cells[0]["Costs"]
    more = tuple({"Cost": "Weight on the worst outcomes", TOTAL: said}.get(str(title)) for title in rows[FIRST - 2])
    found = verdict({**cells[0], "Costs": [*rows[:FIRST], more, *rows[FIRST:]]}, cells[1]).faults

    assert any(fault.startswith("Costs, row") and "which is no line of the costs" in fault for fault in found) is wrong


@pytest.mark.parametrize(("quantities", "prices"), [(1e-8, 1), (1e-10, 1), (1, 1e-9), (1e6, 1e6)])
def test_plan_of_any_size_passes(quantities: float, prices: float, tmp_path: Path) -> None:
    """6 t times 1e-8 (60 mg) are bought and listed, and a few cents add up, as tonnes and millions do."""
    purchase = {"offer": "purchase", "country": "Chile", "material": "Dy", "buyer": "stockpile"}
    plan = make_plan(in_size(case(supply=[USUAL_SHEETS["supply"], purchase], **embargo(months=6, chance=0.2)), quantities, prices))

    assert plan.values["supply"].max() > 0
    assert verify_file(write_plan(plan, tmp_path / "plan.xlsx")).faults == ()


def test_every_change_of_a_number_is_found(cells: tuple[Sheets, dict[str, str]]) -> None:
    """200 times a thousandth of the largest in its column, on every sheet that states a decision, cost, price or input."""
    sheets, properties = cells
    rng = random.Random(7)
    columns = numbers(sheets, lambda sheet, _: not sheet.startswith("Material"))
    passed = []
    for _ in range(200):
        place, changed = changed_by_a_thousandth(sheets, columns, rng)
        passed += [place] if verdict_or_refusal(changed, properties) else []

    assert len({name for name, _ in columns}) > 15
    assert {"Programme", "Shortage averted", "Survival by onset", "Why this much"} <= {name for name, _ in columns}
    assert passed == []


def verdict_or_refusal(sheets: Sheets, properties: dict[str, str]) -> bool:
    """Whether it passes; an input that the rules of a case refuse does not."""
    try:
        return verdict(sheets, properties).passed
    except StockpileError:
        return False


def test_what_is_computed_anew_needs_no_seal(cells: tuple[Sheets, dict[str, str]]) -> None:
    """100 times the same of quantities, prices and what is claimed of them, with nothing but the arithmetic to find it."""
    sheets, _ = cells
    rng = random.Random(11)
    columns = numbers(sheets, lambda sheet, title: sheet in (QUANTITIES, PRICES) or title in CLAIMS.get(sheet, ()))
    seals = {"Seal of none": ""}
    passed = []
    for _ in range(100):
        place, changed = changed_by_a_thousandth(sheets, columns, rng)
        faults = [fault for fault in verdict(changed, seals).faults if not fault.startswith("none:")]
        passed += [] if faults else [place]

    assert passed == []


def test_changed_input_makes_other_costs(cells: tuple[Sheets, dict[str, str]]) -> None:
    """A dearer offer that is used costs more than the sheets say; the fault names the sheet, both amounts, and what was sealed."""
    sheets, properties = cells
    demand = next((r, c) for (name, c), rows in numbers(sheets, lambda s, t: (s, t) == ("in demand", "demand")).items() for r in rows)
    found = verdict(with_cell(sheets, ("in demand", *demand), sheets["in demand"][demand[0]][demand[1]] * 2), properties)

    assert any(fault.startswith("market_balance[") for fault in found.faults)
    assert "in demand: the numbers or texts of this sheet are not those that were written" in found.faults


def test_workbook_saved_by_another_program_still_passes(book: Path, tmp_path: Path) -> None:
    """Other programs write the same numbers in other words; a number changed there is found."""
    again = openpyxl.load_workbook(book)
    again.save(tmp_path / "again.xlsx")
    again["Costs"].cell(FIRST + 1, 2).value = 1e6
    again.save(tmp_path / "changed.xlsx")

    assert verify_file(tmp_path / "again.xlsx").faults == ()
    assert verify_file(tmp_path / "changed.xlsx").faults == ("Costs: the numbers or texts of this sheet are not those that were written",)


def test_workbook_without_seals_fails(cells: tuple[Sheets, dict[str, str]]) -> None:
    assert verdict(cells[0], {}).faults == ("the seals of the sheets are missing from the properties of the workbook",)


def test_what_is_no_plan_is_refused(tmp_path: Path) -> None:
    other = openpyxl.Workbook()
    other.save(tmp_path / "other.xlsx")

    with pytest.raises(FileError, match="no finished plan"):
        verify_file(tmp_path / "other.xlsx")


@pytest.mark.parametrize(
    ("sheet", "kept", "said"),
    [
        ("in supply", 4, "plan.xlsx: in supply: the units are missing, which stand in row 5 below the names of the columns. Take the plan"),
        (PRICES, 0, "plan.xlsx: Prices: the names of its columns are missing, which stand in row 4. Take the plan as it was written"),
        (QUANTITIES, 3, "plan.xlsx: Quantities: the names of its columns are missing"),
    ],
)
def test_sheet_without_its_first_rows_is_named(cells: tuple[Sheets, dict[str, str]], sheet: str, kept: int, said: str) -> None:
    with pytest.raises(FileError, match=re.escape(said)):
        verdict({**cells[0], sheet: cells[0][sheet][:kept]}, cells[1])


@pytest.mark.parametrize("value", ["much", 1e308, float("inf"), float("nan")])
def test_amount_that_is_none_is_named_with_its_cell(cells: tuple[Sheets, dict[str, str]], value: Any) -> None:
    """The first node stands in column E, after the name and three indices."""
    with pytest.raises(FileError, match=re.escape(f"plan.xlsx: Quantities!E7: {value!r} is no amount of a plan.")):
        verdict(with_cell(cells[0], (QUANTITIES, 6, 4), value), cells[1])


def test_input_that_nothing_can_be_computed_with_is_said(cells: tuple[Sheets, dict[str, str]]) -> None:
    columns = numbers(cells[0], lambda sheet, title: (sheet, title) == ("in demand", "demand"))
    ((_, c), rows) = next(iter(columns.items()))

    said = verdict(with_cell(cells[0], ("in demand", rows[0], c), 1e308), cells[1]).faults

    assert any(fault.startswith("no bound is proved: a number or price of the case is below 4e-121 or above 3e+150") for fault in said)


def test_rows_that_end_early_are_read_as_far_as_they_go(cells: tuple[Sheets, dict[str, str]]) -> None:
    """Other programs leave out the empty cells at the end of a row: what is not there is 0."""
    sheets, properties = cells
    short = [row[: max((c + 1 for c, cell in enumerate(row) if cell), default=0)] for row in sheets[QUANTITIES]]

    assert min(map(len, short[FIRST:])) < len(sheets[QUANTITIES][FIRST])
    assert verdict({**sheets, QUANTITIES: short}, properties).faults == ()


@pytest.mark.slow
def test_damaged_plan_is_judged_or_refused_in_words(cells: tuple[Sheets, dict[str, str]]) -> None:
    """Rows that are missing, cut short or doubled, and cells that hold something else, on every sheet that is read."""
    sheets, properties = cells
    rng = random.Random(3)
    read = [name for name in sheets if name.startswith("in ") or name in {*CLAIMS, QUANTITIES, PRICES, "Run", "Summary"}]
    for _ in range(100):
        name = rng.choice(read)
        rows = list(sheets[name])
        r = rng.randrange(len(rows))
        damage = rng.choice(("end", "gone", "short", "twice", "cell"))
        if damage == "end":
            del rows[r:]
        elif damage == "gone":
            del rows[r]
        elif damage == "twice":
            rows.append(rows[r])
        elif damage == "short":
            rows[r] = rows[r][: rng.randrange(len(rows[r]))]
        else:
            rows[r] = tuple(rng.choice((cell, None, "x", 1e308, float("inf"), True, "-", -5)) for cell in rows[r])
        verdict_or_refusal({**sheets, name: rows}, properties)
