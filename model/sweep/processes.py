"""Batches on several processes of this machine, which may die: each has its own pipe, so that none can harm another."""

from __future__ import annotations

import contextlib
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.reduction import ForkingPickler
from typing import Any

from model.process_state import environment
from model.sweep.version import VersionError, check_version
from model.sweep.work import Batch, Result, Work, failure

SPAWN = get_context("spawn")
"""As on Windows, whatever the platform: processes that share nothing."""

TRIES = 3
"""So often a batch is begun whose process dies."""

TICK = 0.5
"""Seconds after which the parent looks up though nothing has come."""

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1")
"""What keeps the linear algebra of a process to one core."""


@dataclass
class Task:
    """A batch, the points of it that have no result yet, and how often it was begun."""

    batch: Batch
    pending: set[int]
    tries: int = 0


@dataclass(eq=False)
class Worker:
    """One process and the parent's end of its pipe; `task` is what it works on."""

    process: Any
    pipe: Connection
    task: Task | None = None
    ended: bool = False


def on_processes(work: Work, batches: Sequence[Batch], count: int) -> Iterator[Result | None]:
    """The results of all batches as they come from `count` processes; None where nothing came for a while.

    A process that dies is replaced and its batch begun again, twice at the most; then the
    points left of it fail, marked `worker_died`. However the iteration ends, no process is left.
    """
    waiting = deque(Task(batch, set(batch.pending)) for batch in batches)
    workers: list[Worker] = []
    pickled = ForkingPickler.dumps(work)
    try:
        begin(workers, pickled, [waiting.popleft() for _ in range(min(count, len(waiting)))])
        while workers:
            ready = wait([worker.pipe for worker in workers], TICK)
            if not ready:
                yield None
            for worker in [worker for worker in workers if worker.pipe in ready]:
                yield from heard(worker)
                if worker.ended:
                    workers.remove(worker)
                    yield from after_death(worker, waiting)
                    if waiting:
                        begin(workers, pickled, [waiting.popleft()])
                elif worker.task is None:
                    if waiting:
                        give(worker, waiting.popleft())
                    else:
                        workers.remove(worker)
                        stop(worker)
    finally:
        for worker in workers:
            stop(worker)


def begin(workers: list[Worker], work: memoryview, tasks: Sequence[Task]) -> None:
    """Add new processes to the workers, each with its first task; `work` is pickled.

    All are started before the first is sent the work, for it must listen to take it.
    """
    before = len(workers)
    for _ in tasks:
        workers.append(start())
    for worker, task in zip(workers[before:], tasks, strict=True):
        with contextlib.suppress(OSError):  # it has died; its pipe says so next
            worker.pipe.send_bytes(work)
        give(worker, task)


def start() -> Worker:
    """A new process that waits for its work."""
    ours, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=serve, args=(theirs,), daemon=True)
    with environment(ONE_THREAD):
        process.start()
    theirs.close()
    return Worker(process, ours)


def give(worker: Worker, task: Task) -> None:
    """Send a task to a worker, whose death is noticed elsewhere."""
    worker.task = task
    task.tries += 1
    with contextlib.suppress(OSError):
        worker.pipe.send(replace(task.batch, pending=frozenset(task.pending)))


def heard(worker: Worker) -> Iterator[Result]:
    """What a process has sent: a result, or nothing at the end of its batch. Raises VersionError where it runs another program."""
    try:
        message = worker.pipe.recv()
    except (EOFError, OSError):
        worker.ended = True
        return
    if isinstance(message, VersionError):
        raise VersionError(f"the program was changed while the sweep ran: {message}. Its results until then are kept.")
    if message is None:
        worker.task = None
    elif worker.task is not None and message.number in worker.task.pending:
        worker.task.pending.remove(message.number)
        yield message


def after_death(worker: Worker, waiting: deque[Task]) -> Iterator[Result]:
    """Put the batch of a dead process first in the line, or give its points up."""
    stop(worker)
    task = worker.task
    if task is None or not task.pending:
        return
    if task.tries < TRIES:
        waiting.appendleft(task)
        return
    for number in sorted(task.pending):
        yield failure(number, f"the process that solved it {manner(worker.process.exitcode)}, {TRIES} times.", worker_died=True)


def manner(code: int | None) -> str:
    """How a process ended, in words."""
    if code is not None and code < 0:
        killed = -code == getattr(signal, "SIGKILL", 9)
        return f"was killed (signal {-code}{', often for want of memory' if killed else ''})"
    return f"ended by itself (exit code {code})"


def stop(worker: Worker) -> None:
    """End a process, and wait until it is gone."""
    worker.pipe.close()
    if worker.process.is_alive():
        worker.process.terminate()
        worker.process.join(5)
    if worker.process.is_alive():
        worker.process.kill()
    worker.process.join()


def serve(pipe: Connection) -> None:
    """The life of a process: take the work, then solve batches until the parent is gone. Ctrl-C is the parent's affair."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(EOFError, OSError):
        work = pipe.recv()
        try:
            check_version(work.version)
        except VersionError as error:
            pipe.send(error)
            return
        solver = work.solver(own_process=True)
        while True:
            for result in solver.solve(pipe.recv()):
                pipe.send(result)
            pipe.send(None)
