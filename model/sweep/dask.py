"""Batches on a dask.distributed cluster, whose workers run in the same environment as this process (the same sources of stockpile, too).

Dask runs what it is sent without asking who sent it: keep the scheduler on a network that you trust, or give it certificates.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from inputs.errors import StockpileError
from inputs.extras import module_of
from model.process_state import PYOMO
from model.sweep.version import check_version
from model.sweep.work import Batch, Result, Solves, Work, failure

ANSWER = 30.0
"""Seconds within which the scheduler must answer and have a worker."""

ALONE = 120.0
"""Seconds without any worker after which the sweep is given up."""

TICK = 0.05


class ClusterError(StockpileError):
    """A cluster that is out of reach, or not the same as here."""


def on_cluster(work: Work, batches: Sequence[Batch], scheduler: str) -> Iterator[Result | None]:
    """The results of all batches as the cluster at an address gives them; None where nothing came for a moment.

    A batch whose worker dies is begun again by dask on another one; where that happens too
    often (its `allowed-failures`), its points fail, marked `worker_died`. Raises ClusterError.
    """
    distributed = module_of("cluster")
    client = connect(distributed, scheduler)
    try:
        shared = client.submit(handed_on, work, pure=False)
        tasks = {client.submit(solve, shared, batch, pure=False, priority=-batch.place): batch for batch in batches}
        done = distributed.as_completed(tasks, loop=client.loop)
        watch = Watch(client, scheduler)
        while not done.is_empty():
            ended = done.next_batch(block=False)
            if not ended:
                watch.look()
                time.sleep(TICK)
                yield None
            for task in ended:
                yield from results_of(distributed, task, tasks.pop(task))
    finally:
        client.close()


def connect(distributed: Any, scheduler: str) -> Any:
    """A client of the scheduler, which has at least one worker."""
    start = "start it with 'dask scheduler', and workers with 'dask worker ADDRESS --nthreads 1' in the environment of stockpile"
    try:
        client = distributed.Client(scheduler, timeout=ANSWER, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterError(f"no scheduler answers at {scheduler} ({error}); {start}.") from None
    try:
        client.wait_for_workers(1, timeout=ANSWER)
    except TimeoutError:
        client.close()
        raise ClusterError(f"the scheduler at {scheduler} has no workers; {start}.") from None
    return client


class Watch:
    """Notices when the cluster is gone."""

    def __init__(self, client: Any, scheduler: str) -> None:
        self.client, self.scheduler = client, scheduler
        self.seen = time.monotonic()

    def look(self) -> None:
        """Raise ClusterError where the scheduler is gone, or every worker for a while."""
        if self.client.status != "running":
            raise ClusterError(f"the scheduler at {self.scheduler} is gone. What is solved is kept; run again to continue.")
        if self.client.scheduler_info()["workers"]:
            self.seen = time.monotonic()
        elif time.monotonic() - self.seen > ALONE:
            raise ClusterError(
                f"the scheduler at {self.scheduler} has lost all its workers. What is solved is kept; run again to continue."
            )


def results_of(distributed: Any, task: Any, batch: Batch) -> Iterator[Result]:
    """The results of a batch that has ended."""
    if task.status == "finished":
        try:
            results = task.result()
        except (OSError, distributed.client.FutureCancelledError) as gone:  # while it was handing over
            raise ClusterError(f"the cluster has gone away ({gone}). What is solved is kept; run again to continue.") from None
        yield from results
        return
    if task.status != "error":
        raise ClusterError(f"the cluster has dropped its work ({task.status}). What is solved is kept; run again to continue.")
    error = task.exception()
    if not isinstance(error, distributed.scheduler.KilledWorker):
        raise ClusterError(f"the workers of the cluster cannot solve ({type(error).__name__}: {error}); run them in this environment.")
    for number in sorted(batch.pending):
        yield failure(number, "the workers that solved it have died, too often to try again.", worker_died=True)


def handed_on(work: Work) -> Work:
    """Run once on the cluster, from where the workers fetch it; it is computed again where its worker dies."""
    return work


def solve(work: Work, batch: Batch) -> list[Result]:
    """Run by a worker."""
    check_version(work.version)
    with PYOMO:  # threads of a worker share the solver
        return list(solver_of(work).solve(batch))


@lru_cache(maxsize=1)
def solver_of(work: Work) -> Solves:
    """The solver of a sweep in this process (a worker hands every task the same object)."""
    return work.solver(own_process=True)
