"""The worst futures of a stress test, told as stories: what came, what was late, and who was short of what from which month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from inputs.arrays import Floats
from inputs.case import Case
from inputs.schema import EVERY
from model.solver.program import Status
from model.stress.future import Future
from model.stress.run import Stress, draws_of
from outputs.tables.dates import MONTHS
from outputs.tables.rounding import amount

WORST = 10
"""So many futures are told."""

NAMED = 4
"""Shortages that a story names; the others are counted. So are late plants."""

NOTED = 0.05
"""Demand, or what a cutoff takes, is told where it is so much more or less than the case says."""

LATE = 3.0
"""Months from which a late plant is told."""

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def what_comes(case: Case, future: Future, outcome: Mapping[str, Any]) -> str:
    """What a future brings: cutoffs, plants that are late or refused, and demand."""
    came = "; ".join(cutoffs(case, outcome)) or "no cutoff begins"
    late = {name: months for name, months in outcome["late"].items() if months is None or months >= LATE}
    return "; ".join([came, *delays(late, NAMED), *not_there(outcome["absent"], NAMED), *demand_noise(future)])


def month_of(case: Case, month: float) -> str:
    """A month of the plan: "Mar 2031"."""
    years, rest = divmod(round(month), 12)
    return f"{MONTHS[rest]} {int(case.number('start_year')) + years}"


def cutoffs(case: Case, outcome: Mapping[str, Any]) -> Iterator[str]:
    """Each cutoff: when, how long, and how hard where that is not as in the case."""
    horizon = 12 * case.number("horizon")
    for name, start, months, severity in outcome["cutoffs"]:
        beyond = " (past the end of the plan)" if case.flag("aftermath") and start + months > horizon else ""
        yield f"'{name}' begins in {month_of(case, start)} and lasts {months:g} months{beyond}{harder(case, name, severity)}"


def harder(case: Case, name: str, severity: float) -> str:
    """How much more or less a cutoff takes than the case says; what it takes wholly already it cannot take more of, and an offer without a limit is lost wholly or not at all."""
    losses, supply = case["losses"], case["supply"]
    hit = {EVERY, *supply["country"][np.isfinite(supply["capacity"])], *case["plants"]["country"]}
    chosen = (losses["cutoff"] == name) & (losses["supply_lost"] > 0) & losses["country"].isin(list(hit))
    lost = losses["supply_lost"][chosen].to_numpy(dtype=float)
    takes = np.minimum(severity, 1 / lost)
    most = float(takes.max(initial=1.0)) if severity > 1 else severity if len(lost) else 1.0
    if abs(most - 1) < NOTED:
        return ""
    up_to = "up to " if severity > 1 and takes.min() < most else ""
    return f", taking {up_to}{abs(most - 1):.0%} {'more' if severity > 1 else 'less'}"


def delays(late: Mapping[str, float | None], most: int | None = None) -> Iterator[str]:
    """Plants that are refused, or late by a month or more, the latest first; beyond the `most` they are counted."""
    if refused := [name for name, months in late.items() if months is None]:
        yield f"{', '.join(refused)} never built"
    found = sorted(((months, name) for name, months in late.items() if months is not None and months >= 1), reverse=True)
    if found:
        named, left = found[:most], len(found[most:]) if most else 0
        yield ", ".join(f"{name} {months:.0f} month{'s' if round(months) != 1 else ''} late" for months, name in named) + (
            f", {left} more late" if left else ""
        )


def not_there(absent: Mapping[str, str], most: int | None = None) -> Iterator[str]:
    """Plants that would have been late or refused, but were not yet ordered, or not yet on line, in any case; beyond the `most` they are counted."""
    for why in ("ordered", "on line"):
        if found := [name for name, reason in absent.items() if reason == why]:
            left = len(found[most:]) if most else 0
            yield f"{', '.join(found[:most])}{f' and {left} more' if left else ''} not yet {why}"


def demand_noise(future: Future) -> Iterator[str]:
    """Sectors whose demand is much more or less."""
    for name, factor in future.demand.items():
        if abs(factor - 1) >= NOTED:
            yield f"demand of {name} {abs(factor - 1):.0%} {'more' if factor > 1 else 'less'}"


def who_is_short(case: Case, prices: Floats, outcome: Mapping[str, Any]) -> str:
    """Who is short of what and since when, by what it costs; `prices` (demands,) are those of a tonne short."""
    demand, several = case["demand"], len(outcome["cutoffs"]) > 1
    rows = sorted(outcome["short"], key=lambda row: row[2] * prices[row[0]], reverse=True)
    said = []
    for at, cutoff, short, broken, since in rows[:NAMED]:
        of = "of the plan" if cutoff < 0 else f"of the {ORDINALS[cutoff % 10]} cutoff" if several else "of it"
        promise = f", {amount(broken)} t of it promised," if broken > 0 else ""
        said.append(
            f"{demand['sector'].iat[at]} short of {amount(short)} t {demand['material'].iat[at]}{promise} from month {since + 1:.0f} {of}"
        )
    left = len(rows) - len(said)
    return "; ".join(said) + (f"; {left} smaller shortage{'s' if left > 1 else ''}" if left else "")


def prices_of_shortage(stress: Stress) -> Floats:
    """(demands,): what a tonne short costs at first, thousand USD; where that hangs on output that is lost, the price of the material."""
    data = stress.plan.data
    short = data.values["shortage_price"].reshape(-1, len(data.tree))[:, 0]
    demand, materials = stress.plan.case["demand"], stress.plan.case["materials"].set_index("material")["price"]
    found: Floats = np.maximum(short, demand["material"].map(materials).to_numpy(dtype=float))
    return found


def worst(outcomes: list[Mapping[str, Any]]) -> list[int]:
    """The places of the futures with the largest loss, the largest first; those without any are none."""
    loss = np.array([o["loss"] for o in outcomes])
    order = np.argsort(-loss, kind="stable")[:WORST]
    return [int(at) for at in order if outcomes[at]["short"]]


def stories(stress: Stress) -> pd.DataFrame:
    """A row for each of the worst futures: rank, number, what comes, who is short, tonnes, loss and cost in M USD."""
    case, outcomes, prices = stress.plan.case, stress.outcomes, prices_of_shortage(stress)
    draws = draws_of(case, stress.seed, listed=stress.uncertain.listed)
    replayed = [result.number for result in stress.results if result.status == Status.OPTIMAL]
    rows = []
    for rank, at in enumerate(worst(outcomes), 1):
        o, number = outcomes[at], replayed[at]
        told = (what_comes(case, draws.future(number), o), who_is_short(case, prices, o))
        rows.append((rank, number, *told, sum(row[2] for row in o["short"]), o["loss"] / 1000, o["cost"] / 1000))
    return pd.DataFrame(rows, columns=["rank", "number", "comes", "lacks", "short", "loss", "cost"])
