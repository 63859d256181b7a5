"""Prices moved by less than they are known to, so that nothing without a limit earns by rounding.

A price is a float near the true one, and its column's reduced cost, which ought to be 0, is then
+-1e-15. Where the column has no bound that proves nothing at all. Any prices give a bound, so these are moved:
those of the risk to sums that are exact, those of a material a hair towards ones at which buying, holding,
releasing and disposing of it all lose, those of capacity up to what its runs earn.
"""

from __future__ import annotations

import numpy as np

from inputs.arrays import Flags, Floats, Ints
from model.certificate.program import Program

MARGIN = 1e-5
"""Relative, between the prices that are moved to and those at which something earns."""

ROOM = 1e-2
"""How far below its own size a price is moved to where nothing else says how low it can be."""

HAIRS = (1e-10, 1e-8, 1e-7)
"""How far prices of materials are moved towards those, tried one after the other."""


def settled(program: Program, prices: Floats, hair: float) -> Floats:
    """Prices of the rows, none further from those given than rounding and `hair`."""
    y = prices.copy()
    if "excess_cost" in program.rows:
        settle_risk(program, y)
    settle_materials(program, y, hair)
    settle_offtake(program, y)
    for equation, variable in (("capacity", "run"), ("capacity_limit", "order")):
        settle_limit(program, y, equation, variable)
    return y


def settle_risk(program: Program, y: Floats) -> None:
    """The leaves' weights in the tail add to eta's weight, and a node's is that of its leaves: all on one grid, where sums are exact."""
    over, to_date = program.rows["excess_cost"].at[0], program.rows["cost_so_far"].at[0]
    eta, excess = program.columns["eta"].at[0, -1], program.columns["excess"].at[0]
    total = float(program.cost[eta])
    grid = float(np.spacing(total))
    leaves = np.nonzero(over >= 0)[0]
    most = np.floor(program.cost[excess[leaves]] / grid) * grid
    share = np.floor(np.clip(y[over[leaves]], 0, most) / grid) * grid
    for i in np.argsort(-np.minimum(share, most - share)):
        share[i] = min(max(share[i] + (total - share.sum()), 0.0), most[i])
    y[over[leaves]] = share
    weight = np.zeros(len(over))
    weight[leaves] = share
    node_of = {int(row): n for n, row in enumerate(to_date) if row >= 0}
    held = {int(column): n for n, column in enumerate(program.columns["cost_to_date"].at[0]) if column >= 0}
    parent = {}
    for row, column, value in zip(*entries(program, program.rows["cost_so_far"].at, program.columns["cost_to_date"].at), strict=True):
        if value < 0:
            parent[node_of[int(row)]] = held[int(column)]
    for n in sorted(node_of.values(), reverse=True):
        y[to_date[n]] = weight[n]
        if n in parent:
            weight[parent[n]] += weight[n]


def entries(program: Program, rows: Ints, columns: Ints) -> tuple[Ints, Ints, Floats]:
    """The coefficients of some rows in some columns."""
    wanted_row, wanted_column = np.zeros(len(program.low), dtype=bool), np.zeros(len(program.lower), dtype=bool)
    wanted_row[rows[rows >= 0]] = True
    wanted_column[columns[columns >= 0]] = True
    kept = wanted_row[program.row] & wanted_column[program.column]
    return program.row[kept], program.column[kept], program.value[kept]


def reduced(program: Program, y: Floats) -> Floats:
    """c - A'y, rounded."""
    worth = np.bincount(program.column, program.value * y[program.row], len(program.cost))
    return np.asarray(program.cost - worth, dtype=np.float64)


def settle_materials(program: Program, y: Floats, hair: float) -> None:
    """Prices on the market and in store, a hair towards those at which every column without a bound loses."""
    market, store = program.rows["market_balance"].at[:, :-1], program.rows["stock_balance"].at
    unlimited = np.isinf(program.upper)
    own = np.zeros(len(y), dtype=bool)
    own[market] = True
    own[store[store >= 0]] = True
    rest = reduced(program, np.where(own, 0.0, y))
    low, high = room(program, market, unlimited & ~in_store(program, store), rest)
    y[:] = np.clip(y, low, high)
    target = y.copy()
    largest = np.maximum(np.abs(y[market]), np.abs(y[market]).max(axis=1, keepdims=True) / 1000)
    floor = np.where(np.isfinite(low[market]), low[market], y[market] - ROOM * largest)
    target[market] = np.minimum(floor + MARGIN * np.maximum(np.abs(y[market]), np.abs(floor)), (floor + high[market]) / 2)
    hold(program, target, rest, unlimited, y)
    y[own] += hair * (target[own] - y[own])


