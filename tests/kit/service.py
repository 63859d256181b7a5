"""The service as a planner starts it: a process of its own on a free port of this machine, with its data in a folder."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

from tests.kit.house import HOUSE

TUTORIAL = HOUSE / "inputs" / "tutorial.xlsx"
PATIENCE = 120.0
"""Seconds after which a test gives up."""


class Service:
    """`stockpile serve --data folder`, begun with `with`; `client` has the token in its header, and `outside` is all else that it could write to by habit."""

    def __init__(self, folder: Path, *options: object) -> None:
        self.folder, self.options = folder, options
        self.outside = folder.with_name(f"{folder.name}-outside")
        self.outside.mkdir(exist_ok=True)

    def __enter__(self) -> Service:
        command = [sys.executable, "-m", "cli", "serve", "--port", "0", "--data", self.folder, *self.options]
        self.log = self.folder.with_name(f"{self.folder.name}-log.txt").open("a+", encoding="utf-8")
        outside = dict.fromkeys(("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"), str(self.outside))
        self.process = subprocess.Popen(
            [*map(str, command)],
            cwd=self.outside,
            env={**os.environ, "PYTHONPATH": str(HOUSE), **outside},
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        assert self.process.stdout
        first = self.process.stdout.readline()
        found = re.search(r"(http://[^/]+)/\?token=(\S+)", first)
        assert found, first + self.said()
        self.address, self.token = found[1], found[2]
        self.client = httpx.Client(base_url=self.address, headers={"Authorization": f"Bearer {self.token}"}, timeout=PATIENCE)
        until(lambda: self.answers())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.client.close()
        self.process.terminate()
        self.process.wait(30)
        assert self.process.stdout
        self.process.stdout.close()
        self.log.close()

    def raw(self, request: str, *headers: str) -> str:
        """What is answered to a request as it stands, which no client would send."""
        host, _, port = self.address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), PATIENCE) as connection:
            lines = [request, f"Host: {host}:{port}", "Connection: close", *headers, "", ""]
            connection.sendall("\r\n".join(lines).encode("utf-8", "surrogateescape"))
            return b"".join(iter(lambda: connection.recv(65536), b"")).decode("utf-8", "replace")

    def answers(self) -> bool:
        """Whether the service is there."""
        try:
            return self.client.get("/api/health").status_code == 200
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """As a power cut would."""
        self.process.kill()
        self.process.wait(30)

    def said(self) -> str:
        """What the service complained of."""
        self.log.seek(0)
        return self.log.read()

    def upload(self, workbook: Path = TUTORIAL) -> str:
        """Upload a workbook; its id."""
        answer = self.client.post("/api/cases", files={"file": (workbook.name, workbook.read_bytes())})
        assert answer.status_code in (200, 201), answer.text
        return str(answer.json()["id"])

    def submit(self, case: str, kind: str = "plan", options: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """Queue a run."""
        answer = self.client.post("/api/runs", json={"case": case, "kind": kind, "options": options or {}, **more})
        assert answer.status_code == 202, answer.text
        run: dict[str, Any] = answer.json()
        return run

    def run(self, run: str, wait: float = 0.0) -> dict[str, Any]:
        """A run as it is, or when it is over."""
        found: dict[str, Any] = self.client.get(f"/api/runs/{run}", params={"wait": wait}).json()
        return found


def until(holds: Any, seconds: float = PATIENCE) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)
