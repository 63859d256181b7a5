"""The program of a plan with other bounds: no promise, no stock, the orders of others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from inputs.arrays import Floats, Ints
from model.data.compute import Data
from model.plan import Plan, Solved, all_columns, columns_of, plan_of
from model.second_rule import Decided, choose
from model.solver.compile import rows_by_equation
from model.solver.highs import Session
from model.solver.program import Program, Status


def most_in_store(data: Data) -> Floats:
    """(materials, trunk nodes): t that can be in store by then, by offers and limits alone: whatever money and plants allow, it is no more."""
    trunk, place = data.tree.trunk, {material: i for i, material in enumerate(data.sets["MATERIALS"])}
    supply = data.case["supply"]
    bought = dict(zip(supply["offer"], supply["material"].where(supply["buyer"] == "stockpile", ""), strict=True))
    offered = np.zeros((len(place), trunk))
    for (offer, n), limit in zip(data.sets["SUPPLY"], data.values["offer_limit"].tolist(), strict=True):
        if bought[offer] and n < trunk:
            offered[place[bought[offer]], n] += limit
    for material, n in data.sets["OFFTAKES"]:
        offered[place[material], n] = np.inf
    taken = np.minimum(offered, data.values["purchase_max"][:, None] * data.tree.yrs[:trunk])
    retention = data.values["retention"].reshape(len(place), -1)
    stock, limit = np.empty_like(taken), np.minimum(data.values["stock_limit"], data.case.number("storage_limit"))
    held = data.values["opening_stock"]
    for n in range(trunk):
        stock[:, n] = held = np.minimum(retention[:, n] * held + taken[:, n], limit)
    return stock


class Bounds:
    """The program of a plan with other bounds: what is changed is columns and right sides alone, so that the last basis still serves."""

    def __init__(self, solved: Solved, program: Program) -> None:
        self.solved, self.plan, self.program = solved, solved.plan, program
        self.rows = rows_by_equation(program.rows)

    def columns(self, variable: str) -> tuple[Ints, Ints]:
        """Of a variable those places in its set that have a column, and the columns."""
        columns = columns_of(self.solved.model, self.program, variable)
        places = np.flatnonzero(columns >= 0)
        return places, columns[places]

    def unpromised(self) -> Program:
        """All demand may be short."""
        places, columns = self.columns("shortage")
        high = self.program.high.copy()
        high[columns] = self.plan.data.values["demand"][places]
        return replace(self.program, high=high)

    def nothing(self, merchant: Plan) -> Program:
        """Without promise or stock, and with the orders of `merchant` in the trunk."""
        free = self.unpromised()
        low, high, row_low, row_high = free.low.copy(), free.high.copy(), free.row_low.copy(), free.row_high.copy()
        _, stock = self.columns("stock")
        low[stock] = high[stock] = 0.0
        for row in self.rows_where("stock_balance", lambda _material, node: bool(self.plan.tree.parent[node] < 0)):
            row_low[row] = row_high[row] = 0.0
        for equation in ("pins_at_least", "pins_at_most"):
            for row in self.rows_where(equation, lambda item, _name, _year: item != "order"):
                row_low[row], row_high[row] = -np.inf, np.inf
        ordered = dict(zip(merchant.data.sets["ORDERS"], merchant.values.get("order", np.empty(0)).tolist(), strict=False))
        members = self.plan.data.sets["ORDERS"]
        for place, column in zip(*(of.tolist() for of in self.columns("order")), strict=True):
            if members[place][-1] < self.plan.tree.trunk:
                low[column] = high[column] = max(ordered[members[place]], 0.0)
        return replace(free, low=low, high=high, row_low=row_low, row_high=row_high)

    def today(self, nothing: Program) -> Program:
        """`nothing`, with the opening stock in store, nothing added, and what is there released as the plan may."""
        low, high, row_low, row_high = nothing.low.copy(), nothing.high.copy(), nothing.row_low.copy(), nothing.row_high.copy()
        _, stock = self.columns("stock")
        high[stock] = self.program.high[stock]
        for row in self.rows_where("stock_balance", lambda _material, node: bool(self.plan.tree.parent[node] < 0)):
            row_low[row], row_high[row] = self.program.row_low[row], self.program.row_high[row]
        _, offtake = self.columns("offtake")
        high[offtake] = 0.0
        bought = set(self.plan.case["supply"].loc[self.plan.case["supply"]["buyer"] == "stockpile", "offer"])
        members = self.plan.data.sets["SUPPLY"]
        high[[c for p, c in zip(*(of.tolist() for of in self.columns("supply")), strict=True) if members[p][0] in bought]] = 0.0
        return replace(nothing, low=low, high=high, row_low=row_low, row_high=row_high)

    def rows_where(self, equation: str, wanted: Callable[..., bool]) -> list[int]:
        """The rows of an equation whose index is wanted."""
        return [row for row in self.rows.get(equation, np.empty(0, dtype=int)).tolist() if wanted(*self.program.rows[row].index())]

    def solved_with(self, session: Session, program: Program) -> Plan:
        """The plan of the session's answer to a program; of plans that cost the same, that which the second rule chooses."""
        session.change(program)
        answer, decided = session.solve(), Decided.LEFT_OUT
        if answer.status is Status.OPTIMAL:
            answer, decided = choose(self.plan.data, program, all_columns(self.solved.model, self.plan.data, program), answer)
        return plan_of(self.solved.model, self.plan.data, program, answer, {"solve": answer.seconds}, decided)
