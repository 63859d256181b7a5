"""The process of one run, in the folder of the run: what it reads is put there, and it ends when it takes too long or too much."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from cli.service.limits import memory_of
from cli.service.options import runs_named
from cli.service.run_files import CASE, LOG, OTHERS, PLAN, REQUEST
from cli.service.settings import Settings
from cli.service.store import RunRow, Store
from cli.service.warm import begin, command_of, end_group

SPARE = 4_000_000_000
"""Bytes above its limit at which a process cannot get more at all, reserved ones counted; before that it is ended, and it is said why."""

LOOK_EVERY = 0.5
"""Seconds between two looks at how much memory a run has."""

PROGRESS = ("stage", "done", "total", "seconds_left")


class RunProcess:
    """A run while it runs."""

    def __init__(self, settings: Settings, store: Store, run: RunRow) -> None:
        self.settings, self.store, self.run = settings, store, run
        self.folder = store.folder(run.id)
        self.process: asyncio.subprocess.Process | None = None
        self.ending = self.exceeded = False

    async def end(self) -> None:
        """End it with all that it began, also where it has not begun yet."""
        self.ending = True
        if self.process is not None:
            await end_group(self.process)

    async def follow(self, heard: Callable[[dict[str, object]], None]) -> str:
        """Begin the process, pass on what it says of its progress, and return when it is gone: why it gave nothing, if so."""
        process = self.process = await self.begin()
        watching = asyncio.create_task(self.watch_memory(process))
        began, usual = time.monotonic(), self.store.usual_seconds(self.run)
        try:
            if self.ending:
                await end_group(process)
            async with asyncio.timeout(self.settings.run_seconds):
                assert process.stdout
                async for line in process.stdout:
                    said = json.loads(line)
                    if said["seconds_left"] is None and usual is not None:
                        said["seconds_left"] = round(max(0.0, usual - (time.monotonic() - began)), 1)
                    heard({name: said[name] for name in PROGRESS})
                code = await process.wait()
        except TimeoutError:
            return f"it took more than the {self.settings.run_seconds:g} s that a run may take"
        finally:
            watching.cancel()
            await end_group(process)
        if self.exceeded:
            return f"it needs more memory than the {self.settings.run_bytes / 1e9:g} GB that a run may have"
        return f"its process ended without an answer ({f'signal {-code}' if code < 0 else code}); {LOG} may say why"

    async def begin(self) -> asyncio.subprocess.Process:
        """The process, begun with its files in its folder. Raises FileNotFoundError where what it is compared with is gone."""
        temporary = self.folder / "tmp"
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(parents=True)
        settings, run = self.settings, self.run
        request = {
            "kind": run.kind,
            "options": {**run.options, "scheduler": settings.scheduler if run.options.get("cluster") else None},
            "others": self.link_all(),
            "bytes": settings.run_bytes,
            "unpacked_bytes": settings.unpacked_bytes,
        }
        (self.folder / REQUEST).write_text(json.dumps(request), encoding="utf-8")
        with (self.folder / LOG).open("wb") as log:
            return await begin(command_of(settings.run_bytes + SPARE, "cli.service.worker"), log.fileno(), self.folder, temporary)

    def link_all(self) -> list[str]:
        """Link what a run reads into its folder; returns the names of what its case is compared with."""
        link(self.store.workbook(self.run.case), self.folder / CASE)
        sources = [self.store.workbook(case) for case in self.run.options.get("cases", ())]
        sources += [self.store.folder(other) / PLAN for other in runs_named(self.run.options)]
        (self.folder / OTHERS).mkdir(exist_ok=True)
        others = [f"{OTHERS}/{number}.xlsx" for number in range(2, len(sources) + 2)]
        for source, name in zip(sources, others, strict=True):
            link(source, self.folder / name)
        return others

    async def watch_memory(self, process: asyncio.subprocess.Process) -> None:
        """End a run whose processes have more memory together than they may."""
        while await asyncio.to_thread(memory_of, process.pid) <= self.settings.run_bytes:
            await asyncio.sleep(LOOK_EVERY)
        self.exceeded = True
        await end_group(process)


def link(source: Path, target: Path) -> None:
    """The same file under another name."""
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:  # a file system without links, or no more of them for this file
        shutil.copyfile(source, target)
