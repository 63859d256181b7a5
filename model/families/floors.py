"""Floors: at least a share of the demand for a material comes from home, or is recycled at home, in peace."""

import pyomo.core as pyo

from model.declare import equation, total
from model.families.plants import made


def add(m: pyo.ConcreteModel) -> None:
    equation(m, floors, m.FLOORS)


def floors(m, i, origin, n):
    """
    from_home[i,n] >= floor[i,origin,n] * sum over k: demand[i,k,n], of origin home;
    made[i,n] by home plants of kind recycling in its place, of origin recycled
    """
    wanted = m.floor[i, origin, n] * total(m.demand[i, k, n] for i, k in m.sectors_of.get(i, ()))
    return (from_home(m, i, n) if origin == "home" else made(m, i, n, "made_recycled")) >= wanted


def from_home(m, i, n):
    """from_home[i,n] = made[i,n] by home plants + sum over market offers o of i at home: supply[o,n] - surplus[i,n]"""
    return made(m, i, n, "made_home") + total(m.supply[o, n] for o in m.home_offers.get((i, n), ())) - m.surplus[i, n]
