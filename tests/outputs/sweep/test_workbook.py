"""The workbook of a sweep, read back: its numbers are those of the points, whatever the design and whatever became of them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from inputs.case import Case
from inputs.change import Variation, parse_variation
from inputs.errors import FileError
from inputs.workbook import parse
from model.sweep.design import (
    Design,
    DesignKind,
    grid,
    latin_hypercube,
    morris,
    one_at_a_time,
    sobol_indices,
)
from model.sweep.indices import analyse_morris, analyse_sobol, rank_correlations
from model.sweep.run import run_sweep
from outputs.excel.layout import FIRST, NAMES
from outputs.sweep.distribution import SIDE, bins
from outputs.sweep.heat import TOP
from outputs.sweep.report import Sweep
from outputs.sweep.robust import shares
from outputs.sweep.tornado import Ends, end_labels
from outputs.sweep.workbook import write_sweep
from outputs.tables.rounding import amount
from outputs.tables.table import Table
from tests.kit import small
from tests.kit.displayed import displayed
from tests.kit.faults import sound

PRICE, COVERAGE, DEMAND = "materials[Dy].price", "sectors[defense].coverage", "demand[Dy,*].demand"
LIMIT = "materials[Dy].stock_limit"
"""0 leaves no plan, for five days of cover must be held."""

ALONE = (f"{PRICE}*=0.5,1,2", f"{COVERAGE}=0.5,0.7,1", f"{LIMIT}=0,60", "settings.discount_rate=0.05")
SPREAD = (f"{PRICE}*=uniform(0.5,2)", f"{DEMAND}*=uniform(0.5,1.5)", f"{COVERAGE}=uniform(0.5,1)")
LOST = (f"{PRICE}*=uniform(0.5,2)", f"{LIMIT}=discrete(0:0.1,90:0.9)")
"""A tenth of the points has no plan."""

DESIGNS: dict[str, Callable[[], Design]] = {
    "one at a time": lambda: one_at_a_time(varied(*ALONE)),
    "grid of one": lambda: grid(varied(f"{PRICE}*=0.5:2:4")),
    "coverage": lambda: grid(varied(f"{COVERAGE}=0.5:1:6")),
    "grid of two": lambda: grid(varied(f"{PRICE}*=0.5,1,2", f"{LIMIT}=0,30,60,90")),
    "grid of three": lambda: grid(varied(f"{PRICE}*=0.5,2", f"{COVERAGE}=0.5,0.9", f"{DEMAND}*=0.5,1")),
    "latin hypercube": lambda: latin_hypercube(varied(*SPREAD), 24, seed=1),
    "some lost": lambda: latin_hypercube(varied(*LOST), 20, seed=1),
    "morris": lambda: morris(varied(*SPREAD), 4, seed=1),
    "morris, some lost": lambda: morris(varied(*LOST), 6, seed=2),
    "sobol indices": lambda: sobol_indices(varied(*SPREAD), 8, seed=1, second_order=True),
    "no effect": lambda: sobol_indices(
        varied("materials[ore].holding_rate=uniform(0,0.1)", "materials[ore].rotation_cost=uniform(0,1)"), 4, seed=1
    ),
    "large grid": lambda: grid(varied(f"{PRICE}*=0.5:2:20", "settings.length_known=yes,no")),
    "all lost": lambda: grid(varied(f"{LIMIT}=0,0.001")),
    "one point": lambda: latin_hypercube(varied(*SPREAD), 1, seed=1),
}

TORNADO, HEAT, CURVE, AGAINST = ["Tornado", "Plans at the ends"], ["Heat map"], ["Cost along the way"], ["Cost against coverage"]
SAMPLES = ["Robust stocks", "Robust plants", "Sensitivity", "Distribution"]
SHEETS = {
    "one at a time": [*TORNADO, *AGAINST],
    "grid of one": CURVE,
    "coverage": AGAINST,
    "grid of two": HEAT,
    "grid of three": [*AGAINST, *SAMPLES],
    "latin hypercube": [*AGAINST, *SAMPLES],
    "some lost": SAMPLES,
    "morris": ["Sensitivity"],
    "morris, some lost": ["Sensitivity"],
    "sobol indices": [*AGAINST, *SAMPLES],
    "no effect": SAMPLES,
    "large grid": HEAT,
    "all lost": [],
    "one point": [*AGAINST, *SAMPLES],
}

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
"""openpyxl does not read the solid bars in cells."""


@cache
def case() -> Case:
    read = parse(sound()).case
    assert read is not None
    return read


def varied(*texts: str) -> list[Variation]:
    return [parse_variation(text, case()) for text in texts]


@dataclass(frozen=True)
class Written:
    """A design, its points as they were solved, and the workbook of them, read back."""

    design: Design
    frame: pd.DataFrame
    path: Path
    book: openpyxl.Workbook

    def table(self, sheet: str) -> pd.DataFrame:
        """The rows under the headings of a sheet."""
        rows = self.book[sheet].iter_rows(min_row=NAMES + 1, values_only=True)
        headings = []
        for heading in next(rows):
            if heading is None:
                break
            headings.append(str(heading))
        body = [row[: len(headings)] for row in list(rows)[FIRST - NAMES - 1 :]]
        return pd.DataFrame([row for row in body if row[0] is not None], columns=headings)

    def texts(self, sheet: str) -> list[str]:
        return [str(v) for row in self.book[sheet].iter_rows(values_only=True) for v in row if isinstance(v, str)]

    @property
    def plans(self) -> pd.DataFrame:
        return self.frame[self.frame["status"] == "optimal"]


FOLDER = TemporaryDirectory()


@cache
def solved(name: str) -> tuple[Design, pd.DataFrame]:
    design = DESIGNS[name]()
    return design, run_sweep(case(), design, Path(FOLDER.name) / f"{name}.sqlite").frame


@cache
def written(name: str) -> Written:
    design, frame = solved(name)
    path = write_sweep(frame, design, Path(FOLDER.name) / f"{name}.xlsx", case=case())
    return Written(design, frame, path, openpyxl.load_workbook(path))


def equal(left: Iterable[Any], right: Iterable[Any]) -> bool:
    """Equal to 1e-9 of the largest, gaps at the same places; what is 1e-9 at most counts as 0."""
    a, b = (np.asarray(pd.to_numeric(pd.Series(list(side)), errors="coerce"), dtype=float) for side in (left, right))
    size = max(1.0, float(np.nanmax(np.abs(b), initial=0)))
    return bool((np.isnan(a) == np.isnan(b)).all() and np.nanmax(np.abs(a - b), initial=0) <= 1e-9 * size)


@pytest.mark.slow
@pytest.mark.parametrize("name", DESIGNS)
def test_sheets_are_those_that_the_design_calls_for(name: str) -> None:
    """The summary, the contents, the answers, then the points, what varied and how they came about; Contents links to all."""
    book = written(name).book

    assert book.sheetnames == ["Summary", "Contents", *SHEETS[name], "Points", "What varied", "Run"]
    links = [row[0].value for row in book["Contents"].iter_rows(min_row=FIRST + 1) if row[0].hyperlink]
    assert links == [sheet for sheet in book.sheetnames if sheet != "Contents"]


@pytest.mark.slow
@pytest.mark.parametrize("name", DESIGNS)
def test_points_are_all_there_in_full_precision(name: str) -> None:
    """One row a point; costs are a thousandth of the frame's, stocks and orders the same; those without a plan are empty."""
    one, frame = written(name), written(name).frame
    table = one.table("Points")

    assert table["Point"].tolist() == frame["number"].tolist()
    assert table["Status"].tolist() == frame["status"].tolist()
    for heading, column, size in (
        ("Cost", "objective", 1000),
        ("Stockpile value", "stockpile_value", 1000),
        ("Investment", "investment", 1000),
    ):
        assert equal(table[heading] * size, frame[column])
    for column in [c for c in map(str, frame) if c.startswith(("target.", "order."))]:
        assert equal(table[column.partition(".")[2]], frame[column])


