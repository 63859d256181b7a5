"""The linear program of a case, written down from the formulation page: its variables, equations and costs by name."""

from __future__ import annotations

from inputs.case import Case
from model.certificate.costs import Costs
from model.certificate.program import Program


def rebuild(case: Case) -> Program:
    """The linear program of a case, written down in the order of the page; costs are in thousand USD."""
    writing = Costs(case)
    writing.variables()
    writing.stockpile()
    writing.market()
    writing.capacities()
    writing.policy()
    writing.pins()
    writing.costs()
    return writing.objective()
