"""Rules of check say what they read: a rule sees a case that has nothing but that, and misses whatever of it is taken away."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cache
from types import MappingProxyType

import pytest

from inputs.case import Case
from inputs.checks import sweeps
from inputs.checks.registry import RULES, Registered
from inputs.names import check_members
from inputs.reader import Reader
from inputs.schema import SETTINGS, SHEETS
from tests.kit.faults import FAULTS, Tables, sound
from tests.kit.small import every_sheet

NAMED = [rule for rule in RULES if rule.rule is not sweeps.rows_can_vary]
"""A row of the sheet `sweeps` may name any column that there is, so its rule reads what its case says."""


@cache
def cases() -> list[Case]:
    """A sound case, one with every sheet, and each with a fault whose cells can be read one by one."""
    changed = []
    for fault in FAULTS:
        tables = sound()
        fault.change(tables)
        changed.append(tables)
    return [every_sheet(), *(case for tables in (sound(), *changed) for case in readable(tables))]


def readable(tables: Tables) -> Iterator[Case]:
    """The case of these grids as the rules see it, unless a cell is in error."""
    reader = Reader(tables)
    settings, notes = reader.read_settings()
    frames = {sheet.name: reader.read_sheet(sheet) for sheet in SHEETS if sheet.name != SETTINGS}
    case = Case(MappingProxyType(settings), MappingProxyType(frames), notes, MappingProxyType(reader.units))
    check_members(reader, case)
    if not reader.dirty:
        yield case


def limited(case: Case, columns: Collection[str]) -> Case:
    """The case with these columns and settings ("sheet.column") alone."""
    frames = {sheet: frame[[c for c in frame.columns if f"{sheet}.{c}" in columns]] for sheet, frame in case.frames.items()}
    settings = {name: value for name, value in case.settings.items() if f"{SETTINGS}.{name}" in columns}
    return replace(case, settings=MappingProxyType(settings), frames=MappingProxyType(frames))


@pytest.mark.parametrize("registered", NAMED, ids=lambda registered: registered.rule.__name__)
def test_a_rule_reads_nothing_that_it_does_not_name(registered: Registered) -> None:
    """With the columns that it names alone, it finds what it finds with all."""
    for case in cases():
        assert list(registered.rule(limited(case, registered.needs))) == list(registered.rule(case))


@pytest.mark.parametrize("registered", NAMED, ids=lambda registered: registered.rule.__name__)
def test_a_rule_reads_all_that_it_names(registered: Registered) -> None:
    """Without any one of its columns it fails on some case; else an error in that column would silence it for nothing."""
    assert [column for column in registered.needs if not misses(registered, column)] == []


def misses(registered: Registered, column: str) -> bool:
    """Whether the rule asks for this column in any of the cases."""
    for case in cases():
        try:
            list(registered.rule(limited(case, set(registered.needs) - {column})))
        except (KeyError, ValueError):  # pandas takes names of columns that are not there for values, where there are as many as rows
            return True
    return False
