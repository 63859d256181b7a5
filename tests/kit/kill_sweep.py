"""Kill a sweep at random moments (every fourth time while it begins), continue it, and compare its table with that of a sweep that nobody disturbed.

    python -m tests.kit.kill_sweep [--times 20] [--workers 2] [--seed 0] [--case inputs/us-2026.xlsx --points 60]

Without --case, a small case of 600 points that has infeasible and failing ones, and three structures.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from inputs.case import Case
from inputs.change import parse_variation
from inputs.workbook import parse, read_case
from model.sweep.design import Design, latin_hypercube
from model.sweep.run import MEASURED, read_sweep, run_sweep
from model.sweep.solve import SweepProgress, SweepStopped
from model.sweep.store import StoreError
from tests.kit.cases import grids
from tests.kit.faults import SOUND
from tests.kit.house import HOUSE

VARIED = (
    "materials[*].price*=0.5:2:7",
    "sectors[defense].coverage=normal(0.8,0.12)",  # above 1 it fails
    "floors[Nd,recycled].share=0.02:0.07:6",  # high ones are infeasible
    "durations[ban,12].months=discrete(12:0.8,9:0.1,18:0.1)",  # other structures
)
VARIED_IN_US = ("materials[*].price*=0.5:2:7", "sectors[defense].coverage=uniform(0.5,1)", "demand[*].demand*=uniform(0.8,1.3)")


def sound_case() -> Case:
    """The sound workbook of `tests.kit.faults`, without what it says about sweeps."""
    case = parse(grids({sheet: rows for sheet, rows in SOUND.items() if sheet != "sweeps"}), "sound").case
    assert case is not None
    return case


def varied(case: Case, points: int, variations: tuple[str, ...] = VARIED) -> Design:
    return latin_hypercube([parse_variation(text, case) for text in variations], points, seed=1)


def heed_ctrl_c() -> None:
    """A process begun in the background of a shell ignores it, and so do its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def begun(store: Path, points: int, workers: int, case: Path | None = None) -> subprocess.Popen[str]:
    """A sweep in a session of its own, which prints how many points are done."""
    more = ["--case", str(case)] if case else []
    command = [sys.executable, "-m", "tests.kit.kill_sweep", "--run", str(store), "--points", str(points), "--workers", str(workers), *more]
    environment = {**os.environ, "PYTHONPATH": str(HOUSE)}
    return subprocess.Popen(
        command, cwd=HOUSE, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=heed_ctrl_c
    )


def wait_for(process: subprocess.Popen[str], points: int) -> int:
    """Read what a sweep prints until so many points are done; how many there were."""
    assert process.stdout is not None
    for line in process.stdout:
        if int(line.split()[0]) >= points:
            return int(line.split()[0])
    return -1


def session_of(leader: int) -> list[int]:
    """The processes of a session that are still there (Linux)."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, session = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(session) == leader and state != "Z":
            found.append(int(folder.name))
    return found


def all_gone(leader: int, seconds: float = 20.0) -> bool:
    """Whether a session ends by itself."""
    end = time.monotonic() + seconds
    while session_of(leader):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def lasting(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns that must not depend on when and where the sweep runs."""
    return frame.drop(columns=list(MEASURED))


def run(store: Path, points: int, workers: int, path: Path | None) -> None:
    case, design = material(points, path)

    def show(progress: SweepProgress) -> None:
        print(progress.done, flush=True)

    try:
        run_sweep(case, design, store, workers=workers, progress=show)
    except SweepStopped as stopped:
        print("-1", stopped, flush=True)


def material(points: int, path: Path | None) -> tuple[Case, Design]:
    case = read_case(path) if path else sound_case()
    return case, varied(case, points, VARIED_IN_US if path else VARIED)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--points", type=int, default=600)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--case", type=Path)
    parser.add_argument("--run", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        run(options.run, options.points, options.workers, options.case)
        return
    moments, same = random.Random(options.seed), 0
    case, design = material(options.points, options.case)
    with tempfile.TemporaryDirectory() as folder:
        undisturbed = run_sweep(case, design, Path(folder) / "undisturbed.sqlite", workers=options.workers)
        print(f"undisturbed: {undisturbed.counts}")
        for time_number in range(options.times):
            store = Path(folder) / f"{time_number}.sqlite"
            points = moments.randrange(options.points) if time_number % 4 else 0
            with begun(store, options.points, options.workers, options.case) as process:
                wait_for(process, points) if points else time.sleep(moments.uniform(0, 3))
                time.sleep(moments.uniform(0, 0.2))
                os.kill(process.pid, signal.SIGKILL)
            gone = all_gone(process.pid)
            try:
                kept = len(read_sweep(store).frame)
            except Exception as error:  # killed before there was anything
                kept = 0 if not isinstance(error, StoreError) else -1
            result = run_sweep(case, design, store, workers=options.workers)
            equal = lasting(result.frame).equals(lasting(undisturbed.frame))
            same += equal and gone
            print(
                f"{time_number + 1:3}: killed at about point {points:4} with {kept:4} results kept; workers gone: {gone}; tables alike: {equal}"
            )
    print(f"{same} of {options.times} times no process was left, and the continued sweep's table was identical to the undisturbed one's.")
    sys.exit(0 if same == options.times else 1)


if __name__ == "__main__":
    main()
