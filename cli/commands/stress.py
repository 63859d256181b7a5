"""`stockpile stress`: a plan in futures that it was not made for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.exits import SOME_FAILED
from cli.options import PlanFile


def stress(
    file: PlanFile,
    runs: Annotated[int, typer.Option("--runs", min=1, help="How many futures; more are added to those that the store has.")] = 1000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed draws the same futures, for any plan.")] = 1,
    listed: Annotated[bool, typer.Option("--listed", help="Draw only the futures that the case itself lists, as they are.")] = False,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes on this machine.")] = 1,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", help="Address of a dask.distributed cluster, for example tcp://host:8786.")
    ] = None,
    store: Annotated[
        Path | None, typer.Option("--store", help="The SQLite file of the results  [default: PLAN-stress.sqlite beside the plan]")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="The workbook to write  [default: PLAN-stress.xlsx beside the plan]")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a workbook that is no stress test.")] = False,
    restart: Annotated[bool, typer.Option("--restart", help="Throw away the results that the store has.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object: sectors (full, kept: share, low, high), cost, loss, short, store, out.")
    ] = False,
) -> None:
    """Replay a plan in futures drawn at random, without foresight: how sure coverage is, and what goes wrong. Interrupted, the same command continues."""
    import json

    from cli.progress import showing_points
    from outputs.stress_file import StressRequest, stress_file

    request = StressRequest(runs, seed, listed, workers, scheduler, store, out, restart, force)
    with showing_points() as progress:
        outcome = stress_file(file, request, progress)
    if as_json:
        typer.echo(json.dumps(outcome.summary()))
    else:
        typer.echo("\n".join([*outcome.report.lines(), f"the stress test is in {outcome.out}"]))
    if outcome.stress.failed:
        raise typer.Exit(SOME_FAILED)
