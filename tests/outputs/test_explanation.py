"""An explanation as planners see it: in the command's words, as JSON, and as a workbook whose plan is marked on every page."""

import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from inputs.apply import apply
from inputs.change import parse_change
from inputs.errors import FileError
from inputs.template import write_case
from inputs.workbook import Reading, examine
from model.explain.report import Alone, Change, Conflict, Explanation, Statement
from model.plan import make_plan
from outputs.excel.workbook import RunInfo, write_explained
from outputs.tables.explanation import MARK, Explained
from outputs.verify_file import verify_file
from tests.kit.cases import grids
from tests.kit.paper import printed_pages

TABLES = {
    "settings": {
        "start_year": 2026,
        "horizon": 2,
        "discount_rate": 0,
        "ready_by": 12,
        "home": "Japan",
        "aftermath": False,
        "crisis_orders": False,
    },
    "materials": [{"material": "Dy", "price": 100, "purchase_limit": 1}],
    "sectors": [{"sector": "civil", "coverage": 1, "cover_months": 6, "shortage_multiple": 10}],
    "demand": [{"material": "Dy", "sector": "civil", "demand": 12}],
    "supply": [
        {"offer": "import", "country": "China", "material": "Dy"},
        {"offer": "purchase", "country": "China", "material": "Dy", "buyer": "stockpile"},
    ],
    "cutoffs": [{"cutoff": "embargo", "annual_probability": 0.1}],
    "durations": [{"cutoff": "embargo", "months": 6, "probability": 1}],
    "losses": [{"cutoff": "embargo", "country": "China", "material": "*", "supply_lost": 1}],
}
"""Civil users need 1 t of Dy a month and are promised all of it for 6 months; the stockpile may buy 1 t a year, so at the start of 2027 it has 1 of 6 t."""

COVERAGE = Statement("sectors[civil].coverage", "coverage of civil, 100 % for 6 months")
LIMIT = Statement("materials[Dy].purchase_limit", "purchase limit of Dy, 1 t/yr")
ORDERS = Statement("settings.crisis_orders", "no plant is ordered in a cutoff")
SUPPLY = Statement("supply", "no other offer lets the stockpile buy Dy (supply)")
SENTENCE = "6 t are wanted and 1 t can be in store: 5 t are missing."


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    path = tmp_path_factory.mktemp("case") / "case.xlsx"
    write_case(path, grids(TABLES))
    return examine(path)


@pytest.fixture(scope="module")
def explained(reading: Reading) -> Explained:
    """What contradicts in the case, the limit of 6 t/yr that mends it, and the best plan without it."""
    case = reading.case
    assert case is not None
    higher = Change(LIMIT.address, 1.0, 6.0, "t/yr", "raise the purchase limit of Dy from 1 t/yr to 6 t/yr")
    lower = Change(COVERAGE.address, 1.0, 1 / 6, "-", "lower the coverage of civil from 100 % to 16.7 %")
    flag = Change(ORDERS.address, 0.0, 1.0, "yes/no", "allow orders in a cutoff")
    shortfall = replace(make_plan(apply(case, [parse_change("sectors[civil].coverage=0", case)])), case=case)
    found = Explanation(
        (Conflict((COVERAGE, LIMIT, SUPPLY), SENTENCE), Conflict((ORDERS,), "")),
        (higher, flag),
        (Alone(COVERAGE, lower), Alone(SUPPLY, None)),
        shortfall,
        "",
    )
    return Explained(found, case, reading.place)


def cell(reading: Reading, sheet: str, column: str) -> str:
    return f"{sheet}!{reading.places.cell(sheet, column, 3)}"


def test_the_text_names_each_statement_with_its_cell_the_least_change_and_each_alone(reading: Reading, explained: Explained) -> None:
    coverage, limit, orders = (
        cell(reading, *of) for of in (("sectors", "coverage"), ("materials", "purchase_limit"), ("settings", "crisis_orders"))
    )
    lines = explained.text().splitlines()

    assert lines == [
        "no plan exists, for 2 reasons. These cannot all hold together, though with any one of them left out the others can:",
        f"  coverage of civil, 100 % for 6 months ({coverage})",
        f"  purchase limit of Dy, 1 t/yr ({limit})",
        "  no other offer lets the stockpile buy Dy (supply)",
        f"  {SENTENCE}",
        "Nor can these, which have nothing to do with those:",
        f"  no plant is ordered in a cutoff ({orders})",
        "The least change after which there is a plan:",
        f"  raise the purchase limit of Dy from 1 t/yr to 6 t/yr ({limit})",
        f"  allow orders in a cutoff ({orders})",
        "If only one of the statements of each reason gave way:",
        f"  lower the coverage of civil from 100 % to 16.7 % ({coverage})",
        "  no change of one of these alone gives a plan: supply",
    ]


def test_json_has_places_values_and_units(reading: Reading, explained: Explained) -> None:
    """A yes or no is true or false; of what cannot give a plan alone, `to` is null."""
    coverage, limit, orders = (
        cell(reading, *of) for of in (("sectors", "coverage"), ("materials", "purchase_limit"), ("settings", "crisis_orders"))
    )

    assert explained.summary() == {
        "conflicts": [
            {
                "statements": [
                    {"place": coverage, "text": COVERAGE.text},
                    {"place": limit, "text": LIMIT.text},
                    {"place": "supply", "text": SUPPLY.text},
                ],
                "sentence": SENTENCE,
            },
            {"statements": [{"place": orders, "text": ORDERS.text}], "sentence": ""},
        ],
        "repair": [
            {"place": limit, "from": 1.0, "to": 6.0, "unit": "t/yr"},
            {"place": orders, "from": False, "to": True, "unit": "yes/no"},
        ],
        "alone": [
            {"place": coverage, "text": COVERAGE.text, "from": 1.0, "to": 1 / 6, "unit": "-"},
            {"place": "supply", "text": SUPPLY.text, "from": None, "to": None, "unit": ""},
        ],
    }


