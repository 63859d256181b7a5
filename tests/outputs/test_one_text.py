"""One amount has one text: on every sheet, on the page and in the line of the command."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from typer.testing import CliRunner

from cli.app import app
from model.plan import Plan, make_plan
from outputs.excel.layout import FIRST, NAMES
from outputs.excel.workbook import write_plan
from outputs.html.page import page_html
from outputs.tables.run import RunInfo
from tests.kit.cases import load_case
from tests.kit.displayed import displayed
from tests.kit.house import HOUSE
from tests.kit.small import every_sheet, plan_of

CASES = ["every sheet", "reference-05", "reference-43", "reference-36", "market supply alone"]


@dataclass(frozen=True)
class Told:
    """A plan told twice: as a workbook and as a page."""

    plan: Plan | None
    book: openpyxl.Workbook
    page: str

    def total(self, sheet: str, column: str) -> str:
        """What the last row of a table shows below a heading."""
        of = self.book[sheet]
        headings = [cell.value for cell in of[NAMES + 1]]
        return displayed(of.cell(of.max_row, headings.index(column) + 1))

    def below(self, label: str) -> str:
        """What the card of a label shows on the summary."""
        of = self.book["Summary"]
        return next(displayed(of.cell(cell.row + 1, cell.column)) for row in of.iter_rows() for cell in row if cell.value == label)

    def beside(self, label: str) -> str:
        """What stands at the end of a line of the first panel of the summary."""
        of = self.book["Summary"]
        return next(displayed(of.cell(cell.row, cell.column + 5)) for row in of.iter_rows() for cell in row if cell.value == label)

    def card(self, label: str) -> str:
        """What the card of a label shows on the page."""
        found = re.search(rf"<li><span>{re.escape(label)}</span><strong>(.*?)</strong>", self.page)
        assert found, label
        return unescape(found[1])

    def foot(self, table: str, place: int) -> str:
        """A cell of the last row of a table of the page."""
        found = re.search(rf"{table}.*?<tfoot>(.*?)</tfoot>", self.page, re.DOTALL)
        assert found, table
        return unescape(re.findall(r">([^<]*)</t[hd]>", found[1])[place])


@cache
def told(name: str, folder: Path) -> Told:
    plan = make_plan(every_sheet()) if name == "every sheet" else plan_of() if name == CASES[-1] else make_plan(load_case(name))
    return tell(plan, folder)


def tell(plan: Plan, folder: Path) -> Told:
    return Told(plan, openpyxl.load_workbook(write_plan(plan, folder / "plan.xlsx")), page_html(plan, RunInfo(), "var Plotly;"))


@pytest.fixture(params=CASES)
def of(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Told:
    return told(request.param, tmp_path_factory.getbasetemp())


def test_the_total_cost_reads_the_same_everywhere(of: Told) -> None:
    """The last line of the summary, the last of the sheet Costs, and both on the page; with a weight on risk it is called the objective."""
    assert of.plan is not None
    last = of.beside("Objective" if of.plan.risk else "Total")

    assert of.total("Costs", "Total") == last
    assert of.foot("<caption>Expected cost", -1) == last
    assert of.foot("<h3>Costs</h3>", -1) == last


def test_the_value_of_the_stockpile_reads_the_same_everywhere(of: Told) -> None:
    """Summary, Stockpile, the sentence, and the three on the page."""
    card = of.below("Stockpile at target, M USD")
    sentence = re.search(r"worth ([\d,.]+) M USD", str(of.book["Summary"]["B3"].value))

    assert of.total("Stockpile", "Value") == card
    assert of.card("Stockpile at target, M USD") == card
    assert of.foot("<h3>Stockpile</h3>", -2) == card
    assert sentence is None or sentence[1] == card


def test_the_investment_reads_the_same_everywhere(of: Told) -> None:
    """Summary, Investments, the sentence, and the three on the page."""
    card = of.below("Plants ordered, M USD")
    sentence = re.search(r"plants? for ([\d,.]+) M USD", str(of.book["Summary"]["B3"].value))

    assert of.total("Investments", "Capex") == card
    assert of.card("Plants ordered, M USD") == card
    assert of.foot("<h3>Investments</h3>", 9) == card
    assert sentence is None or sentence[1] == card


def test_no_number_has_two_texts(of: Told) -> None:
    """Amounts on every sheet and in every table of the page: a number that stands twice reads the same twice."""
    texts: dict[str, set[str]] = defaultdict(set)
    for sheet in of.book.worksheets:
        if not sheet.title.startswith(("in ", "Run", "Material data")):
            for value, text in amounts_of(sheet):
                texts[f"{value:.9g}"].add(text)
    plan_alone = of.page.partition('<section id="run"')[0]  # seconds of a run are no amounts
    for value, text in re.findall(r'data-v="([^"]*)">([^<]*)<', plan_alone):
        if f"{float(value):.9g}" in texts and "%" not in text and not float(value).is_integer():  # months and years are whole
            texts[f"{float(value):.9g}"].add(text)
    whole = {key: {t for t in found if float(key) != 0} for key, found in texts.items()}

    assert {key: found for key, found in whole.items() if len(found) > 1} == {}


def amounts_of(sheet: Worksheet) -> list[tuple[float, str]]:
    """Every amount of a sheet with its text; those that a formula gives through the format that its size calls for."""
    found = []
    for row in sheet.iter_rows(min_row=1 if sheet.title in ("Summary", "Material") else FIRST + 1):
        for cell in row:
            if (
                isinstance(cell.value, int | float)
                and str(cell.number_format).startswith(("#,##0", '"'))
                and cell.number_format != "#,##0.00"
            ):
                found.append((float(cell.value), displayed(cell)))
    return found


def test_formulas_show_amounts_as_they_stand_elsewhere(tmp_path: Path) -> None:
    """The page of a material chooses the format by the size: 0.0004, 0.0123, 1.5, 12.34 and 1234.5 as in a table."""
    sheet: Any = tell(plan_of(), tmp_path).book["Material"]
    cell = sheet["B7"]
    rules = [rule for area in sheet.conditional_formatting if "B7" in area.sqref for rule in area.rules]
    texts = []
    for value in (0.0004, 0.0123, 1.5, 12.34, 1234.5, -45.67):
        met = [r for r in sorted(rules, key=lambda r: r.priority) if holds(r.formula[0], value)]
        cell.value = value
        texts.append(displayed(cell, met[0].dxf.numFmt.formatCode if met else ""))

    assert texts == ["\u2013", "0.012", "1.50", "12.3", "1,235", "-45.7"]


def holds(formula: str, value: float) -> bool:
    """Whether the condition of a rule, AND(ISNUMBER(B7),ABS(B7)>=least), holds for a number."""
    found = re.fullmatch(r"AND\(ISNUMBER\(B7\),ABS\(B7\)(>=|<)([\d.]+)\)", formula)
    assert found, formula
    return abs(value) >= float(found[2]) if found[1] == ">=" else abs(value) < float(found[2])


def test_the_command_says_the_text_of_the_sheets(tmp_path: Path) -> None:
    """43,823.7 thousand USD are 43.8 million, in the line of `stockpile plan` and on the sheet Costs."""
    out = tmp_path / "plan.xlsx"
    done = CliRunner().invoke(app, ["plan", str(HOUSE / "inputs" / "tutorial.xlsx"), "--out", str(out)])
    total = Told(None, openpyxl.load_workbook(out), "").total("Costs", "Total")

    assert total == "43.8"
    assert f"expected cost {total} million USD" in done.output
