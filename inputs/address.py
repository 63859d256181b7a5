"""Addresses of numbers in a case, `sheet[key,...].column`: `materials[Dy].price`, `demand[Nd,*].demand`.

There is one key for each key column of the sheet; those left out at the end are `*`.
A key is a name or a number, a pattern with `*` for any characters, or several of these
with `|` between them (a comma does as well on a sheet with one key column). A key in
quotes is taken literally: `losses[conflict,China,"*",0]` is the row whose material is `*`.
Settings have no key: `settings.discount_rate`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from inputs.case import Case
from inputs.errors import StockpileError, did_you_mean, nearest
from inputs.schema import BY_NAME, EVERY, SETTINGS, Column, Kind, Sheet
from inputs.units import factor
from inputs.values import Op

QUOTES = "\"'"
SPECIAL = re.compile(rf"[,|\[\]*]|^[{QUOTES}]")
"""What a name cannot hold, or begin with, outside quotes."""

PARTS = re.compile(r"\s*(?P<sheet>[^\[\].]+?)\s*(?:\[(?P<keys>\0*)\]\s*)?(?:\.\s*(?P<column>[^\[\].]+?)\s*)?")


class ChangeError(StockpileError):
    """An address that leads nowhere, or a change that cannot be."""


@dataclass(frozen=True)
class Key:
    """One name, number or pattern for one key column; `literal`: a `*` in it is a `*`."""

    text: str
    literal: bool

    def __str__(self) -> str:
        if not self.literal or not SPECIAL.search(self.text):
            return self.text
        quote = QUOTES[1] if QUOTES[0] in self.text else QUOTES[0]
        return f"{quote}{self.text}{quote}"

    def matches(self, labels: Sequence[str]) -> list[bool]:
        """For each label of a key column, whether this key means it."""
        if self.literal:
            return [label == self.text for label in labels]
        pattern = re.compile(".*".join(map(re.escape, self.text.split(EVERY))))
        return [bool(pattern.fullmatch(label)) for label in labels]


class Source(NamedTuple):
    """Where an empty cell takes its number from: the sheet, the column that names the row there, and the column of its own sheet that scales it."""

    sheet: str
    key: str
    share: str


@dataclass(frozen=True)
class Target:
    """The cells of one address: `rows` are places (from 0) in the sheet's frame, (0,) for a setting.

    `text` is the address in canonical form, `unit` the planner's unit of the column;
    `wild` tells that the rows were found by a pattern, not named one by one.
    """

    text: str
    sheet: str
    column: str
    rows: tuple[int, ...]
    unit: str
    wild: bool

    @property
    def spec(self) -> Column:
        """The column as the schema has it."""
        return BY_NAME[self.sheet].column(self.column)

    @cached_property
    def factor(self) -> float:
        """How many of the schema's unit one of the planner's is."""
        return factor(self.unit, self.spec.unit)

    @cached_property
    def source(self) -> Source | None:
        """What an empty cell stands for, where another sheet has it: ("materials", "material", "price_share") of supply.price."""
        match = re.fullmatch(r"(?:(\w+) x )?the (\w+)'s", self.spec.empty)
        return Source(BY_NAME[self.sheet].column(match[2]).members, match[2], match[1] or "") if match else None

    def unit_after(self, op: Op) -> str:
        """What stands after a value: the unit, where it is the planner's own and matters."""
        return "" if op is Op.SCALE or self.unit == self.spec.unit else f" {self.unit}"


def find_cells(text: str, case: Case) -> Target:
    """The cells of a case that an address means.

    Raises ChangeError where the sheet, the column or a key is not known, the column holds
    no numbers, or no row fits; its text names the nearest address.
    """
    given = " ".join(text.split())
    marks = marked(given)
    shown = "".join(c if mark == "o" else "\0" for c, mark in zip(given, marks, strict=True))
    match = PARTS.fullmatch(shown)
    if not match:
        raise ChangeError(f"'{given}' is not an address; write it as sheet[key].column, for example materials[Dy].price.")
    begin, end = match.span("keys")
    keys, marks = given[max(begin, 0) : max(end, 0)], marks[max(begin, 0) : max(end, 0)]
    sheet = known_sheet(given, match["sheet"], keys, match["column"] or "")
    column = known_column(given, sheet, keys, match["column"] or "")
    unit = case.unit(sheet.name, column.name)
    if sheet.name == SETTINGS:
        if begin >= 0:
            raise ChangeError(f"{given}: settings have no rows; write {SETTINGS}.{column.name}.")
        return Target(f"{SETTINGS}.{column.name}", SETTINGS, column.name, (0,), unit, False)
    groups = read_keys(given, sheet, keys, marks)
    rows = fitting(given, case, sheet, column, groups)
    wild = any(not key.literal for group in groups for key in group)
    return Target(canonical(sheet, column, groups), sheet.name, column.name, rows, unit, wild)


