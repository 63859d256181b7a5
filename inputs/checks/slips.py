"""Rules on numbers that are sound one by one, but by their size are a slip: a wrong unit, a percentage, a row copied twice."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from inputs.case import Case
from inputs.checks.potential import MADE_READ, SUPPLY_READ, demanded, made, offered, trunk
from inputs.checks.registry import needs, rows, warning
from inputs.errors import Finding
from inputs.schema import BY_NAME

FAST_GROWTH = 0.5
FAR_APART = 100.0
"""A price so many times that of the same material elsewhere."""

FAR_ABOVE = 1000.0
"""A price so many times the median of all materials."""

SHORT = 3.0
"""Months: where every length is below this, they look like years."""


@needs("durations.months")
def durations_are_months(case: Case) -> Iterator[Finding]:
    """The lengths of cutoffs do not look like years."""
    months = case["durations"]["months"]
    if len(months) and months.max() < SHORT and ("durations", "months") not in case.units:
        text = f"no cutoff lasts longer than {months.max():g} months; are these years? Write months, or yr in the units row."
        yield warning("durations", text, int(months.index[int(months.to_numpy().argmax())]), "months")


@needs("demand.growth", "materials.price_growth")
def growth_is_of_a_year(case: Case) -> Iterator[Finding]:
    """A growth of more than half a year is more likely a percentage."""
    for sheet, column in (("demand", "growth"), ("materials", "price_growth")):
        fast = case[sheet][column][case[sheet][column] > FAST_GROWTH]
        if len(fast):
            more = f" (and {len(fast) - 1} more rows)" if len(fast) > 1 else ""
            text = f"{column} {fast.iloc[0]:g}{more} means {fast.iloc[0]:.0%} more every year; for a percentage write 0.02, or % in the units row."
            yield warning(sheet, text, int(fast.index[0]), column)


@needs("materials.material", "materials.price", "supply.material", "supply.price")
def prices_are_of_one_size(case: Case) -> Iterator[Finding]:
    """The price of a material is not 100 times what it is elsewhere, nor 1,000 times the median of all."""
    prices = case["materials"]["price"]
    for row, values in rows(case["materials"]):
        places = [("materials", row, values["price"])]
        offers = case["supply"][(case["supply"]["material"] == values["material"]) & (case["supply"]["price"] > 0)]
        places += [("supply", int(at), float(price)) for at, price in offers["price"].items()]
        known = [place for place in places if place[2] > 0]
        if not known:
            continue
        sizes = np.log([price for _, _, price in known])
        if sizes.max() - sizes.min() >= np.log(FAR_APART):
            off = abs(sizes - np.median(sizes))
            j = len(known) - 1 - int(off[::-1].argmax())
            other = max((price for k, (_, _, price) in enumerate(known) if k != j), key=lambda price: abs(np.log(price) - sizes[j]))
            sheet, at, price = known[j]
            text = f"'{values['material']}' costs {price:g} USD/kg here and {other:g} elsewhere, more than {FAR_APART:g} times apart. Is a unit mistaken?"
            yield warning(sheet, text, at, "price")
        elif len(prices) > 2 and values["price"] >= FAR_ABOVE * prices.median() > 0:
            text = f"'{values['material']}' costs {values['price']:g} USD/kg, {FAR_ABOVE:,.0f} times the median of all materials ({prices.median():g}) or more. Is a unit mistaken?"
            yield warning("materials", text, row, "price")


@needs(*(f"supply.{column.name}" for column in BY_NAME["supply"]))
def offers_differ(case: Case) -> Iterator[Finding]:
    """No offer is another one under a second name."""
    frame = case["supply"]
    columns = [column.name for column in BY_NAME["supply"] if column.name != "offer"]
    first: dict[tuple[object, ...], tuple[str, int]] = {}
    for row, values in rows(frame[["offer", *columns]].astype(object).where(frame[["offer", *columns]].notna(), None)):
        same = tuple(values[column] for column in columns)
        if same in first:
            name, at = first[same]
            text = f"offer '{values['offer']}' is offer '{name}' in row {at} in all but its name, so the same tonnes may count twice; remove one, or tell them apart."
            yield warning("supply", text, row, "offer")
        first.setdefault(same, (values["offer"], row))


@needs("demand.material", "demand.demand", "demand.growth", *SUPPLY_READ, *MADE_READ)
def demand_is_within_supply(case: Case) -> Iterator[Finding]:
    """In peace, all offers and all plants together can meet the demand for a material."""
    times = trunk(case)
    for material, group in case["demand"].groupby("material", sort=False):
        name = str(material)
        wanted, most = demanded(case, name), made(case, name, case["plants"]) + offered(case, name)
        short = wanted > most * 1.01
        if short.any() and most.any():
            j = int((np.where(short, wanted - most, 0)).argmax())
            text = (
                f"demand for '{name}' is above all supply in peace in {int(short.sum())} of {len(short)} periods: {wanted[j]:,.4g} t/yr in {times.year[j]}, "
                f"where offers and plants give {most[j]:,.4g} t/yr at most. Is a unit mistaken, or an offer missing?"
            )
            yield warning("demand", text, int(group.index[int(group["demand"].to_numpy().argmax())]), "demand")