@pytest.mark.parametrize("name", DESIGNS)
def test_parts_of_the_cost_add_to_it(name: str) -> None:
    """All columns from Market supply to what is left, without risk in this case."""
    table = written(name).table("Points")
    parts = table.loc[:, "Market supply":"Capacity left at the end"] if "Market supply" in table else pd.DataFrame(index=table.index)

    assert parts.shape[1] == (0 if name == "all lost" else 13)
    solved_rows = table["Status"] == "optimal"
    assert np.allclose(parts[solved_rows].astype(float).sum(axis=1), table.loc[solved_rows, "Cost"].astype(float), rtol=1e-7)


@pytest.mark.parametrize("name", DESIGNS)
def test_every_chart_draws_from_numbers(name: str) -> None:
    """No part of the file has a NaN or an infinity, and every range of a chart is on a sheet that is there."""
    with zipfile.ZipFile(written(name).path) as parts:
        texts = {part: parts.read(part).decode() for part in parts.namelist() if part.endswith(".xml")}
    charts = [text for part, text in texts.items() if part.startswith("xl/charts/chart")]

    assert bool(charts) == (name not in ("all lost", "grid of two"))
    assert not [part for part, text in texts.items() if "<v>nan" in text or "<v>inf" in text or ">nan<" in text or "#NUM!" in text]
    ranges = [piece.split("</c:f>")[0] for text in charts for piece in text.split("<c:f>")[1:]]
    assert {r.split("!")[0].strip("'") for r in ranges} <= set(written(name).book.sheetnames)


