"""From a case file to a frontier: the least cost along one number, as a workbook; what the command line and a service both call."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path

from inputs.address import ChangeError
from inputs.case import Case
from inputs.change import Variation, parse_variation
from model.plan import Progress
from model.studies.frontier import SOLVES, frontier
from outputs.excel.frontier_book import write_frontier
from outputs.opening import opened
from outputs.plan_file import beside
from outputs.tables.frontier import CORNERS, FrontierReport
from outputs.tables.run import RunInfo

ENDS = re.compile(r"^(?P<low>[^:,()]+):(?P<high>[^:,()]+?)(?P<unit>\s+\S.*)?$")


@dataclass(frozen=True)
class FrontierOutcome:
    """What came of it; `out` is the workbook."""

    report: FrontierReport
    out: Path
    seconds: float

    def summary(self) -> dict[str, object]:
        """What `stockpile frontier --json` prints: costs in thousand USD, slopes for a unit more of the number."""
        found = self.report.found
        return {
            "along": self.report.variation.heading,
            "range": list(found.range),
            "asked": list(found.asked),
            "exact": not found.sampled,
            "why_sampled": found.sampled or None,
            "points": [{"value": p.value, "objective": p.objective, "slope": p.slope if not found.sampled else None} for p in found.points],
            "proved_error": found.proved_error,
            "tipping": [{"plant": plant, "value": value, "enters": enters} for plant, value, enters in found.entries()],
            "out": str(self.out),
        }


def frontier_file(
    source: Path, along: str, out: Path | None = None, *, solves: int = SOLVES, force: bool = False, progress: Progress | None = None
) -> FrontierOutcome:
    """Draw the least cost of a case along a number (`sectors[defense].coverage=0:1`), and write it as a workbook.

    `solves` is how many points may be solved. Raises CaseError, FileError, ChangeError where the number cannot vary so, and NoFrontierError where no plan exists along it.
    """
    target = out or beside(source, "frontier")
    reading, case = opened(source, target, "a frontier", CORNERS, force=force, progress=progress)
    began = time.perf_counter()
    variation = ends_of(along, case)
    low, high = variation.values
    report = FrontierReport(case, variation, frontier(case, variation.at, low, high, solves=solves, progress=progress))
    seconds = time.perf_counter() - began
    written = write_frontier(report, target, RunInfo(source=source, sha256=reading.sha256), seconds)
    return FrontierOutcome(report, written, seconds)


def ends_of(along: str, case: Case) -> Variation:
    """The number and its two ends, from `address OP low:high`. Raises ChangeError."""
    address, op, values = (along.rpartition("=")[0], "=", along.rpartition("=")[2].strip())
    match = ENDS.match(values)
    if not match:
        raise ChangeError(f"{along}: a frontier goes from one value to another, for example sectors[defense].coverage=0:1.")
    variation = parse_variation(f"{address}{op}{match['low']},{match['high']}{match['unit'] or ''}", case)
    low, high = variation.values
    if not low < high:
        raise ChangeError(f"{along}: the first value must be below the second.")
    return variation
