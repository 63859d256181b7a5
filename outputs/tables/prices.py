"""What limits and requirements cost: a little more and a little less of each, how far that holds, and what stops it; and where a unit buys most."""

from __future__ import annotations

import math

import pandas as pd

from inputs.address import address_of
from inputs.case import Case
from inputs.schema import BY_NAME
from inputs.units import factor
from model.explain.words import amount as quantity
from model.studies.limits import Limit
from model.studies.priced import NO_PLAN, OUT_OF_BOUNDS, Priced, Prices, Side
from outputs.tables.cost_words import cost_name
from outputs.tables.met import met_words
from outputs.tables.report import Report
from outputs.tables.rounding import amount
from outputs.tables.table import Column, Style, Table

SHEET, BUYS = "What limits cost", "What buys most"

ROUNDING = 1e-9
"""Relative: values are the same."""

CLEAR, DECIMALS = 0.05, 12
"""Of how far a value is from another: so near it is said, with at most so many decimals."""

ZEROS = 8
"""Limits of 0 that are named."""

ALONE = "The coverage of a sector of which one material alone has a price stands as that of the material."

NOTHING = "No limit and no requirement costs anything."
NOTHING_ELSE = "No limit that is not 0, and no requirement, costs anything."
NOT_KNOWN = "Not known: the solver's answer is not that of a corner of what is possible, from which prices could be followed."

WORDS = {
    "demand.coverage": "Coverage of {0} for {1}",
    "sectors.coverage": "Coverage of {0}",
    "materials.purchase_limit": "Purchase limit of {0}",
    "materials.stock_limit": "Stock limit of {0}",
    "materials.release_limit": "Release limit of {0}",
    "materials.surplus_limit": "Surplus limit of {0}",
    "materials.min_cover": "Days of cover of {0}",
    "settings.storage_limit": "Storage limit",
    "sectors.cover_months": "Months of cover of {0}",
    "share_caps.cap": "Share cap of {0} from {1}",
    "budget.amount": "Budget of {0}",
    "floors.share": "Floor of {0}, {1}",
    "capacity_floors.capacity": "Capacity floor of {0} in {1}",
    "pins.at_least": "Pin of {0}, {1} in {2}, at least",
    "pins.at_most": "Pin of {0}, {1} in {2}, at most",
    "supply.capacity": "Capacity of the offer {0}",
    "plants.capacity_limit": "Capacity that can be added to {0}",
    "thrift.limit": "Thrift: {0}",
}
"""By the column of the case, about what the limit is."""


def what_limits_cost(report: Report) -> Table:
    """A row for each limit that was followed, those first of which a step saves most."""
    found = report.studies.prices if report.studies else Prices()
    rows = [record(report, priced) for priced in found.priced]
    columns = (
        Column("what", "Limit or requirement", style=Style.PROSE, width=26),
        Column("now"),
        Column("words", "In words", style=Style.PROSE, width=55),
        Column("step", "A step is"),
        Column("more_step", "A step more adds", "M USD", Style.AMOUNT, empty="cannot be"),
        Column("less_step", "A step less adds", "M USD", Style.AMOUNT, empty="cannot be"),
        Column("more", "Rate of more, for each", "1000 USD", Style.AMOUNT, empty="cannot be"),
        Column("more_until", "Up to"),
        Column("less", "Rate of less, for each", "1000 USD", Style.AMOUNT, empty="cannot be"),
        Column("less_until", "Down to"),
        Column("cell", "Address", style=Style.PROSE, width=20),
    )
    return Table(
        SHEET,
        "What does each limit and requirement cost, and how far does that hold?",
        f"What more or less of a number of the case, all else as it is, adds to the {cost_name(report.plan.case.number('risk_weight'))} (negative: saves), by solving again. A step is a percentage point, a million of budget, or a hundredth of what there is now. "
        "A rate is what each unit adds; it holds exactly as far as is said, that of more and that of less by itself, and where that is less than a unit for no whole one; beyond, more is dearer and less saves less. Those of which a step saves most come first. "
        f"{not_followed(found)} {ALONE} Cover counts by whole crisis periods: what takes one away saves all of it, a month that does not fill one adds nothing. A crisis period of cover and a point of a share cap are solved as a step; their rate is its mean. What lead times, lags and permits are worth says `stockpile worth`, what prices and shares move `stockpile frontier` and `stockpile sweep`.",
        columns,
        pd.DataFrame(rows, columns=[c.name for c in columns]),
        frozen=1,
        nothing=NOT_KNOWN if found.unknown else NOTHING_ELSE if found.zeros else NOTHING,
    )


