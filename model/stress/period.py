"""The program of one period: what market, plants and stockpile do in it, knowing nothing of the periods to come.

Of the plan's program it has the variables and rows of one node: supply, runs, release, shortage, savings, lost output, surplus, and home output
taken into store as far as the plan takes it. What is left in store is valued in three parts: `promised`, what the plan needs of it for the promises of
the periods that it lists, goes before every shortage that is not promised; `kept`, what else the plan keeps, is worth a hair more than `beyond`, the rest.
Shortage within the promise of coverage is a variable of its own, `broken`, at a price that goes before everything, what is left for later promises too.
So are tonnes that a rule of peace (share caps, floors) lacks. These prices are no cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import coo_array, csc_array

from inputs.arrays import Floats, Ints
from model.stress.names import Names

LEFT = ("promised", "kept", "beyond")
"""The parts of what is left in store."""


@dataclass(frozen=True)
class Blocks:
    """Blocks of columns or rows, one after the other."""

    sizes: dict[str, int]

    @cached_property
    def spans(self) -> dict[str, slice]:
        """Where each block stands."""
        ends = np.cumsum([0, *self.sizes.values()]).tolist()
        return {name: slice(begin, end) for name, begin, end in zip(self.sizes, ends, ends[1:], strict=False)}

    def __getitem__(self, name: str) -> slice:
        return self.spans[name]

    def at(self, name: str, places: Any = slice(None)) -> Ints:
        """The places of a block, or some of them."""
        span = self.spans[name]
        found: Ints = np.arange(span.start, span.stop)[places]
        return found

    @property
    def size(self) -> int:
        """How many there are in all."""
        return sum(self.sizes.values())


class Entries:
    """Coefficients in the making."""

    def __init__(self) -> None:
        self.rows: list[Ints] = []
        self.columns: list[Ints] = []
        self.values: list[Floats] = []

    def add(self, rows: Any, columns: Any, values: Any) -> None:
        """More coefficients."""
        row, column, value = np.broadcast_arrays(np.asarray(rows), np.asarray(columns), np.asarray(values, dtype=float))
        self.rows.append(np.atleast_1d(row).astype(np.int64))
        self.columns.append(np.atleast_1d(column).astype(np.int64))
        self.values.append(np.atleast_1d(value))


class Shape:
    """The columns, rows and coefficients of the program of any period of a case.

    Only the coefficients of lost output change from period to period: they are the demand, negative, at `of_output` in the
    entries, for the demands `output_demand`.
    """

    def __init__(self, names: Names) -> None:
        self.names = names
        demands, held = len(names.demand_material), len(names.held)
        rules = len(names.caps) + len(names.floors)
        self.columns = Blocks(
            {
                **{"supply": len(names.market), "run": len(names.mode_plant), "surplus": names.materials},
                **dict.fromkeys(("offtake", "release", *LEFT), held),
                **{"short": demands, "broken": demands, "lost": len(names.tier_sector), "saving": len(names.option_row), "lacking": rules},
            }
        )
        self.rows = Blocks(
            {
                **{"market": names.materials, "store": held, "capacity": names.plants, "left": len(names.demands_with_options)},
                **{"output": len(names.demands_with_output), "taken": held, "caps": len(names.caps), "floors": len(names.floors)},
            }
        )
        entries = Entries()
        self.market(entries)
        self.store(entries)
        self.demands(entries)
        self.rules(entries)
        matrix = self.assembled(entries)
        self.starts, self.indices = matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32)
        self.entries: Floats = matrix.data
        column = np.repeat(np.arange(self.columns.size), np.diff(matrix.indptr))
        lost, output = self.columns["lost"], self.rows["output"]
        inside = (column >= lost.start) & (column < lost.stop)
        self.of_output: Ints = np.flatnonzero(inside)
        self.output_demand: Ints = names.demands_with_output[matrix.indices[self.of_output] - output.start]

    def market(self, entries: Entries) -> None:
        """Market balance: what is supplied, made and released is used, taken into store, sold, or surplus."""
        names, rows, at = self.names, self.rows.at("market"), self.columns.at
        entries.add(rows[names.offer_material[names.market]], at("supply"), 1)
        entries.add(rows[names.recipe_material], at("run", names.recipe_mode), names.quantity)
        entries.add(rows[names.held], at("release"), 1)
        entries.add(rows[names.held], at("offtake"), -1)
        entries.add(rows, at("surplus"), -1)
        entries.add(rows[names.demand_material], at("short"), 1)
        entries.add(rows[names.demand_material], at("broken"), 1)
        entries.add(rows[names.demand_material[names.option_demand]], at("saving"), 1)
        other = np.flatnonzero(names.substitute >= 0)
        entries.add(rows[names.substitute[other]], at("saving", other), -names.substitute_rate[other])

    def store(self, entries: Entries) -> None:
        """Stock balance, and that home plants make what is taken into store."""
        names, store, taken, at = self.names, self.rows.at("store"), self.rows.at("taken"), self.columns.at
        for block, sign in (*((left, 1) for left in LEFT), ("release", 1), ("offtake", -1)):
            entries.add(store, at(block), sign)
        entries.add(taken, at("offtake"), 1)
        place = np.full(names.materials, -1)
        place[names.held] = np.arange(len(names.held))
        material, mode, quantity = names.made(names.home_plant)
        held = place[material] >= 0
        entries.add(taken[place[material[held]]], at("run", mode[held]), -quantity[held])

    def demands(self, entries: Entries) -> None:
        """Capacity, demand that is left to be saved, and output that is lost with the material that is shortest."""
        names, at = self.names, self.columns.at
        entries.add(self.rows.at("capacity", names.mode_plant), at("run"), names.capacity_use)
        with_options, with_output = names.demands_with_options, names.demands_with_output
        for block in ("short", "broken"):
            entries.add(self.rows.at("left"), at(block, with_options), 1)
            entries.add(self.rows.at("output"), at(block, with_output), 1)
        entries.add(self.rows.at("left", np.searchsorted(with_options, names.option_demand)), at("saving"), 1)
        row, tier = np.nonzero(names.demand_sector[with_output][:, None] == names.tier_sector[None, :])
        entries.add(self.rows.at("output", row), at("lost", tier), -1)

    def rules(self, entries: Entries) -> None:
        """Share caps and floors of peace."""
        names, at = self.names, self.columns.at
        of_market = names.offer_material[names.market]
        for r, cap in enumerate(names.caps):
            row, offers = self.rows.at("caps")[r], np.flatnonzero(of_market == cap.material)
            entries.add(row, at("supply", offers), (names.offer_country[names.market][offers] == cap.of) - cap.share)
            made, mode, quantity = names.made()
            entries.add(row, at("run", mode[made == cap.material]), -cap.share * quantity[made == cap.material])
            entries.add(row, at("surplus")[cap.material], cap.share)
            entries.add(row, at("lacking")[r], -1)
        for r, floor in enumerate(names.floors):
            row, home = self.rows.at("floors")[r], floor.of == "home"
            made, mode, quantity = names.made(names.home_plant if home else names.recycler)
            entries.add(row, at("run", mode[made == floor.material]), quantity[made == floor.material])
            entries.add(row, at("lacking")[len(names.caps) + r], 1)
            if home:
                entries.add(row, at("supply", np.flatnonzero((of_market == floor.material) & names.home_offer[names.market])), 1)
                entries.add(row, at("surplus")[floor.material], -1)

    def assembled(self, entries: Entries) -> csc_array:
        """The matrix by columns; coefficients of one place are added."""
        rows, columns, values = (np.concatenate(part) for part in (entries.rows, entries.columns, entries.values))
        return coo_array((values, (rows, columns)), shape=(self.rows.size, self.columns.size)).tocsc()
