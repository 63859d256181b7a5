"""How building and compiling grow with the size of the program, and how long the largest takes to solve.

    python -m benchmarks.scale [--case inputs/us-2026.xlsx] [--solvers choose hipo] [--threads 2]

The case is grown to a million columns and more: each material is copied with all that names it (offers,
demands, plants, recipes, losses, thrift), crisis periods become months, and the aftermath is planned year by
year. Each size is measured in a process of its own, since memory once used is not given back, and the largest
once more with each solver (hipo needs the extra `large`).

Prints seconds of the clock and, in brackets, of the processor, by stage; the peak of memory; and both for a
million columns, which are the same for all sizes where they grow linearly. Goals are for the processor's
seconds, which other work on the machine disturbs less. Needs Linux or macOS.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from inputs.case import Case
from inputs.schema import SETTINGS, SHEETS, UNREAD, Kind
from inputs.workbook import read_case
from model.build import build
from model.data.compute import compute
from model.solver.compile import compile_model
from model.solver.highs import Session
from model.solver.program import Solver

STAGES = ("compute", "build", "compile")
GOAL_SECONDS, GOAL_GIGABYTES, GOAL_SOLVE = 15, 3, 300
"""For a million columns: of compute, build and compile together; at the peak until then; and of the solver, by the clock."""


@dataclass(frozen=True)
class Size:
    """How often each material is there, and the lengths of periods in months."""

    copies: int
    crisis_period: float
    aftermath_period: float

    def __str__(self) -> str:
        pieces = "in one piece" if math.isinf(self.aftermath_period) else f"in pieces of {self.aftermath_period:g} months"
        return f"materials x{self.copies}, crisis periods of {self.crisis_period:g} months, aftermath {pieces}"


SIZES = (Size(1, 3.0, math.inf), Size(2, 3.0, math.inf), Size(3, 3.0, 12.0), Size(3, 1.0, 12.0))


def grown(case: Case, size: Size) -> Case:
    """The case with copies of its materials and of all that names one (` 2`, ` 3` after the name), and public money in proportion."""
    case = case.with_setting("crisis_period", size.crisis_period).with_setting("aftermath_period", size.aftermath_period)
    copied = {name for sheet in ("materials", "supply", "plants", "thrift") for name in case[sheet].iloc[:, 0]}
    for sheet in SHEETS:
        if sheet.name not in (SETTINGS, *UNREAD):
            frame, names = case[sheet.name], [column.name for column in sheet if column.kind in (Kind.NAME, Kind.MEMBER)]
            follow = frame[frame[names].isin(copied).any(axis=1)]
            copies = [
                follow.assign(**{c: [f"{name} {copy}" if name in copied else name for name in follow[c]] for c in names})
                for copy in range(2, size.copies + 1)
            ]
            case = case.with_frame(sheet.name, pd.concat([frame, *copies], ignore_index=True))
    return case.with_frame("budget", case["budget"].assign(amount=case["budget"]["amount"] * size.copies))


class Stopwatch(dict[str, float]):
    """Seconds of the clock by stage, and of the processor under `<stage>, CPU`."""

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        clock, processor = time.perf_counter(), time.process_time()
        yield
        self[name], self[f"{name}, CPU"] = time.perf_counter() - clock, time.process_time() - processor


def measure(case: Case, solver: Solver | None, threads: int) -> dict[str, float]:
    """One case in this process: seconds by stage, sizes, and gigabytes at the peak before anything is solved and, with a solver, after it."""
    found = Stopwatch()
    with found.stage("compute"):
        data = compute(case)
    with found.stage("build"):
        m = build(data)
    with found.stage("compile"):
        program = compile_model(m)
    assert program is not None
    found["columns"], found["rows"], found["coefficients"] = map(len, (program.cost, program.row_low, program.entries))
    found["gigabytes"] = peak()
    with found.stage("load"):
        session = Session(program, solver=solver or Solver.CHOOSE, threads=threads)
    if solver:
        with found.stage("solve"):
            answer = session.solve()
        assert answer.objective is not None, answer
        found["objective"], found["gigabytes when solved"] = answer.objective, peak()
    return found


def peak() -> float:
    """The most memory that this process has used, in gigabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e9


def in_a_process(case: Path, number: int, solver: Solver | None, threads: int) -> dict[str, float]:
    """What `measure` says of a size, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.scale", "--case", str(case), "--only", str(number), "--threads", str(threads), "--solvers"]
    ran = subprocess.run([*command, *([solver] if solver else [])], stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(ran.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", type=Path, default=Path(__file__).parent.parent / "inputs" / "us-2026.xlsx")
    parser.add_argument("--solvers", nargs="*", type=Solver, default=[Solver.CHOOSE, Solver.HIPO], help="of the largest")
    parser.add_argument("--threads", type=int, default=2, help="of the solver")
    parser.add_argument("--only", type=int, help="measure this size, with the first solver, in this process, and print JSON")
    options = parser.parse_args()
    if options.only is not None:
        case = grown(read_case(options.case), SIZES[options.only])
        print(json.dumps(measure(case, next(iter(options.solvers), None), options.threads)))
        return
    for number, size in enumerate(SIZES):
        report(size, in_a_process(options.case, number, None, options.threads))
    for solver in options.solvers:
        found = in_a_process(options.case, len(SIZES) - 1, solver, options.threads)
        line("solve", f"{seconds(found, 'solve')} with {solver}, {found['gigabytes when solved']:.2f} GB", found["solve"], GOAL_SOLVE)


def report(size: Size, found: dict[str, float]) -> None:
    """Print the figures of one size."""
    million = found["columns"] / 1e6
    print(f"{size}: {found['columns']:,.0f} columns, {found['rows']:,.0f} rows, {found['coefficients']:,.0f} coefficients")
    for stage in (*STAGES, "load"):
        line(stage, seconds(found, stage))
    found["together"], found["together, CPU"] = (sum(found[stage + kind] for stage in STAGES) for kind in ("", ", CPU"))
    a_million = found["together, CPU"] / million, found["gigabytes"] / million
    line("together", f"{seconds(found, 'together')}, of a million columns ({a_million[0]:.2f}) s", a_million[0], GOAL_SECONDS)
    line("memory", f"{found['gigabytes']:8.2f} GB, of a million columns {a_million[1]:.2f} GB", a_million[1], GOAL_GIGABYTES)


def seconds(found: dict[str, float], stage: str) -> str:
    return f"{found[stage]:8.2f} ({found[f'{stage}, CPU']:.2f}) s"


def line(name: str, text: str, figure: float | None = None, goal: float = 0.0) -> None:
    """Print one figure, with what becomes of its goal."""
    print(f"  {name:<10}{text}" + ("" if figure is None else f", goal {goal:g}: {'met' if figure < goal else 'MISSED'}"), flush=True)


if __name__ == "__main__":
    main()
