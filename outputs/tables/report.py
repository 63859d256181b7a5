"""What several tables share, computed once: quantities by material and node, market flows, stock flows, coverage."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from inputs.arrays import Floats
from model.data.compute import Data
from model.parameters import BY_NAME, SETS
from model.plan import Plan
from model.studies.study import Studies
from model.tree import Branch
from outputs.tables.dates import Date, Years, begins, branch_name, ends, trunk_years

OFFER, MADE, RELEASE, SAVING, SHORTAGE = "offer", "plant output", "release", "saving", "shortage"
USED, SUBSTITUTE, OFFTAKE, SURPLUS, DEMAND = "used by plants", "as substitute", "into stockpile", "surplus", "demand"
KINDS = (OFFER, MADE, RELEASE, SAVING, SHORTAGE, USED, SUBSTITUTE, OFFTAKE, SURPLUS, DEMAND)
"""Kinds of flow on the market of a material, in the order in which tables list them."""


@dataclass(frozen=True)
class StockFlows:
    """(materials, nodes), t: opening - lost + bought + offtake - released = closing."""

    opening: Floats
    lost: Floats
    bought: Floats
    offtake: Floats
    released: Floats
    closing: Floats


@dataclass(frozen=True)
class Report:
    """A plan, what was studied of it (None: nothing), and what more than one table needs of it. Nodes are columns, trunk first."""

    plan: Plan
    studies: Studies | None = None

    @cached_property
    def materials(self) -> list[str]:
        """The materials, in the order of the rows of every array."""
        return self.plan.data.sets["MATERIALS"]

    @cached_property
    def years(self) -> Years:
        """The years of the trunk, and the nodes in each."""
        return trunk_years(self.plan.tree)

    def begins(self, month: float) -> Date:
        """The date on which a month of the plan begins."""
        return begins(self.plan.tree.start_year, month)

    def ends(self, month: float) -> Date:
        """The date on which a month of the plan ends."""
        return ends(self.plan.tree.start_year, month)

    @cached_property
    def branch_names(self) -> list[str]:
        """The name of each branch."""
        return [branch_name(b) for b in self.plan.tree.branches]

    @cached_property
    def onsets(self) -> list[Date]:
        """When each branch begins."""
        return [self.begins(b.start) for b in self.plan.tree.branches]

    @cached_property
    def no_cutoff(self) -> str:
        """Why no cutoff can come; "" where one can."""
        tree = self.plan.tree
        if not len(self.plan.case["cutoffs"]):
            return "The case has no cutoffs."
        if not tree.branches:
            return "No cutoff of the case can begin within the plan."
        return "" if any(tree.prob[b.nodes.start] > 0 for b in tree.branches) else "No cutoff of the case has a probability above 0."

    @cached_property
    def promised(self) -> list[str]:
        """For each branch "yes" where coverage must hold in it, else why it need not."""
        ready_by = self.plan.case.number("ready_by")
        return [promise(b, ready_by) for b in self.plan.tree.branches]

    def variable(self, name: str) -> pd.DataFrame:
        """A variable: rows by its indices but the node, columns are nodes, 0 where it does not exist."""
        return by_node(self.plan.data, self.plan.over[name], self.plan.values[name])

    def parameter(self, name: str) -> pd.DataFrame:
        """A parameter, shaped like a variable."""
        return by_node(self.plan.data, BY_NAME[name].over, self.plan.data.values[name])

    @cached_property
    def price(self) -> Floats:
        """(materials, nodes): price in peace in each node's middle, USD/kg."""
        return self.rows(self.parameter("price"))

    @cached_property
    def demand(self) -> pd.DataFrame:
        """(material, sector) by node: t."""
        return self.parameter("demand")

    @cached_property
    def shortage(self) -> pd.DataFrame:
        """(material, sector) by node: t."""
        return self.variable("shortage")

    @cached_property
    def saving(self) -> pd.DataFrame:
        """(option, sector, material, substitute, rate) by node: t of demand saved."""
        saving = self.variable("saving")
        thrift = self.plan.case["thrift"].set_index("option").loc[saving.index.get_level_values("option")]
        columns = [thrift["material"], thrift["substitute"], thrift["substitute_rate"]]
        names = ["option", "sector", "material", "substitute", "rate"]
        levels = [saving.index.get_level_values(n) for n in names[:2]]
        saving.index = pd.MultiIndex.from_arrays([*levels, *(c.array for c in columns)], names=names)
        return saving

    def rows(self, frame: pd.DataFrame, names: Sequence[Hashable] | None = None) -> Floats:
        """(materials, nodes): the rows of a frame (or rows named `names`) added up by material."""
        summed = np.zeros((len(self.materials), len(self.plan.tree)))
        position = {m: i for i, m in enumerate(self.materials)}
        where = [position[str(m)] for m in (frame.index if names is None else names)]
        np.add.at(summed, where, frame.to_numpy())
        return summed

    @cached_property
    def supply(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """What the market and what the stockpile takes: (material, offer) by node, t."""
        supply, offers = self.variable("supply"), self.plan.case["supply"].set_index("offer")
        of = offers.loc[supply.index]
        supply.index = pd.MultiIndex.from_arrays([of["material"].array, supply.index.array], names=["material", "offer"])
        market = (of["buyer"] == "market").to_numpy()
        return supply[market], supply[~market]

    def plant_flows(self, sign: int) -> pd.DataFrame:
        """(material, plant) by node, t: what plants make (sign 1) or use (sign -1, negative)."""
        recipes = self.plan.data.sets["RECIPES"]
        quantity = self.plan.data.values["quantity"]
        chosen = np.flatnonzero(quantity * sign > 0)
        run = self.variable("run")
        place = {key: p for p, key in enumerate(run.index)}
        activity = run.to_numpy()[[place[recipes[c][:2]] for c in chosen]] * quantity[chosen, None]
        index = pd.MultiIndex.from_tuples([(recipes[c][2], recipes[c][0]) for c in chosen], names=["material", "plant"])
        return pd.DataFrame(activity, index).groupby(level=[0, 1], sort=False).sum()

    @cached_property
    def stock(self) -> StockFlows:
        """Stock at either end of each node and what comes and goes in it: materials x nodes, in tonnes."""
        plan = self.plan
        bought = self.supply[1]
        closing = self.rows(self.variable("stock"))
        opening = np.where(plan.tree.parent < 0, plan.data.values["opening_stock"][:, None], closing[:, plan.tree.parent])
        return StockFlows(
            opening,
            opening * (1 - self.rows(self.parameter("retention"))),
            self.rows(bought, bought.index.get_level_values("material").tolist()),
            self.rows(self.variable("offtake")),
            self.rows(self.variable("release")),
            closing,
        )

    @cached_property
    def market(self) -> pd.DataFrame:
        """(material, kind, source) by node, t: what adds to a material's demand, and last the demand itself.

        What is used up other than by the sectors is negative, so that the rows of a
        material add to its demand in every node.
        """
        saving, offers = self.saving, self.supply[0]
        by = saving.index.get_level_values
        options = [f"{t} ({k})" for t, k in zip(by("option"), by("sector"), strict=True)]
        rate = by("rate").to_numpy(dtype=float)[:, None]
        names = pd.Index(self.materials)
        parts = [
            flow_rows(OFFER, offers.index.get_level_values(0), offers.index.get_level_values(1), offers.to_numpy()),
            *(
                flow_rows(k, f.index.get_level_values(0), f.index.get_level_values(1), f.to_numpy())
                for k, f in ((MADE, self.plant_flows(1)), (USED, self.plant_flows(-1)))
            ),
            flow_rows(RELEASE, names, ["stockpile"] * len(names), self.stock.released),
            flow_rows(SAVING, by("material"), options, saving.to_numpy()),
            flow_rows(SHORTAGE, self.shortage.index.get_level_values(0), self.shortage.index.get_level_values(1), self.shortage.to_numpy()),
            flow_rows(SUBSTITUTE, by("substitute"), options, -rate * saving.to_numpy()),
            flow_rows(OFFTAKE, names, ["home plants"] * len(names), -self.stock.offtake),
            flow_rows(SURPLUS, names, ["surplus"] * len(names), -self.rows(self.variable("surplus"))),
            flow_rows(DEMAND, names, ["all sectors"] * len(names), self.rows(self.demand, self.demand.index.get_level_values(0).tolist())),
        ]
        flows = pd.concat(parts)
        flows = flows[flows.index.get_level_values("material") != ""]
        place = {m: i for i, m in enumerate(self.materials)}
        order = np.lexsort((
            [KINDS.index(k) for k in flows.index.get_level_values("kind")],
            [place[m] for m in flows.index.get_level_values("material")],
        ))  # fmt: skip
        return flows.iloc[order]

    def of_market(self, *kinds: str) -> Floats:
        """(materials, nodes): the flows of these kinds on the market of each material, t."""
        kind, material = (self.market.index.get_level_values(name) for name in ("kind", "material"))
        chosen = kind.isin(kinds)
        return self.rows(self.market[chosen], material[chosen].tolist())

    @cached_property
    def needed(self) -> Floats:
        """(materials, nodes): demand, and what plants and substitution use, t."""
        return self.of_market(DEMAND) - self.of_market(USED, SUBSTITUTE)

    @cached_property
    def available(self) -> Floats:
        """(materials, nodes): what plants bring and market offers could, t, inf where one has no limit.

        What offers could, not what is taken from them: in a cutoff the plan may rather release stock than buy, for stock
        is worth less once the cutoff is over, and that is no need of it.
        """
        left = self.parameter("offer_limit") - self.variable("supply")
        offers = self.plan.case["supply"].set_index("offer").loc[left.index]
        market = (offers["buyer"] == "market").to_numpy()
        return self.of_market(OFFER, MADE) + self.rows(left[market], offers["material"][market].tolist())

    @cached_property
    def lacking(self) -> Floats:
        """(materials, nodes): what is needed and neither offers nor plants bring or could bring, t."""
        return np.maximum(self.needed - self.available, 0.0)


def flow_rows(kind: str, materials: Sequence[str] | pd.Index[Any], sources: Sequence[str] | pd.Index[Any], values: Floats) -> pd.DataFrame:
    """Amounts of one kind (rows x columns) under their material, kind and source."""
    index = pd.MultiIndex.from_arrays([list(materials), [kind] * len(materials), list(sources)], names=["material", "kind", "source"])
    return pd.DataFrame(values, index)


def by_node(data: Data, over: str, values: Floats) -> pd.DataFrame:
    """Values over a set whose last index is the node, as rows by the other indices and columns by node."""
    members = data.sets[over]
    rows: dict[Any, int] = {}
    where = [rows.setdefault(member[:-1], len(rows)) for member in members]
    matrix = np.zeros((len(rows), len(data.tree)))
    matrix[where, [member[-1] for member in members]] = values
    names = SETS[over][:-1]
    columns = [list(level) for level in zip(*rows, strict=True)] or [[] for _ in names]
    index = pd.Index(columns[0], name=names[0], dtype=object) if len(names) == 1 else pd.MultiIndex.from_arrays(columns, names=names)
    return pd.DataFrame(matrix, index)


def promise(branch: Branch, ready_by: float) -> str:
    """Whether coverage must hold in a branch, and why not."""
    if not branch.protected:
        return "not protected"
    return "yes" if branch.start >= ready_by - 1e-9 else "before ready_by"
