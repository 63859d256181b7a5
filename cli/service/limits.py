"""A module in a process with a limit of its memory, and that ends with the service: `python -m cli.service.limits BYTES PARENT MODULE ARGUMENTS...`."""

from __future__ import annotations

import contextlib
import os
import resource
import runpy
import signal
import sys
import threading
import time
from pathlib import Path

LOOK_EVERY = 0.5
"""Seconds between two looks at whether the service is still there."""


def limit_memory(size: int) -> None:
    """Let this process, and each that it starts, have no more than `size` bytes of data; more is a MemoryError. macOS does not heed it."""
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def memory_of(group: int) -> int:
    """The bytes of memory that the processes of a group have now, together; 0 where the machine does not say (macOS)."""
    used = 0
    for process in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            fields = process.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            used += int(fields[21]) * os.sysconf("SC_PAGE_SIZE") if int(fields[2]) == group else 0
    return used


def end_with_parent(parent: int) -> None:
    """End this process and all of its group when the one that started it is gone: it then has another parent."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_EVERY)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    limit_memory(int(sys.argv[1]))
    end_with_parent(int(sys.argv[2]))
    del sys.argv[0:3]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
