"""Every study that a plan workbook shows."""

from __future__ import annotations

from dataclasses import dataclass, field

from model.plan import Solved
from model.studies.entry import Entry, entries
from model.studies.priced import Prices
from model.studies.prices import prices
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
    prices: Prices = field(default_factory=Prices)
    refused: str = ""


def study(solved: Solved) -> Studies:
    """The studies of an optimal plan. Raises SolverError."""
    found = programme(solved)
    reasons, entered, priced = why(solved), entries(solved), prices(solved)
    if isinstance(found, Refused):
        return Studies(None, None, reasons, entered, priced, found.text)
    return Studies(found, survival(found), reasons, entered, priced)
