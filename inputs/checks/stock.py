"""Rules on stock, surplus and thrift: what fits, what saves something, what would be free money."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from inputs.case import Case
from inputs.checks.potential import HOME_READ, MADE_READ, at_home, demanded, made
from inputs.checks.registry import needs, rows, warning
from inputs.errors import Finding
from inputs.schema import EVERY


@needs("materials.opening_stock", "materials.stock_limit")
def opening_stock_fits(case: Case) -> Iterator[Finding]:
    """The opening stock is within the stock limit."""
    frame = case["materials"]
    for row, values in rows(frame[frame["opening_stock"] > frame["stock_limit"]]):
        yield Finding(
            "materials",
            f"opening_stock {values['opening_stock']:g} t is above stock_limit {values['stock_limit']:g} t.",
            row,
            "opening_stock",
            contradicts=True,
        )


@needs("thrift.material", "thrift.substitute", stops=True)
def substitute_is_another(case: Case) -> Iterator[Finding]:
    """A material is not its own substitute."""
    frame = case["thrift"]
    for row, values in rows(frame[(frame["substitute"] != "") & (frame["substitute"] == frame["material"])]):
        yield Finding(
            "thrift",
            f"'{values['material']}' cannot be its own substitute; name another material, or leave the cell empty.",
            row,
            "substitute",
        )


PRICES_READ = (
    *("settings.count_tariffs", "materials.material", "materials.price"),
    *(f"supply.{c}" for c in ("material", "buyer", "capacity", "price", "price_share", "tariff")),
)
"""What `cheapest_unlimited` reads."""


@needs("materials.resale_share", "materials.stock_limit", "materials.purchase_limit", *PRICES_READ)
def resale_does_not_pay(case: Case) -> Iterator[Finding]:
    """What is left at the end is worth no more than an unlimited purchase costs."""
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
        elif values["resale_share"] > 1:
            yield warning(
                "materials", "stock left at the end is worth more than its price then, so the plan may hoard it.", row, "resale_share"
            )


@needs("materials.surplus_cost", "materials.surplus_share", "materials.surplus_limit", *PRICES_READ)
def surplus_does_not_pay(case: Case) -> Iterator[Finding]:
    """Surplus sells for no more than an unlimited offer costs, nor above the material's price."""
    cheapest = cheapest_unlimited(case, "market")
    for row, values in rows(case["materials"]):
        sale = surplus_brings(values)
        column = "surplus_share" if math.isnan(values["surplus_cost"]) else "surplus_cost"
        if math.isinf(values["surplus_limit"]) and sale > cheapest.get(values["material"], math.inf):
            yield warning(
                "materials",
                f"free money: surplus sells at {sale:g} USD/kg, above the price of an unlimited offer ({cheapest[str(values['material'])]:g} USD/kg); the plan may have no end.",
                row,
                column,
            )
        elif sale > values["price"]:
            yield warning(
                "materials",
                f"surplus sells at {sale:g} USD/kg, above its price of {values['price']:g}; the plan may buy it to sell it.",
                row,
                column,
            )


def surplus_brings(material: Mapping[str, Any]) -> float:
    """USD/kg that a sale of surplus brings in a row of `materials`; negative = what disposal costs."""
    cost = material["surplus_cost"]
    return float(material["surplus_share"] * material["price"]) if math.isnan(cost) else 0.0 - float(cost)


def cheapest_unlimited(case: Case, buyer: str) -> dict[str, float]:
    """The lowest price (USD/kg, with tariff if counted) of an unlimited offer for each material."""
    supply = case["supply"]
    own = (
        supply["material"].map(dict(zip(case["materials"]["material"], case["materials"]["price"], strict=True))).astype(float)
    )  # of no rows, a map gives texts
    price = supply["price"].fillna(supply["price_share"] * own) * (1 + supply["tariff"] * case.flag("count_tariffs"))
    unlimited = (supply["buyer"] == buyer) & np.isinf(supply["capacity"])
    return {str(k): float(v) for k, v in price[unlimited].groupby(supply["material"][unlimited]).min().items()}


@needs("thrift.material", "thrift.sector", "demand.material", "demand.sector")
def thrift_saves_a_demand(case: Case) -> Iterator[Finding]:
    """Thrift is of a material that somebody needs."""
    pairs = set(zip(case["demand"]["material"], case["demand"]["sector"], strict=True))
    materials = {m for m, _ in pairs}
    for row, values in rows(case["thrift"]):
        if values["material"] not in materials if values["sector"] == EVERY else (values["material"], values["sector"]) not in pairs:
            yield warning("thrift", f"there is no demand for '{values['material']}' that this option could save.", row, "material")


@needs(
    *("materials.material", "materials.price", "materials.resale_share", "materials.surplus_cost"),
    *("materials.surplus_share", "materials.stock_limit"),
    *("demand.material", "demand.demand", "demand.growth", *HOME_READ, *MADE_READ),
)
def by_products_are_not_hoarded(case: Case) -> Iterator[Finding]:
    """What home plants make beside what is wanted is not worth more left in store at the end than sold as surplus."""
    recipes, home = case["recipes"], at_home(case)
    making = recipes[(recipes["quantity"] > 0) & recipes["plant"].isin(home["plant"])]
    joint = set(making["material"][making.duplicated(["plant", "mode"], keep=False)])
    for row, values in rows(case["materials"]):
        name, kept, sold = values["material"], values["resale_share"] * values["price"], surplus_brings(values)
        if name not in joint or values["stock_limit"] <= 0 or values["resale_share"] > 1 or kept <= max(sold, 0.0) * (1 + 1e-9):
            continue
        if (made(case, name, home) > demanded(case, name) + made(case, name, case["plants"], used=True)).any():
            text = (
                f"'{name}' left in store at the end is worth {kept:g} USD/kg, but as surplus it brings {sold:g}: home plants can make more than is needed, "
                "and the plan may hoard it for sale. Lower resale_share, set what surplus sells for, or limit the stock."
            )
            yield warning("materials", text, row, "resale_share")
