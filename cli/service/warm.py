"""A process that waits for questions, so that answers do not wait for its imports: a JSON object a line in, one a line out."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

LINE = 64_000_000
"""The longest answer, in bytes."""


class WorkerDied(Exception):
    """The process ended, or was ended because it took too long; the next question begins another."""


class WarmProcess:
    """A command, begun at the first question and anew after it died; one question at a time."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self.command, self.folder = command, folder
        self.process: asyncio.subprocess.Process | None = None
        self.closed = False
        self.turn = asyncio.Lock()

    async def ask(self, question: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """The answer to a question. Raises WorkerDied where there is none after so many seconds."""
        async with self.turn:
            try:
                async with asyncio.timeout(seconds):
                    return await self.answer(question)
            except TimeoutError:
                await self.end()
                raise WorkerDied(f"it takes more than {seconds:g} s") from None
            except (ValueError, OSError):
                await self.end()
                raise WorkerDied("the process that worked on it died; it may need more memory than it may have") from None
            except asyncio.CancelledError:
                await self.end()
                raise

    async def answer(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """What the process says to a question. Raises ValueError and OSError where it is no more."""
        if self.process is None or self.process.returncode is not None:
            self.process = await begin(self.command, asyncio.subprocess.DEVNULL, self.folder, self.folder)
        if self.closed:
            raise ValueError("closed")
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(question).encode() + b"\n")
        await self.process.stdin.drain()
        answer = json.loads(await self.process.stdout.readline())
        if not isinstance(answer, dict):
            raise ValueError(answer)
        return answer

    async def close(self) -> None:
        """End the process, also one that is about to begin, for good."""
        self.closed = True
        await self.end()

    async def end(self) -> None:
        """End the process and all that it began."""
        if self.process is not None:
            await end_group(self.process)
            self.process = None


def command_of(memory: int, module: str, *arguments: object) -> list[str]:
    """How this process begins a module none of whose processes may have more than so many bytes; -P: nothing is imported from the folder that it works in."""
    return [sys.executable, "-P", "-m", "cli.service.limits", str(memory), str(os.getpid()), module, *map(str, arguments)]


async def begin(command: Sequence[str], log: int, folder: Path, temporary: Path) -> asyncio.subprocess.Process:
    """A process in a group of its own, that reads what we write; `log` takes its standard error, `temporary` its temporary files."""
    sources = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": os.pathsep.join(filter(None, sources))}
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        *command, stdin=pipe, stdout=pipe, stderr=log, cwd=folder, env=environment, start_new_session=True, limit=LINE
    )


async def end_group(process: asyncio.subprocess.Process) -> None:
    """Kill a process and all of its group, and wait until it is gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
