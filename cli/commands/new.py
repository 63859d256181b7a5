"""`stockpile new`: a workbook to start from."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class CaseName(StrEnum):
    """The cases that `stockpile new` can start from."""

    US_2026 = "us-2026"
    TUTORIAL = "tutorial"
    BLANK = "blank"


def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The .xlsx workbook to write.")],
    case: Annotated[CaseName, typer.Option("--case", help="What it starts from.")] = CaseName.BLANK,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Write a workbook to fill in: empty, or a shipped case to change."""
    from inputs.shipped import new_workbook

    written = new_workbook(file, case.value, force=force)
    typer.echo(f"wrote {written}; fill it in, then run: stockpile check {written}")
