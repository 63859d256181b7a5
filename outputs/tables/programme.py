"""What the programme is worth against nothing done: its cost, the loss it averts, by material and sector, and why each plant is ordered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from model.metrics import NOISE, SMALLEST_ORDER
from model.studies.programme import Programme
from outputs.tables.budget import budget
from outputs.tables.cost_words import cost_name
from outputs.tables.report import Report
from outputs.tables.rounding import amount, is_shown, plain
from outputs.tables.table import Column, Style, Table

SHEET, AVERTED, WHY_ORDERED = "Programme", "Shortage averted", "Why ordered"
MONEY, RATIO = "M USD", "Loss averted for each USD of the measures"

DEFINITIONS = (
    "Nothing done: merchants order the plants that pay for them without any cutoff, and once one has begun, where crisis_orders allows it, those that pay then; nothing is held (an opening stock is sold on the first day for its resale_share), "
    "nothing is promised, and the cutoffs come as likely as in the plan. Loss: shortage, lost output, thrift and substitution."
)


UNLIKE = (
    " Not alike: without aftermath a future ends with its cutoff, while these go on to the horizon; the hazard looks cheaper than it is."
)


class Line(NamedTuple):
    """A figure of the programme: with nothing done, with this plan, plan less nothing done, its unit, and what it says."""

    part: str
    figure: str
    nothing: float
    plan: float
    difference: float
    unit: str
    says: str


def programme(report: Report) -> Table:
    """The figures of the programme, a row each."""
    study = studied(report)
    lines = list(figures(report, study)) if study else []
    weighed = " The weight on the worst outcomes is in none of them but the price of the promises." if report.plan.risk else ""
    return Table(
        SHEET,
        "What is the programme worth, against nothing done?",
        f"{DEFINITIONS} Money is in M USD of {report.plan.case.price_year}, expected over every future and discounted, unless it is said otherwise; each figure is that of a solved plan.{weighed}",
        (
            Column("part"),
            Column("figure"),
            Column("nothing", "Nothing done", "", Style.AMOUNT),
            Column("plan", "This plan", "", Style.AMOUNT),
            Column("difference", "Plan less nothing done", "", Style.AMOUNT),
            Column("unit"),
            Column("says", "What it says", style=Style.PROSE, width=78),
        ),
        pd.DataFrame(lines, columns=list(Line._fields)),
        frozen=2,
        nothing=refusal(report),
    )


def studied(report: Report) -> Programme | None:
    """The solves around the plan, if there are any."""
    return report.studies.programme if report.studies else None


def refusal(report: Report) -> str:
    """Why there is nothing to compare the plan with."""
    text = report.studies.refused if report.studies else ""
    return f"{text[:1].upper()}{text[1:]}."


def figures(report: Report, study: Programme) -> Iterator[Line]:
    """Every figure, in M USD where it is money."""
    yield from worth(study)
    yield from insurance(study)
    yield from worst(report, study)
    yield from public_money(report, study)


def line(part: str, figure: str, nothing: float, plan: float, says: str) -> Line:
    """An amount of thousand USD with nothing done and with the plan, in M USD."""
    return Line(part, figure, nothing / 1000, plan / 1000, (plan - nothing) / 1000, MONEY, says)


def worth(study: Programme) -> Iterator[Line]:
    """Cost and loss, and what is averted for each USD."""
    plan, nothing = study.plan, study.nothing
    yield line("worth", "Cost of everything", nothing.cost, plan.cost, net_cost_says(study))
    yield line("worth", "Loss", nothing.loss, plan.loss, averted_says(study))
    says = "Supply, plants and stock, less what is left: the difference is what the measures cost."
    yield line("worth", "All other cost", nothing.measures, plan.measures, says)
    if study.benefit_cost is not None or study.averted > 0:
        says = f"{amount(study.averted / 1000)} averted / {amount(study.measures / 1000)} of measures."
        free = "The measures save more than they cost, without the loss that they avert."
        ratio = study.benefit_cost if study.benefit_cost is not None else np.nan
        yield Line("worth", RATIO, np.nan, np.nan, ratio, "USD/USD", says if ratio == ratio else free)
    if study.today is not nothing:
        says = "Cost of everything where nothing is done but to keep the opening stock and release it in cutoffs."
        yield line("worth", "Stock of today kept, nothing added", study.today.cost, plan.cost, says)


def insurance(study: Programme) -> Iterator[Line]:
    """What the hazard, the insurance against it and the promises cost."""
    plan, nothing, merchant = study.plan, study.nothing, study.merchant.cost
    unlike = "" if plan.plan.tree.lasting else UNLIKE
    says = f"Beyond the {amount(merchant / 1000)} M USD that everything would cost merchants if no cutoff could come.{unlike}"
    yield line("hazard", "What the hazard costs", study.exposure, plan.cost - merchant, says)
    says = "The difference is the premium: what is paid if no cutoff comes until the end of the plan, less what is left then."
    yield line("insurance", "Cost of the future without a cutoff", nothing.without_cutoff, plan.without_cutoff, says)
    says = "The level amount in each year of the plan with the same present value."
    yield Line("insurance", "Premium a year", np.nan, np.nan, study.yearly_premium / 1000, "M USD/yr", says)
    name, free = cost_name(study.plan.plan.case.number("risk_weight")), amount(study.unpromised.objective / 1000)
    says = (
        f"By {name}: {amount(study.plan.objective / 1000)} M USD of this plan, less the {free} of the cheapest that promises no coverage."
    )
    yield Line("promise", "Price of the promises of coverage", np.nan, study.promise / 1000, np.nan, MONEY, says)


def net_cost_says(study: Programme) -> str:
    """What the programme costs, or gains, in words."""
    return f"The programme {verdict(study.net_cost / 1000)} in all, against nothing done: its net cost; negative is a saving."


def verdict(cost: float) -> str:
    """That something costs, or saves, so many M USD."""
    if not is_shown(cost):
        return "costs nothing"
    return f"costs {amount(cost)} M USD" if cost > 0 else f"saves {amount(-cost)} M USD"


def averted_says(study: Programme) -> str:
    """How much of the loss is averted, in words."""
    share = f", {study.averted / study.nothing.loss:.0%} of it" if study.nothing.loss > 0 else ""
    return f"If nothing is done {plain(study.nothing.loss / 1000)} M USD are expected to be lost; the programme averts {plain(study.averted / 1000)}{share}."


def worst(report: Report, study: Programme) -> Iterator[Line]:
    """The worst cutoff of each kind: the largest cost of shortage, undiscounted, and when it begins."""
    longest = "" if report.plan.case.flag("length_known") else "longest "
    for kind, (cost, month) in study.plan.worst.items():
        without, then = study.nothing.worst[kind]
        says = f"Shortage and lost output of the {longest}{kind}, not discounted, where it costs most: with nothing done from {report.begins(then)}, with this plan from {report.begins(month)}."
        yield Line("worst cutoff", kind, without / 1000, cost / 1000, (cost - without) / 1000, MONEY, says)


def public_money(report: Report, study: Programme) -> Iterator[Line]:
    """Public money of each year of peace, beside the budget."""
    frame = budget(report).frame
    years = report.plan.tree.year[: report.plan.tree.trunk]
    before = dict(pd.Series(study.nothing.outlays / 1000).groupby(years).sum())
    for row, year in zip(frame.to_dict("records"), sorted({*years.tolist(), *report.plan.data.sets["BUDGET_YEARS"]}), strict=True):
        without = max(float(before.get(year, 0.0)), 0.0)
        limit = (
            "No limit in the case."
            if row["amount"] != row["amount"]
            else f"New money {amount(row['amount'])} M USD; {amount(row['left'])} left."
        )
        yield Line(
            "public money",
            f"Spent in {row['year']}",
            without,
            row["spent"],
            row["spent"] - without,
            MONEY,
            f"{limit} Not discounted, as long as no cutoff has begun.",
        )


def averted(report: Report) -> Table:
    """A row for each demand that is short in either: expected tonnes with nothing done and with the plan, and what averting them costs in stock."""
    study = studied(report)
    frame = (
        averted_rows(study)
        if study
        else pd.DataFrame(columns=["material", "sector", "nothing", "plan", "averted", "worth", "stock", "price"])
    )
    without_output = (
        f" Lost output is left out, for it belongs to no single material: a sector of output_loss counts with its tonnes, and what it loses of its output is in the loss on the sheet {SHEET}."
        if len(report.plan.case["output_loss"])
        else ""
    )
    return Table(
        AVERTED,
        "Whose shortage does the programme avert, and at what cost?",
        f"Expected over every future until the horizon.{without_output} What nothing done is stands in the sheet {SHEET}. The cost of a material's stock (expected, discounted: purchases, home output taken, holding and rotation, and for an opening stock what its sale on the first day would bring, "
        "less what is left) is the same for all its sectors; plants avert shortage too, and what all measures cost stands there, too.",
        (
            Column("material"),
            Column("sector"),
            Column("nothing", "Short with nothing done", "t", Style.AMOUNT),
            Column("plan", "Short with this plan", "t", Style.AMOUNT),
            Column("averted", "Shortage averted", "t", Style.AMOUNT),
            Column("worth", "Cost of shortage averted", MONEY, Style.AMOUNT),
            Column("stock", "Cost of the material's stock", MONEY, Style.AMOUNT),
            Column("price", "Cost of stock per amount averted", "USD/kg", Style.PRICE),
        ),
        frame,
        total=bool(len(frame)),
        frozen=2,
        own_units=True,
        nothing=refusal(report) if study is None else "Nothing is short, with the programme or without.",
    )


def averted_rows(study: Programme) -> pd.DataFrame:
    """The rows of the shortage averted, the most valuable first, and the total of the money."""
    without, with_plan = study.nothing.short, study.plan.short
    frame = pd.DataFrame(
        {
            "nothing": without["tonnes"],
            "plan": with_plan["tonnes"],
            "averted": without["tonnes"] - with_plan["tonnes"],
            "worth": (without["cost"] - with_plan["cost"]) / 1000,
        }
    ).reset_index()
    of_material = frame.groupby("material")["averted"].sum()
    cost = study.plan.stock_cost / 1000
    frame["stock"] = cost.loc[frame["material"]].to_numpy()
    tonnes = of_material.loc[frame["material"]].to_numpy()
    frame["price"] = np.where((tonnes > NOISE) & (frame["stock"] > NOISE), 1000 * frame["stock"] / np.maximum(tonnes, NOISE), np.nan)
    frame = frame[(frame["nothing"] > NOISE) | (frame["plan"] > NOISE)].sort_values(
        "worth", ascending=False, kind="stable", ignore_index=True
    )
    if len(frame):
        frame.loc[len(frame)] = pd.Series(
            {"material": "Total", "worth": frame["worth"].sum(), "stock": cost.loc[frame["material"].unique()].sum()}
        )
    return frame


def why_ordered(report: Report) -> Table:
    """A row for each plant that the plan or merchants order in peace: what merchants would order anyway, and what is for security."""
    study = studied(report)
    rows = []
    plants = report.plan.case["plants"].set_index("plant")
    orders: tuple[Mapping[str, float], Mapping[str, float]] = (study.plan.orders, study.merchant.orders) if study else ({}, {})
    for plant, capacity in orders[0].items():
        alone = orders[1][plant]
        if max(capacity, alone) > SMALLEST_ORDER:
            of = plants.loc[plant]
            rows.append((plant, of["kind"], of["country"], capacity, alone, capacity - alone, reason(capacity, alone)))
    return Table(
        WHY_ORDERED,
        "Which orders are for security, and which would merchants make anyway?",
        "Capacity ordered in peace. Merchants: what they order where no cutoff can come, nothing is promised and no stockpile buys; the rules of the market and orders that are pinned hold for them too.",
        (
            Column("plant"),
            Column("kind"),
            Column("country"),
            Column("plan", "Ordered in this plan", "t/yr", Style.AMOUNT),
            Column("merchant", "By merchants alone", "t/yr", Style.AMOUNT),
            Column("security", "For security", "t/yr", Style.AMOUNT),
            Column("reason", "Why"),
        ),
        pd.DataFrame(rows, columns=["plant", "kind", "country", "plan", "merchant", "security", "reason"]),
        nothing=refusal(report) if study is None else "No plant is ordered, with the programme or without.",
    )


def reason(plan: float, merchant: float) -> str:
    """Why a plant is ordered, in words."""
    extra = plan - merchant
    if abs(extra) <= 1e-6 * max(plan, merchant):
        return "merchants order it"
    if merchant <= SMALLEST_ORDER:
        return "security"
    if plan <= SMALLEST_ORDER:
        return "merchants would order it, the plan does not"
    return "merchants order part of it, the rest is for security" if extra > 0 else "merchants would order more"
