"""A stress test on processes that die and on a cluster: the same table, whatever happens."""

import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from model.stress.run import run_stress
from tests.kit.cluster import Cluster
from tests.kit.house import HOUSE
from tests.kit.kill_sweep import all_gone
from tests.kit.small import every_sheet
from tests.model.stress.test_replay import solved

RUNS = 150

SCRIPT = f"""
import sys
from model.stress.run import run_stress
from tests.kit.small import every_sheet
from tests.model.stress.test_replay import solved

if __name__ == "__main__":
    run_stress(solved(every_sheet()), sys.argv[1], runs={RUNS}, workers=2, progress=lambda progress: print(progress.done, flush=True))
"""

on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="kills the processes of a session")
installed = pytest.mark.skipif(importlib.util.find_spec("distributed") is None, reason="dask.distributed is not installed")


@pytest.mark.slow
@on_linux
def test_killed_with_all_its_processes_it_continues_with_the_same_table(tmp_path: Path) -> None:
    """SIGKILL to the whole session while it runs; what was kept is kept, and the rest is replayed."""
    script, store = tmp_path / "run.py", tmp_path / "s.sqlite"
    script.write_text(SCRIPT)
    environment = {**os.environ, "PYTHONPATH": str(HOUSE)}
    process = subprocess.Popen(
        [sys.executable, str(script), str(store)], cwd=HOUSE, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) >= 60:
            break
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert all_gone(process.pid)

    plan, seen = solved(every_sheet()), []
    continued = run_stress(plan, store, runs=RUNS, progress=lambda progress: seen.append(progress.done))

    assert 0 < seen[0] < RUNS
    assert continued.results == run_stress(plan, tmp_path / "undisturbed.sqlite", runs=RUNS).results


@pytest.mark.slow
@installed
def test_a_cluster_gives_the_same_table(tmp_path: Path) -> None:
    plan, cluster = solved(every_sheet()), Cluster(tmp_path)
    try:
        found = run_stress(plan, tmp_path / "cluster.sqlite", runs=60, scheduler=cluster.address)
    finally:
        cluster.stop()

    assert found.failed == 0
    assert found.results == run_stress(plan, tmp_path / "alone.sqlite", runs=60).results
