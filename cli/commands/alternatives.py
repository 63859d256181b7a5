"""`stockpile alternatives`: what plans that cost hardly more than the best must, may and never have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.options import CaseFile


def alternatives(
    file: CaseFile,
    within: Annotated[
        str, typer.Option("--within", help="How much more a plan may cost: a share of what the programme can move, such as 2%.")
    ] = "2%",
    out: Annotated[
        Path | None, typer.Option("--out", help="The workbook to write  [default: FILE-alternatives.xlsx beside the case]")
    ] = None,
    cases: Annotated[
        Path | None, typer.Option("--cases", help="A folder for the plans far apart, each as a case with its decisions as pins.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is something else.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: within, allowance, base, ranges, plans, cases.")] = False,
) -> None:
    """Say what every plan that costs hardly more than the best must have, may have and never has, and show a few such plans far apart."""
    import json

    from cli.progress import showing_stages
    from outputs.alternatives_file import alternatives_file, share_of

    with showing_stages() as progress:
        outcome = alternatives_file(file, share_of(within), out, cases=cases, force=force, progress=progress)
    typer.echo(json.dumps(outcome.summary()) if as_json else outcome.text())
