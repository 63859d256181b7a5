"""How the service holds under load: fifty uploads at once, twenty runs in the queue of two, a hundred listeners, and how soon it answers meanwhile.

    python -m benchmarks.service [--uploads 50] [--runs 20] [--listeners 100]

Everything is on this machine: a service of its own on a free port, and its clients. Seconds are those of the clock, so say what else was running.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import openpyxl

HOUSE = Path(__file__).parent.parent
GOAL = 0.1
"""Seconds of a GET, at the median."""


def workbooks(count: int) -> list[bytes]:
    """The teaching case so many times, each another file: its description says which."""
    found = []
    for number in range(count):
        book = openpyxl.load_workbook(HOUSE / "inputs" / "tutorial.xlsx")
        book.properties.title = f"copy {number}"
        content = io.BytesIO()
        book.save(content)
        found.append(content.getvalue())
    return found


@asynccontextmanager
async def served() -> AsyncIterator[httpx.AsyncClient]:
    """A service, and a client of it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "cli", "serve", "--port", "0", "--jobs", "2", "--data", f"{folder}/data"]
        environment = {**os.environ, "PYTHONPATH": str(HOUSE)}
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        address, token = re.findall(r"(http://[^/]+)/\?token=(\S+)", process.stdout.readline())[0]
        limits = httpx.Limits(max_connections=1000)
        try:
            async with httpx.AsyncClient(
                base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=600, limits=limits
            ) as client:
                yield client
        finally:
            process.terminate()
            process.wait()


async def upload(client: httpx.AsyncClient, content: bytes) -> tuple[str, float]:
    """The id of a workbook, and the seconds until the service had it."""
    began = time.perf_counter()
    answer = await client.post("/api/cases", files={"file": ("case.xlsx", content)})
    answer.raise_for_status()
    return answer.json()["id"], time.perf_counter() - began


async def hear(client: httpx.AsyncClient, run: str, heard: Callable[[], None]) -> int:
    """Listen to a run until it is over; how many events came."""
    events = 0
    async with client.stream("GET", f"/api/runs/{run}/events") as answer:
        answer.raise_for_status()
        heard()
        async for line in answer.aiter_lines():
            events += line.startswith("data: ")
    return events


async def get_until(client: httpx.AsyncClient, paths: list[str], ended: asyncio.Event) -> list[float]:
    """Seconds of each GET, one after the other, until something has ended."""
    seconds = []
    while not ended.is_set():
        for path in paths:
            began = time.perf_counter()
            (await client.get(path)).raise_for_status()
            seconds.append(time.perf_counter() - began)
            await asyncio.sleep(0.05)
    return seconds


async def measure(uploads: int, runs: int, listeners: int) -> None:
    """Print what happens."""
    contents = workbooks(uploads)
    async with served() as client:
        began = time.perf_counter()
        found = await asyncio.gather(*(upload(client, content) for content in contents))
        print(
            f"{uploads} uploads at once: all answered in {time.perf_counter() - began:.2f} s, the median in {statistics.median(s for _, s in found):.2f} s"
        )
        for case, _ in found:
            await client.get(f"/api/cases/{case}/findings", params={"wait": 60})
        print(f"  all checked after {time.perf_counter() - began:.1f} s")
        began, names = time.perf_counter(), []
        for case, _ in found[:runs]:
            names.append((await client.post("/api/runs", json={"case": case, "kind": "plan", "options": {"quick": True}})).json()["id"])
        print(f"{runs} runs queued in {time.perf_counter() - began:.2f} s")
        connected = 0

        def heard() -> None:
            nonlocal connected
            connected += 1

        last, ended = names[-1], asyncio.Event()
        hearing = [asyncio.create_task(hear(client, last, heard)) for _ in range(listeners)]
        getting = asyncio.create_task(get_until(client, ["/api/runs", f"/api/runs/{last}", f"/api/cases/{found[0][0]}", "/"], ended))
        events = await asyncio.gather(*hearing)
        for run in names:
            while not (await client.get(f"/api/runs/{run}", params={"wait": 60})).json()["ended"]:
                pass
        ended.set()
        seconds = sorted(await getting)
        statuses = [(await client.get(f"/api/runs/{run}")).json()["status"] for run in names]
        print(f"  {statuses.count('solved')} solved after {time.perf_counter() - began:.1f} s, two at a time")
        print(
            f"{listeners} listeners to one of them: {connected} connected, and heard {min(events)} to {max(events)} events each, to the end"
        )
        median = statistics.median(seconds)
        print(
            f"{len(seconds)} GETs meanwhile: median {1000 * median:.0f} ms, 95 % within {1000 * seconds[int(0.95 * len(seconds))]:.0f} ms, "
            f"slowest {1000 * seconds[-1]:.0f} ms; goal {1000 * GOAL:.0f} ms at the median: {'met' if median < GOAL else 'MISSED'}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--uploads", type=int, default=50)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--listeners", type=int, default=100)
    options = parser.parse_args()
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
    asyncio.run(measure(options.uploads, options.runs, options.listeners))
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
