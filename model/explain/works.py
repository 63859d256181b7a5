"""Plants, as facts: how much can be added, and how long that takes."""

from __future__ import annotations

from collections.abc import Iterator

from inputs.address import address_of
from model.data.workspace import records
from model.explain.findings import Statement
from model.explain.loosened import FACT, Lever, Loosening
from model.explain.words import amount


def add_facts(of: Loosening) -> Iterator[Lever]:
    """The levers of capacity_limit and of the shortest lead time of each plant that can be ordered."""
    for row, plant in enumerate(records(of.case["plants"])):
        ends = [n for p, n in of.data.sets["ORDER_PATHS"] if p == plant.plant]
        if not plant.capacity_limit > 0:
            continue
        more = of.slack()
        for n in ends:
            if (limit := of.row("capacity_limit", (plant.plant, n))) is not None:
                of.ease(limit, more, 1.0)
        cell = address_of(of.case, "plants", "capacity_limit", row)
        text = f"capacity that can be added to {plant.plant}: {amount(of.case, 'plants', 'capacity_limit', plant.capacity_limit)}"
        yield Lever(
            Statement(cell, text), cell, (more,), 1.0, float(plant.capacity_limit), scale=plant.capacity_limit, weight=FACT, fact=True
        )
        fast = plant.fast_lead_time < plant.lead_time
        column, months = ("fast_lead_time", plant.fast_lead_time) if fast else ("lead_time", plant.lead_time)
        if months > 0:
            earlier = of.slack()
            for n in of.data.sets["NODES"]:
                early(of, plant.plant, n, earlier, plant.capacity_limit, more)
            cell = address_of(of.case, "plants", column, row)
            text = f"{plant.plant} takes {amount(of.case, 'plants', column, months)} to build ({column})"
            yield Lever(Statement(cell, text), cell, (earlier,), -1.0, float(months), weight=FACT, fact=True, searched=True)


def early(of: Loosening, plant: str, n: int, earlier: int, limit: float, more: int) -> None:
    """Capacity on line in a node before its time: never more than capacity_limit, of which it is a part."""
    row, online = of.row("online_capacity", (plant, n)), of.column("online", (plant, n))
    if row is None or online is None:
        return
    of.put(row, of.part_of(earlier, limit), -of.sign_in(row, online))
    of.high[online] = min(of.high[online], limit)
    of.ease_bound(online, more, 1.0)
