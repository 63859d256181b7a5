"""What is kept, and for how long: runs and cases leave after some days, where the disk is full cases without runs and then the oldest runs; what is pinned stays."""

from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path

from cli.service.problems import Refused
from cli.service.settings import Settings
from cli.service.store import RunRow, Store

DAY = 86_400.0
EVERY = 600.0
"""Seconds between two looks."""


class Housekeeping:
    """How much is kept, looked at from time to time and after every run."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings, self.store = settings, store
        self.used = size_of(settings.data)
        self.wanted = asyncio.Event()

    async def keep_house(self) -> None:
        """Delete what is too old or too much, again and again."""
        while True:
            self.used = await asyncio.to_thread(tidy, self.settings, self.store)
            self.wanted.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EVERY):
                    await self.wanted.wait()

    def need(self, size: int = 0) -> None:
        """Raise Refused where so many bytes more would be too many."""
        if self.used + size > self.settings.disk_bytes:
            self.wanted.set()
            raise Refused(507, f"{self.settings.disk_bytes / 1e9:g} GB are full; delete runs, or start the service with more --disk.")
        self.used += size


def tidy(settings: Settings, store: Store) -> int:
    """Delete what is older than `keep_days`, then, until the rest fits `disk_bytes`, cases without runs and runs, the oldest first; returns the bytes that are left."""
    oldest = time.time() - settings.keep_days * DAY
    runs = sorted(filter(is_removable, store.all_runs(limit=1_000_000)), key=ended)
    cases = store.cases()[::-1]
    for run in runs:
        if ended(run) < oldest:
            store.delete_run(run.id)
    for case in cases:
        if case.created < oldest:
            store.delete_case(case.id)  # unless runs of it are kept
    used = size_of(settings.data)
    for delete, kept in ((store.delete_case, cases), (store.delete_run, runs)):
        for one in kept:
            if used > settings.disk_bytes and delete(one.id):
                used = size_of(settings.data)
    return used


def is_removable(run: RunRow) -> bool:
    """Whether a run may be deleted to make room."""
    return run.status.over and not run.pinned


def ended(run: RunRow) -> float:
    """When a run was over."""
    return run.ended or run.created


def size_of(folder: Path) -> int:
    """The bytes of all files in a folder; a file with several names counts once."""
    found = {}
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
            state = path.stat(follow_symlinks=False)
            found[state.st_ino] = state.st_size
    return sum(found.values())
