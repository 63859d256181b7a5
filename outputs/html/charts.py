"""What the charts of the HTML page show, as plain data; the page's script draws it with plotly."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from outputs.excel.material_data import FIGURES, Page
from outputs.excel.styles import SERIES, SOURCES
from outputs.tables import coverage, stock, stockpile
from outputs.tables.material import NAMED, SLOTS, Material
from outputs.tables.report import Report
from outputs.tables.rounding import LEAST, MOST, NOTHING, SMALLEST, shown
from outputs.tables.summary import LARGE_PART, Summary
from outputs.tables.table import Table
from outputs.tables.waterfall import STEPS

DIGITS = 9
BARS, SERIES_MOST, SERIES_LEAST = 15, 8, 0.004
"""Bars and stacked series at most; a series of less than this share of the total is left to the total's line."""


def chart_data(report: Report, tables: Mapping[str, Table], summary: Summary, materials: Sequence[Material], page: Page) -> dict[str, Any]:
    """Everything that is drawn, ready for JSON: numbers, names and labels."""
    return {
        "costs": cost_bars(summary),
        "values": value_bars(tables[stockpile.SHEET].frame),
        "stock": stock_series(tables[stock.VALUE]),
        "materials": [material_data(m, page, b) for b, m in enumerate(materials)],
        "labels": {
            "periods": page.periods,
            "years": page.years,
            "months": page.months,
            "branches": branch_labels(report),
            "units": page.units,
            "colours": SOURCES,
            "sources": SLOTS,
            "steps": STEPS,
            "rounding": {"least": LEAST, "most": MOST, "smallest": SMALLEST},
        },
        "coverage": cover_maps(report, tables[coverage.SHEET].frame),
    }


def branch_labels(report: Report) -> list[str]:
    """Cutoff and onset of each branch."""
    return [f"{name} {onset}" for name, onset in zip(report.branch_names, report.onsets, strict=True)]


def cost_bars(summary: Summary) -> dict[str, Any]:
    """Cost parts in M USD, largest first; one that would hide the others is only named."""
    parts = list(summary.costs)
    sizes = sorted((abs(v) for _, v in parts), reverse=True)
    hides = len(parts) > 1 and sizes[0] > LARGE_PART * sizes[1] and abs(parts[0][1]) == sizes[0]
    shown = parts[1:] if hides else parts
    beside = parts[0][0] if hides else ""
    return {"names": [n for n, _ in shown], "values": [v for _, v in shown], "beside": beside}


def value_bars(frame: pd.DataFrame) -> dict[str, Any]:
    """The largest stockpiles by value, in million USD."""
    held = frame.iloc[:-1]
    held = held[held["value"] > 0].head(BARS)
    return {"names": held["material"].tolist(), "values": held["value"].tolist()}


def stock_series(table: Table) -> dict[str, Any]:
    """Value in store by period, M USD: the first materials and the total."""
    values = table.frame.iloc[:, 1:].to_numpy(dtype=float)
    visible = values[:-1].max(axis=1, initial=0) > SERIES_LEAST * values[-1].max(initial=0)
    rows = [int(r) for r in np.flatnonzero(visible)[:SERIES_MOST]]
    names = table.frame["material"].tolist()
    return {
        "periods": [c.name for c in table.columns[1:]],
        "series": [{"name": names[r], "values": values[r].tolist(), "colour": SERIES[i]} for i, r in enumerate(rows)],
        "total": values[-1].tolist(),
    }


def material_data(material: Material, page: Page, place: int) -> dict[str, Any]:
    """What the section of a material shows; `place` is that of its block."""
    block = page.blocks[place]
    figures, notes = block.part("figures")[0], block.part("notes")[0]
    flows = [*material.sources, *material.uses]
    rates = [row.values[:2] for row in (*block.part("source"), *block.part("use"))]
    return {
        "name": material.name,
        "worst": figures.text,
        "figures": [shown(style, float(v)) if v == v else NOTHING for style, v in zip(FIGURES.values(), figures.values, strict=True)],
        "target": block.part("target")[0].values[0],
        "notes": notes.values,
        "stock": material.stock,
        "fall": {"steps": material.fall.steps, "words": material.fall.words} if material.fall else None,
        "flows": [
            {"name": f.name, "peace": f.peace, "cutoff": f.cutoff, "branches": f.branches, "rates": r, "always": i > NAMED}
            for i, (f, r) in enumerate(zip(flows, rates, strict=True))
        ],
        "sectors": [{"name": row.name, "cover": row.values, "where": row.text} for row in block.part("sector") if row.name],
    }


def cover_maps(report: Report, cover: pd.DataFrame) -> list[dict[str, Any]]:
    """For each sector with demand, coverage by material (rows) and cutoff and onset (columns)."""
    count, places = len(report.plan.tree.branches), {}
    found = []
    if not count:
        return []
    demands = len(cover) // count
    branch = np.repeat(np.arange(count), demands)
    for sector, rows in cover.assign(branch=branch).groupby("sector", sort=False):
        materials = rows["material"].unique().tolist()
        places = {m: i for i, m in enumerate(materials)}
        where = rows["material"].map(places).to_numpy(), rows["branch"].to_numpy()
        grids = {}
        for column in ("reached", "required", "short"):
            grids[column] = np.full((len(materials), count), np.nan)
            grids[column][where] = rows[column].to_numpy(dtype=float)
        promised = np.full((len(materials), count), "", dtype=object)
        promised[where] = rows["promised"].to_numpy()
        found.append({"sector": sector, "materials": materials, **grids, "promised": promised.tolist()})
    return found


def as_json(data: object) -> str:
    """JSON that can stand inside a script element: no "<", no numbers that are none."""
    return json.dumps(plain(data), ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def plain(data: object) -> Any:
    """Lists and numbers of so many digits; None where a number is none."""
    if isinstance(data, Mapping):
        return {str(k): plain(v) for k, v in data.items()}
    if isinstance(data, list | tuple | np.ndarray):
        return [plain(v) for v in data]
    if isinstance(data, float):
        return float(f"{data:.{DIGITS}g}") if math.isfinite(data) else None
    return data
