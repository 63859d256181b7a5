"""Plants: each runs in its modes, which share its capacity."""

import pyomo.core as pyo

from model.declare import cost, equation, labelled, total, variable


def add(m: pyo.ConcreteModel) -> None:
    variable(m, "run", m.RUNS, "t", "Activity of a plant in a mode.")
    equation(m, capacity, m.CAPACITIES)
    cost(m, cost_run)


def capacity(m, p, n):
    """sum over modes q: capacity_use[p,q] * run[p,q,n] <= usable[p,n] * (opening_capacity[p] + online[p,n])"""
    used = total(m.capacity_use[p, q] * m.run[p, q, n] for q in m.modes_of[p])
    online = m.online[p, n] if p in m.speeds else 0
    return used <= m.usable[p, n] * (m.opening_capacity[p] + online)


@labelled("Running plants")
def cost_run(m, n):
    """cost_run[n] = sum over modes p,q: run[p,q,n] * variable_cost[p,q] / 1000"""
    return total(m.variable_cost[p, q] / m.usd_per_kusd * m.run[p, q, n] for p, q in m.MODES)


def made(m, i, n, by="made"):
    """What plants make of a material in a node: all of them, or those of another link (`made_home`, `made_recycled`)."""
    return total(m.quantity[p, q, i] * m.run[p, q, n] for p, q in m.data.index_maps[by].get(i, ()))


def used(m, i, n):
    """What plants use of a material in a node."""
    return -total(m.quantity[p, q, i] * m.run[p, q, n] for p, q in m.used.get(i, ()))
