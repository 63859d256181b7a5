"""`stockpile reproduce`: a plan solved again from the inputs in its own workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.exits import NOT_PROVED
from cli.options import PlanFile


def reproduce(
    file: PlanFile,
    case: Annotated[
        Path | None, typer.Option("--case", metavar="FILE", help="Also write the inputs that the plan repeats, as a case.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file of --case if it exists.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object: verdict, said, found, differences, remarks, case.")
    ] = False,
) -> None:
    """Solve a plan again from the inputs in its workbook: the same cost and quantities come out, or it says what differs."""
    import json

    from cli.progress import showing_stages
    from outputs.reproduce_file import reproduce_file

    with showing_stages() as progress:
        outcome = reproduce_file(file, case, force=force, progress=progress)
    typer.echo(json.dumps(outcome.summary()) if as_json else outcome.text())
    if not outcome.same:
        raise typer.Exit(NOT_PROVED)
