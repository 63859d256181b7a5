"""What reads uploaded workbooks, in a process of its own that a hostile one may take down: a question a line, and its answer.

A question names a case file and what is wanted: `check` writes the findings beside it, for programs and for a page, `annotate` a copy with the findings in it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cli.service.archive import check_unpacked
from cli.service.findings import described
from inputs.annotate import annotate
from inputs.errors import CaseError, FileError, Finding
from inputs.grid import read_grids
from inputs.workbook import Reading, examine
from outputs.html.grid import findings_html


def main() -> None:
    """Answer every question of standard input."""
    spoken = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        question = json.loads(line)
        answer = {"check": check, "annotate": annotated}[question["what"]](question)
        print(json.dumps(answer), file=spoken, flush=True)


def check(question: Mapping[str, Any]) -> dict[str, object]:
    """Write what the check of a workbook finds; answer how many errors and warnings there are."""
    workbook = Path(question["workbook"])
    try:
        check_unpacked(workbook, int(sys.argv[1]))
        reading = examine(workbook)
        assert reading.source
        grids = read_grids(reading.source)
    except FileError as error:
        reading, grids = Reading(None, (Finding("", str(error).removeprefix(f"{workbook}: "), code="file"),)), {}
    findings = described(reading.findings, grids)
    write(Path(question["findings"]), json.dumps(findings))
    write(Path(question["page"]), findings_html(reading))
    return {level: sum(f["level"] == level for f in findings) for level in ("error", "warning")}


def annotated(question: Mapping[str, Any]) -> dict[str, object]:
    """Write the copy with the findings in it; answer what stands in its way, "" where nothing does."""
    workbook = Path(question["workbook"])
    try:
        check_unpacked(workbook, int(sys.argv[1]))
        reading = examine(workbook)
        assert reading.source
        annotate(reading.source, Path(question["annotated"]), reading.findings, force=True)
    except (FileError, CaseError) as error:
        return {"refused": str(error).removeprefix(f"{workbook}: ")}
    return {"refused": ""}


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


if __name__ == "__main__":
    main()
