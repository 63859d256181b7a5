"""`stockpile serve`: the service, an interface for programs and pages for browsers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SHORTEST = 16
"""Characters of a token."""


def serve(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")] = 8700,
    data: Annotated[Path, typer.Option("--data", metavar="DIR", help="The folder of its cases and runs.")] = Path("stockpile-data"),
    host: Annotated[
        str, typer.Option("--host", help="The address that it listens at; any but this machine's own needs --token-file.")
    ] = "127.0.0.1",
    name: Annotated[
        list[str] | None,
        typer.Option("--name", help="A further name that it answers to (the header Host as a proxy passes it on). Repeat it for more."),
    ] = None,
    token_file: Annotated[
        Path | None, typer.Option("--token-file", help="A file with the token; without it, a new one at every start.")
    ] = None,
    jobs: Annotated[int | None, typer.Option("--jobs", min=1, help="Runs at a time.  [default: one a processor]")] = None,
    run_minutes: Annotated[float, typer.Option("--run-minutes", min=0, help="The most time of a run.")] = 60.0,
    run_memory: Annotated[float, typer.Option("--run-memory", min=0.1, help="The most memory of a run, in GB.")] = 4.0,
    upload: Annotated[float, typer.Option("--upload", min=0.1, help="The largest workbook, in MB.")] = 50.0,
    keep_days: Annotated[
        float, typer.Option("--keep-days", min=0, help="Days after which runs that are over and not pinned are deleted.")
    ] = 30.0,
    disk: Annotated[float, typer.Option("--disk", min=0.1, help="The most that DIR may hold, in GB.")] = 20.0,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", help="Address of a dask.distributed cluster for sweeps, for example tcp://host:8786.")
    ] = None,
) -> None:
    """Serve cases, plans and sweeps to browsers and programs of this machine (extra `service`)."""
    import sys

    from inputs.errors import StockpileError
    from inputs.extras import module_of

    if sys.platform == "win32":
        raise StockpileError("the service runs on Linux and macOS; on Windows use its Linux subsystem, or a container (docs/api.md).")
    module_of("service")
    from cli.service.serving import opened, serve_until_stopped
    from cli.service.settings import GIGABYTE, MEGABYTE, Settings

    settings = Settings(
        data=data.resolve(),
        token=token_of(token_file, host),
        host=host,
        port=port,
        names=tuple(name or ()),
        jobs=jobs or Settings.jobs,
        run_seconds=60 * run_minutes,
        run_bytes=int(run_memory * GIGABYTE),
        upload_bytes=int(upload * MEGABYTE),
        keep_days=keep_days,
        disk_bytes=int(disk * GIGABYTE),
        scheduler=scheduler,
    )
    with opened(settings) as (listening, settings):
        typer.echo(f"stockpile answers at {settings.link}\nits data are in {settings.data}; Ctrl-C ends it")
        serve_until_stopped(settings, listening)


def token_of(file: Path | None, host: str) -> str:
    """The token of a file, else a new one. Raises StockpileError where the file has none, or another host has no file."""
    import secrets

    from inputs.errors import StockpileError

    if file is None:
        if host not in ("127.0.0.1", "localhost", "::1"):
            raise StockpileError(
                f"--host {host} is seen by other machines, so it needs --token-file with a token that you give to those who may use it; "
                "what is sent can be read on the way, so put a proxy with TLS before it (docs/api.md)."
            )
        return secrets.token_urlsafe(32)
    try:
        token = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StockpileError(f"{file}: the token cannot be read ({error}).") from error
    if not (len(token) >= SHORTEST and token.isascii() and token.isprintable() and " " not in token):
        raise StockpileError(
            f"{file}: a token is one word of at least {SHORTEST} letters, digits and signs; for example the output of: openssl rand -hex 32"
        )
    return token
