"""Limits and requirements of a case that a planner can change: each a cell, and which limits of the program move with it, and by how much.

A number is here if the program's bounds and right sides move in step with it and nothing else does: coverage, limits of purchase, stock, release,
surplus, storage and thrift, days of cover, budgets, floors, pins, and what offers and plants can give at most. Cover counts by whole periods, and share caps stand among the coefficients (model/studies/steps.py has them); lead times and lags change which
rows there are, and prices the costs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from inputs.arrays import Floats, Ints
from inputs.schema import BY_NAME, SETTINGS
from model.data.workspace import records
from model.plan import Solved, columns_of
from model.solver.compile import rows_by_equation
from model.solver.program import Program

FACTS = ("supply", "plants", "thrift")
"""Sheets that say what the world gives; the others are decided by those who plan."""

ABOUT = {
    **{("materials", column): ("material",) for column in ("purchase_limit", "stock_limit", "release_limit", "surplus_limit")},
    ("share_caps", "cap"): ("material", "country"),
    ("supply", "capacity"): ("offer", "material", "buyer"),
    ("plants", "capacity_limit"): ("plant",),
    ("thrift", "limit"): ("option", "material", "sector"),
}
"""Limits that may be 0, and the columns that say what each is about."""


@dataclass(frozen=True)
class Shift:
    """By how much a unit more of a number moves some places of a side of the program: "low", "high" of columns, "row_low", "row_high"."""

    side: str
    places: Ints
    by: Floats


@dataclass(frozen=True)
class Limit:
    """A number of the case, at a row of a sheet (0 of a setting), about the things of `names`: its value in the schema's unit, and what moves with it."""

    sheet: str
    column: str
    row: int
    names: tuple[str, ...]
    value: float
    shifts: tuple[Shift, ...]
    stride: float | None = None

    @property
    def key(self) -> tuple[str, str, int]:
        """Sheet, column and row."""
        return self.sheet, self.column, self.row

    @property
    def kind(self) -> tuple[str, ...]:
        """Numbers of one kind are in one unit, so that a unit of one can be compared with that of another."""
        return (self.sheet, self.column, *self.names[2:] * (self.sheet == "supply"), *self.names[:1] * (self.sheet == "pins"))

    @property
    def fact(self) -> bool:
        """Whether it says what the world gives."""
        return self.sheet in FACTS

    @property
    def is_share(self) -> bool:
        """Whether people count it in percentage points."""
        return BY_NAME[self.sheet].column(self.column).high == 1

    @property
    def step(self) -> float:
        """How much of it is compared with others: a percentage point of a share, a million of a budget, else a hundredth of it (1 where it is 0); or its `stride`."""
        if self.stride is not None:
            return self.stride
        return 1.0 if self.column == "amount" else 0.01 if self.is_share or not self.value else 0.01 * self.value

    def room(self, sign: int) -> float:
        """How far it can go up (1) or down (-1) before it is out of the bounds of its column."""
        spec = BY_NAME[self.sheet].column(self.column)
        return spec.high - self.value if sign > 0 else self.value - spec.low


def limits(solved: Solved, program: Program) -> list[Limit]:
    """Every limit and requirement of a case that moves something of the program of its plan."""
    of = Places(solved, program)
    kinds = (coverage, of_materials, storage, budget, floors, capacity_floors, pins, offers, plants, thrift)
    return [limit for kind in kinds for limit in kind(of) if any(len(shift.places) for shift in limit.shifts)]


def zeros(of: Places, followed: list[Limit]) -> list[Limit]:
    """Limits of 0 that the program does not have as such, for what they limit has no place in it; nothing moves with them."""
    keys, case = {limit.key for limit in followed}, of.case
    found = [
        Limit(sheet, column, row, tuple(str(record[name]) for name in names), 0.0, ())
        for (sheet, column), names in ABOUT.items()
        for row, record in enumerate(case[sheet].to_dict("records"))
        if record[column] == 0
    ]
    if case.number("storage_limit") == 0:
        found.append(Limit(SETTINGS, "storage_limit", 0, (), 0.0, ()))
    return [limit for limit in found if limit.key not in keys]


