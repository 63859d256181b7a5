"""What a share cap would have to be for an answer that breaks it."""

from __future__ import annotations

from model.explain.elastic import Failing
from model.explain.loosened import Lever, Loosened


def cap_needed(loosened: Loosened, lever: Lever, failing: Failing) -> float:
    """The largest share that the country has in any node, of what the cap counts."""
    data = loosened.data
    value = loosened.named(failing.x)
    made, quantity = data.index_maps["made"], data.table("quantity")
    shares = [lever.before]
    for i, x, n in lever.caps:
        bought = sum(value.get(("supply", (o, n)), 0.0) for o in data.index_maps["market_offers"].get((i, n), ()))
        output = sum(quantity[p, q, i] * value.get(("run", (p, q, n)), 0.0) for p, q in made.get(i, ()))
        everything = bought + output - value.get(("surplus", (i, n)), 0.0)
        from_there = sum(value.get(("supply", (o, n)), 0.0) for o in data.index_maps["country_offers"].get((i, x, n), ()))
        if everything > 0:
            shares.append(from_there / everything)
    return max(shares)
