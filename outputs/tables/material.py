"""One material at a time: its stock, its sources in peace and in its worst cutoff, and how well its users are covered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from inputs.arrays import Floats
from model.metrics import NOISE
from outputs.tables import coverage, stock, stockpile
from outputs.tables.report import DEMAND, MADE, OFFER, OFFTAKE, RELEASE, SAVING, SHORTAGE, SUBSTITUTE, SURPLUS, USED, Report
from outputs.tables.stockpile import gap
from outputs.tables.table import Table
from outputs.tables.waterfall import Waterfall, waterfalls

NAMED = 6
"""Offers and plants that a material shows by name; the smaller ones stand together."""

OTHERS = "all other offers and plants"
FILLERS = {RELEASE: "Out of the stockpile", SAVING: "Saved or substituted", SHORTAGE: "Short"}
NEEDED, INTO, LEFT_OVER = "Needed by sectors and plants", "Into the stockpile", "Surplus"
SLOTS = NAMED + 1 + len(FILLERS)
"""Places of a source, each with its colour: the named ones, the others, release, saving and shortage."""

ASKED = ("yes", "none asked", "for less than a crisis period")
"""What `promised` says in the protected cutoffs from ready_by on."""


@dataclass(frozen=True)
class Flow:
    """A flow in t: by year of peace, by period of the material's worst cutoff, and over each whole branch."""

    name: str
    peace: Floats
    cutoff: Floats
    branches: Floats

    @property
    def some(self) -> bool:
        """Whether it is more than noise anywhere."""
        return any(float(np.abs(f).max(initial=0)) > NOISE for f in (self.peace, self.cutoff, self.branches))


@dataclass(frozen=True)
class UserCover:
    """Coverage of a sector's use in its tightest protected cutoff; `required` is nan where none is asked."""

    sector: str
    required: float
    reached: float
    binding: bool
    where: str


@dataclass(frozen=True)
class Material:
    """What a page of a material shows.

    `figures` is its row of the Stockpile table, `stock` its row of the Stock table (in the
    planner's units, from the end of the first period on); `sources` has a flow for each of
    `SLOTS` places; `uses` are what they add up to; `branch` is its worst protected cutoff, -1 for none. `fall` says why so much is held, where the plan was studied.
    """

    name: str
    figures: Mapping[str, Any]
    stock: Floats
    sources: tuple[Flow, ...]
    uses: tuple[Flow, ...]
    branch: int
    sectors: tuple[UserCover, ...]
    fall: Waterfall | None = None


def material_pages(report: Report, tables: Mapping[str, Table]) -> list[Material]:
    """Every material in the order of the Stockpile table (the most valuable first)."""
    held = tables[stockpile.SHEET].frame.iloc[:-1].set_index("material", drop=False)
    stocks = tables[stock.STOCK].frame.set_index("material").iloc[:, 1:]
    worst = dict(zip(report.materials, gap(report).branch, strict=True))
    falls = waterfalls(tables)
    flows, covers = flows_by_material(report, worst), sectors_by_material(tables[coverage.SHEET].frame)
    return [
        Material(
            name,
            held.loc[name].to_dict(),
            stocks.loc[name].to_numpy(dtype=float),
            tuple(flows[name][:SLOTS]),
            tuple(flows[name][SLOTS:]),
            worst[name],
            tuple(covers.get(name, ())),
            None if falls is None else falls.get(name, Waterfall()),
        )
        for name in held.index
    ]


def flows_by_material(report: Report, worst: Mapping[str, int]) -> dict[str, list[Flow]]:
    """For each material its sources by place, then its uses."""
    market, tree = report.market, report.plan.tree
    values = market.to_numpy()
    peace = report.years.total(values)
    spans = [slice(nodes.start, nodes.stop) for nodes in map(tree.within, tree.branches)]
    over = np.array([values[:, span].sum(axis=1) for span in spans]).reshape(len(spans), len(values)).T
    levels = [market.index.get_level_values(n).to_numpy(dtype=object) for n in ("material", "kind", "source")]
    found: dict[str, list[Flow]] = {}
    for name in report.materials:
        rows = np.flatnonzero(levels[0] == name)
        kinds, sources = levels[1][rows], levels[2][rows]
        span = spans[worst[name]] if worst[name] >= 0 else slice(0, 0)
        by_row = [Flow(str(s), peace[r], values[r, span], over[r]) for r, s in zip(rows, sources, strict=True)]
        years = tree.yrs[: tree.trunk].sum(), tree.yrs[span].sum()
        found[name] = [*ranked([f for f, k in zip(by_row, kinds, strict=True) if k in (OFFER, MADE)], years, span, report)]
        for kind, label in FILLERS.items():
            found[name].append(added(label, [f for f, k in zip(by_row, kinds, strict=True) if k == kind], span, report))
        for label, plus in ((NEEDED, (DEMAND, USED, SUBSTITUTE)), (INTO, (OFFTAKE,)), (LEFT_OVER, (SURPLUS,))):
            used = [f if k == DEMAND else minus(f) for f, k in zip(by_row, kinds, strict=True) if k in plus]
            found[name].append(added(label, used, span, report))
    return found


def ranked(flows: list[Flow], years: tuple[float, float], span: slice, report: Report) -> list[Flow]:
    """The largest sources by t a year in peace or in the cutoff, "" in empty places, and the others together."""
    size = [max(f.peace.sum() / years[0], f.cutoff.sum() / max(years[1], NOISE)) for f in flows]
    order = sorted((i for i, f in enumerate(flows) if f.some), key=lambda i: -size[i])
    named = [flows[i] for i in order[:NAMED]]
    rest = [flows[i] for i in order[NAMED:]]
    empty = [added("", [], span, report)] * (NAMED - len(named))
    return [*named, *empty, added(OTHERS if rest else "", rest, span, report)]


def added(name: str, flows: list[Flow], span: slice, report: Report) -> Flow:
    """The sum of flows under one name."""
    zero = Flow(name, np.zeros(len(report.years.labels)), np.zeros(span.stop - span.start), np.zeros(len(report.plan.tree.branches)))
    return Flow(name, *(sum((getattr(f, part) for f in flows), getattr(zero, part)) for part in ("peace", "cutoff", "branches")))


def minus(flow: Flow) -> Flow:
    """A flow in the other direction."""
    return Flow(flow.name, -flow.peace, -flow.cutoff, -flow.branches)


def sectors_by_material(cover: pd.DataFrame) -> dict[str, list[UserCover]]:
    """For each material and sector the protected cutoff with the least coverage above what is required."""
    asked = cover[cover["promised"].isin(ASKED)]
    margin = (asked["reached"] - asked["required"].fillna(0)).astype(float).round(9)
    rank = asked.assign(margin=margin, unasked=asked["required"].isna() | (asked["promised"] != "yes"))
    rank = rank.sort_values(["unasked", "margin"], kind="stable").drop_duplicates(["material", "sector"]).sort_index()
    found: dict[str, list[UserCover]] = {}
    columns = ["material", "sector", "required", "reached", "binding", "cutoff", "onset", "unasked"]
    for material, sector, required, reached, binding, cutoff, onset, unasked in rank[columns].itertuples(index=False):
        required = float("nan") if unasked else float(required)
        found.setdefault(material, []).append(UserCover(sector, required, float(reached), binding == "yes", f"{cutoff} from {onset}"))
    return found
