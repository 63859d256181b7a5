"""The page of a material: it shows what the other sheets say, and follows its selector."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from model.plan import make_plan, solve_case
from model.studies.study import study
from outputs.excel.material_data import DATA, PAGE, material_page
from outputs.excel.material_sheet import CARDS, CHOSEN_COLUMN, PICK
from outputs.excel.workbook import write_plan
from outputs.tables.material import SLOTS, Material, material_pages
from outputs.tables.plan import report_tables
from outputs.tables.report import Report
from outputs.tables.table import Table
from outputs.tables.waterfall import STEPS
from tests.kit.cases import load_case
from tests.kit.small import embargo, every_sheet, near, plan_of
from tests.model.studies.test_programme import a_case

CASES = ["reference-05", "reference-43", "reference-36", "every sheet"]


@cache
def pages(name: str) -> tuple[Report, dict[str, Table], list[Material]]:
    report = Report(make_plan(every_sheet() if name == "every sheet" else load_case(name)))
    tables = report_tables(report)
    return report, tables, material_pages(report, tables)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("part", ["peace", "cutoff", "branches"])
def test_sources_add_up_to_uses(name: str, part: str) -> None:
    """By year, by period of the worst cutoff, and over every cutoff: what comes in is needed, stored or surplus."""
    for material in pages(name)[2]:
        came = np.sum([getattr(f, part) for f in material.sources], axis=0)
        went = np.sum([getattr(f, part) for f in material.uses], axis=0)

        assert len(material.sources) == SLOTS
        assert came.tolist() == pytest.approx(went.tolist(), abs=1e-6 * max(1, np.abs(came).max(initial=0)))


@pytest.mark.parametrize("name", CASES)
def test_a_material_has_the_numbers_of_the_tables(name: str) -> None:
    _, tables, materials = pages(name)
    stock = tables["Stock"].frame.set_index("material")
    supply = tables["Supply in peace"].frame
    for material in materials:
        offers = supply[(supply["material"] == material.name) & supply["kind"].isin(["offer", "plant output"])]

        assert material.stock.tolist() == stock.loc[material.name].iloc[1:].tolist()
        assert sum(f.peace.sum() for f in material.sources[:-3]) == pytest.approx(offers.iloc[:, 3:].to_numpy().sum(), abs=1e-6)
    assert [m.name for m in materials] == tables["Stockpile"].frame["material"].tolist()[:-1]


@pytest.mark.parametrize("name", CASES)
def test_coverage_of_a_material_is_its_tightest(name: str) -> None:
    """No protected cutoff from ready_by on has less above what is required."""
    _, tables, materials = pages(name)
    cover = tables["Cutoffs"].frame
    promised = cover[cover["promised"] == "yes"]
    for material in materials:
        for sector in material.sectors:
            of = promised[(promised["material"] == material.name) & (promised["sector"] == sector.sector)]
            if len(of):
                assert sector.reached - sector.required == pytest.approx((of["reached"] - of["required"]).min())


def test_the_smaller_sources_stand_together() -> None:
    """Nine offers of 1 t a year and one of 3: six have a name, four are the others; 12 t in all."""
    supply: list[dict[str, Any]] = [
        {"offer": f"offer {i}", "country": "Chile", "material": "Dy", "capacity": 3 if i == 4 else 1, "price": 50} for i in range(10)
    ]
    report = Report(plan_of(supply=supply))
    (material,) = material_pages(report, report_tables(report))
    named = material.sources[:6]

    assert named[0].name == "offer 4"
    assert [f.peace.tolist() for f in named] == [near([3, 3]), *[near([1, 1])] * 5]
    assert material.sources[6].name == "all other offers and plants"
    assert material.sources[6].peace.tolist() == near([4, 4])


def shown(path: Path) -> list[Any]:
    """Every value of the page, by row."""
    book = openpyxl.load_workbook(path, data_only=True)
    values = [["" if v is None else v for v in row] for row in book[PAGE].iter_rows(values_only=True)]
    book.close()
    return values


def test_the_page_shows_the_first_material_without_recalculation(tmp_path: Path) -> None:
    """The values that a viewer without formulas finds are those of the most valuable material."""
    plan = make_plan(every_sheet())
    path = write_plan(plan, tmp_path / "plan.xlsx")
    report = Report(plan)
    first = material_pages(report, report_tables(report))[0]
    values, book = shown(path), openpyxl.load_workbook(path)

    assert values[PICK][CHOSEN_COLUMN] == first.name
    assert values[CARDS + 1][1] == pytest.approx(first.figures["target"])
    assert book[PAGE].data_validations.dataValidation[0].formula1 == f"'{DATA}'!$A$5:$A$7"
    assert len(book[PAGE]._charts) == 3  # type: ignore[attr-defined]
    assert str(book[PAGE].cell(CARDS + 2, 2).value).startswith("=INDEX(")


def test_sectors_stand_together_in_a_block() -> None:
    """The page finds each sector by its place from the first, also of a material that not every sector uses."""
    solved = solve_case(every_sheet())
    report = Report(solved.plan, study(solved))
    tables = report_tables(report)
    for block in material_page(report, tables, material_pages(report, tables)).blocks:
        at = block.at["sector"]

        assert [row.part for row in block.rows[at : at + 3]] == ["sector"] * 3
        assert [row.part for row in block.rows[block.at["fall"] :]] == ["fall"] * 4


def test_a_studied_plan_shows_why_so_much_is_held(tmp_path: Path) -> None:
    """The words and the steps of the sheet Why this much, and a fourth chart whose columns stand on what is below them."""
    solved = solve_case(a_case())
    studies = study(solved)
    path = write_plan(solved.plan, tmp_path / "plan.xlsx", studies=studies)
    fall = material_pages(report := Report(solved.plan, studies), report_tables(report))[0].fall
    values, book = shown(path), openpyxl.load_workbook(path)
    (begin,) = [r for r, row in enumerate(values) if row[1] == "Why so much, t"]

    assert fall is not None
    assert fall.words in [v for row in values for v in row]
    assert tuple(values[begin][5 : 5 + len(STEPS)]) == STEPS
    assert {str(row[1]): tuple(row[5 : 5 + len(STEPS)]) for row in values[begin + 1 : begin + 5]} == {
        name: near(series) for name, series in fall.series.items()
    }
    assert len(book[PAGE]._charts) == 4  # type: ignore[attr-defined]


def test_a_case_without_cutoffs_or_stock_has_a_page(tmp_path: Path) -> None:
    path = write_plan(plan_of(), tmp_path / "plan.xlsx")

    assert "No material lacks anything in a protected cutoff." in [v for row in shown(path) for v in row]


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice (soffice) to recalculate")
def test_another_material_in_the_cell_gives_its_numbers(tmp_path: Path) -> None:
    """Choose each material of a copy in turn and let LibreOffice recalculate: figures, sources and coverage are that material's."""
    supply = [
        {"offer": "Dy China", "country": "China", "material": "Dy"},
        {"offer": "Dy purchase", "country": "Chile", "material": "Dy", "buyer": "stockpile"},
        {"offer": "dy? Chile", "country": "Chile", "material": "dy*"},
    ]
    materials = [{"material": "Dy", "price": 100}, {"material": "dy*", "price": 7}]
    demand = [{"material": m, "sector": "civil", "demand": d} for m, d in (("Dy", 12), ("dy*", 36))]
    plan = plan_of(materials=materials, demand=demand, supply=supply, **embargo(months=6, chance=0.2))
    book = openpyxl.load_workbook(write_plan(plan, tmp_path / "plan.xlsx"))
    book[PAGE].cell(PICK + 1, CHOSEN_COLUMN + 1).value = "dy*"
    book.save(tmp_path / "chosen.xlsx")
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    subprocess.run(
        [*command, "--outdir", str(tmp_path / "out"), str(tmp_path / "chosen.xlsx")], check=True, capture_output=True, timeout=120
    )
    values = [v for row in shown(tmp_path / "out" / "chosen.xlsx") for v in row]

    assert "dy? Chile" in values
    assert "Dy China" not in values
    assert values.count(36) >= 3
    assert 7 in values
    assert "#N/A" not in values
