"""What else would do, as tables: what plans near the best must, may and never have, and whole plans far apart."""

from __future__ import annotations

import math

import pandas as pd

from inputs.case import Case
from model.metrics import capacity_in_peace, orders_of, stock_targets
from model.plan import Plan
from model.studies.alternatives import Alternatives, Range, Verdict
from model.studies.measures import MILLION
from outputs.tables.cost_words import cost_kind
from outputs.tables.rounding import amount, shown
from outputs.tables.run import VERSIONS, RunInfo, facts, input_facts
from outputs.tables.table import Column, Style, Table

RANGES, PLANS = "Must, may, never", "Plans far apart"
BEST = "the plan"

KINDS = {"stock": "Stock", "plant": "Plant", "kind": "Kind of plant"}
ORDER = (Verdict.MUST, Verdict.NEED_NOT, Verdict.MAY, Verdict.NEVER)


def base_words(found: Alternatives) -> str:
    """How much more a plan may cost, and of what it is a share."""
    base = found.base
    counted = cost_kind(found.plan.case.number("risk_weight"))
    share = f"{shown(Style.SHARE, found.within)} of {amount(base.amount / MILLION)} M USD, the part of the expected cost that the programme can move"
    if base.why:
        what = f"what the plan spends on losses, stock and new capacity, for there is no programme to compare with: {base.why}"
    else:
        beyond = "nothing done" if base.nothing >= base.plan else "the plan"
        what = f"what {beyond} costs more than merchants would pay if no cutoff ever came; the bill of imports is not in it"
    return f"Up to {amount(found.allowance / MILLION)} M USD more than the plan, {counted} ({share}: {what})."


def tables(found: Alternatives) -> tuple[Table, ...]:
    """The tables of the workbook, but the run."""
    return (ranges(found), *([apart(found)] if found.apart else []))


def ranges(found: Alternatives) -> Table:
    """A row for each stock, plant and kind of plant."""
    rows = sorted(found.ranges, key=lambda r: ([*KINDS].index(r.kind), ORDER.index(r.verdict)))
    frame = pd.DataFrame(
        [(KINDS[r.kind], r.name, str(r.verdict), tidy(r.plan), tidy(r.least), tidy(r.most), r.unit) for r in rows],
        columns=["kind", "name", "verdict", "plan", "least", "most", "unit"],
    )
    return Table(
        RANGES,
        "What must be, what may be, and what need not be?",
        f"{base_words(found)} must: every such plan has some; need not: the plan has some, others have none; may: the plan has none, others have some; never: none has any. "
        "Stock: the most in store in peace from ready_by on; its most is that in the last year. Plants: capacity ordered in peace. Each number is the end for that row alone: two rows need not reach theirs in one plan.",
        (
            Column("kind", "What"),
            Column("name", "Of"),
            Column("verdict", "Verdict"),
            Column("plan", "In the plan", style=Style.AMOUNT),
            Column("least", "Least", style=Style.AMOUNT),
            Column("most", "Most", style=Style.AMOUNT, empty="no limit"),
            Column("unit"),
        ),
        frame,
        nothing="Nothing can be held or ordered.",
        frozen=2,
    )


def tidy(value: float) -> float:
    """A number for a cell: what is nothing is 0, what has no limit is no number."""
    return math.nan if math.isinf(value) else 0.0 if abs(value) < 1e-9 else value


def sentence(found: Alternatives) -> str:
    """What the command says: how much there is of each verdict."""
    counted = {verdict: [r for r in found.ranges if r.verdict is verdict and r.kind != "kind"] for verdict in ORDER}
    parts = [f"{verdict}: {len(rows)}{named(rows)}" for verdict, rows in counted.items()]
    return f"{base_words(found)}\n" + "\n".join(parts)


def named(rows: list[Range], most: int = 6) -> str:
    """The first of several, by name."""
    names = [r.name for r in rows[:most]]
    return f" ({', '.join(names)}{', ...' if len(rows) > most else ''})" if names else ""


