"""What is not used, and at what price it would be."""

from __future__ import annotations

import math

import pandas as pd

from model.studies.entry import PLANT, Entry
from outputs.tables.report import Report
from outputs.tables.table import Column, Style, Table

SHEET = "Entry prices"

SEEN = 0.0005
"""Of a price: what is less rounds to nothing."""


def nearest_first(report: Report) -> list[Entry]:
    """What is not used, that whose price need fall least first."""
    return sorted(report.studies.entries if report.studies else (), key=lambda e: (-(e.price or 0.0) / e.now, e.name))


def is_less(entry: Entry) -> bool:
    """Whether the price at which something enters is less than that now by so much that it can be seen."""
    return entry.price is not None and 1 - entry.price / entry.now >= SEEN


def entry_prices(report: Report) -> Table:
    """A row for each plant that is not ordered, each offer to the stockpile that it leaves alone and each thrift option that is not used, those that are nearest first."""
    rows = [
        (
            e.kind,
            e.name,
            e.now,
            math.nan if e.price is None else e.price,
            "USD per t/yr" if e.kind == PLANT else "USD/kg",
            math.nan if e.price is None else e.price / e.now - 1 if is_less(e) else 0.0,
            e.amount if math.isfinite(e.amount) else math.nan,
            "t/yr" if e.kind == PLANT else "t",
        )
        for e in nearest_first(report)
    ]
    columns = (
        Column("kind"),
        Column("name"),
        Column("now", "Capex, price or cost now", "", Style.AMOUNT),
        Column("entry", "Enters below", "", Style.AMOUNT, empty="at no price"),
        Column("unit"),
        Column("change", "That is", "", Style.SHARE),
        Column("amount", "Ordered, bought or saved just below", "", Style.AMOUNT, empty="without end"),
        Column("amount_unit", "Unit"),
    )
    risk = report.plan.case.number("risk_weight") > 0
    return Table(
        SHEET,
        "What is not used, and at what price would it be?",
        "All else as in the case. For a plant that is never ordered the capex below which it is, for an offer that the stockpile leaves alone (those that are nearest) the price in its first year below which it buys "
        "(later prices in proportion), for a thrift option that no sector uses (the nearest again) the cost below which one does; all found by solving again just below. A fixed cost or lead time at which a plant enters is a tipping point of `stockpile frontier`. What is paid out of a budget takes less of it at a lower price. What is ordered, bought or saved then is of all years, in the future in which that is most; 'without end': so cheap, it earns by being bought and sold again, and no plan is the best until a limit stops it. What would save less than a hundred-thousandth of a millionth of the cost counts as nothing.",
        columns,
        pd.DataFrame(rows, columns=[c.name for c in columns]),
        frozen=2,
        nothing="With a weight on risk entry prices are not worked out."
        if risk
        else "There is no plant that could be ordered and is not, no offer to the stockpile that could be bought from and is not, and no thrift option that is not used; or the solver gave no answer near those that there are.",
    )
