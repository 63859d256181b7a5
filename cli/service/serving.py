"""The service as a process: its folder for itself alone, its address, and how long it runs."""

from __future__ import annotations

import contextlib
import fcntl
import socket
from collections.abc import Iterator
from dataclasses import replace

import uvicorn
from fastapi import FastAPI

from cli.service.app import create_app
from cli.service.settings import Settings
from inputs.errors import FileError, StockpileError

LAST_WORDS = 3
"""Seconds that answers which are under way have when the service ends."""


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[tuple[socket.socket, Settings]]:
    """The address, listened at, and the settings with the port that it has. Raises FileError and StockpileError where the folder or the address is not to be had."""
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (settings.data / "lock").open("w")
    except OSError as error:
        raise FileError(f"{settings.data}: nothing can be written in this folder ({error.strerror}).") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise FileError(f"{settings.data}: another service uses this folder; name another with --data.") from error
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        try:
            listening = socket.create_server((settings.host, settings.port), family=family, backlog=1024)
        except OSError as error:
            raise StockpileError(
                f"{settings.host}:{settings.port}: this address is not to be had ({error.strerror}); choose another with --port."
            ) from error
        with listening:
            yield listening, replace(settings, port=listening.getsockname()[1])


class Server(uvicorn.Server):
    """A server whose listeners are let go as soon as it is told to end."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self.app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End; who waits for news of a run would otherwise keep the server waiting."""
        self.app.state.service.news.hang_up()
        await super().shutdown(sockets)


def serve_until_stopped(settings: Settings, listening: socket.socket) -> None:
    """Answer until Ctrl-C or SIGTERM."""
    app = create_app(settings)
    config = uvicorn.Config(app, log_level="warning", server_header=False, timeout_graceful_shutdown=LAST_WORDS, ws="none", lifespan="on")
    with contextlib.suppress(KeyboardInterrupt):
        Server(config, app).run(sockets=[listening])
