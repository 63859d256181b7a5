"""Rules on cutoffs: their probabilities, lengths and losses."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from operator import itemgetter

import numpy as np

from inputs.case import Case
from inputs.checks.registry import PROBABILITY_TOLERANCE, needs, periods, rows, warning
from inputs.checks.spells import LOSSES_READ, losses_of, lost_at, spells
from inputs.errors import Finding
from inputs.schema import EVERY, SETTINGS


@needs("durations.cutoff", "durations.probability", "cutoffs.cutoff", stops=True)
def durations_add_to_one(case: Case) -> Iterator[Finding]:
    """Every cutoff has durations, and their probabilities add to 1."""
    cutoffs, probability = case["durations"]["cutoff"].to_numpy(), case["durations"]["probability"].to_numpy()
    for row, cutoff in zip(case["cutoffs"].index, case["cutoffs"]["cutoff"], strict=True):
        places = np.flatnonzero(cutoffs == cutoff)
        total = float(probability[places].sum())
        if not len(places):
            yield Finding(
                "cutoffs", f"cutoff '{cutoff}' has no row in sheet durations; add one for each length it may have.", row, "cutoff"
            )
        elif abs(total - 1) > PROBABILITY_TOLERANCE:
            yield Finding(
                "durations",
                f"the probabilities of cutoff '{cutoff}' add to {total:.6g}; they must add to 1.",
                int(case["durations"].index[places[0]]),
                "probability",
            )
        elif abs(total - 1) > 1e-9:
            message = f"probability left over: those of cutoff '{cutoff}' add to {total:.8g}; the rest is dropped."
            yield warning("durations", message, int(case["durations"].index[places[0]]), "probability")


HAZARDS_READ = ("hazards.cutoff", "hazards.year", "hazards.annual_probability")
TIMES_READ = ("settings.start_year", "settings.horizon", "settings.period")


def onset_years(case: Case) -> list[int]:
    """The calendar years in which cutoffs begin: those of the starts of the periods after the first, period by period."""
    start, period = case.number("start_year"), case.number("period")
    return [int(start + math.floor(j * period / 12 + 1e-9)) for j in range(1, max(1, round(periods(case))))]


@needs("cutoffs.cutoff", "cutoffs.annual_probability", "cutoffs.first_year", "cutoffs.last_year", *HAZARDS_READ, *TIMES_READ, stops=True)
def onsets_at_most_one(case: Case) -> Iterator[Finding]:
    """The probabilities that some cutoff begins in a period, by `hazards` where they name its year, add to 1 at most."""
    frame, hazards = case["cutoffs"], case["hazards"]
    if not len(frame):
        return
    first, last = frame["first_year"].fillna(-math.inf).to_numpy(), frame["last_year"].fillna(math.inf).to_numpy()
    years, place = np.array(onset_years(case)), {cutoff: k for k, cutoff in enumerate(frame["cutoff"])}
    yearly = np.tile(frame["annual_probability"].to_numpy(), (len(years), 1))
    for cutoff, year, own in zip(hazards["cutoff"], hazards["year"], hazards["annual_probability"], strict=True):
        yearly[years == year, place[cutoff]] = own
    can_begin = (first <= years[:, None]) & (years[:, None] <= last)
    total = ((1 - (1 - yearly) ** (case.number("period") / 12)) * can_begin).sum(axis=1)
    if (total > 1 + 1e-9).any():
        j = int((total > 1 + 1e-9).argmax())
        of_year = hazards.index[hazards["year"] == years[j]]
        sheet, row = ("hazards", int(of_year[0])) if len(of_year) else ("cutoffs", int(frame.index[0]))
        text = f"the probabilities that a cutoff begins in one period add to {total[j]:.4g} in {years[j]}; they must add to 1 at most."
        yield Finding(sheet, text, row, "annual_probability")


@needs("cutoffs.cutoff", "cutoffs.first_year", "cutoffs.last_year", "hazards.cutoff", "hazards.year", *TIMES_READ)
def hazards_have_an_onset(case: Case) -> Iterator[Finding]:
    """A hazard is of a year in which its cutoff can begin."""
    years, cutoffs = onset_years(case), case["cutoffs"].set_index("cutoff")
    for row, values in rows(case["hazards"]):
        year, cutoff = values["year"], values["cutoff"]
        first, last = cutoffs["first_year"].get(cutoff, math.nan), cutoffs["last_year"].get(cutoff, math.nan)
        if year < first or year > last:
            span = " to ".join(f"{bound:g}" if bound == bound else "any year" for bound in (first, last))
            yield warning("hazards", f"no effect: '{cutoff}' can begin from {span}, not in {year:g}.", row, "year")
        elif year not in years:
            which = f"from {years[0]} to {years[-1]}" if years else "in no year of a plan of one period"
            text = f"no effect: cutoffs begin at the start of a period after the first, {which}, and none of these starts is in {year:g}."
            yield warning("hazards", text, row, "year")


@needs("settings.aftermath", "settings.aftermath_period", "cutoffs.recovery")
def aftermath_is_planned(case: Case) -> Iterator[Finding]:
    """Without aftermath a future ends with its cutoff: there is nothing in which supply could recover."""
    if case.flag("aftermath"):
        return
    if not math.isinf(case.number("aftermath_period")):
        yield warning(SETTINGS, "aftermath_period has no effect while aftermath is no.", column="aftermath_period")
    for row, _ in rows(case["cutoffs"][case["cutoffs"]["recovery"] > 0]):
        text = "recovery has no effect while aftermath is no in settings: each future ends with its cutoff."
        yield warning("cutoffs", text, row, "recovery")


@needs("losses.cutoff", "losses.country", "losses.material", "losses.from_month", "losses.to_month", stops=True)
def losses_do_not_overlap(case: Case) -> Iterator[Finding]:
    """Each month of a cutoff has at most one row of losses for a country and material."""
    frame = case["losses"]
    for row, values in rows(frame[frame["to_month"] <= frame["from_month"]]):
        yield Finding("losses", f"to_month {values['to_month']:g} must be after from_month {values['from_month']:g}.", row, "to_month")
    alike: dict[tuple[str, str, str], list[tuple[float, float, int]]] = {}
    for row, values in rows(frame):
        months = (values["from_month"], values["to_month"], row)
        alike.setdefault((values["cutoff"], values["country"], values["material"]), []).append(months)
    for (cutoff, country, material), spells_of in alike.items():
        for (_, end, where), (begin, _, row) in pairwise(sorted(spells_of, key=itemgetter(0))):
            if begin < end:
                text = f"cutoff '{cutoff}', country '{country}', material '{material}': this row begins in month {begin:g}, before row {where} ends; months of two rows must not overlap."
                yield Finding("losses", text, row, "from_month")


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


@needs(
    *("losses.country", "losses.material", "supply.country", "supply.depends_on", "supply.material"),
    *("plants.country", "plants.depends_on", "plants.plant", "plants.kind"),
)
def losses_hit_someone(case: Case) -> Iterator[Finding]:
    """A loss is of an offer or a plant that there is in its country, or that depends on it."""
    supply, plants = case["supply"], case["plants"]
    for row, values in rows(case["losses"]):
        country, name = values["country"], values["material"]
        offers = supply[(supply["country"] == country) | (supply["depends_on"] == country)]
        works = plants[(plants["country"] == country) | (plants["depends_on"] == country)]
        if not len(offers) and not len(works):
            yield warning("losses", f"no offer and no plant is in '{country}' or depends on it.", row, "country")
        elif name != EVERY and name not in {*offers["material"], *works["plant"], *works["kind"]}:
            what = (
                f"no offer of '{name}'"
                if name in {*supply["material"]}
                else f"no plant '{name}'"
                if name in {*plants["plant"]}
                else f"no plant of kind '{name}'"
                if name in {*plants["kind"]}
                else f"nobody offers '{name}', and no such plant"
            )
            yield warning("losses", f"nothing to lose: {what} is in '{country}' or depends on it.", row, "material")


@needs(
    *LOSSES_READ,
    *(f"supply.{c}" for c in ("offer", "country", "material", "buyer", "capacity", "available", "depends_on", "dependence")),
    stops=True,
)
def unlimited_offers_lose_all_or_nothing(case: Case) -> Iterator[Finding]:
    """A share of no limit is no limit: only the whole of an unlimited offer can be lost, and a dependence can only take it whole."""
    supply, said = case["supply"], set[int]()
    endless = np.isinf(supply["capacity"].to_numpy())
    if not endless.any():  # each point of a sweep of capacities comes by here
        return
    open_ended = supply[endless & (supply["buyer"] == "market") & (supply["available"] != "peace")]
    shares = case["losses"][(case["losses"]["supply_lost"] > 0) & (case["losses"]["supply_lost"] < 1)]
    named = set(zip(shares["country"], shares["material"], strict=True))
    hit = [offer for _, offer in rows(open_ended) if not named.isdisjoint((offer["country"], name) for name in (EVERY, offer["material"]))]
    for cutoff in shares["cutoff"].unique() if hit else ():
        losses = losses_of(case, cutoff)
        for offer in hit:
            for spell in spells(losses, offer["country"], (EVERY, offer["material"])):
                if spell.row is not None and spell.row not in said and 0 < spell.lost < 1:
                    said.add(spell.row)
                    text = (
                        f"{spell.lost:g} of no limit is still no limit: offer '{offer['offer']}' would lose nothing. "
                        "Give it a capacity in supply, or let all of it be lost (1)."
                    )
                    yield Finding("losses", text, spell.row, "supply_lost")
    for row, offer in rows(open_ended[(open_ended["dependence"] > 0) & (open_ended["dependence"] < 1) & (open_ended["depends_on"] != "")]):
        text = f"no effect: {offer['dependence']:g} of no limit is still no limit, so the offer loses nothing with '{offer['depends_on']}'; give it a capacity."
        yield warning("supply", text, row, "dependence")


@needs(
    *("settings.aftermath", "settings.crisis_period", "cutoffs.cutoff", "cutoffs.recovery", "durations.cutoff", "durations.months"),
    *LOSSES_READ,
    *(f"supply.{c}" for c in ("offer", "country", "material", "buyer", "capacity", "available", "depends_on", "dependence")),
)
def unlimited_offers_are_back_at_once(case: Case) -> Iterator[Finding]:
    """What comes back of no limit is no limit: an unlimited offer that is lost as a whole is there again in whole when its cutoff ends."""
    supply, crisis, said = case["supply"], case.number("crisis_period"), set[int]()
    open_ended = supply[np.isinf(supply["capacity"]) & (supply["buyer"] == "market") & (supply["available"] == "always")]
    slow = case["cutoffs"][case["cutoffs"]["recovery"] > 0] if case.flag("aftermath") else case["cutoffs"][:0]
    for _, cutoff in rows(slow):
        losses = losses_of(case, cutoff["cutoff"])
        lengths = case["durations"]["months"][case["durations"]["cutoff"] == cutoff["cutoff"]]
        last = {(math.ceil(months / crisis - 1e-9) - 0.5) * crisis for months in lengths}
        for row, offer in rows(open_ended):
            names = (EVERY, offer["material"])
            own, through = spells(losses, offer["country"], names), spells(losses, offer["depends_on"], names)
            left = [(1 - lost_at(own, month)) * (1 - offer["dependence"] * lost_at(through, month)) for month in last]
            if 0 in left and row not in said:
                said.add(row)
                text = (
                    f"offer '{offer['offer']}' is lost as a whole in a cutoff '{cutoff['cutoff']}' and back at once when it ends, whatever its recovery "
                    f"({cutoff['recovery']:g} months): a part of no limit is still no limit. Give it a capacity, and it comes back bit by bit."
                )
                yield warning("supply", text, row, "capacity")


@needs("cutoffs.cutoff", "cutoffs.first_year", "cutoffs.last_year", *TIMES_READ)
def cutoffs_can_begin(case: Case) -> Iterator[Finding]:
    """The years in which a cutoff may begin hold the start of a period after the first."""
    years = onset_years(case)
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


@needs(
    *(f"settings.{c}" for c in ("horizon", "period", "crisis_period", "length_known", "aftermath", "aftermath_period")),
    *("durations.cutoff", "durations.months"),
    stops=True,
)
def tree_is_of_a_size(case: Case) -> Iterator[Finding]:
    """A slip of many zeros must not grow a tree without end: trunk, branches from every period after the first, and their aftermath."""
    period, crisis, horizon = case.number("period"), case.number("crisis_period"), 12 * case.number("horizon")
    counts = np.ceil(case["durations"]["months"] / crisis - 1e-9)
    lengths = counts.groupby(case["durations"]["cutoff"])
    begins = period * np.arange(1, max(1, round(periods(case))))
    nodes = periods(case) + len(begins) * float((lengths.sum() if case.flag("length_known") else lengths.max()).sum())
    if case.flag("aftermath"):
        piece = case.number("aftermath_period")
        for of_cutoff in (group if case.flag("length_known") else group.unique() for _, group in lengths):
            ends = begins[:, None] + crisis * np.asarray(of_cutoff)
            rest = horizon - period * np.ceil((ends + period) / period - 1e-9)
            chain = 1 + np.where(rest > 0, 1.0 if math.isinf(piece) else np.ceil(rest / piece - 1e-9), 0.0)
            nodes += float(chain[ends < horizon - 1e-9].sum())
    if nodes > MOST_NODES:
        text = f"the plan would have some {nodes:,.3g} nodes, more than {MOST_NODES:,}; make the periods longer, or the horizon or the durations shorter."
        yield Finding(SETTINGS, text, column="crisis_period")
