"""Orders: new capacity comes on line after its lead time, ramps up, lives its life, and is worth its unused life at the end."""

import pyomo.core as pyo

from model.declare import cost, equation, labelled, total, variable


def add(m: pyo.ConcreteModel) -> None:
    variable(m, "order", m.ORDERS, "t/yr", "New capacity ordered, on the normal or the fast track.")
    variable(m, "online", m.ONLINE, "t/yr", "New capacity on line.")
    equation(m, online_capacity, m.ONLINE)
    equation(m, capacity_limit, m.ORDER_PATHS)
    cost(m, cost_order)
    cost(m, cost_fixed)


def online_capacity(m, p, n):
    """online[p,n] = sum over speeds s and nodes a of path(n): online_share[p,s,a,n] * order[p,s,a]"""
    return m.online[p, n] == total(m.online_share[p, s, a, n] * m.order[p, s, a] for _, s, a in m.orders_online.get((p, n), ()))


def capacity_limit(m, p, n):
    """sum over speeds s and nodes a of path(n): order[p,s,a] <= capacity_max[p], at the end n of each path"""
    path = [a for a in m.tree.path(n) if (p, a) in m.orders_at]
    return total(m.order[p, s, a] for a in path for s in m.orders_at[p, a]) <= m.capacity_max[p]


@labelled("New capacity")
def cost_order(m, n):
    """cost_order[n] = sum over plants p and speeds s: order[p,s,n] * capex[p] * capex_factor[p,s] / 1000"""
    return total(m.capex[p] * m.capex_factor[p, s] / m.usd_per_kusd * m.order[p, s, n] for p, s in m.orders_in.get(n, ()))


@labelled("Fixed cost of new capacity")
def cost_fixed(m, n):
    """cost_fixed[n] = sum over plants p: online[p,n] * fixed_cost[p] * yrs[n] / 1000"""
    return total(m.fixed_cost[p] * m.yrs[n] / m.usd_per_kusd * m.online[p, n] for p in m.online_in.get(n, ()))


@labelled("Capacity left at the end")
def capacity_salvage(m):
    """capacity_salvage = sum over orders: order[p,s,a] * capex[p] * residual_share[p] * remaining_life[p,s,a] / 1000"""
    return total(m.capex[p] * m.residual_share[p] * m.remaining_life[p, s, a] / m.usd_per_kusd * m.order[p, s, a] for p, s, a in m.ORDERS)


def capacity_salvage_at(m, n):
    """capacity_salvage_at[n] = sum over orders on path(n): order[p,s,a] * capex[p] * residual_share[p] * remaining_life_at[p,s,a,n] / 1000"""
    return total(
        m.capex[p] * m.residual_share[p] * m.remaining_life_at[p, s, a, n] / m.usd_per_kusd * m.order[p, s, a]
        for p, s, a in m.orders_left.get(n, ())
    )