def marked(text: str) -> str:
    """For each character: `o` outside brackets (or a bracket), `k` in them, `q` in quotes around a key in them."""
    marks, inside, begins = "", False, False
    while len(marks) < len(text):
        at = len(marks)
        c = text[at]
        if inside and begins and c in QUOTES:
            quoted = re.compile(rf"{c}.*?{c}(?=\s*[,|\]])").match(text, at)
            if not quoted:
                raise ChangeError(
                    f"{text}: the quote before '{text[at + 1 :]}' has no end; close it, or put the name in the other kind of quotes."
                )
            marks += "q" * len(quoted[0])
            begins = False
        elif inside and c != "]":
            marks += "k"
            begins = c in ",|" or (begins and c.isspace())
        else:
            marks += "o"
            inside = begins = c == "["
    if inside:
        raise ChangeError(f"{text}: a bracket [ is not closed; put ] after the keys.")
    return marks


def known_sheet(given: str, name: str, keys: str, column: str) -> Sheet:
    """The sheet of a name; a ChangeError with the nearest one if there is none."""
    if name in BY_NAME:
        return BY_NAME[name]
    near = nearest(name, list(BY_NAME))
    columns = varying(BY_NAME[near]) if near else []
    better = column if column in columns else nearest(column, columns)
    if better:
        raise ChangeError(f"{given}: sheet '{name}' is not known; did you mean '{written(near, keys, better)}'?")
    word = nearest(column or name, [c for sheet in BY_NAME.values() for c in varying(sheet)], 0.8)
    for sheet in BY_NAME.values():
        if word in varying(sheet):
            better = written(sheet.name, keys or EVERY, word)
            raise ChangeError(f"{given}: sheet '{name}' is not known; did you mean '{better}'?")
    raise ChangeError(f"{given}: sheet '{name}' is not known; the sheets are {', '.join(BY_NAME)}.")


def known_column(given: str, sheet: Sheet, keys: str, name: str) -> Column:
    """The column of a name in a sheet; a ChangeError if there is none, or if what it holds cannot vary."""
    columns = varying(sheet)
    if name in columns:
        return sheet.column(name)
    numbers = f"the columns that can vary are {', '.join(columns)}."
    if not name:
        raise ChangeError(
            f"{given}: put a column after the sheet and its keys, for example {written(sheet.name, keys, columns[0])}; {numbers}"
        )
    if name in [c.name for c in sheet]:
        what = "one of a few words" if sheet.column(name).kind is Kind.CHOICE else "names"
        raise ChangeError(f"{given}: {name} holds {what}; only numbers can vary, and yes or no; {numbers}")
    near = nearest(name, columns)
    hint = f"did you mean '{written(sheet.name, keys, near)}'?" if near else numbers
    raise ChangeError(f"{given}: column '{name}' is not known in sheet {sheet.name}; {hint}")


def varying(sheet: Sheet) -> list[str]:
    """The columns of a sheet that can vary."""
    return [c.name for c in sheet if c.numeric or c.kind is Kind.FLAG]


def written(sheet: str, keys: str, column: str) -> str:
    """An address from its parts: sheet[keys].column."""
    place = f"{sheet}[{keys}]" if keys and sheet != SETTINGS else sheet
    return f"{place}.{column}" if column else place


