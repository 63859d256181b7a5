"""Coverage: in a protected cutoff each sector is met for its months, from the first on, so that shortage cannot be saved up for the end.

Integrated (not chance) coverage: Klein Haneveld & van der Vlerk 2006.
"""

import pyomo.environ as pyo

from model.declare import equation, total


def add(m: pyo.ConcreteModel) -> None:
    equation(m, coverage_met, m.COVERAGE)


def coverage_met(m, b, i, k, count):
    """sum over the first `count` nodes n of branch b: shortage[i,k,n] <= (1 - coverage[i,k]) * sum over them: demand[i,k,n]"""
    nodes = m.branch_nodes[b][:count]
    return total(m.shortage[i, k, n] for n in nodes) <= (1 - m.coverage[i, k]) * total(m.demand[i, k, n] for n in nodes)
