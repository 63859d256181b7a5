"""A process that holds one case warm and answers what-ifs: JSON, a line each way, on standard input and output.

`python -m outputs.what_if_process CASE.xlsx` says first what it is ready for, then answers
each line: `{"changes": ["materials[Dy].price*=2"]}` with the plan before and after,
`{"knob": "materials[Dy].price*=0.5:2"}` with a number that can be moved. It ends with its
input. What is wrong is answered as `{"error": "..."}`.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from inputs.address import ChangeError
from inputs.errors import CaseError, FileError
from inputs.workbook import read_case
from model.growth import TreeError
from model.process_state import freeze_heap
from model.solver.program import Status
from outputs.html.what_if import answer_html, chart_groups
from outputs.what_if import Answer, WhatIf


def main(arguments: Sequence[str]) -> int:
    """Hold the case of the file warm until the input ends; 2 where it cannot be planned with."""
    began = time.perf_counter()
    said = own_output()
    try:
        case = read_case(Path(arguments[0]))
    except (FileError, CaseError) as error:
        say(said, {"error": str(error)})
        return 2
    warm = WhatIf(case)
    freeze_heap()
    ready = {"ready": True, "seconds": round(time.perf_counter() - began, 3), "knobs": [knob.summary() for knob in warm.knobs()]}
    say(said, {**ready, **answered(warm.answer([]))})
    for line in sys.stdin:
        say(said, reply(warm, json.loads(line)))
    return 0


def reply(warm: WhatIf, question: dict[str, Any]) -> dict[str, object]:
    """The answer to one line."""
    began = time.perf_counter()
    try:
        if "knob" in question:
            return {"knob": warm.knob(str(question["knob"])).summary()}
        answer = warm.answer([str(text) for text in question["changes"]])
    except (ChangeError, TreeError) as error:
        return {"error": str(error)}
    return {**answered(answer), "seconds": round(time.perf_counter() - began, 3)}


def answered(answer: Answer) -> dict[str, object]:
    """An answer as JSON: status, both costs in thousand USD, what differs as HTML and for charts."""
    return {
        "status": str(answer.after.status),
        "solved": str(answer.after.how),
        "message": answer.message,
        "said": list(answer.said),
        "before": answer.before.objective,
        "after": answer.after.objective,
        "feasible": answer.after.status is Status.OPTIMAL,
        "html": answer_html(answer),
        "charts": chart_groups(answer),
    }


def own_output() -> TextIO:
    """Standard output for answers alone: whatever else prints goes to standard error."""
    said = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return said


def say(to: TextIO, answer: dict[str, object]) -> None:
    """One line of JSON."""
    to.write(json.dumps(answer, allow_nan=False) + "\n")
    to.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
