"""The reference pages are what the model, the schema and the published examples say."""

import inspect
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pyomo.environ as pyo
import pytest

from inputs.template import write_case
from inputs.workbook import read_case
from model.build import build
from model.families import FAMILIES
from model.parameters import BY_NAME, INDEX_SETS, LETTERS, SETS
from scripts.explained import example
from scripts.house import first_line, name_of, room_tree, rooms
from scripts.make_docs import CONTRIBUTING, DOCS, EXAMPLE, PAGES, README, ROOMS, replaced
from scripts.validation import EXAMPLES, Example, planned
from tests.kit.cases import grids, sheets
from tests.kit.small import every_sheet


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run: python -m scripts.make_docs"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_a_published_example_is_planned_from_its_known_answer(example: Example, tmp_path: Path) -> None:
    """The workbook in docs/validation is the case with the known answer, and the values of the page are those of the publication."""
    write_case(tmp_path / "case.xlsx", grids(sheets(f"published-{example.name}")))
    plan, certificate = planned(example.name)
    shown = [(fact.ours(plan), fact.published) for fact in example.facts]

    assert read_case(example.file).fingerprint == read_case(tmp_path / "case.xlsx").fingerprint
    assert plan.objective == pytest.approx(example.published, rel=1e-4)
    assert certificate.passed
    assert [float(ours) for ours, _ in shown] == pytest.approx([float(Fraction(published)) for _, published in shown], abs=1e-4)
    assert shown != []


@pytest.mark.parametrize(("file", "begin", "text"), [(CONTRIBUTING, ROOMS, room_tree), (README, EXAMPLE, example)])
def test_the_rooms_and_the_example_are_up_to_date(file: Path, begin: str, text: Callable[[], str]) -> None:
    found = file.read_text(encoding="utf-8")

    assert found == replaced(found, begin, text()), "run: python -m scripts.make_docs"


def test_every_file_says_what_it_is() -> None:
    """The house page has a sentence for each room and each file."""
    lines = [line for line in PAGES["house.md"]().splitlines() if line.startswith("| `")]

    assert len(lines) > 100
    assert [line for line in lines if line.endswith("|  |")] == []
    assert [name_of(room) for room in rooms() if not first_line(room / "__init__.py")] == []


def test_rules_call_their_indices_by_the_letters_of_formulas() -> None:
    """`def stock_balance(m, i, n)` is over materials and nodes, as its set says."""
    m = build(every_sheet())
    functions = {name: rule for family in FAMILIES for name, rule in inspect.getmembers(family, inspect.isfunction)}
    found = {
        c.local_name: (
            list(inspect.signature(functions[c.local_name]).parameters)[1:],
            [LETTERS[of] for of in SETS[c.index_set().local_name]],
        )
        for c in m.component_objects(pyo.Constraint)
    }

    assert {name: of for name, of in found.items() if of[0] != of[1]} == {}
    assert len(found) >= 15


def test_formulas_name_what_there_is() -> None:
    """What has an index in a formula is a variable, a number, an amount of money or a function of a family: a renamed one is found."""
    m = build(every_sheet(), mutable=True)
    known = {component.local_name for component in m.component_objects((pyo.Var, pyo.Param, pyo.Expression))} | {"term"}
    known |= {name for family in FAMILIES for name, _ in inspect.getmembers(family, inspect.isfunction)}
    docs = {c.local_name: c.doc for c in m.component_objects((pyo.Constraint, pyo.Expression, pyo.Objective))}
    named = {(name, word) for name, doc in docs.items() for word in re.findall(r"(\w+)\[", doc)}

    assert {(name, word) for name, word in named if word not in known} == set()
    assert ("stock_balance", "retention") in named


def test_every_set_has_letters_and_every_number_a_set() -> None:
    assert [s.name for s in INDEX_SETS if not set(s.indices) <= set(LETTERS)] == []
    assert [p.name for p in BY_NAME.values() if p.over and p.over not in SETS] == []
