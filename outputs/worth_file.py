"""From a case file to what knowledge and time are worth, as a workbook: what the command line and a service both call."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from model.plan import Progress
from model.studies.worth import Worth, worths
from outputs.excel.book import write_tables
from outputs.opening import opened, planned
from outputs.plan_file import beside
from outputs.tables.run import RunInfo
from outputs.tables.worth import WORTHS, remark, run_of, sentence, worth_table


@dataclass(frozen=True)
class WorthOutcome:
    """What came of it; `out` is the workbook."""

    found: tuple[Worth, ...]
    out: Path

    def text(self) -> str:
        """What the command says."""
        return f"{sentence(self.found)}\nwhat it is worth is in {self.out}"

    def summary(self) -> dict[str, object]:
        """What `stockpile worth --json` prints: thousand USD; null: there is no such plan."""
        return {
            "worth": [
                {"what": w.kind, "name": w.name, "worth": w.worth, "without": w.without, "with": w.with_it, "remark": remark(w)}
                for w in self.found
            ],
            "out": str(self.out),
        }


def worth_file(source: Path, out: Path | None = None, *, force: bool = False, progress: Progress | None = None) -> WorthOutcome:
    """Find what knowledge and time are worth to a case, and write it as a workbook.

    Raises CaseError, FileError, NoPlanError where the case has no plan, and SolverError.
    """
    target = out or beside(source, "worth")
    reading, case = opened(source, target, "what it is worth", WORTHS, force=force, progress=progress)
    began = time.perf_counter()
    found = worths(planned(source, case, any_optimum=True, progress=progress), progress=progress)
    info = RunInfo(source=source, sha256=reading.sha256)
    tables = (worth_table(found), run_of(case, info, time.perf_counter() - began))
    return WorthOutcome(found, write_tables(target, tables, info.when))
