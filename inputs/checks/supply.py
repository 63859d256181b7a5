"""Rules on offers, and on whom offers and plants depend."""

from __future__ import annotations

import math
from collections.abc import Iterator

from inputs.case import Case
from inputs.checks.registry import needs, rows, warning
from inputs.errors import Finding


@needs("demand.material", "supply.material", "supply.buyer", "recipes.material", "recipes.quantity")
def demand_can_be_supplied(case: Case) -> Iterator[Finding]:
    """Something supplies each material that is needed."""
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
    "durations.months",
)
def offers_can_be_used(case: Case) -> Iterator[Finding]:
    """An offer can be used in some year of the plan."""
    start = case.number("start_year")
    peace = math.ceil(start + case.number("horizon")) - 1
    longest = float(case["durations"]["months"].max()) if len(case["durations"]) else 0.0
    end = math.ceil(start + case.number("horizon") + longest / 12) - 1
    for row, values in rows(case["supply"]):
        first, last = values["first_year"], values["last_year"]
        if values["buyer"] == "stockpile" and values["available"] == "cutoff":
            yield warning(
                "supply", "never usable: the stockpile buys in peace only, and this offer is available in cutoffs only.", row, "available"
            )
        elif (
            values["capacity"] == 0 and values["buyer"] == "market"
        ):  # a purchase of the stockpile may be switched off, for a sweep to switch on
            yield warning("supply", "never usable: its capacity is 0.", row, "capacity")
        elif last < start or first > (peace if values["buyer"] == "stockpile" or values["available"] == "peace" else end):
            yield warning(
                "supply", f"never usable: the plan runs from {start:g} to {peace:g}.", row, "last_year" if last < start else "first_year"
            )


@needs("supply.depends_on", "supply.dependence")
def offers_depend_on_someone(case: Case) -> Iterator[Finding]:
    """An offer's dependence names a country, and the other way round."""
    yield from dependence_is_whole(case, "supply")


@needs("plants.depends_on", "plants.dependence")
def plants_depend_on_someone(case: Case) -> Iterator[Finding]:
    """A plant's dependence names a country, and the other way round."""
    yield from dependence_is_whole(case, "plants")


def dependence_is_whole(case: Case, sheet: str) -> Iterator[Finding]:
    """A dependence has a country and a share, on either sheet."""
    frame = case[sheet]
    for row, _ in rows(frame[(frame["dependence"] > 0) & (frame["depends_on"] == "")]):
        yield warning(sheet, "dependence has no effect without depends_on; name the country.", row, "dependence")
    for row, values in rows(frame[(frame["dependence"] == 0) & (frame["depends_on"] != "")]):
        yield warning(sheet, f"depends_on '{values['depends_on']}' has no effect while dependence is 0.", row, "depends_on")


@needs("supply.price", "supply.price_share", "materials.surplus_cost", "materials.surplus_share")
def prices_are_given_once(case: Case) -> Iterator[Finding]:
    """A price in money goes before a share of the material's: beside it the share has no effect."""
    supply, materials = case["supply"], case["materials"]
    for row, values in rows(supply[supply["price"].notna() & (supply["price_share"] != 1)]):
        text = f"price_share has no effect beside a price ({values['price']:g} USD/kg); empty one of them."
        yield warning("supply", text, row, "price_share")
    for row, values in rows(materials[materials["surplus_cost"].notna() & (materials["surplus_share"] != 0)]):
        text = f"surplus_share has no effect beside a surplus_cost ({values['surplus_cost']:g} USD/kg); empty one of them."
        yield warning("materials", text, row, "surplus_share")
