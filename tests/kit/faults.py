"""A sound workbook that uses every sheet, and the faults that planners make in one."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from openpyxl.utils import get_column_letter

from inputs.grid import Bad, Grid
from inputs.schema import BY_NAME, SETTINGS, SETTINGS_COLUMNS
from tests.kit.cases import grids

Tables = dict[str, Grid]

SOUND: dict[str, Any] = {
    "settings": {
        "start_year": 2026, "horizon": 4, "period": 12, "crisis_period": 3, "discount_rate": 0.03, "ready_by": 24, "home": "United States",
        "storage_limit": 900, "length_known": "no", "aftermath": "yes",
    },
    "materials": [
        {"material": "Dy", "price": 300, "stock_limit": 90, "purchase_limit": 30, "opening_stock": 2, "resale_share": 0.5, "min_cover": 5},
        {"material": "Nd", "price": 100, "surplus_cost": -5, "resale_share": 0.05},
        {"material": "ore", "price": 5, "stock_limit": 0},
    ],
    "sectors": [
        {"sector": "defense", "coverage": 0.9, "cover_months": 6, "shortage_multiple": 20},
        {"sector": "civil", "shortage_multiple": 5},
        {"sector": "lasers"},
    ],
    "demand": [
        {"material": "Dy", "sector": "defense", "demand": 4},
        {"material": "Dy", "sector": "civil", "demand": 12, "growth": 0.02},
        {"material": "Nd", "sector": "civil", "demand": 60, "coverage": 0.2, "cover_months": 3},
        {"material": "Dy", "sector": "lasers", "demand": 1},
    ],
    "supply": [
        {"offer": "Dy China", "country": "China", "material": "Dy", "capacity": 40, "tariff": 0.1},
        {"offer": "Nd China", "country": "China", "material": "Nd"},
        {"offer": "Nd Japan", "country": "Japan", "material": "Nd", "capacity": 10, "depends_on": "China", "dependence": 0.5},
        {"offer": "Dy traders", "country": "Japan", "material": "Dy", "capacity": 2, "price": 600, "available": "cutoff", "ramp": 6},
        {"offer": "Dy reserve", "country": "China", "material": "Dy", "buyer": "stockpile", "capacity": 40, "price": 330},
        {"offer": "Nd reserve", "country": "Japan", "material": "Nd", "buyer": "stockpile", "capacity": 40, "price": 130},
        {"offer": "ore", "country": "Australia", "material": "ore", "capacity": 200, "first_year": 2026, "last_year": 2035},
    ],
    "plants": [
        {"plant": "works", "kind": "separation", "country": "United States", "opening_capacity": 10, "capacity_limit": 90, "capex": 40000,
         "lead_time": 24, "fast_lead_time": 12, "fast_premium": 0.2, "public_share": 0.5},
        {"plant": "loop", "kind": "recycling", "country": "United States", "opening_capacity": 4},
    ],
    "modes": [
        {"plant": "works", "mode": "ore", "variable_cost": 30000},
        {"plant": "loop", "mode": "scrap", "variable_cost": 50000},
    ],
    "recipes": [
        {"plant": "works", "mode": "ore", "material": "ore", "quantity": -2},
        {"plant": "works", "mode": "ore", "material": "Nd", "quantity": 0.8},
        {"plant": "works", "mode": "ore", "material": "Dy", "quantity": 0.05},
        {"plant": "loop", "mode": "scrap", "material": "Nd", "quantity": 0.9},
    ],
    "cutoffs": [
        {"cutoff": "ban", "annual_probability": 0.1, "price_multiple": 1.5},
        {"cutoff": "war", "annual_probability": 0.02, "first_year": 2027, "last_year": 2029, "protected": "no"},
    ],
    "hazards": [{"cutoff": "ban", "year": 2028, "annual_probability": 0.2}],
    "durations": [
        {"cutoff": "ban", "months": 3, "probability": 0.4},
        {"cutoff": "ban", "months": 12, "probability": 0.6},
        {"cutoff": "war", "months": 18, "probability": 1},
    ],
    "losses": [
        {"cutoff": "ban", "country": "China", "material": "Dy", "supply_lost": 0.9, "to_month": 6},
        {"cutoff": "ban", "country": "China", "material": "Dy", "supply_lost": 0.5, "from_month": 6},
        {"cutoff": "war", "country": "China", "material": "*", "supply_lost": 1},
    ],
    "output_loss": [{"sector": "lasers", "up_to": 0.3, "value": 4}, {"sector": "lasers", "up_to": 1, "value": 9}],
    "surges": [{"cutoff": "war", "sector": "defense", "demand_multiple": 1.5}],
    "thrift": [
        {"option": "less Dy", "material": "Dy", "sector": "*", "limit": 0.2, "cost": 400, "ramp": 6},
        {"option": "Nd for Dy", "material": "Dy", "sector": "civil", "limit": 0.1, "cost": 50, "substitute": "Nd", "substitute_rate": 2},
    ],
    "budget": [{"year": 2026, "amount": 50}, {"year": 2027, "amount": 50}],
    "share_caps": [{"material": "Nd", "country": "China", "cap": 0.95, "from_year": 2028}],
    "floors": [{"material": "Nd", "origin": "recycled", "share": 0.02, "from_year": 2028}],
    "capacity_floors": [{"kind": "separation", "year": 2029, "capacity": 10}],
    "pins": [
        {"item": "stock", "name": "Dy", "year": 2028, "at_least": 3, "at_most": 80},
        {"item": "order", "name": "works", "year": 2026, "at_least": 1},
    ],
    "sweeps": [
        {"address": "materials[Dy].price & supply[Dy reserve].price", "low": 0.5, "base": 1, "high": 2},
        {"address": "settings.discount_rate", "change": "=", "low": 0.02, "high": 0.07},
        {"address": "sectors[*].shortage_multiple", "distribution": "lognormal(1,0.3)"},
    ],
    "stress": [
        {"what": "length", "name": "ban", "distribution": "lognormal(1,0.2)"},
        {"what": "price", "name": "Dy", "distribution": "uniform(0.5,2)"},
        {"what": "demand", "name": "civil", "distribution": "1.1"},
        {"what": "late", "name": "works", "distribution": "triangular(0,6,24)"},
        {"what": "refused", "name": "*", "distribution": "0.1"},
    ],
}  # fmt: skip


def sound() -> Tables:
    return {sheet: [list(row) for row in grid] for sheet, grid in grids(SOUND).items()}


def place(sheet: str, column: str) -> int:
    return (SETTINGS_COLUMNS if sheet == SETTINGS else [c.name for c in BY_NAME[sheet]]).index(column)


def put(tables: Tables, sheet: str, column: str, row: int, value: Any) -> None:
    """Write a value into a cell."""
    tables[sheet][row - 1][place(sheet, column)] = value


def setting_row(name: str) -> int:
    """The row of a setting in the file."""
    return list(SOUND[SETTINGS]).index(name) + 2


def address(sheet: str, column: str, row: int) -> str:
    return f"{sheet}!{get_column_letter(place(sheet, column) + 1)}{row}"


@dataclass(frozen=True)
class Fault:
    """One kind of fault: what is done to a sound workbook, where it must be found, and words of its message."""

    kind: str
    change: Callable[[Tables], object]
    where: str
    words: str
    warning: bool = False


def cell(kind: str, sheet: str, column: str, row: int, value: Any, words: str, *, warning: bool = False, where: str = "") -> Fault:
    """A fault that is one cell's wrong value, found there (or at `where`)."""

    return Fault(kind, lambda tables: put(tables, sheet, column, row, value), where or address(sheet, column, row), words, warning)


