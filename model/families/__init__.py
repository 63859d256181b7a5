"""The families of the linear program, in the order in which they are added: its table of contents.

Each owns its variables, equations and cost terms and has one function `add(m)`.
A family over an empty set adds nothing.
"""

from importlib import import_module

NAMES = (
    "supply",
    "orders",
    "plants",
    "offtake",
    "stock",
    "demand",
    "output_loss",
    "market",
    "purchase_limit",
    "storage",
    "budget",
    "share_caps",
    "floors",
    "capacity_floors",
    "pins",
    "risk",
    "objective",
)
FAMILIES = tuple(import_module(f"{__name__}.{name}") for name in NAMES)
