"""A dask.distributed cluster on this machine, started as a planner's administrator would."""

import os
import socket
import subprocess
import sys
from pathlib import Path

from tests.kit.house import HOUSE


class Cluster:
    """A scheduler and two workers on 127.0.0.1, each a process of its own with the sources of `house`."""

    def __init__(self, folder: Path, house: Path = HOUSE) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self.folder, self.house, self.log = folder, house, (folder / "log.txt").open("w", encoding="utf-8")
        port = self.address.rpartition(":")[2]
        self.scheduler = self.begin("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard", "--no-show", "--no-jupyter")
        self.workers = [self.worker(), self.worker()]

    def begin(self, what: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *options]
        environment = {**os.environ, "PYTHONPATH": str(self.house)}
        return subprocess.Popen(command, cwd=self.folder, env=environment, stdout=self.log, stderr=self.log)

    def worker(self) -> subprocess.Popen[bytes]:
        """One process without a nanny, which would begin it anew."""
        return self.begin("worker", self.address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard")

    def stop(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()
        self.log.close()
