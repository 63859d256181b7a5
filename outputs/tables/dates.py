"""Months of the plan as people write them: 2028, or Jul 2028 where it is not a whole year."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from inputs.arrays import Floats
from model.tree import Branch, Tree

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Date = int | str
"""A calendar year, or a month such as "Jul 2028"."""


def begins(start_year: int, month: float) -> Date:
    """When something begins that begins in a month of the plan (0 = January of `start_year`)."""
    years, rest = divmod(math.floor(month + 1e-9), 12)
    return start_year + years if rest == 0 else f"{MONTHS[rest]} {start_year + years}"


def ends(start_year: int, month: float) -> Date:
    """When something ends that ends as this month of the plan begins: month 12 is the end of `start_year`."""
    years, rest = divmod(math.ceil(month - 1e-9) - 1, 12)
    return start_year + years if rest == 11 else f"{MONTHS[rest]} {start_year + years}"


def branch_name(branch: Branch) -> str:
    """The cutoff of a branch, with its length where that is known when it begins."""
    return branch.cutoff if branch.months is None else f"{branch.cutoff} ({branch.months:g} months)"


@dataclass(frozen=True)
class Years:
    """The calendar years (or longer periods) of the trunk; `of` is the position of each trunk node's."""

    labels: tuple[Date, ...]
    of: tuple[int, ...]

    def total(self, by_node: Floats) -> Floats:
        """(rows, years) from (rows, nodes): sums over the trunk nodes of each year."""
        summed = np.zeros((len(by_node), len(self.labels)))
        np.add.at(summed.T, list(self.of), by_node[:, : len(self.of)].T)
        return summed


def period_name(start_year: int, start: float, end: float) -> Date:
    """The year of the middle of a planning period, in months of the plan; one that is longer than a year goes by its first and last."""
    if end - start <= 12:
        return start_year + math.floor((start + end) / 24 + 1e-9)
    first, last = math.floor(start / 12 + 1e-9), math.ceil(end / 12 - 1e-9) - 1
    return f"{start_year + first}\u2013{start_year + last}"


def trunk_years(tree: Tree) -> Years:
    """The years of the trunk, or its longer periods."""
    spans = zip(tree.start[: tree.trunk].tolist(), tree.end[: tree.trunk].tolist(), strict=True)
    codes, unique = pd.factorize(pd.Series([period_name(tree.start_year, *span) for span in spans], dtype=object))
    return Years(tuple(unique.tolist()), tuple(codes.tolist()))
