"""`stockpile explain`: why a case has no plan, and the least that gives it one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.commands.plan import code_of
from cli.options import CaseFile


def explain(
    file: CaseFile,
    out: Annotated[
        Path | None, typer.Option("--out", help="The workbook that explains  [default: FILE-explained.xlsx beside the case]")
    ] = None,
    apply: Annotated[
        Path | None, typer.Option("--apply", metavar="COPY", help="Write a copy of the workbook with the least change made in it.")
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option(
            "--keep", metavar="ADDRESS", help='A cell that the change leaves as it is: "sectors[defense].coverage". Repeat it for more.'
        ),
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="CHANGE",
            help='Explain the case with a change: "materials[Dy].price*=2", a point of a sweep. Repeat it for more.',
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are no explanation, or no such copy.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: status, conflicts, repair, alone, applied.")] = False,
    time_limit: Annotated[float | None, typer.Option("--time-limit", min=0, help="Stop each solve after so many seconds.")] = None,
) -> None:
    """Find out why no plan exists: which cells contradict each other, the least change that gives a plan, and the best plan without it."""
    import json

    from cli.progress import showing_stages
    from model.solver.program import Status
    from outputs.explain_file import ExplainRequest, explain_file

    request = ExplainRequest(out, apply, tuple(changes or ()), tuple(keep or ()), time_limit, force)
    with showing_stages() as progress:
        outcome = explain_file(file, request, progress)
    for warning in outcome.planned.warnings:
        typer.echo(f"warning: {warning}", err=True)
    typer.echo(json.dumps(outcome.summary()) if as_json else outcome.text())
    if outcome.out:
        typer.echo(f"the explanation is in {outcome.out}", err=as_json)
    if apply:
        said = f"the copy with the least change is {outcome.applied}; run: stockpile plan {outcome.applied}"
        typer.echo(said if outcome.applied else outcome.refusal or f"{apply} was not written", err=as_json or not outcome.applied)
    if not outcome.explained and outcome.planned.plan.status is not Status.OPTIMAL:
        raise typer.Exit(code_of(outcome.planned))
