"""One run in a process of its own: `python -m cli.service.worker`, in the folder of the run, whose request.json says what to do.

Progress goes to standard output, a JSON object a line; what came of it into result.json, written last and whole.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from cli.service.run_files import CASE, REQUEST, RESULT

BETWEEN = 0.3
"""Seconds between two words of the same stage."""


def main() -> None:
    """Do what request.json says. Whatever libraries print goes to the log, which standard error is."""
    spoken = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    request = json.loads(Path(REQUEST).read_text(encoding="utf-8"))
    result = done(request, spoken)
    part = Path(RESULT).with_suffix(".part")
    part.write_text(json.dumps(result), encoding="utf-8")
    part.replace(RESULT)


def done(request: Mapping[str, Any], spoken: TextIO) -> dict[str, object]:
    """What came of a run: its status, what it says, the cells at fault, and its summary."""
    from cli.exits import NO_PLAN
    from cli.service.archive import check_unpacked
    from cli.service.doors import DOORS
    from cli.service.options import Kind
    from cli.service.resources import RunStatus
    from inputs.errors import CaseError, StockpileError

    say = Spoken(spoken)
    others = [Path(name) for name in request["others"]]
    try:
        for workbook in (Path(CASE), *others):
            check_unpacked(workbook, request["unpacked_bytes"])
        answer = DOORS[Kind(request["kind"])](request["options"], say, others)
    except CaseError as error:
        from cli.service.findings import described
        from inputs.grid import read_grids
        from inputs.source import read_source

        return told(RunStatus.INVALID, str(error), described(error.findings, read_grids(read_source(Path(error.source)))))
    except StockpileError as error:
        return told(RunStatus.INFEASIBLE if error.exit_code == NO_PLAN else RunStatus.FAILED, str(error))
    except MemoryError:
        return told(RunStatus.FAILED, f"it needs more memory than the {request['bytes'] / 1e9:g} GB that a run may have")
    return {"status": answer.status, "message": answer.message, "errors": [], "summary": answer.summary}


class Spoken:
    """Progress as a line of JSON: every stage, and what is counted within one a few times a second."""

    def __init__(self, to: TextIO) -> None:
        self.to, self.stage, self.at = to, "", 0.0

    def __call__(self, stage: str, done: int | None = None, total: int | None = None, seconds_left: float | None = None) -> None:
        """Say it, unless the same stage was spoken of just now."""
        now = time.monotonic()
        if stage == self.stage and done != total and now - self.at < BETWEEN:
            return
        self.stage, self.at = stage, now
        print(json.dumps({"stage": stage, "done": done, "total": total, "seconds_left": seconds_left}), file=self.to, flush=True)


def told(status: str, message: str, errors: list[dict[str, str]] | None = None) -> dict[str, object]:
    """What came of a run that gave nothing."""
    return {"status": status, "message": message, "errors": errors or [], "summary": None}


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)
