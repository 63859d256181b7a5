"""Offers: in which nodes each exists, how much of it there is, and at what price."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inputs.arrays import Floats
from model.data.losses import available
from model.data.workspace import Workspace
from model.tree import EPS

Mask = NDArray[np.bool_]


def numbers(s: Workspace) -> None:
    frame, tree, case = s.case["supply"], s.tree, s.case
    column = {c: frame[c].to_numpy() for c in ("first_year", "last_year", "ramp", "capacity", "price", "price_share", "tariff")}
    market, fits, starting = s.cached("offers", lambda: kinds(s))
    part = years_of_node(s, column["first_year"], column["last_year"])
    exists = fits & (part > 0)

    ramps = starting & (column["ramp"][:, None] > 0) & tree.in_branch
    ramped = np.minimum(1.0, np.divide(tree.elapsed, column["ramp"][:, None], out=np.ones(ramps.shape), where=ramps))
    reach = available(s, "supply", [s.text("supply", "material")]) * ramped
    limited = np.isfinite(column["capacity"])[:, None]
    capacity = np.where(limited, column["capacity"][:, None], 1.0) * tree.yrs * reach * part
    limit = np.where(limited, capacity, np.where(reach > 0, np.inf, 0.0))

    rows = s.rows_of("supply", "material", "materials")
    base = np.where(np.isnan(column["price"]), column["price_share"] * case["materials"]["price"].to_numpy()[rows], column["price"])
    abroad = market & (s.text("supply", "country") != case.home)[:, None]
    tariff = 1 + column["tariff"] * case.flag("count_tariffs")
    price = base[:, None] * s.intermediates["growth"][rows] * np.where(abroad, crisis_multiple(s), 1.0) * tariff[:, None]
    s.put(offer_limit=limit[exists], offer_price=price[exists])
    s.structure["offer_exists"] = exists


def years_of_node(s: Workspace, first: Floats, last: Floats) -> Floats:
    """(offers, nodes): the share of the months of a node from January of the first year to December of the last."""
    tree = s.tree
    opens = np.nan_to_num(12 * (first - tree.start_year), nan=-np.inf)[:, None]
    closes = np.nan_to_num(12 * (last + 1 - tree.start_year), nan=np.inf)[:, None]
    part: Floats = np.clip(np.minimum(tree.end, closes) - np.maximum(tree.start, opens), 0.0, None) / tree.length
    return np.where(part > EPS, part, 0.0)


def crisis_multiple(s: Workspace) -> Floats:
    """(nodes,): what a cutoff makes of prices from abroad: its price_multiple, easing over its recovery."""
    tree = s.tree
    above = np.append(s.case["cutoffs"]["price_multiple"].to_numpy(), 1.0)[s.kind_of_cutoff] - 1
    multiple: Floats = 1 + above * np.where(tree.in_branch, 1.0, s.intermediates["fade"])
    return multiple


def kinds(s: Workspace) -> tuple[Mask, Mask, Mask]:
    """(offers, 1): which are of the market; (offers, nodes): where each may be as to buyer and kind; (offers, 1): which begin with a cutoff."""
    branch, available = s.tree.in_branch[None, :], s.text("supply", "available")[:, None]
    market, starting = (s.text("supply", "buyer") == "market")[:, None], available == "cutoff"
    fits = (available == "always") | np.where(branch, starting, available == "peace")
    return market, (market | s.tree.in_trunk[None, :]) & fits, starting


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
    home = {(i, n): offers for (i, x, n), offers in country.items() if x == s.case.home}
    s.index_maps |= {"home_offers": home, "market_offers": market, "stockpile_offers": stockpile, "country_offers": country}
