"""How fast a sweep is: against HiGHS alone on the same sequence, against building each point anew, and on two processes.

    python -m benchmarks.sweep [--case inputs/us-2026.xlsx] [--points 200] [--others 3] [--parallel 1000]

A point is everything from the changes to the finished result, checked. HiGHS's re-solve is
what highspy alone needs on the same programs: to be handed what differs, to run, and to
give its solution; run() is shown apart.

Prints one table, goals missed included. Quote the ratios: seconds differ between machines,
and everything is measured in one run.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.other_ways import Persistent, each_point, in_linopy, rebuilt_here, rebuilt_in_pyomo
from inputs.apply import apply
from inputs.case import Case
from inputs.change import parse_variation
from inputs.workbook import read_case
from model.build import build
from model.resolve.resolver import Resolver
from model.solver.compile import compile_model
from model.solver.highs import DEVEX, MAX_SINGLE_CHANGES, Session, array_of, coefficients, pass_model
from model.solver.program import Delta, Program
from model.sweep.batches import BatchSolver, SweepWork, batches_of
from model.sweep.design import Design, grid, latin_hypercube
from model.sweep.run import run_sweep
from model.sweep.solve import SweepProgress
from model.sweep.store import keys_of
from model.sweep.version import program_version
from model.sweep.work import Batch

FAMILIES = {
    "sectors' coverage": "sectors[*].coverage*=0.7:1:{n}",
    "materials' prices": "materials[*].price*=0.5:2:{n}",
    "demand": "demand[*].demand*=0.8:1.1:{n}",
    "capacities of offers": "supply[*].capacity*=0.7:1.3:{n}",
    "limits of plants": "plants[*].capacity_limit*=0.5:2:{n}",
    "cutoffs' probabilities": "cutoffs[*].annual_probability*=0.5:2:{n}",
    "discount rate": "settings.discount_rate=0:0.08:{n}",
}
SAMPLED = ("materials[*].price*=0.5:2:7", "sectors[defense].coverage=uniform(0.5,1)", "demand[*].demand*=uniform(0.8,1.3)",
           "cutoffs[*].annual_probability*=uniform(0.5,2)", "settings.discount_rate=uniform(0,0.08)")  # fmt: skip
"""What the Latin hypercube varies, all at once."""

LHS, LHS_SECONDS = 1000, 300


@dataclass
class Report:
    """Lines of the table: what, the figure, the goal and whether it is met."""

    lines: list[tuple[str, str, str, str]] = field(default_factory=list)

    def add(self, what: str, figure: str, goal: str = "", met: bool | None = None) -> None:
        line = (what, figure, goal, "" if met is None else "met" if met else "MISSED")
        self.lines.append(line)
        print(f"{what:<76}{figure:>22}  {goal:<10}{line[3]}", flush=True)


OUR_OPTIONS, ITS_OPTIONS = "our options", "its own options"
"""HiGHS with the edge weights that sweeps choose, and as it comes."""


@dataclass(frozen=True)
class Spent:
    """Seconds over the points of a sweep: ours in all; HiGHS alone on the same programs, and its run() within that, by options; points with a plan."""

    ours: float
    alone: dict[str, float]
    running: dict[str, float]
    solved: int


def in_batches(solver: BatchSolver, listener: Listening, case: Case, design: Design) -> Spent:
    """A sweep's points in this process, from a warm start on; each batch is then solved again by HiGHS alone."""
    solver.work = listener.work = SweepWork.of(case, design, None, program_version())
    listener.warm_starts = solver.warm_starts
    ours, solved = 0.0, 0
    alone, running = {OUR_OPTIONS: 0.0, ITS_OPTIONS: 0.0}, {OUR_OPTIONS: 0.0, ITS_OPTIONS: 0.0}
    for batch in batches_of(design, keys_of(design, case.fingerprint), {}):
        began = time.perf_counter()
        results = list(solver.solve(batch))
        ours += time.perf_counter() - began
        solved += sum(r.status == "optimal" for r in results)
        heard = listener.hear(batch)
        for options, weights in ((OUR_OPTIONS, DEVEX), (ITS_OPTIONS, -1)):
            spent, in_run = by_highs_alone(heard, weights)
            alone[options], running[options] = alone[options] + spent, running[options] + in_run
    return Spent(ours, alone, running, solved)


