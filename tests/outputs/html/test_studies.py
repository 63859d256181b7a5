"""Studies as parts of a page: their charts have the numbers of their tables, and names stay text."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from inputs.shipped import new_workbook
from model.sweep.design import DesignKind
from outputs.alternatives_file import alternatives_file
from outputs.compare_file import compare_file
from outputs.frontier_file import frontier_file
from outputs.html.figures import Figure, figures_html
from outputs.html.studies import alternatives_html, comparison_html, frontier_html, stress_html, sweep_html, worth_html
from outputs.plan_file import plan_file
from outputs.stress_file import StressRequest, stress_file
from outputs.sweep_file import SweepRequest, sweep_file
from outputs.worth_file import worth_file
from tests.kit.small import near

DY = "materials[Dy].price*="


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_workbook(tmp_path_factory.mktemp("case") / "case.xlsx", "tutorial")


def figures(text: str) -> list[dict[str, Any]]:
    """The charts of a part of a page; each has its place."""
    (data,) = re.findall(r'<script type="application/json" id="figures">(.*?)</script>', text)
    found: list[dict[str, Any]] = json.loads(data)

    assert text.count('class="chart"') == len(found)
    return found


def swept(workbook: Path, folder: Path, kind: DesignKind, *vary: str) -> str:
    """The part of a page that shows a sweep."""
    request = SweepRequest(vary, kind, points=12, store=folder / "s.sqlite", out=folder / "s.xlsx")
    return sweep_html(sweep_file(workbook, request).sweep)


def test_a_frontier_is_drawn_through_its_corners(workbook: Path, tmp_path: Path) -> None:
    """The teaching case at 0 to 5 t of dysprosium a year: no plan below 5 t, so from 5 to 10 t, as its table says."""
    outcome = frontier_file(workbook, "materials[Dy].purchase_limit=0:10", tmp_path / "f.xlsx")
    (figure,) = figures(frontier_html(outcome.report))
    points = outcome.report.found.points

    assert figure["along"] == [near(p.value) for p in points]
    assert figure["along"][0] == near(5)
    assert figure["series"][0]["values"] == [near(p.objective / 1000) for p in points]


def test_a_tornado_has_the_change_at_both_ends(workbook: Path, tmp_path: Path) -> None:
    """Dysprosium at half and twice its price, against 43.8237 M USD: below 0 at the low end, above at the high one."""
    (figure,) = figures(swept(workbook, tmp_path, DesignKind.ONE_AT_A_TIME, f"{DY}0.5,1,2"))
    low, high = (series["values"][0] for series in figure["series"])

    assert figure["names"] == ["Price of Dy (×0.5 to ×2)"]
    assert low < 0 < high


def test_a_grid_is_drawn_as_lines(workbook: Path, tmp_path: Path) -> None:
    """Along the coverage, a line for each price."""
    (figure,) = figures(swept(workbook, tmp_path, DesignKind.GRID, f"{DY}0.5,1,2", "sectors[defense].coverage=0,1"))

    assert figure["along"] == [0, 1]
    assert [series["name"] for series in figure["series"]] == ["×0.5", "×1", "×2"]
    assert figure["series"][1]["values"][1] == near(43.8237)


def test_samples_are_drawn_as_a_histogram(workbook: Path, tmp_path: Path) -> None:
    (figure,) = figures(swept(workbook, tmp_path, DesignKind.LATIN_HYPERCUBE, f"{DY}uniform(0.5,2)"))

    assert sum(figure["series"][0]["values"]) == 12


def test_a_comparison_has_each_plan_by_its_name(workbook: Path, tmp_path: Path) -> None:
    """A case against itself with dearer dysprosium: the cost of both, and what differs in money."""
    import openpyxl

    book = openpyxl.load_workbook(workbook)
    book["materials"]["B4"] = 800
    book.save(tmp_path / "dear.xlsx")
    found = compare_file([workbook, tmp_path / "dear.xlsx"], tmp_path / "c.xlsx", called=["now", "<b>dear</b>"])
    text = comparison_html(found)
    cost, parts = figures(text)

    assert cost["names"] == ["now", "<b>dear</b>"]
    assert cost["series"][0]["values"][0] == near(43.8237)
    assert cost["series"][0]["values"][1] > 43.8237
    assert [series["name"] for series in parts["series"]] == cost["names"]
    assert "<b>dear" not in text


def test_alternatives_have_the_ends_of_each_plant(workbook: Path, tmp_path: Path) -> None:
    """The separation plant of the teaching case: 50 t/yr in the plan, and no more than its limit of 50 in any other."""
    found = alternatives_file(workbook, 0.02, tmp_path / "a.xlsx").found
    (figure,) = figures(alternatives_html(found))
    ends = {series["name"]: series["values"][0] for series in figure["series"]}

    assert figure["names"] == ["Separation"]
    assert (ends["plan"], ends["most"]) == (near(50), near(50))
    assert ends["least"] <= 50


def test_worth_is_drawn_as_in_its_table(workbook: Path, tmp_path: Path) -> None:
    found = worth_file(workbook, tmp_path / "w.xlsx").found
    known = [w for w in found if w.worth is not None]
    (figure,) = figures(worth_html(found))

    assert known
    assert figure["series"][0]["values"] == [near((w.worth or 0.0) / 1000) for w in known]


def test_a_stress_test_has_the_share_of_futures_of_each_sector(workbook: Path, tmp_path: Path) -> None:
    """Of the futures that the teaching case lists, every one keeps the promise to defense: what the plan was made for."""
    plan_file(workbook, tmp_path / "plan.xlsx", quick=True)
    request = StressRequest(20, listed=True, store=tmp_path / "s.sqlite", out=tmp_path / "s.xlsx")
    (figure,) = figures(stress_html(stress_file(tmp_path / "plan.xlsx", request).report))

    assert figure["names"] == ["defense"]
    assert {series["name"]: series["values"] for series in figure["series"]} == {"full coverage": [100], "promise kept": [100]}


def test_a_chart_that_is_none_has_no_place() -> None:
    assert figures_html([]) == ""
    assert figures(figures_html([Figure("Cost", "M USD", (("", [1.0]),), ["</script>"])]))[0]["names"] == ["</script>"]
