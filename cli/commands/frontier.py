"""`stockpile frontier`: the least cost along one number of the case."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.options import CaseFile


def frontier(
    file: CaseFile,
    along: Annotated[
        str, typer.Option("--along", help='The number and its ends: "sectors[defense].coverage=0:1" (or *=, +=, as in a sweep).')
    ],
    out: Annotated[Path | None, typer.Option("--out", help="The workbook to write  [default: FILE-frontier.xlsx beside the case]")] = None,
    points: Annotated[int, typer.Option("--points", min=2, help="Solve at most so many points; what is left between them is said.")] = 100,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is no frontier.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object: points (value, objective, slope), proved_error, range, tipping.")
    ] = False,
) -> None:
    """Draw the least cost along a number: every corner, what more costs between them, what changes in the plan, and which plants enter or leave."""
    import json

    from cli.progress import showing_stages
    from outputs.frontier_file import frontier_file

    with showing_stages() as progress:
        outcome = frontier_file(file, along, out, solves=points, force=force, progress=progress)
    if as_json:
        typer.echo(json.dumps(outcome.summary()))
    else:
        typer.echo(f"{outcome.report.name}: {outcome.report.sentence()}\nthe frontier is in {outcome.out}")
