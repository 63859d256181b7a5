"""What varies in plain wordsand amounts, in plain words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from inputs.change import parse_variation
from model.costs import COST_LABELS
from model.plan import make_plan
from model.sweep.design import grid, latin_hypercube
from model.sweep.run import run_sweep
from outputs.sweep.curve import axis_ends
from outputs.sweep.findings import findings, not_comparable
from outputs.sweep.report import Sweep
from outputs.sweep.sensitivity import sensitivity
from outputs.sweep.words import amount_words, base_words, listed, name_of, percent, term_name, value_words, values_words
from tests.kit.small import Row, embargo, every_sheet
from tests.kit.small import case as small_case
from tests.outputs.sweep.test_workbook import case

WORDS = {
    "materials[Dy].price*=0.5,2": ("Price of Dy", "×0.5, ×2", "300 USD/kg"),
    "materials[Dy|Nd].price*=uniform(0.5,2)": ("Price of Dy and Nd", "anything from ×0.5 to ×2, equally likely", "100 to 300 USD/kg"),
    "materials[*].price+=-1,1": ("Price of every material", "−1 USD/kg, +1 USD/kg", "5 to 300 USD/kg"),
    "demand[Dy,*].demand=1:12:3": ("Demand of Dy, every sector", "1 t/yr to 12 t/yr in 3 steps", "1 to 12 t/yr"),
    "settings.discount_rate=discrete(0.02:0.25,0.05:0.75)": ("Discount rate", "0.02/yr (25 %), 0.05/yr (75 %)", "0.03/yr"),
    "settings.length_known=yes,no": ("Length known", "yes, no", "no"),
    "materials[Dy].stock_limit=no limit,50": ("Stock limit of Dy", "no limit, 50 t", "90 t"),
    "plants[w*].lead_time+=-6,1": ("Lead time of works", "−6 months, +1 month", "24 months"),
    "materials[Dy].price & materials[Nd].price*=2,3": ("Price of Dy and price of Nd", "×2, ×3", "100 to 300 USD/kg"),
    "materials[Dy|Nd].price & materials[Dy|Nd].resale_share & supply[Dy *|Nd reserve].price*=0.5,2": (
        "Price of Dy and Nd with resale share, 4 offers", "×0.5, ×2", "100 to 600 USD/kg",
    ),
    "demand[*,civil].growth=normal(0.01,0.005)": ("Growth of every material, civil", "normal, mean 0.01, deviation 0.005/yr", "0 to 0.02/yr"),
    "cutoffs[ban].annual_probability=triangular(0.05,0.1,0.2)": (
        "Annual probability of ban", "0.05 to 0.2/yr, most likely 0.1 (triangular)", "0.1/yr",
    ),
    "losses[*].supply_lost*=0.5,1": ("Supply lost, every row of losses", "×0.5, ×1", "0.5 to 1"),
    "materials[Nd].price*=lognormal(1,0.4)": ("Price of Nd", "lognormal, median ×1, sigma 0.4", "100 USD/kg"),
}  # fmt: skip


@pytest.mark.parametrize("text", WORDS)
def test_a_variation_in_plain_words(text: str) -> None:
    """Its name, over what it varies, and what stands in the case."""
    variation = parse_variation(text, case())

    assert (name_of(variation, case()), values_words(variation), base_words(variation, case())) == WORDS[text]


def test_no_value_is_as_in_the_case() -> None:
    assert value_words(parse_variation("materials[Dy].price*=2", case()), float("nan")) == "as in the case"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (159_348.9, "159,349"),
        (1234.5, "1,235"),
        (99.44, "99.4"),
        (0.0, "0"),
        (-0.012345, "−0.012"),
        (5.0, "5.00"),
        (999_999.0, "999,999"),
        (float("inf"), "no limit"),
    ],
    ids=str,
)
def test_an_amount_reads_in_a_sentence_as_on_the_sheets(value: float, said: str) -> None:
    assert amount_words(value) == said


def test_a_minus_sign_is_that_of_a_number_and_never_of_a_name(tmp_path: Path) -> None:
    """Each tonne a year from Chile costs half of one from China, so the cost falls with the capacity of "SEG-plus Chile": correlation -1."""
    offers: list[Row] = [
        {"offer": "SEG-plus China", "country": "China", "material": "SEG-plus"},
        {"offer": "SEG-plus Chile", "country": "Chile", "material": "SEG-plus", "price": 50},
    ]
    plain = small_case(
        materials={"material": "SEG-plus", "price": 100}, demand={"material": "SEG-plus", "sector": "civil", "demand": 12}, supply=offers
    )
    design = latin_hypercube([parse_variation("supply[SEG-plus Chile].capacity=uniform(1,9)", plain)], 20, seed=1)
    sweep = Sweep(run_sweep(plain, design, tmp_path / "s.sqlite").frame, design, plain)

    assert "The cost follows capacity of SEG-plus Chile (\u22121.00)." in findings(sweep, None, sensitivity(sweep))


def test_lists_end() -> None:
    assert listed([]) == ""
    assert listed(["a", "b"]) == "a and b"
    assert listed(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"


def test_a_share_just_below_the_robust_core_does_not_read_as_in_it() -> None:
    assert [percent(s) for s in (0.5, 0.949, 0.95, 1)] == ["50 %", "94.9 %", "95 %", "100 %"]


def test_axes_end_at_round_numbers_around_the_values() -> None:
    assert axis_ends(np.array([0.7, 1.0])) == {"min": 0.7, "max": 1.0, "major_unit": 0.1}
    assert axis_ends(np.array([159_338.0, 159_369.0])) == {"min": 159_330.0, "max": 159_370.0, "major_unit": 10.0}
    assert axis_ends(np.array([2.0, 2.0])) == {}


def test_costs_have_the_names_of_the_plan_workbook() -> None:
    """Every term of the model, and what is left at the end, has a label of its own."""
    plan = make_plan(every_sheet())
    terms = [*plan.costs.index, *plan.salvage]

    assert {term: term_name(term) for term in terms} == dict(COST_LABELS)
    assert len(set(COST_LABELS.values())) == len(terms)


@pytest.mark.parametrize(
    ("aftermath", "what", "said"),
    [
        ("yes", "cutoffs[embargo].annual_probability*=0.5,2", ""),
        ("no", "cutoffs[embargo].annual_probability*=0.5,2", "Without aftermath a future ends with its cutoff"),
        ("yes", "settings.horizon=3,4", "Cases that differ in horizon or aftermath"),
        ("no", "materials[Dy].price*=0.5,2", ""),
    ],
)
def test_costs_of_other_spans_of_time_are_not_compared(aftermath: str, what: str, said: str) -> None:
    """With an aftermath every future lasts until the horizon, so a likelier cutoff leaves the span as it is."""
    plain = small_case({"aftermath": aftermath}, **embargo(12))
    found = not_comparable(Sweep(pd.DataFrame(), grid([parse_variation(what, plain)]), plain))

    assert [text.startswith(said) for text in found] == ([True] if said else [])
