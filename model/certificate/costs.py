"""Section 6 of the formulation page: the costs of the program of a case, the budget that adds some of them up, and the risk."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from inputs.arrays import Floats, Ints
from model.certificate.constraints import Constraints
from model.certificate.program import Block, Entries, Program
from model.certificate.variables import year_text


class Costs(Constraints):
    """The program of one case with its costs."""

    def term(self, line: str, block: Block, price: Floats, keys: list[int] | None = None) -> None:
        """A line of the costs: thousand USD in its node for one more of each column, (keys, nodes)."""
        at = block.at[:, :-1] if keys is None else block.at[keys, :-1]
        price = np.broadcast_to(price, at.shape)
        nodes = np.broadcast_to(np.arange(len(self.nodes)), at.shape)
        there = at >= 0
        self.terms.setdefault(line, []).append((at[there], nodes[there], price[there]))

    def costs(self) -> None:
        """Section 6: every line of the costs, and the budget, which adds some of them up."""
        nodes, given = self.nodes, self.given
        price, years = given.price, nodes.years
        offers = np.arange(len(self.offer_material))
        for line, chosen in (("supply", ~given.for_stockpile), ("purchase", given.for_stockpile)):
            self.term(line, self.supply, given.offer_price[chosen], list(offers[chosen]))
        self.term("holding", self.stock, price * self.column("materials", "holding_rate") * years)
        turned = self.column("materials", "rotation_rate") * self.column("materials", "rotation_cost") * years
        self.term("rotation", self.stock, np.where(nodes.trunk, turned, 0.0))
        self.term("surplus", self.surplus, given.surplus_price)
        self.term("shortage", self.shortage, given.shortage_price)
        worth = np.array([[tier[3]] for tier in given.tiers], dtype=np.float64).reshape(-1, 1)
        self.term("lost_output", self.lost_output, worth * years * 1000)
        self.term("saving", self.saving, np.array([[option.cost] for option, _ in self.savings], dtype=float).reshape(-1, 1))
        self.term("run", self.run, self.column("modes", "variable_cost") / 1000)
        self.term("order", self.order, np.array([[speed.capex] for speed in self.speeds], dtype=float).reshape(-1, 1) / 1000)
        fixed = given.numbers("plants", "fixed_cost")
        self.terms["online"] = [
            (orders, node, share * fixed[speed.plant] * years[node] / 1000) for _, speed, node, orders, share in self.on_line
        ]
        self.budget()

    def budget(self) -> None:
        """The rows of `budget`: what the trunk spends of public money, undiscounted."""
        nodes, draft, given, case = self.nodes, self.draft, self.given, self.case
        listed = sorted(zip(given.numbers("budget", "year"), given.numbers("budget", "amount"), strict=True))
        keys = [(year_text(year),) for year, _ in listed]
        amounts = np.array([amount for _, amount in listed]) * 1000
        carries = case.flag("budget_carryover")
        amounts = np.cumsum(amounts) if carries else amounts
        rows = draft.equation("budget", keys, self.once(keys), -np.inf, amounts.reshape(-1, 1))
        share = given.numbers("plants", "public_share")
        for i, (year, _) in enumerate(listed):
            years = [y for y, _ in listed[: i + 1]] if carries else [year]
            spent = nodes.trunk & np.isin(nodes.year, years)
            for line in ("purchase", "holding", "rotation"):
                for columns, where, values in self.terms[line]:
                    inside = spent[where]
                    draft.add(rows.at[i, -1], columns[inside], values[inside])
            draft.add(rows.at[i, -1], self.offtake.at[:, :-1][:, spent], given.price[:, spent])
            for k, speed in enumerate(self.speeds):
                draft.add(rows.at[i, -1], self.order.at[k, :-1][spent], share[speed.plant] * speed.capex / 1000)

    def left(self) -> Iterator[tuple[str, Ints, Ints, Floats]]:
        """What is left at the ends: (line, columns, nodes, worth in that node, undiscounted) of stock where it is settled and of capacity at the leaves."""
        nodes, given = self.nodes, self.given
        worth = self.column("materials", "resale_share") * given.price_at(nodes.end)
        there = (self.stock.at[:, :-1] >= 0) & (nodes.settle > 0)
        _, where = np.nonzero(there)
        yield "stock_salvage", self.stock.at[:, :-1][there], where, worth[there]
        lives, rests = given.numbers("plants", "life"), given.numbers("plants", "residual_share")
        for i, speed in enumerate(self.speeds):
            age = nodes.end[:, None] - (nodes.start[None, :] + speed.lead)
            remaining = np.minimum(1, np.maximum(0, 1 - age / (12 * lives[speed.plant])))
            n, a = np.nonzero(nodes.on_path & (nodes.leaf > 0)[:, None] & (self.order.at[i, None, :-1] >= 0))
            base = given.numbers("plants", "capex")[speed.plant] * rests[speed.plant] / 1000
            yield "capacity_salvage", self.order.at[i, a], n, base * remaining[n, a]

    def objective(self) -> Program:
        """The program with its objective: expected cost less what is left, and the weight on the tail."""
        nodes, draft = self.nodes, self.draft
        salvage = list(self.left())
        weight = self.case.number("risk_weight")
        tail = list(self.risk(salvage)) if weight > 0 else []
        width = draft.width
        lines: dict[str, Floats] = {}
        terms: dict[str, Entries] = {}
        for line, parts in self.terms.items():
            columns, where, values = joined(parts)
            terms[line] = (columns, where, values * nodes.weight[where])
            lines[line] = np.zeros(width)
            np.add.at(lines[line], columns, terms[line][2])
        for line, columns, where, values in salvage:
            share = (nodes.settle if line == "stock_salvage" else nodes.leaf)[where]
            lines.setdefault(line, np.zeros(width))
            np.add.at(lines[line], columns, -values * share * nodes.discount(nodes.end)[where])
        cost = sum(lines.values(), np.zeros(width)) * (1 - weight)
        for columns, more in tail:
            cost[columns] += on_grid(weight * more, weight)
        return draft.finish(cost, lines, terms)

    def risk(self, salvage: list[tuple[str, Ints, Ints, Floats]]) -> Iterator[tuple[Ints, Floats | float]]:
        """The cost to date from node to node, the excess of each leaf, and eta; yields what they add to the objective for a weight of 1."""
        nodes, draft = self.nodes, self.draft
        counts = nodes.on_path.T @ (nodes.leaf > 0)
        eta = draft.variable("eta", [()], self.once([()]), np.inf, -np.inf)
        to_date = draft.variable("cost_to_date", [()], counts, np.inf, -np.inf)
        excess = draft.variable("excess", [()], nodes.leaf > 0)
        rows = draft.equation("cost_so_far", [()], counts, 0.0, 0.0)
        at = rows.at[0]
        draft.add(at, to_date.at[0], 1.0)
        before = np.where(nodes.parent >= 0, to_date.at[0, nodes.parent], -1)
        draft.add(at[:-1], before, -1.0)
        discount = nodes.discount(nodes.mid)
        for parts in self.terms.values():
            for columns, where, values in parts:
                draft.add(at[where], columns, -values * discount[where])
        over = draft.equation("excess_cost", [()], nodes.leaf > 0, 0.0, np.inf)
        here = over.at[0]
        draft.add(here, excess.at[0], 1.0)
        draft.add(here, eta.at[0, -1], 1.0)
        draft.add(here, to_date.at[0], -1.0)
        discount = nodes.discount(nodes.end)
        settled = np.where(nodes.after, nodes.last, np.arange(len(nodes)))
        for line, columns, where, values in salvage:
            if line == "stock_salvage":
                for leaf in np.nonzero(nodes.leaf > 0)[0]:
                    taken = where == settled[leaf]
                    draft.add(here[leaf], columns[taken], values[taken] * discount[where[taken]])
            else:
                draft.add(here[where], columns, values * discount[where])
        yield eta.at[0, -1:], 1.0
        leaves = np.nonzero(nodes.leaf > 0)[0]
        yield excess.at[0, leaves], nodes.leaf[leaves] / self.case.number("tail")


def on_grid(costs: Floats | float, largest: float) -> Floats | float:
    """Costs rounded up to the last digit of the largest, so that their sums are exact.

    With a tail of 1 the costs of the excesses add to that of eta; a last digit less, and eta would earn without end.
    """
    digit = float(np.spacing(largest))
    return np.ceil(costs / digit) * digit


def joined(parts: list[Entries]) -> Entries:
    """Several arrays of entries as one."""
    none = np.zeros(0, dtype=np.int64)
    columns, nodes, values = zip((none, none, np.zeros(0)), *parts, strict=True)
    return np.concatenate(columns), np.concatenate(nodes), np.concatenate(values)
