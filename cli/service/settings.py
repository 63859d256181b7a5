"""What a service is started with: where it keeps its data, whom it answers, and how much it may use."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
"""Names of this machine that every service answers to."""

MEGABYTE, GIGABYTE = 1_000_000, 1_000_000_000


@dataclass(frozen=True)
class Settings:
    """How a service runs. Sizes are in bytes.

    `names` are further values of the header Host that it answers to (as a proxy passes them on), `jobs` the runs at a time, `run_seconds`, `run_bytes`, `check_seconds` and
    `check_bytes` the time and memory of a run and of the check of an upload, `unpacked_bytes` what a workbook may unpack to, `keep_days` how long runs that are over and not pinned stay,
    `disk_bytes` what all that is kept may take, and `scheduler` the dask cluster that sweeps may use.
    """

    data: Path
    token: str
    host: str = "127.0.0.1"
    port: int = 8700
    names: tuple[str, ...] = ()
    jobs: int = os.cpu_count() or 1
    run_seconds: float = 3600.0
    run_bytes: int = 4000 * MEGABYTE
    check_seconds: float = 60.0
    check_bytes: int = 4000 * MEGABYTE
    upload_bytes: int = 50 * MEGABYTE
    unpacked_bytes: int = 400 * MEGABYTE
    keep_days: float = 30.0
    disk_bytes: int = 20_000 * MEGABYTE
    scheduler: str | None = None

    @property
    def hosts(self) -> frozenset[str]:
        """Every value of the header Host that is answered, in small letters."""
        own = [*LOOPBACK, f"[{self.host}]" if ":" in self.host else self.host]
        ports = ("", ":80") if self.port == 80 else (f":{self.port}",)
        return frozenset(name.lower() for name in (*(host + port for host in own for port in ports), *self.names))

    @property
    def link(self) -> str:
        """What to open in a browser: with the token, which becomes a cookie."""
        shown = LOOPBACK[0] if self.host in ("0.0.0.0", "::") else self.host
        return f"http://{f'[{shown}]' if ':' in shown else shown}:{self.port}/?token={self.token}"

    @property
    def cases(self) -> Path:
        """The folder of workbooks, each named by its SHA-256."""
        return self.data / "cases"

    @property
    def runs(self) -> Path:
        """The folder with a folder for each run."""
        return self.data / "runs"

    @property
    def temporary(self) -> Path:
        """The folder of files that are still being received or written; emptied at every start."""
        return self.data / "tmp"
