"""A cost is called expected only where it is: by the command, in sweeps and in comparisons."""

from __future__ import annotations

from pathlib import Path

import pytest

from inputs.case import Case
from inputs.change import parse_variation
from inputs.shipped import shipped_grids
from inputs.workbook import parse
from model.certify import certify
from model.plan import make_plan, solve_case
from model.studies.alternatives import alternatives
from model.studies.compare import Compared, results
from model.studies.frontier import frontier
from model.sweep.design import grid
from model.sweep.run import run_sweep
from outputs.plan_file import Outcome
from outputs.sweep.report import Sweep, SweepInfo
from outputs.sweep.summary import sweep_cards
from outputs.sweep.tables import points
from outputs.tables.alternatives import base_words
from outputs.tables.compare import results_table
from outputs.tables.frontier import FrontierReport, corners


def teaching(risk_weight: float) -> Case:
    """The teaching case."""
    case = parse(shipped_grids("tutorial"), "tutorial").case
    assert case is not None
    return case.with_setting("risk_weight", float(risk_weight))


@pytest.mark.parametrize(
    ("risk_weight", "said"), [(0, "expected cost 43.8 million USD"), (1, "cost with the weight on the worst outcomes 44.1 million USD")]
)
def test_line_of_a_plan_names_its_cost(risk_weight: float, said: str) -> None:
    """That plan is expected to cost 43.8237 as well; 44.11 is what its worst tenth costs."""
    assert Outcome(make_plan(teaching(risk_weight)), None).cost == said


@pytest.mark.parametrize(
    ("risk_weight", "said"), [(0, "expected and discounted"), (1, "discounted, with the weight on the worst outcomes")]
)
def test_points_of_a_sweep_name_their_cost(tmp_path: Path, risk_weight: float, said: str) -> None:
    case = teaching(risk_weight)
    design = grid([parse_variation("materials[Dy].price*=1,2", case)])
    sweep = Sweep(run_sweep(case, design, tmp_path / "store.sqlite").frame, design, case)

    assert f"Costs are {said}, and negative" in points(sweep).text
    assert [card.note for card in sweep_cards(sweep, SweepInfo()) if card.label == "The case as it is"] == [f"M USD, {said}"]


@pytest.mark.parametrize(
    ("risk_weight", "said"), [(0, "expected and discounted"), (1, "discounted, with the weight on the worst outcomes")]
)
def test_alternatives_say_by_which_cost_they_are_near(risk_weight: float, said: str) -> None:
    """The band is on what is minimised; what it is a share of, 17.1 M USD, is expected."""
    words = base_words(alternatives(solve_case(teaching(risk_weight)), 0.02))

    assert words.startswith(f"Up to 0.342 M USD more than the plan, {said} (2.0% of 17.1 M USD, the part of the expected cost that")


@pytest.mark.parametrize(
    ("along", "risk_weight", "said"),
    [
        ("sectors[defense].coverage=0.9,1", 0, "expected and discounted"),
        ("sectors[defense].coverage=0.9,1", 1, "discounted, with the weight on the worst outcomes"),
        ("settings.risk_weight=0,0.5", 0, "discounted, with the weight on the worst outcomes"),
    ],
)
def test_frontier_says_how_costs_are_counted(along: str, risk_weight: float, said: str) -> None:
    case = teaching(risk_weight)
    variation = parse_variation(along, case)
    report = FrontierReport(case, variation, frontier(case, variation.at, *variation.values, solves=3))

    assert corners(report).text.endswith(f" Costs are {said}.")


def test_comparison_says_where_a_plan_has_a_weight_on_risk() -> None:
    plain, weighed = (Compared(name, case, certify(make_plan(case))) for name, case in (("plain", teaching(0)), ("weighed", teaching(1))))

    assert "Costs are expected and discounted; stock" in results_table([plain, plain], results([plain, plain])).text
    assert (
        "Costs are discounted, with the weight on the worst outcomes; stock"
        in results_table([plain, weighed], results([plain, weighed])).text
    )
