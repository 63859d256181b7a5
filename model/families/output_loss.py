"""Lost output: a sector that needs its materials together loses output with the one that it is most short of, dearer the more is lost.

The fixed-mix view of the requirements models: materials are worth the output that hangs on them.
"""

import pyomo.core as pyo

from model.declare import cost, equation, labelled, total, variable


def add(m: pyo.ConcreteModel) -> None:
    variable(
        m,
        "lost_output",
        m.LOST_OUTPUT,
        "",
        "Share of the sector's output lost, in the tier.",
        upper=lambda m, k, tier, n: m.tier_width[k, tier],
    )
    equation(m, output_loss, m.OUTPUT_DEMANDS)
    cost(m, cost_lost_output)


def output_loss(m, i, k, n):
    """shortage[i,k,n] <= demand[i,k,n] * sum over tiers l of k: lost_output[k,l,n]"""
    return m.shortage[i, k, n] <= m.demand[i, k, n] * total(m.lost_output[k, tier, n] for k, tier in m.tiers_of[k])


@labelled("Lost output")
def cost_lost_output(m, n):
    """cost_lost_output[n] = sum over k,l: lost_output[k,l,n] * tier_value[k,l] * yrs[n] * 1000"""
    return total(m.tier_value[k, tier] * m.yrs[n] * m.kusd_per_musd * m.lost_output[k, tier, n] for k, tier in m.TIERS)
