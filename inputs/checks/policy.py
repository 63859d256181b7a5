"""Rules on policy: rows whose year no planning period has, and floors that nothing can meet.

`impossible_floors` is the one definition of the latter, for checks and for plans alike.
"""

from __future__ import annotations

from collections.abc import Iterator

from inputs.case import Case
from inputs.checks.potential import CAPACITY_READ, HOME_READ, MADE_READ, SUPPLY_READ, at_home, capacity, demanded, made, offered, trunk
from inputs.checks.registry import needs, rows
from inputs.errors import Finding
from inputs.schema import RECYCLING

ROUNDING = 1 + 1e-9


def impossible_floors(case: Case) -> Iterator[Finding]:
    """An error for each row of `floors` and `capacity_floors` that no plan can meet."""
    yield from floors_can_be_met(case)
    yield from capacity_floors_can_be_met(case)


@needs(
    *("floors.material", "floors.origin", "floors.share", "floors.from_year", "demand.material", "demand.demand", "demand.growth"),
    *("supply.country", "plants.kind", *HOME_READ, *SUPPLY_READ, *MADE_READ),
)
def floors_can_be_met(case: Case) -> Iterator[Finding]:
    """Home plants (and, for origin home, home offers) at their most, against the share of demand, in each period of peace."""
    if not len(case["floors"]):
        return
    times, home = trunk(case), at_home(case)
    for row, floor in rows(case["floors"]):
        material, recycled = floor["material"], floor["origin"] == "recycled"
        most = made(case, material, home[home["kind"] == RECYCLING] if recycled else home)
        if not recycled:
            most = most + offered(case, material, at_home=True)
        asked = floor["share"] * demanded(case, material)
        short = (asked > most * ROUNDING) & ~(times.year < floor["from_year"])
        if not short.any():
            continue
        j = int(short.argmax())
        whose = "no recycling plant at home makes" if recycled else "no plant at home makes, and no home offer has,"
        if not most.any():
            text = f"{whose} '{material}', so no share of its demand can be met; add one, or remove this floor."
            yield Finding("floors", text, row, "material", contradicts=True)
        else:
            origin = "recycling plants at home" if recycled else "home plants and home offers"
            text = (
                f"the floor asks for {asked[j]:,.4g} t/yr of '{material}' in {times.year[j]}, but {origin} can give {most[j]:,.4g} t/yr then, "
                "with all that can be ordered in time. Lower the share, let it hold from a later year, or raise their capacity."
            )
            yield Finding("floors", text, row, "share", contradicts=True)


@needs("capacity_floors.kind", "capacity_floors.year", "capacity_floors.capacity", "plants.kind", *HOME_READ, *CAPACITY_READ)
def capacity_floors_can_be_met(case: Case) -> Iterator[Finding]:
    """What stands at home of a kind and what can be on line by then, against what is asked for."""
    if not len(case["capacity_floors"]):
        return
    times, home = trunk(case), at_home(case)
    for row, floor in rows(case["capacity_floors"]):
        most = capacity(case, home[home["kind"] == floor["kind"]]).sum(axis=0)
        reached = most[times.year == floor["year"]].min(initial=float("inf"))
        if floor["capacity"] > reached * ROUNDING:
            text = (
                f"{floor['capacity']:,.4g} t/yr of kind '{floor['kind']}' are asked for in {floor['year']:g}, but {reached:,.4g} t/yr can stand at home then, "
                "with all that can be ordered in time. Ask for less, for a later year, or raise capacity_limit in plants."
            )
            yield Finding("capacity_floors", text, row, "capacity", contradicts=True)


@needs("budget.year", "capacity_floors.year", "pins.year", "settings.start_year", "settings.horizon", "settings.period", stops=True)
def policy_years_have_a_period(case: Case) -> Iterator[Finding]:
    """A year without a planning period would be void without a word: its money neither spent nor saved, its floor or pin never asked for."""
    years = sorted({int(year) for year in trunk(case).year})
    if not years:
        return
    for sheet in ("budget", "capacity_floors", "pins"):
        for row, values in rows(case[sheet]):
            year = values["year"]
            if year in years:
                continue
            listed = ", ".join(map(str, years[:4])) + (f", ... {years[-1]}" if len(years) > 4 else "")
            if year < years[0] or year > years[-1]:
                why = f"{year:g} is outside the plan, which runs from {case.number('start_year'):g} to {years[-1]}"
            else:
                why = f"no planning period of {case.number('period'):g} months has its middle in {year:g}"
            text = f"{why}, so this row has no effect. Its year can be {listed}; change it, or remove the row."
            yield Finding(sheet, text, row, "year")
