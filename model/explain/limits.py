"""Limits: of stock, storage, purchases, release and its lag, surplus, public money, and of the stockpile's own offers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from inputs.address import address_of
from model.explain.findings import Statement
from model.explain.loosened import FACT, Lever, Loosening
from model.explain.words import amount
from model.tree import EPS


def add(of: Loosening) -> Iterator[Lever]:
    """The levers of every limit on what is held, bought, released, disposed of and spent."""
    for row, i in enumerate(of.data.sets["MATERIALS"]):
        yield from limits_of(of, row, i)
    yield from opening_stock(of)
    yield from storage(of)
    yield from budget(of)
    yield from release_lag(of)


def of_material(of: Loosening, row: int, column: str, words: str, slack: int) -> Lever:
    """The lever of a number of a material, which rises with its slack."""
    value = float(of.case["materials"][column].iloc[row])
    cell = address_of(of.case, "materials", column, row)
    text = f"{words}: {amount(of.case, 'materials', column, value)}"
    return Lever(Statement(cell, text), cell, (slack,), 1.0, value, scale=value or 1.0)


def limits_of(of: Loosening, row: int, i: str) -> Iterator[Lever]:
    """The limits of one material that are set."""
    data, material = of.data, of.case["materials"].iloc[row]
    yrs, length = data.values["yrs"], data.tree.length
    if np.isfinite(material["stock_limit"]):
        slack = of.slack()
        for n in data.sets["HOLDING"]:
            if (column := of.column("stock", (i, n))) is not None:
                of.ease_bound(column, slack, 1.0)
        yield of_material(of, row, "stock_limit", f"stock limit of {i}", slack)
    if np.isfinite(material["purchase_limit"]):
        slack = of.slack()
        for n in data.sets["TRUNK"]:
            if (limit := of.row("purchase_limit", (i, n))) is not None:
                of.ease(limit, slack, yrs[n])
        of.purchase_slacks[i] = slack
        yield of_material(of, row, "purchase_limit", f"purchase limit of {i}", slack)
    if np.isfinite(material["release_limit"]):
        slack = of.slack()
        for n in data.sets["BRANCHES"]:
            if (column := of.column("release", (i, n))) is None:
                continue
            if can_release(of, n):
                of.ease_bound(column, slack, length[n])
            else:
                of.limit(column, material["release_limit"] * length[n], slack, length[n])
        yield of_material(of, row, "release_limit", f"release limit of {i}", slack)
    if np.isfinite(material["surplus_limit"]):
        slack = of.slack()
        for n in data.sets["NODES"]:
            if (column := of.column("surplus", (i, n))) is not None:
                of.ease_bound(column, slack, yrs[n])
        yield of_material(of, row, "surplus_limit", f"surplus limit of {i}", slack)


def begins(of: Loosening, n: int) -> float:
    """How many months into its cutoff a branch node begins."""
    return float(of.data.tree.elapsed[n] - of.data.tree.length[n] / 2)


def can_release(of: Loosening, n: int) -> bool:
    """Whether the lag is over when a branch node begins."""
    return begins(of, n) >= of.case.number("release_lag") - EPS


def release_lag(of: Loosening) -> Iterator[Lever]:
    """settings.release_lag: at the beginning of a node or earlier, release is open in it."""
    data, lag = of.data, of.case.number("release_lag")
    limits = dict(zip(data.sets["MATERIALS"], of.case["materials"]["release_limit"].tolist(), strict=True))
    closed = [n for n in data.sets["BRANCHES"] if not can_release(of, n)]
    levels = sorted({round(begins(of, n), 9) for n in closed}, reverse=True)
    if not levels:
        return
    slacks = [of.slack() for _ in levels]
    needed = np.zeros((len(data.sets["MATERIALS"]), len(data.tree)))
    row_of = {i: row for row, i in enumerate(data.sets["MATERIALS"])}
    for (i, _k, n), tonnes in of.table("demand").items():
        needed[row_of[i], n] += tonnes
    for i, n in data.sets["MATERIAL_BRANCHES"]:
        column = None if can_release(of, n) else of.column("release", (i, n))
        if column is not None:
            most = limits[i] * data.tree.length[n] if np.isfinite(limits[i]) else needed[row_of[i], n] or 1.0
            of.ease_bound(column, slacks[levels.index(round(begins(of, n), 9))], most)
    text = f"nothing is released before month {lag:g} of a cutoff (release_lag)"
    yield Lever(Statement("settings.release_lag", text), "settings.release_lag", tuple(slacks), before=lag, levels=tuple(levels), per=lag)


def opening_stock(of: Loosening) -> Iterator[Lever]:
    """Less of it may have to be there, where limits are below it."""
    for row, (i, value) in enumerate(zip(of.data.sets["MATERIALS"], of.case["materials"]["opening_stock"].tolist(), strict=True)):
        if value > 0:
            balance, column = of.row("stock_balance", (i, 0)), of.column("stock", (i, 0))
            assert balance is not None
            assert column is not None
            slack = of.slack(value)
            of.put(balance, slack, of.sign_in(balance, column) * of.table("retention")[i, 0])
            cell = address_of(of.case, "materials", "opening_stock", row)
            text = f"opening stock of {i}: {amount(of.case, 'materials', 'opening_stock', value)}"
            yield Lever(Statement(cell, text), cell, (slack,), -1.0, value, scale=value, weight=FACT)


def storage(of: Loosening) -> Iterator[Lever]:
    """settings.storage_limit, where it is set."""
    value = of.case.number("storage_limit")
    if np.isfinite(value):
        slack = of.slack()
        for n in of.data.sets["STORAGE"]:
            if (row := of.row("storage", n)) is not None:
                of.ease(row, slack, 1.0)
        text = f"storage limit: {amount(of.case, 'settings', 'storage_limit', value)} of all materials together"
        yield Lever(Statement("settings.storage_limit", text), "settings.storage_limit", (slack,), 1.0, value, scale=value or 1.0)


def budget(of: Loosening) -> Iterator[Lever]:
    """A year's money, in the rows of that year or, with carry-over, of all years from it on."""
    years = of.case["budget"]["year"].tolist()
    for place, year in enumerate(years):
        slack, value = of.slack(), float(of.case["budget"]["amount"].iloc[place])
        later = [y for y in of.data.sets["BUDGET_YEARS"] if y == year or (of.case.flag("budget_carryover") and y > year)]
        for y in later:
            if (row := of.row("budget", y)) is not None:
                of.ease(row, slack, 1000.0)
        if later:
            cell = address_of(of.case, "budget", "amount", place)
            text = f"budget of {year:g}: {amount(of.case, 'budget', 'amount', value)}"
            yield Lever(Statement(cell, text), cell, (slack,), 1.0, value, scale=value or 1.0)
