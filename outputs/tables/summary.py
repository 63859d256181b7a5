"""What a decider reads: one page of figures, drawn from the other tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from inputs.case import Case
from inputs.units import factor
from model.costs import COST_LABELS
from model.metrics import NOISE
from model.plan import Plan
from model.studies.programme import Programme
from outputs.tables import coverage, investments, stock, stockpile
from outputs.tables.briefing import Point, briefing
from outputs.tables.costs import cost_lines
from outputs.tables.coverage import AT_LIMIT, TOLERANCE
from outputs.tables.report import Report
from outputs.tables.rounding import amount, plain, shown
from outputs.tables.table import Style, Table
from outputs.tables.units import RATE, own_units

SHEET = "Summary"
LARGE_PART = 5.0
"""A cost so many times the others would hide them, as a figure or in a chart."""

NEGLIGIBLE = 1e-9
"""Relative to the largest: a cost of no more than this has no line."""


@dataclass(frozen=True)
class Card:
    """One figure in large: what it is, with its unit; the figure or a word; what belongs to it."""

    label: str
    value: float | str
    note: str


@dataclass(frozen=True)
class SectorCover:
    """Coverage of a sector in its tightest protected cutoff; nan where none is asked of it."""

    sector: str
    required: float
    reached: float
    worst: str
    binding: bool = False


@dataclass(frozen=True)
class Summary:
    """Figures of the first page: money in M USD, `total` of all costs (the objective), `costs` by line (largest first), `plants` ordered in peace; `points` are what a minister is told."""

    title: str
    subtitle: str
    sentence: str
    cards: tuple[Card, ...]
    total: float
    costs: tuple[tuple[str, float], ...]
    sectors: tuple[SectorCover, ...]
    plants: pd.DataFrame
    points: tuple[Point, ...] = ()


def summarise(report: Report, tables: Mapping[str, Table]) -> Summary:
    """The summary of an optimal plan from its tables."""
    plan = report.plan
    lines = cost_lines(plan) / 1000
    parts = lines[lines.abs() > NEGLIGIBLE * lines.abs().max()].sort_values(ascending=False, kind="stable")
    held = tables[stockpile.SHEET].frame.iloc[:-1]
    ordered = tables[investments.INVESTMENTS].frame.iloc[:-1]
    ordered = ordered[ordered["decision"] == investments.ORDERED]
    sectors = tuple(sector_covers(plan.case, tables[coverage.SHEET].frame))
    lacking = short_in_peace(report)
    return Summary(
        f"Stockpile plan: {case_name(plan.case)}" if plan.case.name else "Stockpile plan",
        subtitle(plan),
        sentence(held, ordered, sectors, lacking),
        cards(report, tables, held, ordered, lacking),
        float(lines.sum()),
        tuple((str(name), float(value)) for name, value in parts.items()),
        sectors,
        ordered[["plant", "ordered", "track", "capacity", "online"]],
        briefing(report),
    )


def case_name(case: Case) -> str:
    """The name of a case, without the ending of its file."""
    return case.name.removesuffix(".xlsx").removesuffix(".xlsm")


def subtitle(plan: Plan) -> str:
    """What the plan is of, in one line."""
    case, first = plan.case, plan.tree.start_year
    last = first + round(case.number("horizon")) - 1
    parts = (
        f"{first}–{last}" if last > first else str(first),
        f"home: {case.home}",
        f"{counted(len(case['materials']), 'material')}, {counted(len(case['plants']), 'plant')}, {counted(len(case['cutoffs']), 'kind')} of cutoff",
        f"USD of {case.price_year}",
        f"discount rate {100 * case.number('discount_rate'):g} %",
        f"status: {plan.said_status}",
    )
    return "  ·  ".join(parts)


def counted(count: int, noun: str) -> str:
    """A count with its noun."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def sentence(held: pd.DataFrame, ordered: pd.DataFrame, sectors: tuple[SectorCover, ...], lacking: pd.DataFrame) -> str:
    """The plan in one sentence."""
    count, worth = int((held["target"] > 0).sum()), float(held["value"].sum())
    holds = f"Hold {count} material{'s' if count != 1 else ''} worth {plain(worth)} M USD" if count else "Hold nothing"
    plants = ordered["plant"].nunique()
    capex = float(ordered["capex"].sum())
    orders = f"order {plants} plant{'s' if plants != 1 else ''} for {amount(capex)} M USD" if plants else "order no plant"
    kept = all(s.reached >= s.required - TOLERANCE for s in sectors if s.required == s.required)
    asked = any(s.required == s.required for s in sectors)
    cover = "every promise of coverage is kept" if kept else "not every promise of coverage is kept"
    short = lacking["material"].nunique()
    peace = f", and {counted(short, 'material')} {'is' if short == 1 else 'are'} short in peace" if short else ""
    return f"{holds}, and {orders}; {cover if asked else 'no coverage is promised'}{peace}."


