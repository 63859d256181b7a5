"""The sections of the data, in the order in which they are computed.

Each says which sheets and settings it reads (`READS`; "weights" are the probabilities of
the tree), computes its numbers and the shapes that decide which indices exist
(`numbers`), and lists those indices (`sets`).
"""

from model.data import budgets, coverage, demands, losses, materials, nodes, offers, orders, plants, policy, savings, shortages

GROUPS = (nodes, losses, materials, demands, shortages, coverage, offers, savings, plants, orders, budgets, policy)
