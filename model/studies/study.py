"""Every study that a plan workbook shows."""

from __future__ import annotations

from dataclasses import dataclass

from model.plan import Solved
from model.studies.entry import Entry, entries
from model.studies.programme import Programme, Refused, programme
from model.studies.survival import Survival, survival
from model.studies.why import Reason, why


@dataclass(frozen=True)
class Studies:
    """What was asked of the program of a plan; `refused` says why there is nothing to compare it with, "" where there is."""

    programme: Programme | None
    survival: Survival | None = None
    reasons: tuple[Reason, ...] = ()
    entries: tuple[Entry, ...] = ()
    refused: str = ""


def study(solved: Solved) -> Studies:
    """The studies of an optimal plan. Raises SolverError."""
    found = programme(solved)
    if isinstance(found, Refused):
        return Studies(None, reasons=why(solved), entries=entries(solved), refused=found.text)
    return Studies(found, survival(found), why(solved), entries(solved))