class Places:
    """Where the variables and equations of a plan stand in its program."""

    def __init__(self, solved: Solved, program: Program) -> None:
        self.solved, self.program = solved, program
        self.case, self.data, self.tree = solved.plan.case, solved.plan.data, solved.plan.tree
        self.rows = rows_by_equation(program.rows)

    def columns(self, variable: str) -> Ints:
        """The columns of a variable over its set, -1 where it has none."""
        return columns_of(self.solved.model, self.program, variable)

    def row_of(self, equation: str) -> dict[Any, int]:
        """The row of each index of an equation."""
        return {self.program.rows[i].index(): i for i in self.rows.get(equation, np.empty(0, dtype=int)).tolist()}

    @cached_property
    def needed(self) -> dict[tuple[str, int], float]:
        """t that all sectors need of a material in a node."""
        found: dict[tuple[str, int], float] = {}
        for (i, _k, n), tonnes in self.data.table("demand").items():
            found[i, n] = found.get((i, n), 0.0) + tonnes
        return found


def column_shift(side: str, columns: Ints, by: Floats) -> Shift:
    """A shift of those columns that there are, and that move."""
    there = (columns >= 0) & (by != 0)
    return Shift(side, columns[there], by[there])


def row_shift(side: str, rows: list[tuple[int, float]]) -> Shift:
    """A shift of rows."""
    return Shift(side, np.array([row for row, _ in rows], dtype=np.int64), np.array([by for _, by in rows]))


def coverage(of: Places) -> Iterator[Limit]:
    """The coverage of each demand, and that of each sector, which holds where a demand has none of its own."""
    nodes, case = len(of.tree), of.case
    need, allowed = (of.data.values[name].reshape(-1, nodes) for name in ("demand", "short_limit"))
    columns = of.columns("shortage").reshape(-1, nodes)
    own, promised = case["demand"]["coverage"].to_numpy(), case.of_demands("coverage").tolist()
    of_sector = dict(zip(case["sectors"]["sector"], case["sectors"]["coverage"].tolist(), strict=True))
    shifts = [column_shift("high", columns[d], np.where(allowed[d] < need[d], -need[d], 0.0)) for d in range(len(need))]
    pairs = of.data.sets["DEMANDS"]
    for d, ((i, k), shift) in enumerate(zip(pairs, shifts, strict=True)):
        yield Limit("demand", "coverage", d, (i, k), promised[d], (shift,))
    for row, (k, share) in enumerate(of_sector.items()):
        mine = [shift for (_, sector), shift, given in zip(pairs, shifts, own, strict=True) if sector == k and np.isnan(given)]
        if mine:
            places, by = (np.concatenate([getattr(shift, part) for shift in mine]) for part in ("places", "by"))
            yield Limit("sectors", "coverage", row, (k,), share, (Shift("high", places, by),))


def of_materials(of: Places) -> Iterator[Limit]:
    """The limits of each material, and its days of cover."""
    names, tree, values = of.data.sets["MATERIALS"], of.tree, of.data.values
    stock, release, surplus = (of.columns(variable).reshape(len(names), -1) for variable in ("stock", "release", "surplus"))
    released, held = values["release_max"].reshape(len(names), -1), values["min_stock"].reshape(len(names), -1)
    bought = of.row_of("purchase_limit")
    for row, material in enumerate(records(of.case["materials"])):
        i = names[row]
        yearly = [(r, float(tree.yrs[n])) for n in range(tree.trunk) if (r := bought.get((i, n))) is not None]
        shifts = {
            "purchase_limit": row_shift("row_high", yearly),
            "stock_limit": column_shift("high", stock[row], np.full(tree.aftermath, float(material.stock_limit > 0))),
            "release_limit": column_shift("high", release[row], per_unit(released[row], material.release_limit)),
            "surplus_limit": column_shift("high", surplus[row], tree.yrs),
            "min_cover": column_shift("low", stock[row], per_unit(held[row], material.min_cover)),
        }
        for column, shift in shifts.items():
            value = float(getattr(material, column))
            if np.isfinite(value):
                yield Limit("materials", column, row, (i,), value, (shift,))


