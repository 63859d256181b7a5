"""`stockpile verify`: whether a plan is what it says, and that none costs less."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.exits import NOT_PROVED
from cli.options import PlanFile


def verify(
    file: PlanFile,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object: verdict, objective, bound, gap, costs, worst, implied_bounds, faults.")
    ] = False,
) -> None:
    """Check a plan by its workbook alone: every rule, cost and claim computed anew, and a proof that no plan costs less."""
    import json

    from outputs.verify_file import verify_file

    verdict = verify_file(file)
    typer.echo(json.dumps(verdict.summary()) if as_json else verdict.text())
    if not verdict.passed:
        raise typer.Exit(NOT_PROVED)