def not_followed(found: Prices) -> str:
    """What is said of what is not in the table."""
    said = []
    if found.others:
        many = (
            "1 other has a price, but no step of it"
            if found.others == 1
            else f"{found.others} others have a price, but a step of none of them"
        )
        said.append(f"{many} is worth more than {money(found.most)}.")
    if found.zeros:
        some = ", ".join(map(name_of, found.zeros[:ZEROS]))
        more = f", and {len(found.zeros) - ZEROS} others" if len(found.zeros) > ZEROS else ""
        said.append(
            f"Limits of 0 are not followed, and what more of them would save is not known ({some}{more}): plan with a little of them to see."
        )
    if found.met:
        said.append(
            f"{found.met} more have no price, but may be just what is needed, so that less of a limit or more of a requirement costs: they are not followed."
        )
    return " ".join([*said, f"{'What else' if said else 'What'} is not here costs nothing."])


def what_buys_most(report: Report) -> Table:
    """For each kind of number those of which a unit saves most."""
    found = report.studies.prices if report.studies else Prices()
    rows = [
        next_unit(report.plan.case, priced)
        for priced in found.priced
        if any(side and side.price < 0 for side in (priced.more, priced.less))
    ]
    columns = (
        Column("kind", "Kind"),
        Column("unit", "The next"),
        Column("what", "Of", width=60),
        Column("saves", "saves", "M USD", Style.AMOUNT),
        Column("until", "As far as"),
    )
    frame = pd.DataFrame(rows, columns=[c.name for c in columns])
    frame = frame.sort_values(["kind", "saves"], ascending=[True, False], kind="stable", ignore_index=True)
    return Table(
        BUYS,
        "Where does the next unit buy most?",
        f"By the kind of number, what one unit more of a limit, or less of a requirement, saves, or where its price does not hold for a whole unit, what that saves for which it holds: compare within a kind. Those that sheet What limits cost has, and of each kind at least the two of which a unit is worth most. {ALONE} Limits of 0 are not among them.",
        columns,
        frame,
        frozen=1,
        nothing=NOT_KNOWN if found.unknown else NOTHING_ELSE if found.zeros else NOTHING,
    )


def next_unit(case: Case, priced: Priced) -> dict[str, object]:
    """What the next unit of a limit saves, or as much of it as its price holds for."""
    limit = priced.limit
    side, word = next((side, word) for side, word in ((priced.more, "more"), (priced.less, "less")) if side and side.price < 0)
    one, left = per(case, limit), abs(side.until - limit.value)
    solved = side.bent and side.step is not None
    much = step_words(case, limit) if solved else f"one {unit_of(case, limit)}" if holds(left, one) else part_words(case, limit, left)
    return {
        "kind": f"{limit.sheet}: {limit.column.replace('_', ' ')}",
        "unit": f"{much} {word}",
        "what": name_of(limit),
        "saves": -side.adds(limit, one) / 1000,
        "until": value_words(case, limit, side.until, limit.value),
    }


def holds(far: float, one: float) -> bool:
    """Whether a price holds for a whole unit."""
    return far >= one * (1 - ROUNDING)


def record(report: Report, priced: Priced) -> dict[str, object]:
    """A row of the table."""
    case, limit = report.plan.case, priced.limit
    found: dict[str, object] = {
        "what": name_of(limit),
        "now": value_words(case, limit, limit.value),
        "step": step_words(case, limit),
        "cell": address_of(case, limit.sheet, limit.column, limit.row),
        "words": " ".join(
            filter(None, (sentence(report, limit, side, word) for side, word in ((priced.more, "more"), (priced.less, "less"))))
        ),
    }
    for name, side in (("more", priced.more), ("less", priced.less)):
        found[name] = side.price * per(case, limit) if side else math.nan
        found[f"{name}_step"] = side.step / 1000 if side and side.step is not None else math.nan
        found[f"{name}_until"] = value_words(case, limit, side.until, limit.value) if side else ""
    return found


