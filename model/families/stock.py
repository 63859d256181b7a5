"""Stock balance: what is in store is what was there, less what was lost, plus what came in, less what went out."""

import pyomo.core as pyo

from model.declare import cost, equation, labelled, total, variable


def add(m: pyo.ConcreteModel) -> None:
    variable(
        m, "stock", m.MATERIAL_HOLDING, "t", "On hand at the end of the node; at least min_stock, at most stock_limit.",
        lower=lambda m, i, n: m.min_stock[i, n], upper=lambda m, i, n: m.stock_limit[i],
    )  # fmt: skip
    variable(m, "release", m.MATERIAL_BRANCHES, "t", "Out of the stockpile into the market.", upper=lambda m, i, n: m.release_max[i, n])
    equation(m, stock_balance, m.MATERIAL_HOLDING)
    cost(m, cost_holding)
    cost(m, cost_rotation)


def before(m, i, n):
    """Stock on hand when the node begins."""
    return m.opening_stock[i] if m.parent[n] < 0 else m.stock[i, m.parent[n]]


def stock_balance(m, i, n):
    """
    stock[i,n] = retention[i,n] * stock[i,a(n)] + sum over stockpile offers o: supply[o,n] + offtake[i,n] - release[i,n],
    with opening_stock[i] before the root
    """
    bought = total(m.supply[o, n] for o in m.stockpile_offers.get((i, n), ()))
    return m.stock[i, n] == m.retention[i, n] * before(m, i, n) + bought + taken(m, i, n) - released(m, i, n)


def taken(m, i, n):
    """Offtake into the stockpile, 0 where there is none."""
    return m.offtake[i, n] if (i, n) in m.OFFTAKES else 0


def released(m, i, n):
    """Release from the stockpile, 0 where there is none."""
    return m.release[i, n] if m.tree.trunk <= n < m.tree.aftermath else 0


@labelled("Holding stock")
def cost_holding(m, n):
    """cost_holding[n] = sum over i: stock[i,n] * price[i,n] * holding_rate[i] * yrs[n]"""
    if n >= m.tree.aftermath:
        return 0
    return total(m.price[i, n] * m.holding_rate[i] * m.yrs[n] * m.stock[i, n] for i in m.MATERIALS)


@labelled("Rotating stock")
def cost_rotation(m, n):
    """cost_rotation[n] = sum over i: stock[i,n] * rotation_rate[i] * rotation_cost[i] * yrs[n] in the trunk"""
    if n >= m.tree.trunk:
        return 0
    return total(m.rotation_rate[i] * m.rotation_cost[i] * m.yrs[n] * m.stock[i, n] for i in m.MATERIALS)


def stock_salvage_at(m, n):
    """stock_salvage_at[n] = sum over i: stock[i,n] * resale_share[i] * terminal_price[i,n]"""
    return total(m.resale_share[i] * m.terminal_price[i, n] * m.stock[i, n] for i in m.MATERIALS)