def test_tornado_has_the_points_at_both_ends() -> None:
    """Costs at the least and the largest value, their differences from point 0, and the swing over the three; widest first."""
    one = written("one at a time")
    table, frame = one.table("Tornado").set_index("What varies"), one.frame
    base = frame["objective"][0] / 1000
    ends = {"Price of Dy": ("value.0", 0.5, 2.0), "Coverage of defense": ("value.1", 0.5, 1.0)}
    for name, (column, low, high) in ends.items():
        costs = [frame.loc[frame[column] == value, "objective"].iloc[0] / 1000 for value in (low, high)]
        row = table.loc[name]

        assert equal(row[["Low value: cost", "High value: cost"]], costs)
        assert equal(row[["Low value: cost against the case", "High value: cost against the case"]], [c - base for c in costs])
        assert row["Swing of the cost"] == pytest.approx(max(*costs, base) - min(*costs, base))
    assert table["Swing of the cost"].astype(float).is_monotonic_decreasing


def test_tornado_says_where_there_is_no_plan_and_where_one_value_stands_against_the_case() -> None:
    """A stock limit of 0 is infeasible; the discount rate has one value, so its other end is the case (3 %, below 5 %)."""
    table = written("one at a time").table("Tornado").set_index("What varies")
    limit, rate = table.loc["Stock limit of Dy"], table.loc["Discount rate"]

    assert limit["Low value: cost"] == limit["Low value: cost against the case"] == "no plan"
    assert limit["Low value: the plan against that of the case"].startswith("No plan (infeasible)")
    assert isinstance(limit["High value: cost"], float)
    assert (rate["Low value"], rate["High value"]) == ("as in the case", "0.05/yr")
    assert rate["Low value: cost against the case"] == 0
    assert rate["Low value: the plan against that of the case"] == "The same stocks and plants."


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (-3.0, 5.0, ("x1", "x2")),
        (-3.0, -5.0, ("", "x2 (inside: x1)")),
        (5.0, 3.0, ("x1 (inside: x2)", "")),
        (4.0, 4.0, ("", "x2 (inside: x1)")),
        (0.0, 3.0, ("", "x2")),
        (float("nan"), 3.0, ("", "x2")),
    ],
)
def test_bars_on_one_side_have_one_label(low: float, high: float, labels: tuple[str, str]) -> None:
    """Two labels beside one another could not be read; the longer bar covers the other and names it."""
    row = {"low value": "x1", "high value": "x2", "difference low": low, "difference high": high}
    table = Table("Tornado", "", "", (), pd.DataFrame([row]))

    assert tuple(end_labels(table, end)[0] for end in ("low", "high")) == labels


