"""What was decided beforehand: the quantity in the plan of each pin, whether it binds, and what it costs."""

from __future__ import annotations

import pandas as pd

from inputs.case import Case
from inputs.units import factor
from outputs.tables.report import Report
from outputs.tables.table import Column, Style, Table
from outputs.tables.units import TONNE

SHEET = "Pins"
LEAST, MOST, FIXED, FREE = "at least", "at most", "at both ends", "no"
TOLERANCE = 1e-6
"""Relative: a quantity within this of an end is at it, and a price below it is none."""


def pinned(report: Report, item: str, name: str, year: int) -> float:
    """The quantity that a pin is about, t (an order: t/yr)."""
    nodes = report.plan.data.index_maps["nodes_of_year"][year]
    if item == "order":
        orders = report.variable("order")
        return float(orders[orders.index.get_level_values("plant") == name].to_numpy()[:, nodes].sum())
    of, stock = report.materials.index(name), report.stock
    return float(stock.closing[of, nodes[-1]] if item == "stock" else (stock.bought + stock.offtake)[of, nodes].sum())


def prices(report: Report) -> tuple[dict[object, float], dict[object, float]]:
    """Thousand USD saved for a unit less at least, and for a unit more at most, by pin; only pins that are rows of the program have them."""
    plan = report.plan
    below, above = (
        (plan.data.sets[of], plan.duals.get(rows, ())) for of, rows in (("PINS_BELOW", "pins_at_least"), ("PINS_ABOVE", "pins_at_most"))
    )
    less, more = (dict(zip(keys, map(float, duals), strict=True)) for keys, duals in (below, above))
    return less, {pin: -dual for pin, dual in more.items()}


def unit_of(case: Case) -> str:
    """The unit of the pins of stocks and purchases: the planner's, of whichever end is not in t."""
    return next((unit for unit in (case.unit("pins", end) for end in ("at_least", "at_most")) if unit != TONNE), TONNE)


def pins(report: Report) -> Table:
    """A row for each pin: its ends, the quantity in the plan, whether it binds, and what an end costs."""
    case = report.plan.case
    unit = unit_of(case)
    tonnes = factor(unit, TONNE)
    less, more = prices(report)
    rows = []
    for item, name, year, least, most in case["pins"][["item", "name", "year", "at_least", "at_most"]].itertuples(index=False):
        pin = (item, name, int(year))
        quantity = pinned(report, *pin)
        bound = binds(quantity, least, most)
        low, high = (by_end.get(pin, 0.0) if bound in (end, FIXED) else 0.0 for by_end, end in ((less, LEAST), (more, MOST)))
        of = f"{unit}/yr" if item == "order" else unit
        price = max(low, high)
        rows.append(
            (
                *(item, name, int(year), of, least / tonnes if least > 0 else float("nan"), most / tonnes, quantity / tonnes, bound),
                price * tonnes if bound != FREE else float("nan"),
                in_words(bound, of, low, high),
            )
        )
    names = ["item", "name", "year", "unit", "at_least", "at_most", "quantity", "binds", "price", "words"]
    return Table(
        SHEET,
        "What does it cost that something was decided beforehand?",
        "Each pin with what the plan does, and whether an end of it is reached. Its price is what the expected discounted cost (with the weight on risk, if there is one) "
        f"would fall by if that end gave way by one unit, in thousand USD of {case.price_year}; it holds for small changes.",
        (
            Column("item"),
            Column("name"),
            Column("year", style=Style.YEAR),
            Column("unit", "Unit"),
            Column("at_least", style=Style.AMOUNT, empty="none"),
            Column("at_most", style=Style.AMOUNT, empty="none"),
            Column("quantity", "In the plan", style=Style.AMOUNT),
            Column("binds"),
            Column("price", "Price", "thousand USD", Style.AMOUNT),
            Column("words", "What the price is"),
        ),
        pd.DataFrame(rows, columns=names),
        frozen=3,
        nothing="The case has no pins.",
    )


def binds(quantity: float, least: float, most: float) -> str:
    """Which ends of a pin its quantity is at."""
    low = least > 0 and quantity <= least + TOLERANCE * (1 + least)
    high = quantity >= most - TOLERANCE * (1 + most)
    return FIXED if low and high else LEAST if low else MOST if high else FREE


def in_words(bound: str, unit: str, low: float, high: float) -> str:
    """What a price says: saved for a unit less required, or more allowed."""
    if bound == FREE:
        return "the plan does so by itself"
    if max(low, high) <= TOLERANCE:
        return "none: if it gave way a little, nothing would be saved"
    return f"saved for each {unit} less required" if low >= high else f"saved for each {unit} more allowed"
