"""What varies in a sweep, and amounts, in the planner's words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from inputs.address import Target, labels, marked, split
from inputs.case import Case
from inputs.change import Draft, Variation
from inputs.schema import BY_NAME, EVERY, SETTINGS, Column, Kind
from inputs.values import Op, number_text, value_text
from model.costs import COST_LABELS
from outputs.tables.rounding import amount, is_shown

NAMED = 3
"""Keys that a name spells out; more are counted."""

LONGEST = 48
"""Characters of a name in a chart."""

MINUS, TIMES = "\u2212", "\u00d7"


def term_name(term: str) -> str:
    """A term of the cost as the plan workbook names it."""
    return COST_LABELS.get(term, spaced(term))


def spaced(word: str) -> str:
    """ "lead_time" as "Lead time"."""
    return word[:1].upper() + word[1:].replace("_", " ")


def listed(words: Sequence[str], most: int = NAMED) -> str:
    """ "a, b and c"; of many the first ones and how many more there are."""
    if len(words) > most:
        return f"{', '.join(words[:most])} and {len(words) - most} more"
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def name_of(variation: Variation, case: Case) -> str:
    """What varies: "Price of Dy and Tb", "Demand of NdFeB magnets, every sector"; those that move together are joined, or their rows counted where that is too long."""
    names = [target_name(target, case) for target in variation.targets]
    together = listed([names[0], *(lower_first(name) for name in names[1:])])
    if len(together) <= LONGEST or len(names) == 1:
        return together
    first, *others = variation.targets
    return f"{names[0]} with {', '.join(dict.fromkeys(beside(first, other) for other in others))}"


def beside(first: Target, other: Target) -> str:
    """What moves with the first address: "surplus cost" of the same rows, "12 offers" by the same column, else both."""
    column, sheet = spaced(other.column).lower(), BY_NAME[other.sheet]
    if other.sheet == first.sheet and other.rows == first.rows:
        return column
    kind = f"rows of {sheet.name}" if len(sheet.key) > 1 else f"{''.join(sheet.key)}s"
    count = f"{len(other.rows)} {kind}"
    return count if other.column == first.column and other.sheet != first.sheet else f"{column} of {count}"


def lower_first(text: str) -> str:
    """With a small first letter, to stand within a sentence."""
    return text[:1].lower() + text[1:]


def target_name(target: Target, case: Case) -> str:
    """The cells of an address: "Price of Dy and Tb"."""
    column = spaced(target.column)
    if target.sheet == SETTINGS:
        return column
    sheet = BY_NAME[target.sheet]
    inside = slice(target.text.index("[") + 1, target.text.rindex("]"))
    fields = split(target.text[inside], marked(target.text)[inside], ",")
    if len(fields) > 2 and all(text == EVERY for text, _ in fields):
        return f"{column}, every row of {sheet.name}"
    cells = labels(case, sheet)
    words = []
    for (text, _), key, found in zip(fields, sheet.key, cells, strict=True):
        names = list(dict.fromkeys(found[row] for row in target.rows))
        few = len(names) <= NAMED
        words.append(f"every {key}" if text == EVERY else listed(names) if few else f"{len(names)} {key}s ({text})")
    return f"{column} of {', '.join(words)}"


def short(text: str, most: int = LONGEST) -> str:
    """Cut to so many characters, with an ellipsis."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}\u2026"


def value_words(variation: Variation, value: float) -> str:
    """A value as it is said: "0.02 1/yr", "\u00d71.5", "+6 month", "no limit", "yes"; "as in the case" for NaN."""
    if math.isnan(value):
        return "as in the case"
    target = variation.targets[0]
    if variation.op is Op.SCALE:
        return f"{TIMES}{plain_number(value)}"
    unit = after(target.unit, value)
    if variation.op is Op.SHIFT:
        return f"{'+' if value >= 0 else MINUS}{plain_number(abs(value))}{unit}"
    return f"{number_words(value, target.spec)}{unit}"


def after(unit: str, value: float) -> str:
    """A unit as it stands after a value: " USD/kg", "/yr", " months"; nothing where it says nothing."""
    if unit in ("", "-", "yes/no", "year") or math.isinf(value):
        return ""
    if unit.startswith("1/"):
        return unit[1:]
    return f" {unit}s" if unit in ("month", "day") and abs(value) != 1 else f" {unit}"


def number_words(value: float, column: Column) -> str:
    """A value of a column without its unit."""
    if column.kind is Kind.FLAG or math.isinf(value):
        return value_text(value, column)
    return f"{value:.0f}" if column.kind is Kind.YEAR else plain_number(value)