@dataclass
class Heard:
    """A start (program and basis) and what was then handed over, one after the other."""

    program: Program
    basis: Any
    changes: list[tuple[Program, Delta]] = field(default_factory=list)


class Listening(BatchSolver):
    """Solves batches, and keeps what it hands over to HiGHS."""

    def hear(self, batch: Batch) -> list[Heard]:
        self.heard: list[Heard] = []
        for _ in self.solve(batch):
            pass
        return self.heard

    def begin(self, batch: Batch) -> Resolver:
        solver = super().begin(batch)
        session = solver.session
        assert session is not None
        heard, change = Heard(session.program, self.warm_start(batch).basis), session.change
        self.heard.append(heard)

        def listened(program: Program, moves: Delta | None = None) -> None:
            change(program, moves)
            if not session.crossed:
                assert moves is not None
                heard.changes.append((program, moves))

        session.change = listened  # type: ignore[method-assign, assignment]
        return solver


def by_highs_alone(heard: Sequence[Heard], edge_weights: int) -> tuple[float, float]:
    """(seconds, of which in run()) of highspy alone: hand over what differs, run from the last basis, fetch the values and the duals.

    What differs is known beforehand and the start is not counted, so this is the least that a program around HiGHS can take.
    """
    seconds = running = 0.0
    for sequence in heard:
        session = Session(sequence.program, threads=1)
        highs = session.highs
        highs.setOptionValue("simplex_dual_edge_weight_strategy", edge_weights)
        highs.setBasis(sequence.basis)
        for program, moves in sequence.changes:
            costs, low, high = program.cost[moves.cost], program.low[moves.columns], program.high[moves.columns]
            row_low, row_high = program.row_low[moves.rows], program.row_high[moves.rows]
            began = time.perf_counter()
            if len(moves.entries) > MAX_SINGLE_CHANGES:
                basis = highs.getBasis()
                pass_model(highs, program)
                highs.setBasis(basis)
            else:
                highs.changeColsCost(len(costs), moves.cost, costs)
                highs.changeColsBounds(len(low), moves.columns, low, high)
                highs.changeRowsBounds(len(row_low), moves.rows, row_low, row_high)
                highs.changeObjectiveOffset(program.offset)
                for row, column, entry in coefficients(program, moves.entries):
                    highs.changeCoeff(row, column, entry)
            ran = time.perf_counter()
            highs.run()
            running += time.perf_counter() - ran
            solution = highs.getSolution()
            array_of(solution.col_value), array_of(solution.row_dual)
            seconds += time.perf_counter() - began
    return seconds, running


def designed(case: Case, text: str) -> Design:
    return grid([parse_variation(text, case)])


def against_highs(report: Report, case: Case, points: int) -> dict[str, float]:
    """Seconds of a point by family."""
    work = SweepWork.of(case, designed(case, "settings.discount_rate=0.03"), None, program_version())
    solver, listener = BatchSolver(work), Listening(work)
    began = time.perf_counter()
    solver.warm_start(batches_of(work.design, ["0"], {})[0])
    report.add("start of a process: take the model apart, solve the case from scratch", f"{time.perf_counter() - began:.2f} s")
    spent = {name: in_batches(solver, listener, case, designed(case, text.format(n=points))) for name, text in FAMILIES.items()}
    for name, one in spent.items():
        compared(report, f"{name} ({one.solved} of {points} have a plan)", [one], points)
    compared(report, "all of these", list(spent.values()), points)
    return {name: one.ours / points for name, one in spent.items()}


