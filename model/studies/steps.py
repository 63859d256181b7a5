"""What a step more and less of numbers costs that the program does not follow in step: a crisis period of cover, and a point of a share cap.

Cover counts by whole crisis periods, and a share cap multiplies what is supplied: the cost is no straight line in either. Each is solved one step up and one down.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from inputs.case import Case
from model.data.compute import compute
from model.data.workspace import records
from model.solver.program import Program
from model.studies.limits import Limit, Places
from model.tree import EPS


class Step(NamedTuple):
    """A number with the programs in which it is a step more (1) and less (-1); None where it cannot be followed, and `program` itself where that moves nothing."""

    limit: Limit
    programs: dict[int, Program | None]


def steps(of: Places) -> Iterator[Step]:
    """The cover of each sector that is promised some, and each share cap."""
    yield from cover(of)
    yield from share_caps(of)


def cover(of: Places) -> Iterator[Step]:
    """The months of cover of each sector, a crisis period more and less."""
    period = of.case.number("crisis_period")
    for row, sector in enumerate(records(of.case["sectors"])):
        if sector.coverage > 0 and sector.cover_months > 0:
            limit = Limit("sectors", "cover_months", row, (sector.sector,), float(sector.cover_months), (), stride=period)
            yield Step(limit, {sign: covered(of, row, sector.cover_months + sign * period) for sign in (1, -1)})


def covered(of: Places, row: int, months: float) -> Program | None:
    """The program with other months of cover for a sector; None where its structure is another."""
    if months < -EPS:
        return None
    data = compute(with_cover(of.case, row, max(months, 0.0)), of.data)
    if data.sets is not of.data.sets:
        return None
    before, after, columns = of.data.values["short_limit"], data.values["short_limit"], of.columns("shortage")
    moved = (columns >= 0) & (before != after)
    if not moved.any():
        return of.program
    high = of.program.high.copy()
    high[columns[moved]] = after[moved]
    return replace(of.program, high=high)


def with_cover(case: Case, row: int, months: float) -> Case:
    """The case with other months of cover for a sector."""
    cells = case["sectors"]["cover_months"].to_numpy(dtype=float).copy()
    cells[row] = months
    return case.with_frame("sectors", case["sectors"].assign(cover_months=cells))


def share_caps(of: Places) -> Iterator[Step]:
    """The share of each country, a percentage point more and less."""
    rows = of.row_of("share_caps")
    country_offers = of.data.index_maps["country_offers"]
    supplied = dict(zip(of.data.sets["SUPPLY"], of.columns("supply").tolist(), strict=True))
    for place, cap in enumerate(records(of.case["share_caps"])):
        mine = {r: country_offers.get(index, ()) for index, r in rows.items() if index[:2] == (cap.material, cap.country)}
        limit = Limit("share_caps", "cap", place, (cap.material, cap.country), float(cap.cap), ())
        if 0 < cap.cap < 1 and mine:
            found = {}
            for sign in (1, -1):
                share = cap.cap + sign * limit.step
                by_row = {r: {supplied[o, index[2]] for o in mine[r]} for index, r in rows.items() if r in mine}
                found[sign] = capped(of.program, by_row, float(cap.cap), share) if 0 < share <= 1 else None
            yield Step(limit, found)


def capped(program: Program, rows: dict[int, set[int]], before: float, after: float) -> Program:
    """The program with another share in some rows; the columns of the country in each have an entry of 1 less its share of all."""
    column = np.repeat(np.arange(len(program.cost)), np.diff(program.starts))
    entries = program.entries.copy()
    for row, country in rows.items():
        for at in np.flatnonzero(program.indices == row).tolist():
            own = 1.0 if int(column[at]) in country else 0.0
            entries[at] = own + (entries[at] - own) * after / before
    return replace(program, entries=entries)
