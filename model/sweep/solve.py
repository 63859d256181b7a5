"""Batches solved in this process, on several, or on a cluster; every result is kept as it comes, and nothing is lost by an interruption."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from inputs.errors import INTERRUPTED, StockpileError
from model.solver.program import Status
from model.sweep.dask import on_cluster
from model.sweep.processes import on_processes
from model.sweep.store import Store
from model.sweep.work import Batch, Result, Work


class SweepError(StockpileError):
    """A sweep that cannot run."""


class SweepStopped(StockpileError):
    """A sweep that was interrupted; its text says what is kept and how to go on."""

    exit_code = INTERRUPTED


@dataclass(frozen=True)
class SweepProgress:
    """How far a sweep is, points already in the store counted.

    `failed` are all without a plan that are not infeasible (unbounded and stopped ones too).
    `rate` is points per second of this run, 0 until it is known; `seconds_left` is NaN until then.
    """

    done: int
    total: int
    infeasible: int
    failed: int
    rate: float
    seconds_left: float


def is_failure(status: str) -> bool:
    """Whether a point has neither a plan nor the proof that there is none."""
    return status not in (Status.OPTIMAL, Status.INFEASIBLE)


def check_workers(workers: int) -> None:
    """Raise SweepError where there is nobody to solve."""
    if workers < 1:
        raise SweepError(f"the number of workers must be at least 1, not {workers}.")


def solve_all(
    store: Store,
    work: Work,
    batches: Sequence[Batch],
    keys: Sequence[str],
    done: Mapping[int, str],
    *,
    workers: int,
    scheduler: str | None,
    progress: Callable[[SweepProgress], None] | None,
) -> None:
    """Solve batches and keep their results in a store; `keys` are those of all points (alike where the results must be), `done` the statuses of those that have one.

    Raises ClusterError where the cluster is out of reach, and SweepStopped after Ctrl-C.
    """
    meter = Meter(len(keys), done.values(), progress)
    meter.show()
    try:
        with closing(stream(work, batches, workers, scheduler)) as results:
            keep(store, results, alike(keys, done), keys, meter)
    except KeyboardInterrupt:
        store.commit()
        raise SweepStopped(
            f"stopped with {meter.done:,} of {len(keys):,} points solved. They are kept in {store.path}; the same command continues from there."
        ) from None
    store.commit()


def stream(work: Work, batches: Sequence[Batch], workers: int, scheduler: str | None) -> Generator[Result | None]:
    """The results of the batches as they come; None now and then where nothing came."""
    if not batches:
        return
    if scheduler is not None:
        yield from on_cluster(work, batches, scheduler)
    elif workers > 1 and len(batches) > 1:
        yield from on_processes(work, batches, workers)
    else:
        solver = work.solver()
        for batch in batches:
            yield from solver.solve(batch)


def alike(keys: Sequence[str], done: Mapping[int, str]) -> dict[str, list[int]]:
    """The points without a result, by key."""
    found: dict[str, list[int]] = {}
    for number, key in enumerate(keys):
        if number not in done:
            found.setdefault(key, []).append(number)
    return found


def keep(store: Store, results: Iterator[Result | None], missing: dict[str, list[int]], keys: Sequence[str], meter: Meter) -> None:
    """Store each result as it comes, for every point with the same changes."""
    for result in results:
        if result is None:
            store.commit()
            continue
        for number in missing.pop(keys[result.number], []):
            store.add(keys[number], Result(number, result.status, result.fields, result.worker_died))
            meter.count(result.status)
        meter.show()


class Meter:
    """Counts points, and says how far the sweep is."""

    def __init__(self, total: int, statuses: Any, progress: Callable[[SweepProgress], None] | None) -> None:
        self.total, self.progress = total, progress
        self.counts = Counter(statuses)
        self.at_first = self.before = sum(self.counts.values())
        self.first_came: float | None = None

    @property
    def done(self) -> int:
        """How many points have a result."""
        return sum(self.counts.values())

    def count(self, status: str) -> None:
        """One more point, of a status."""
        self.counts[status] += 1
        if self.first_came is None:
            self.first_came, self.at_first = time.monotonic(), self.done

    def show(self) -> None:
        """Call the progress; the rate counts from the first result on, for a sweep takes a while to begin."""
        if self.progress is None:
            return
        since = time.monotonic() - self.first_came if self.first_came is not None else 0.0
        rate = (self.done - self.at_first) / since if since > 0 else 0.0
        left = (self.total - self.done) / rate if rate else float("nan")
        failed = sum(count for status, count in self.counts.items() if is_failure(status))
        self.progress(SweepProgress(self.done, self.total, self.counts[Status.INFEASIBLE], failed, rate, left))
