"""From a plan workbook to a stress test: the workbook, what it tells, and what it refuses."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from cli.exits import SOME_FAILED
from inputs.errors import FileError
from inputs.template import write_case
from model.stress.future import Episode, Future
from model.stress.policy import NothingReplayedError
from model.stress.run import run_stress
from model.stress.statistics import Share, holds
from model.sweep.work import failure
from outputs.plan_file import plan_file
from outputs.stress_file import StressOutcome, StressRequest, refuse_nothing, stress_file
from outputs.tables.stories import cutoffs, what_comes, who_is_short
from outputs.tables.stress import KEPT, StressReport, coverage, share_broken, short, spread
from outputs.verify_file import verify_file
from tests.kit.cases import grids_of
from tests.kit.command import stockpile
from tests.kit.small import case, embargo, near, plant
from tests.model.stress.test_draw import CERTAIN
from tests.model.stress.test_replay import STOCKED, halves_promised, replayed, solved, stocked

LENGTHS = [row | ({"distribution": "discrete(1:0.5,2:0.5)"} if row["what"] == "length" else {}) for row in CERTAIN]


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan that holds 6 t for embargoes of 6 months in 2027, and lengths of 6 or 12."""
    of = case(
        {"horizon": 3, "aftermath": True},
        stress=LENGTHS,
        **STOCKED
        | {
            "materials": {"material": "Dy", "price": 100, "stock_limit": 6, "resale_share": 1.01},
            "cutoffs": [{"cutoff": "embargo", "annual_probability": 0.4, "first_year": 2027, "last_year": 2027}],
            "durations": [{"cutoff": "embargo", "months": 6, "probability": 1}],
        },
    )
    path = tmp_path_factory.mktemp("stress") / "case.xlsx"
    write_case(path, grids_of(of))
    out = plan_file(path, quick=True).out
    assert out is not None
    return out


@pytest.fixture(scope="module")
def outcome(plan: Path) -> StressOutcome:
    return stress_file(plan, StressRequest(runs=120))


def rows(path: Path, sheet: str) -> list[list[Any]]:
    """The rows of a table below its headings."""
    found = [[cell.value for cell in row] for row in openpyxl.load_workbook(path)[sheet].iter_rows(min_row=6)]
    return [row for row in found if any(value is not None for value in row)]


def test_the_workbook_says_how_sure_coverage_is(outcome: StressOutcome) -> None:
    """A cutoff with 0.4, of which every second outlasts the stock: about 80 % are covered; the table has the share and Wilson's interval of what was drawn."""
    share = holds(outcome.report.outcomes, "full", "civil")
    first = rows(outcome.out, "Stress")[0]
    book = openpyxl.load_workbook(outcome.out)

    assert book.sheetnames[:2] == ["Stress", "Contents"]
    assert len(book["Stress"]._charts) == 1  # type: ignore[attr-defined]
    assert first[:3] == ["civil", "all futures", 120]
    assert first[3:6] == pytest.approx([share.value, *share.interval])
    assert 0.65 < share.value < 0.92
    assert first[6] == "none"


def test_every_future_and_what_it_was_drawn_from_are_there(outcome: StressOutcome) -> None:
    futures = rows(outcome.out, "Futures")
    covered = [row[6] for row in futures]
    drawn = {row[0]: (row[1], row[2], row[4]) for row in rows(outcome.out, "What was drawn")}

    assert [row[0] for row in futures] == list(range(120))
    assert Share(covered.count("yes"), 120) == holds(outcome.report.outcomes, "full", "civil")
    assert drawn["length"] == ("each", "discrete(1:0.5,2:0.5)", "the sheet stress of the case")
    assert len(drawn) == 7


def test_the_worst_futures_are_told(outcome: StressOutcome) -> None:
    """All of the same kind: an embargo of twelve months, of which the last six are short of 1 t each, from month 7 on."""
    worst = rows(outcome.out, "Worst futures")

    assert [row[0] for row in worst] == list(range(1, 11))
    for row in worst:
        assert "'embargo' begins in " in row[2]
        assert row[2].endswith(" 2027 and lasts 12 months")
        assert row[3] == "civil short of 6.00 t Dy from month 7 of it"
        assert row[4:6] == pytest.approx([6, 6])


