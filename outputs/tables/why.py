"""Why so much of each material is held: the arithmetic of the cutoff that its stock is for, which adds up, and what asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from inputs.arrays import Floats
from inputs.units import factor
from model.metrics import NOISE
from model.studies.why import STEP, Reason
from outputs.tables.cost_words import cost_name
from outputs.tables.report import DEMAND, MADE, OFFER, RELEASE, SAVING, SHORTAGE, SUBSTITUTE, SURPLUS, USED, Report
from outputs.tables.rounding import amount, is_shown
from outputs.tables.table import Column, Style, Table
from outputs.tables.units import TONNE, own_units

SHEET = "Why this much"
NEEDS = ("demand", "used", "substituting", "surplus")
MEETS = ("arrives", "standing", "new", "saved", "short")
FIGURES = (*NEEDS, *MEETS, "drawn", "lost", "left", "held")


def why_this_much(report: Report) -> Table:
    """A row for each material that is held."""
    reasons = report.studies.reasons if report.studies else ()
    new = shares_new(report)
    records = [record(report, reason, new) for reason in reasons]
    columns = (
        Column("material"),
        Column("target", "Target stock", "t", Style.AMOUNT),
        Column("words", "In words", style=Style.PROSE, width=90),
        Column("cutoff"),
        Column("onset", style=Style.YEAR),
        *(Column(name, title, "t", Style.AMOUNT) for name, title in TITLES.items()),
        Column("lasts", "Empty after", "month", Style.EXACT, empty="never"),
        Column("asked", "Promises and rules that ask for it", width=30),
        Column("limited", "What stops more", width=30),
        Column("instead", "With less there is more", width=30),
        Column("more", "One more would cost", "USD/kg", Style.PRICE, empty="cannot be"),
        Column("less", "One less would cost", "USD/kg", Style.PRICE, empty="cannot be"),
    )
    return Table(
        SHEET,
        "Why is so much of each material held, and not more or less?",
        "For each material the cutoff that its stock is for: in which, of those that find the target in store and draw on it, a hundredth less would cost most beyond its price. Over the longest of its kind, as far as the plan goes: demand + used by plants + as substitute + surplus "
        "- arrives - standing plants - new plants - saved - short = drawn from stock, and on hand at its onset = drawn + lost in store + not drawn. What is not drawn is held for what it brings at the end, for other cutoffs, for a promise of months beyond the plan, or because it is there from the beginning and stays in peace. "
        f"The last prices are for a hundredth ({STEP:.0%}) more or less than the target, found by solving with it: what that adds to the {cost_name(report.plan.case.number('risk_weight'))}. 'Cannot be': no plan has it. A promise or rule asks for a stock where it costs something, or where without it there could be less; where none does and it is not there from the beginning, the price of shortage does. More is stopped by limits that are reached where more cannot be, or would be held if they were looser.",
        columns,
        pd.DataFrame(records, columns=[c.name for c in columns]).astype({"onset": object}),
        frozen=2,
        own_units=True,
        nothing="Nothing is held.",
    )


TITLES = {
    "demand": "Demand", "used": "Used by plants", "substituting": "As substitute", "surplus": "Surplus", "arrives": "Still arrives",
    "standing": "From standing plants", "new": "From new plants", "saved": "Saved or substituted", "short": "Short", "drawn": "Drawn from stock",
    "lost": "Lost in store", "left": "Not drawn", "held": "On hand at its onset",
}  # fmt: skip


def shares_new(report: Report) -> pd.DataFrame:
    """(plants that can be ordered) by node: the share of new capacity in what is on line."""
    online = report.variable("online")
    opening = report.plan.case["plants"].set_index("plant")["opening_capacity"].loc[online.index].to_numpy()[:, None]
    total = online.to_numpy() + opening
    return pd.DataFrame(np.divide(online.to_numpy(), total, out=np.zeros_like(total), where=total > 0), online.index)


def record(report: Report, reason: Reason, new: pd.DataFrame) -> dict[str, object]:
    """A row of the table."""
    found: dict[str, object] = {"material": reason.material, "target": reason.target, "lasts": reason.lasts}
    figures: dict[str, float] = {}
    if reason.branch >= 0:
        found |= {"cutoff": report.branch_names[reason.branch], "onset": report.onsets[reason.branch]}
        figures = arithmetic(report, reason, new)
    else:
        found |= {"cutoff": "", "onset": None}
    found |= figures
    found |= {
        "asked": "; ".join(reason.asked) or ("none: it is there from the beginning" if reason.there else ""),
        "limited": "; ".join(reason.limited),
        "instead": reason.instead,
        "more": reason.more,
        "less": reason.less,
    }
    unit = own_units(report.plan.case)[TONNE]
    return found | {
        "words": " ".join(sentences(report, reason, {name: value / factor(unit, TONNE) for name, value in figures.items()}, unit))
    }


def arithmetic(report: Report, reason: Reason, new: pd.DataFrame) -> dict[str, float]:
    """The figures of the branch of a reason, t: needs less what meets them is drawn, and drawn, lost and left are what was on hand."""
    tree = report.plan.tree
    nodes = tree.within(tree.branches[reason.branch])
    span = slice(nodes.start, nodes.stop)
    rows = report.market[report.market.index.get_level_values("material") == reason.material]
    kind, source = rows.index.get_level_values("kind"), rows.index.get_level_values("source")
    flows: Floats = rows.to_numpy()[:, span]

    def of(name: str) -> float:
        return float(flows[kind == name].sum())

    made = flows[kind == MADE]
    share = new.reindex(source[kind == MADE]).fillna(0.0).to_numpy()[:, span]
    place = report.materials.index(reason.material)
    stock = report.stock
    return {
        "demand": of(DEMAND), "used": 0.0 - of(USED), "substituting": 0.0 - of(SUBSTITUTE), "surplus": 0.0 - of(SURPLUS),
        "arrives": of(OFFER), "standing": float((made * (1 - share)).sum()), "new": float((made * share).sum()),
        "saved": of(SAVING), "short": of(SHORTAGE), "drawn": of(RELEASE),
        "lost": float(stock.lost[place, span].sum()), "left": float(stock.closing[place, nodes.stop - 1]), "held": float(stock.opening[place, nodes.start]),
    }  # fmt: skip


def sentences(report: Report, reason: Reason, figures: dict[str, float], unit: str) -> Iterator[str]:
    """Why a stock is what it is, in words; `figures` are in the planner's unit."""
    if not figures:
        held = "there from the beginning" if reason.there else f"held for {' and '.join(reason.asked) or 'what it brings at the end'}"
        yield f"No cutoff draws on {reason.material}: it is {held}."
    else:
        branch = report.plan.tree.branches[reason.branch]
        months = report.plan.tree.end[report.plan.tree.within(branch).stop - 1] - branch.start
        needs = ", ".join(f"{amount(figures[name])} {unit} {words}" for name, words in NEED_WORDS.items() if is_shown(figures[name]))
        meets = ", ".join(f"{amount(figures[name])} {words}" for name, words in MEET_WORDS.items() if is_shown(figures[name]))
        over = f" ({amount(figures['surplus'])} are left over)" if is_shown(figures["surplus"]) else ""
        empty = f", which is empty after {reason.lasts:g} months" if reason.lasts is not None else ""
        yield f"{reason.material} is for {report.branch_names[reason.branch]} from {report.onsets[reason.branch]}. In its {months:g} months it takes {needs or 'nothing'}."
        yield f"Against that there are {meets or 'nothing'}{over}; {amount(figures['drawn'])} come out of the {amount(figures['held'])} in store{empty}."
        if figures["left"] > 0.01 * figures["held"] + NOISE:
            beyond = len(branch.nodes) > len(report.plan.tree.within(branch))
            yield f"{amount(figures['left'])} are not drawn{' by the end of the plan, beyond which the cutoff may last' if beyond else ''}."
        if reason.asked:
            yield f"It is asked for by {' and '.join(reason.asked)}."
        elif reason.there:
            yield "It is there from the beginning, and what is in store stays there in peace."
        elif reason.less is not None:
            would = "would cost more in the cutoffs than it saves" if reason.less else "would save as much as it costs in the cutoffs"
            yield f"No promise asks for so much: a hundredth less {would}."
    if reason.limited:
        yield f"More is stopped by {' and '.join(reason.limited)}."
    if reason.instead:
        yield f"With less in store there would be, by cost, mostly more {reason.instead}."


NEED_WORDS = {"demand": "of demand", "used": "for plants", "substituting": "as substitute"}
MEET_WORDS = {
    "arrives": "that still arrive",
    "standing": "from standing plants",
    "new": "from new plants",
    "saved": "saved or substituted",
    "short": "short",
}
