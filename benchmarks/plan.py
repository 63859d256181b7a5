"""How long a plan takes, stage by stage, and against HiGHS alone on the same linear program.

    python benchmarks/plan.py [--case inputs/us-2026.xlsx] [--runs 3]

Prints one table for quarterly and one for monthly crisis periods: the median seconds of
each stage over the runs, and all stages together as a multiple of HiGHS alone, which is
given the finished arrays. Quote the ratios: seconds differ between machines.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from inputs.workbook import examine, read_case
from model.build import build
from model.plan import Clock, make_plan
from model.solver.compile import compile_model
from model.solver.highs import Session
from outputs.excel.workbook import RunInfo, write_plan

STAGES = ("read", "build", "compile", "solve", "collect", "write")


def one_run(path: Path, crisis_period: float, folder: Path) -> tuple[dict[str, float], tuple[int, int, int]]:
    """Seconds by stage of one plan, from file to file, and (columns, rows, coefficients)."""
    clock = Clock()
    with clock.stage("read"):
        reading = examine(path)
        assert reading.case is not None, f"{path} has errors; run: stockpile check {path}"
        case = reading.case.with_setting("crisis_period", crisis_period)
    plan = make_plan(case)
    clock.seconds.update(plan.seconds)
    with clock.stage("write"):
        write_plan(plan, folder / "plan.xlsx", RunInfo(source=path, sha256=reading.sha256))
    return clock.seconds, (plan.columns, plan.rows, plan.nonzeros)


def highs_alone(path: Path, crisis_period: float) -> float:
    """Seconds of a cold solve of the finished arrays."""
    program = compile_model(build(read_case(path).with_setting("crisis_period", crisis_period)))
    assert program is not None
    session = Session(program)
    began = time.perf_counter()
    session.solve()
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", type=Path, default=Path(__file__).parent.parent / "inputs" / "us-2026.xlsx")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for crisis_period in (3.0, 1.0):
            runs = [one_run(options.case, crisis_period, Path(folder)) for _ in range(options.runs)]
            alone = statistics.median(highs_alone(options.case, crisis_period) for _ in range(options.runs))
            columns, rows, entries = runs[0][1]
            print(f"crisis periods of {crisis_period:g} months: {columns:,} columns, {rows:,} rows, {entries:,} coefficients")
            medians = {stage: statistics.median(seconds[stage] for seconds, _ in runs) for stage in STAGES}
            for stage, seconds in medians.items():
                print(f"  {stage:<12}{seconds:8.2f} s {seconds / alone:8.2f} x HiGHS alone")
            print(f"  {'all':<12}{sum(medians.values()):8.2f} s {sum(medians.values()) / alone:8.2f} x HiGHS alone ({alone:.2f} s)\n")


if __name__ == "__main__":
    main()
