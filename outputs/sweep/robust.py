"""Which stocks and plants are there whatever happens: their shares of the points, and how large they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from inputs.arrays import Floats
from outputs.excel.layout import FIRST
from outputs.sweep.report import CORE, Sweep
from outputs.sweep.words import percent
from outputs.tables.table import Column, Style, Table

STOCKS, PLANTS = "Robust stocks", "Robust plants"


def robust_stocks(sweep: Sweep) -> Table:
    """A row for each material: in what share of the points it is held, and how much."""
    columns = sweep.columns("target")
    frame = shares(sweep.plans[list(columns.values())].to_numpy(), sweep.held)
    frame.insert(1, "demand", [sweep.demand.get(m, 0.0) for m in frame["name"]])
    return Table(
        STOCKS,
        "Which materials are held whatever happens, and how much of each?",
        f"Over the {len(sweep.plans):,} points that have a plan. Held: more than 0.1 % of the yearly demand is in store. "
        f"Robust core: held in at least {percent(CORE)} of them. In 5 % of the points the stock is below the first percentile column, in 5 % above the last.",
        (
            Column("name", "Material", width=26),
            Column("demand", "Yearly demand", "t/yr", Style.AMOUNT),
            Column("core", "Robust core"),
            Column("share", "Held in", "% of points", Style.SHARE, width=13),
            *percentile_columns("t"),
            Column("if any", "Median where held", "t", Style.AMOUNT, width=14),
        ),
        frame,
        nothing="No point has a plan.",
    )


def robust_plants(sweep: Sweep) -> Table:
    """A row for each plant that can be ordered in peace: in what share of the points it is, and how large."""
    columns = sweep.columns("order")
    plants = sweep.case["plants"].set_index("plant")
    frame = shares(sweep.plans[list(columns.values())].fillna(0.0).to_numpy(), sweep.ordered)
    for place, name in enumerate(("kind", "country"), 1):
        frame.insert(place, name, [str(plants[name].get(p, "")) for p in frame["name"]])
    return Table(
        PLANTS,
        "Which plants are ordered whatever happens, and how large?",
        f"Over the {len(sweep.plans):,} points that have a plan; capacity ordered in peace. Robust core: ordered in at least {percent(CORE)} of them.",
        (
            Column("name", "Plant", width=36),
            Column("kind"),
            Column("country"),
            Column("core", "Robust core"),
            Column("share", "Ordered in", "% of points", Style.SHARE, width=13),
            *percentile_columns("t/yr"),
            Column("if any", "Median where ordered", "t/yr", Style.AMOUNT, width=14),
        ),
        frame,
        nothing="No point has a plan, or no plant can be ordered.",
    )


def percentile_columns(unit: str) -> tuple[Column, ...]:
    """Columns of the 5th, 50th and 95th percentile."""
    return tuple(Column(f"p{p}", f"{p} %" if p != 50 else "50 % (median)", unit, Style.AMOUNT, width=13) for p in (5, 50, 95))


def shares(amounts: Floats, there: pd.DataFrame) -> pd.DataFrame:
    """Rows: columns of `there` (points, k); `amounts` (points, k) in t or t/yr. Most often there first, then by median."""
    if not len(there):
        return pd.DataFrame({c: pd.Series(dtype=object) for c in ("name", "core", "share", "p5", "p50", "p95", "if any")})
    share = there.to_numpy().mean(axis=0)
    low, middle, high = np.quantile(amounts, [0.05, 0.5, 0.95], axis=0)
    where = np.where(there, amounts, np.nan)
    some = there.to_numpy().any(axis=0)
    if_any = np.full(len(share), np.nan)
    if_any[some] = np.nanmedian(where[:, some], axis=0)
    core = np.select([share >= CORE, share > 0], ["yes", "no"], "never")
    frame = pd.DataFrame({"name": there.columns, "core": core, "share": share, "p5": low, "p50": middle, "p95": high, "if any": if_any})
    return frame.iloc[np.lexsort((-middle, -share))].reset_index(drop=True)


def finish_shares(sheet: Any, table: Table) -> None:
    """Bars in the column of shares."""
    share, last = table.column("share"), FIRST + max(1, len(table.frame)) - 1
    bar = {
        "type": "data_bar",
        "bar_color": "#9CC3E6",
        "bar_solid": True,
        "min_type": "num",
        "min_value": 0,
        "max_type": "num",
        "max_value": 1,
    }
    sheet.conditional_format(FIRST, share, last, share, bar)
