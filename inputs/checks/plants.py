"""Rules on plants, modes and recipes."""

from __future__ import annotations

from collections.abc import Iterator

from inputs.case import Case
from inputs.checks.registry import SPREAD, needs, rows, warning
from inputs.errors import Finding


@needs("recipes.quantity")
def quantities_are_not_zero(case: Case) -> Iterator[Finding]:
    """A quantity of 0 says nothing."""
    frame = case["recipes"]
    for row, _ in rows(frame[frame["quantity"] == 0]):
        yield warning("recipes", "a quantity of 0 neither uses nor makes anything.", row, "quantity")


@needs("plants.lead_time", "plants.fast_lead_time")
def fast_track_is_faster(case: Case) -> Iterator[Finding]:
    """The fast track takes no longer than a normal order."""
    frame = case["plants"]
    for row, values in rows(frame[frame["fast_lead_time"] > frame["lead_time"]]):
        yield warning(
            "plants",
            f"the fast track takes {values['fast_lead_time']:g} months, longer than the {values['lead_time']:g} of a normal order.",
            row,
            "fast_lead_time",
        )


@needs("plants.plant", "modes.plant", "plants.opening_capacity", "plants.capacity_limit")
def plants_have_modes(case: Case) -> Iterator[Finding]:
    """A plant has a mode, and has or may get capacity."""
    frame = case["plants"]
    for row, values in rows(frame[~frame["plant"].isin(case["modes"]["plant"])]):
        yield warning("plants", f"plant '{values['plant']}' has no row in sheet modes; it can make nothing.", row, "plant")
    for row, values in rows(frame[(frame["opening_capacity"] == 0) & (frame["capacity_limit"] == 0)]):
        yield warning("plants", f"plant '{values['plant']}' has no capacity, and none can be added.", row, "opening_capacity")


@needs("modes.plant", "modes.mode", "recipes.plant", "recipes.mode", "recipes.quantity")
def modes_make_something(case: Case) -> Iterator[Finding]:
    """A mode makes something."""
    recipes = case["recipes"]
    making = recipes[recipes["quantity"] > 0]
    makes = set(zip(making["plant"], making["mode"], strict=True))
    for row, values in rows(case["modes"]):
        if (values["plant"], values["mode"]) not in makes:
            yield warning("modes", f"mode '{values['mode']}' of plant '{values['plant']}' makes nothing in sheet recipes.", row, "mode")


@needs("recipes.quantity", "modes.capacity_use", "thrift.substitute_rate")
def coefficients_are_of_one_size(case: Case) -> Iterator[Finding]:
    """The solver works with about nine digits: coefficients further apart than SPREAD lose some of them."""
    for sheet, column in (("recipes", "quantity"), ("modes", "capacity_use"), ("thrift", "substitute_rate")):
        sizes = case[sheet][column].abs()
        sizes = sizes[sizes > 0]
        if len(sizes) and sizes.max() > SPREAD * sizes.min():
            text = f"{column} runs from {sizes.min():g} to {sizes.max():g}; more than a factor of {SPREAD:,.0f} costs accuracy. Is a unit mistaken?"
            yield warning(sheet, text, int(sizes.index[int(sizes.to_numpy().argmin())]), column)
