"""A case with changes, such as a point of a sweep, whose whole plan is written: what is changed, and which cells of the case say something else by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from inputs.case import Case
from inputs.schema import SETTINGS, SHEETS, Sheet
from model.sweep.documents import case_differences, document_of
from outputs.tables.table import Table

MOST = 60
"""Characters of changes that a title holds; if they take more they are counted."""


@dataclass(frozen=True, eq=False)
class SweepPoint:
    """Point `number` (from 0; None: changes of no sweep) over the case `before`: each change in plain words and as it is typed."""

    number: int | None
    changes: tuple[tuple[str, str], ...]
    before: Case

    @property
    def title(self) -> str:
        """What follows the title of a plan: "point 3 of a sweep, with price of Dy ×2"."""
        words = "; ".join(f"{said[:1].lower()}{said[1:]}" for said, _ in self.changes)
        count = len(self.changes)
        named = words if len(words) <= MOST else f"{count} change{'s' if count > 1 else ''} (sheet Run)"
        of = "" if self.number is None else f"point {self.number} of a sweep, "
        return of + (f"with {named}" if words else "without changes")

    @property
    def origin(self) -> str:
        """Who changes the case: "point 3 of the sweep"."""
        return "the command" if self.number is None else f"point {self.number} of the sweep"


def point_facts(point: SweepPoint, case: Case) -> Iterator[tuple[str, str, object, str]]:
    """Part, item, value, unit: for the sheet Run, with `case` the changed one."""
    if point.number is not None:
        yield "point", "number in the sweep", point.number, ""
    for number, (said, typed) in enumerate(point.changes, 1):
        yield "point", f"change ({number})", said, ""
        yield "point", f"change ({number}), as it is typed", typed, ""
    for number, line in enumerate(case_differences(document_of(point.before), document_of(case)), 1):
        yield "point", f"cells of the file that count otherwise ({number})", line, ""
    yield "point", "fingerprint of the case before the changes", point.before.fingerprint, ""


def with_changes(tables: Iterable[Table], case: Case, point: SweepPoint) -> Iterator[Table]:
    """The sheets of the changed case, which say so where cells are not those of the file."""
    for sheet, table in zip(shown_sheets(case), tables, strict=True):
        marked = frozenset(changed_cells(sheet, point.before, case))
        count = f"{len(marked)} coloured cell{'s are' if len(marked) != 1 else ' is'} not as in the file, but as {point.origin} has it."
        said = (
            f"Sheet {sheet.name} of the case. {count}"
            if marked
            else f"{table.text} {point.origin[0].upper()}{point.origin[1:]} changes nothing here."
        )
        yield replace(table, text=said, marked=marked)


def shown_sheets(case: Case) -> list[Sheet]:
    """The sheets that a plan shows: those with rows, and all that must be there."""
    return [sheet for sheet in SHEETS if not sheet.optional or len(case[sheet.name])]


def changed_cells(sheet: Sheet, before: Case, after: Case) -> Iterator[tuple[int, str]]:
    """Row (from 0) and column of the table of a sheet where two cases with the same rows differ."""
    if sheet.name == SETTINGS:
        yield from ((row, "value") for row, c in enumerate(sheet) if before.settings[c.name] != after.settings[c.name])
        return
    for column in sheet:
        old, new = before[sheet.name][column.name], after[sheet.name][column.name]
        same = (old.to_numpy() == new.to_numpy()) | (old.isna() & new.isna()).to_numpy()
        yield from ((int(row), column.name) for row in np.flatnonzero(~same))
