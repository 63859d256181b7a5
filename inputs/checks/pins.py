"""Rules on pins: what they name, and quantities that nothing can meet."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from inputs.case import Case
from inputs.checks.potential import trunk
from inputs.checks.registry import needs, rows
from inputs.errors import Finding, did_you_mean

ROUNDING = 1 + 1e-9
TIMES_READ = ("settings.start_year", "settings.horizon", "settings.period")


@needs("pins.item", "pins.name", "materials.material", "plants.plant", stops=True)
def pins_name_what_they_pin(case: Case) -> Iterator[Finding]:
    """Stock and purchases are of a material, orders of a plant."""
    known = {sheet: list(case[sheet][column]) for sheet, column in (("materials", "material"), ("plants", "plant"))}
    for row, pin in rows(case["pins"]):
        sheet = "plants" if pin["item"] == "order" else "materials"
        if pin["name"] not in known[sheet]:
            what = "an order is of a plant" if sheet == "plants" else f"{pin['item']} is of a material"
            hint = did_you_mean(pin["name"], known[sheet]) or "."
            yield Finding("pins", f"'{pin['name']}' is not known in sheet {sheet}: {what}{hint}", row, "name")


@needs("pins.at_least", "pins.at_most", stops=True)
def pins_leave_room(case: Case) -> Iterator[Finding]:
    """At least is no more than at most; a pin without either says nothing."""
    frame = case["pins"]
    for row, pin in rows(frame[frame["at_least"] > frame["at_most"]]):
        yield Finding("pins", f"at_least {pin['at_least']:g} is above at_most {pin['at_most']:g}.", row, "at_least")


@needs(
    *(f"pins.{c}" for c in ("item", "name", "year", "at_least")),
    *(f"materials.{c}" for c in ("material", "stock_limit", "opening_stock", "purchase_limit")),
    *(f"supply.{c}" for c in ("material", "buyer", "capacity", "available", "first_year", "last_year")),
    *("plants.plant", "plants.country", "recipes.plant", "recipes.material", "recipes.quantity"),
    *("settings.home", "settings.storage_limit", *TIMES_READ),
)
def material_pins_can_be_met(case: Case) -> Iterator[Finding]:
    """Stock and purchases that are pinned can be bought or made, and kept."""
    materials = {str(values["material"]): values for _, values in rows(case["materials"])}
    for row, pin in rows(case["pins"]):
        material = materials.get(pin["name"])
        if pin["item"] == "order" or material is None or not pin["at_least"] > 0 or pin["year"] not in trunk(case).year:
            continue
        least, name, year = pin["at_least"], pin["name"], f"{pin['year']:g}"
        room = min(material["stock_limit"], case.number("storage_limit"))
        bought = purchases(case, material)
        if pin["item"] == "stock":
            until = float(bought[trunk(case).year <= pin["year"]].sum())
            if least > room * ROUNDING:
                limit = "stock_limit in materials" if room == material["stock_limit"] else "storage_limit in settings"
                text = f"{least:g} t of '{name}' in stock are asked for, but its {limit} is {room:g} t. Ask for less, or raise the limit."
            elif least > (material["opening_stock"] + until) * ROUNDING:
                text = (
                    f"{least:g} t of '{name}' in stock are asked for in {year}, but with all that can be bought or taken in until then there are "
                    f"{material['opening_stock'] + until:,.4g} t. Ask for less or later, raise purchase_limit, or add an offer with the stockpile as its buyer."
                )
            else:
                continue
        else:
            most = float(bought[trunk(case).year == pin["year"]].sum())
            if least <= most * ROUNDING:
                continue
            text = (
                f"{least:g} t of '{name}' are to be bought or taken in during {year}, but {most:,.4g} t can be by its offers to the stockpile and its "
                "purchase_limit. Ask for less, or raise them."
                if most
                else f"nothing of '{name}' can be bought or taken in during {year}: no offer has the stockpile as its buyer then, no home plant makes it for stock, "
                "or its purchase_limit is 0. Add an offer, or remove this pin."
            )
        yield Finding("pins", text, row, "at_least", contradicts=True)


def purchases(case: Case, material: dict[str, Any]) -> Any:
    """(periods,): tonnes of a row of `materials` that the stockpile can buy, or take from home plants, in each planning period at the most."""
    times, name, supply = trunk(case), material["material"], case["supply"]
    years = (times.end - times.start) / 12
    offers = supply[(supply["material"] == name) & (supply["buyer"] == "stockpile") & (supply["available"] != "cutoff")]
    begins = 12 * (offers["first_year"].fillna(-math.inf).to_numpy()[:, None] - case.number("start_year"))
    ends = 12 * (offers["last_year"].fillna(math.inf).to_numpy()[:, None] + 1 - case.number("start_year"))
    months = np.clip(np.minimum(times.end, ends) - np.maximum(times.start, begins), 0.0, None)
    capacity = np.broadcast_to(offers["capacity"].to_numpy()[:, None], months.shape)
    offered = np.multiply(capacity, months / 12, out=np.zeros(months.shape), where=months > 0).sum(axis=0)
    recipes, plants = case["recipes"], case["plants"]
    home = plants["plant"][plants["country"] == case.home]
    made = ((recipes["material"] == name) & (recipes["quantity"] > 0) & recipes["plant"].isin(home)).any()
    return np.minimum(np.where(bool(made) and material["stock_limit"] > 0, math.inf, offered), material["purchase_limit"] * years)


@needs(
    *(f"pins.{c}" for c in ("item", "name", "year", "at_least")),
    *("plants.plant", "plants.capacity_limit", "plants.first_year", *TIMES_READ),
)
def order_pins_can_be_met(case: Case) -> Iterator[Finding]:
    """Orders that are pinned are within what can be added to their plants, from the year on in which it can be ordered."""
    plants = {str(values["plant"]): values for _, values in rows(case["plants"])}
    asked: dict[str, float] = {}
    for row, pin in rows(case["pins"].sort_values("year", kind="stable")):
        plant = plants.get(pin["name"])
        if pin["item"] != "order" or plant is None or not pin["at_least"] > 0 or pin["year"] not in trunk(case).year:
            continue
        before = asked.get(pin["name"], 0.0)
        asked[pin["name"]] = before + pin["at_least"]
        if pin["year"] < plant["first_year"]:
            text = f"'{pin['name']}' cannot be ordered before {plant['first_year']:g}, its first_year in plants; {pin['at_least']:g} t/yr are asked for in {pin['year']:g}."
            yield Finding("pins", text, row, "year", contradicts=True)
        elif asked[pin["name"]] > plant["capacity_limit"] * ROUNDING:
            earlier = f" after {before:g} in years before" if before else ""
            text = (
                f"orders of {pin['at_least']:g} t/yr of '{pin['name']}' are asked for{earlier}, but {plant['capacity_limit']:g} t/yr can be added: "
                "its capacity_limit in plants. Ask for less, or raise it."
            )
            yield Finding("pins", text, row, "at_least", contradicts=True)
