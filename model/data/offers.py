"""Offers: in which nodes each exists, how much of it there is, and at what price."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.data.losses import available
from model.data.workspace import Workspace

Mask = NDArray[np.bool_]

READS = {"supply", "materials", "losses", "cutoffs", "settings.count_tariffs"}


def numbers(s: Workspace) -> None:
    frame, tree, case = s.case["supply"], s.tree, s.case
    column = {c: frame[c].to_numpy() for c in ("first_year", "last_year", "ramp", "capacity", "price", "tariff")}
    trunk = tree.in_trunk[None, :]
    market, fits, starting = s.cached("offers", lambda: kinds(s))
    first = np.nan_to_num(column["first_year"], nan=-np.inf)[:, None]
    last = np.nan_to_num(column["last_year"], nan=np.inf)[:, None]
    exists = fits & (first <= tree.year) & (tree.year <= last)

    ramp = np.where(starting & (column["ramp"][:, None] > 0), column["ramp"][:, None], 1e-9)
    reach = available(s, "supply", s.text("supply", "material")) * np.where(trunk, 1.0, np.minimum(1.0, tree.elapsed / ramp))
    limited = np.isfinite(column["capacity"])[:, None]
    capacity = np.where(limited, column["capacity"][:, None], 1.0) * tree.yrs * reach
    limit = np.where(limited, capacity, np.where(reach > 0, np.inf, 0.0))

    rows = s.rows_of("supply", "material", "materials")
    base = np.where(np.isnan(column["price"]), case["materials"]["price"].to_numpy()[rows], column["price"])
    multiple = np.append(case["cutoffs"]["price_multiple"].to_numpy(), 1.0)[s.cutoff]
    tariff = 1 + column["tariff"] * case.flag("count_tariffs")
    price = base[:, None] * s.intermediates["growth"][rows] * np.where(market, multiple, 1.0) * tariff[:, None]
    s.put(offer_limit=limit[exists], offer_price=price[exists])
    s.structure["offer_exists"] = exists


def kinds(s: Workspace) -> tuple[Mask, Mask, Mask]:
    """(offers, 1): which are of the market; (offers, nodes): where each may be as to buyer and kind; (offers, 1): which begin with a cutoff."""
    trunk, available = s.tree.in_trunk[None, :], s.text("supply", "available")[:, None]
    market, starting = (s.text("supply", "buyer") == "market")[:, None], available == "cutoff"
    fits = (available == "always") | np.where(trunk, available == "peace", starting)
    return market, (market | trunk) & fits, starting


def sets(s: Workspace) -> None:
    frame = s.case["supply"]
    which, where = (index.tolist() for index in np.nonzero(s.structure["offer_exists"]))
    names = frame["offer"].tolist()
    keys = list(zip(frame["material"].tolist(), frame["buyer"].tolist(), frame["country"].tolist(), strict=True))
    market: dict[tuple[str, int], list[str]] = {}
    stockpile: dict[tuple[str, int], list[str]] = {}
    country: dict[tuple[str, str, int], list[str]] = {}
    for o, n in zip(which, where, strict=True):
        i, buyer, x = keys[o]
        if buyer == "stockpile":
            stockpile.setdefault((i, n), []).append(names[o])
        else:
            market.setdefault((i, n), []).append(names[o])
            country.setdefault((i, x, n), []).append(names[o])
    s.sets["SUPPLY"] = [(names[o], n) for o, n in zip(which, where, strict=True)]
    s.index_maps |= {"market_offers": market, "stockpile_offers": stockpile, "country_offers": country}
