"""A workbook or folder to a Case: every problem found, each with its cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from inputs.address import ChangeError, find_cells
from inputs.case import Case
from inputs.checks import check_case
from inputs.edition import edition_findings, edition_of
from inputs.errors import CaseError, Finding, Level
from inputs.grid import Grid, read_grids
from inputs.names import check_members
from inputs.places import Places
from inputs.reader import Reader
from inputs.schema import (
    SETTINGS,
    SHEETS,
    SWEEPS,
)
from inputs.shifted import gathered
from inputs.source import Source, read_source


@dataclass(frozen=True)
class Reading:
    """What a file gave: the case (None where errors stand in its way), every finding, its bytes (None where the grids were made in code), and where its columns and settings stand.

    `contradictory` is the case where no error but contradictions among its cells stands in its way: it can be explained, not planned.
    """

    case: Case | None
    findings: tuple[Finding, ...]
    source: Source | None = None
    places: Places = field(default_factory=Places)
    contradictory: Case | None = None

    @property
    def sha256(self) -> str:
        """SHA-256 in hex of the bytes that were read; "" where there were none."""
        return self.source.sha256 if self.source else ""

    def place(self, address: str) -> str:
        """Where an address stands in the file: "sectors!B3", of a folder "sectors.csv, line 3, coverage"; the address where it means no one cell, "supply"."""
        try:
            target = find_cells(address, self.case) if self.case else None
        except ChangeError:
            target = None
        if target is None or len(target.rows) != 1:
            return address
        sheet, column = target.sheet, target.column
        row = None if sheet == SETTINGS or self.case is None else int(self.case[sheet].index[target.rows[0]])
        if self.source and self.source.is_folder:
            line = self.places.settings.get(column) if sheet == SETTINGS else row
            return f"{sheet}.csv, line {line}, {column}" if line else f"{sheet}.csv, {column}"
        cell = self.places.cell(sheet, column, row)
        return f"{sheet}!{cell}" if cell else address

    def summary(self) -> dict[str, object]:
        """What `stockpile check --json` prints."""
        kinds = {"errors": self.errors, "warnings": self.warnings, "notes": self.notes}
        return {
            "ready": self.case is not None,
            **{
                kind: [{"place": f.place, "sheet": f.sheet, "cell": f.cell, "column": f.column, "message": f.message} for f in findings]
                for kind, findings in kinds.items()
            },
        }

    def text(self, name: str, *, defaults: bool = False) -> str:
        """What `stockpile check` says: errors, then warnings, then how many columns use defaults (or which)."""
        lines = []
        for findings, word in ((self.errors, "problem"), (self.warnings, "warning")):
            if findings:
                lines += [f"{len(findings)} {word}{'s' if len(findings) > 1 else ''} in {name}:", *(f"  {f}" for f in findings)]
        if self.notes:
            lines.append(f"defaults stand for empty cells in {len(self.notes)} columns{':' if defaults else ' (--defaults lists them)'}")
            lines += [f"  {f}" for f in self.notes if defaults]
        return "\n".join(lines) or f"no problem in {name}"

    @property
    def errors(self) -> list[Finding]:
        """What stops a plan."""
        return [f for f in self.findings if f.level is Level.ERROR]

    @property
    def notes(self) -> list[Finding]:
        """What is only told."""
        return [f for f in self.findings if f.level is Level.NOTE]

    @property
    def warnings(self) -> list[Finding]:
        """What may be meant, or not."""
        return [f for f in self.findings if f.level is Level.WARNING]


def read_case(path: Path | str) -> Case:
    """The case in a workbook or in a folder of CSV files.

    Raises FileError where the file cannot be read and CaseError, with every problem
    and its cell, where it can be read but not planned with.
    """
    reading = examine(path)
    if reading.case is None:
        raise CaseError(str(path), reading.errors)
    return reading.case


def examine(path: Path | str) -> Reading:
    """Read a case and report all its errors and warnings; raises FileError only."""
    source = read_source(Path(path))
    grids = read_grids(source)
    return replace(parse(grids, source.path.name, edition_of(source)), source=source)


def parse(grids: Mapping[str, Grid], name: str = "", edition: int | None = None) -> Reading:
    """A case from grids of an edition (None = not known), with every finding in the order of the schema's sheets."""
    reader = Reader(grids)
    reader.check_sheets()
    settings, settings_notes = reader.read_settings()
    reader.findings.extend(edition_findings(edition, set(reader.setting_rows)))
    frames = {sheet.name: reader.read_sheet(sheet) for sheet in SHEETS if sheet.name != SETTINGS}
    case = Case(MappingProxyType(settings), MappingProxyType(frames), settings_notes, MappingProxyType(reader.units), name)
    check_members(reader, case)
    reader.findings = gathered(reader.findings, frames)
    # the rule on sweeps looks at every row by itself, so it is applied beside rows that could not be read, and those are left out
    unread = {f.row for f in reader.findings if f.sheet == SWEEPS}
    reader.findings.extend(f for f in check_case(case, reader.dirty) if f.sheet != SWEEPS or f.row not in unread)
    findings = tuple(sorted(map(reader.located, reader.findings), key=reader.order))
    errors = [f for f in findings if f.level is Level.ERROR]
    contradictory = case if errors and all(f.contradicts for f in errors) else None
    return Reading(None if errors else case, findings, places=reader.layout, contradictory=contradictory)
