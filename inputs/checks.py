"""Rules across rows and sheets: one small generator of findings each.

A rule is applied only where the columns that it reads are free of errors, so that one
slip in a cell does not bring a train of others with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from inputs.case import Case, countries
from inputs.errors import Finding, Level
from inputs.schema import EVERY, RECYCLING, SETTINGS

Rule = Callable[[Case], Iterator[Finding]]

PROBABILITY_TOLERANCE = 1e-5
"""How far probabilities may be from 1 in sum (six decimals typed by hand)."""


@dataclass(frozen=True)
class Registered:
    needs: tuple[str, ...]
    rule: Rule


RULES: list[Registered] = []


def needs(*columns: str) -> Callable[[Rule], Rule]:
    """Register a rule that reads these columns ("sheet.column")."""

    def register(rule: Rule) -> Rule:
        RULES.append(Registered(columns, rule))
        return rule

    return register


def check_case(case: Case, dirty: Collection[str]) -> Iterator[Finding]:
    """The findings of every rule whose columns have no cell in error."""
    for registered in RULES:
        if not any(column in dirty for column in registered.needs):
            yield from registered.rule(case)


def warning(sheet: str, message: str, row: int | None = None, column: str = "") -> Finding:
    return Finding(sheet, message, row, column, Level.WARNING)


def rows(frame: pd.DataFrame) -> Iterator[tuple[int, dict[str, Any]]]:
    """(row in the file, values by column) of a small sheet."""
    for row, values in zip(frame.index, frame.to_dict("records"), strict=True):
        yield int(row), {str(k): v for k, v in values.items()}


def periods(case: Case) -> float:
    return 12 * case.number("horizon") / case.number("period")


@needs("settings.horizon", "settings.period")
def whole_periods(case: Case) -> Iterator[Finding]:
    count = periods(case)
    if abs(count - round(count)) > 1e-9 or round(count) < 1:
        horizon, period = case.number("horizon"), case.number("period")
        yield Finding(
            SETTINGS,
            f"the horizon of {12 * horizon:g} months is not a whole number of periods of {period:g} months; change horizon or period.",
            column="horizon",
        )


@needs("settings.horizon", "settings.ready_by", "sectors.coverage", "sectors.cover_months", "cutoffs.cutoff")
def ready_within_horizon(case: Case) -> Iterator[Finding]:
    last = 12 * case.number("horizon") - case.number("period")
    if case.number("ready_by") > last and len(case["cutoffs"]) and (case["sectors"]["coverage"] > 0).any():
        yield warning(
            SETTINGS, f"coverage never has to hold: the last cutoff can begin in month {last:g}, before ready_by.", column="ready_by"
        )


@needs("settings.home", "supply.country", "plants.country")
def home_is_used(case: Case) -> Iterator[Finding]:
    others = countries(case.frames, "")
    if others and case.home not in others:
        yield warning(SETTINGS, f"no offer and no plant is in the home country '{case.home}'; check its spelling.", column="home")


@needs("durations.cutoff", "durations.probability", "cutoffs.cutoff", "durations.months")
def durations_add_to_one(case: Case) -> Iterator[Finding]:
    frame = case["durations"]
    for row, cutoff in zip(case["cutoffs"].index, case["cutoffs"]["cutoff"], strict=True):
        of_cutoff = frame[frame["cutoff"] == cutoff]
        total = float(of_cutoff["probability"].sum())
        if not len(of_cutoff):
            yield Finding(
                "cutoffs", f"cutoff '{cutoff}' has no row in sheet durations; add one for each length it may have.", row, "cutoff"
            )
        elif abs(total - 1) > PROBABILITY_TOLERANCE:
            yield Finding(
                "durations",
                f"the probabilities of cutoff '{cutoff}' add to {total:.6g}; they must add to 1.",
                int(of_cutoff.index[0]),
                "probability",
            )


@needs(
    "cutoffs.annual_probability", "cutoffs.first_year", "cutoffs.last_year", "settings.start_year", "settings.horizon", "settings.period"
)
def onsets_at_most_one(case: Case) -> Iterator[Finding]:
    frame = case["cutoffs"]
    if not len(frame):
        return
    period, start = case.number("period"), case.number("start_year")
    chance = 1 - (1 - frame["annual_probability"].to_numpy()) ** (period / 12)
    first, last = frame["first_year"].fillna(-math.inf).to_numpy(), frame["last_year"].fillna(math.inf).to_numpy()
    for j in range(1, max(1, round(periods(case)))):
        year = start + math.floor(j * period / 12)
        total = float(chance[(first <= year) & (year <= last)].sum())
        if total > 1 + 1e-9:
            yield Finding(
                "cutoffs",
                f"the probabilities that a cutoff begins in one period add to {total:.4g} in {year:g}; they must add to 1 at most.",
                int(frame.index[0]),
                "annual_probability",
            )
            return


@needs("supply.first_year", "supply.last_year")
def offer_years_in_order(case: Case) -> Iterator[Finding]:
    yield from years_in_order(case, "supply")


@needs("cutoffs.first_year", "cutoffs.last_year")
def cutoff_years_in_order(case: Case) -> Iterator[Finding]:
    yield from years_in_order(case, "cutoffs")


def years_in_order(case: Case, sheet: str) -> Iterator[Finding]:
    frame = case[sheet]
    for row, values in rows(frame[frame["last_year"] < frame["first_year"]]):
        yield Finding(sheet, f"last_year {values['last_year']:g} is before first_year {values['first_year']:g}.", row, "last_year")


@needs("losses.cutoff", "losses.country", "losses.material", "losses.from_month", "losses.to_month")
def losses_do_not_overlap(case: Case) -> Iterator[Finding]:
    frame = case["losses"]
    for row, values in rows(frame[frame["to_month"] <= frame["from_month"]]):
        yield Finding("losses", f"to_month {values['to_month']:g} must be after from_month {values['from_month']:g}.", row, "to_month")
    for (cutoff, country, material), group in frame.groupby(["cutoff", "country", "material"], sort=False):
        ordered = group.sort_values("from_month", kind="stable")
        ends, starts = ordered["to_month"].to_numpy()[:-1], ordered["from_month"].to_numpy()[1:]
        for i in np.flatnonzero(starts < ends).tolist():
            where = int(ordered.index[i])
            yield Finding(
                "losses",
                f"cutoff '{cutoff}', country '{country}', material '{material}': this row begins in month {starts[i]:g}, before row {where} ends; months of two rows must not overlap.",
                int(ordered.index[i + 1]),
                "from_month",
            )


@needs("materials.opening_stock", "materials.stock_limit")
def opening_stock_fits(case: Case) -> Iterator[Finding]:
    frame = case["materials"]
    for row, values in rows(frame[frame["opening_stock"] > frame["stock_limit"]]):
        yield Finding(
            "materials",
            f"opening_stock {values['opening_stock']:g} t is above stock_limit {values['stock_limit']:g} t.",
            row,
            "opening_stock",
        )


@needs("thrift.material", "thrift.substitute")
def substitute_is_another(case: Case) -> Iterator[Finding]:
    frame = case["thrift"]
    for row, values in rows(frame[(frame["substitute"] != "") & (frame["substitute"] == frame["material"])]):
        yield Finding(
            "thrift",
            f"'{values['material']}' cannot be its own substitute; name another material, or leave the cell empty.",
            row,
            "substitute",
        )


@needs("recipes.quantity")
def quantities_are_not_zero(case: Case) -> Iterator[Finding]:
    frame = case["recipes"]
    for row, _ in rows(frame[frame["quantity"] == 0]):
        yield warning("recipes", "a quantity of 0 neither uses nor makes anything.", row, "quantity")


@needs("plants.lead_time", "plants.fast_lead_time")
def fast_track_is_faster(case: Case) -> Iterator[Finding]:
    frame = case["plants"]
    for row, values in rows(frame[frame["fast_lead_time"] > frame["lead_time"]]):
        yield warning(
            "plants",
            f"the fast track takes {values['fast_lead_time']:g} months, longer than the {values['lead_time']:g} of a normal order.",
            row,
            "fast_lead_time",
        )


@needs("plants.plant", "modes.plant", "plants.opening_capacity", "plants.capacity_limit")
def plants_have_modes(case: Case) -> Iterator[Finding]:
    frame = case["plants"]
    for row, values in rows(frame[~frame["plant"].isin(case["modes"]["plant"])]):
        yield warning("plants", f"plant '{values['plant']}' has no row in sheet modes; it can make nothing.", row, "plant")
    for row, values in rows(frame[(frame["opening_capacity"] == 0) & (frame["capacity_limit"] == 0)]):
        yield warning("plants", f"plant '{values['plant']}' has no capacity, and none can be added.", row, "opening_capacity")


@needs("modes.plant", "modes.mode", "recipes.plant", "recipes.mode", "recipes.quantity")
def modes_make_something(case: Case) -> Iterator[Finding]:
    recipes = case["recipes"]
    making = recipes[recipes["quantity"] > 0]
    makes = set(zip(making["plant"], making["mode"], strict=True))
    for row, values in rows(case["modes"]):
        if (values["plant"], values["mode"]) not in makes:
            yield warning("modes", f"mode '{values['mode']}' of plant '{values['plant']}' makes nothing in sheet recipes.", row, "mode")


@needs("demand.material", "supply.material", "supply.buyer", "recipes.material", "recipes.quantity")
def demand_can_be_supplied(case: Case) -> Iterator[Finding]:
    recipes, supply = case["recipes"], case["supply"]
    supplied = {*supply["material"][supply["buyer"] == "market"], *recipes["material"][recipes["quantity"] > 0]}
    for row, values in rows(case["demand"].drop_duplicates("material")):
        if values["material"] not in supplied:
            yield warning(
                "demand", f"nothing supplies '{values['material']}': no market offer and no plant that makes it.", row, "material"
            )


@needs(
    "supply.buyer",
    "supply.available",
    "supply.capacity",
    "supply.first_year",
    "supply.last_year",
    "settings.start_year",
    "settings.horizon",
)
def offers_can_be_used(case: Case) -> Iterator[Finding]:
    start = case.number("start_year")
    end = start + case.number("horizon") - 1
    for row, values in rows(case["supply"]):
        first, last = values["first_year"], values["last_year"]
        if values["buyer"] == "stockpile" and values["available"] == "cutoff":
            yield warning(
                "supply", "never usable: the stockpile buys in peace only, and this offer is available in cutoffs only.", row, "available"
            )
        elif values["capacity"] == 0:
            yield warning("supply", "never usable: its capacity is 0.", row, "capacity")
        elif last < start or first > end:
            yield warning(
                "supply", f"never usable: the plan runs from {start:g} to {end:g}.", row, "last_year" if last < start else "first_year"
            )


@needs("supply.depends_on", "supply.dependence")
def offers_depend_on_someone(case: Case) -> Iterator[Finding]:
    yield from dependence_is_whole(case, "supply")


@needs("plants.depends_on", "plants.dependence")
def plants_depend_on_someone(case: Case) -> Iterator[Finding]:
    yield from dependence_is_whole(case, "plants")


def dependence_is_whole(case: Case, sheet: str) -> Iterator[Finding]:
    frame = case[sheet]
    for row, _ in rows(frame[(frame["dependence"] > 0) & (frame["depends_on"] == "")]):
        yield warning(sheet, "dependence has no effect without depends_on; name the country.", row, "dependence")
    for row, values in rows(frame[(frame["dependence"] == 0) & (frame["depends_on"] != "")]):
        yield warning(sheet, f"depends_on '{values['depends_on']}' has no effect while dependence is 0.", row, "depends_on")


@needs("sectors.coverage", "sectors.cover_months")
def coverage_has_months(case: Case) -> Iterator[Finding]:
    frame = case["sectors"]
    for row, values in rows(frame[(frame["coverage"] > 0) & (frame["cover_months"] < case.number("crisis_period"))]):
        yield warning(
            "sectors",
            f"the coverage of '{values['sector']}' has no effect: cover_months is shorter than a crisis period.",
            row,
            "cover_months",
        )


@needs("cutoffs.cutoff", "losses.cutoff", "surges.cutoff")
def cutoffs_take_something(case: Case) -> Iterator[Finding]:
    takes = {*case["losses"]["cutoff"], *case["surges"]["cutoff"]}
    for row, values in rows(case["cutoffs"]):
        if values["cutoff"] not in takes:
            yield warning(
                "cutoffs", f"cutoff '{values['cutoff']}' takes nothing: it has no row in sheet losses and none in surges.", row, "cutoff"
            )


@needs("losses.country", "supply.country", "supply.depends_on", "plants.country", "plants.depends_on")
def losses_hit_someone(case: Case) -> Iterator[Finding]:
    hit = {*countries(case.frames, ""), *case["supply"]["depends_on"], *case["plants"]["depends_on"]}
    for row, values in rows(case["losses"]):
        if values["country"] not in hit:
            yield warning("losses", f"no offer and no plant is in '{values['country']}' or depends on it.", row, "country")


@needs("budget.year", "capacity_floors.year", "settings.start_year", "settings.horizon")
def policy_years_in_horizon(case: Case) -> Iterator[Finding]:
    start = case.number("start_year")
    for sheet in ("budget", "capacity_floors"):
        for row, values in rows(case[sheet]):
            if not start <= values["year"] < start + case.number("horizon"):
                yield warning(sheet, f"{values['year']:g} is outside the plan's years; the row has no effect.", row, "year")


@needs("floors.material", "floors.origin", "plants.country", "plants.kind", "recipes.material", "recipes.quantity", "settings.home")
def floors_can_be_met(case: Case) -> Iterator[Finding]:
    plants, recipes = case["plants"], case["recipes"]
    kind = dict(zip(plants["plant"], plants["kind"], strict=True))
    home = set(plants["plant"][plants["country"] == case.home])
    making = recipes[(recipes["quantity"] > 0) & recipes["plant"].isin(home)]
    for row, values in rows(case["floors"]):
        makers = {p for p, m in zip(making["plant"], making["material"], strict=True) if m == values["material"]}
        if values["origin"] == "recycled":
            makers = {p for p in makers if kind[p] == RECYCLING}
        if not makers and values["share"]:
            yield warning(
                "floors",
                f"no {'recycling ' if values['origin'] == 'recycled' else ''}plant at home makes '{values['material']}'; the floor cannot be met.",
                row,
                "material",
            )


@needs(
    "materials.resale_share",
    "materials.price",
    "materials.stock_limit",
    "materials.purchase_limit",
    "supply.price",
    "supply.material",
    "supply.buyer",
    "supply.capacity",
)
def resale_does_not_pay(case: Case) -> Iterator[Finding]:
    cheapest = cheapest_unlimited(case, "stockpile")
    for row, values in rows(case["materials"]):
        resale = values["resale_share"] * values["price"]
        if (
            math.isinf(values["stock_limit"])
            and math.isinf(values["purchase_limit"])
            and resale > cheapest.get(values["material"], math.inf)
        ):
            yield warning(
                "materials",
                f"free money: stock left at the end is worth {resale:g} USD/kg, above the price of an unlimited purchase ({cheapest[str(values['material'])]:g} USD/kg); the plan may have no end.",
                row,
                "resale_share",
            )


@needs(
    "materials.surplus_cost",
    "materials.surplus_limit",
    "supply.price",
    "supply.material",
    "supply.buyer",
    "supply.capacity",
    "supply.tariff",
)
def surplus_does_not_pay(case: Case) -> Iterator[Finding]:
    cheapest = cheapest_unlimited(case, "market")
    for row, values in rows(case["materials"]):
        sale = -values["surplus_cost"]
        if math.isinf(values["surplus_limit"]) and sale > cheapest.get(values["material"], math.inf):
            yield warning(
                "materials",
                f"free money: surplus sells at {sale:g} USD/kg, above the price of an unlimited offer ({cheapest[str(values['material'])]:g} USD/kg); the plan may have no end.",
                row,
                "surplus_cost",
            )


def cheapest_unlimited(case: Case, buyer: str) -> dict[str, float]:
    """The lowest price (USD/kg, with tariff if counted) of an unlimited offer for each material."""
    supply = case["supply"]
    own = supply["material"].map(dict(zip(case["materials"]["material"], case["materials"]["price"], strict=True)))
    price = supply["price"].fillna(own) * (1 + supply["tariff"] * case.flag("count_tariffs"))
    unlimited = (supply["buyer"] == buyer) & np.isinf(supply["capacity"])
    return {str(k): float(v) for k, v in price[unlimited].groupby(supply["material"][unlimited]).min().items()}


@needs("thrift.material", "thrift.sector", "demand.material", "demand.sector")
def thrift_saves_a_demand(case: Case) -> Iterator[Finding]:
    pairs = set(zip(case["demand"]["material"], case["demand"]["sector"], strict=True))
    materials = {m for m, _ in pairs}
    for row, values in rows(case["thrift"]):
        if values["material"] not in materials if values["sector"] == EVERY else (values["material"], values["sector"]) not in pairs:
            yield warning("thrift", f"there is no demand for '{values['material']}' that this option could save.", row, "material")
