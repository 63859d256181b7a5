"""Case -> Pyomo model."""

from __future__ import annotations

import pyomo.core as pyo

from inputs.case import Case
from model import declare
from model.data.compute import Data, compute
from model.families import FAMILIES
from model.process_state import pyomo_alone


def build(case: Case | Data, *, mutable: bool = False) -> pyo.ConcreteModel:
    """The linear program of a case: variables, equations and cost terms of every family.

    With `mutable`, its numbers are mutable Params with units instead of plain floats:
    slower to build, but the units of every equation can be checked and a number changed.
    """
    data = case if isinstance(case, Data) else compute(case)
    m = pyo.ConcreteModel(name="stockpile")
    with pyomo_alone():
        declare.start(m, data, mutable=mutable)
        for family in FAMILIES:
            family.add(m)
    return m
