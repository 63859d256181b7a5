"""Share caps that hold the market of a case to what it buys from one country in a plan, which pins cannot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from inputs.arrays import Floats
from inputs.case import Case, typed_frame
from model.plan import Plan

ROOM = 1e-6
"""A cap is so much above the share in the plan, of which the solver's rounding is a part."""

LESS = 1e-3
"""t: a cap that saves less is not written."""

COLUMNS = ("material", "country", "cap", "from_year")


class Shares(NamedTuple):
    """(materials, trunk nodes): t that the market buys from one country in peace, and t that it buys or home and others make, less surplus."""

    bought: Floats
    everything: Floats

    @property
    def share(self) -> Floats:
        """Share of the country, 0 where there is nothing."""
        return np.divide(self.bought, self.everything, out=np.zeros_like(self.bought), where=self.everything > LESS)


def shares(plan: Plan, values: Mapping[str, Floats], country: str) -> Shares:
    """What comes from a country in peace, with quantities as `Plan.values` has them, counted as `share_caps` does."""
    data, trunk = plan.data, plan.tree.trunk
    place = {material: i for i, material in enumerate(data.sets["MATERIALS"])}
    bought, everything = np.zeros((len(place), trunk)), np.zeros((len(place), trunk))
    offers = plan.case["supply"].set_index("offer")
    market = {o: (place[m], c == country) for o, m, c in zip(offers.index, offers["material"], offers["country"], strict=True)}
    stockpile = set(offers.index[offers["buyer"] == "stockpile"])
    for (offer, n), tonnes in zip(data.sets["SUPPLY"], values["supply"].tolist(), strict=True):
        if n < trunk and offer not in stockpile:
            i, ours = market[offer]
            everything[i, n] += tonnes
            bought[i, n] += tonnes * ours
    made: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for plant, mode, material, quantity in plan.case["recipes"][["plant", "mode", "material", "quantity"]].itertuples(
        index=False, name=None
    ):
        if quantity > 0:
            made.setdefault((plant, mode), []).append((place[material], quantity))
    if "run" in values:
        for (plant, mode, n), tonnes in zip(data.sets["RUNS"], values["run"].tolist(), strict=True):
            for i, quantity in made.get((plant, mode), ()) if n < trunk else ():
                everything[i, n] += quantity * tonnes
    if "surplus" in values:
        for (material, n), tonnes in zip(data.sets[plan.over["surplus"]], values["surplus"].tolist(), strict=True):
            if n < trunk:
                everything[place[material], n] -= tonnes
    return Shares(bought, everything)


def capped(case: Case, plan: Plan, values: Mapping[str, Floats], country: str) -> Case:
    """A case whose market buys no larger share from a country in peace than another plan has (`values`), where that is less than in `plan`.

    A cap holds from one year on; of each material it is the year that saves most. Caps that the case has stay.
    """
    before, after = shares(plan, plan.values, country), shares(plan, values, country).share
    kept = [tuple(row) for row in case["share_caps"][list(COLUMNS)].itertuples(index=False, name=None)]
    there = {(row[0], row[1]) for row in kept}
    rows, years = list(kept), plan.tree.year[: plan.tree.trunk]
    starts = np.flatnonzero(np.diff(years, prepend=-1)).tolist()  # a cap begins with a year
    for i, material in enumerate(plan.data.sets["MATERIALS"]):
        caps = np.maximum.accumulate(after[i, ::-1])[::-1] * (1 + ROOM) + ROOM
        saved = {n: float(np.maximum(before.bought[i, n:] - caps[n] * before.everything[i, n:], 0.0).sum()) for n in starts}
        best = max(saved, key=lambda n, of=saved: (of[n], -n))  # type: ignore[misc]
        if saved[best] > LESS and caps[best] < 1 and (material, country) not in there:
            rows.append((material, country, float(f"{caps[best]:.15g}"), float(plan.tree.year[best])))
    columns = {name: [row[k] for row in rows] for k, name in enumerate(COLUMNS)}
    return case.with_frame("share_caps", typed_frame("share_caps", columns, list(range(3, 3 + len(rows)))))
