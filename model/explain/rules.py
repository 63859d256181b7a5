"""Rules on the market and on decisions: share caps, floors, capacity floors and pins, with what there is nothing of to meet them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from inputs.address import address_of
from model.data.policy import since_year
from model.data.workspace import records
from model.explain.findings import Statement
from model.explain.loosened import Lever, Loosening
from model.explain.offers import yearly
from model.explain.words import amount


def add(of: Loosening) -> Iterator[Lever]:
    """The levers of every rule of policy, and of every pin."""
    yield from share_caps(of)
    yield from floors(of)
    yield from capacity_floors(of)
    yield from pins(of)


def share_caps(of: Loosening) -> Iterator[Lever]:
    """A cap multiplies what is supplied, so its slacks are tonnes, one for each row."""
    frame = of.case["share_caps"]
    for place, row in enumerate(records(frame)):
        indices = [index for index in of.data.sets["SHARE_CAPS"] if index[:2] == (row.material, row.country)]
        rows = {index: r for index in indices if (r := of.row("share_caps", index)) is not None}
        slacks = tuple(of.slack() for _ in rows)
        for r, slack in zip(rows.values(), slacks, strict=True):
            of.ease(r, slack, 1.0)
        if rows:
            cell = address_of(of.case, "share_caps", "cap", place)
            text = f"no more than {amount(of.case, 'share_caps', 'cap', row.cap)} of {row.material} from {row.country} in peace"
            yield Lever(Statement(cell, text), cell, slacks, before=float(row.cap), scale=yearly(of, row.material), caps=tuple(rows))


def floors(of: Loosening) -> Iterator[Lever]:
    """Floors of the program, and those of recycled material that nothing recycles, which it leaves out."""
    asked = since_year(of.case["floors"], ["material", "origin"], "share", of.data.tree.year[: of.data.tree.trunk])
    need: dict[tuple[str, int], float] = {}
    for (i, _k, n), tonnes in of.table("demand").items():
        need[i, n] = need.get((i, n), 0.0) + tonnes
    for place, row in enumerate(records(of.case["floors"])):
        if not row.share > 0:
            continue
        slack, nothing = of.slack(row.share), of.slack()
        mine = [index for index in asked if index[:2] == (row.material, row.origin)]
        missing = [index for index in mine if index not in of.data.sets["FLOORS"]]
        for i, origin, n in mine:
            r = of.row("floors", (i, origin, n))
            if r is None:
                r = of.new_row(row.share * need.get((i, n), 0.0), np.inf)
                of.put(r, nothing, 1.0)
                of.put(r, slack, need.get((i, n), 0.0))
            else:
                of.ease(r, slack, need.get((i, n), 0.0))
        cell = address_of(of.case, "floors", "share", place)
        whose = "made or offered at home" if row.origin == "home" else "recycled at home"
        text = f"at least {amount(of.case, 'floors', 'share', row.share)} of the demand for {row.material} {whose}"
        yield Lever(Statement(cell, text), cell, (slack,), -1.0, float(row.share), scale=float(row.share), asks_for=row.material)
        if missing:
            yield Lever(
                Statement("plants", f"no recycling plant at home makes {row.material} (plants)"),
                "",
                (nothing,),
                row_needed=f"A recycling plant at home for {{}} t of {row.material} a period",
            )


def capacity_floors(of: Loosening) -> Iterator[Lever]:
    """Capacity floors of the program, and those of kinds that cannot be ordered at home, which it leaves out."""
    plants, year = of.case["plants"], of.data.tree.year
    for place, row in enumerate(records(of.case["capacity_floors"])):
        nodes = [n for n in of.data.sets["TRUNK"] if year[n] == row.year]
        if not row.capacity > 0 or not nodes:
            continue
        slack, nothing = of.slack(row.capacity), of.slack()
        mine = plants[(plants["country"] == of.case.home) & (plants["kind"] == row.kind)]
        missing = [n for n in nodes if of.row("capacity_floors", (row.kind, n)) is None]
        for n in nodes:
            r = of.row("capacity_floors", (row.kind, n))
            if r is None:
                r = of.new_row(row.capacity - float(mine["opening_capacity"].sum()), np.inf)
                of.put(r, nothing, 1.0)
                of.put(r, slack, 1.0)
            else:
                of.ease(r, slack, 1.0)
        cell = address_of(of.case, "capacity_floors", "capacity", place)
        text = f"at least {amount(of.case, 'capacity_floors', 'capacity', row.capacity)} of kind {row.kind} at home in {row.year:g}"
        yield Lever(Statement(cell, text), cell, (slack,), -1.0, float(row.capacity), scale=float(row.capacity), asks_for=row.kind)
        if missing and not (mine["capacity_limit"] > 0).any():
            yield nothing_of(of, row.kind, mine, nothing)


def nothing_of(of: Loosening, kind: str, mine: Any, slack: int) -> Lever:
    """No plant of a kind can be ordered at home: the capacity_limit of the first that stands there, or a row that is missing."""
    if not len(mine):
        return Lever(
            Statement("plants", f"no plant of kind {kind} stands or can be built at home (plants)"),
            "",
            (slack,),
            row_needed=f"A plant of kind {kind} at home of {{}} t/yr",
        )
    row = of.case["plants"]["plant"].tolist().index(mine["plant"].iloc[0])
    cell = address_of(of.case, "plants", "capacity_limit", row)
    text = f"no capacity can be added to {mine['plant'].iloc[0]} (capacity_limit)"
    return Lever(
        Statement(cell, text),
        cell,
        (slack,),
        1.0,
        float(mine["capacity_limit"].iloc[0]),
        scale=max(float(mine["opening_capacity"].sum()), 1.0),
        at_best=True,
    )


def pins(of: Loosening) -> Iterator[Lever]:
    """Both ends of each pin; one that there is nothing of is a row of its own."""
    what = {"stock": "in store at the end of", "purchase": "bought or taken into the stockpile in", "order": "ordered in"}
    for place, row in enumerate(records(of.case["pins"])):
        index = (row.item, row.name, int(row.year))
        if row.at_least > 0:
            slack = of.slack(row.at_least)
            r = of.row("pins_at_least", index)
            if r is None:
                r, nothing = of.new_row(row.at_least, np.inf), of.slack()
                of.put(r, slack, 1.0)
                of.put(r, nothing, 1.0)
                sheet = "plants" if row.item == "order" else "supply"
                yield Lever(
                    Statement(sheet, f"nothing of {row.name} can be {what[row.item]} {row.year:g} ({sheet})"),
                    "",
                    (nothing,),
                    row_needed=f"A row in {sheet} that gives {{}} t of {row.name}",
                )
            else:
                of.ease(r, slack, 1.0)
            yield pin(of, place, "at_least", f"at least {{}} of {row.name} {what[row.item]} {row.year:g} (pins)", slack, -1.0)
        r = of.row("pins_at_most", index)
        if np.isfinite(row.at_most) and r is not None:
            slack = of.slack()
            of.ease(r, slack, 1.0)
            yield pin(of, place, "at_most", f"at most {{}} of {row.name} {what[row.item]} {row.year:g} (pins)", slack, 1.0)


def pin(of: Loosening, place: int, column: str, words: str, slack: int, per: float) -> Lever:
    """One end of a pin."""
    value = float(of.case["pins"][column].iloc[place])
    cell = address_of(of.case, "pins", column, place)
    unit = "pins" if of.case["pins"]["item"].iloc[place] != "order" else "plants"
    said = amount(of.case, "pins", column, value) if unit == "pins" else f"{amount(of.case, 'pins', column, value)}/yr"
    return Lever(
        Statement(cell, words.format(said)),
        cell,
        (slack,),
        per,
        value,
        scale=value or 1.0,
        asks_for=str(of.case["pins"]["name"].iloc[place]) if per < 0 else "",
    )