def test_a_story_names_what_is_late_hard_and_promised() -> None:
    """A ban of March 2031, past the end of the plan, by hand."""
    of = case(
        {"horizon": 6, "aftermath": True},
        sectors=[{"sector": "civil"}, {"sector": "defense", "coverage": 1, "cover_months": 36}],
        demand=[{"material": "Dy", "sector": sector, "demand": 6} for sector in ("civil", "defense")],
        supply={"offer": "import", "country": "China", "material": "Dy", "capacity": 12},
        cutoffs={"cutoff": "ban", "annual_probability": 0.1},
        losses={"cutoff": "ban", "country": "China", "material": "*", "from_month": 0, "to_month": 24, "supply_lost": 0.8},
        durations={"cutoff": "ban", "months": 22, "probability": 1},
        **plant(capacity_limit=5),
    )
    told = {
        "cutoffs": [["ban", 62.0, 22.0, 1.12]],
        "late": {"works": 14.3, "mill": None, "mine": 2.0},
        "absent": {"smelter": "ordered", "pit": "on line"},
        "short": [[0, 0, 0.5, 0.0, 0.0], [1, 0, 3.1, 1.2, 15.0]],
    }
    future = Future(demand={"civil": 1.08, "defense": 1.01})

    assert what_comes(of, future, told) == (
        "'ban' begins in Mar 2031 and lasts 22 months (past the end of the plan), taking 12% more; mill never built; works 14 months late; smelter not yet ordered; pit not yet on line; demand of civil 8% more"
    )
    assert who_is_short(of, [100.0, 1000.0], told) == (  # type: ignore[arg-type]
        "defense short of 3.10 t Dy, 1.20 t of it promised, from month 16 of it; civil short of 0.500 t Dy from month 1 of it"
    )


@pytest.mark.parametrize(
    ("lost", "severity", "said"),
    [
        ((1,), 1.11, ""),
        ((1,), 0.8, ", taking 20% less"),
        ((0.8,), 1.5, ", taking 25% more"),
        ((0.5,), 1.11, ", taking 11% more"),
        ((1, 0.5), 1.11, ", taking up to 11% more"),
        ((0.98,), 1.5, ""),
    ],
)
def test_a_story_says_what_a_cutoff_really_takes(lost: tuple[float, ...], severity: float, said: str) -> None:
    """Of what it takes wholly it cannot take more; of 80 % a quarter more at most; and an offer without a limit is lost wholly, however severe it is."""
    losses = [
        {"cutoff": "embargo", "country": country, "material": "*", "supply_lost": share}
        for country, share in zip(("China", "Chile"), lost, strict=False)
    ]
    limited, unlimited = (
        case(
            supply=[{"offer": country, "country": country, "material": "Dy", **limit} for country in ("China", "Chile")],
            **embargo(6) | {"losses": taken},
        )
        for limit, taken in (({"capacity": 12}, losses), ({}, embargo(6)["losses"]))
    )

    assert list(cutoffs(limited, {"cutoffs": [["embargo", 0.0, 6.0, severity]]})) == [
        f"'embargo' begins in Jan 2026 and lasts 6 months{said}"
    ]
    assert list(cutoffs(unlimited, {"cutoffs": [["embargo", 0.0, 6.0, severity]]})) == ["'embargo' begins in Jan 2026 and lasts 6 months"]


def test_the_sheet_of_stress_is_no_part_of_the_plan(plan: Path, tmp_path: Path) -> None:
    """The plan verifies with it, and other distributions leave the case what it is: its fingerprint is the same."""
    assert verify_file(plan).passed
    bare, stated = (case(stress=rows) for rows in ((), CERTAIN))

    assert bare.fingerprint == stated.fingerprint


