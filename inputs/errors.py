"""What can go wrong with a planner's input, in the planner's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

INTERRUPTED = 130
"""The exit code after Ctrl-C."""


EXPLAIN = "Each of these cells is sound by itself; for the least change after which they can all hold: stockpile explain {source}"
"""What is said below contradictions."""


class StockpileError(Exception):
    """Root of everything that is the user's to mend; its text is what the user reads."""

    exit_code = 2


class FileError(StockpileError):
    """A file cannot be read or written as asked."""


class Level(StrEnum):
    """What a finding does: an error stops a plan, a warning may be meant, a note only tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One problem in a case: where it is, and what to do about it.

    `row` is the row in the sheet (from 1), `column` the schema's name; `cell` is the
    address in the planner's file ("C14"), "" where the finding is about a whole sheet.
    `contradicts`: every cell is sound by itself, but they cannot all hold, which `explain` can explain.
    `code` is for programs: what kind of finding it is, for a rule its name.
    """

    sheet: str
    message: str
    row: int | None = None
    column: str = ""
    level: Level = Level.ERROR
    cell: str = ""
    contradicts: bool = False
    code: str = "layout"

    @property
    def place(self) -> str:
        """Where it is, "materials!B3", or the sheet alone."""
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class CaseError(StockpileError):
    """The workbook has errors; `findings` are all of them, warnings left out."""

    def __init__(self, source: str, findings: Sequence[Finding]) -> None:
        self.source = source
        self.findings = tuple(findings)
        count = f"{len(self.findings)} problem{'s' if len(self.findings) != 1 else ''}"
        explain = [EXPLAIN.format(source=source)] if self.findings and all(f.contradicts for f in self.findings) else []
        super().__init__("\n".join([f"{count} in {source}:", *map(str, self.findings), *explain]))


def nearest(word: str, known: Sequence[str], cutoff: float = 0.6) -> str:
    """The member of `known` most like `word` (letter case set aside), "" if none is."""
    folded = {k.casefold(): k for k in known}
    match = get_close_matches(word.casefold(), folded, n=1, cutoff=cutoff)
    return folded[match[0]] if match else ""


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Advice after an unknown name: the nearest one, or all where they are few."""
    match = nearest(word, known)
    if match:
        return f"; did you mean '{match}'?"
    few = ", ".join(f"'{k}'" for k in known)
    return f"; it can be {few}." if 0 < len(known) <= 12 else ""
