"""The example of an explanation in the README: what the command says of the teaching case with too low a limit."""

from __future__ import annotations

import contextlib
import tempfile
from functools import cache
from pathlib import Path

from outputs.explain_file import ExplainRequest, explain_file, explained_name
from scripts.house import HOUSE
from scripts.markdown import block

CASE = Path("inputs") / "tutorial.xlsx"
CHANGE = "materials[Dy].purchase_limit=1"


@cache
def example() -> str:
    """The command and what it says."""
    with contextlib.chdir(HOUSE), tempfile.TemporaryDirectory() as folder:
        outcome = explain_file(CASE, ExplainRequest(out=Path(folder) / "explained.xlsx", changes=(CHANGE,)))
    said = f"{outcome.text()}\nthe explanation is in {CASE.with_name(explained_name(CASE).name).as_posix()}"
    return block(f'$ stockpile explain {CASE.as_posix()} --set "{CHANGE}"\n{said.replace(str(CASE), CASE.as_posix())}')