def compared(report: Report, name: str, spent: Sequence[Spent], points: int) -> None:
    ours = sum(one.ours for one in spent)
    report.add(f"{name}: a point", f"{ours / points / len(spent):.4f} s")
    for options in (OUR_OPTIONS, ITS_OPTIONS):
        for what, alone in (
            ("HiGHS's re-solve", sum(one.alone[options] for one in spent)),
            ("its run() alone", sum(one.running[options] for one in spent)),
        ):
            ratio = ours / alone
            report.add(f"{name.split(' (')[0]}: over {what}, {options}", f"{ratio:.2f} x", "<= 1.3", ratio <= 1.3)


def against_others(report: Report, case: Case, points: int, others: int, ours: dict[str, float]) -> None:
    """The same points in other ways: `others` of each family, spread over it."""
    persistent = Persistent(case)
    for name, text in FAMILIES.items():
        design = designed(case, text.format(n=points))
        numbers = np.linspace(points // 3, points - 1, others).astype(int).tolist()
        cases = [apply(case, design.changes(number)) for number in numbers]
        optima = [rebuilt_here(point) for point in cases]
        ways: dict[str, Callable[[Any], float]] = {
            "rebuilt by our own build, compile and cold solve": rebuilt_here,
            'rebuilt in Pyomo, SolverFactory("appsi_highs")': rebuilt_in_pyomo,
            "Pyomo's persistent appsi Highs, mutable parameters": persistent.solve,
        }
        if importlib.util.find_spec("linopy"):
            ways["linopy, matrix form, direct HiGHS (building the data not counted)"] = in_linopy
        for way, solve in ways.items():
            given = [compile_model(build(point)) for point in cases] if solve is in_linopy else cases
            seconds = each_point(given, solve, optima)
            goal = (">= 20", seconds / ours[name] >= 20) if solve is rebuilt_in_pyomo else ("", None)
            report.add(f"{name}: {way}", f"{seconds:.3f} s {seconds / ours[name]:6.1f} x ours", *goal)


def on_workers(report: Report, case: Case, points: int) -> None:
    """Latin hypercube points in one process and in two, from nothing to the finished table."""
    design = latin_hypercube([parse_variation(text, case) for text in SAMPLED], points, seed=1)
    spent, rates = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for workers in (1, 2):
            seen: list[SweepProgress] = []
            began = time.perf_counter()
            result = run_sweep(case, design, Path(folder) / f"{workers}.sqlite", workers=workers, progress=seen.append)
            spent[workers], rates[workers] = time.perf_counter() - began, seen[-1].rate
            goal = (f"< {LHS_SECONDS}", spent[workers] < LHS_SECONDS) if workers == 2 and points >= LHS else ("", None)
            report.add(f"{points:,} Latin hypercube points, workers={workers} ({result.counts})", f"{spent[workers]:.1f} s", *goal)
    ratio = spent[1] / spent[2]
    report.add("two workers over one, from nothing to the table", f"{ratio:.2f} x", ">= 1.8", ratio >= 1.8)
    report.add("two workers over one, points a second once they run", f"{rates[2] / rates[1]:.2f} x")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", type=Path, default=Path(__file__).parent.parent / "inputs" / "us-2026.xlsx")
    parser.add_argument("--points", type=int, default=200, help="points of each family against HiGHS alone")
    parser.add_argument("--others", type=int, default=3, help="points of each family in every other way; 0 leaves them out")
    parser.add_argument("--parallel", type=int, default=LHS, help="Latin hypercube points for two workers against one; 0 leaves them out")
    options = parser.parse_args()
    case, report = read_case(options.case), Report()
    report.add(f"{options.case.name}, {program_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", "")
    ours = against_highs(report, case, options.points)
    if options.others:
        against_others(report, case, options.points, options.others, ours)
    if options.parallel:
        on_workers(report, case, options.parallel)
    missed = [line for line in report.lines if line[3] == "MISSED"]
    print(
        f"\n{len(missed)} goals missed" + "".join(f"\n  {what.strip()}: {figure.strip()}, goal {goal}" for what, figure, goal, _ in missed)
    )


if __name__ == "__main__":
    main()