def test_tornado_shows_the_plans_not_only_the_costs() -> None:
    """At half the price more Dy is held: the text names each stock that moved, from what to what; the sheet of plans has the numbers."""
    one = written("one at a time")
    sweep = Sweep(one.frame, one.design, case())
    text, plans = Ends(sweep).plan(0, "low"), one.table("Plans at the ends").set_index("Item")
    base, cheap = one.frame.iloc[0], one.frame[one.frame["value.0"] == 0.5].iloc[0]
    moved = [m for m in ("Dy", "Nd") if abs(cheap[f"target.{m}"] - base[f"target.{m}"]) > 0.01 * max(cheap[f"target.{m}"], 1)]

    assert moved
    assert all(f"{m} " in text for m in moved)
    for material in moved:
        assert plans.loc[material, "The case as it is"] == pytest.approx(base[f"target.{material}"])
        assert plans.loc[material, "Price of Dy ×0.5"] == pytest.approx(cheap[f"target.{material}"])
    assert plans.loc["Cost", "Stock limit of Dy 0 t"] == "no plan"


def test_heat_map_is_the_points() -> None:
    """Four stock limits down, three prices across: every cell is its point's cost, value and investment; without a plan it says so."""
    one = written("grid of two")
    sheet, top = one.book["Heat map"], TOP
    for column in ("objective", "stockpile_value", "investment"):
        for r, limit in enumerate((0, 30, 60, 90)):
            for c, price in enumerate((0.5, 1, 2)):
                point = one.frame[(one.frame["value.0"] == price) & (one.frame["value.1"] == limit)].iloc[0]
                cell = sheet.cell(top + 4 + r, 2 + c).value

                assert cell == ("infeasible" if limit == 0 else pytest.approx(point[column] / 1000))
        top += 3 + 4 + 2
    assert "Framed: the case as it is." in one.texts("Summary")


def test_cost_against_coverage_is_its_closed_form(tmp_path: Path) -> None:
    """Half a year of 12 t/yr is lost, so a share c of it takes 6 c t, at 150 thousand USD/t where a shortage costs 100: each step of 0.25 costs the same."""
    offers: list[small.Row] = [
        {"offer": "import", "country": "China", "material": "Dy"},
        {"offer": "reserve", "country": "Chile", "material": "Dy", "buyer": "stockpile", "price": 150},
    ]
    sector = {"sector": "civil", "shortage_multiple": 1, "cover_months": 6}
    small_case = small.case({"ready_by": 12}, sectors=sector, supply=offers, **small.embargo(6), **small.plant(capacity_limit=1, capex=1e9))
    design = grid([parse_variation("sectors[civil].coverage=0:1:5", small_case)])
    frame = run_sweep(small_case, design, tmp_path / "small.sqlite").frame
    path = write_sweep(frame, design, tmp_path / "small.xlsx", case=small_case)
    table = Written(design, frame, path, openpyxl.load_workbook(path)).table("Cost against coverage")
    above, steps = table["Cost more than in the first row"].astype(float), table["Cost more than one row up"].astype(float)

    assert table["Coverage of civil"].tolist() == pytest.approx([0, 0.25, 0.5, 0.75, 1])
    assert frame["target.Dy"].tolist() == pytest.approx([0, 1.5, 3, 4.5, 6])
    assert steps[1:].tolist() == pytest.approx([above.iloc[-1] / 4] * 4)
    assert above.iloc[-1] * 1000 == pytest.approx(frame["objective"].iloc[-1] - frame["objective"].iloc[0])
    assert above.iloc[-1] > 0.5 * 6 * 0.15


def test_percentiles_are_those_of_numpy_over_the_points_with_a_plan() -> None:
    one = written("some lost")
    sheet = one.book["Distribution"]
    found = {sheet.cell(r, SIDE + 1).value: [sheet.cell(r, SIDE + 2 + c).value for c in range(3)] for r in range(FIRST + 1, FIRST + 13)}
    values = one.plans[["objective", "stockpile_value", "investment"]].to_numpy() / 1000

    assert len(one.plans) < len(one.frame)
    for share in (1, 5, 10, 25, 50, 75, 90, 95, 99):
        assert equal(found[f"{share} %"], np.percentile(values, share, axis=0))
    assert equal(found["lowest"], values.min(axis=0))
    assert equal(found["mean"], values.mean(axis=0))


