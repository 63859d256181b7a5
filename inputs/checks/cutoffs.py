"""Rules on cutoffs: their probabilities, lengths and losses."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from inputs.case import Case, countries
from inputs.checks.registry import PROBABILITY_TOLERANCE, needs, periods, rows, warning
from inputs.errors import Finding
from inputs.schema import EVERY, SETTINGS


@needs("durations.cutoff", "durations.probability", "cutoffs.cutoff")
def durations_add_to_one(case: Case) -> Iterator[Finding]:
    """Every cutoff has durations, and their probabilities add to 1."""
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
    """The probabilities that some cutoff begins in a period add to 1 at most."""
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
    """Each month of a cutoff has at most one row of losses for a country and material."""
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


@needs(
    *("cutoffs.cutoff", "cutoffs.price_multiple", "losses.cutoff", "losses.supply_lost"),
    *("surges.cutoff", "surges.demand_multiple"),
)
def cutoffs_take_something(case: Case) -> Iterator[Finding]:
    """A cutoff without losses and surges changes nothing."""
    losses, surges, named = case["losses"], case["surges"], case["cutoffs"]
    listed = {*losses["cutoff"], *surges["cutoff"]}
    takes = {
        *losses["cutoff"][losses["supply_lost"] > 0],
        *surges["cutoff"][surges["demand_multiple"] != 1],
        *named["cutoff"][named["price_multiple"] != 1],
    }
    for row, values in rows(case["cutoffs"]):
        if values["cutoff"] not in takes:
            why = (
                "its rows lose no supply and add no demand"
                if values["cutoff"] in listed
                else "it has no row in sheet losses and none in surges"
            )
            yield warning("cutoffs", f"cutoff '{values['cutoff']}' takes nothing: {why}.", row, "cutoff")


@needs("losses.country", "supply.country", "supply.depends_on", "plants.country", "plants.depends_on")
def losses_hit_someone(case: Case) -> Iterator[Finding]:
    """A loss is of a country that an offer or a plant is in, or depends on."""
    hit = {*countries(case.frames, ""), *case["supply"]["depends_on"], *case["plants"]["depends_on"]}
    for row, values in rows(case["losses"]):
        if values["country"] not in hit:
            yield warning("losses", f"no offer and no plant is in '{values['country']}' or depends on it.", row, "country")


@needs(
    "losses.cutoff",
    "losses.country",
    "losses.material",
    "losses.supply_lost",
    "supply.offer",
    "supply.country",
    "supply.material",
    "supply.buyer",
    "supply.capacity",
    "supply.available",
)
def unlimited_offers_lose_nothing(case: Case) -> Iterator[Finding]:
    """A share of no limit is no limit: only the whole of an unlimited offer can be lost."""
    supply = case["supply"]
    open_ended = supply[np.isinf(supply["capacity"]) & (supply["buyer"] == "market") & (supply["available"] != "peace")]
    for row, values in rows(case["losses"].drop_duplicates(["cutoff", "country", "material"])):
        hit = open_ended[open_ended["country"] == values["country"]]
        if values["material"] != EVERY:
            hit = hit[hit["material"] == values["material"]]
        if len(hit) and 0 < values["supply_lost"] < 1:
            offer = hit["offer"].iloc[0]
            text = f"{values['supply_lost']:g} of no limit is still no limit: offer '{offer}' loses nothing. Give it a capacity, or let all of it be lost."
            yield warning("losses", text, row, "supply_lost")


@needs("cutoffs.cutoff", "cutoffs.first_year", "cutoffs.last_year", "settings.start_year", "settings.horizon", "settings.period")
def cutoffs_can_begin(case: Case) -> Iterator[Finding]:
    """The years in which a cutoff may begin hold the start of a period after the first."""
    start, period = case.number("start_year"), case.number("period")
    years = [start + math.floor(j * period / 12 + 1e-9) for j in range(1, max(1, round(periods(case))))]
    for row, values in rows(case["cutoffs"]):
        first, last = values["first_year"], values["last_year"]
        if not any(not year < first and not year > last for year in years):
            which = f"from {min(years):g} to {max(years):g}" if years else "in no year of a plan of one period"
            yield warning(
                "cutoffs",
                f"cutoff '{values['cutoff']}' can never begin: cutoffs begin at the start of a period after the first, {which}.",
                row,
                "first_year",
            )


MOST_NODES = 50_000
"""Nodes of the scenario tree at the most; the shipped case has 380, with monthly crisis periods 810, with all periods monthly 10,809."""


@needs("settings.horizon", "settings.period", "settings.crisis_period", "settings.length_known", "durations.cutoff", "durations.months")
def tree_is_of_a_size(case: Case) -> Iterator[Finding]:
    """A slip of many zeros must not grow a tree without end."""
    lengths = np.ceil(case["durations"]["months"] / case.number("crisis_period")).groupby(case["durations"]["cutoff"])
    nodes = periods(case) * (1 + float((lengths.sum() if case.flag("length_known") else lengths.max()).sum()))
    if nodes > MOST_NODES:
        text = f"the plan would have some {nodes:,.3g} nodes, more than {MOST_NODES:,}; make the periods longer, or the horizon or the durations shorter."
        yield Finding(SETTINGS, text, column="crisis_period")
