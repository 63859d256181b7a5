"""Budgets: the public money of each year, and in which trunk nodes it may be spent."""

from __future__ import annotations

import numpy as np

from model.data.workspace import Workspace


def numbers(s: Workspace) -> None:
    budget, years = s.case["budget"].sort_values("year"), s.trunk_years
    listed = budget["year"].to_numpy()
    amounts = 1000 * budget["amount"].to_numpy()
    if s.case.flag("budget_carryover"):
        amounts = np.cumsum(amounts)
        counted = np.array([bool(np.isin(years, listed[listed <= y]).any()) for y in listed], dtype=bool)
    else:
        counted = np.isin(listed, years)
    s.put(budget_amount=amounts[counted])
    s.structure["budget_years"] = listed[counted]
    s.structure["carryover"] = s.case.flag("budget_carryover")


def sets(s: Workspace) -> None:
    listed = s.case["budget"]["year"].to_numpy()
    spans = {}
    for y in s.structure["budget_years"].tolist():
        counted = listed[listed <= y] if s.structure["carryover"] else [y]
        spans[int(y)] = np.flatnonzero(np.isin(s.trunk_years, counted)).tolist()
    s.sets["BUDGET_YEARS"] = list(spans)
    s.index_maps["budget_nodes"] = spans
