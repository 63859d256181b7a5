"""A plan in futures, period by period: each period is solved knowing only what has come, and what is left in store goes on to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inputs.arrays import Floats, Ints
from inputs.case import Case
from model.solver.highs import Session
from model.solver.program import Program, Status
from model.stress.future import Future
from model.stress.names import Names
from model.stress.period import LEFT, Shape
from model.stress.periods import Periods
from model.stress.policy import Policy, StressError

TRUNK, CUTOFF, AFTER = 0, 1, 2
"""Places of a node: in peace before a cutoff, in one, after one."""


@dataclass(frozen=True)
class Trace:
    """A replayed future, by node in the last index; t, and thousand USD.

    `place` is TRUNK, CUTOFF or AFTER, `episode` the number of the cutoff that the node is of or follows (-1: none yet). `stock` is by material, at
    the end; `release` by material; `short` is by demand, all of it, and `broken` the part that breaks a promise; `allowed` is what may be short.
    `costs` are undiscounted, `loss` the part of them that is shortage, lost output and savings; `total` is the discounted cost of the future, less
    what is left at its end.
    """

    start: Floats
    length: Floats
    place: Ints
    episode: Ints
    stock: Floats
    release: Floats
    demand: Floats
    allowed: Floats
    short: Floats
    broken: Floats
    costs: Floats
    loss: Floats
    total: float


class Replayer:
    """Replays the futures of one plan. With `settle` the stockpile is sold as the first cutoff ends, as in the plan; else it is kept for the next one."""

    def __init__(self, case: Case, policy: Policy, *, settle: bool) -> None:
        self.case, self.policy, self.settle = case, policy, settle
        self.shape = Shape(Names(case))
        self.session: Session | None = None

    def periods(self, futures: Sequence[Future]) -> Periods:
        """The programs of all periods of futures, but for what is in store."""
        return Periods(self.case, self.policy, self.shape, futures, settle=self.settle)

    def trace(self, periods: Periods, f: int) -> Trace:
        """What came of one future, which depends on nothing but itself: its periods, one after the other. Raises StressError where one has no answer."""
        at, names = self.shape.columns, self.shape.names
        nodes = np.array(periods.numbers.paths.nodes[f])
        held = self.case["materials"]["opening_stock"].to_numpy()[names.held]
        answers: Floats = np.zeros((len(nodes), at.size))
        stock: Floats = np.zeros((len(nodes), len(names.held)))
        if self.session is not None:
            self.session.clear_basis()
        for place, n in enumerate(nodes.tolist()):
            before = held * periods.numbers.retention[names.held, n] * periods.keeps[n]
            answers[place] = self.solved(self.program(periods, n, before + periods.bought[n]))
            held = stock[place] = np.sum([answers[place, at[block]] for block in LEFT], axis=0)
        return self.told(periods, f, nodes, answers, stock)

    def program(self, periods: Periods, n: int, inflow: Floats) -> Program:
        """The program of a node, with what is in store or comes into it."""
        shape = self.shape
        row_low, row_high, entries = periods.row_low[n].copy(), periods.row_high[n].copy(), shape.entries.copy()
        row_low[shape.rows["store"]] = row_high[shape.rows["store"]] = inflow
        entries[shape.of_output] = periods.entries[n]
        low = np.zeros(shape.columns.size)
        return Program(periods.price[n], 0.0, low, periods.high[n], row_low, row_high, shape.starts, shape.indices, entries)

    def solved(self, program: Program) -> Floats:
        """The answer of a period."""
        if self.session is None:
            self.session = Session(program)
        else:
            self.session.change(program)
        answer = self.session.solve()
        if answer.status is not Status.OPTIMAL:
            raise StressError(f"a period has no answer ({answer.status} {answer.message}).")
        return np.maximum(answer.x, 0.0)

    def told(self, periods: Periods, f: int, nodes: Ints, answers: Floats, stock: Floats) -> Trace:
        """What came of a future."""
        at, names, tree, n = self.shape.columns, self.shape.names, periods.tree, periods.numbers
        costs = (periods.cost[nodes] * answers).sum(axis=1) + periods.fixed[nodes]
        losses = [block for name in ("short", "broken", "lost", "saving") for block in [at[name]]]
        loss: Floats = np.sum([(periods.cost[nodes][:, block] * answers[:, block]).sum(axis=1) for block in losses], axis=0)
        rate = self.case.number("discount_rate")
        place = np.where(tree.in_trunk[nodes], TRUNK, np.where(tree.in_branch[nodes], CUTOFF, AFTER))
        cutoffs = np.flatnonzero(place == CUTOFF)
        last = cutoffs[-1] if self.settle and len(cutoffs) else len(nodes) - 1
        price = n.terminal_price[names.held, nodes[last]] * n.multiple[names.held, nodes[last]]
        worth = self.case["materials"]["resale_share"].to_numpy()[names.held] * price
        left = float(tree.discount(tree.end[nodes[last : last + 1]], rate)[0] * (stock[last] * worth).sum())
        left += float(tree.discount(tree.end[nodes[-1:]], rate)[0]) * periods.built[f].left
        total = float((costs * tree.discount(tree.mid[nodes], rate)).sum()) - left
        by_material = np.zeros((2, names.materials, len(nodes)))
        by_material[0, names.held], by_material[1, names.held] = stock.T, answers[:, at["release"]].T
        first = int(tree.branch[nodes][tree.branch[nodes] >= 0].min(initial=len(tree.branches)))
        return Trace(
            tree.start[nodes],
            tree.length[nodes],
            place,
            np.where(tree.branch[nodes] >= 0, tree.branch[nodes] - first, -1),
            by_material[0],
            by_material[1],
            n.demand[:, nodes],
            np.minimum(n.short_limit, n.demand)[:, nodes],
            (answers[:, at["short"]] + answers[:, at["broken"]]).T,
            answers[:, at["broken"]].T,
            costs,
            loss,
            total,
        )
