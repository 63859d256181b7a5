"""Plans side by side: what differs by hand, whatever the order of rows, and what each would cost in the other's case."""

import json
from pathlib import Path

import openpyxl
import pytest

from inputs.apply import apply
from inputs.change import parse_change
from inputs.errors import FileError, StockpileError
from inputs.shipped import shipped_grids
from inputs.template import write_case
from inputs.workbook import parse
from model.certify import certify
from model.plan import make_plan
from model.studies.compare import Compared, inputs, label, regrets, results
from outputs.compare_file import Comparison, compare_file
from outputs.plan_file import plan_file
from tests.kit import small
from tests.kit.command import stockpile
from tests.kit.shuffled import shuffled
from tests.kit.small import embargo, every_sheet


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The teaching case as a plan (`less`), and with 12 t of Dy a year instead of 10 as a case (`more`)."""
    folder = tmp_path_factory.mktemp("compare")
    grids = shipped_grids("tutorial")
    write_case(folder / "case.xlsx", grids)
    plan_file(folder / "case.xlsx", folder / "less.xlsx", quick=True)
    book = openpyxl.load_workbook(folder / "case.xlsx")
    row = next(row for row in book["demand"].iter_rows(min_row=3) if row[0].value == "Dy")
    row[2].value = 12
    book.save(folder / "more.xlsx")
    return folder


@pytest.fixture(scope="module")
def found(folder: Path) -> Comparison:
    return compare_file([folder / "less.xlsx", folder / "more.xlsx"], folder / "out.xlsx", regret=True)


def test_the_cell_that_differs_stands_beside_what_follows_from_it(found: Comparison) -> None:
    """
    Two tonnes of Dy more a year: 2 x 400 x 2.81 years of peace = 2,248; two more in store, bought for 800, held for 2 % x 800 x 2.71 = 43.36,
    and 0.81 x 0.6 x 800 = 388.8 of them left: together 2,702.56 thousand USD more. The plant is ordered as before.
    """
    by_name = {(d.kind, d.name): d for d in found.results}
    cost = by_name["Cost", ""]

    assert [(d.sheet, d.row, d.column, d.values) for d in found.inputs] == [("demand", "Dy, defense", "demand", (10.0, 12.0))]
    assert cost.amounts[1] - cost.amounts[0] == pytest.approx(2.70256)
    assert by_name["Target stock", "Dy"].amounts == pytest.approx((5, 7))
    assert by_name["Bought", "Dy"].worth == pytest.approx(0.8)
    assert not any(kind.startswith("Ordered") for kind, _ in by_name)
    assert by_name["Cost of", "Market supply"].worth == pytest.approx(2.248)
    assert [d.worth for d in found.results[1:]] == sorted((d.worth for d in found.results[1:]), reverse=True)


def test_regret_is_what_the_decisions_cost_in_the_other_case(found: Comparison) -> None:
    """
    2 t too many: 800 + 43.36, and in a cutoff 0.19 x 2 % x 800 = 3.04; 0.6 of their worth is left of each future: 388.8 + 0.19 x 480 = 91.2.
    Together 366.4 thousand USD. With 2 t too few the promise cannot be kept.
    """
    by_case = {r.case: r for r in found.regrets}

    assert by_case["less"].extra == pytest.approx(0.3664)
    assert by_case["more"].extra is None
    assert "what is promised cannot be kept" in by_case["more"].text


def test_regret_names_the_decision_that_cannot_be_in_the_other_case() -> None:
    """The teaching case without its plant has no order to fix."""
    of = parse(shipped_grids("tutorial")).case
    assert of is not None
    without = of.with_frame("plants", of["plants"].assign(capacity_limit=0.0))
    found = regrets([Compared(name, c, certify(make_plan(c))) for name, c in (("with", of), ("without", without))])

    assert {r.case: r.text for r in found}["without"] == "an order of Separation in months 1 to 12 is decided, which cannot be in this case"


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("start_year", 2027, "start_year (2026 there, 2027 here)"),
        ("period", 24, "period (12 there, 24 here)"),
        ("horizon", 6, "horizon (4 there, 6 here)"),
    ],
)
def test_decisions_of_other_periods_are_not_held_against_each_other(setting: str, value: int, said: str) -> None:
    """What is bought in the second period, 2027, is no decision of a case whose second period is 2028, or that has other years to decide on."""
    settings = {"start_year": 2026, "horizon": 4, "period": 12, "aftermath": True}
    cases = [small.case(settings | other, **embargo(months=6, chance=0.2)) for other in ({}, {setting: value})]
    found = regrets([Compared(str(i), case, certify(make_plan(case))) for i, case in enumerate(cases)])

    assert [r.extra for r in found] == [None, None]
    assert {r.case: r.text for r in found}["1"] == f"the decisions are of other periods than those of this case: give both the same {said}"


def test_the_order_of_rows_makes_no_difference() -> None:
    case = parse(shipped_grids("tutorial")).case
    assert case is not None
    plans = [Compared(str(i), of, certify(make_plan(of))) for i, of in enumerate((case, shuffled(case, 1)))]

    assert inputs(plans) == []
    assert [d.kind for d in results(plans)] == ["Cost"]


def test_rows_and_limits_that_only_one_case_has_are_said(folder: Path, tmp_path: Path) -> None:
    """A limit against none, and an offer that the other case does not have."""
    case = parse(shipped_grids("tutorial")).case
    assert case is not None
    limited = apply(case, [parse_change("materials[Dy].stock_limit=9", case)])
    less = limited.with_frame("supply", limited["supply"].iloc[:-1])
    plans = [Compared(name, of, certify(make_plan(case))) for name, of in (("a", case), ("b", less))]
    values = {(d.sheet, d.column): d.values for d in inputs(plans)}

    assert values["materials", "stock_limit"] == (float("inf"), 9.0)
    assert values["supply", "country"][1] is None


def test_the_workbook_and_the_command_say_the_same(folder: Path, found: Comparison, tmp_path: Path) -> None:
    done = stockpile("compare", folder / "less.xlsx", folder / "more.xlsx", "--out", tmp_path / "c.xlsx", "--json")
    printed = json.loads(done.stdout)
    sheet = openpyxl.load_workbook(found.out)["Results that differ"]
    first = next([c.value for c in row] for row in sheet.iter_rows() if row[0].value == "Cost")

    assert done.returncode == 0
    assert printed["plans"] == ["less", "more"]
    assert first[2:4] == pytest.approx(printed["results"][0]["values"])
    assert printed["inputs"][0] == {"sheet": "demand", "row": "Dy, defense", "column": "demand", "unit": "t/yr", "values": [10, 12]}


def test_what_cannot_be_compared_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.xlsx").write_text("mine")

    with pytest.raises(StockpileError, match="two to 10"):
        compare_file([folder / "less.xlsx"])
    with pytest.raises(FileError):
        compare_file([folder / "less.xlsx", folder / "more.xlsx"], tmp_path / "mine.xlsx")
    assert (tmp_path / "mine.xlsx").read_text() == "mine"


def test_every_line_of_the_costs_has_its_name() -> None:
    """The certificate's lines go by the names of the page; all of a case that uses every sheet have one for people."""
    lines = certify(make_plan(every_sheet())).lines

    assert len({label(line) for line in lines}) == len(lines) == 13
