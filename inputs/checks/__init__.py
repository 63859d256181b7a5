"""Rules across rows and sheets: one small generator of findings each.

A rule is applied only where the columns that it reads are free of errors, so that one
slip in a cell does not bring a train of others with it.
"""

from inputs.checks import coverage, cutoffs, outputs, pins, plants, policy, recipes, slips, stock, stress, supply, sweeps, timing
from inputs.checks.registry import check_case

__all__ = [
    "check_case",
    "coverage",
    "cutoffs",
    "outputs",
    "pins",
    "plants",
    "policy",
    "recipes",
    "slips",
    "stock",
    "stress",
    "supply",
    "sweeps",
    "timing",
]
