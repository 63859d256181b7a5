"""`stockpile compare`: plans or cases side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def compare(
    files: Annotated[list[Path], typer.Argument(metavar="FILES", help="Two to ten plan workbooks or cases; a case is planned first.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="The workbook to write  [default: FIRST-compared.xlsx beside the first]")
    ] = None,
    regret: Annotated[
        bool, typer.Option("--regret", help="Also fix each plan's decisions in each other's case, and say what that costs.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is no comparison.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: plans, inputs, results, regret, out.")] = False,
) -> None:
    """Say how plans differ: the inputs that are not the same beside what they cost, hold, buy and order, what is worth most first."""
    import json

    from cli.progress import showing_stages
    from outputs.compare_file import compare_file

    with showing_stages() as progress:
        outcome = compare_file(files, out, regret=regret, force=force, progress=progress)
    typer.echo(json.dumps(outcome.summary()) if as_json else outcome.text())
