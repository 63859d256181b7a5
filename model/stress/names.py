"""What the rows of a case's sheets refer to: all that the shape of a period's program hangs on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from inputs.arrays import Flags, Floats, Ints
from inputs.case import Case
from inputs.schema import RECYCLING
from model.data.savings import options
from model.data.workspace import records
from model.stress.future import Future
from model.stress.numbers import computed
from model.stress.paths import paths_of


class Rule(NamedTuple):
    """A share cap of a country, or a floor of an origin: the row of its material, its share, and the year from which it holds (nan: always)."""

    material: int
    of: str
    share: float
    since: float


class Names:
    """Places of rows among the rows of another sheet; `held` are the materials that can be in store, `market` the offers to the market."""

    def __init__(self, case: Case) -> None:
        s = computed(case, paths_of(case, [Future()]), None)
        materials, plants, supply, sectors = (case[sheet] for sheet in ("materials", "plants", "supply", "sectors"))
        self.materials, self.plants = len(materials), len(plants)
        self.held = np.flatnonzero(materials["stock_limit"].to_numpy() > 0)
        self.market = np.flatnonzero((supply["buyer"] == "market").to_numpy())
        self.offer_material = s.rows_of("supply", "material", "materials")
        self.offer_country = supply["country"].to_numpy()
        self.home_offer = (supply["country"] == case.home).to_numpy()
        self.demand_material, self.demand_sector = s.rows_of("demand", "material", "materials"), s.rows_of("demand", "sector", "sectors")
        self.mode_plant, self.recipe_material = s.rows_of("modes", "plant", "plants"), s.rows_of("recipes", "material", "materials")
        modes = {pair: row for row, pair in enumerate(zip(case["modes"]["plant"], case["modes"]["mode"], strict=True))}
        self.recipe_mode: Ints = np.array(
            [modes[pair] for pair in zip(case["recipes"]["plant"], case["recipes"]["mode"], strict=True)], dtype=np.int64
        )
        self.quantity = s.values["quantity"]
        self.variable_cost, self.capacity_use = s.values["variable_cost"], s.values["capacity_use"]
        home = (plants["country"] == case.home).to_numpy()
        self.home_plant, self.recycler = home, home & (plants["kind"] == RECYCLING).to_numpy()
        self.option_row, self.option_demand = options(s)
        self.saving_cost, self.substitute_rate = s.values["saving_cost"], s.values["substitute_rate"]
        rows = s.rows_by_name("materials")
        self.substitute: Ints = np.array([rows.get(name, -1) for name in case["thrift"]["substitute"]], dtype=np.int64)[self.option_row]
        of_sector = {name: row for row, name in enumerate(sectors["sector"])}
        tiers = case["output_loss"].sort_values(["sector", "up_to"], kind="stable")["sector"]
        self.tier_sector: Ints = np.array([of_sector[name] for name in tiers], dtype=np.int64)
        self.tier_width, self.tier_value = s.values["tier_width"], s.values["tier_value"]
        self.caps = [Rule(rows[r.material], r.country, r.cap, r.from_year) for r in records(case["share_caps"])]
        self.floors = [Rule(rows[r.material], r.origin, r.share, r.from_year) for r in records(case["floors"])]

    @property
    def demands_with_options(self) -> Ints:
        """The demands of which something can be saved."""
        found: Ints = np.unique(self.option_demand)
        return found

    @property
    def demands_with_output(self) -> Ints:
        """The demands of sectors that need their materials together."""
        found: Ints = np.flatnonzero(np.isin(self.demand_sector, self.tier_sector))
        return found

    def made(self, plants: Flags | None = None) -> tuple[Ints, Ints, Floats]:
        """(material, mode, quantity) of what plants make, all of them or those that are chosen."""
        chosen = self.quantity > 0
        if plants is not None:
            chosen = chosen & plants[self.mode_plant[self.recipe_mode]]
        return self.recipe_material[chosen], self.recipe_mode[chosen], self.quantity[chosen]
