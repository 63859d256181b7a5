"""Pins: a quantity of a year is at least, or at most, what was decided beforehand; the prices say what that costs."""

import pyomo.core as pyo

from model.declare import equation, total
from model.families.stock import taken


def add(m: pyo.ConcreteModel) -> None:
    equation(m, pins_at_least, m.PINS_BELOW)
    equation(m, pins_at_most, m.PINS_ABOVE)


def pins_at_least(m, item, name, y):
    """pinned[item,name,y] >= at_least[item,name,y]"""
    return pinned(m, item, name, y) >= m.at_least[item, name, y]


def pins_at_most(m, item, name, y):
    """pinned[item,name,y] <= at_most[item,name,y]"""
    return pinned(m, item, name, y) <= m.at_most[item, name, y]


def pinned(m, item, name, y):
    """Of item stock: stock[i,n] in the last trunk node of the year; purchase: supply of stockpile offers and offtake of i in the year's trunk nodes; order: order[p,s,n] in them, for one year."""
    nodes = m.nodes_of_year[y]
    if item == "stock":
        return m.stock[name, nodes[-1]]
    if item == "purchase":
        return total(m.supply[o, n] for n in nodes for o in m.stockpile_offers.get((name, n), ())) + total(taken(m, name, n) for n in nodes)
    return total(m.one_year * m.order[name, s, n] for n in nodes for s in m.orders_at.get((name, n), ()))
