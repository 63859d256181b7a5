"""What the stockpile buys in peace, from whom, when and at what price."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.metrics import NOISE
from outputs.tables.report import Report
from outputs.tables.table import Column, Style, Table

SHEET = "Purchases"
HOME_OUTPUT = "home output"


def purchases(report: Report) -> Table:
    """A row for each material, offer (or home output) and year in which something is taken into the stockpile."""
    plan, years = report.plan, report.years
    bought, trunk = report.supply[1], plan.tree.trunk
    names = bought.index.get_level_values("offer")
    prices = report.parameter("offer_price").loc[names].to_numpy()
    index = pd.MultiIndex.from_arrays([report.materials, [HOME_OUTPUT] * len(report.materials)], names=["material", "offer"])
    rows = bought.index.append(index) if len(bought) else index
    tonnes = np.vstack([bought.to_numpy(), report.stock.offtake])[:, :trunk]
    spent = tonnes * np.vstack([prices, report.price])[:, :trunk]
    tonnes, spent = years.total(tonnes), years.total(spent)
    limit = years.total(report.rows(by_year_limit(report)))
    which, year = np.nonzero(tonnes > NOISE)
    material = rows.get_level_values("material")[which]
    place = np.array([report.materials.index(m) for m in material], dtype=int)
    offer = rows.get_level_values("offer")[which]
    country = plan.case["supply"].set_index("offer")["country"]
    frame = pd.DataFrame(
        {
            "material": material.to_numpy(dtype=object),
            "offer": offer.to_numpy(dtype=object),
            "country": [plan.case.home if o == HOME_OUTPUT else country[o] for o in offer],
            "year": [years.labels[y] for y in year],
            "tonnes": tonnes[which, year],
            "price": spent[which, year] / tonnes[which, year],
            "cost": spent[which, year] / 1000,
            "limit": np.where(np.isfinite(limit[place, year]), limit[place, year], np.nan),
        }
    )
    frame = frame.iloc[np.lexsort((year, which, place))].reset_index(drop=True)
    frame.loc[len(frame)] = pd.Series({"material": "Total", "cost": frame["cost"].sum()})
    return Table(
        SHEET,
        "What does the stockpile buy, from whom, when, and for how much?",
        "As long as no cutoff has begun, not discounted. Home output put into the stockpile stands at the material's price: its cost is that of the plants that make it.",
        (
            Column("material"),
            Column("offer"),
            Column("country"),
            Column("year", style=Style.YEAR),
            Column("tonnes", "Bought", "t", Style.AMOUNT),
            Column("price", "Price", "USD/kg", Style.PRICE),
            Column("cost", "Cost", "M USD", Style.AMOUNT),
            Column("limit", "Limit of the material", "t", Style.AMOUNT, empty="no limit"),
        ),
        frame,
        total=True,
        own_units=True,
    )


def by_year_limit(report: Report) -> pd.DataFrame:
    """purchase_limit x length of each node, t."""
    limit = report.plan.data.values["purchase_max"][:, None] * report.plan.tree.yrs
    return pd.DataFrame(limit, index=pd.Index(report.materials))
