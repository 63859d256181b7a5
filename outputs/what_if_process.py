"""A process that holds one case warm and answers what-ifs: a JSON object a line on standard input, and one on standard output.

`{"begin": true}` solves the case and says which numbers can be moved,
`{"changes": ["materials[Dy].price*=2"]}` gives the plan before and after, and
`{"knob": "materials[Dy].price*=0.5:2"}` one more number that can be moved. What is wrong
is answered as `{"error": "..."}`. The process ends with its input.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, TextIO

from inputs.address import ChangeError
from inputs.errors import CaseError, FileError
from inputs.workbook import read_case
from model.growth import TreeError
from model.process_state import freeze_heap
from model.solver.highs import SolverError
from model.solver.program import Status
from outputs.html.what_if import answer_html, chart_groups
from outputs.what_if import Answer, WhatIf


def main(arguments: Sequence[str]) -> None:
    """Answer every line of the input about the case of the file."""
    said, held = own_output(), Held(Path(arguments[0]))
    for line in sys.stdin:
        said.write(json.dumps(held.reply(json.loads(line)), allow_nan=False) + "\n")
        said.flush()


class Held:
    """The case of a file, solved when something is first asked about it."""

    def __init__(self, file: Path) -> None:
        self.file = file

    @cached_property
    def warm(self) -> WhatIf:
        """The case with its plan."""
        warm = WhatIf(read_case(self.file))
        freeze_heap()
        return warm

    def reply(self, question: Mapping[str, Any]) -> dict[str, object]:
        """The answer to one line."""
        began = time.perf_counter()
        try:
            if "knob" in question:
                return {"knob": self.warm.knob(str(question["knob"])).summary()}
            answer = answered(self.warm.answer([str(text) for text in question.get("changes", ())]))
            if "begin" in question:
                answer["knobs"] = [knob.summary() for knob in self.warm.knobs()]
        except (CaseError, ChangeError, FileError, SolverError, TreeError) as error:
            return {"error": str(error)}
        return {**answer, "seconds": round(time.perf_counter() - began, 3)}


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


if __name__ == "__main__":
    main(sys.argv[1:])
