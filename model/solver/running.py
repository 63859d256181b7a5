"""HiGHS in this process: a run that heeds Ctrl-C, and the threads that all runs share."""

from __future__ import annotations

import contextlib
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import highspy

RUNNER = "HiGHS"
"""The name of the thread in which it runs."""

HEED_EVERY = 0.1
"""Seconds between two looks for Ctrl-C while HiGHS runs, where only a wait that ends sees it (Windows)."""


def run_interruptibly(highs: Any) -> Any:
    """Run HiGHS; Ctrl-C is heeded at once, and leaves it to a thread that ends with the process."""
    if threading.current_thread() is not threading.main_thread():  # signals reach the main thread alone
        return highs.run()
    answer: Future[Any] = Future()

    def work() -> None:
        try:
            answer.set_result(highs.run())
        except BaseException as error:  # whatever it is, it is for who waits
            answer.set_exception(error)

    threading.Thread(target=work, daemon=True, name=RUNNER).start()
    while True:
        with contextlib.suppress(TimeoutError):
            return answer.result(HEED_EVERY)


def still_running() -> bool:
    """Whether HiGHS runs on after an interruption: the process must then end without waiting for anything."""
    return any(thread.name == RUNNER for thread in threading.enumerate())


@dataclass
class Scheduler:
    """HiGHS keeps its threads for the whole process, and refuses to run with another number of them until they are ended."""

    threads: int | None = None

    def use(self, threads: int) -> None:
        """Make HiGHS ready to run with so many threads."""
        if self.threads not in (None, threads):
            highspy.Highs.resetGlobalScheduler(True)
        self.threads = threads


SCHEDULER = Scheduler()
