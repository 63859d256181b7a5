"""Upper bounds in peace: what offers can bring and plants can make of a material in each planning period, whatever is ordered.

All arrays have one entry for each period of the trunk; amounts are yearly (t/yr). Feeds, budgets and share caps are left out,
so that what lies above these bounds lies out of reach for certain.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from inputs.arrays import Floats, Ints
from inputs.case import Case
from inputs.checks.registry import periods

SUPPLY_READ = tuple(f"supply.{c}" for c in ("material", "buyer", "capacity", "available", "first_year", "last_year"))
CAPACITY_READ = (
    *(f"plants.{c}" for c in ("opening_capacity", "capacity_limit", "first_year", "lead_time", "fast_lead_time")),
    *("settings.start_year", "settings.horizon", "settings.period"),
)
MADE_READ = (
    *CAPACITY_READ,
    *("plants.plant", "plants.utilisation", "modes.plant", "modes.mode", "modes.capacity_use"),
    *(f"recipes.{c}" for c in ("plant", "mode", "material", "quantity")),
)
HOME_READ = ("settings.home", "plants.country")
"""What the functions of this module read, for the rules that call them."""


@dataclass(frozen=True)
class Trunk:
    """The planning periods: months from January of the first year, and the calendar year of each period's middle."""

    start: Floats
    end: Floats
    year: Ints


def trunk(case: Case) -> Trunk:
    """The planning periods of a case; none where its horizon is not a whole number of them."""
    count = periods(case)
    whole = count >= 0.5 and abs(count - round(count)) <= 1e-9
    start = np.arange(round(count) if whole else 0, dtype=np.float64) * case.number("period")
    end = start + case.number("period")
    middle = case.number("start_year") + np.floor((start + end) / 24 + 1e-9)
    return Trunk(start, end, middle.astype(np.int64))


def demanded(case: Case, material: str) -> Floats:
    """Demand of all sectors for a material."""
    times = trunk(case)
    rows = case["demand"][case["demand"]["material"] == material]
    years = (times.start + times.end) / 24
    return np.asarray((rows["demand"].to_numpy()[:, None] * (1 + rows["growth"].to_numpy()[:, None]) ** years).sum(axis=0))


def offered(case: Case, material: str, *, at_home: bool = False) -> Floats:
    """What the market can buy of a material at most; `at_home` leaves out offers from abroad."""
    supply, times = case["supply"], trunk(case)
    chosen = (supply["material"] == material) & (supply["buyer"] == "market") & (supply["available"] != "cutoff")
    rows = supply[chosen & (supply["country"] == case.home)] if at_home else supply[chosen]
    begins = 12 * (rows["first_year"].to_numpy()[:, None] - case.number("start_year"))
    ends = 12 * (rows["last_year"].to_numpy()[:, None] + 1 - case.number("start_year"))
    there = ~(begins >= times.end) & ~(ends <= times.start)
    return np.asarray(np.where(there, rows["capacity"].to_numpy()[:, None], 0.0).sum(axis=0))


def capacity(case: Case, plants: pd.DataFrame) -> Floats:
    """(plants, periods): what can be on line of each of these rows of `plants`, were all of its limit ordered as early as may be."""
    times = trunk(case)
    can_order = ~(times.year < plants["first_year"].to_numpy()[:, None])
    first = np.where(can_order, times.start, math.inf).min(axis=1, initial=math.inf)
    ready = first + plants[["lead_time", "fast_lead_time"]].min(axis=1).to_numpy()
    share = np.clip((times.end - ready[:, None]) / (times.end - times.start), 0.0, 1.0)
    return np.asarray(plants["opening_capacity"].to_numpy()[:, None] + plants["capacity_limit"].to_numpy()[:, None] * share)


def made(case: Case, material: str, plants: pd.DataFrame, *, used: bool = False) -> Floats:
    """What these rows of `plants` can make of a material at most, each in its best mode; `used`: what they can use of it instead."""
    recipes = case["recipes"]
    quantities = -recipes["quantity"] if used else recipes["quantity"]
    making = recipes.assign(quantity=quantities)[(recipes["material"] == material) & (quantities > 0)]
    modes = zip(case["modes"]["plant"], case["modes"]["mode"], case["modes"]["capacity_use"], strict=True)
    use = {(plant, mode): float(taken) for plant, mode, taken in modes}
    best: dict[str, float] = {}
    for plant, mode, quantity in zip(making["plant"], making["mode"], making["quantity"], strict=True):
        taken = use.get((plant, mode), 0.0)
        best[plant] = max(best.get(plant, 0.0), quantity / taken if taken else math.inf)
    makers = plants[plants["plant"].isin(list(best))]
    most = capacity(case, makers) * makers["utilisation"].to_numpy()[:, None]
    rates = makers["plant"].map(best).to_numpy(dtype=float)[:, None]
    return np.asarray(np.multiply(most, rates, out=np.zeros_like(most), where=most > 0).sum(axis=0))


def at_home(case: Case) -> pd.DataFrame:
    """The rows of `plants` in the home country."""
    return case["plants"][case["plants"]["country"] == case.home]