def read_keys(given: str, sheet: Sheet, text: str, marks: str) -> list[list[Key]]:
    """For each key column of a sheet, what its cells may be."""
    columns = sheet.key
    if not text.strip():
        return [[Key(EVERY, False)] for _ in columns]
    fields = split(text, marks, ",")
    groups = [[part for field in fields for part in split(*field, "|")]] if len(columns) == 1 else [split(*field, "|") for field in fields]
    if len(groups) > len(columns):
        raise ChangeError(
            f"{given}: sheet {sheet.name} has {len(columns)} keys ({', '.join(columns)}), not {len(groups)}; "
            "put | between names of one key, and quotes around a name with a comma."
        )
    found = [
        list(dict.fromkeys(read_key(given, sheet.column(name), *part) for part in group))
        for name, group in zip(columns, groups, strict=False)
    ]
    return found + [[Key(EVERY, False)] for _ in columns[len(found) :]]


def split(text: str, marks: str, separator: str) -> list[tuple[str, str]]:
    """A text and its marks at each separator outside quotes."""
    cuts = [-1, *(i for i, c in enumerate(text) if c == separator and marks[i] != "q"), len(text)]
    return [(text[a + 1 : b], marks[a + 1 : b]) for a, b in pairwise(cuts)]


def read_key(given: str, column: Column, text: str, marks: str) -> Key:
    """One key of an address, from its text and the marks of its quotes; a ChangeError if it is none."""
    name = " ".join((text.strip()[1:-1] if "q" in marks else text).split())
    if not name:
        raise ChangeError(f"{given}: a key is empty; give the {column.name}, or * for every one.")
    if "q" not in marks and EVERY in name:
        return Key(re.sub(r"\*+", EVERY, name), False)
    if not column.numeric:
        return Key(name, True)
    try:
        return Key(label(float(name)), True)
    except ValueError:
        raise ChangeError(f"{given}: the key {column.name} is a number, not '{name}'.") from None


def label(cell: object) -> str:
    """A cell of a key column as a key has it."""
    return f"{cell:.12g}" if isinstance(cell, float) else str(cell)


def labels(case: Case, sheet: Sheet) -> list[list[str]]:
    """For each key column its cells, as keys have them (numbers in the planner's unit)."""
    return [[label(cell) for cell in case.in_planners_unit(sheet.name, name, case[sheet.name][name]).tolist()] for name in sheet.key]


def fitting(given: str, case: Case, sheet: Sheet, column: Column, groups: list[list[Key]]) -> tuple[int, ...]:
    """Places of the rows that the keys mean: at least one for each key, and one for all together."""
    found = labels(case, sheet)
    if not found[0]:
        raise ChangeError(f"{given}: sheet {sheet.name} has no rows, so there is nothing to vary.")
    fits = [True] * len(found[0])
    for place, (name, cells, group) in enumerate(zip(sheet.key, found, groups, strict=True)):
        hits = {key: key.matches(cells) for key in group}
        for key, hit in hits.items():
            if not any(hit):
                better = nearest(key.text, cells)
                mended = [[Key(better, True) if k is key else k for k in g] if i == place else g for i, g in enumerate(groups)]
                hint = (
                    f"; did you mean '{canonical(sheet, column, mended)}'?"
                    if better
                    else did_you_mean("", list(dict.fromkeys(cells))) or "."
                )
                fitted = f"no {name} fits '{key}'" if not key.literal else f"{name} '{key.text}' is not known"
                raise ChangeError(f"{given}: {fitted} in sheet {sheet.name}{hint}")
        fits = [fit and any(hit[row] for hit in hits.values()) for row, fit in enumerate(fits)]
    if not any(fits):
        rows = [canonical(sheet, column, [[Key(cell, True)] for cell in row]) for row in zip(*found, strict=True)]
        near = nearest(canonical(sheet, column, groups), rows, 0.0)
        raise ChangeError(f"{given}: no row of sheet {sheet.name} has these keys together; did you mean '{near}'?")
    return tuple(row for row, fit in enumerate(fits) if fit)


def canonical(sheet: Sheet, column: Column, groups: list[list[Key]]) -> str:
    """An address in the one way in which it is stored."""
    return f"{sheet.name}[{','.join('|'.join(map(str, group)) for group in groups)}].{column.name}"


def address_of(case: Case, sheet: str, column: str, row: int) -> str:
    """The address of one cell, from its place (from 0) in the sheet's frame."""
    if sheet == SETTINGS:
        return f"{SETTINGS}.{column}"
    spec = BY_NAME[sheet]
    return canonical(spec, spec.column(column), [[Key(cells[row], True)] for cells in labels(case, spec)])
