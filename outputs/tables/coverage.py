"""How well each sector is covered in each cutoff, material by material."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from inputs.arrays import Floats
from model.metrics import NOISE
from outputs.tables.report import SHORTAGE, Report
from outputs.tables.table import ColourRule, Column, Style, Table, amounts

SHEET = "Cutoffs"
COLUMNS = (
    *("cutoff", "onset", "longest", "material", "sector", "demand", "supplied", "substituted", "given_up", "short"),
    *("promised", "required", "months", "reached", "binding"),
)
TOLERANCE = 1e-6
"""Coverage within this of what is required is at its limit."""

AT_LIMIT = "at its limit"


def reached(demand: Floats, shortage: Floats, counts: Floats) -> Floats:
    """(demands,): the lowest coverage in any of the first `counts` nodes of a branch; where that is none, over all of them together.

    `demand` and `shortage` are (demands, nodes of the branch) in t.
    """
    share = 1 - np.divide(shortage, demand, out=np.zeros_like(shortage), where=demand > NOISE)
    counted = np.arange(1, demand.shape[1] + 1) <= counts[:, None]
    lowest = np.where(counted, share, np.inf).min(axis=1)
    total, short = demand.sum(axis=1), shortage.sum(axis=1)
    whole = 1 - np.divide(short, total, out=np.zeros_like(short), where=total > NOISE)
    return np.asarray(np.where(counts >= 1, lowest, whole))


@dataclass(frozen=True)
class Flows:
    """(demands, nodes), t, and what is asked of each demand."""

    demand: Floats
    substituted: Floats
    given_up: Floats
    short: Floats
    strain: Floats
    required: Floats
    months: Floats


def coverage(report: Report) -> pd.DataFrame:
    """A row for each branch and demand: cutoff, onset, material, sector, t over the longest cutoff, and coverage."""
    case = report.plan.case
    saved, replaced = savings(report, substitutes=False), savings(report, substitutes=True)
    flows = Flows(
        report.demand.to_numpy(),
        replaced,
        saved,
        report.shortage.to_numpy(),
        strains(report),
        case.of_demands("coverage").to_numpy(),
        case.of_demands("cover_months").to_numpy(),
    )
    pieces = [branch_coverage(report, flows, b) for b in range(len(report.plan.tree.branches))]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=list(COLUMNS))


def branch_coverage(report: Report, flows: Flows, b: int) -> pd.DataFrame:
    """The rows of one branch."""
    branch, promised = report.plan.tree.branches[b], report.promised[b]
    nodes = report.plan.tree.within(branch)
    span = slice(nodes.start, nodes.stop)
    strained = flows.strain[:, span].sum(axis=1) > NOISE
    has = flows.required > 0
    counts = np.floor(flows.months / report.plan.case.number("crisis_period") + 1e-9)
    asked = has & (counts >= 1) & (promised == "yes")
    unasked = np.where(has, "for less than a crisis period", "none asked") if promised == "yes" else promised
    met = reached(flows.demand[:, span], flows.short[:, span], counts)
    demand, substituted, given_up, short = (f[:, span].sum(axis=1) for f in (flows.demand, flows.substituted, flows.given_up, flows.short))
    count, index = len(met), report.demand.index
    columns = {
        "cutoff": [report.branch_names[b]] * count,
        "onset": pd.Series([report.onsets[b]] * count, dtype=object),
        "longest": report.plan.tree.length[span].sum(),
        "material": index.get_level_values("material"),
        "sector": index.get_level_values("sector"),
        "demand": demand,
        "supplied": demand - substituted - given_up - short,
        "substituted": substituted,
        "given_up": given_up,
        "short": short,
        "promised": np.where(asked, "yes", unasked),
        "required": np.where(has, flows.required, np.nan),
        "months": np.where(has, flows.months, np.nan),
        "reached": met,
        "binding": np.where(asked, np.where(strained & (met <= flows.required + TOLERANCE), "yes", "no"), ""),
    }
    return pd.DataFrame(columns)[list(COLUMNS)]


def strains(report: Report) -> Floats:
    """(demands, nodes): what of a demand's material offers and plants cannot bring, or is short all the same, t.

    Where there is none, they could meet all demand, and a coverage of 100 % is no limit to anything.
    """
    by_material = report.lacking + report.of_market(SHORTAGE)
    return by_material[[report.materials.index(m) for m in report.demand.index.get_level_values("material")]]


def savings(report: Report, *, substitutes: bool) -> Floats:
    """(demands, nodes): demand met by substitutes, or given up, t."""
    saving = report.saving
    saving = saving[(saving.index.get_level_values("substitute") != "") == substitutes]
    place = {key: p for p, key in enumerate(report.demand.index)}
    by = saving.index.get_level_values
    saved = np.zeros(report.demand.shape)
    np.add.at(saved, [place[key] for key in zip(by("material"), by("sector"), strict=True)], saving.to_numpy())
    return saved


def cutoffs(report: Report) -> Table:
    """`coverage` as a table, coloured by what is reached against what is required."""
    return Table(
        SHEET,
        "How well is each sector covered in each cutoff?",
        "Over the longest cutoff of each kind, as far as the plan goes. Demand is supplied, met by a substitute, given up (thrift) or short. "
        "Coverage reached: the lowest share of demand that is not short in any crisis period within the cover months (without cover months: over the whole cutoff). At its limit (amber): at what is required, where offers and plants could not meet all demand. "
        "Green: kept otherwise. Red: below what is required.",
        (
            Column("cutoff"),
            Column("onset", style=Style.YEAR),
            Column("longest", "Longest", "month", Style.EXACT),
            Column("material"),
            Column("sector"),
            *amounts(("demand", "supplied", "substituted"), "t"),
            Column("given_up", "Given up", "t", Style.AMOUNT),
            *amounts(("short",), "t"),
            Column("promised", "Coverage promised"),
            Column("required", "Coverage required", "%", Style.SHARE),
            Column("months", "Cover months", "month", Style.EXACT),
            Column("reached", "Coverage reached", "%", Style.SHARE),
            Column("binding", "At its limit"),
        ),
        coverage(report),
        rule=ColourRule("reached", "required", "promised", "binding", TOLERANCE),
        frozen=2,
        nothing=report.no_cutoff or "There is no demand.",
    )
