"""Share caps: no country supplies more than its share of a material in peace (EU Regulation 2024/1252: 65 %)."""

import pyomo.core as pyo

from model.declare import equation, total
from model.families.plants import made


def add(m: pyo.ConcreteModel) -> None:
    equation(m, share_caps, m.SHARE_CAPS)


def share_caps(m, i, x, n):
    """sum over market offers of i from country x: supply[o,n] <= cap[i,x,n] * (sum over market offers of i: supply[o,n] + made[i,n] - surplus[i,n])"""
    offers = m.country_offers.get((i, x, n), ())
    if not offers:
        return pyo.Constraint.Skip
    everything = total(m.supply[o, n] for o in m.market_offers.get((i, n), ())) + made(m, i, n) - m.surplus[i, n]
    return total(m.supply[o, n] for o in offers) <= m.cap[i, x, n] * everything
