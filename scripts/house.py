"""The page of the house: every room and file with the first line of its docstring; and the tree of rooms that CONTRIBUTING.md shows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from scripts.markdown import PRINTED, block, code, page, table

HOUSE = Path(__file__).parent.parent
ROOMS = ("inputs", "model", "outputs", "cli", "tests", "scripts")
MIRRORS = ("tests/inputs", "tests/model", "tests/outputs", "tests/cli")
"""Rooms of tests that have the shape of the code."""

INTRODUCTION = """Every line is found by the name of its file. Imports go one way, `cli -> outputs -> model -> inputs`; a room may import from
those after it in this chain, never back."""


def house() -> str:
    """The whole page."""
    return page("# The house", PRINTED, INTRODUCTION, *(section(room) for room in rooms()))


def rooms() -> Iterator[Path]:
    """Every package of the house, each before those within it."""
    for room in ROOMS:
        for init in sorted((HOUSE / room).rglob("__init__.py")):
            if not any(init.is_relative_to(HOUSE / mirror) for mirror in MIRRORS):
                yield init.parent


def section(room: Path) -> str:
    """One room: what it is, and a row for each file."""
    files = [[code(file.name), first_line(file)] for file in sorted(room.glob("*.py")) if file.name not in ("__init__.py", "__main__.py")]
    return page(f"## {name_of(room)}", first_line(room / "__init__.py"), table(["file", "what it is"], files) if files else "").strip()


def room_tree() -> str:
    """The rooms, indented by where they lie, with what each is."""
    lines = [("    " * (len(room.relative_to(HOUSE).parts) - 1) + f"{room.name}/", first_line(room / "__init__.py")) for room in rooms()]
    width = max(len(name) for name, _ in lines)
    return block("\n".join(f"{name:<{width}}  {text}" for name, text in lines))


def name_of(room: Path) -> str:
    """Where a room lies, "model/data/"."""
    return f"{room.relative_to(HOUSE).as_posix()}/"


def first_line(file: Path) -> str:
    """The first line of a module's docstring."""
    return (ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "").split("\n")[0]
