"""What is promised, and for what: coverage, the month by which it is ready, the demand itself, and days of cover."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from inputs.address import address_of
from inputs.arrays import Floats
from model.explain.findings import Statement
from model.explain.loosened import FACT, PROMISE, Lever, Loosening
from model.explain.words import amount, calendar, percent
from model.tree import EPS


def add(of: Loosening) -> Iterator[Lever]:
    """The levers of coverage and demand of each demand, of ready_by and of min_cover."""
    ready = ReadyBy(of)
    yield from demands(of, ready)
    yield from min_cover(of, ready)
    yield from ready.lever()


class ReadyBy:
    """settings.ready_by: it may move to the last month in which a protected cutoff can begin, for beyond it nothing would be promised at all."""

    def __init__(self, of: Loosening) -> None:
        self.of, tree = of, of.data.tree
        self.before = of.case.number("ready_by")
        onsets = sorted({b.start for b in tree.branches if b.protected and b.start >= self.before - EPS})
        self.later = dict(pairwise(onsets))
        self.slacks = {onset: of.slack(1.0) for onset in self.later}

    def lever(self) -> Iterator[Lever]:
        """Its lever, where it can move."""
        if self.slacks:
            text = f"what is promised must hold from month {self.before:g} on ({calendar(self.of.case, self.before)})"
            yield Lever(
                Statement("settings.ready_by", text), "settings.ready_by", tuple(self.slacks.values()), before=self.before,
                levels=tuple(self.later.values()), per=max(12.0, self.before),
            )  # fmt: skip


def demands(of: Loosening, ready: ReadyBy) -> Iterator[Lever]:
    """The coverage of each demand, and the demand itself where something is asked for it."""
    data, nodes = of.data, len(of.data.tree)
    need = data.values["demand"].reshape(-1, nodes)
    allowed = data.values["short_limit"].reshape(-1, nodes)
    whole: dict[str, int] = {}
    for d, (i, k) in enumerate(data.sets["DEMANDS"]):
        promised = np.flatnonzero(allowed[d] < need[d] * (1 - 1e-12))
        given_up = of.slack(1.0)
        if len(promised):
            ease_promise(of, ready, (i, k), promised, need[d], allowed[d], given_up)
            yield coverage(of, d, promised, need[d], whole)
        if asks_otherwise(of, i, need[d], given_up) or len(promised):
            cell, before = address_of(of.case, "demand", "demand", d), float(of.case["demand"]["demand"].iloc[d])
            text = f"demand for {i} of {k}: {amount(of.case, 'demand', 'demand', before)}"
            yield Lever(Statement(cell, text), cell, (given_up,), -before, before, weight=FACT, of=i)


def coverage(of: Loosening, d: int, promised: Any, need: Floats, whole: dict[str, int]) -> Lever:
    """The coverage of one demand; `whole` are the slacks of cells that hold that of several."""
    i, k = of.data.sets["DEMANDS"][d]
    own = not np.isnan(of.case["demand"]["coverage"].iloc[d])
    at = ("demand", d) if own else ("sectors", of.case["sectors"]["sector"].tolist().index(k))
    share = float(of.case[at[0]]["coverage"].iloc[at[1]])
    cell, slack = address_of(of.case, at[0], "coverage", at[1]), of.slack(share)
    if cell not in whole:
        whole[cell] = of.slack(share)
    of.no_more_than(slack, whole[cell])
    for n in promised.tolist():
        of.ease_bound(short(of, i, k, n), slack, need[n], wide=need[n])
    return Lever(
        Statement(cell, coverage_text(of, d, share, promised)),
        cell,
        (slack,),
        -1.0,
        share,
        weight=PROMISE,
        priced=whole[cell],
        asks_for=i,
        sector=k,
    )


def short(of: Loosening, i: str, k: str, n: int) -> int:
    """The column of a shortage."""
    column = of.column("shortage", (i, k, n))
    assert column is not None  # each is in its market balance
    return column


def ease_promise(of: Loosening, ready: ReadyBy, pair: tuple[str, str], nodes: Any, need: Floats, allowed: Floats, given_up: int) -> None:
    """The promise of one demand gives way where ready_by is later, and where there is less demand (a share `given_up` of it)."""
    (i, k), tree = pair, of.data.tree
    for n in nodes.tolist():
        column = short(of, i, k, n)
        onset = float(tree.onset[n])
        if onset in ready.slacks:
            of.ease_bound(column, ready.slacks[onset], need[n] - allowed[n], wide=need[n])
        of.ease_bound(column, given_up, -allowed[n], wide=need[n])
        balance, surplus = of.row("market_balance", (i, n)), of.column("surplus", (i, n))
        assert balance is not None
        assert surplus is not None
        of.put(balance, given_up, -need[n] * of.sign_in(balance, surplus))
        for option, sector in of.data.index_maps["savings_from"].get((i, k), ()):
            saving = of.column("saving", (option, sector, n))
            if saving is not None:
                of.ease_bound(saving, given_up, -of.program.high[saving])
        left = of.row("demand_left", (i, k, n))
        if left is not None:
            of.ease(left, given_up, -need[n])


def asks_otherwise(of: Loosening, i: str, need: Floats, given_up: int) -> bool:
    """Floors and days of cover ask for a share of demand too; whether there are any for a material."""
    data, found = of.data, False
    for (material, origin, n), share in of.table("floor").items():
        row = of.row("floors", (material, origin, n))
        if material == i and share > 0 and row is not None:
            of.ease(row, given_up, share * need[n])
            found = True
    days = dict(zip(data.sets["MATERIALS"], of.case["materials"]["min_cover"].tolist(), strict=True))[i]
    if days > 0:
        for n in held_for_cover(of, i):
            of.ease_bound(stock(of, i, n), given_up, days / 365 * need[n] / data.tree.yrs[n], upper=False)
            found = True
    return found


def held_for_cover(of: Loosening, i: str) -> list[int]:
    """The nodes in which min_cover asks for stock of a material."""
    held = of.data.values["min_stock"].reshape(len(of.data.sets["MATERIALS"]), -1)
    return [int(n) for n in np.flatnonzero(held[of.data.sets["MATERIALS"].index(i)] > 0)]


def stock(of: Loosening, i: str, n: int) -> int:
    """The column of a stock."""
    column = of.column("stock", (i, n))
    assert column is not None  # each is in its stock balance
    return column


def min_cover(of: Loosening, ready: ReadyBy) -> Iterator[Lever]:
    """Days of cover, which ready_by delays too."""
    data = of.data
    least = of.table("min_stock")
    for row, (i, days) in enumerate(zip(data.sets["MATERIALS"], of.case["materials"]["min_cover"].tolist(), strict=True)):
        nodes = held_for_cover(of, i) if days > 0 else []
        if not nodes:
            continue
        slack = of.slack(days)
        for n in nodes:
            of.ease_bound(stock(of, i, n), slack, least[i, n] / days, upper=False)
            if data.tree.end[n] in ready.slacks:
                of.ease_bound(stock(of, i, n), ready.slacks[float(data.tree.end[n])], least[i, n], upper=False)
        cell = address_of(of.case, "materials", "min_cover", row)
        text = f"{i} for {amount(of.case, 'materials', 'min_cover', days)} of demand in store in peace (min_cover)"
        yield Lever(Statement(cell, text), cell, (slack,), -1.0, days, scale=days, asks_for=i)


def coverage_text(of: Loosening, d: int, share: float, promised: Any) -> str:
    """ "coverage of Dy for defense in 'conflict' from January 2029: 100 % for 36 months"."""
    tree, (i, k) = of.data.tree, of.data.sets["DEMANDS"][d]
    kinds = dict.fromkeys(f"'{tree.branches[b].cutoff}'" for b in tree.branch[promised].tolist())
    own = of.case["demand"]["cover_months"].iloc[d]
    sectors = of.case["sectors"]
    months = sectors["cover_months"].iloc[sectors["sector"].tolist().index(k)] if np.isnan(own) else own
    first = calendar(of.case, float(np.min(tree.onset[promised])))
    return f"coverage of {i} for {k} in {' and '.join(kinds)} from {first}: {percent(share)} for {months:g} months"
