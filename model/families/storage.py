"""Storage: all materials in store together fit into the space."""

import pyomo.core as pyo

from model.declare import equation, total


def add(m: pyo.ConcreteModel) -> None:
    equation(m, storage, m.STORAGE)


def storage(m, n):
    """sum over i: stock[i,n] <= storage_limit"""
    return total(m.stock[i, n] for i in m.MATERIALS) <= m.storage_limit
