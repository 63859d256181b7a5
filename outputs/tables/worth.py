"""What knowledge and time are worth, as a table: both costs of each, and their difference."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from inputs.case import Case
from model.studies.worth import Worth
from outputs.tables.rounding import amount
from outputs.tables.run import VERSIONS, RunInfo, facts, input_facts
from outputs.tables.table import Column, Style, Table

WORTHS = "What it is worth"
MILLION = 1000.0
"""Thousand USD."""

DIGITS = 9
"""As many as a cost is solved to."""

SAID = 8
"""Rows that the command prints."""

SIGN = "Worth is how much less the plan costs with it than without; negative, with a minus, is how much more."


def worth_table(found: Sequence[Worth]) -> Table:
    """A row for each, most first."""
    rows = [(w.kind, w.name, million(w.worth), million(w.without), million(w.with_it), remark(w)) for w in found]
    return Table(
        WORTHS,
        "What are knowledge and time worth?",
        f"{SIGN} Each is the difference of two solved plans, of which one is the plan of the case; costs are expected and discounted, with the weight on the tail if there is one. "
        "Each by itself: two together may be worth more or less than their sum.",
        (
            Column("kind", "What", width=44),
            Column("name", "Of", width=30),
            Column("worth", "Worth", "M USD", Style.AMOUNT, empty="not known"),
            Column("without", "Cost without it", "M USD", Style.EXACT, empty="no plan"),
            Column("with_it", "Cost with it", "M USD", Style.EXACT, empty="no plan"),
            Column("remark", style=Style.PROSE, width=70),
        ),
        pd.DataFrame(rows, columns=["kind", "name", "worth", "without", "with_it", "remark"]),
        frozen=2,
    )


def million(value: float | None) -> float:
    """M USD of thousand USD, to the digits that it is solved to; nan where there is none."""
    return math.nan if value is None else float(f"{value / MILLION:.{DIGITS}g}")


def remark(of: Worth) -> str:
    """What else there is to know: above all why there is no worth."""
    if of.worth is not None or of.remark.startswith("not worked out"):
        return of.remark
    gone = "with" if of.with_it is None else "without"
    return "; ".join(text for text in (f"{gone} it no plan exists", of.remark) if text)


def sentence(found: Sequence[Worth]) -> str:
    """What the command says: what is worth most."""
    known = [w for w in found if w.worth is not None]
    lines = [f"{f'{w.kind}, {w.name}' if w.name else w.kind}: {amount((w.worth or 0.0) / MILLION)} M USD" for w in known[:SAID]]
    return "\n".join([SIGN, *lines, *([f"and {len(known) - SAID} more"] if len(known) > SAID else [])])


def run_of(case: Case, info: RunInfo, seconds: float) -> Table:
    """How the figures came about."""
    return facts(
        "How did these figures come about?",
        f"With the same input file and versions, the same come out. {VERSIONS}",
        [
            *input_facts(case, info),
            ("run", "date and time", info.when.strftime("%Y-%m-%d %H:%M:%S %z"), ""),
            ("time", "all solves", round(seconds, 2), "s"),
        ],
    )