def apart(found: Alternatives) -> Table:
    """What each whole plan costs and has, beside the plan: measures first, then what is not the same in all."""
    plans = [(BEST, found.plan), *((one.measure.aim, one.plan) for one in found.apart)]
    rows: list[list[object]] = [["Cost above the plan", "", *((cost(p) - cost(found.plan)) / MILLION for _, p in plans), math.nan, "M USD"]]
    ends = {one.measure.name: one.extreme for one in found.apart}
    for measure in found.measures:
        rows.append([measure.name, "", *(measure.of(p) for _, p in plans), ends.get(measure.name, math.nan), measure.unit])
    strong = frozenset(range(len(rows)))
    for what, unit, amounts in (("Target stock", "t", targets), ("Ordered in peace", "t/yr", ordered)):
        held = [amounts(p) for _, p in plans]
        for name in held[0]:
            values = [of[name] for of in held]
            if max(values) - min(values) > 1e-6 * (1 + max(values)):
                rows.append([what, name, *map(tidy, values), math.nan, unit])
    columns = (
        Column("what", width=48),
        Column("name", "Of"),
        *(Column(f"plan.{i}", name[0].upper() + name[1:], style=Style.AMOUNT, width=16) for i, (name, _) in enumerate(plans)),
        Column("end", "Least or most if all is chosen for it", style=Style.AMOUNT, width=18),
        Column("unit"),
    )
    return Table(
        PLANS,
        "Which whole plans cost hardly more and look otherwise?",
        f"{base_words(found)} Each plan fixes what the stockpile takes in and what is ordered in peace, year by year, so that one measure is as little (or as much) as can be; markets, runs of plants and all that a cutoff brings are then "
        "chosen at least cost (for what is bought from a country, with caps on its share in peace). Each is a case with its decisions on the sheets pins and share_caps (--cases writes them), which stockpile plan plans to just this. Below the measures: stocks and orders that are not the same in all.",
        columns,
        pd.DataFrame(rows, columns=[c.name for c in columns]),
        strong=strong,
        frozen=2,
    )


def cost(plan: Plan) -> float:
    """What a plan costs, thousand USD, with the weight on risk."""
    assert plan.objective is not None
    return plan.objective


def targets(plan: Plan) -> dict[str, float]:
    """Target stock by material, t."""
    return dict(zip(plan.data.sets["MATERIALS"], stock_targets(plan.data, plan.values["stock"]).stock.tolist(), strict=True))


def ordered(plan: Plan) -> dict[str, float]:
    """Capacity ordered in peace by plant, t/yr."""
    return capacity_in_peace(plan.data, orders_of(plan.data, plan.values["order"])) if "order" in plan.values else {}


def run_of(found: Alternatives, case: Case, info: RunInfo, seconds: float) -> Table:
    """How the alternatives came about."""
    base = found.base
    return facts(
        "How did these alternatives come about?",
        f"With the same input file, share and versions, the same come out. {VERSIONS}",
        [
            *input_facts(case, info),
            ("near the best", "share", found.within, ""),
            ("near the best", "part of the cost that the programme can move", base.amount, "thousand USD"),
            *(
                [("near the best", "why there is no programme to compare with", base.why, "")]
                if base.why
                else [
                    ("near the best", "expected cost of the plan", base.plan, "thousand USD"),
                    ("near the best", "expected cost of nothing done", base.nothing, "thousand USD"),
                    ("near the best", "expected cost of merchants without cutoffs", base.merchant, "thousand USD"),
                ]
            ),
            ("near the best", "more than the plan at most", found.allowance, "thousand USD"),
            ("run", "date and time", info.when.strftime("%Y-%m-%d %H:%M:%S %z"), ""),
            ("time", "all solves", round(seconds, 2), "s"),
        ],
    )
