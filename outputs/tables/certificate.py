"""The certificate in words: what its sheets are, and what a check found."""

from __future__ import annotations

import math

from model.certificate.check import Report

QUANTITIES, PRICES = "Quantities", "Prices"

INDICES = 3
"""Columns of indices, after that of the name."""

SHEETS = {
    QUANTITIES: (
        "The plan in full: every quantity that is not 0",
        "In the words of docs/formulation.md: t; order in t/yr, lost_output a share, cost_to_date, excess and eta thousand USD. A column for each node "
        "(months from the start; `conflict 12-: 15-18` is a cutoff that began in month 12). `stockpile verify` checks it.",
        "quantity",
    ),
    PRICES: (
        "What proves that no plan costs less: the price of every row, and the reduced cost of every quantity",
        "Thousand USD, expected and discounted, for one more on the right side of an equation, or for one more of a quantity; what is 0 is left out. "
        "`stockpile verify` proves the bound with it; not for printing.",
        "equation or quantity",
    ),
}


def verdict(report: Report) -> str:
    """What a check found, in a few words: "checked, proved gap 2e-15"."""
    return f"checked, proved gap {max(0.0, report.gap):.0e}" if report.passed else "not proved"


def proof(report: Report) -> dict[str, object]:
    """The same for scripts: whether it passed, the bound (thousand USD), the gap relative to the cost, and what speaks against it."""
    proved = math.isfinite(report.bound.value)
    return {
        "passed": report.passed,
        "bound": report.bound.value if proved else None,
        "gap": report.gap if proved else None,
        "faults": report.faults(),
    }
