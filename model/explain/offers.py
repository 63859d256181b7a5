"""Offers: what the stockpile can buy from, in which years, and how much of it; and, as a fact, how much the market has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from inputs.address import address_of
from model.data.workspace import records
from model.explain.findings import Statement
from model.explain.loosened import FACT, Lever, Loosening
from model.explain.words import amount


def add(of: Loosening) -> Iterator[Lever]:
    """The levers of the stockpile's offers, and of materials that it has none of."""
    prices = prices_of_offers(of)
    for row, offer in enumerate(records(of.case["supply"])):
        if offer.buyer == "stockpile":
            limits = list(capacity(of, row, offer, FACT / 10))
            yield from limits
            yield from years(of, row, offer, prices, limits)
    bought = {i for i, _n in of.data.index_maps["stockpile_offers"]}
    offered = {offer.material for offer in records(of.case["supply"]) if offer.buyer == "stockpile" and offer.available != "cutoff"}
    prices_in_peace = of.table("price")
    for i in of.data.sets["MATERIALS"]:
        if i not in bought | offered:
            slack = of.slack()
            for n in of.data.sets["TRUNK"]:
                buying(of, i, n, of.part_of(slack), prices_in_peace[i, n])
            yield Lever(
                Statement("supply", f"no offer lets the stockpile buy {i} (supply)"), "", (slack,), per=of.case.number("period") / 12,
                scale=yearly(of, i), weight=FACT, row_needed=f"An offer of {{}} t/yr of {i} to the stockpile in supply",
            )  # fmt: skip


def add_facts(of: Loosening) -> Iterator[Lever]:
    """The levers of the market's offers."""
    for row, offer in enumerate(records(of.case["supply"])):
        if offer.buyer != "stockpile":
            yield from capacity(of, row, offer, FACT, fact=True)


def capacity(of: Loosening, row: int, offer: Any, weight: float, *, fact: bool = False) -> Iterator[Lever]:
    """What an offer has each year, in the nodes where it exists and a cutoff leaves some of it."""
    if not np.isfinite(offer.capacity):
        return
    slack, limits = of.slack(), of.table("offer_limit")
    for n in of.data.sets["NODES"]:
        column = of.column("supply", (offer.offer, n))
        if column is not None:
            of.ease_bound(column, slack, limits[offer.offer, n] / offer.capacity if offer.capacity else of.data.values["yrs"][n])
    cell = address_of(of.case, "supply", "capacity", row)
    most = amount(of.case, "supply", "capacity", offer.capacity)
    text = f"{offer.offer} offers no more than {most}" if fact else f"the stockpile can buy no more than {most} from {offer.offer}"
    yield Lever(Statement(cell, text), cell, (slack,), 1.0, float(offer.capacity), scale=offer.capacity or 1.0, weight=weight, fact=fact)


def prices_of_offers(of: Loosening) -> dict[str, float]:
    """USD/kg at month 0 of each offer, without its tariff."""
    frame, base = of.case["supply"], dict(zip(of.case["materials"]["material"], of.case["materials"]["price"], strict=True))
    own = frame["price_share"] * frame["material"].map(base).astype(float)
    return dict(zip(frame["offer"], frame["price"].fillna(own).astype(float), strict=True))


def years(of: Loosening, row: int, offer: Any, prices: dict[str, float], limits: Sequence[Lever]) -> Iterator[Lever]:
    """An offer before its first year, or after its last: buying in those years, the nearest first, no more than it has; `limits` is the lever of that."""
    tree = of.data.tree
    year = tree.year[: tree.trunk].tolist()
    for column, outside, nearest_last in (
        ("first_year", [n for n, y in enumerate(year) if y < offer.first_year], True),
        ("last_year", [n for n, y in enumerate(year) if y > offer.last_year], False),
    ):
        nodes = [n for n in outside if of.column("supply", (offer.offer, n)) is None]
        if not nodes or offer.available == "cutoff":
            continue
        levels = sorted({year[n] for n in nodes}, reverse=nearest_last)
        slacks = {y: of.slack() for y in levels}
        for n in nodes:
            part = of.part_of(slacks[year[n]])
            buying(of, offer.material, n, part, prices[offer.offer])
            for limit in limits:
                most = of.new_row(-np.inf, offer.capacity * of.data.values["yrs"][n])
                of.put(most, part, 1.0)
                of.put(most, limit.slacks[0], -of.data.values["yrs"][n])
        cell, value = address_of(of.case, "supply", column, row), float(getattr(offer, column))
        text = f"the stockpile can buy from {offer.offer} {'only from' if nearest_last else 'until'} {value:g} {'on ' if nearest_last else ''}({column})"
        yield Lever(
            Statement(cell, text),
            cell,
            tuple(slacks.values()),
            before=value,
            levels=tuple(float(y) for y in levels),
            scale=yearly(of, offer.material),
            weight=FACT / 10,
        )


def yearly(of: Loosening, material: str) -> float:
    """t/yr that is needed of a material at month 0; 1 where nobody needs it by itself."""
    frame = of.case["demand"]
    return float(frame["demand"][frame["material"] == material].sum()) or 1.0


def buying(of: Loosening, i: str, n: int, slack: int, price: float) -> None:
    """A slack of tonnes bought into the stockpile in a trunk node: in its balance, its purchase limit, its pins and the budget."""
    balance, stock = of.row("stock_balance", (i, n)), of.column("stock", (i, n))
    if balance is None or stock is None:
        return
    of.put(balance, slack, -of.sign_in(balance, stock))
    year = int(of.data.tree.year[n])
    for row in (of.purchase_row(i, n), of.row("pins_at_most", ("purchase", i, year))):
        if row is not None:
            of.put(row, slack, 1.0)
    least = of.row("pins_at_least", ("purchase", i, year))
    if least is not None:
        of.put(least, slack, 1.0)
    for y, nodes in of.data.index_maps["budget_nodes"].items():
        row = of.row("budget", y)
        if row is not None and n in nodes:
            of.put(row, slack, price)