def plain_number(value: float) -> str:
    """As it was typed, where that is short, else at 4 significant digits; with thousands separators."""
    text = number_text(value)
    if len(text) > 7 and value != round(value):
        text = f"{value:.4g}"
    whole, point, rest = text.partition(".")
    return f"{int(whole):,}{point}{rest}" if whole.lstrip("-").isdecimal() and whole != "-0" else text


def percent(share: float) -> str:
    """Whole percents; one decimal just below 95 %, where the robust core begins."""
    return f"{100 * share:.{1 if 0.94 < share < 0.95 else 0}f} %"


def unit_words(variation: Variation) -> str:
    """The unit of a variation's values, for the head of a column."""
    unit = variation.targets[0].unit
    if variation.op is Op.SCALE:
        return f"{TIMES} the case"
    return f"+ {unit}" if variation.op is Op.SHIFT else unit


def values_words(variation: Variation) -> str:
    """What it varies over: its values, the ends of a range, or the distribution with the names of its numbers."""
    d, of = variation.distribution, variation.targets[0]
    if variation.values and d.kind == "uniform":
        return f"{value_words(variation, d.numbers[0])} to {value_words(variation, d.numbers[1])} in {len(variation.values)} steps"
    if variation.values:
        even = len(set(d.probabilities)) < 2
        texts = [value_words(variation, v) + ("" if even else f" ({percent(p)})") for v, p in zip(d.numbers, d.probabilities, strict=True)]
        return ", ".join(texts)
    unit = "" if variation.op is Op.SCALE else after(of.unit, math.nan)
    sign = TIMES if variation.op is Op.SCALE else ""
    a, *rest = (f"{sign}{plain_number(number)}" for number in d.numbers)
    b = rest[-1]
    return {
        "uniform": f"anything from {a} to {b}{unit}, equally likely",
        "triangular": f"{a} to {b}{unit}, most likely {rest[0]} (triangular)",
        "normal": f"normal, mean {a}, deviation {b.removeprefix(TIMES)}{unit}",
        "lognormal": f"lognormal, median {a}{unit}, sigma {b.removeprefix(TIMES)}",
    }[d.kind]


def base_values(variation: Variation, case: Case) -> np.ndarray:
    """What the cells hold in the case, in the planner's unit of the first address."""
    draft, factor = Draft(case), variation.targets[0].factor
    return np.concatenate([draft.effective(target, []) / factor for target in variation.targets])


def base_value(variation: Variation, case: Case) -> float:
    """The value that leaves the case as it is; NaN where cells that are set differ, or are empty."""
    if variation.op is not Op.SET:
        return 1.0 if variation.op is Op.SCALE else 0.0
    values = base_values(variation, case)
    same = len(values) and (np.isclose(values, values[0], rtol=1e-12, atol=0) | (values == values[0])).all()
    return float(values[0]) if same else math.nan


def base_words(variation: Variation, case: Case) -> str:
    """What stands in the case: a value, or the smallest and the largest; of several columns that move together the first."""
    target = variation.targets[0]
    same = tuple(other for other in variation.targets if other.column == target.column)
    values = base_values(replace(variation, targets=same), case)
    values = values[~np.isnan(values)]
    if not len(values):
        return target.spec.empty
    unit = after(target.unit, float(values.max()))
    ends = [number_words(float(v), target.spec) for v in (values.min(), values.max())]
    if len({t.unit for t in same}) > 1:
        return f"{len(values)} values"
    return f"{ends[0]}{unit}" if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}{unit}"


def money(*thousands: float) -> list[str]:
    """Amounts in thousand USD as M USD in words."""
    return [amount_words(value / 1000) for value in thousands]


def amount_words(value: float) -> str:
    """An amount in a sentence, with the digits that every sheet shows of it, and 0 as "0"."""
    if not math.isfinite(value):
        return "nothing known" if math.isnan(value) else "no limit"
    return f"{MINUS if value < 0 else ''}{amount(abs(value))}" if is_shown(value) else "0"


def signed(value: float) -> str:
    """A correlation with its sign: "+0.93", "\u22121.00"."""
    return f"{MINUS if value < 0 else '+'}{abs(value):.2f}"


def change_words(thousands: float) -> str:
    """A difference of cost: "+1,230 M USD"; no plan has none."""
    if math.isnan(thousands):
        return "no plan"
    text = amount_words(thousands / 1000)
    return f"{'' if text.startswith(MINUS) or text == '0' else '+'}{text} M USD"
