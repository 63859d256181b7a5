"""The plan workbook, read back: what a reviewer can add up in Excel adds up, and the file looks as it should."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from inputs.errors import FileError
from inputs.extras import DISTRIBUTION
from inputs.schema import SETTINGS, SHEETS
from model.plan import Plan, make_plan
from model.solver.program import Status
from outputs.excel.layout import FIRST, NAMES, UNITS
from outputs.excel.workbook import write_plan
from outputs.tables.run import RunInfo
from tests.kit.cases import load_case, names
from tests.kit.small import every_sheet, plan_of

CASES = ["reference-05", "reference-09", "reference-43", "reference-17", "reference-36", "every sheet"]
ANSWERS = [
    *(
        "Summary",
        "Contents",
        "Stockpile",
        "Material",
        "Purchases",
        "Investments",
        "Orders in cutoffs",
        "Stock",
        "Stock value",
        "Stock flows",
    ),
    *("Cutoffs", "Supply in peace", "Supply in cutoffs", "Supply after cutoffs", "Costs", "Budget", "Pins"),
]


@dataclass(frozen=True)
class Written:
    """A plan and its workbook, read back by openpyxl."""

    plan: Plan
    book: openpyxl.Workbook

    def table(self, sheet: str) -> pd.DataFrame:
        """The rows under the headings of a sheet."""
        rows = self.book[sheet].iter_rows(min_row=NAMES + 1, values_only=True)
        headings = [str(h) for h in next(rows) if h is not None]
        return pd.DataFrame([row[: len(headings)] for row in rows][FIRST - NAMES - 1 :], columns=headings)

    def widths(self, sheet: str) -> list[float]:
        """The widths of the columns; neighbours of one width stand together in the file."""
        groups = self.book[sheet].column_dimensions.values()
        return [group.width for group in sorted(groups, key=lambda g: g.min or 0) for _ in range(group.min or 0, (group.max or 0) + 1)]


@cache
def plan_named(name: str) -> Plan:
    return make_plan(every_sheet() if name == "every sheet" else load_case(name))


@pytest.fixture(scope="module", params=CASES)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    plan = plan_named(request.param)
    path = write_plan(plan, tmp_path_factory.mktemp("plan") / "plan.xlsx")
    book = openpyxl.load_workbook(path)
    yield Written(plan, book)
    book.close()


def near(left: Any, right: Any, scale: float | None = None) -> bool:
    """Equal to 1e-6 of the largest number (or of `scale`)."""
    left, right = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    size = scale or max(1.0, np.abs(left).max(initial=0), np.abs(right).max(initial=0))
    return bool(np.abs(left - right).max(initial=0) <= 1e-6 * size)


def test_one_sheet_a_question(written: Written) -> None:
    """The answers in order, every sheet of the case with rows, how they came about, what proves them, and hidden what the page of a material reads."""
    case = written.plan.case
    shown = [f"in {s.name}" for s in SHEETS if s.name == SETTINGS or not s.optional or len(case[s.name])]

    assert written.book.sheetnames == [*ANSWERS, *shown, "Run", "Quantities", "Prices", "Material data"]
    assert [sheet.title for sheet in written.book.worksheets if sheet.sheet_state != "visible"] == ["Material data"]


def test_every_stock_row_balances(written: Written) -> None:
    """Opening - lost + bought + offtake - released = closing."""
    flows = written.table("Stock flows")
    closing = flows["Opening"] - flows["Lost"] + flows["Bought"] + flows["Offtake"] - flows["Released"]

    assert len(flows)
    assert near(closing, flows["Closing"])


def test_stock_flows_are_chains(written: Written) -> None:
    """A row opens where the row before closed; a cutoff where peace closed before its onset; the plan with the opening stock."""
    flows = written.table("Stock flows")
    opening = written.table("in materials").set_index("material")["opening_stock"]
    for material, of in flows.groupby("Material", sort=False):
        peace = of[of["Cutoff"] == "-"]
        before = dict(zip(peace["Period from"].tolist()[1:], peace["Closing"].tolist()[:-1], strict=True))
        starts = {"-": opening[str(material)]}
        for (cutoff, onset), chain in of.groupby(["Cutoff", "Onset"], sort=False, dropna=False):
            start = starts.get(str(cutoff), before.get(onset))

            assert near(chain["Opening"], [start, *chain["Closing"].tolist()[:-1]])


def test_stock_is_that_of_the_flows(written: Written) -> None:
    """The matrix of closing stock in peace has the closing of each period."""
    flows, stock = written.table("Stock flows"), written.table("Stock").set_index("Material")
    peace = flows[flows["Cutoff"] == "-"]
    for material, of in peace.groupby("Material", sort=False):
        assert near(of["Closing"], stock.loc[str(material)].iloc[1:])


def test_the_target_is_the_highest_stock_once_ready(written: Written) -> None:
    """Over the trunk periods that end at `ready_by` or later; value = t x USD/kg / 1000; the total is the sum."""
    tree, rows = written.plan.tree, written.table("Stockpile")
    ready = tree.end[: tree.trunk] >= written.plan.case.number("ready_by")
    highest = written.table("Stock").set_index("Material").iloc[:, 1:].loc[:, ready].max(axis=1)
    materials = rows.iloc[:-1].set_index("Material")

    assert near(materials["Target stock"], highest[materials.index])
    assert near(materials["Value"], materials["Target stock"] * materials["Price then"] / 1000)
    assert near(rows["Value"].iloc[-1], materials["Value"].sum())
    assert set(materials.index) == set(written.plan.case["materials"]["material"])


def test_purchases_are_what_came_in(written: Written) -> None:
    """By material, bought and offtake of the flows in peace; USD/kg x t = thousand USD, shown in millions; offers' cost is the plan's undiscounted purchase cost."""
    bought, flows = written.table("Purchases"), written.table("Stock flows")
    rows = bought.iloc[:-1]
    peace = flows[flows["Cutoff"] == "-"]
    came = peace.assign(t=peace["Bought"] + peace["Offtake"]).groupby("Material")["t"].sum()
    paid = rows[rows["Offer"] != "home output"]["Cost"].sum()

    assert near(rows.groupby("Material")["Bought"].sum().reindex(came.index).fillna(0), came)
    assert near(rows["Bought"].astype(float) * rows["Price"].astype(float), 1000 * rows["Cost"])
    assert near(1000 * paid, written.plan.costs.loc["cost_purchase"].iloc[: written.plan.tree.trunk].sum())
    assert near(bought["Cost"].iloc[-1], rows["Cost"].sum())


def test_expected_capex_is_the_line_of_the_costs(written: Written) -> None:
    """Orders in peace and in cutoffs, times probability and discounted, are the line 'New capacity'."""
    peace, cutoffs, costs = written.table("Investments"), written.table("Orders in cutoffs"), written.table("Costs")
    later = cutoffs["Expected capex"].iloc[-1] if len(cutoffs) > 1 else 0
    line = costs.set_index("Cost").loc["New capacity", "Total"]

    assert near(peace["Expected capex"].iloc[-1] + later, line)
    assert set(peace["Plant"].dropna()) == set(written.plan.case["plants"]["plant"])


def test_coverage_reached_is_at_least_what_is_required(written: Written) -> None:
    """Where it is promised; and demand = supplied + substituted + given up + short."""
    cover = written.table("Cutoffs")
    promised = cover[cover["Coverage promised"] == "yes"]

    assert (promised["Coverage reached"] >= promised["Coverage required"] - 1e-6).all()
    assert (promised["At its limit"].isin(["yes", "no"])).all()
    assert near(cover["Supplied"] + cover["Substituted"] + cover["Given up"] + cover["Short"], cover["Demand"])


def test_supply_adds_to_demand_in_peace(written: Written) -> None:
    """In every year the rows of a material, used and surplus negative, add to its last row, the demand."""
    supply = written.table("Supply in peace")
    years = list(supply.columns[3:])
    demand = supply[supply["Kind"] == "demand"].set_index("Material")[years]
    others = supply[supply["Kind"] != "demand"].groupby("Material")[years].sum().reindex(demand.index).fillna(0)

    assert near(others, demand, scale=max(1.0, float(supply[years].abs().to_numpy().max())))
    assert (supply.groupby("Material", sort=False)["Kind"].last() == "demand").all()


def test_supply_adds_to_demand_in_every_cutoff(written: Written) -> None:
    """As in peace; and the demand is that of the sheet of coverage."""
    supply, cover = written.table("Supply in cutoffs"), written.table("Cutoffs")
    by = ["Cutoff", "Onset", "Material"]
    demand = supply[supply["Kind"] == "demand"].set_index(by)["Tonnes"]
    others = supply[supply["Kind"] != "demand"].groupby(by)["Tonnes"].sum()
    asked = cover.groupby(by)["Demand"].sum()
    every = others.index.union(asked.index, sort=False)

    assert near(others.reindex(every).fillna(0), demand.reindex(every).fillna(0))
    assert near(asked.reindex(every).fillna(0), demand.reindex(every).fillna(0))


def test_costs_add_to_the_objective(written: Written) -> None:
    """Each line over its years and the end, each year over its lines; the weight on risk belongs to no year."""
    costs = written.table("Costs").set_index("Cost")
    years = costs.drop(columns="Total").sum(axis=1)
    timed = costs.index.difference(["Weight on the worst outcomes", "Total"])
    assert written.plan.objective is not None
    objective = written.plan.objective / 1000
    scale = max(1.0, abs(objective))

    assert near(costs.loc["Total", "Total"], objective, scale)
    assert near(costs.iloc[:-1].sum(), costs.iloc[-1], scale)
    assert near(years[timed], costs.loc[timed, "Total"], scale)
    assert ("Weight on the worst outcomes" in costs.index) == bool(written.plan.risk)


def test_the_case_is_there_as_it_was_read(written: Written) -> None:
    """Every number of every input sheet; no limit and other defaults in words; every setting."""
    for sheet in (s for s in SHEETS if s.name != SETTINGS):
        frame = written.plan.case[sheet.name]
        if sheet.optional and not len(frame):
            continue
        shown = written.table(f"in {sheet.name}")
        if not len(frame):
            assert shown.iloc[0, 0] == "The case has no rows here."
            continue
        for column in sheet:
            given = frame[column.name]
            if column.numeric:
                finite = np.isfinite(given.to_numpy())
                assert shown[column.name].to_numpy()[finite].tolist() == given.to_numpy()[finite].tolist()
                assert set(shown[column.name].to_numpy()[~finite]) <= {column.empty}
    settings = written.table(f"in {SETTINGS}").set_index("name")["value"]

    assert settings["home"] == written.plan.case.home
    assert settings["crisis_period"] == written.plan.case.number("crisis_period")


def test_every_sheet_looks_finished(written: Written) -> None:
    """A title, a sentence, filters, frozen headings, one landscape page wide with headings on every page where it is printed, and columns wide enough for what is in them."""
    for sheet in (s for s in written.book.worksheets if s.title not in ("Summary", "Material", "Material data")):
        empty = sheet.max_row == FIRST + 1 and sheet.cell(FIRST + 1, 2).value is None
        assert sheet.cell(1, 1).value
        assert sheet.cell(2, 1).value
        assert sheet.auto_filter.ref or empty, sheet.title
        assert sheet.freeze_panes.startswith(("B", "C", "D", "E"))
        assert sheet.freeze_panes.endswith(str(FIRST + 1))
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert (sheet.print_title_rows == f"${NAMES + 1}:${UNITS + 1}") == (not sheet.print_area)
        assert "&A" in sheet.oddFooter.left.text
        for heading, width in zip(written.table(sheet.title).columns, written.widths(sheet.title), strict=True):
            assert width > max(map(len, heading.split())), (sheet.title, heading)


def test_contents_link_to_every_sheet(written: Written) -> None:
    links = {link.location for link in (cell.hyperlink for (cell,) in written.book["Contents"].iter_rows(max_col=1)) if link}

    assert links == {f"'{name}'!A1" for name in written.book.sheetnames if name not in ("Contents", "Material data")}


def test_the_summary_has_the_numbers_of_the_tables(written: Written) -> None:
    """Cards and panels have the numbers of the tables, in M USD; the three charts have titles and axes in units."""
    sheet = written.book["Summary"]
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    value = written.table("Stockpile")["Value"].iloc[-1]
    charts = sheet._charts  # type: ignore[attr-defined]
    lines = written.table("Costs").iloc[:-1]

    assert {*lines["Cost"][lines["Total"].abs() > 1e-6]} <= {*cells}
    assert any(isinstance(c, int | float) and c == pytest.approx(value) for c in cells)
    assert any(isinstance(c, int | float) and c == pytest.approx(written.plan.objective / 1000) for c in cells)
    assert len(charts) == 3
    assert all(chart.title is not None and chart.y_axis.title is not None for chart in charts)
    assert sheet.page_setup.fitToHeight in (None, 1)


@pytest.mark.slow
@pytest.mark.parametrize("name", [n for n in names() if n not in (*CASES, "reference-28", "reference-31")])
def test_every_known_answer_can_be_written(name: str, tmp_path: Path) -> None:
    """Also plans without cutoffs, plants or stock; their costs add to the objective. Without a plan nothing is written (reference-28 and reference-31 are refused by `check` already)."""
    plan = make_plan(load_case(name))
    if plan.status is not Status.OPTIMAL:
        with pytest.raises(ValueError, match="only an optimal plan"):
            write_plan(plan, tmp_path / "plan.xlsx")
        assert not list(tmp_path.iterdir())
        return
    book = openpyxl.load_workbook(write_plan(plan, tmp_path / "plan.xlsx"), read_only=True)
    rows = list(book["Costs"].iter_rows(values_only=True))
    book.close()

    assert near(1000 * rows[-1][rows[NAMES].index("Total")], plan.objective)


def test_names_that_look_like_formulas_stay_text(tmp_path: Path) -> None:
    """An offer named =1+1 and a country named +Overseas are names."""
    plan = plan_of(supply={"offer": "=1+1", "country": "+Overseas", "material": "Dy"})
    sheet = openpyxl.load_workbook(write_plan(plan, tmp_path / "plan.xlsx"))["in supply"]
    cells = [sheet.cell(FIRST + 1, c) for c in (1, 2)]

    assert [(c.value, c.data_type) for c in cells] == [("=1+1", "s"), ("+Overseas", "s")]


def test_the_run_says_where_the_plan_is_from(tmp_path: Path) -> None:
    source = RunInfo(source=tmp_path / "case.xlsx", sha256="abc", time_limit=60)
    sheet = openpyxl.load_workbook(write_plan(plan_of(), tmp_path / "plan.xlsx", source))["Run"]
    facts = {row[1]: row[2] for row in sheet.iter_rows(min_row=FIRST + 1, values_only=True)}

    assert facts["file"] == str(tmp_path / "case.xlsx")
    assert facts["SHA-256 of the file"] == "abc"
    assert facts["time limit"] == 60
    assert facts["status"] == "optimal"
    assert {"pyomo", "highspy", "pandas", "python", DISTRIBUTION, "solve", "columns"} <= set(facts)


def test_a_plan_that_is_open_elsewhere_goes_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows refuses to replace a file that Excel has open."""
    replace = Path.replace

    def refusing(self: Path, target: Path) -> Path:
        if target.name == "plan.xlsx":
            raise PermissionError
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refusing)

    assert write_plan(plan_of(), tmp_path / "plan.xlsx") == tmp_path / "plan (2).xlsx"
    assert [path.name for path in tmp_path.iterdir()] == ["plan (2).xlsx"]


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("outputs.excel.workbook.write_table", failing)
    with pytest.raises(FileError, match="no space"):
        write_plan(plan_of(), tmp_path / "plan.xlsx")

    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_the_users_to_mend(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such folder"):
        write_plan(plan_of(), tmp_path / "nowhere" / "plan.xlsx")
