"""Demand: what is not met is short, or saved by thrift and substitutes; both cost, and together they are no more than the demand.

What may be short is limited in each crisis period by the promise of coverage: nothing can be banked, before or after.
"""

import pyomo.core as pyo

from model.declare import cost, equation, labelled, total, variable


def add(m: pyo.ConcreteModel) -> None:
    variable(m, "shortage", m.DEMAND_NODES, "t", "Demand not met; lost, not postponed.", upper=lambda m, i, k, n: m.short_limit[i, k, n])
    variable(m, "saving", m.SAVINGS, "t", "Demand given up, or met by a substitute.", upper=lambda m, t, k, n: m.saving_max[t, k, n])
    equation(m, demand_left, m.DEMAND_LEFT)
    cost(m, cost_shortage)
    cost(m, cost_saving)


def demand_left(m, i, k, n):
    """shortage[i,k,n] + sum over options t of i,k: saving[t,k,n] <= demand[i,k,n]"""
    return m.shortage[i, k, n] + total(m.saving[t, k, n] for t, k in m.savings_from[i, k]) <= m.demand[i, k, n]


@labelled("Shortage")
def cost_shortage(m, n):
    """cost_shortage[n] = sum over i,k: shortage[i,k,n] * shortage_price[i,k,n]"""
    return total(m.shortage_price[i, k, n] * m.shortage[i, k, n] for i, k in m.DEMANDS)


@labelled("Thrift and substitution")
def cost_saving(m, n):
    """cost_saving[n] = sum over options t,k: saving[t,k,n] * saving_cost[t,k] in the branches"""
    return total(m.saving_cost[t, k] * m.saving[t, k, n] for t, k in m.OPTIONS) if m.tree.trunk <= n < m.tree.aftermath else 0