def test_the_command_prints_shares_and_goes_on(plan: Path, outcome: StressOutcome) -> None:
    """The store has the first 120 futures; the same command with 130 adds ten."""
    done = stockpile("stress", plan, "--runs", "130", "--json")
    printed = json.loads(done.stdout)

    assert done.returncode == 0
    assert "120 of 130 points" in done.stderr
    assert (printed["runs"], printed["failed"]) == (130, 0)
    assert printed["sectors"]["civil"]["kept"] is None
    assert printed["sectors"]["civil"]["full"]["of"] == 130
    assert Path(printed["out"]) == outcome.out


def test_futures_that_could_not_be_replayed_are_told(outcome: StressOutcome) -> None:
    """Two of the 120 made failures: the main sentence and the printed line say so; with all of them there is nothing to tell, as for a sweep that failed."""
    results = outcome.stress.results
    failed = replace(outcome.stress, results=[*(failure(result.number, "no answer") for result in results[:2]), *results[2:]])
    report = StressReport(failed)
    words = "2 of 120 futures could not be replayed, and count nowhere."

    assert words in next(report.lines())
    assert words in coverage(report).text
    assert "could not be replayed" not in outcome.report.sentence()
    refuse_nothing(failed)
    with pytest.raises(NothingReplayedError, match=r"none of the 120 futures could be replayed, .* the first: no answer") as raised:
        refuse_nothing(replace(failed, results=[failure(result.number, "no answer") for result in results]))
    assert raised.value.exit_code == SOME_FAILED


def test_a_promise_is_broken_in_the_futures_in_which_it_is_not_kept(tmp_path: Path) -> None:
    """Of one demand the two sheets say the same, of the futures with a promise alone; where nothing is promised, nothing is said."""
    found = run_stress(solved(halves_promised(stress=CERTAIN)), tmp_path / "s.sqlite", runs=200)
    report = StressReport(found)
    kept = coverage(report).frame.iloc[0]
    broken = short(report).frame["broken"]

    assert 0 < kept["asked"] < 200
    assert 0 < broken.iat[0] == pytest.approx(1 - kept["kept"])
    bare = [o | {"kept": {"civil": None}} for o in report.outcomes]
    assert np.isnan(share_broken(bare, "civil", np.zeros(200)))


def test_a_stockpile_that_is_kept_for_another_cutoff_is_said_to_cost_more(tmp_path: Path) -> None:
    """Where cutoffs may repeat, the stockpile is not sold after the first: 6 t of 100 each, held a year at 10 %, cost 60 more. Where they cannot, nothing is said."""
    materials = {"material": "Dy", "price": 100, "stock_limit": 12, "resale_share": 1, "holding_rate": 0.1}
    again, once = (solved(stocked(materials=materials, stress=rows)) for rows in ((), CERTAIN))
    reports = [StressReport(run_stress(plan, tmp_path / f"{at}.sqlite", runs=20)) for at, plan in enumerate((again, once))]
    held, sold = (replayed(again, Future((Episode("embargo", 18, 6),)), settle=settle)[0] for settle in (False, True))

    assert [KEPT in text(report).text for report in reports for text in (coverage, spread)] == [True, True, False, False]
    assert held.stock[0][held.place == 1].tolist() == sold.stock[0][sold.place == 1].tolist() == near([9, 6])
    assert held.total - sold.total == near(60)


def test_what_is_no_plan_or_would_be_replaced_is_refused(plan: Path, outcome: StressOutcome, tmp_path: Path) -> None:
    other = tmp_path / "notes.xlsx"
    openpyxl.Workbook().save(other)

    with pytest.raises(FileError, match="is not a stress test"):
        stress_file(plan, StressRequest(runs=5, out=other))
    with pytest.raises(FileError, match="two results would go to this one file"):
        stress_file(plan, StressRequest(runs=5, store=tmp_path / "one.xlsx", out=tmp_path / "one.xlsx"))
    with pytest.raises(FileError, match="this is the plan itself"):
        stress_file(plan, StressRequest(runs=5, store=plan, restart=True))
    with pytest.raises(FileError, match="no finished plan"):
        stress_file(other, StressRequest(runs=5))
    done = stockpile("stress", plan, "--runs", "5", "--seed", "9", "--store", outcome.store)
    assert done.returncode == 2
    assert "seed: 1 -> 9" in done.stderr
