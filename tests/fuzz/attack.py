"""Mutated workbooks, planned: each gives findings with their places, a plan that passes its check, or words why there is none.

    python -m tests.fuzz.attack --mutants 2000 --case tutorial

Each mutant is made and planned in a process of its own, which must end within `--seconds` of processor time (so that what else the
machine does counts for nothing; ten times that by the clock) and `--megabytes`; one that is being told why there is no plan has
`--explaining` seconds. Prints the counts of each outcome by kind of change, the longest time, the largest memory, and every mutant that broke something.
"""

from __future__ import annotations

import argparse
import collections
import multiprocessing
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from inputs.errors import FileError, StockpileError
from inputs.shipped import new_workbook
from inputs.template import write_case
from inputs.workbook import examine
from model.solver.program import Status
from outputs.plan_file import plan_file
from tests.fuzz.mutate import mutant
from tests.kit.faults import sound

HOLDS = ("not a workbook", "findings", "proved", "no plan", "stopped", "unsolved")
"""Outcomes that are as they should be: a planner is told what is there."""

MOST_TEXT = 20_000
"""Letters of what was said: as many as fit into a pipe that nobody reads before the process has ended."""

WAITING = 10
"""Times its processor seconds that a process may take by the clock."""

LOOK = 0.05
"""Seconds between two looks at what a process has used."""


@dataclass(frozen=True)
class Attempt:
    """What became of a mutant: what was done to it, the outcome and what was said; processor seconds, and megabytes of its process."""

    number: int
    change: str
    outcome: str
    text: str = ""
    seconds: float = 0.0
    megabytes: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether it is as it should be."""
        return self.outcome in HOLDS


def planned(path: Path, out: Path, time_limit: float, explaining: Any) -> tuple[str, str]:
    """(outcome, what was said) of a workbook."""
    try:
        reading = examine(path)
    except FileError as error:
        return "not a workbook", str(error)
    if not all(finding.sheet and finding.message for finding in reading.findings):
        return "finding without a place or words", str(reading.findings)
    if reading.case is None:
        return "findings", "\n".join(map(str, reading.errors))

    def heed(stage: str) -> None:
        if stage == "explain":
            explaining.set()

    result = plan_file(path, out, time_limit=time_limit, quick=True, force=True, progress=heed)
    if result.plan.status is Status.OPTIMAL:
        return ("not proved", "\n".join(result.faults)) if result.faults else ("proved", result.checked)
    outcome = {Status.STOPPED: "stopped", Status.UNSOLVED: "unsolved"}.get(result.plan.status, "no plan")
    return (outcome, result.message) if result.message.strip() else ("no words", str(result.plan.status))


def attempt(
    base: Path, folder: Path, number: int, seed: int, time_limit: float, explaining: Any, answer: multiprocessing.SimpleQueue[Attempt]
) -> None:
    """Make a mutant and plan it, in this process; `explaining` is set where it is being looked for why there is no plan."""
    target = folder / "mutant.xlsx"
    began = time.process_time()
    change = mutant(base, target, random.Random(seed * 1_000_003 + number))
    try:
        outcome, text = planned(target, folder / "plan.xlsx", time_limit, explaining)
    except StockpileError as error:
        outcome, text = f"refused late ({type(error).__name__})", str(error)
    except BaseException:
        outcome, text = "exception", traceback.format_exc()
    answer.put(Attempt(number, change, outcome, text[:MOST_TEXT], time.process_time() - began, largest_memory()))


def largest_memory() -> float:
    """Megabytes that this process has had at most; nan where the system does not say."""
    try:
        import resource
    except ImportError:
        return float("nan")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def process_context() -> Any:
    """Where processes come from: a server that has read the program, and forks, where there is such a thing."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["outputs.plan_file", "tests.fuzz.mutate"])
    return context


def ended(process: Any, seconds: float, explaining: Any, more: float) -> bool:
    """Whether a process ends within so many processor seconds, or `more` where it explains; it is killed where it does not."""
    began = time.monotonic()
    try:
        watched = psutil.Process(process.pid)
        while process.exitcode is None:
            process.join(LOOK)
            used, most = watched.cpu_times(), more if explaining.is_set() else seconds
            if process.exitcode is None and (used.user + used.system > most or time.monotonic() - began > WAITING * most):
                process.kill()
                process.join()
                return False
    except psutil.NoSuchProcess:
        process.join()
    return True


def attack(
    mutants: int,
    case: str = "sound",
    seed: int = 1,
    first: int = 0,
    seconds: float = 30.0,
    explaining: float = 60.0,
    megabytes: float = 1000.0,
    keep: Path | None = None,
) -> Iterator[Attempt]:
    """Attempts one after the other; `case` is a shipped one, or the sound case of the tests."""
    context = process_context()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        base = folder / "base.xlsx"
        write_case(base, sound()) if case == "sound" else new_workbook(base, case)
        for number in range(first, first + mutants):
            answer, begun = context.SimpleQueue(), context.Event()
            process = context.Process(target=attempt, args=(base, folder, number, seed, seconds * 2 / 3, begun, answer))
            process.start()
            if not ended(process, seconds, begun, explaining):
                most = explaining if begun.is_set() else seconds
                found = Attempt(number, "?", "hang", f"not done after {most:g} s{', explaining' * begun.is_set()}", most)
            elif answer.empty():
                found = Attempt(number, "?", "died", f"its process ended with {process.exitcode}")
            else:
                found = answer.get()
            if found.megabytes > megabytes:
                found = Attempt(number, found.change, "too much memory", f"{found.megabytes:,.0f} MB", found.seconds, found.megabytes)
            if keep and not found.holds:
                (keep / f"{case}-{seed}-{number}.xlsx").write_bytes((folder / "mutant.xlsx").read_bytes())
            yield found


def main() -> int:
    """Attack, print as it goes and at the end; 1 where something broke."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutants", type=int, default=2000)
    parser.add_argument("--case", default="tutorial")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the number of the first mutant")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--explaining", type=float, default=60.0)
    parser.add_argument("--megabytes", type=float, default=1000.0)
    parser.add_argument("--keep", type=Path, help="a folder for the mutants that broke something")
    options = parser.parse_args()
    counts: collections.Counter[str] = collections.Counter()
    longest = most = broken = 0.0
    for done, found in enumerate(attack(**vars(options)), start=1):
        counts[f"{found.outcome}: {found.change}"] += 1
        longest, most, broken = max(longest, found.seconds), max(most, found.megabytes), broken + (not found.holds)
        if not found.holds:
            print(f"mutant {found.number} of seed {options.seed} ({found.change}): {found.outcome}\n{found.text}\n", flush=True)
        if done % 100 == 0:
            print(f"{done} done, {broken:.0f} broke something; {longest:.1f} s and {most:,.0f} MB at most", file=sys.stderr, flush=True)
    for outcome, number in sorted(counts.items()):
        print(f"{number:6d}  {outcome}")
    print(f"{options.mutants} mutants of {options.case}: {broken:.0f} broke something; {longest:.1f} s and {most:,.0f} MB at most")
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
