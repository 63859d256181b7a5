"""Objective: expected discounted cost in thousand USD, less what is left at the leaves, with a weight on the tail risk."""

import inspect

import pyomo.core as pyo

from model.declare import amount, labelled, total
from model.families.orders import capacity_salvage
from model.families.risk import cvar
from model.families.stock import stock_salvage_at


def add(m: pyo.ConcreteModel) -> None:
    m.objective = pyo.Objective(rule=objective, sense=pyo.minimize, doc=inspect.getdoc(objective))


def objective(m):
    """one_less_risk_weight * expected_cost + risk_weight * CVaR"""
    if not m.RISK_LEAVES:
        return expected_cost(m)
    return m.one_less_risk_weight * expected_cost(m) + m.risk_weight * cvar(m)


def expected_cost(m):
    """
    sum over nodes n: weight[n] * sum over cost terms: term[n]
    - sum over settlements n: settle_weight[n] * stock_salvage_at[n] - capacity_salvage
    """
    spent = total(m.weight[n] * amount(m, term, n) for term in m.terms for n in m.component(term))
    return spent - expected_stock_salvage(m) - capacity_salvage(m)


@labelled("Stock left at the end")
def expected_stock_salvage(m):
    """sum over settlements n: settle_weight[n] * stock_salvage_at[n]"""
    return total(m.settle_weight[n] * stock_salvage_at(m, n) for n in m.SETTLEMENTS)