def test_percentiles_read_as_amounts_do_everywhere() -> None:
    sheet = written("some lost").book["Distribution"]
    cells: list[Any] = [sheet.cell(r, SIDE + 2 + c) for r in range(FIRST + 1, FIRST + 13) for c in range(3)]

    assert [displayed(cell) for cell in cells] == [amount(float(cell.value)) for cell in cells]


def test_bins_hold_every_point_with_a_plan() -> None:
    one = written("some lost")
    table = one.table("Distribution")

    assert table["Points"].sum() == len(one.plans)
    assert table["This or less"].iloc[-1] == pytest.approx(1)


@pytest.mark.parametrize("values", [[5.0], [5.0, 5.0], [1.0, 2.0], [0.0, 1e-3, 1e9], list(np.linspace(-3, 8, 400))], ids=str)
def test_bins_cover_any_values(values: list[float]) -> None:
    """Each value lies in one bin, and there are at most a few more than 25."""
    edges, counts = bins(np.array(values))

    assert counts.sum() == len(values)
    assert 1 <= len(counts) <= 27
    assert edges[0] <= min(values)
    assert max(values) <= edges[-1]


def test_shares_count_the_points_in_which_a_stock_is_held_and_a_plant_ordered() -> None:
    """Held: above 0.1 % of the yearly demand (17 t of Dy: 0.017 t); ordered: above 1e-6 t/yr; over the points with a plan."""
    one = written("latin hypercube")
    stocks, plants = one.table("Robust stocks").set_index("Material"), one.table("Robust plants").set_index("Plant")
    held, ordered = one.plans["target.Dy"], one.plans["order.works"].fillna(0)

    assert stocks.loc["Dy", "Yearly demand"] == 17
    assert stocks.loc["Dy", "Held in"] == pytest.approx((held > 0.017).mean())
    assert equal(stocks.loc["Dy", ["5 %", "50 % (median)", "95 %"]], held.quantile([0.05, 0.5, 0.95]))
    assert stocks.loc["Dy", "Robust core"] == ("yes" if (held > 0.017).mean() >= 0.95 else "no")
    assert plants.loc["works", "Ordered in"] == pytest.approx((ordered > 1e-6).mean())
    assert plants.loc["works", "Median where ordered"] == pytest.approx(ordered[ordered > 1e-6].median())
    assert stocks["Held in"].is_monotonic_decreasing


def test_shares_percentiles_and_core_by_hand() -> None:
    """Of 20 points a stock is 1..20 t, another there in 19 and a third in 10: 95 % is core, 50 % not; 5 % of 1..20 is 1.95."""
    amounts = np.column_stack([np.arange(1.0, 21), [0.0, *[3.0] * 19], [0.0] * 10 + [7.0] * 10, np.zeros(20)])
    found = shares(amounts, pd.DataFrame(amounts > 0, columns=["a", "b", "c", "d"])).set_index("name")

    assert found["share"].tolist() == pytest.approx([1, 0.95, 0.5, 0])
    assert found["core"].tolist() == ["yes", "yes", "no", "never"]
    assert found.loc["a", ["p5", "p50", "p95"]].tolist() == pytest.approx([1.95, 10.5, 19.05])
    assert found["if any"].tolist() == pytest.approx([10.5, 3, 7, np.nan], nan_ok=True)


def test_a_point_without_a_plan_has_no_numbers_whatever_the_frame_holds(tmp_path: Path) -> None:
    """A point that was stopped keeps none of its costs: its cells are empty, and statistics leave it out."""
    design, frame = solved("latin hypercube")
    frame = frame.assign(status=["stopped", *frame["status"][1:]], objective=[1e12, *frame["objective"][1:]])
    one = Written(design, frame, path := write_sweep(frame, design, tmp_path / "one.xlsx", case=case()), openpyxl.load_workbook(path))

    assert np.isnan(one.table("Points")["Cost"].astype(float)[0])
    assert one.table("Distribution")["Points"].sum() == len(frame) - 1


