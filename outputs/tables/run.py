"""How a plan came about, so that a colleague can get the same numbers."""

from __future__ import annotations

import platform
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pandas as pd

from inputs.case import Case
from inputs.extras import DISTRIBUTION, installed_version
from model.plan import Plan
from model.solver.program import Solver
from outputs.tables.point import SweepPoint, point_facts
from outputs.tables.table import Column, Style, Table

SHEET = "Run"
SOLVER, THREADS = "solver of HiGHS", "threads"
"""Items of the run that a plan is solved again with."""
VERSIONS = "The file constraints.txt of the project has the versions that its own results were made with: pip install -c constraints.txt ."
SAME = f"With the same input file and versions, the same numbers come out. {VERSIONS}"
SAME_WITH_CHANGES = (
    "This is the plan with changes, not of the input file as it is. "
    f"With the same input file, the changes below made in it, and the same versions, the same numbers come out. {VERSIONS}"
)
SAME_AGAIN = f"With the same input file and versions, the same is found. {VERSIONS}"
Fact = tuple[str, str, object, str]
"""Part, item, value, unit."""

PACKAGES = (DISTRIBUTION, "pyomo", "highspy", "numpy", "pandas", "xlsxwriter")


@dataclass(frozen=True)
class RunInfo:
    """Where the case came from, with what options it was solved, and when.

    `source` is the workbook or the folder of CSV files, None where the case was made in
    code; `sha256` its digest; `time_limit` in seconds of the solver, which may use `threads`. `point` is the point of
    a sweep over that case, where the plan is of one.
    """

    source: Path | None = None
    sha256: str = ""
    time_limit: float | None = None
    solver: Solver = Solver.CHOOSE
    threads: int = 1
    point: SweepPoint | None = None
    when: datetime = field(default_factory=lambda: datetime.now().astimezone())


def input_facts(case: Case, info: RunInfo) -> list[Fact]:
    """Which file and case something was made from."""
    return [
        ("input", "file", str(info.source) if info.source else "(made in code)", ""),
        ("input", "SHA-256 of the file", info.sha256, ""),
        ("input", "case", case.name, ""),
        ("input", "fingerprint of the case", case.fingerprint, ""),
    ]


def run(plan: Plan, info: RunInfo) -> Table:
    """One row for each fact of the run."""
    rows: list[Fact] = [
        ("input", "file", str(info.source) if info.source else "(made in code)", ""),
        ("input", "SHA-256 of the file", info.sha256, ""),
        ("input", "case", plan.case.name, ""),
        ("input", "fingerprint of the case (every value that the model reads)", plan.case.fingerprint, ""),
        *(point_facts(info.point, plan.case) if info.point else ()),
        ("run", "date and time", info.when.strftime("%Y-%m-%d %H:%M:%S %z"), ""),
        ("run", "time limit", "none" if info.time_limit is None else info.time_limit, "" if info.time_limit is None else "s"),
        ("run", SOLVER, str(info.solver), ""),
        ("run", THREADS, info.threads, ""),
        ("solver", "status", plan.said_status, ""),
        ("solver", "objective", plan.objective, "thousand USD"),
        ("solver", "second rule", str(plan.decided), ""),
        ("solver", "columns", plan.columns, ""),
        ("solver", "rows", plan.rows, ""),
        ("solver", "nonzeros", plan.nonzeros, ""),
        ("solver", "simplex iterations", plan.iterations, ""),
        ("solver", "nodes of the scenario tree", len(plan.tree), ""),
        ("solver", "branches (cutoff and onset)", len(plan.tree.branches), ""),
        *(
            ("numbers", f"{which} {s.kind}: {end.name}", end.size, "")
            for s in plan.spreads
            for which, end in (("smallest", s.smallest), ("largest", s.largest))
        ),
        *(("time", stage, round(seconds, 2), "s") for stage, seconds in plan.seconds.items()),
    ]
    return facts("How did this plan come about?", SAME if info.point is None else SAME_WITH_CHANGES, rows)


def facts(title: str, text: str, rows: list[Fact]) -> Table:
    """The sheet of the facts of a run, with the versions of the packages below them."""
    rows = [*rows, *(("versions", package, version, "") for package, version in versions())]
    return Table(
        SHEET,
        title,
        text,
        (Column("part"), Column("item"), Column("value", style=Style.FACT, width=68), Column("unit", "Unit")),
        pd.DataFrame(rows, columns=["part", "item", "value", "unit"]).astype({"value": object}),
    )


def versions() -> list[tuple[str, str]]:
    """Python and the packages that results hang on, with the version of each."""
    return [("python", platform.python_version()), *((package, installed_version(package)) for package in PACKAGES)]