def cards(
    report: Report, tables: Mapping[str, Table], held: pd.DataFrame, ordered: pd.DataFrame, lacking: pd.DataFrame
) -> tuple[Card, ...]:
    """The figures at the head of the page: what the programme is worth, where that was studied, else how much is held and promised."""
    plan = report.plan
    values = tables[stock.VALUE].frame
    total = values.iloc[-1, 1:]
    year = str(total.idxmax())
    cost, risk = ((plan.objective or 0.0) - plan.risk) / 1000, plan.risk / 1000
    study = report.studies.programme if report.studies else None
    stockpile_card = Card(
        "Stockpile at target, M USD", float(held["value"].sum()), f"highest at the end of {year}: {amount(float(values[year].iloc[-1]))}"
    )
    plants_card = Card("Plants ordered, M USD", float(ordered["capex"].sum()), f"{ordered['plant'].nunique()} in peace, not discounted")
    short_card = peace_card(lacking, own_units(plan.case)[RATE])
    if study is None:
        market = cost_lines(plan).get(COST_LABELS["cost_supply"], 0.0) / 1000
        return (cost_card(cost, market, risk), stockpile_card, held_card(held), plants_card, short_card, promises_card(tables))
    return (net_card(study, cost, risk), averted_card(study), stockpile_card, plants_card, short_card, promises_card(tables))


def net_card(study: Programme, cost: float, risk: float) -> Card:
    """What the programme costs against nothing done, M USD."""
    weighed = f"; with the weight on risk {amount(cost + risk)}" if risk else ""
    return Card("Net cost of the programme, M USD", study.net_cost / 1000, f"against nothing done; all cost {amount(cost)}{weighed}")


def averted_card(study: Programme) -> Card:
    """What the programme averts of the loss that is expected if nothing is done, M USD."""
    return Card("Expected loss averted, M USD", study.averted / 1000, f"of {amount(study.nothing.loss / 1000)} with nothing done")


def held_card(held: pd.DataFrame) -> Card:
    """How many materials are held, and which is worth most."""
    count = int((held["target"] > 0).sum())
    first = f"{held['material'].iloc[0]}: {shown(Style.SHARE, held['share'].iloc[0])} of the value" if count else "nothing is held"
    return Card("Materials held", f"{count} of {len(held)}", first)


def promises_card(tables: Mapping[str, Table]) -> Card:
    """How many promises of coverage are at their limit."""
    cover = tables[coverage.SHEET].frame
    asked, tight = int((cover["promised"] == "yes").sum()), int((cover["binding"] == "yes").sum())
    said = f"{tight:,} of {asked:,}" if asked else "\u2013"
    return Card("Promises at their limit", said, "material, sector and cutoff" if asked else "no coverage is promised")


def short_in_peace(report: Report) -> pd.DataFrame:
    """Material, sector, year, t/yr short and its share of demand, of each demand that is short in any year of peace: its worst year, the worst demand first."""
    trunk, years = report.plan.tree.trunk, report.years
    length = years.total(report.plan.tree.yrs[None, :])
    demand, short = (years.total(of.to_numpy()[:, :trunk]) for of in (report.demand, report.shortage))
    share = np.divide(short, demand, out=np.zeros_like(short), where=demand > NOISE)
    which = np.flatnonzero(share.max(axis=1, initial=0) > TOLERANCE)
    year = share[which].argmax(axis=1)
    frame = pd.DataFrame(
        {
            **{name: report.demand.index.get_level_values(name)[which].to_numpy(dtype=object) for name in ("material", "sector")},
            "year": pd.Series([years.labels[y] for y in year], dtype=object),
            "short": short[which, year] / length[0, year],
            "share": share[which, year],
        }
    )
    return frame.sort_values(["share", "short"], ascending=False, kind="stable", ignore_index=True)


def peace_card(lacking: pd.DataFrame, unit: str) -> Card:
    """The worst shortage in peace: what the promises of coverage, which are about cutoffs, do not say."""
    if not len(lacking):
        return Card("Short in peace", "none", "all demand is met without a cutoff")
    material, sector, year, short, share = lacking.iloc[0]
    rest = f" (+{len(lacking) - 1})" if len(lacking) > 1 else ""
    return Card(
        f"Short in peace: {material}", shown(Style.SHARE, share), f"{sector}, {year}: {amount(short / factor(unit, RATE))} {unit}{rest}"
    )


def cost_card(cost: float, market: float, risk: float) -> Card:
    """What everything costs, M USD."""
    weighed = f"; with the weight on risk {amount(cost + risk)}" if risk else f", all else {amount(cost - market)}"
    return Card("Expected cost, M USD", cost, f"market supply {amount(market)}{weighed}")


def sector_covers(case: Case, cover: pd.DataFrame) -> list[SectorCover]:
    """For each sector the material, cutoff and onset with the least coverage above what is required."""
    found = []
    promised = cover[cover["promised"] == "yes"]
    for sector in case["sectors"]["sector"]:
        of = promised[promised["sector"] == sector]
        if not len(of):
            found.append(SectorCover(str(sector), float("nan"), float("nan"), "no coverage asked in a protected cutoff"))
            continue
        margin = (of["reached"] - of["required"]).clip(lower=-1).round(9)
        hardship = (of["substituted"] + of["given_up"] + of["short"]) / of["demand"].clip(lower=NOISE)
        order = ["margin", "binding", "reached", "hardship"]
        worst = of.assign(margin=margin, hardship=hardship).sort_values(order, ascending=[True, False, True, False], kind="stable").iloc[0]
        others = int((of["binding"] == "yes").sum()) - 1
        more = f" (+{others} more at the limit)" if others > 0 else ""
        where = "tightest" if others < 0 else AT_LIMIT
        found.append(
            SectorCover(
                str(sector),
                float(worst["required"]),
                float(worst["reached"]),
                f"{where}: {worst['material']}, {worst['cutoff']} from {worst['onset']}{more}",
                others >= 0,
            )
        )
    return found
