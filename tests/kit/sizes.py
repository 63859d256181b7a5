"""Cases in other sizes and other units, whose plans must be the same but for that."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from inputs.case import Case
from inputs.schema import BY_NAME, SETTINGS, SHEETS
from inputs.units import factor
from tests.kit.faults import Tables, place

SIZES = {"t": (1, 0), "t/yr": (1, 0), "t/month": (1, 0), "M USD": (1, 1), "M USD/yr": (1, 1)}
SIZES |= dict.fromkeys(("USD/kg", "USD/t", "USD/(t/yr)", "USD/(t/yr)/yr"), (0, 1))
"""By unit: with how much of a factor on all quantities, and of one on all prices, a number of it goes."""

OTHER = {
    "t": "lb", "t/yr": "kt/yr", "USD/kg": "USD/lb", "1/yr": "%/yr", "-": "%", "month": "yr", "yr": "month", "t/month": "kg/yr", "USD/(t/yr)": "kUSD/(kt/yr)",
    "USD/(t/yr)/yr": "USD/(lb/month)/month", "USD/t": "USD/short_ton", "t/t": "kg/t", "day": "month", "M USD": "kUSD", "M USD/yr": "kUSD/month",
}  # fmt: skip
"""Another unit for every one of the schema's."""


def in_size(case: Case, quantities: float = 1.0, prices: float = 1.0) -> Case:
    """The case with all quantities (demands, capacities, stocks, limits) and all prices so many times as large."""

    def times(unit: str) -> float:
        of_quantities, of_prices = SIZES.get(unit, (0, 0))
        return float(quantities**of_quantities * prices**of_prices)

    frames = {
        name: frame.assign(**{c.name: frame[c.name] * times(c.unit) for c in BY_NAME[name] if c.unit in SIZES})
        for name, frame in case.frames.items()
    }
    settings = {c.name: case.number(c.name) * times(c.unit) if c.unit in SIZES else case.settings[c.name] for c in BY_NAME[SETTINGS]}
    return replace(case, settings=MappingProxyType(settings), frames=MappingProxyType(frames))


def in_other_units(tables: Tables) -> Tables:
    """The same workbook with every number in another unit."""
    for sheet in SHEETS:
        for column in sheet:
            if sheet.name not in tables or not column.numeric or column.unit not in OTHER:
                continue
            new = OTHER[column.unit]
            ratio = factor(column.unit, new)
            if sheet.name == SETTINGS:
                for row in tables[SETTINGS][1:]:
                    if row[0] == column.name and isinstance(row[1], int | float) and not isinstance(row[1], bool):
                        row[1:3] = [row[1] * ratio, new]
                continue
            c = place(sheet.name, column.name)
            tables[sheet.name][1][c] = new
            for row in tables[sheet.name][2:]:
                if isinstance(row[c], int | float):
                    row[c] = row[c] * ratio
    return tables