def in_store(program: Program, store: Ints) -> Flags:
    """Which columns stand in a stock balance."""
    found = np.zeros(len(program.lower), dtype=bool)
    inside = np.zeros(len(program.low), dtype=bool)
    inside[store[store >= 0]] = True
    found[program.column[inside[program.row]]] = True
    return found


def room(program: Program, rows: Ints, columns: Flags, rest: Floats) -> tuple[Floats, Floats]:
    """Between which prices of each of these rows none of these columns earns; `rest` is what each costs without that price."""
    low, high = np.full(len(program.low), -np.inf), np.full(len(program.low), np.inf)
    inside = np.zeros(len(low), dtype=bool)
    inside[rows] = True
    kept = inside[program.row] & columns[program.column] & ~np.isin(program.column, program.columns["run"].at)
    row, a, cost = program.row[kept], program.value[kept], rest[program.column[kept]]
    np.minimum.at(high, row[a > 0], cost[a > 0] / a[a > 0])
    np.maximum.at(low, row[a < 0], cost[a < 0] / a[a < 0])
    return low, np.maximum(high, low)


def hold(program: Program, target: Floats, rest: Floats, unlimited: Flags, y: Floats) -> None:
    """Prices in store from the last nodes back: worth more there than what a release earns, and than what holding on to it does, less than what buying it costs.

    The price of a balance of stock is what a tonne less in store costs: the worth of a tonne, negative.
    """
    store, market = program.rows["stock_balance"].at, program.rows["market_balance"].at
    stock, release = program.columns["stock"].at, program.columns["release"].at
    row, column, kept = entries(program, store, stock)
    before = np.full(len(program.low), -1)
    retention = np.zeros(len(program.low))
    before[row[kept < 0]], retention[row[kept < 0]] = column[kept < 0], -kept[kept < 0]
    buying = np.full(len(program.low), np.inf)
    row, column, _ = entries(program, store, program.columns["supply"].at)
    free = unlimited[column]
    np.minimum.at(buying, row[free], rest[column[free]])
    later = np.zeros(len(program.lower))
    scale = np.abs(np.where(store >= 0, y[store], 0.0))
    scale = MARGIN * np.maximum(scale, scale.max(axis=1, keepdims=True) / 1000)
    for n in range(store.shape[1] - 2, -1, -1):
        here = np.nonzero(store[:, n] >= 0)[0]
        if not len(here):
            continue
        rows, held, out = store[here, n], stock[here, n], release[here, n]
        keeping = np.where(unlimited[held], later[held] - rest[held], -np.inf)
        selling = np.where((out >= 0) & unlimited[out], target[market[here, n]] - rest[out], -np.inf)
        least = np.maximum(keeping, selling)
        known = np.isfinite(least)
        least = np.where(known, least, 0.0)
        worth = np.where(known, np.minimum(least + scale[here, n], (least + buying[rows]) / 2), -target[rows])
        target[rows] = -worth
        back = before[rows] >= 0
        np.add.at(later, before[rows[back]], retention[rows[back]] * worth[back])


def settle_offtake(program: Program, y: Floats) -> None:
    """The price of the limit of offtake, less by what runs earn by it (and last digits more), as far as no offtake earns: of a run that costs 1e14 the last digit is more than a cost."""
    rows = program.rows["offtake_limit"].at
    row, column, made = entries(program, rows, program.columns["run"].at)
    into, taken, _ = entries(program, rows, program.columns["offtake"].at)
    d = reduced(program, y)
    earns = np.spacing(np.abs(program.cost[column])) - d[column]
    less, spare = np.zeros(len(y)), np.zeros(len(y))
    np.maximum.at(less, row, -earns / made)
    spare[into] = np.clip(d[taken], 0.0, -y[into])
    y += np.minimum(less, spare)


def settle_limit(program: Program, y: Floats, equation: str, variable: str) -> None:
    """The price of a limit, up to what the columns below it earn (and a last digit more)."""
    rows, columns = program.rows[equation].at, program.columns[variable].at
    row, column, use = entries(program, rows, columns)
    d = reduced(program, y)
    earns = (d[column] < 0) & (use > 0)
    more = np.zeros(len(y))
    np.minimum.at(more, row[earns], d[column[earns]] / use[earns])
    y += more * (1 + 1e-12) - np.where(more < 0, 1e-15 * np.abs(y), 0.0)
