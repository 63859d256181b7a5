"""Purchase limit: what the stockpile buys and takes of a material in a trunk node is limited (the annual materials plan)."""

import pyomo.core as pyo

from model.declare import equation, total
from model.families.stock import taken


def add(m: pyo.ConcreteModel) -> None:
    equation(m, purchase_limit, m.PURCHASE_LIMITS)


def purchase_limit(m, i, n):
    """sum over stockpile offers o: supply[o,n] + offtake[i,n] <= purchase_max[i] * yrs[n]"""
    bought = [m.supply[o, n] for o in m.stockpile_offers.get((i, n), ())]
    if not bought and (i, n) not in m.offtake:
        return pyo.Constraint.Skip
    return total(bought) + taken(m, i, n) <= m.purchase_max[i] * m.yrs[n]
