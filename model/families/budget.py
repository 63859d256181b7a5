"""Budget: public money spent in a year (with carry-over: until then) is no more than there is."""

import pyomo.core as pyo

from model.declare import amount, equation, total


def add(m: pyo.ConcreteModel) -> None:
    equation(m, budget, m.BUDGET_YEARS)


def budget(m, y):
    """sum over trunk nodes n of the year (with carry-over: and of the listed years before): outlays[n] <= budget_amount[y]"""
    return total(outlays(m, n) for n in m.budget_nodes[y]) <= m.budget_amount[y]


def outlays(m, n):
    """
    outlays[n] = cost_purchase[n] + sum over i: offtake[i,n] * price[i,n] + cost_holding[n] + cost_rotation[n]
    + sum over p,s: public_share[p] * order[p,s,n] * capex[p] * capex_factor[p,s] / 1000, undiscounted
    """
    return total(outlays_by_kind(m, n).values())


def outlays_by_kind(m, n):
    """The outlays of a node, one by one."""
    return {
        "purchases": amount(m, "cost_purchase", n),
        "offtake": total(m.price[i, n] * m.offtake[i, n] for i in m.CAN_HOLD if (i, n) in m.offtake),
        "holding": amount(m, "cost_holding", n),
        "rotation": amount(m, "cost_rotation", n),
        "investment": total(
            m.public_share[p] * m.capex[p] * m.capex_factor[p, s] / m.usd_per_kusd * m.order[p, s, n] for p, s in m.orders_in.get(n, ())
        ),
    }
