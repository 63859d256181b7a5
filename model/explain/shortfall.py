"""The best plan where not all that is asked for can be: what is missing is priced, all limits hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from scipy.sparse import csc_array, hstack, vstack

from model.explain.loosened import Loosened
from model.plan import Plan, plan_of
from model.solver.highs import Session
from model.solver.program import Program, Status

DEAR = 1000.0
"""What a tonne that is promised and missing costs, as a multiple of its material's price; of capacity, of its capex."""

MESSAGE = f"this plan does not meet what is asked for; what is missing is priced at {DEAR:g} times its price"


def shortfall(loosened: Loosened, time_limit: float | None) -> Plan | None:
    """The plan of least cost, what is missing of promises, floors, days of cover and pins priced in every node; None where limits alone contradict.

    Its costs are those of the plan itself, without that price.
    """
    whole = loosened.whole
    answer = Session(priced(loosened), time_limit=time_limit).solve()
    if answer.status is not Status.OPTIMAL:
        return None
    n, m = len(whole.cost), len(whole.row_low)
    x = answer.x[:n].copy()
    copied = [column for column, _ in beyond_promise(loosened)]
    np.add.at(x, copied, answer.x[n : n + len(copied)])
    met = replace(
        answer, objective=float(whole.cost @ x) + whole.offset, x=x, row_dual=answer.row_dual[:m], reduced_cost=answer.reduced_cost[:n]
    )
    return replace(plan_of(loosened.model, loosened.data, whole, met, {"solve": answer.seconds}), message=MESSAGE)


def beyond_promise(loosened: Loosened) -> Iterator[tuple[int, float]]:
    """The columns of shortages that a promise limits, and how much more could be short."""
    needed, allowed = loosened.data.table("demand"), loosened.data.table("short_limit")
    for j, variable in enumerate(loosened.whole.columns):
        if variable.parent_component().local_name == "shortage" and allowed[variable.index()] < needed[variable.index()]:
            yield j, needed[variable.index()] - allowed[variable.index()]


def priced(loosened: Loosened) -> Program:
    """The whole program with a second, dear shortage where a promise limits the first, and dear slacks of floors, pins and days of cover."""
    whole, prices = loosened.whole, loosened.data.table("price")
    beyond = list(beyond_promise(loosened))
    short = [whole.columns[j].index() for j, _ in beyond]
    asking = list(missing_rows(loosened))
    rows, signs, dear = [row for row, _, _ in asking], [sign for _, sign, _ in asking], [price for _, _, price in asking]
    covers = [j for j, low in enumerate(whole.low) if low > 0]
    n, m, extra = len(whole.cost), len(whole.row_low), len(rows) + len(covers)
    slack = csc_array(
        ([*signs, *np.ones(len(covers))], ([*rows, *range(m, m + len(covers))], range(extra))), shape=(m + len(covers), extra)
    )
    cover = csc_array((np.ones(len(covers)), (range(len(covers)), covers)), shape=(len(covers), n))
    own = vstack([whole.matrix, cover], format="csc")
    matrix = hstack([own, own[:, [j for j, _ in beyond]], slack], format="csc")
    low = whole.low.copy()
    low[covers] = 0.0
    return Program(
        cost=np.concatenate([
            whole.cost,
            whole.cost[[j for j, _ in beyond]] + DEAR * np.array([prices[i, node] for i, _, node in short]),
            DEAR * np.array([*dear, *(prices[whole.columns[j].index()] for j in covers)]),
        ]),
        offset=whole.offset,
        low=np.concatenate([low, np.zeros(len(beyond) + extra)]),
        high=np.concatenate([whole.high, [most for _, most in beyond], np.full(extra, np.inf)]),
        row_low=np.append(whole.row_low, whole.low[covers]),
        row_high=np.append(whole.row_high, np.full(len(covers), np.inf)),
        starts=matrix.indptr.astype(np.int32),
        indices=matrix.indices.astype(np.int32),
        entries=matrix.data,
    )  # fmt: skip


def missing_rows(loosened: Loosened) -> Iterator[tuple[int, float, float]]:
    """The rows that ask for something at least, or that opening stock fits in; the sign of what is missing in each, and the price of a unit."""
    prices, capex = loosened.data.table("price"), loosened.data.table("capex")
    dearest = max([1.0, *(amount / 1000 for amount in capex.values())])
    opening = loosened.data.table("opening_stock")
    sign_of_stock = signs_of(loosened, "stock")
    for r, row in enumerate(loosened.whole.rows):
        name, index = row.parent_component().local_name, row.index()
        if name == "floors":
            yield r, 1.0, prices[index[0], index[2]]
        elif name == "capacity_floors":
            yield r, 1.0, dearest
        elif name == "pins_at_least":
            yield r, 1.0, dearest if index[0] == "order" else prices[index[1], 0]
        elif name == "stock_balance" and index[1] == 0 and opening[index[0]] > 0:
            yield r, sign_of_stock[r], prices[index]


def signs_of(loosened: Loosened, name: str) -> dict[int, float]:
    """The sign that the columns of a variable at the root have in each row."""
    whole = loosened.whole
    roots = [j for j, v in enumerate(whole.columns) if v.parent_component().local_name == name and v.index()[-1] == 0]
    part = whole.matrix[:, roots].tocoo()
    return dict(zip(part.row.tolist(), np.sign(part.data).tolist(), strict=True))
