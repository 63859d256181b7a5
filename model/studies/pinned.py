"""A plan's decisions as pins: what the stockpile takes in and what is ordered in peace, year by year."""

from __future__ import annotations

from collections.abc import Mapping

from inputs.arrays import Floats
from inputs.case import Case, typed_frame
from model.plan import Plan

DIGITS = 15
"""Significant digits of a pin: as many as a workbook keeps."""

NOTHING = 1e-9
"""t or t/yr: less is nothing, and pinned to it."""

COLUMNS = ("item", "name", "year", "at_least", "at_most")


def pinned(plan: Plan, values: Mapping[str, Floats], room: float = 0.0) -> Case:
    """The case of a plan with other decisions fixed, but for a share `room` of each; `values` are quantities as `Plan.values` has them.

    Every material that can be held and every plant that can be ordered is pinned in every year, to nothing where nothing is decided. Pins of
    stock that the case has stay; those of purchases and orders are met by these.
    """
    amounts = decided(plan, values)
    before = plan.case["pins"]
    kept = [row for row in before[list(COLUMNS)].itertuples(index=False, name=None) if (row[0], row[1], int(row[2])) not in amounts]
    rows = kept + [(*key, tidy(amount * (1 - room)), tidy(amount * (1 + room))) for key, amount in amounts.items()]
    columns = {name: [row[i] for row in rows] for i, name in enumerate(COLUMNS)}
    return plan.case.with_frame("pins", typed_frame("pins", columns, list(range(3, 3 + len(rows)))))


def decided(plan: Plan, values: Mapping[str, Floats]) -> dict[tuple[str, str, int], float]:
    """By item, name and year of the trunk: t taken into the stockpile, and t/yr ordered."""
    data, tree = plan.data, plan.tree
    years = tree.year.tolist()
    found: dict[tuple[str, str, int], float] = {}

    def add(item: str, name: str, node: int, amount: float) -> None:
        if node < tree.trunk:
            key = (item, name, int(years[node]))
            found[key] = found.get(key, 0.0) + amount

    offers = plan.case["supply"]
    bought = dict(zip(offers["offer"], offers["material"].where(offers["buyer"] == "stockpile", ""), strict=True))
    for (offer, n), amount in zip(data.sets["SUPPLY"], values["supply"].tolist(), strict=True):
        if bought[offer]:
            add("purchase", bought[offer], n, amount)
    if "offtake" in values:
        for (material, n), amount in zip(data.sets["OFFTAKES"], values["offtake"].tolist(), strict=True):
            add("purchase", material, n, amount)
    if "order" in values:
        for (plant, _, n), amount in zip(data.sets["ORDERS"], values["order"].tolist(), strict=True):
            add("order", plant, n, amount)
    return {key: amount if amount > NOTHING else 0.0 for key, amount in found.items()}


def tidy(amount: float) -> float:
    """An amount as a workbook keeps it."""
    return float(f"{amount:.{DIGITS}g}")
