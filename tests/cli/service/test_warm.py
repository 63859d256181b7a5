"""A process that waits for questions."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from cli.service.warm import WarmProcess, WorkerDied

ECHO = [sys.executable, "-c", "import sys\nfor line in sys.stdin: print(line, end='', flush=True)"]


def test_a_process_that_is_closed_while_it_begins_does_not_stay(tmp_path: Path) -> None:
    """Whoever asked it, or waits for his turn, is told that it is gone."""

    async def closed() -> list[object]:
        warm = WarmProcess(ECHO, tmp_path)
        asked = [asyncio.create_task(warm.ask({"number": number}, 60)) for number in range(2)]
        while not warm.turn.locked():
            await asyncio.sleep(0)
        await warm.close()
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert warm.process is None
        return [*answers]

    assert [type(answer) for answer in asyncio.run(closed())] == [WorkerDied, WorkerDied]


def test_a_process_that_ended_begins_anew(tmp_path: Path) -> None:
    async def asked() -> list[object]:
        warm = WarmProcess(ECHO, tmp_path)
        first = await warm.ask({"number": 1}, 60)
        await warm.end()
        second = await warm.ask({"number": 2}, 60)
        await warm.close()
        return [first, second]

    assert asyncio.run(asked()) == [{"number": 1}, {"number": 2}]
