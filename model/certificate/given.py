"""What the data give in a node, from the formulation page: arrays of one row a name and one column a node."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from inputs.arrays import Flags, Floats, Ints
from inputs.case import Case
from inputs.schema import EVERY
from model.certificate.nodes import Nodes


@dataclass(frozen=True)
class Given:
    """The numbers of section 3 of the page, each worked out when it is asked for."""

    case: Case
    nodes: Nodes

    def rows(self, sheet: str) -> list[Any]:
        """The rows of a sheet, as tuples with the names of its columns."""
        return list(self.case[sheet].itertuples(index=False))

    def numbers(self, sheet: str, column: str) -> Floats:
        """The numbers of a column, in the order of the sheet."""
        return self.case[sheet][column].to_numpy(dtype=float)

    def column(self, sheet: str, column: str) -> Floats:
        """The numbers of a column, as a column: to be spread over the nodes."""
        return self.numbers(sheet, column)[:, None]

    def names(self, sheet: str, column: str) -> list[str]:
        """The texts of a column, in the order of the sheet."""
        return [str(v) for v in self.case[sheet][column].to_numpy(dtype=object)]

    @cached_property
    def material(self) -> dict[str, int]:
        """The row of each material in `materials`."""
        return {name: i for i, name in enumerate(self.names("materials", "material"))}

    def materials_of(self, sheet: str, column: str = "material") -> list[int]:
        """The row in `materials` of the material of each row of a sheet."""
        return [self.material[name] for name in self.names(sheet, column)]

    @cached_property
    def price(self) -> Floats:
        """Of each material at the middle of each node, USD/kg."""
        return self.price_at(self.nodes.mid)

    def price_at(self, month: Floats) -> Floats:
        """Of each material at months, USD/kg: (materials, months)."""
        return self.column("materials", "price") * (1 + self.column("materials", "price_growth")) ** (month / 12)

    def of_cutoff(self, column: str, elsewhere: float) -> Floats:
        """A number of the node's cutoff, by node."""
        values = np.append(self.numbers("cutoffs", column), elsewhere)
        return np.where(self.nodes.trunk, elsewhere, values[self.nodes.cutoff])

    @cached_property
    def fade(self) -> Floats:
        """What is still felt of a cutoff: 1 in a branch, and after it the mean of max(0, 1 - (t-e)/recovery) over the node."""
        nodes = self.nodes
        recovery = self.of_cutoff("recovery", 0.0)

        def since(month: Floats) -> Floats:
            passed = np.minimum(month - nodes.ended, recovery)
            return passed - passed**2 / np.where(recovery > 0, 2 * recovery, 1)

        mean = np.where(recovery > 0, (since(nodes.end) - since(nodes.start)) / nodes.months, 0.0)
        return np.where(nodes.after, mean, nodes.branch * 1.0)

    @cached_property
    def losses(self) -> dict[tuple[str, str], list[tuple[Flags, float]]]:
        """By country and what is cut: in which nodes (of a cutoff, or after it: as when it ended), and the share lost."""
        nodes = self.nodes
        into = np.where(nodes.after, nodes.into[nodes.last], nodes.into)
        cutoffs = {name: i for i, name in enumerate(self.names("cutoffs", "cutoff"))}
        found: dict[tuple[str, str], list[tuple[Flags, float]]] = {}
        for r in self.rows("losses"):
            hit = (nodes.cutoff == cutoffs[r.cutoff]) & (into >= r.from_month) & (into < r.to_month)
            found.setdefault((r.country, r.material), []).append((hit, r.supply_lost))
        return found

    def lost(self, country: str, whats: tuple[str, ...]) -> Floats:
        """The share that a country loses in each node of what has these names, the narrowest first."""
        found = np.zeros(len(self.nodes))
        for what in reversed(whats):
            for hit, share in self.losses.get((country, what), []):
                found[hit] = share
        return found * self.fade

    def left(self, sheet: str, whats: list[tuple[str, ...]]) -> Floats:
        """available(o,n) of offers or plants: (names, nodes)."""
        kept: dict[tuple[str, tuple[str, ...]], Floats] = {}

        def lost(country: str, what: tuple[str, ...]) -> Floats:
            if (country, what) not in kept:
                kept[country, what] = self.lost(country, what)
            return kept[country, what]

        found = np.ones((len(whats), len(self.nodes)))
        places = zip(self.names(sheet, "country"), self.names(sheet, "depends_on"), self.numbers(sheet, "dependence"), whats, strict=True)
        for i, (country, other, dependence, what) in enumerate(places):
            found[i] = (1 - lost(country, what)) * (1 - dependence * lost(other, what))
        return found

    @cached_property
    def offers_left(self) -> Floats:
        """available(o,n): the share of an offer that a cutoff leaves."""
        return self.left("supply", [(m, EVERY) for m in self.names("supply", "material")])

    @cached_property
    def plants_left(self) -> Floats:
        """available(p,n): the share of a plant that a cutoff leaves."""
        return self.left(
            "plants", [(p, k, EVERY) for p, k in zip(self.names("plants", "plant"), self.names("plants", "kind"), strict=True)]
        )

    @cached_property
    def for_stockpile(self) -> Flags:
        """Which offers only the stockpile can buy from."""
        return np.array([b == "stockpile" for b in self.names("supply", "buyer")], dtype=bool)

    @cached_property
    def offer_part(self) -> Floats:
        """The share of a node's months in which an offer stands."""
        first = 12 * (self.column("supply", "first_year") - self.nodes.start_year)
        last = 12 * (self.column("supply", "last_year") + 1 - self.nodes.start_year)
        begin = np.fmax(first, self.nodes.start)
        end = np.fmin(last, self.nodes.end)
        part: Floats = np.maximum(0, end - begin) / self.nodes.months
        return part

    @cached_property
    def offer_exists(self) -> Flags:
        """(offers, nodes): where an offer exists."""
        nodes = self.nodes
        when = np.array(self.names("supply", "available"), dtype=object)[:, None]
        fits = (when == "always") | ((when == "cutoff") & nodes.branch) | ((when == "peace") & ~nodes.branch)
        exists: Flags = (~self.for_stockpile[:, None] | nodes.trunk) & fits.astype(bool) & (self.offer_part > 0)
        return exists

    @cached_property
    def offer_limit(self) -> Floats:
        """(offers, nodes), t: what an offer has at most; inf = no limit."""
        capacity, ramp = self.column("supply", "capacity"), self.column("supply", "ramp")
        starts = np.array([w == "cutoff" for w in self.names("supply", "available")], dtype=bool)[:, None]
        flow = np.where(starts & (ramp > 0), np.minimum(1, self.nodes.into / np.where(ramp > 0, ramp, 1)), 1.0)
        with np.errstate(invalid="ignore"):
            limit = capacity * self.nodes.years * self.offers_left * self.offer_part * flow
        return np.where(np.isinf(capacity), np.where(self.offers_left > 0, np.inf, 0.0), limit)

    @cached_property
    def offer_price(self) -> Floats:
        """USD/kg, by offer and node."""
        of = self.materials_of("supply")
        own, share = self.numbers("supply", "price"), self.numbers("supply", "price_share")
        at_start = np.where(np.isnan(own), share * self.numbers("materials", "price")[of], own)[:, None]
        growth = (1 + self.column("materials", "price_growth")[of]) ** (self.nodes.mid / 12)
        dearer = 1 + (self.of_cutoff("price_multiple", 1.0) - 1) * self.fade
        abroad = np.array([c != self.case.home for c in self.names("supply", "country")], dtype=bool)
        duty = 1 + self.column("supply", "tariff") * self.case.flag("count_tariffs")
        return at_start * growth * np.where((abroad & ~self.for_stockpile)[:, None], dearer, 1.0) * duty

    @cached_property
    def surplus_price(self) -> Floats:
        """(materials, nodes), USD/kg: what disposing of surplus costs."""
        cost = self.column("materials", "surplus_cost")
        return np.where(np.isnan(cost), -self.column("materials", "surplus_share") * self.price, cost)

    @cached_property
    def users(self) -> list[tuple[str, str]]:
        """(material, sector) of each row of `demand`."""
        return list(zip(self.names("demand", "material"), self.names("demand", "sector"), strict=True))

    @cached_property
    def demand(self) -> Floats:
        """t, by row of `demand` and node."""
        nodes = self.nodes
        usual = self.column("demand", "demand") * (1 + self.column("demand", "growth")) ** (nodes.mid / 12) * nodes.years
        cutoffs = self.names("cutoffs", "cutoff")
        surge = {(r.cutoff, r.sector): r.demand_multiple for r in self.rows("surges")}
        sectors = self.names("demand", "sector")
        multiple = np.array([[surge.get((c, s), 1.0) for c in cutoffs] + [1.0] for s in sectors]).reshape(len(sectors), len(cutoffs) + 1)
        return usual * np.where(nodes.branch, multiple[:, nodes.cutoff], 1.0)

    def by_material(self, amounts: Floats) -> Floats:
        """Amounts of the rows of `demand` added up by material."""
        found = np.zeros((len(self.material), len(self.nodes)))
        np.add.at(found, self.materials_of("demand"), amounts)
        return found

    def of_user(self, column: str) -> Floats:
        """The coverage or the months of each row of `demand`: its own, else its sector's."""
        of_sector = dict(zip(self.names("sectors", "sector"), self.numbers("sectors", column), strict=True))
        usual = np.array([of_sector[s] for _, s in self.users], dtype=float)
        own = self.numbers("demand", column)
        return np.where(np.isnan(own), usual, own)[:, None]

    @cached_property
    def short_limit(self) -> Floats:
        """(rows of `demand`, nodes), t: the most that may be short."""
        nodes = self.nodes
        step = self.case.number("crisis_period")
        protected = self.of_cutoff("protected", 0.0) > 0
        promised = nodes.branch & protected & (nodes.onset >= self.case.number("ready_by"))
        holds = promised & ((nodes.step + 1) * step <= self.of_user("cover_months"))
        return np.where(holds, (1 - self.of_user("coverage")) * self.demand, self.demand)

    @cached_property
    def shortage_price(self) -> Floats:
        """(rows of `demand`, nodes), USD/kg: what a tonne short costs."""
        of_sector = dict(zip(self.names("sectors", "sector"), self.numbers("sectors", "shortage_multiple"), strict=True))
        together = set(self.names("output_loss", "sector"))
        multiple = np.array([0.0 if s in together else of_sector[s] for _, s in self.users])[:, None]
        own = self.column("demand", "shortage_cost")
        return np.where(np.isnan(own), multiple * self.price[self.materials_of("demand")], own)

    @cached_property
    def tiers(self) -> list[tuple[str, str, float, float]]:
        """(sector, number of the tier, width, value) of each row of `output_loss`, from the first share on."""
        found = []
        for sector in dict.fromkeys(self.names("output_loss", "sector")):
            below = 0.0
            rows = sorted((r.up_to, r.value) for r in self.rows("output_loss") if r.sector == sector)
            for tier, (up_to, value) in enumerate(rows, 1):
                found.append((sector, str(tier), up_to - below, value))
                below = up_to
        return found

    def on_line(self, node: Ints, ordered: Ints, lead: float, ramp: float, life: float) -> Floats:
        """The shares on line in `node` of orders of the nodes `ordered`, which are on its path: the mean over its months."""
        nodes = self.nodes
        ready = nodes.start[ordered] + lead

        def until(month: Floats) -> Floats:
            passed = np.clip(month - ready, 0, 12 * life)
            rising = np.minimum(passed, ramp)
            return passed - rising + (rising**2 / (2 * ramp) if ramp > 0 else 0.0)

        return (until(nodes.end[node]) - until(nodes.start[node])) / nodes.months[node]