def test_sensitivity_of_a_sample_is_its_rank_correlation() -> None:
    one = written("latin hypercube")
    table = one.table("Sensitivity")
    points = one.plans[["value.0", "value.1", "value.2"]]
    found = rank_correlations(points, one.plans["objective"].to_numpy())

    assert equal(table["Cost: rank correlation"], found["correlation"])
    assert equal(table["from (5 %)"].iloc[:, 0] if isinstance(table["from (5 %)"], pd.DataFrame) else table["from (5 %)"], found["low"])


def test_sensitivity_of_morris_is_its_effects() -> None:
    one = written("morris")
    found = analyse_morris(one.design, one.frame["objective"].to_numpy()).sort_values("mu_star", ascending=False)

    assert equal(one.table("Sensitivity")["Mean size of effect (μ*)"] * 1000, found["mu_star"])


def test_morris_leaves_out_trajectories_in_which_a_point_has_no_plan() -> None:
    """The sheet says from how many trajectories of three points it is; the effects are those of the whole ones alone."""
    one = written("morris, some lost")
    whole = np.isfinite(one.frame["objective"].to_numpy()).reshape(-1, 3).all(axis=1)

    assert 2 <= whole.sum() < 6
    assert any(f"From {whole.sum()} of 6 trajectories" in text for text in one.texts("Sensitivity"))
    keep = np.repeat(whole, 3)
    assert one.design.quantiles is not None
    left = replace(one.design, points=one.design.points[keep], quantiles=one.design.quantiles[keep])
    found = analyse_morris(left, one.frame["objective"].to_numpy()[keep]).sort_values("mu_star", ascending=False)
    assert equal(one.table("Sensitivity")["Mean effect (μ)"] * 1000, found["mu"])


def test_sensitivity_of_sobol_is_its_indices_and_those_of_pairs() -> None:
    one = written("sobol indices")
    table = one.table("Sensitivity")
    found = analyse_sobol(one.design, one.frame["objective"].to_numpy())
    total = found[found["index"] == "total"].sort_values("value", ascending=False)

    assert equal(table["With interactions"].dropna(), total["value"])
    assert len(table) == 3 + 3


@pytest.mark.parametrize("name", ["grid of two", "some lost", "one at a time", "all lost"])
def test_points_without_a_plan_are_counted_and_named_on_the_summary(name: str) -> None:
    one = written(name)
    count = int((one.frame["status"] != "optimal").sum())
    texts = one.texts("Summary")

    assert count
    assert any(text.startswith(f"{count} of {len(one.frame)} points") for text in texts)
    assert any(text.startswith("no plan meets every requirement") or "stock" in text for text in texts)


def test_findings_are_computed_from_the_points() -> None:
    """The price of Dy, or another number, moves the cost most; the sentence names the first row of the tornado."""
    one = written("one at a time")
    first = one.table("Tornado")["What varies"].iloc[0]

    assert any(text.startswith(f"Cost moves most with {first[0].lower()}{first[1:]}") for text in one.texts("Summary"))


@pytest.mark.parametrize(("name", "said"), [("one at a time", True), ("latin hypercube", True), ("coverage", False)])
def test_prices_that_move_without_those_of_offers_are_named(name: str, said: bool) -> None:
    """Dy reserve sells to the stockpile at 330 USD/kg whatever becomes of the price of Dy, at which stock is valued."""
    texts = written(name).texts("Summary")

    assert (
        any("Price of Dy moves, and prices that belong to it stay" in text and "Add & supply[Dy reserve].price" in text for text in texts)
        == said
    )


def test_where_nothing_matters_it_says_so() -> None:
    """Ore cannot be held, so what holding it costs moves nothing, and no share of nothing is told."""
    texts = written("no effect").texts("Summary")

    assert any(text.endswith("at every point that has a plan: nothing that varied moves it.") for text in texts)
    assert not any("nan" in text for text in texts)


