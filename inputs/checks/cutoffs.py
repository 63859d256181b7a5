"""Rules on cutoffs: their probabilities, lengths and losses."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from inputs.case import Case, countries
from inputs.checks.registry import PROBABILITY_TOLERANCE, needs, periods, rows, warning
from inputs.errors import Finding


@needs("durations.cutoff", "durations.probability", "cutoffs.cutoff", "durations.months")
def durations_add_to_one(case: Case) -> Iterator[Finding]:
    frame = case["durations"]
    for row, cutoff in zip(case["cutoffs"].index, case["cutoffs"]["cutoff"], strict=True):
        of_cutoff = frame[frame["cutoff"] == cutoff]
        total = float(of_cutoff["probability"].sum())
        if not len(of_cutoff):
            yield Finding(
                "cutoffs", f"cutoff '{cutoff}' has no row in sheet durations; add one for each length it may have.", row, "cutoff"
            )
        elif abs(total - 1) > PROBABILITY_TOLERANCE:
            yield Finding(
                "durations",
                f"the probabilities of cutoff '{cutoff}' add to {total:.6g}; they must add to 1.",
                int(of_cutoff.index[0]),
                "probability",
            )
        elif abs(total - 1) > 1e-9:
            message = f"probability left over: those of cutoff '{cutoff}' add to {total:.8g}; the rest is dropped."
            yield warning("durations", message, int(of_cutoff.index[0]), "probability")


@needs(
    "cutoffs.annual_probability", "cutoffs.first_year", "cutoffs.last_year", "settings.start_year", "settings.horizon", "settings.period"
)
def onsets_at_most_one(case: Case) -> Iterator[Finding]:
    frame = case["cutoffs"]
    if not len(frame):
        return
    period, start = case.number("period"), case.number("start_year")
    chance = 1 - (1 - frame["annual_probability"].to_numpy()) ** (period / 12)
    first, last = frame["first_year"].fillna(-math.inf).to_numpy(), frame["last_year"].fillna(math.inf).to_numpy()
    for j in range(1, max(1, round(periods(case)))):
        year = start + math.floor(j * period / 12)
        total = float(chance[(first <= year) & (year <= last)].sum())
        if total > 1 + 1e-9:
            yield Finding(
                "cutoffs",
                f"the probabilities that a cutoff begins in one period add to {total:.4g} in {year:g}; they must add to 1 at most.",
                int(frame.index[0]),
                "annual_probability",
            )
            return


@needs("losses.cutoff", "losses.country", "losses.material", "losses.from_month", "losses.to_month")
def losses_do_not_overlap(case: Case) -> Iterator[Finding]:
    frame = case["losses"]
    for row, values in rows(frame[frame["to_month"] <= frame["from_month"]]):
        yield Finding("losses", f"to_month {values['to_month']:g} must be after from_month {values['from_month']:g}.", row, "to_month")
    for (cutoff, country, material), group in frame.groupby(["cutoff", "country", "material"], sort=False):
        ordered = group.sort_values("from_month", kind="stable")
        ends, starts = ordered["to_month"].to_numpy()[:-1], ordered["from_month"].to_numpy()[1:]
        for i in np.flatnonzero(starts < ends).tolist():
            where = int(ordered.index[i])
            yield Finding(
                "losses",
                f"cutoff '{cutoff}', country '{country}', material '{material}': this row begins in month {starts[i]:g}, before row {where} ends; months of two rows must not overlap.",
                int(ordered.index[i + 1]),
                "from_month",
            )


@needs("cutoffs.cutoff", "losses.cutoff", "surges.cutoff")
def cutoffs_take_something(case: Case) -> Iterator[Finding]:
    takes = {*case["losses"]["cutoff"], *case["surges"]["cutoff"]}
    for row, values in rows(case["cutoffs"]):
        if values["cutoff"] not in takes:
            yield warning(
                "cutoffs", f"cutoff '{values['cutoff']}' takes nothing: it has no row in sheet losses and none in surges.", row, "cutoff"
            )


@needs("losses.country", "supply.country", "supply.depends_on", "plants.country", "plants.depends_on")
def losses_hit_someone(case: Case) -> Iterator[Finding]:
    hit = {*countries(case.frames, ""), *case["supply"]["depends_on"], *case["plants"]["depends_on"]}
    for row, values in rows(case["losses"]):
        if values["country"] not in hit:
            yield warning("losses", f"no offer and no plant is in '{values['country']}' or depends on it.", row, "country")
