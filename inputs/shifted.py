"""Many faults of one kind in one column: most likely pasted a row or a column off, and said once instead of row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from inputs.cells import lowered
from inputs.errors import Finding, Level
from inputs.schema import SETTINGS

FEWEST = 6
"""So many faults in a column, and more than half of its rows, are one fault of the column."""


def gathered(findings: Sequence[Finding], frames: Mapping[str, pd.DataFrame]) -> list[Finding]:
    """The findings of cells, with those of a column most of whose rows are wrong as one at the first of them."""
    by_column: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.level is Level.ERROR and finding.sheet in frames and finding.column and finding.row:
            by_column.setdefault((finding.sheet, finding.column), []).append(finding)
    whole = {
        key: found for key, found in by_column.items() if key[0] != SETTINGS and len(found) >= max(FEWEST, len(frames[key[0]]) // 2 + 1)
    }
    kept = [finding for finding in findings if finding not in whole.get((finding.sheet, finding.column), ())]
    return kept + [in_one(found, len(frames[sheet])) for (sheet, _), found in whole.items()]


def in_one(found: Sequence[Finding], rows: int) -> Finding:
    """The faults of a column as one, at the first."""
    first = min(found, key=lambda finding: finding.row or 0)
    text = (
        f"{len(found)} of the {rows} cells of {first.column} are wrong, from here on: {lowered(first.message).rstrip('.')}. "
        "Shifted by one? See whether the column was pasted one row or one column off, and move it back."
    )
    return Finding(first.sheet, text, first.row, first.column, code=first.code)
