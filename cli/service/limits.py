"""How much memory a process of the service may use, and that it ends with the service."""

from __future__ import annotations

import os
import resource
import signal
import sys
import threading


def limit_memory(size: int) -> None:
    """Let this process and those that it starts have no more than `size` bytes of data each; more is a MemoryError. macOS does not heed it."""
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def end_with_parent() -> None:
    """End this process and all of its group when the one that started it is gone, which is known by the end of standard input."""

    def watch() -> None:
        while sys.stdin.buffer.read(4096):
            pass
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()