@pytest.fixture(scope="module")
def book(explained: Explained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "case-explained.xlsx"
    return write_explained(explained.tables(), explained.explanation.shortfall, make_plan(explained.case), path, RunInfo())


def test_the_workbook_begins_with_why_and_marks_every_page_of_the_plan(book: Path) -> None:
    """In the title of every answer, in the head of every printed page, and by a red tab."""
    sheets = openpyxl.load_workbook(book)
    plan = [sheet for sheet in sheets.worksheets if sheet.title not in ("Why no plan", "Least change", "Each alone", "What is missing")]
    answers = [sheet for sheet in plan if not sheet.title.startswith("in ") and sheet.title not in ("Contents", "Run", "Material data")]

    assert sheets.sheetnames[:6] == ["Why no plan", "Least change", "Each alone", "What is missing", "Summary", "Contents"]
    assert sheets.active is not None
    assert sheets.active.title == "Why no plan"
    assert {"Stockpile", "Cutoffs", "Material", "Summary", "Costs"} <= {sheet.title for sheet in answers}
    assert [sheet.title for sheet in answers if MARK not in str(sheet["A1"].value)] == []
    assert [sheet.title for sheet in plan if MARK not in str(sheet.oddHeader.center.text)] == []
    assert MARK == "Does not meet the requirement"


def test_the_plan_in_it_shows_what_is_required_and_what_is_reached(book: Path) -> None:
    """Of 6 t, the 1 t that was bought is there: the coverage required stays 100 %, as the case has it."""
    sheet = openpyxl.load_workbook(book)["Cutoffs"]
    heads = [c.value for c in sheet[4]]
    row = [c.value for c in sheet[6]]

    assert row[heads.index("Coverage required")] == 1
    assert row[heads.index("Coverage reached")] < 1
    assert row[heads.index("Coverage promised")] == "yes"


def test_what_is_missing_has_a_sheet_of_its_own(book: Path) -> None:
    """The embargo that begins in 2027, after a year in which 1 t was bought: 5 of 6 t are short."""
    sheet = openpyxl.load_workbook(book)["What is missing"]
    heads = [c.value for c in sheet[4]]
    rows = [dict(zip(heads, (c.value for c in row), strict=True)) for row in sheet.iter_rows(min_row=6)]

    assert [(row["Cutoff"], row["Material"], row["Sector"]) for row in rows] == [("embargo", "Dy", "civil")]
    assert rows[0]["Coverage reached"] < rows[0]["Coverage required"] == 1


def test_the_workbook_says_what_it_says_in_sheets(book: Path, reading: Reading) -> None:
    sheets = openpyxl.load_workbook(book)
    why, least, alone = ([[c.value for c in row] for row in sheets[name].iter_rows(min_row=6)] for name in sheets.sheetnames[:3])
    limit = cell(reading, "materials", "purchase_limit")

    assert why[1] == [1, limit, LIMIT.text, LIMIT.address]
    assert why[3][2] == SENTENCE
    assert least[0] == [limit, "raise the purchase limit of Dy from 1 t/yr to 6 t/yr", 1, 6, "t/yr", LIMIT.address]
    assert least[1][2:4] == ["no", "yes"]
    assert alone[1][3] == "cannot alone"


def test_without_a_plan_to_show_the_workbook_has_what_explains_and_how_it_came_about(explained: Explained, tmp_path: Path) -> None:
    path = write_explained(explained.tables(), None, make_plan(explained.case), tmp_path / "e.xlsx", RunInfo())

    assert openpyxl.load_workbook(path).sheetnames == ["Why no plan", "Least change", "Each alone", "Contents", "Run"]


def test_it_is_neither_a_case_nor_a_plan(book: Path) -> None:
    with pytest.raises(FileError, match="explanation of a case without a plan, not a case"):
        examine(book)
    with pytest.raises(FileError, match="does not meet the case"):
        verify_file(book)


def test_a_plan_that_does_not_meet_the_case_is_not_called_optimal(reading: Reading, tmp_path: Path) -> None:
    """Neither on the summary nor among the facts of the run, whatever the solver says of the priced program."""
    found = Explained.of(reading)
    shortfall = found.explanation.shortfall
    assert shortfall
    book = openpyxl.load_workbook(write_explained(found.tables(), shortfall, shortfall, tmp_path / "e.xlsx", RunInfo()))
    texts = [str(cell.value) for name in ("Summary", "Run") for row in book[name].iter_rows() for cell in row]

    assert [text for text in texts if "optimal" in text] == []
    assert sum("does not meet what is asked for" in text for text in texts) == 2


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice (soffice) to print")
def test_each_page_that_explains_is_one_printed_page(explained: Explained, tmp_path: Path) -> None:
    path = write_explained(explained.tables(), None, make_plan(explained.case), tmp_path / "e.xlsx", RunInfo())

    assert printed_pages(path) == 5
