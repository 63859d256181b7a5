"""`stockpile check`: every mistake in a case, each with its cell."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.exits import BAD_INPUT
from cli.options import CaseFile


def check(
    file: CaseFile,
    annotate: Annotated[
        Path | None, typer.Option("--annotate", metavar="COPY", help="Write a copy with the findings coloured and commented.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is no annotated copy.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: ready, errors, warnings, notes.")] = False,
    defaults: Annotated[bool, typer.Option("--defaults", help="Also list the columns whose empty cells stand for a default.")] = False,
) -> None:
    """Find every mistake in a case at once, each with its cell. The file is never written to."""
    import json

    from inputs.annotate import annotate as write_annotated
    from inputs.workbook import examine

    reading = examine(file)
    if as_json:
        typer.echo(json.dumps({"file": str(file), **reading.summary()}))
    else:
        typer.echo(reading.text(str(file), defaults=defaults))
    if annotate and reading.source:
        copy = write_annotated(reading.source, annotate, reading.findings, force=force)
        typer.echo(f"the annotated copy is {copy}", err=as_json)
    if reading.case is None:
        raise typer.Exit(BAD_INPUT)
    if not as_json:
        heed = "can be planned, but heed the warnings" if reading.warnings else "ready to plan"
        typer.echo(f"{file}: {heed}; run: stockpile plan {file}")