def setting(kind: str, name: str, value: Any, words: str, *, warning: bool = False) -> Fault:
    return Fault(
        kind, lambda tables: put(tables, SETTINGS, "value", setting_row(name), value), f"{SETTINGS}!B{setting_row(name)}", words, warning
    )


def added(kind: str, sheet: str, values: dict[str, Any], column: str, words: str, *, warning: bool = False) -> Fault:
    """A fault that is a further row, found in one of its columns."""
    row = len(SOUND[sheet]) + 3

    def change(tables: Tables) -> None:
        tables[sheet].append([values.get(c.name) for c in BY_NAME[sheet]])

    return Fault(kind, change, address(sheet, column, row), words, warning)


def together(fault: Fault, *also: Callable[[Tables], object]) -> Fault:
    """A fault that needs further changes to stand alone."""

    def change(tables: Tables) -> None:
        fault.change(tables)
        for further in also:
            further(tables)

    return replace(fault, change=change)


FAULTS = (
    # cells
    cell("text for a number", "materials", "price", 3, "n/a", "price must be a number in USD/kg, not 'n/a'."),
    cell("thousands separators", "materials", "price_growth", 3, "1,200", "without thousands separators"),
    cell("decimal comma", "materials", "holding_rate", 3, "0,5", "a point for the decimals"),
    cell("percent as text", "sectors", "coverage", 3, "90%", "0.25 for 25 %"),
    cell("unit in the cell", "materials", "rotation_cost", 3, "12 USD", "its unit stands in the units row"),
    cell("TRUE for a number", "materials", "loss_rate", 3, True, "not TRUE"),
    cell("TRUE for a name", "plants", "kind", 3, True, "kind must be a name, not TRUE"),
    cell("date for a number", "supply", "capacity", 5, datetime.datetime(2026, 3, 5), "not the date 2026-03-05"),
    cell("date inside a year", "supply", "last_year", 9, datetime.datetime(2026, 3, 5), "a calendar year, not the date"),
    cell("half a year", "cutoffs", "first_year", 4, 2026.5, "a calendar year, not 2026.5"),
    cell("required cell empty", "demand", "demand", 3, None, "demand is empty, but it is required"),
    cell("error value", "materials", "price", 4, Bad("#N/A", "an error value"), "an error value (#N/A)"),
    cell("formula never calculated", "materials", "price", 5, Bad("=A1*2", "a formula without a calculated value"), "open the file in Excel and save it"),
    cell("below its bound", "materials", "min_cover", 3, -1, "min_cover must be at least 0, not -1."),
    cell("above its bound", "supply", "dependence", 5, 50, "dependence must be from 0 to 1, not 50."),
    cell("zero where more is needed", "durations", "months", 5, 0, "months must be from 0.1 to 240, not 0."),
    cell("length of no time", "durations", "months", 5, 1.2e-11, "months must be from 0.1 to 240, not 1.2e-11."),
    cell("cutoff without end", "durations", "months", 5, 3000, "months must be from 0.1 to 240, not 3000."),
    cell("building without end", "plants", "lead_time", 3, 3000, "lead_time must be from 0 to 240, not 3000."),
    setting("period of a life", "period", 240, "period must be from 1 to 120, not 240."),
    cell("not yes or no", "cutoffs", "protected", 3, "maybe", "protected must be yes or no, not 'maybe'."),
    cell("unknown choice", "supply", "buyer", 7, "stokpile", "did you mean 'stockpile'?"),
    cell("* where it cannot be", "demand", "material", 4, "*", "material cannot be '*'"),
    setting("whole number of months", "crisis_period", 2.5, "a whole number of months, not 2.5"),
    # names
    cell("unknown material", "recipes", "material", 4, "Nb", "material 'Nb' is not known in sheet materials"),
    cell("unknown sector", "demand", "sector", 5, "civl", "did you mean 'civil'?"),
    cell("misspelt country", "supply", "country", 5, "Jpan", "country 'Jpan' is not known; did you mean 'Japan'?"),
    cell("unknown country", "share_caps", "country", 3, "Chnia", "did you mean 'China'?"),
    cell("unknown plant", "modes", "plant", 4, "lop", "did you mean 'loop'?"),
    cell("unknown mode", "recipes", "mode", 6, "scarp", "mode 'scarp' of plant 'loop' is not known"),
    cell("unknown cutoff", "surges", "cutoff", 3, "waar", "did you mean 'war'?"),
    cell("unknown kind", "capacity_floors", "kind", 3, "seperation", "did you mean 'separation'?"),
    added("key twice", "budget", {"year": 2026, "amount": 1}, "year", "year 2026 stands twice, here and in row 3"),
    # sheets, columns, settings, units
    Fault("unknown sheet", lambda t: t.update(matrials=[]), "matrials", "did you mean 'materials'?"),
    Fault("missing sheet", lambda t: t.pop("losses"), "losses", "this sheet is missing"),
    cell("unknown column", "supply", "ramp", 1, "rmap", "column 'rmap' is not known; did you mean 'ramp'?"),
    Fault("column twice", lambda t: t.update(surges=[[*row, row[1]] for row in t["surges"]]), "surges!D1", "column 'sector' stands twice"),
    Fault("missing column", lambda t: [row.pop() for row in t["budget"]], "budget!A1", "column 'amount' is missing"),
    Fault("unknown setting", lambda t: t["settings"].append(["hoizon", 3, None, None]), f"settings!A{len(SOUND['settings']) + 2}", "did you mean 'horizon'?"),
    Fault("setting twice", lambda t: t["settings"].append(["horizon", 3, None, None]), f"settings!A{len(SOUND['settings']) + 2}", "stands twice"),
    Fault("missing setting", lambda t: t["settings"].pop(1), "settings", "setting 'start_year' is missing"),
    cell("unit of another dimension", "plants", "lead_time", 2, "t", "the unit 't' of lead_time does not convert to month."),
    cell("unknown unit", "thrift", "cost", 2, "USD/box", "the unit 'USD/box' of cost is not known"),
    Fault("no units row", lambda t: t["capacity_floors"].pop(1), "capacity_floors!A2", "row 2 must hold the units"),
    # rules across cells and sheets
    cell("address of nothing", "sweeps", "address", 3, "materials[Dyy].price", "Dyy"),
    cell("price that offers do not follow", "sweeps", "address", 3, "materials[Dy].price", "adding & supply[Dy reserve].price", warning=True),
    cell("sweep without values", "sweeps", "high", 3, None, "low and high are both needed, or a distribution and neither"),
    cell("sweep from high to low", "sweeps", "low", 3, 3, "low (3) must be below high (2)"),
    cell("sweep with a base outside", "sweeps", "base", 3, 2.5, "base (2.5) must lie between low (0.5) and high (2)"),
    cell("sweep beyond a bound", "sweeps", "low", 3, -1, "-300"),
    cell("sweep by words", "sweeps", "low", 3, "half", "low must be a number, not 'half'"),
    cell("sweep of an unknown distribution", "sweeps", "distribution", 5, "gauss(1,2)", "the distribution 'gauss' is not known"),
    cell("sweep with a unit", "sweeps", "low", 2, "%", "the units row of low stays empty"),
    cell("stress of a name of another sheet", "stress", "name", 4, "civil", "price is drawn for the names of sheet materials, and 'civil' is none of them"),
    cell("stress by an unknown distribution", "stress", "distribution", 3, "gauss(1,2)", "the distribution 'gauss' is not known"),
    cell("stress below nothing", "stress", "distribution", 6, "uniform(-6,6)", "late cannot be below 0"),
    cell("stress of something else", "stress", "what", 5, "supply", "what must be length or severity"),
    setting("horizon in pieces", "horizon", 3.5, "not a whole number of periods"),
    cell("probabilities of lengths", "durations", "probability", 3, 0.3, "add to 0.9; they must add to 1", where=address("durations", "probability", 3)),
    cell("probabilities of onset", "cutoffs", "annual_probability", 3, 0.99, "they must add to 1 at most"),
    added("no lengths", "cutoffs", {"cutoff": "quota", "annual_probability": 0.01}, "cutoff", "no row in sheet durations"),
    cell("offer's years in disorder", "supply", "last_year", 9, 2025, "last_year 2025 is before first_year 2026"),
    cell("cutoff's years in disorder", "cutoffs", "last_year", 4, 2026, "last_year 2026 is before first_year 2027"),
    cell("loss that ends before it begins", "losses", "to_month", 4, 6, "to_month 6 must be after from_month 6"),
    cell("losses that overlap", "losses", "from_month", 4, 3, "before row 3 ends"),
    cell("opening stock above its limit", "materials", "opening_stock", 3, 95, "above stock_limit 90 t"),
    cell("own substitute", "thrift", "substitute", 4, "Dy", "cannot be its own substitute"),
    cell("budget before the plan", "budget", "year", 4, 2025, "2025 is outside the plan, which runs from 2026 to 2029"),
    cell("budget beyond the plan", "budget", "year", 4, 2040, "2040 is outside the plan, which runs from 2026 to 2029"),
    cell("capacity floor beyond the plan", "capacity_floors", "year", 3, 2030, "Its year can be 2026, 2027, 2028, 2029"),
    together(
        cell("budget between periods", "budget", "year", 4, 2028, "no planning period of 24 months has its middle in 2028"),
        lambda t: put(t, "budget", "year", 3, 2027),
        lambda t: put(t, SETTINGS, "value", setting_row("period"), 24),
        lambda t: t.pop("pins"),
    ),
    cell("floor that nobody can meet", "floors", "material", 3, "Dy", "no recycling plant at home makes 'Dy'"),
    cell("floor above all plants", "floors", "share", 3, 0.1, "asks for 6 t/yr of 'Nd' in 2028, but recycling plants at home can give 3.6 t/yr"),
    cell("capacity floor above all plants", "capacity_floors", "capacity", 3, 200, "200 t/yr of kind 'separation' are asked for in 2029, but 100 t/yr can stand"),
    together(
        cell("capacity floor too early", "capacity_floors", "capacity", 3, 50, "50 t/yr of kind 'separation' are asked for in 2026, but 10 t/yr can stand"),
        lambda t: put(t, "capacity_floors", "year", 3, 2026),
    ),
    setting("crisis periods that do not fit", "crisis_period", 5, "not a whole number of crisis periods of 5 months; crisis_period can be 1, 2, 3, 4, 6, 12"),
    together(
        cell("share of no limit", "supply", "capacity", 3, None, "0.9 of no limit is still no limit", where=address("losses", "supply_lost", 3)),
        lambda t: put(t, "losses", "supply_lost", 4, 1),
    ),
    together(
        cell("share of no limit, later", "supply", "capacity", 3, None, "0.5 of no limit is still no limit", where=address("losses", "supply_lost", 4)),
        lambda t: put(t, "losses", "supply_lost", 3, 1),
    ),
    cell("probabilities of onset in a year of hazards", "hazards", "annual_probability", 3, 0.99, "add to 1.01 in 2028; they must add to 1 at most"),
    cell("output that ends early", "output_loss", "up_to", 4, 0.9, "the last row of sector 'lasers' ends at 0.9 of its output; it must end at 1"),
    cell("output of no share", "output_loss", "up_to", 3, 0, "up_to 0 is no part of the output"),
    cell("output of falling worth", "output_loss", "value", 4, 3, "value falls from 4 to 3 M USD/yr along sector 'lasers'"),
    cell("stock of a plant", "pins", "name", 3, "works", "'works' is not known in sheet materials: stock is of a material"),
    cell("order of a material", "pins", "name", 4, "Dy", "'Dy' is not known in sheet plants: an order is of a plant"),
    cell("pin without room", "pins", "at_most", 3, 2, "at_least 3 is above at_most 2", where=address("pins", "at_least", 3)),
    cell("pin beyond the plan", "pins", "year", 3, 2040, "2040 is outside the plan, which runs from 2026 to 2029"),
    together(
        cell("stock pinned above its limit", "pins", "at_least", 3, 95, "its stock_limit in materials is 90 t"),
        lambda t: put(t, "pins", "at_most", 3, None),
    ),
    together(
        cell("stock pinned above what can be bought", "pins", "at_least", 3, 33, "33 t of 'Dy' in stock are asked for in 2026, but with all that can be bought or taken in until then there are 32 t"),
        lambda t: put(t, "pins", "year", 3, 2026),
    ),
    added("purchase pinned above its limit", "pins", {"item": "purchase", "name": "Dy", "year": 2027, "at_least": 31}, "at_least", "31 t of 'Dy' are to be bought or taken in during 2027, but 30 t can be"),
    added("purchase pinned of what nobody sells", "pins", {"item": "purchase", "name": "ore", "year": 2027, "at_least": 1}, "at_least", "nothing of 'ore' can be bought or taken in during 2027"),
    added("order pinned above its limit", "pins", {"item": "order", "name": "works", "year": 2027, "at_least": 90}, "at_least", "90 t/yr of 'works' are asked for after 1 in years before, but 90 t/yr can be added"),
    cell("order pinned too early", "plants", "first_year", 3, 2027, "'works' cannot be ordered before 2027, its first_year in plants", where=address("pins", "year", 4)),
    Fault(
        "aftermath of too many pieces",
        lambda t: t.update(settings=[*([*row[:1], {"horizon": 60, "period": 1, "crisis_period": 1}.get(str(row[0]), row[1]), *row[2:]] for row in t[SETTINGS]), ["aftermath_period", 12, None, None]]),
        f"{SETTINGS}!B{setting_row('crisis_period')}",
        "nodes, more than 50,000",
    ),
    # warnings
    cell("dependence of no limit", "supply", "capacity", 5, None, "0.5 of no limit is still no limit, so the offer loses nothing with 'China'", warning=True, where=address("supply", "dependence", 5)),
    cell("hazard outside the plan", "hazards", "year", 3, 2035, "cutoffs begin at the start of a period after the first, from 2027 to 2029", warning=True),
    added("hazard when its cutoff cannot begin", "hazards", {"cutoff": "war", "year": 2026, "annual_probability": 0.1}, "year", "'war' can begin from 2027 to 2029, not in 2026", warning=True),
    together(
        cell("recovery without aftermath", "cutoffs", "recovery", 3, 6, "recovery has no effect while aftermath is no", warning=True),
        lambda t: put(t, SETTINGS, "value", setting_row("aftermath"), "no"),
    ),
    together(
        Fault("aftermath in pieces without aftermath", lambda t: t[SETTINGS].append(["aftermath_period", 12, None, None]), f"{SETTINGS}!B{len(SOUND[SETTINGS]) + 2}", "aftermath_period has no effect while aftermath is no", warning=True),
        lambda t: put(t, SETTINGS, "value", setting_row("aftermath"), "no"),
    ),
    cell("loss of a plant elsewhere", "losses", "material", 5, "works", "nothing to lose: no plant 'works' is in 'China' or depends on it", warning=True),
    cell("loss of a kind elsewhere", "losses", "material", 5, "recycling", "nothing to lose: no plant of kind 'recycling' is in 'China'", warning=True),
    cell("loss of a material elsewhere", "losses", "material", 5, "ore", "nothing to lose: no offer of 'ore' is in 'China'", warning=True),
    cell("price and its share", "supply", "price_share", 7, 1.1, "price_share has no effect beside a price (330 USD/kg)", warning=True),
    cell("surplus and its share", "materials", "surplus_share", 4, 0.05, "surplus_share has no effect beside a surplus_cost (-5 USD/kg)", warning=True),
    together(
        added("output of no demand", "output_loss", {"sector": "spare", "up_to": 1, "value": 5}, "sector", "has no demand for a material, so it never loses output", warning=True),
        lambda t: t["sectors"].append(["spare"]),
    ),
    together(
        cell("output of no worth", "output_loss", "value", 3, 0, "the output of 'lasers' is worth nothing", warning=True),
        lambda t: put(t, "output_loss", "value", 4, 0),
    ),
    cell("capacity of nothing", "supply", "capacity", 5, 0, "never usable: its capacity is 0", warning=True),
    cell("offer beyond the plan", "supply", "first_year", 9, 2033, "never usable: the plan runs from 2026 to 2029", warning=True),
    cell("stockpile in a cutoff", "supply", "available", 7, "cutoff", "the stockpile buys in peace only", warning=True),
    cell("dependence on nobody", "supply", "depends_on", 5, None, "no effect without depends_on", warning=True, where=address("supply", "dependence", 5)),
    cell("dependence of nothing", "supply", "dependence", 5, 0, "no effect while dependence is 0", warning=True, where=address("supply", "depends_on", 5)),
    cell("slow fast track", "plants", "fast_lead_time", 3, 30, "longer than the 24 of a normal order", warning=True),
    together(
        cell("plant without capacity", "plants", "opening_capacity", 4, 0, "has no capacity, and none can be added", warning=True),
        lambda t: t.pop("floors"),
    ),
    added("plant without modes", "plants", {"plant": "new", "kind": "mine", "country": "Japan", "opening_capacity": 1}, "plant", "it can make nothing", warning=True),
    added("mode without products", "modes", {"plant": "loop", "mode": "idle"}, "mode", "makes nothing", warning=True),
    added("quantity of nothing", "recipes", {"plant": "loop", "mode": "scrap", "material": "Dy", "quantity": 0}, "quantity", "neither uses nor makes", warning=True),
    together(
        added("demand without supply", "demand", {"material": "Tb", "sector": "civil", "demand": 1}, "material", "nothing supplies 'Tb'", warning=True),
        lambda t: t["materials"].append(["Tb", 900]),
    ),
    cell("multiple beside output", "sectors", "shortage_multiple", 5, 4, "what 'lasers' loses is priced in output_loss", warning=True),
    together(
        cell("recovery of no limit", "supply", "capacity", 4, None, "back at once when it ends, whatever its recovery (6 months)", warning=True),
        lambda t: put(t, "cutoffs", "recovery", 4, 6),
    ),
    cell("coverage of no months in demand", "demand", "cover_months", 5, 2, "the coverage of 'Nd' for 'civil' has no effect: cover_months is 2", warning=True),
    cell("coverage of no months", "sectors", "cover_months", 3, 1, "shorter than a crisis period", warning=True),
    cell("loss from nobody", "losses", "country", 5, "Peru", "no offer and no plant is in 'Peru'", warning=True),
    together(
        cell("resale that pays", "materials", "resale_share", 4, 2, "free money: stock left at the end is worth 200 USD/kg", warning=True),
        lambda t: t["supply"][7].__setitem__(place("supply", "capacity"), None),
    ),
    cell("surplus share that pays", "materials", "surplus_share", 3, 1.2, "surplus sells at 360 USD/kg, above its price of 300", warning=True),
    cell("surplus that pays", "materials", "surplus_cost", 4, -120, "free money: surplus sells at 120 USD/kg", warning=True),
    cell("thrift of nothing", "thrift", "material", 4, "ore", "no demand for 'ore'", warning=True),
    cell("probability left over", "durations", "probability", 4, 0.599999, "probability left over", warning=True, where=address("durations", "probability", 3)),
    cell("coefficients of unlike size", "recipes", "quantity", 5, 1e-7, "costs accuracy", warning=True),
    together(setting("home of nobody", "home", "Peru", "no offer and no plant is in the home country 'Peru'", warning=True), lambda t: (t.pop("floors"), t.pop("capacity_floors"))),
    together(cell("cutoff that cannot begin", "cutoffs", "first_year", 3, 2040, "can never begin", warning=True), lambda t: t.pop("hazards")),
    cell("shortage cheaper than supply", "sectors", "shortage_multiple", 4, 1, "may go short rather than buy", warning=True),
    cell("hoarding", "materials", "resale_share", 3, 1.5, "may hoard it", warning=True),
    cell("country on no list", "supply", "country", 5, "Atlantis", "on no list of countries", warning=True),
    cell("country by another name", "supply", "country", 5, "USA", "did you mean 'United States'?"),
    setting("ready after the end", "ready_by", 60, "coverage never has to hold", warning=True),
    # sound cells that ruin a plan
    together(cell("lengths in years", "durations", "months", 4, 2, "no cutoff lasts longer than 2 months", warning=True), lambda t: put(t, "durations", "months", 3, 1), lambda t: put(t, "durations", "months", 5, 1.5)),
    cell("growth as a percentage", "materials", "price_growth", 4, 2, "means 200% more every year", warning=True),
    cell("price of another unit", "supply", "price", 7, 33000, "costs 33000 USD/kg here and 300 elsewhere", warning=True),
    added("offer twice", "supply", {"offer": "Nd twice", "country": "China", "material": "Nd", "buyer": "market"}, "offer", "'Nd China' in row 4 in all but its name", warning=True),
    cell("demand above all supply", "demand", "demand", 4, 9000, "above all supply in peace in 4 of 4 periods", warning=True),
    cell("recipe without a feed", "recipes", "quantity", 3, 2, "uses no material in recipes", warning=True, where=address("modes", "mode", 3)),
    cell("recipe that gains mass", "recipes", "quantity", 4, 80, "makes 80.05 t of 2 t of feed", warning=True),
    cell("feed of nobody", "supply", "material", 9, "Nd", "nobody offers or makes 'ore'", warning=True, where=address("recipes", "material", 3)),
    cell("by-product hoarded", "materials", "resale_share", 4, 0.5, "left in store at the end is worth 50 USD/kg, but as surplus it brings 5", warning=True),
)  # fmt: skip
