"""Linear expressions of Pyomo taken apart: which variables, with which coefficients, and the constant."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pyomo.common.numeric_types import native_numeric_types
from pyomo.core.base.var import VarData
from pyomo.core.expr.numeric_expr import (
    LinearExpression,
    MonomialTermExpression,
    NegationExpression,
    ProductExpression,
    SumExpression,
)
from pyomo.repn import generate_standard_repn

SUMS = (LinearExpression, SumExpression)


@dataclass
class Terms:
    """The terms of expressions, one after the other: variables and coefficients, which are numbers or expressions of parameters.

    A variable stands as often as the expressions name it. The shapes that families write are
    read here, three times as fast as by Pyomo, which reads all others.
    """

    variables: list[Any] = field(default_factory=list)
    coefficients: list[Any] = field(default_factory=list)

    def add(self, expression: Any, factor: Any = 1.0) -> Any:
        """Add the terms of a factor times an expression; gives the constant. Raises ValueError where it is not linear."""
        kind = expression.__class__
        if kind is VarData:
            self.variables.append(expression)
            self.coefficients.append(factor)
            return 0.0
        if kind in SUMS:
            constant, variables, coefficients = 0.0, self.variables, self.coefficients
            for part in expression.args:
                kind = part.__class__
                if kind is MonomialTermExpression:
                    coefficient, variable = part.args
                    variables.append(variable)
                    coefficients.append(factor * coefficient)
                elif kind is VarData:
                    variables.append(part)
                    coefficients.append(factor)
                else:
                    constant += self.add(part, factor)
            return constant
        if kind in native_numeric_types or not expression.is_potentially_variable():
            return factor * expression
        if kind is NegationExpression:
            return self.add(expression.args[0], -factor)
        if kind is ProductExpression:
            left, right = expression.args
            if left.__class__ in native_numeric_types or not left.is_potentially_variable():
                return self.add(right, factor * left)
        if expression.is_named_expression_type():
            return self.add(expression.expr, factor)
        return self.add_any(expression, factor)

    def add_any(self, expression: Any, factor: Any) -> Any:
        """The same for an expression of any shape, by Pyomo."""
        found = generate_standard_repn(expression, compute_values=False)
        if not found.is_linear():
            raise ValueError(f"not linear: {expression}")
        self.variables += found.linear_vars
        self.coefficients += [factor * coefficient for coefficient in found.linear_coefs]
        return factor * found.constant
