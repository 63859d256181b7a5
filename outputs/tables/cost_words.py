"""What the cost that a plan minimises is called: with a weight on risk it is not the expected cost, and no figure of it is called so."""

from __future__ import annotations

WEIGHED = "with the weight on the worst outcomes"


def cost_name(risk_weight: float) -> str:
    """The cost of a plan, as in "optimal: expected cost 43.8 million USD"."""
    return f"cost {WEIGHED}" if risk_weight > 0 else "expected cost"


def cost_kind(risk_weight: float) -> str:
    """How costs are counted, as in "costs are expected and discounted"."""
    return f"discounted, {WEIGHED}" if risk_weight > 0 else "expected and discounted"
