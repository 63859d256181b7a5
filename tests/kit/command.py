"""The command `stockpile` as its entry point runs it, in this process or in another."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path

from cli.app import main
from tests.kit.house import HOUSE

Done = subprocess.CompletedProcess[str]


def stockpile(*arguments: object, cwd: Path | None = None) -> Done:
    """The command in this process, with what it says and its exit code; a defect shows as its traceback would."""
    said, complained, given = io.StringIO(), io.StringIO(), list(map(str, arguments))
    before, code = sys.argv, 0
    sys.argv = ["stockpile", *given]
    try:
        with contextlib.chdir(cwd or Path.cwd()), contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
            main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        sys.argv = before
    return Done(given, code, said.getvalue(), complained.getvalue())


def second_process(*arguments: object, cwd: Path | None = None) -> Done:
    """The command in another process, as a planner runs it."""
    return subprocess.run(
        [sys.executable, "-m", "cli", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(HOUSE), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
