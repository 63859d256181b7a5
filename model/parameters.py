"""The sets and numbers of the model, once: what each is over, its unit, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SPEEDS = ("normal", "fast")


@dataclass(frozen=True)
class Parameter:
    """A number of the model: the set that it is over ("" = one number), its unit, and what it is."""

    name: str
    over: str
    unit: str
    text: str


@dataclass(frozen=True)
class IndexSet:
    """A set of the model: its name, what its indices are, and what is in it."""

    name: str
    indices: tuple[str, ...]
    text: str


INDEX_SETS = (
    IndexSet("NODES", ("node",), "every node of the tree"),
    IndexSet("TRUNK", ("node",), "nodes without a cutoff, in order"),
    IndexSet("BRANCHES", ("node",), "nodes of cutoffs"),
    IndexSet("HOLDING", ("node",), "nodes of the trunk and of cutoffs: those with a stockpile"),
    IndexSet("LEAVES", ("node",), "nodes where a future may end"),
    IndexSet("SETTLEMENTS", ("node",), "nodes after which the stockpile of a future may be settled"),
    IndexSet("STORAGE", ("node",), "nodes with a stockpile, where storage_limit is set"),
    IndexSet("RISK_NODES", ("node",), "every node, where risk_weight is above 0"),
    IndexSet("RISK_LEAVES", ("node",), "every leaf, where risk_weight is above 0"),
    IndexSet("MATERIALS", ("material",), "rows of `materials`"),
    IndexSet("CAN_HOLD", ("material",), "materials whose stock_limit is above 0"),
    IndexSet("MATERIAL_NODES", ("material", "node"), "materials by node"),
    IndexSet("MATERIAL_HOLDING", ("material", "node"), "materials by node with a stockpile"),
    IndexSet("MATERIAL_BRANCHES", ("material", "node"), "materials by branch node"),
    IndexSet("MATERIAL_SETTLEMENTS", ("material", "node"), "materials by node of settlement"),
    IndexSet("PURCHASE_LIMITS", ("material", "node"), "materials with a purchase_limit, by trunk node"),
    IndexSet("OFFTAKES", ("material", "node"), "materials that can be held and that a plant at home makes, by trunk node"),
    IndexSet("DEMANDS", ("material", "sector"), "rows of `demand`"),
    IndexSet("DEMAND_NODES", ("material", "sector", "node"), "demands by node"),
    IndexSet("DEMAND_LEFT", ("material", "sector", "node"), "demands that can be saved, by branch node"),
    IndexSet("TIERS", ("sector", "tier"), "rows of `output_loss`, numbered from 1 for each sector by up_to"),
    IndexSet("LOST_OUTPUT", ("sector", "tier", "node"), "tiers by node"),
    IndexSet("OUTPUT_DEMANDS", ("material", "sector", "node"), "demands of sectors with tiers, by node"),
    IndexSet("SUPPLY", ("offer", "node"), "offers in the nodes where they exist: the stockpile's in the trunk only"),
    IndexSet("OPTIONS", ("option", "sector"), "rows of `thrift`, one for each sector"),
    IndexSet("SAVINGS", ("option", "sector", "node"), "options by branch node"),
    IndexSet("PLANTS", ("plant",), "rows of `plants`"),
    IndexSet("PLANT_NODES", ("plant", "node"), "plants by node"),
    IndexSet("CAPACITIES", ("plant", "node"), "plants with a mode, by node"),
    IndexSet("MODES", ("plant", "mode"), "rows of `modes`"),
    IndexSet("RUNS", ("plant", "mode", "node"), "modes by node"),
    IndexSet("RECIPES", ("plant", "mode", "material"), "rows of `recipes`"),
    IndexSet("SPEED_ORDERS", ("plant", "speed"), "plants with a capacity_limit, on the normal and, where they have one, the fast track"),
    IndexSet(
        "ORDERS",
        ("plant", "speed", "node"),
        "the nodes in which each can be ordered: not before first_year, and in a branch only with crisis_orders, and if ready before the horizon (without aftermath: before the longest cutoff of its kind ends)",
    ),
    IndexSet(
        "ORDER_PATHS",
        ("plant", "node"),
        "plants by the ends of the paths whose orders are limited together: the trunk's, and those of branches with orders of their own",
    ),
    IndexSet("ONLINE", ("plant", "node"), "plants that can be ordered, by node"),
    IndexSet("ONLINE_ORDERS", ("plant", "speed", "ordered", "node"), "orders by the later nodes of their path in which they are on line"),
    IndexSet(
        "LEAF_ORDERS",
        ("plant", "speed", "ordered", "node"),
        "orders by the leaves at which something of their life is left, where risk_weight is above 0",
    ),
    IndexSet("BUDGET_YEARS", ("year",), "years of `budget` in which trunk nodes lie (with carry-over: in which, or in an earlier of them)"),
    IndexSet("SHARE_CAPS", ("material", "country", "node"), "rows of `share_caps`, by trunk node from from_year on"),
    IndexSet(
        "FLOORS",
        ("material", "origin", "node"),
        "rows of `floors`, by trunk node from from_year on; of recycled ones those that a plant can meet",
    ),
    IndexSet("CAPACITY_FLOORS", ("kind", "node"), "rows of `capacity_floors` whose kind can be ordered at home, by trunk node of the year"),
    IndexSet("PINS_BELOW", ("item", "name", "year"), "rows of `pins` with at_least"),
    IndexSet("PINS_ABOVE", ("item", "name", "year"), "rows of `pins` with at_most"),
)

SETS: Mapping[str, tuple[str, ...]] = {s.name: s.indices for s in INDEX_SETS}
"""The sets of the model, and what their indices are."""

LETTERS: Mapping[str, str] = {
    **{"node": "n", "ordered": "a", "material": "i", "sector": "k", "offer": "o", "option": "t", "plant": "p", "mode": "q"},
    **{"speed": "s", "country": "x", "year": "y", "tier": "l", "kind": "kind", "origin": "origin", "item": "item", "name": "name"},
}
"""The letter of each index in formulas."""

PARAMETERS = (
    Parameter("yrs", "NODES", "yr", "length of the node"),
    Parameter("weight", "NODES", "", "probability of the node x discount factor of its middle"),
    Parameter("settle_weight", "SETTLEMENTS", "", "probability that the stockpile is settled after the node x discount factor of its end"),
    Parameter("settle_discount", "SETTLEMENTS", "", "discount factor of the node's end"),
    Parameter("discount", "NODES", "", "discount factor of the node's middle"),
    Parameter("terminal_discount", "LEAVES", "", "discount factor of the leaf's end"),
    Parameter("leaf", "LEAVES", "", "probability of the leaf"),
    Parameter("price", "MATERIAL_NODES", "USD/kg", "price in the node's middle"),
    Parameter("terminal_price", "MATERIAL_SETTLEMENTS", "USD/kg", "price at the node's end"),
    Parameter("retention", "MATERIAL_HOLDING", "", "share of the stock that is not lost over the node: (1 - loss_rate)^yrs"),
    Parameter("opening_stock", "MATERIALS", "t", "in store at month 0"),
    Parameter("holding_rate", "MATERIALS", "1/yr", "yearly cost of holding, share of value"),
    Parameter("rotation_rate", "MATERIALS", "1/yr", "share of the stock exchanged with the market each year in peace"),
    Parameter("rotation_cost", "MATERIALS", "USD/kg", "cost of the exchange"),
    Parameter("resale_share", "MATERIALS", "", "share of its price that stock left is worth"),
    Parameter(
        "surplus_price",
        "MATERIAL_NODES",
        "USD/kg",
        "surplus_cost, else -surplus_share x price: what disposing of surplus costs, below 0 what a sale brings",
    ),
    Parameter("min_stock", "MATERIAL_HOLDING", "t", "stock that min_cover asks for: min_cover/365 x yearly demand"),
    Parameter("stock_limit", "MATERIALS", "t", "in store at most"),
    Parameter("release_max", "MATERIAL_BRANCHES", "t", "released at most: release_limit x length, 0 before release_lag"),
    Parameter("surplus_max", "MATERIAL_NODES", "t", "surplus at most: surplus_limit x yrs"),
    Parameter("purchase_max", "MATERIALS", "t/yr", "bought or taken in each year at most"),
    Parameter("storage_limit", "", "t", "all materials in store, at most"),
    Parameter("demand", "DEMAND_NODES", "t", "demand over the node, with growth and surge"),
    Parameter("short_limit", "DEMAND_NODES", "t", "short at most: demand, or (1 - coverage) x demand where a promise of coverage holds"),
    Parameter("shortage_price", "DEMAND_NODES", "USD/kg", "cost of shortage"),
    Parameter("tier_width", "TIERS", "", "share of a sector's output between up_to of the row before and that of the row"),
    Parameter("tier_value", "TIERS", "MUSD/yr", "worth of a sector's output for a year, in the tier"),
    Parameter("offer_limit", "SUPPLY", "t", "taken from an offer at most"),
    Parameter("offer_price", "SUPPLY", "USD/kg", "price of an offer, with tariff and, from abroad, price_multiple"),
    Parameter("saving_max", "SAVINGS", "t", "demand saved at most: demand x limit x min(1, elapsed/ramp)"),
    Parameter("saving_cost", "OPTIONS", "USD/kg", "cost of saving"),
    Parameter("substitute_rate", "OPTIONS", "t/t", "substitute used for each tonne saved"),
    Parameter("quantity", "RECIPES", "t/t", "made (> 0) or used (< 0) by a tonne of activity"),
    Parameter("variable_cost", "MODES", "USD/t", "cost of a tonne of activity"),
    Parameter("capacity_use", "MODES", "", "capacity taken by a tonne of activity"),
    Parameter("opening_capacity", "PLANTS", "t/yr", "capacity at month 0"),
    Parameter("usable", "PLANT_NODES", "yr", "utilisation x yrs x available: what a t/yr of capacity can run in the node"),
    Parameter("capacity_max", "PLANTS", "t/yr", "capacity that can be added"),
    Parameter("capex", "PLANTS", "USD/(t/yr)", "cost of new capacity"),
    Parameter("capex_factor", "SPEED_ORDERS", "", "1, or 1 + fast_premium on the fast track"),
    Parameter("fixed_cost", "PLANTS", "USD/(t/yr)/yr", "yearly cost of new capacity"),
    Parameter("public_share", "PLANTS", "", "share of capex paid with public money"),
    Parameter("residual_share", "PLANTS", "", "share of unused life that is worth its capex at the end"),
    Parameter("online_share", "ONLINE_ORDERS", "", "share of an order that is on line in a node"),
    Parameter("remaining_life", "ORDERS", "", "expected discounted share of an order's life left at the leaves"),
    Parameter("remaining_life_at", "LEAF_ORDERS", "", "share of an order's life left at a leaf"),
    Parameter("budget_amount", "BUDGET_YEARS", "kUSD", "public money available (with carry-over: so far)"),
    Parameter("cap", "SHARE_CAPS", "", "share of supply from a country, at most"),
    Parameter("floor", "FLOORS", "", "share of demand made at home or recycled, at least"),
    Parameter("capacity_floor", "CAPACITY_FLOORS", "t/yr", "capacity of a kind at home, at least"),
    Parameter("at_least", "PINS_BELOW", "t", "stock or purchase at least (an order: t/yr)"),
    Parameter("at_most", "PINS_ABOVE", "t", "stock or purchase at most (an order: t/yr)"),
    Parameter("risk_weight", "", "", "weight of CVaR"),
    Parameter("one_less_risk_weight", "", "", "weight of expected cost: 1 - risk_weight"),
    Parameter("one_over_tail", "", "", "1 / tail, the share of the worst outcomes in CVaR"),
    Parameter("usd_per_kusd", "", "USD/kUSD", "1000"),
    Parameter("one_year", "", "yr", "1"),
    Parameter("kusd_per_musd", "", "kUSD/MUSD", "1000"),
)

BY_NAME = {p.name: p for p in PARAMETERS}