def per_unit(amounts: Floats, value: float) -> Floats:
    """Amounts that are in proportion to a number, for each unit of it; 0 where it is 0 or has no end."""
    return amounts / value if value > 0 and np.isfinite(value) else np.zeros(len(amounts))


def storage(of: Places) -> Iterator[Limit]:
    """The space of all materials together."""
    value = of.case.number("storage_limit")
    if np.isfinite(value):
        yield Limit(SETTINGS, "storage_limit", 0, (), value, (row_shift("row_high", [(r, 1.0) for r in of.row_of("storage").values()]),))


def budget(of: Places) -> Iterator[Limit]:
    """The money of each year; with carry-over it counts in all later years, too."""
    rows, carry = of.row_of("budget"), of.case.flag("budget_carryover")
    for place, row in enumerate(records(of.case["budget"])):
        later = [(r, 1000.0) for year, r in rows.items() if year == row.year or (carry and year > row.year)]
        yield Limit("budget", "amount", place, (f"{row.year:g}",), float(row.amount), (row_shift("row_high", later),))


def floors(of: Places) -> Iterator[Limit]:
    """The share of demand that is met from home, or recycled."""
    rows = of.row_of("floors")
    for place, row in enumerate(records(of.case["floors"])):
        mine = [(r, of.needed.get((i, n), 0.0)) for (i, origin, n), r in rows.items() if (i, origin) == (row.material, row.origin)]
        yield Limit("floors", "share", place, (row.material, row.origin), float(row.share), (row_shift("row_low", mine),))


def capacity_floors(of: Places) -> Iterator[Limit]:
    """The capacity of a kind that stands at home in a year."""
    rows = of.row_of("capacity_floors")
    for place, row in enumerate(records(of.case["capacity_floors"])):
        mine = [(r, 1.0) for (kind, n), r in rows.items() if kind == row.kind and of.tree.year[n] == row.year]
        yield Limit("capacity_floors", "capacity", place, (row.kind, f"{row.year:g}"), float(row.capacity), (row_shift("row_low", mine),))


def pins(of: Places) -> Iterator[Limit]:
    """Both ends of each pin."""
    for column, equation, side in (("at_least", "pins_at_least", "row_low"), ("at_most", "pins_at_most", "row_high")):
        rows = of.row_of(equation)
        for place, row in enumerate(records(of.case["pins"])):
            found = rows.get((row.item, row.name, int(row.year)))
            if found is not None:
                names = (row.item, row.name, f"{row.year:g}")
                yield Limit("pins", column, place, names, float(getattr(row, column)), (row_shift(side, [(found, 1.0)]),))


def offers(of: Places) -> Iterator[Limit]:
    """What each offer has a year."""
    names = np.array([o for o, _ in of.data.sets["SUPPLY"]], dtype=object)
    columns, most = of.columns("supply"), of.data.values["offer_limit"]
    for place, row in enumerate(records(of.case["supply"])):
        if np.isfinite(row.capacity) and row.capacity > 0:
            mine = np.flatnonzero(names == row.offer)
            shift = column_shift("high", columns[mine], most[mine] / row.capacity)
            yield Limit("supply", "capacity", place, (row.offer, row.material, row.buyer), float(row.capacity), (shift,))


def plants(of: Places) -> Iterator[Limit]:
    """What can be added to each plant."""
    rows = of.row_of("capacity_limit")
    for place, row in enumerate(records(of.case["plants"])):
        mine = [(r, 1.0) for (plant, _), r in rows.items() if plant == row.plant]
        if row.capacity_limit > 0:
            yield Limit("plants", "capacity_limit", place, (row.plant,), float(row.capacity_limit), (row_shift("row_high", mine),))


def thrift(of: Places) -> Iterator[Limit]:
    """The share of demand that an option can save."""
    names = np.array([t for t, _, _ in of.data.sets["SAVINGS"]], dtype=object)
    columns, most = of.columns("saving"), of.data.values["saving_max"]
    for place, row in enumerate(records(of.case["thrift"])):
        if row.limit > 0:
            mine = np.flatnonzero(names == row.option)
            shift = column_shift("high", columns[mine], most[mine] / row.limit)
            yield Limit("thrift", "limit", place, (row.option, row.material, row.sector), float(row.limit), (shift,))
