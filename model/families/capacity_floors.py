"""Capacity floors: at least so much capacity of a kind stands at home in a year."""

import pyomo.core as pyo

from model.declare import equation, total


def add(m: pyo.ConcreteModel) -> None:
    equation(m, capacity_floors, m.CAPACITY_FLOORS)


def capacity_floors(m, kind, n):
    """sum over home plants p of the kind: opening_capacity[p] + online[p,n] >= capacity_floor[kind,n]"""
    plants = m.home_plants[kind]
    online = total(m.online[p, n] for p in plants if p in m.speeds)
    return total(m.opening_capacity[p] for p in plants) + online >= m.capacity_floor[kind, n]
