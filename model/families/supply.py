"""Supply: what the home market and the stockpile take from offers, at the offers' prices."""

import pyomo.core as pyo

from model.declare import cost, labelled, total, variable


def add(m: pyo.ConcreteModel) -> None:
    variable(m, "supply", m.SUPPLY, "t", "Taken from an offer.", upper=lambda m, o, n: m.offer_limit[o, n])
    cost(m, cost_supply)
    cost(m, cost_purchase)


@labelled("Market supply")
def cost_supply(m, n):
    """cost_supply[n] = sum over market offers o: supply[o,n] * offer_price[o,n]"""
    return total(m.offer_price[o, n] * m.supply[o, n] for i in m.MATERIALS for o in m.market_offers.get((i, n), ()))


@labelled("Stockpile purchases")
def cost_purchase(m, n):
    """cost_purchase[n] = sum over stockpile offers o: supply[o,n] * offer_price[o,n]"""
    return total(m.offer_price[o, n] * m.supply[o, n] for i in m.MATERIALS for o in m.stockpile_offers.get((i, n), ()))
