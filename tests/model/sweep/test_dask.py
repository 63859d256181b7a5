"""A sweep on a real dask.distributed cluster of this machine: a scheduler and two workers, each a process of its own."""

import importlib.util
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from inputs.case import Case
from inputs.extras import MissingExtra
from model.sweep import dask as cluster
from model.sweep.dask import ClusterError
from model.sweep.run import SweepResult, read_sweep, run_sweep
from model.sweep.solve import SweepProgress
from tests.kit.cluster import Cluster
from tests.kit.kill_sweep import lasting, sound_case, varied

POINTS = 90
installed = pytest.mark.skipif(importlib.util.find_spec("distributed") is None, reason="dask.distributed is not installed")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path)
    try:
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="module")
def case() -> Case:
    return sound_case()


@pytest.fixture(scope="module")
def alone(case: Case, tmp_path_factory: pytest.TempPathFactory) -> SweepResult:
    return run_sweep(case, varied(case, POINTS), tmp_path_factory.mktemp("alone") / "s.sqlite")


@pytest.mark.slow
@installed
def test_a_cluster_gives_the_same_table(case: Case, alone: SweepResult, running: Cluster, tmp_path: Path) -> None:
    seen: list[SweepProgress] = []
    result = run_sweep(case, varied(case, POINTS), tmp_path / "s.sqlite", scheduler=running.address, progress=seen.append)

    assert lasting(result.frame).equals(lasting(alone.frame))
    assert [progress.done for progress in seen] == list(range(POINTS + 1))


@pytest.mark.slow
@installed
def test_a_worker_killed_half_way_costs_nothing(case: Case, alone: SweepResult, running: Cluster, tmp_path: Path) -> None:
    """Its batch is solved by the other; nothing is lost, and nothing stands twice."""
    killed: list[int] = []

    def kill_once(progress: SweepProgress) -> None:
        if progress.done >= POINTS // 3 and not killed:
            killed.append(progress.done)
            os.kill(running.workers[0].pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)

    result = run_sweep(case, varied(case, POINTS), tmp_path / "s.sqlite", scheduler=running.address, progress=kill_once)

    assert killed
    assert killed[0] < POINTS
    assert running.workers[0].wait(10) == -signal.SIGKILL
    assert result.frame["number"].tolist() == list(range(POINTS))
    assert lasting(result.frame).equals(lasting(alone.frame))


@pytest.mark.slow
@installed
def test_a_cluster_that_ends_keeps_what_is_done(case: Case, alone: SweepResult, running: Cluster, tmp_path: Path) -> None:
    """The scheduler is killed half-way; the sweep says so, and continues without it."""

    def kill_scheduler(progress: SweepProgress) -> None:
        if progress.done >= POINTS // 3:
            running.scheduler.kill()

    with pytest.raises(ClusterError, match="What is solved is kept"):
        run_sweep(case, varied(case, POINTS), tmp_path / "s.sqlite", scheduler=running.address, progress=kill_scheduler)
    kept = len(read_sweep(tmp_path / "s.sqlite").frame)
    result = run_sweep(case, varied(case, POINTS), tmp_path / "s.sqlite")

    assert POINTS // 3 <= kept < POINTS
    assert lasting(result.frame).equals(lasting(alone.frame))


@pytest.mark.slow
@installed
def test_a_cluster_out_of_reach_is_named(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "ANSWER", 2.0)
    began = time.monotonic()
    with pytest.raises(ClusterError, match=r"no scheduler answers at tcp://127\.0\.0\.1:1 .* start it with 'dask scheduler'"):
        run_sweep(case, varied(case, 5), tmp_path / "s.sqlite", scheduler="tcp://127.0.0.1:1")
    with pytest.raises(ClusterError, match="no scheduler answers at nonsense"):
        run_sweep(case, varied(case, 5), tmp_path / "s.sqlite", scheduler="nonsense")
    assert time.monotonic() - began < 30


def test_without_dask_the_extra_is_named(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Python sees a package that is not installed."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtra, match=r'pip install "\.\[cluster\]"'):
        run_sweep(case, varied(case, 5), tmp_path / "s.sqlite", scheduler="tcp://127.0.0.1:8786")
