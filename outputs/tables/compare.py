"""How plans differ, as tables: results by worth, inputs by cell, regret."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from model.studies.compare import TOTAL, Compared, Difference, InputDifference, Regret
from outputs.tables.cost_words import cost_kind
from outputs.tables.run import VERSIONS, facts
from outputs.tables.table import Column, Style, Table

RESULTS, INPUTS, REGRET = "Results that differ", "Inputs that differ", "Regret"


def results_table(plans: Sequence[Compared], found: Sequence[Difference]) -> Table:
    """Cost first, then a row for each thing that differs, by what the difference is worth."""
    names = [plan.name for plan in plans]
    rows = [[d.kind, d.name, *d.amounts, d.unit, *([d.amounts[1] - d.amounts[0]] if len(names) == 2 else []), d.worth] for d in found]
    risk_weight = max(plan.case.number("risk_weight") for plan in plans)
    change = [Column("change", "Second less first", style=Style.AMOUNT)] if len(names) == 2 else []
    columns = (
        Column("what"),
        Column("name", "Of"),
        *(Column(f"plan.{i}", name, style=Style.AMOUNT) for i, name in enumerate(names)),
        Column("unit"),
        *change,
        Column("worth", "Difference in money", "M USD", Style.AMOUNT),
    )
    return Table(
        RESULTS,
        "How do the plans differ?",
        f"{TOTAL}, then everything that is not the same, what is worth most first. Costs are {cost_kind(risk_weight)}; stock is the most in store in peace "
        "from ready_by on, worth its price in the first year; what is bought and ordered in peace counts with what it costs, undiscounted, orders in cutoffs with their capex.",
        columns,
        pd.DataFrame(rows, columns=[c.name for c in columns]),
        strong=frozenset({0}),
        frozen=2,
    )


def inputs_table(names: Sequence[str], found: Sequence[InputDifference]) -> Table:
    """A row for each cell that is not the same in all cases."""
    rows = [[d.sheet, d.row, d.column, d.unit, *(cell(value) for value in d.values)] for d in found]
    columns = (
        Column("sheet"),
        Column("row"),
        Column("column"),
        Column("unit"),
        *(Column(f"case.{i}", name, style=Style.FACT) for i, name in enumerate(names)),
    )
    return Table(
        INPUTS,
        "How do their cases differ?",
        "Every cell that the model reads and that is not the same in all cases, by sheet and key, whatever the order of rows; in the units of the schema.",
        columns,
        pd.DataFrame(rows, columns=[c.name for c in columns]).astype(object),
        nothing="The cases are the same.",
        frozen=3,
    )


def cell(value: object) -> object:
    """A cell as people read it."""
    if value is None:
        return "no such row"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and not math.isfinite(value):
        return "empty" if math.isnan(value) else "no limit"
    return value if value != "" else "empty"


def regret_table(found: Sequence[Regret]) -> Table:
    """A row for each plan in each other case."""
    rows = [(r.plan, r.case, math.nan if r.extra is None else r.extra, r.text) for r in found]
    return Table(
        REGRET,
        "What would each plan cost if the other case is the true one?",
        "What the stockpile buys and takes and what is ordered in peace is fixed as in the plan; all else is chosen anew in the other case. Measured against the best plan of that case.",
        (
            Column("plan"),
            Column("case", "In the case"),
            Column("extra", "More than its best plan", "M USD", Style.AMOUNT),
            Column("why", style=Style.PROSE),
        ),
        pd.DataFrame(rows, columns=["plan", "case", "extra", "why"]),
    )


def run_table(plans: Sequence[tuple[str, str, str]]) -> Table:
    """What was compared: name, file and fingerprint of the case."""
    rows: list[tuple[str, str, object, str]] = []
    for name, file, fingerprint in plans:
        rows += [(name, "file", file, ""), (name, "fingerprint of the case", fingerprint, "")]
    return facts("What was compared?", VERSIONS, rows)
