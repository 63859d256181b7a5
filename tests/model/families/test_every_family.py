"""No family and no cost term is without a test."""

import ast
from pathlib import Path

import pytest

from model.build import build
from model.families import FAMILIES
from tests.kit.small import case

HERE = Path(__file__).parent
TERMS = tuple(build(case()).terms)


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)]


def asserts(path: Path) -> list[ast.Assert]:
    return [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Assert)]


def asserted_words(path: Path) -> set[str]:
    """Every text that stands in an assert of a test file."""
    found = (node for statement in asserts(path) for node in ast.walk(statement))
    return {node.value for node in found if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@pytest.mark.parametrize("name", [family.__name__.rpartition(".")[2] for family in FAMILIES])
def test_a_family_has_a_test_file_of_its_own(name: str) -> None:
    """With a test in it that asserts something."""
    path = HERE / f"test_{name}.py"

    assert path.exists()
    assert [f.name for f in functions(path) if f.name.startswith("test_")]
    assert asserts(path)


def test_every_module_of_a_family_is_in_the_list() -> None:
    """A family that is written but not listed would be no part of the program."""
    folder = Path(FAMILIES[0].__file__ or "").parent
    listed = [Path(family.__file__ or "").name for family in FAMILIES]

    assert sorted(listed) == sorted(path.name for path in folder.glob("*.py") if path.name != "__init__.py")


@pytest.mark.parametrize("term", TERMS)
def test_a_cost_term_is_asserted_by_name(term: str) -> None:
    words = set().union(*(asserted_words(path) for path in HERE.glob("test_*.py")))

    assert term in words
