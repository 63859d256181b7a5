"""Stages and points as they pass: a spinner or a bar on a terminal, plain lines elsewhere. All on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.sweep.solve import SweepProgress

LINE_EVERY = 10.0
"""Seconds between two lines where there is no terminal."""


@contextmanager
def showing_stages() -> Iterator[Callable[[str], None]]:
    """A function to call with the name of each stage as it begins."""
    if sys.stderr.isatty():
        from rich.console import Console

        with Console(stderr=True).status("starting") as status:
            yield lambda stage: status.update(f"{stage} ...")
    else:
        yield lambda stage: print(f"{stage} ...", file=sys.stderr, flush=True)


@contextmanager
def showing_points() -> Iterator[Callable[[SweepProgress], None]]:
    """A function to call with the progress of a sweep."""
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task("", total=None)
            yield lambda p: bar.update(task, total=p.total, completed=p.done, description=words(p))
    else:
        said = [0.0]

        def say(p: SweepProgress) -> None:
            if p.done == p.total or time.monotonic() - said[0] >= LINE_EVERY:
                said[0] = time.monotonic()
                print(f"{p.done} of {p.total} points, {words(p)}", file=sys.stderr, flush=True)

        yield say


def words(p: SweepProgress) -> str:
    """Rate, time left, and how many points have no plan."""
    left = f"{p.seconds_left / 60:.0f} min left" if p.seconds_left >= 90 else f"{p.seconds_left:.0f} s left"
    rate = f"{p.rate:.1f} a second" if p.rate else "starting"
    without = "".join(f", {count} {word}" for count, word in ((p.infeasible, "infeasible"), (p.failed, "failed")) if count)
    return f"{rate}{f', {left}' if p.rate and p.done < p.total else ''}{without}"