@pytest.mark.slow
def test_text_that_begins_like_a_formula_stays_text(tmp_path: Path) -> None:
    """A plant and a message named "=1+1" are cells of text."""
    tables = sound()
    for rows in tables.values():
        for row in rows:
            row[:] = ["=1+1" if cell == "works" else cell for cell in row]
    odd = parse(tables).case
    assert odd is not None
    design = one_at_a_time([parse_variation('plants["=1+1"].capex*=0.5,2', odd)])
    frame = run_sweep(odd, design, tmp_path / "odd.sqlite").frame
    frame.loc[1, ["status", "message"]] = ["failed", "=2+2"]
    book = openpyxl.load_workbook(write_sweep(frame, design, tmp_path / "odd.xlsx", case=odd))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value in ("=1+1", "=2+2")]

    assert {cell.value for cell in cells} == {"=1+1", "=2+2"}
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}


def test_an_unfinished_sweep_is_written_in_any_order(tmp_path: Path) -> None:
    """Half of the points, shuffled: the numbers stand beside their points, and the summary says of how many."""
    design, frame = solved("latin hypercube")
    half = frame.sample(frac=0.5, random_state=1)
    path = write_sweep(half, design, tmp_path / "half.xlsx", case=case())
    one = Written(design, half, path, openpyxl.load_workbook(path))

    assert one.table("Points")["Point"].tolist() == sorted(half["number"])
    assert equal(one.table("Points")["Cost"] * 1000, half.sort_values("number")["objective"])
    assert any(text.startswith("of 24;") for text in one.texts("Summary"))


def test_nothing_is_left_behind_where_the_folder_is_missing(tmp_path: Path) -> None:
    design, frame = solved("grid of one")
    with pytest.raises(FileError, match="no such folder"):
        write_sweep(frame, design, tmp_path / "missing" / "sweep.xlsx", case=case())

    assert not list(tmp_path.iterdir())


def test_run_says_how_to_have_the_same_points_again() -> None:
    rows = written("latin hypercube").table("Run").set_index("Item")["Value"]

    assert rows["seed"] == 1
    assert rows["kind"] == str(DesignKind.LATIN_HYPERCUBE)
    assert rows["what varies (1)"] == "materials[Dy].price*=uniform(0.5,2)"
    assert rows["fingerprint of the case"] == case().fingerprint


def test_steps_of_a_range_are_shown_without_the_decimals_that_rounding_leaves(tmp_path: Path) -> None:
    """0.8 to 1 in seven steps: the second is 0.8333333333333334, and reads 0.833333 wherever it stands as a number."""
    design = grid(varied("sectors[civil].coverage=0.8:1:7"))
    frame = run_sweep(case(), design, tmp_path / "s.sqlite").frame
    one = Written(design, frame, path := write_sweep(frame, design, tmp_path / "s.xlsx", case=case()), openpyxl.load_workbook(path))

    shown = [0.8, 0.833333, 0.866667, 0.9, 0.933333, 0.966667, 1]
    assert one.table("Cost against coverage").iloc[:, 0].tolist() == shown
    assert one.table("Points").iloc[:, 1].tolist() == shown


def test_where_nothing_can_be_ordered_no_capacity_is_ordered(tmp_path: Path) -> None:
    """With a limit of 0 the plant is not in the program of that point, which has a plan all the same: 0 t/yr, not "no plan"."""
    tables = sound()
    tables["pins"] = tables["pins"][:2]  # one of them asks for an order of the works
    here = parse(tables).case
    assert here is not None
    design = one_at_a_time([parse_variation("plants[works].capacity_limit=0,1000", here)])
    frame = run_sweep(here, design, tmp_path / "s.sqlite").frame
    one = Written(design, frame, path := write_sweep(frame, design, tmp_path / "s.xlsx", case=here), openpyxl.load_workbook(path))

    assert frame["status"].eq("optimal").all()
    assert frame["order.works"].isna().any()
    assert "no plan" not in one.texts("Plans at the ends")
    assert 0 in one.table("Points")["works"].tolist()
    assert one.table("Points")["works"].notna().all()
