"""The groups of parameters, in the order in which they are computed.

Each computes its numbers and the structure that decides which indices exist (`numbers`), and
lists those indices (`sets`). What it reads of the case is noted as it reads, so that only
the groups that read what has changed are computed anew.
"""

from model.data import (
    budgets,
    coverage,
    demands,
    losses,
    materials,
    nodes,
    offers,
    orders,
    outputs,
    pins,
    plants,
    policy,
    savings,
    shortages,
)

GROUPS = (nodes, losses, materials, demands, coverage, outputs, shortages, offers, savings, plants, orders, budgets, policy, pins)
