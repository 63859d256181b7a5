"""Offtake: home output that goes into the stockpile in peace, no more than there is of it."""

import pyomo.core as pyo

from model.declare import equation, variable
from model.families.plants import made


def add(m: pyo.ConcreteModel) -> None:
    variable(m, "offtake", m.OFFTAKES, "t", "Home output put into the stockpile.")
    equation(m, offtake_limit, m.OFFTAKES)


def offtake_limit(m, i, n):
    """offtake[i,n] <= sum over modes p,q of home plants that make i: quantity[p,q,i] * run[p,q,n]"""
    return m.offtake[i, n] <= made(m, i, n, "made_home")
