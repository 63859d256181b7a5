"""Offers: in which nodes each exists, how much of it there is, and at what price."""

from __future__ import annotations

import numpy as np

from model.sections.scratch import Scratch, grown

READS = {"supply", "materials", "losses", "cutoffs", "settings.count_tariffs"}


def numbers(s: Scratch) -> None:
    frame, tree, case = s.case["supply"], s.tree, s.case
    column = {c: frame[c].to_numpy() for c in frame.columns}
    trunk = tree.in_trunk[None, :]
    market = (column["buyer"] == "market")[:, None]
    starting = (column["available"] == "cutoff")[:, None]
    fits = (column["available"] == "always")[:, None] | np.where(trunk, (column["available"] == "peace")[:, None], starting)
    first = np.nan_to_num(column["first_year"], nan=-np.inf)[:, None]
    last = np.nan_to_num(column["last_year"], nan=np.inf)[:, None]
    exists = (market | trunk) & fits & (first <= tree.year) & (tree.year <= last)

    ramp = np.where(starting & (column["ramp"][:, None] > 0), column["ramp"][:, None], 1e-9)
    reach = s.available(frame, frame["material"]) * np.where(trunk, 1.0, np.minimum(1.0, tree.into / ramp))
    limited = np.isfinite(column["capacity"])[:, None]
    capacity = np.where(limited, column["capacity"][:, None], 1.0) * tree.yrs * reach
    limit = np.where(limited, capacity, np.where(reach > 0, np.inf, 0.0))

    rows = np.array([s.number_of[i] for i in frame["material"]], dtype=int)
    base = np.where(np.isnan(column["price"]), case["materials"]["price"].to_numpy()[rows], column["price"])
    multiples = dict(zip(case["cutoffs"]["cutoff"], case["cutoffs"]["price_multiple"], strict=True))
    dearer = np.where(market, np.array([multiples.get(c, 1.0) for c in s.cutoff]), 1.0)
    tariff = 1 + column["tariff"] * case.flag("count_tariffs")
    price = grown(base, case["materials"]["price_growth"].to_numpy()[rows], tree.mid) * dearer * tariff[:, None]
    s.put(offer_limit=limit[exists], offer_price=price[exists])
    s.shapes["offer_exists"] = exists


def sets(s: Scratch) -> None:
    frame = s.case["supply"]
    which, where = (index.tolist() for index in np.nonzero(s.shapes["offer_exists"]))
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
    s.links |= {"market_offers": market, "stockpile_offers": stockpile, "country_offers": country}
