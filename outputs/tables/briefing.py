"""What a minister is told: what it costs the public, what it protects, the main risk left, where supply comes from, and what would change it; a sentence each."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from model.metrics import NOISE
from model.studies.entry import OFFER, PLANT, THRIFT, Entry
from model.studies.programme import LOSS, SHORT, Programme
from model.tree import Branch
from outputs.tables.budget import budget
from outputs.tables.dates import branch_name
from outputs.tables.entry import is_less, nearest_first
from outputs.tables.programme import verdict
from outputs.tables.report import Report
from outputs.tables.rounding import amount, is_shown, plain, shown
from outputs.tables.table import Style

LOST = {"cost_shortage": "shortage", "cost_lost_output": "lost output", "cost_saving": "thrift"}
"""What the cost terms that are losses are losses of."""

NEAREST = 2
"""Entry prices that are told."""

Point = tuple[str, str]
"""What it is about, and what is said."""


def briefing(report: Report) -> tuple[Point, ...]:
    """The sentences of a plan that was studied; none of one that was not."""
    study = report.studies.programme if report.studies else None
    if study is None:
        return ()
    change = would_change(report)
    return (
        ("Public money", public_money(report, study)),
        ("What it protects", protects(study)),
        ("Main risk left", risk_left(report, study)),
        ("Where it comes from", origin(report)),
        *([("What would change", change)] if change else ()),
    )


def would_change(report: Report) -> str:
    """The two plants (or, of fewer, offers to the stockpile, then thrift options) that are not used and nearest to it: at what price they would be; "" where there is none."""
    priced = [e for e in nearest_first(report) if e.price is not None]
    said = [entered(e) for e in sorted(priced, key=lambda e: (PLANT, OFFER, THRIFT).index(e.kind))[:NEAREST]]
    return f"{'; '.join(said)}." if said else ""


def entered(entry: Entry) -> str:
    """Below which price something enters, and how much of it."""
    price = entry.price or 0.0
    less = f"{shown(Style.SHARE, 1 - price / entry.now)} less than now" if is_less(entry) else "which is its price now"
    much = f"{amount(entry.amount)} {'t/yr' if entry.kind == PLANT else 't'}" if math.isfinite(entry.amount) else "without end"
    if entry.kind == PLANT:
        return f"{entry.name} is ordered ({much}) below a capex of {amount(price)} USD per t/yr, {less}"
    if entry.kind == THRIFT:
        return f"'{entry.name}' is used ({much}) below a cost of {amount(price)} USD/kg, {less}"
    return f"the stockpile buys from {entry.name} ({much}) below {amount(price)} USD/kg, {less}"


def public_money(report: Report, study: Programme) -> str:
    """What the public spends in peace, beside the budget, and what insurance that is."""
    spent, first, last = study.plan.outlays.sum() / 1000, report.years.labels[0], report.years.labels[-1]
    of, beside = against_budget(report)
    premium = study.premium / 1000
    yearly = f", {plain(abs(study.yearly_premium) / 1000)} a year" if is_shown(premium) else ""
    years = f"from {first} to {last}" if last != first else f"in {first}"
    return (
        f"{plain(spent)} M USD{of} {years} while no cutoff begins, not discounted{beside}. "
        f"If none ever comes, the programme {verdict(premium)}{yearly}."
    )


def against_budget(report: Report) -> tuple[str, str]:
    """The budget, as it follows what is spent in all where every year has one; else what is spent in the years that do, beside it."""
    years = budget(report).frame
    listed = years[years["limit"].notna()]
    if not len(listed):
        return "", ""
    money = float(report.plan.case["budget"]["amount"].sum())
    if len(listed) == len(years):
        return f" of a budget of {plain(money)}", ""
    named = listed["year"].iloc[0] if len(listed) == 1 else "the years with a limit"
    return "", f"; in {named}, {plain(float(listed['spent'].sum()))} of a budget of {plain(money)}"


def protects(study: Programme) -> str:
    """What is averted against nothing done, and what the programme costs or saves in all."""
    loss, averted, net = (value / 1000 for value in (study.nothing.loss, study.averted, study.net_cost))
    if not is_shown(loss):
        return "If nothing is done, nothing is expected to be lost."
    return (
        f"If nothing is done {amount(loss)} M USD of {lost_in(study.nothing.plan.expected, LOSS)} are expected; the programme averts {plain(averted)} of them ({averted / loss:.0%}), "
        f"and {verdict(net)} in all."
    )


def lost_in(costs: pd.DataFrame, terms: Sequence[str]) -> str:
    """What is lost: those of the terms that cost something."""
    spent = costs.loc[list(terms)].sum(axis=1) / 1000
    *first, last = [LOST[str(term)] for term, cost in spent.items() if is_shown(float(cost))] or ["shortage"]
    return f"{', '.join(first)} and {last}" if first else last


def risk_left(report: Report, study: Programme) -> str:
    """The cutoff that costs most with the plan, against nothing done, and who is short of what in it."""
    if not study.plan.worst:
        return report.no_cutoff
    cost, branch = max(study.plan.worst_branch.values(), key=lambda worst: worst[0])
    without = study.nothing.worst[branch.cutoff][0]
    if not is_shown(cost / 1000):
        return "No cutoff leaves anybody short."
    nodes = report.plan.tree.within(branch)
    of = lost_in(report.plan.costs.iloc[:, nodes.start : nodes.stop], SHORT)
    which = branch_name(branch) if branch.months else f"longest {branch.cutoff}"
    return (
        f"The {which} from {report.begins(branch.start)} would cost {amount(cost / 1000)} M USD of {of} (with nothing done up to {amount(without / 1000)}): "
        f"short are {' and '.join(hardest(report, branch))}."
    )


def hardest(report: Report, branch: Branch) -> Iterator[str]:
    """The two demands whose shortage costs most in a branch, with the share of their demand that is short; or of lost output, most is short."""
    nodes = report.plan.tree.within(branch)
    span = slice(nodes.start, nodes.stop)
    short, demand = report.shortage.to_numpy()[:, span], report.demand.to_numpy()[:, span]
    cost = (short * report.parameter("shortage_price").to_numpy()[:, span]).sum(axis=1)
    share = np.divide(short.sum(axis=1), demand.sum(axis=1), out=np.zeros(len(short)), where=demand.sum(axis=1) > NOISE)
    ranked = np.lexsort((-share, -cost))
    for place in ranked[:2].tolist():
        if share[place] > 0:
            material, sector = report.demand.index[place]
            yield f"{shown(Style.SHARE, share[place])} of {material} for {sector}"


def origin(report: Report) -> str:
    """The country from which most materials mainly come, in the first year of peace and in the last."""
    tonnes, paid = bought(report)
    first, last = report.years.labels[0], report.years.labels[-1]
    leaders = [main_countries(tonnes.iloc[:, at]) for at in (0, -1)]
    abroad = [c for c in leaders[0] if c != report.plan.case.home]
    if not abroad:
        return "Nothing comes mainly from abroad."
    country = max(dict.fromkeys(abroad), key=lambda c: (abroad.count(c), share_of(paid.iloc[:, 0], c)))
    shares = [
        f" ({shown(Style.SHARE, share_of(paid.iloc[:, at], country))}{what})" if paid.iloc[:, at].sum() > 0 else ""
        for at, what in ((0, " of what it pays"), (-1, ""))
    ]
    now, then = (leader.count(country) for leader in leaders)
    later = f", and in {last} of {then}{shares[1]}" if last != first else ""
    return (
        f"{country} is the main source of {now} of the {len(leaders[0])} materials that the market buys in {first}"
        f"{shares[0]}{later}, as long as no cutoff begins."
    )


def bought(report: Report) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(material, country) by year of peace: what the market buys there, t, and what it pays for it, thousand USD."""
    supply = report.supply[0]
    country = report.plan.case["supply"].set_index("offer")["country"]
    offers = supply.index.get_level_values("offer")
    price = report.parameter("offer_price").loc[offers].to_numpy()
    index = pd.MultiIndex.from_arrays(
        [supply.index.get_level_values("material"), country.loc[offers].to_numpy()], names=["material", "country"]
    )
    trunk = report.plan.tree.trunk
    by_year = (report.years.total(of[:, :trunk]) for of in (supply.to_numpy(), supply.to_numpy() * price))
    tonnes, paid = (pd.DataFrame(of, index).groupby(level=[0, 1], sort=False).sum() for of in by_year)
    return tonnes, paid


def main_countries(tonnes: pd.Series) -> list[str]:
    """The country from which most of each material comes that is bought at all."""
    some = tonnes[tonnes > NOISE]
    return [str(key[1]) for key in some.groupby(level=0, sort=False).idxmax()]


def share_of(paid: pd.Series, country: str) -> float:
    """The share of a country in all that is paid."""
    total = float(paid.sum())
    return float(paid[paid.index.get_level_values("country") == country].sum()) / total if total > 0 else 0.0
