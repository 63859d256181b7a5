"""Cost terms as arrays: what each is in each node, as coefficients of the columns of the program; one evaluation for plans and sweeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.core as pyo
from pyomo.common.numeric_types import native_numeric_types
from pyomo.core.expr.numeric_expr import LinearExpression, MonomialTermExpression
from pyomo.repn import generate_standard_repn

from inputs.arrays import Floats, Ints
from model.declare import amount
from model.families import FAMILIES
from model.families.budget import outlays_by_kind
from model.families.objective import expected_stock_salvage
from model.families.orders import capacity_salvage
from model.families.risk import cvar

SALVAGE = {"stock_salvage": expected_stock_salvage, "capacity_salvage": capacity_salvage}
"""What is left at the ends of the futures, and lowers the expected cost."""

TERMS = {name: rule for family in FAMILIES for name, rule in vars(family).items() if name.startswith("cost_") and hasattr(rule, "label")}

COST_LABELS: Mapping[str, str] = {name: rule.label for name, rule in {**TERMS, **SALVAGE}.items()}
"""Each cost term, and what is left at the ends, as the families name it for people."""

RISK_LABEL: str = cvar.label


@dataclass(frozen=True)
class Costs:
    """What an answer costs, thousand USD.

    `terms` (nodes,) are the cost terms in each node, before probability and discount; `outlays`
    (nodes,) the public money spent in each node of the trunk by kind, undiscounted; `salvage`
    what is left at the ends, expected and discounted; `cvar` the average cost of the worst
    outcomes, None where there is no weight on them.
    """

    terms: Mapping[str, Floats]
    outlays: Mapping[str, Floats]
    salvage: Mapping[str, float]
    cvar: float | None

    def expected(self, weight: Floats) -> dict[str, float]:
        """Each cost term expected and discounted, and what is left at the ends, which is negative: they add to the expected cost."""
        spent = {name: float((amounts * weight).sum()) for name, amounts in self.terms.items()}
        return spent | {name: -worth for name, worth in self.salvage.items()}


@dataclass(frozen=True)
class CostBreakdown:
    """Of which columns each amount is made: in entry e, coefficient x value of `column[e]` is part of amount `row[e]` in node `node[e]`.

    The rows are `terms`, `outlays` and `totals`, in this order; totals stand in a node of their
    own after the last. The column after the last is the constant 1. The coefficients
    belong to one case and are kept apart from this, which belongs to a structure.
    """

    terms: tuple[str, ...]
    outlays: tuple[str, ...]
    totals: tuple[str, ...]
    nodes: int
    row: Ints
    node: Ints
    column: Ints

    def evaluate(self, coefficients: Floats, x: Floats) -> Costs:
        """The costs of an answer `x` (columns,)."""
        width = self.nodes + 1
        names = (*self.terms, *self.outlays, *self.totals)
        values: Floats = np.append(x, 1.0)[self.column] * coefficients
        amounts = np.bincount(self.row * width + self.node, values, minlength=len(names) * width).reshape(-1, width).astype(np.float64)
        found = dict(zip(names, amounts, strict=True))
        totals = {name: float(found[name][-1]) for name in self.totals}
        return Costs(
            {name: found[name][:-1] for name in self.terms},
            {name: found[name][:-1] for name in self.outlays},
            {name: totals[name] for name in SALVAGE},
            totals.get(cvar.__name__),
        )


def break_down(m: pyo.ConcreteModel, columns: Sequence[Any]) -> tuple[CostBreakdown, list[Any]]:
    """The breakdown of a model by its columns (variables that are in none of them are 0), and the coefficients: numbers, or expressions of parameters."""
    column_of = {id(variable): j for j, variable in enumerate(columns)}
    nodes, trunk = len(m.tree), m.tree.trunk
    by_node = {term: {n: amount(m, term, n) for n in m.component(term)} for term in m.terms}
    public = [outlays_by_kind(m, n) for n in range(trunk)]
    outlays = {kind: {n: public[n][kind] for n in range(trunk)} for kind in public[0]}
    totals = {name: rule(m) for name, rule in SALVAGE.items()}
    if m.RISK_LEAVES:
        totals[cvar.__name__] = cvar(m)
    rows = [*by_node.values(), *outlays.values(), *({nodes: total} for total in totals.values())]
    entries: list[tuple[int, int, int]] = []
    coefficients: list[Any] = []
    for row, amounts in enumerate(rows):
        for n, expression in amounts.items():
            for variable, coefficient in linear_terms(expression):
                column = len(columns) if variable is None else column_of.get(id(variable))
                if column is not None:
                    entries.append((row, n, column))
                    coefficients.append(coefficient)
    places = np.array(entries, dtype=np.int64).reshape(-1, 3).T
    return CostBreakdown(tuple(by_node), tuple(outlays), tuple(totals), nodes, *places), coefficients


def linear_terms(expression: Any) -> Iterator[tuple[Any, Any]]:
    """(variable, coefficient) of a linear expression, and (None, constant)."""
    if expression.__class__ not in native_numeric_types and expression.is_named_expression_type():
        expression = expression.expr
    for part in expression.args if expression.__class__ is LinearExpression else (expression,):
        if part.__class__ is MonomialTermExpression:
            coefficient, variable = part.args
            yield variable, coefficient
        else:
            repn = generate_standard_repn(part, compute_values=False)
            yield from zip(repn.linear_vars, repn.linear_coefs, strict=True)
            yield None, repn.constant
