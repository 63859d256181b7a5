"""`stockpile worth`: what knowledge and time are worth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.options import CaseFile


def worth(
    file: CaseFile,
    out: Annotated[Path | None, typer.Option("--out", help="The workbook to write  [default: FILE-worth.xlsx beside the case]")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is something else.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object: worth, without and with of each, in thousand USD.")
    ] = False,
) -> None:
    """Say what knowing more, waiting less, fast tracks, sooner permits and emergency offers are worth: each the difference of two plans."""
    import json

    from cli.progress import showing_stages
    from outputs.worth_file import worth_file

    with showing_stages() as progress:
        outcome = worth_file(file, out, force=force, progress=progress)
    typer.echo(json.dumps(outcome.summary()) if as_json else outcome.text())
