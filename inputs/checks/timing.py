"""Rules on the horizon, its periods and years."""

from __future__ import annotations

from collections.abc import Iterator

from inputs.case import Case, countries
from inputs.checks.registry import needs, periods, rows, warning
from inputs.errors import Finding
from inputs.schema import SETTINGS


@needs("settings.horizon", "settings.period", stops=True)
def whole_periods(case: Case) -> Iterator[Finding]:
    """The horizon is a whole number of periods."""
    count = periods(case)
    if abs(count - round(count)) > 1e-9 or round(count) < 1:
        horizon, period = case.number("horizon"), case.number("period")
        yield Finding(
            SETTINGS,
            f"the horizon of {12 * horizon:g} months is not a whole number of periods of {period:g} months; change horizon or period.",
            column="horizon",
        )


@needs("settings.period", "settings.crisis_period", stops=True)
def whole_crisis_periods(case: Case) -> Iterator[Finding]:
    """A planning period is a whole number of crisis periods, so that the months of the two never cross."""
    period, crisis = case.number("period"), case.number("crisis_period")
    if period % crisis:
        months = [f"{m}" for m in range(1, round(period) + 1) if period % m == 0]
        text = f"a period of {period:g} months is not a whole number of crisis periods of {crisis:g} months; crisis_period can be {', '.join(months)}."
        yield Finding(SETTINGS, text, column="crisis_period")


@needs("settings.horizon", "settings.period", "settings.ready_by", "sectors.coverage")
def ready_within_horizon(case: Case) -> Iterator[Finding]:
    """Coverage has to hold before the last cutoff can begin, where one can."""
    last = 12 * case.number("horizon") - case.number("period")
    if 0 < last < case.number("ready_by") and len(case["cutoffs"]) and (case["sectors"]["coverage"] > 0).any():
        yield warning(
            SETTINGS, f"coverage never has to hold: the last cutoff can begin in month {last:g}, before ready_by.", column="ready_by"
        )


@needs("settings.home", "supply.country", "plants.country")
def home_is_used(case: Case) -> Iterator[Finding]:
    """The home country has an offer or a plant."""
    others = countries(case.frames, "")
    if others and case.home not in others:
        yield warning(SETTINGS, f"no offer and no plant is in the home country '{case.home}'; check its spelling.", column="home")


@needs("supply.first_year", "supply.last_year", stops=True)
def offer_years_in_order(case: Case) -> Iterator[Finding]:
    """The last year of an offer is not before its first."""
    yield from years_in_order(case, "supply")


@needs("cutoffs.first_year", "cutoffs.last_year", stops=True)
def cutoff_years_in_order(case: Case) -> Iterator[Finding]:
    """The last year of a cutoff is not before its first."""
    yield from years_in_order(case, "cutoffs")


def years_in_order(case: Case, sheet: str) -> Iterator[Finding]:
    """The last year is not before the first, on either sheet."""
    frame = case[sheet]
    for row, values in rows(frame[frame["last_year"] < frame["first_year"]]):
        yield Finding(sheet, f"last_year {values['last_year']:g} is before first_year {values['first_year']:g}.", row, "last_year")
