"""Section 4 of the formulation page: every variable of the program of a case, with its bounds, and what the rows go by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from inputs.arrays import Flags, Floats, Ints
from inputs.case import Case
from inputs.schema import EVERY
from model.certificate.given import Given
from model.certificate.nodes import Nodes, unfold
from model.certificate.program import Block, Draft, Entries, Key

NORMAL, FAST = "normal", "fast"


@dataclass(frozen=True)
class Speed:
    """A plant (its row in `plants`) at one speed of ordering: months of lead, and capex with the premium, USD per t/yr."""

    plant: int
    name: str
    lead: float
    capex: float


class Variables:
    """The program of one case as it is written down: its variables, and the ways to speak of them in a row."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.nodes: Nodes = unfold(case)
        self.given = Given(case, self.nodes)
        self.draft = Draft(self.nodes)
        self.materials = self.given.names("materials", "material")
        self.offer_material = self.given.materials_of("supply")
        self.user_material = self.given.materials_of("demand")
        self.runs = list(zip(self.given.names("modes", "plant"), self.given.names("modes", "mode"), strict=True))
        self.plants = self.given.names("plants", "plant")
        self.home_plants = {p for p, c in zip(self.plants, self.given.names("plants", "country"), strict=True) if c == case.home}
        self.kinds = dict(zip(self.plants, self.given.names("plants", "kind"), strict=True))
        self.speeds = list(self._speeds())
        self.terms: dict[str, list[Entries]] = {}
        """Of each cost line: columns, nodes and thousand USD in that node for one more of the column, before probability and discount."""

    def single(self, names: list[str]) -> list[Key]:
        """Names as keys of one index."""
        return [(name,) for name in names]

    def column(self, sheet: str, name: str) -> Floats:
        """The numbers of a column, to be spread over the nodes."""
        return self.given.column(sheet, name)

    def variables(self) -> None:
        """Section 4: every variable with its bounds."""
        nodes, given, draft, materials = self.nodes, self.given, self.draft, self.single(self.materials)
        holds = nodes.trunk | nodes.branch
        stock_limit = self.column("materials", "stock_limit")
        with np.errstate(invalid="ignore"):
            surplus_limit = self.column("materials", "surplus_limit") * nodes.years
            release_limit = self.column("materials", "release_limit") * nodes.months
        step = self.case.number("crisis_period")
        release_limit = np.where(nodes.step * step < self.case.number("release_lag"), 0.0, release_limit)
        self.supply = draft.variable("supply", self.single(given.names("supply", "offer")), given.offer_exists, given.offer_limit)
        self.stock = draft.variable("stock", materials, holds, stock_limit, self.least_stock())
        at_home = {m for _, m, _ in self.made(self.home_plants)}
        made_at_home = np.array([[m in at_home] for m in range(len(materials))])
        self.offtake = draft.variable("offtake", materials, nodes.trunk & made_at_home & (stock_limit > 0))
        self.release = draft.variable("release", materials, nodes.branch, release_limit)
        self.surplus = draft.variable("surplus", materials, True, surplus_limit)
        self.shortage = draft.variable("shortage", given.users, True, given.short_limit)
        tiers = given.tiers
        self.lost_output = draft.variable(
            "lost_output", [(s, up_to) for s, up_to, _, _ in tiers], True, np.array([[w] for *_, w, _ in tiers]).reshape(-1, 1)
        )
        self.savings = list(self._savings())
        limits = [
            given.demand[user] * share * (np.minimum(1, nodes.into / ramp) if ramp > 0 else 1.0)
            for user, share, ramp in ((u, o.limit, o.ramp) for o, u in self.savings)
        ]
        keys = [(str(option.option), given.users[user][1]) for option, user in self.savings]
        self.saving = draft.variable("saving", keys, nodes.branch, np.array(limits).reshape(-1, len(nodes)))
        self.run = draft.variable("run", self.runs, True)
        self.order = draft.variable("order", [(self.plants[s.plant], s.name) for s in self.speeds], self.can_order())

    def _savings(self) -> Iterator[tuple[Any, int]]:
        """Each row of `thrift` with each row of `demand` that it can save: `*` is one option for each sector."""
        for option in self.given.rows("thrift"):
            for user, (material, sector) in enumerate(self.given.users):
                if material == option.material and option.sector in (sector, EVERY):
                    yield option, user

    def _speeds(self) -> Iterator[Speed]:
        for i, p in enumerate(self.given.rows("plants")):
            if p.capacity_limit > 0:
                yield Speed(i, NORMAL, float(p.lead_time), float(p.capex))
                if not np.isnan(p.fast_lead_time):
                    yield Speed(i, FAST, float(p.fast_lead_time), float(p.capex * (1 + p.fast_premium)))

    def can_order(self) -> Flags:
        """(speeds, nodes): where an order can be placed."""
        nodes = self.nodes
        lead = np.array([s.lead for s in self.speeds]).reshape(-1, 1)
        first = self.given.numbers("plants", "first_year")[[s.plant for s in self.speeds]].reshape(-1, 1)
        over = nodes.horizon if self.case.flag("aftermath") else nodes.kind_end
        in_time = nodes.branch & (nodes.start + lead < over) & self.case.flag("crisis_orders")
        can: Flags = (nodes.trunk | in_time) & ~(nodes.year < first)
        return can

    def least_stock(self) -> Floats:
        """min_cover, t by material and node."""
        nodes = self.nodes
        due = nodes.trunk & (nodes.end >= self.case.number("ready_by"))
        yearly = self.given.by_material(self.given.demand) / nodes.years
        return np.where(due, self.column("materials", "min_cover") / 365 * yearly, 0.0)

    def made(self, plants: set[str]) -> list[tuple[int, int, float]]:
        """(run, material, t made per t of activity) of the recipes of some plants."""
        return [(run, m, q) for run, m, q in self.recipes if q > 0 and self.runs[run][0] in plants]

    @cached_property
    def recipes(self) -> list[tuple[int, int, float]]:
        """(run, material, t made, or used if negative, per t of activity)."""
        where = {key: i for i, key in enumerate(self.runs)}
        return [(where[r.plant, r.mode], self.given.material[r.material], r.quantity) for r in self.given.rows("recipes")]

    @cached_property
    def on_line(self) -> list[tuple[int, Speed, Ints, Ints, Floats]]:
        """Of each speed: its key in `order`; and node, column and share of each of its orders that is on line in a node."""
        ramps, lives = self.given.numbers("plants", "ramp"), self.given.numbers("plants", "life")
        found = []
        for i, speed in enumerate(self.speeds):
            node, at = np.nonzero(self.nodes.on_path & self.order.here[i, :-1])
            share = self.given.on_line(node, at, speed.lead, ramps[speed.plant], lives[speed.plant])
            found.append((i, speed, node[share > 0], self.order.at[i, at[share > 0]], share[share > 0]))
        return found

    def counts(self, plant: str, kind: str) -> bool:
        """Whether a plant stands at home and is of a kind."""
        return plant in self.home_plants and self.kinds[plant] == kind

    def add_each(self, rows: Block, columns: Block, pairs: list[tuple[int, int]], values: Floats | float = 1.0) -> None:
        """In each node: for each pair (key of the row, key of the column) one coefficient; values are (pairs,) or (pairs, nodes)."""
        if pairs:
            of, what = (list(v) for v in zip(*pairs, strict=True))
            values = np.asarray(values, dtype=float)
            values = values[:, None] if values.ndim == 1 else values
            n = self.draft.nodes
            self.draft.add(rows.at[of, :n], columns.at[what, :n], values)

    def same(self, block: Block) -> list[tuple[int, int]]:
        """Each key of a block with itself, where rows and columns have the same keys."""
        return [(i, i) for i in range(len(block.keys))]

    def bought(self) -> list[tuple[int, int]]:
        """(material, offer) of what the stockpile can buy."""
        return [(self.offer_material[o], o) for o in range(len(self.offer_material)) if self.given.for_stockpile[o]]

    def once(self, keys: Sequence[Key]) -> Flags:
        """Where rows that belong to no node stand."""
        where = np.zeros((len(keys), self.draft.nodes + 1), dtype=bool)
        where[:, -1] = True
        return where


def year_text(year: float) -> str:
    """A year as an index."""
    return str(round(year))