def sentence(report: Report, limit: Limit, side: Side | None, word: str) -> str:
    """What more, or less, of a limit costs, how far, and what is met there."""
    case = report.plan.case
    if side is None:
        return f"There cannot be {word}."
    price = side.price * per(case, limit)
    verb = "costs" if price > 0 else "saves" if price < 0 else "changes nothing"
    cost = f" {money(abs(price))}" if price else ""
    if side.bent and side.step is not None:
        of_step = f" {money(abs(side.step or 0.0))}" if price else ""
        return f"A step {word} ({step_words(case, limit)}) {verb}{of_step}."
    one, left = per(case, limit), abs(side.until - limit.value)
    whole = holds(left, one) and (limit.is_share or limit.value >= one)
    unit, in_all = unit_of(case, limit), ""
    text = f"One {unit} {word} {verb}{cost}" if whole else f"{word.capitalize()} {verb}{cost} for each {unit}"
    if price and not holds(left, one):
        text = f"{word.capitalize()} {verb} at a rate of{cost} for each {unit}"
        step = f"; a whole one {verb} {money(abs(side.step))}" if side.step is not None and abs(limit.step - one) <= ROUNDING * one else ""
        in_all = f" ({money(abs(side.price) * left)} in all{step})"
    if not math.isfinite(side.until) or side.beyond == OUT_OF_BOUNDS:
        return f"{text}, however much {word}."
    text += f", {'up' if word == 'more' else 'down'} to {value_words(case, limit, side.until, limit.value)}{in_all}"
    if side.met:
        text += f", where {met_words(report, side.met)}"
    if side.beyond == NO_PLAN:
        return f"{text}; beyond that no plan exists."
    return f"{text}{' (it may hold further)' if side.at_least else ''}."


def name_of(limit: Limit) -> str:
    """What a limit is about."""
    return WORDS[f"{limit.sheet}.{limit.column}"].format(*limit.names)


def unit_of(case: Case, limit: Limit) -> str:
    """What one of a limit is, in the planner's unit."""
    unit = case.unit(limit.sheet, limit.column)
    if limit.is_share:
        return "percentage point"
    return f"{unit}/yr" if limit.sheet == "pins" and limit.names[0] == "order" else unit


def per(case: Case, limit: Limit) -> float:
    """How much of the schema's unit one of a limit is."""
    return 0.01 if limit.is_share else factor(case.unit(limit.sheet, limit.column), BY_NAME[limit.sheet].column(limit.column).unit)


def value_words(case: Case, limit: Limit, value: float, beside: float | None = None) -> str:
    """A value of a limit with its unit, with so many digits that it says how far it is from what it stands `beside`."""
    if not math.isfinite(value):
        return "any"
    text = quantity_words(case, limit, value)
    if beside is None or abs(value - beside) <= ROUNDING * abs(beside):
        return text
    number, than = (of / per(case, limit) for of in (value, beside))
    most = CLEAR * abs(number - than)
    if text != quantity_words(case, limit, beside) and abs(float(text.split(" ")[0].replace(",", "")) - number) <= most:
        return text
    digits = next((d for d in range(DECIMALS) if abs(round(number, d) - number) <= most and round(number, d) != round(than, d)), DECIMALS)
    return f"{number:,.{digits}f} {text.split(' ', 1)[1]}"


def quantity_words(case: Case, limit: Limit, value: float) -> str:
    """A value of a limit with its unit."""
    text = f"{100 * value:.4g} %" if limit.is_share else quantity(case, limit.sheet, limit.column, value)
    return f"{text}/yr" if limit.sheet == "pins" and limit.names[0] == "order" else text


def part_words(case: Case, limit: Limit, value: float) -> str:
    """A part of a unit of a limit."""
    return f"{100 * value:.3g} %-points" if limit.is_share else f"{value / per(case, limit):.3g} {unit_of(case, limit)}"


def step_words(case: Case, limit: Limit) -> str:
    """What a step of a limit is."""
    return "1 %-point" if limit.is_share else value_words(case, limit, limit.step)


def money(thousand: float) -> str:
    """An amount of thousand USD, in the largest unit in which it is at least 1."""
    if abs(thousand) >= 1000:
        return f"{amount(thousand / 1000)} M USD"
    return f"{amount(thousand)} thousand USD" if abs(thousand) >= 1 else f"{amount(1000 * thousand)} USD"
