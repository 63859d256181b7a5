"""Floors: at least a share of the demand for a material is made at home, or recycled at home, in peace."""

import pyomo.environ as pyo

from model.declare import equation, total
from model.families.plants import made


def add(m: pyo.ConcreteModel) -> None:
    equation(m, floor_home, m.FLOORS)


def floor_home(m, i, origin, n):
    """made[i,n] by home plants (recycled: of kind recycling) >= floor[i,origin,n] * sum over k: demand[i,k,n]"""
    wanted = m.floor[i, origin, n] * total(m.demand[i, k, n] for i, k in m.sectors_of.get(i, ()))
    return made(m, i, n, f"made_{origin}") >= wanted
