"""Risk: the average cost of the worst outcomes (CVaR: Rockafellar & Uryasev 2000), by cost to date from node to node."""

import pyomo.core as pyo

from model.declare import amount, equation, labelled, total, variable
from model.families.orders import capacity_salvage_at
from model.families.stock import stock_salvage_at


def add(m: pyo.ConcreteModel) -> None:
    variable(m, "cost_to_date", m.RISK_NODES, "kUSD", "Discounted costs of the path to the node.", free=True)
    variable(m, "excess", m.RISK_LEAVES, "kUSD", "Cost of a leaf above eta.")
    variable(m, "eta", ("all",) if m.RISK_LEAVES else (), "kUSD", "Value at risk.", free=True)
    equation(m, cost_so_far, m.RISK_NODES)
    equation(m, excess_cost, m.RISK_LEAVES)


def cost_so_far(m, n):
    """cost_to_date[n] = cost_to_date[a(n)] + discount[n] * sum over cost terms: term[n]"""
    before = m.cost_to_date[m.parent[n]] if m.parent[n] >= 0 else 0
    return m.cost_to_date[n] == before + m.discount[n] * total(amount(m, term, n) for term in m.terms)


def excess_cost(m, n):
    """
    excess[n] >= cost_to_date[n] - settle_discount[b] * stock_salvage_at[b] - terminal_discount[n] * capacity_salvage_at[n] - eta,
    where the stockpile is settled after the node b: that which an aftermath follows, else n itself
    """
    b = m.settled_in[n]
    left = m.settle_discount[b] * stock_salvage_at(m, b) + m.terminal_discount[n] * capacity_salvage_at(m, n)
    return m.excess[n] >= m.cost_to_date[n] - left - m.eta["all"]


@labelled("Weight on the worst outcomes")
def cvar(m):
    """CVaR = eta + one_over_tail * sum over leaves n: leaf[n] * excess[n]"""
    return m.eta["all"] + total(m.one_over_tail * m.leaf[n] * m.excess[n] for n in m.RISK_LEAVES)
