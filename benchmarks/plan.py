"""How long a plan takes, stage by stage, and against HiGHS alone on the same linear program.

    python -m benchmarks.plan [--case inputs/us-2026.xlsx] [--runs 3]

Prints one table for quarterly and one for monthly crisis periods: the median seconds of each stage over the
runs, of the clock and of the processor, and those of the processor as a multiple of HiGHS alone, which is given
the finished arrays. Quote the multiples: seconds differ between machines, those of the clock with what else is running.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from inputs.workbook import examine, read_case
from model.build import build
from model.certify import certify
from model.plan import make_plan
from model.solver.compile import compile_model
from model.solver.highs import Session
from outputs.excel.workbook import RunInfo, write_plan

STAGES = ("read", "build", "compile", "solve", "collect", "check", "write")
GOALS = (("build and compile", ("build", "compile"), 1), ("all", STAGES, 3))
"""Stages that together take no more than so many times as long as HiGHS alone."""

Seconds = tuple[float, float]
"""Of the clock, and of the processor."""


class Stages:
    """The seconds of stages, each from when its name is called until the next is."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, Seconds]] = []

    def __call__(self, name: str) -> None:
        self.begun.append((name, now()))

    def seconds(self) -> dict[str, Seconds]:
        """Of each stage, the last of which ends now."""
        ends = [began for _, began in self.begun[1:]] + [now()]
        return {name: since(began, end) for (name, began), end in zip(self.begun, ends, strict=True)}


def now() -> Seconds:
    return time.perf_counter(), time.process_time()


def since(began: Seconds, end: Seconds) -> Seconds:
    return end[0] - began[0], end[1] - began[1]


def one_run(path: Path, crisis_period: float, folder: Path) -> tuple[dict[str, Seconds], tuple[int, int, int]]:
    """Seconds by stage of one plan, from file to file, and (columns, rows, coefficients)."""
    stage = Stages()
    stage("read")
    reading = examine(path)
    assert reading.case is not None, f"{path} has errors; run: stockpile check {path}"
    plan = make_plan(reading.case.with_setting("crisis_period", crisis_period), progress=stage)
    stage("check")
    certificate = certify(plan)
    stage("write")
    write_plan(plan, folder / "plan.xlsx", RunInfo(source=path, sha256=reading.sha256), certificate)
    return stage.seconds(), (plan.columns, plan.rows, plan.nonzeros)


def highs_alone(path: Path, crisis_period: float) -> Seconds:
    """Seconds of a cold solve of the finished arrays."""
    program = compile_model(build(read_case(path).with_setting("crisis_period", crisis_period)))
    assert program is not None
    session = Session(program)
    began = now()
    session.solve()
    return since(began, now())


def median(of: list[Seconds]) -> Seconds:
    clock, processor = zip(*of, strict=True)
    return statistics.median(clock), statistics.median(processor)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", type=Path, default=Path(__file__).parent.parent / "inputs" / "us-2026.xlsx")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    for crisis_period in (3.0, 1.0):
        with tempfile.TemporaryDirectory() as folder:
            runs = [one_run(options.case, crisis_period, Path(folder)) for _ in range(options.runs)]
        alone = median([highs_alone(options.case, crisis_period) for _ in range(options.runs)])
        columns, rows, entries = runs[0][1]
        print(f"crisis periods of {crisis_period:g} months: {columns:,} columns, {rows:,} rows, {entries:,} coefficients")
        medians = {stage: median([seconds[stage] for seconds, _ in runs]) for stage in STAGES}
        for stage in STAGES:
            line(stage, medians[stage], alone)
        for name, stages, most in GOALS:
            clock, processor = zip(*(medians[stage] for stage in stages), strict=True)
            line(name, (sum(clock), sum(processor)), alone, most)
        print()


def line(name: str, seconds: Seconds, alone: Seconds, most: float | None = None) -> None:
    """Print the seconds of a stage."""
    times = seconds[1] / alone[1]
    goal = "" if most is None else f" ({alone[1]:.2f} s), goal {most}: {'met' if times <= most else 'MISSED'}"
    print(f"  {name:<20}{seconds[0]:8.2f} s{seconds[1]:8.2f} s of the processor {times:8.2f} x HiGHS alone{goal}")


if __name__ == "__main__":
    main()
