"""A sound case, and what makes it contradict itself: one seed of each kind, with the cells that it is made of.

In Japan, defense needs 10 t of Dy a year and is promised all of it in an embargo of China (12 months, from January 2027, 2028 or 2029); civil
users need 12 t, and are promised nothing. Chile goes on with 4 t a year, so 6 t come from stock, which buys from China at 100 USD/kg. Works
(30 t/yr at most, at once, paid with public money: 60 thousand USD per t/yr) can make Dy of ore, which China and Chile (5 t/yr) sell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inputs.apply import apply
from inputs.case import Case
from inputs.change import parse_change
from tests.kit.small import case, embargo

SOUND = case(
    {"horizon": 4, "crisis_period": 12, "ready_by": 12},
    materials=[{"material": "Dy", "price": 100}, {"material": "ore", "price": 1}],
    sectors=[{"sector": "civil", "shortage_multiple": 1.5}, {"sector": "defense", "coverage": 1, "cover_months": 12, "shortage_multiple": 10}],
    demand=[{"material": "Dy", "sector": "civil", "demand": 12}, {"material": "Dy", "sector": "defense", "demand": 10}],
    supply=[
        {"offer": "Dy China", "country": "China", "material": "Dy"},
        {"offer": "Dy Chile", "country": "Chile", "material": "Dy", "capacity": 4},
        {"offer": "Dy purchase", "country": "China", "material": "Dy", "buyer": "stockpile"},
        {"offer": "ore China", "country": "China", "material": "ore"},
        {"offer": "ore Chile", "country": "Chile", "material": "ore", "capacity": 5},
    ],
    budget={"year": 2026, "amount": 100},
    share_caps={"material": "ore", "country": "China", "cap": 1},
    floors={"material": "Dy", "origin": "home", "share": 0},
    capacity_floors={"kind": "refinery", "year": 2027, "capacity": 0},
    pins={"item": "purchase", "name": "Dy", "year": 2026},
    recipes=[
        {"plant": "works", "mode": "run", "material": "Dy", "quantity": 1},
        {"plant": "works", "mode": "run", "material": "ore", "quantity": -1},
    ],
    plants={"plant": "works", "kind": "refinery", "country": "Japan", "capacity_limit": 30, "capex": 60_000, "public_share": 1},
    modes={"plant": "works", "mode": "run"},
    **embargo(months=12),
)  # fmt: skip
"""All 6 t are bought in 2026."""


@dataclass(frozen=True)
class Contradiction:
    """A case without a plan, what it is called, and the cells (or the sheet that lacks a row) that contradict each other."""

    name: str
    case: Case
    cells: frozenset[str]


def seeded(name: str, cells: set[str], changes: Sequence[str], sound: Case = SOUND) -> Contradiction:
    """The sound case with cells changed; no check is asked, which would find some."""
    return Contradiction(name, apply(sound, [parse_change(change, sound) for change in changes]), frozenset(cells))


def without_works(sound: Case = SOUND) -> Case:
    """The sound case where works cannot be built."""
    return sound.with_frame("plants", sound["plants"].assign(capacity_limit=0.0))


def without_the_stockpiles_offer() -> Case:
    """The sound case where the stockpile can buy from nobody."""
    supply = without_works()["supply"]
    return without_works().with_frame("supply", supply[supply["buyer"] != "stockpile"])


COVERAGE = "sectors[defense].coverage"

CONTRADICTIONS = (
    seeded("no stockpile offer", {COVERAGE, "supply"}, [], without_the_stockpiles_offer()),
    seeded(
        "coverage before anything can be bought",
        {COVERAGE, "settings.ready_by", "supply[Dy purchase].first_year"},
        ["supply[Dy purchase].first_year=2028"],
        without_works(),
    ),
    seeded("purchase limit", {COVERAGE, "materials[Dy].purchase_limit"}, ["materials[Dy].purchase_limit=1"], without_works()),
    seeded("stock limit", {COVERAGE, "materials[Dy].stock_limit"}, ["materials[Dy].stock_limit=5"], without_works()),
    seeded("storage", {COVERAGE, "settings.storage_limit"}, ["settings.storage_limit=5"], without_works()),
    seeded("budget", {COVERAGE, "budget[2026].amount"}, ["budget[2026].amount=0.3"], without_works()),
    seeded(
        "budget against floors",
        {"budget[2026].amount", "floors[Dy,home].share"},
        ["budget[2026].amount=0.2", "floors[Dy,home].share=0.5", "floors[Dy,home].from_year=2026"],
    ),
    seeded(
        "share caps", {"share_caps[ore,China].cap", "floors[Dy,home].share"}, ["share_caps[ore,China].cap=0.5", "floors[Dy,home].share=0.9"]
    ),
    seeded(
        "capacity floors with late lead times",
        {"capacity_floors[refinery,2027].capacity", "plants[works].lead_time"},
        ["capacity_floors[refinery,2027].capacity=10", "plants[works].lead_time=36"],
    ),
    seeded(
        "min_cover against stock limit",
        {"materials[Dy].min_cover", "materials[Dy].stock_limit"},
        ["materials[Dy].min_cover=365", "materials[Dy].stock_limit=10"],
    ),
    seeded("release lag", {COVERAGE, "settings.release_lag"}, ["settings.release_lag=6"], without_works()),
    seeded("release limit", {COVERAGE, "materials[Dy].release_limit"}, ["materials[Dy].release_limit=0.25"], without_works()),
    seeded(
        "pins against limits",
        {"pins[purchase,Dy,2026].at_least", "materials[Dy].purchase_limit"},
        ["pins[purchase,Dy,2026].at_least=8", "materials[Dy].purchase_limit=7"],
    ),
    seeded(
        "demand typed in kg",
        {COVERAGE, "demand[Dy,defense].demand", "supply[Dy purchase].capacity"},
        ["demand[Dy,defense].demand=10000", "supply[Dy purchase].capacity=50"],
        without_works(),
    ),
)
