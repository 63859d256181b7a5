"""Market balance: what is supplied, made and released is used, taken into store, sold to the sectors, or surplus."""

import pyomo.core as pyo

from model.declare import cost, equation, labelled, total, variable
from model.families.plants import made, used
from model.families.stock import released, taken


def add(m: pyo.ConcreteModel) -> None:
    variable(
        m,
        "surplus",
        m.MATERIAL_NODES,
        "t",
        "Not needed: disposed of, or sold where surplus_price < 0.",
        upper=lambda m, i, n: m.surplus_max[i, n],
    )
    equation(m, market_balance, m.MATERIAL_NODES)
    cost(m, cost_surplus)


def market_balance(m, i, n):
    """
    sum over market offers o: supply[o,n] + made[i,n] + release[i,n]
    = used[i,n] + offtake[i,n] + sum over k: (demand[i,k,n] - shortage[i,k,n]) - sum over options of i: saving[t,k,n]
    + sum over options with substitute i: substitute_rate[t,k] * saving[t,k,n] + surplus[i,n]
    """
    inflow = total(m.supply[o, n] for o in m.market_offers.get((i, n), ())) + made(m, i, n) + released(m, i, n)
    sectors = m.sectors_of.get(i, ())
    sold = total(m.demand[i, k, n] for i, k in sectors) - total(m.shortage[i, k, n] for i, k in sectors)
    outflow = used(m, i, n) + taken(m, i, n) + sold - saved(m, i, n) + substituting(m, i, n) + m.surplus[i, n]
    return inflow - outflow == 0  # a number alone on one side would turn the row around, and its price


def saved(m, i, n):
    """Demand for a material that is saved in a branch node."""
    return total(m.saving[t, k, n] for t, k in m.savings_of.get(i, ())) if m.tree.trunk <= n < m.tree.aftermath else 0


def substituting(m, i, n):
    """What savings of other materials take of this one as their substitute."""
    return (
        total(m.substitute_rate[t, k] * m.saving[t, k, n] for t, k in m.substitutes.get(i, ()))
        if m.tree.trunk <= n < m.tree.aftermath
        else 0
    )


@labelled("Surplus")
def cost_surplus(m, n):
    """cost_surplus[n] = sum over i: surplus[i,n] * surplus_price[i,n]"""
    return total(m.surplus_price[i, n] * m.surplus[i, n] for i in m.MATERIALS)
