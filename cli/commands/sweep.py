"""`stockpile sweep`: many what-ifs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.commands.plan import code_of
from cli.exits import SOME_FAILED
from cli.options import CaseFile


class KindName(StrEnum):
    """How the points of a sweep are chosen."""

    GRID = "grid"
    ONE_AT_A_TIME = "one-at-a-time"
    MONTE_CARLO = "monte-carlo"
    LATIN_HYPERCUBE = "latin-hypercube"
    SOBOL = "sobol"
    MORRIS = "morris"
    SOBOL_INDICES = "sobol-indices"


def sweep(
    file: CaseFile,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            "--vary",
            help="What varies: sheet[key].column, then =, *= or +=, then a list, low:high:steps or a distribution. Repeat it for more.  [default: the sheet sweeps of the case]",
        ),
    ] = None,
    kind: Annotated[
        KindName | None, typer.Option("--kind", help="How points are chosen.  [default: grid; one-at-a-time from the sheet]")
    ] = None,
    points: Annotated[
        int, typer.Option("--points", min=1, help="Points of a sample (trajectories of morris, base points of sobol-indices).")
    ] = 100,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of a sample: the same seed gives the same points.")] = 1,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes on this machine.")] = 1,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", help="Address of a dask.distributed cluster, for example tcp://host:8786.")
    ] = None,
    store: Annotated[
        Path | None, typer.Option("--store", help="The SQLite file of the results  [default: FILE-sweep.sqlite beside the case]")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The workbook of the results  [default: FILE-sweep.xlsx beside the case]")
    ] = None,
    table: Annotated[Path | None, typer.Option("--table", help="Also write the points to this .csv or .parquet file.")] = None,
    plan_of: Annotated[
        int | None, typer.Option("--plan-of", min=0, help="Also write the whole plan of this point, or say why it has none.")
    ] = None,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", min=0, help="Stop the solver at a point after so many seconds.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are no results of a sweep.")] = False,
    restart: Annotated[bool, typer.Option("--restart", help="Throw away the results that the store has.")] = False,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="Print one JSON object: points, counts, the files written, and why the point of --plan-of has no plan (explanation, or refused).",
        ),
    ] = False,
) -> None:
    """Solve a case again and again with other numbers. Interrupted, the same command continues."""
    import json

    from cli.progress import showing_points
    from model.sweep.design import DesignKind
    from outputs.sweep_file import SweepRequest, sweep_file

    request = SweepRequest(
        tuple(vary or ()), DesignKind[kind.name] if kind else None, points, seed, workers, scheduler, time_limit, restart, store, out, table, plan_of, force
    )  # fmt: skip
    with showing_points() as progress:
        outcome = sweep_file(file, request, progress)
    result = outcome.result
    for caution in outcome.cautions:
        typer.echo(f"warning: {caution}", err=True)
    if as_json:
        typer.echo(json.dumps(outcome.summary()))
    else:
        counts = ", ".join(f"{count} {status}" for status, count in result.counts.items())
        typer.echo(f"{len(result.design)} points: {counts}; the results are in {outcome.out}")
        for written in (outcome.table, outcome.point.out if outcome.point else None):
            if written:
                typer.echo(f"wrote {written}")
    if outcome.point and not outcome.point.out:
        typer.echo(f"point {plan_of}: {outcome.point.message}", err=True)
        raise typer.Exit(code_of(outcome.point))
    if outcome.refused:
        typer.echo(outcome.refused, err=True)
    if result.failed:
        raise typer.Exit(SOME_FAILED)
