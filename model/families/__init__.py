"""The families of the linear program, in the order in which they are added: its table of contents.

Each owns its variables, equations and cost terms and has one function `add(m)`.
A family over an empty set adds nothing.
"""

from model.families import (
    budget,
    capacity_floors,
    coverage,
    demand,
    floors,
    market,
    objective,
    offtake,
    orders,
    plants,
    purchase_limit,
    risk,
    share_caps,
    stock,
    storage,
    supply,
)

FAMILIES = (
    supply,
    orders,
    plants,
    offtake,
    stock,
    demand,
    market,
    purchase_limit,
    storage,
    budget,
    share_caps,
    floors,
    capacity_floors,
    coverage,
    risk,
    objective,
)
