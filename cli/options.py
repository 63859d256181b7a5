"""Arguments that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

CaseFile = Annotated[Path, typer.Argument(metavar="FILE", help="A case: an .xlsx workbook, or a folder with a CSV file for each sheet.")]

PlanFile = Annotated[Path, typer.Argument(metavar="PLAN", help="A plan workbook, as `stockpile plan` wrote it.")]
