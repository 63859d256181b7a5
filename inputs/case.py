"""A case: what a planner's workbook says, typed, with every default filled in."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

import pandas as pd

from inputs.schema import BY_NAME, FREE_COLUMNS, SETTINGS, SHEETS, UNREAD
from inputs.units import factor

Value = float | str | bool


@dataclass(frozen=True)
class Case:
    """One frame for each sheet of the schema but `settings`, which is a mapping.

    `frames[sheet]` has every column of the schema (numbers as float64 in the schema's
    units, NaN = none, inf = no limit; flags as bool; names as str, "" = none), then the
    free columns that the planner's file has; its index is the row in the file.
    `units` are the planner's own units by (sheet, column), where they are not the schema's.
    A case is never changed: `with_frame` and `with_setting` return another one.
    """

    settings: Mapping[str, Value]
    frames: Mapping[str, pd.DataFrame]
    settings_notes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    units: Mapping[tuple[str, str], str] = field(default_factory=dict)
    name: str = ""

    def __reduce__(self) -> tuple[Callable[..., Case], tuple[object, ...]]:
        """Read-only views cannot be pickled; a worker process gets their contents."""
        return thawed, (dict(self.settings), dict(self.frames), dict(self.settings_notes), dict(self.units), self.name)

    def __getitem__(self, sheet: str) -> pd.DataFrame:
        return self.frames[sheet]

    def number(self, setting: str) -> float:
        """The value of a numeric setting, in the schema's unit."""
        value = self.settings[setting]
        assert isinstance(value, float)
        return value

    def flag(self, setting: str) -> bool:
        """The value of a yes/no setting."""
        value = self.settings[setting]
        assert isinstance(value, bool)
        return value

    @property
    def home(self) -> str:
        """The home country."""
        return str(self.settings["home"])

    @property
    def price_year(self) -> int:
        """The year of the prices: every amount of money is in USD of it."""
        year = self.number("price_year")
        return int(self.number("start_year") - 1 if math.isinf(year) else year)

    def unit(self, sheet: str, column: str) -> str:
        """The unit in which the planner gave a column."""
        return self.units.get((sheet, column), BY_NAME[sheet].column(column).unit)

    def in_planners_unit(self, sheet: str, column: str, values: pd.Series) -> pd.Series:
        """Values in the schema's unit of a column, in the planner's."""
        unit = self.units.get((sheet, column))
        return values / factor(unit, BY_NAME[sheet].column(column).unit) if unit else values

    def as_given(self, sheet: str) -> pd.DataFrame:
        """A sheet with its numbers in the planner's units."""
        frame = self.frames[sheet].copy()
        for of_sheet, column in self.units:
            if of_sheet == sheet:
                frame[column] = self.in_planners_unit(sheet, column, frame[column])
        return frame

    def of_demands(self, column: str) -> pd.Series:
        """A column of each demand; where it is empty, that of its sector holds."""
        demand, of_sector = self["demand"], self["sectors"].set_index("sector")[column]
        return demand[column].fillna(demand["sector"].map(of_sector).astype(float))

    def with_frame(self, sheet: str, frame: pd.DataFrame) -> Case:
        """The case with another frame for a sheet."""
        return replace(self, frames=MappingProxyType({**self.frames, sheet: frame}))

    def with_setting(self, setting: str, value: Value) -> Case:
        """The case with another value of a setting, in the schema's unit."""
        return replace(self, settings=MappingProxyType({**self.settings, setting: value}))

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of every value that the model reads; sources and notes do not count."""
        digest = hashlib.sha256()
        for sheet in SHEETS:
            if sheet.name == SETTINGS:
                digest.update(repr(sorted(self.settings.items())).encode())
            elif sheet.name not in UNREAD:
                columns = [c.name for c in sheet]
                digest.update(self.frames[sheet.name][columns].to_csv(index=False, float_format=repr).encode())
        return digest.hexdigest()

    def free_columns(self, sheet: str) -> list[str]:
        """The free columns that a sheet has (source, confidence, ...), in the schema's order."""
        return [c for c in FREE_COLUMNS if c in self.frames[sheet].columns]


def thawed(
    settings: dict[str, Value],
    frames: dict[str, pd.DataFrame],
    notes: dict[str, Mapping[str, str]],
    given_units: dict[tuple[str, str], str],
    name: str,
) -> Case:
    """A case from plain dictionaries, as pickle stores them."""
    return Case(MappingProxyType(settings), MappingProxyType(frames), notes, MappingProxyType(given_units), name)


def empty_frame(sheet: str) -> pd.DataFrame:
    """A frame of the sheet's columns, typed, without rows."""
    return typed_frame(sheet, {c.name: [] for c in BY_NAME[sheet]}, [])


def typed_frame(sheet: str, columns: Mapping[str, list[object]], rows: list[int]) -> pd.DataFrame:
    """A frame of a sheet from lists of parsed cells; `rows` are the rows in the file."""
    frame = pd.DataFrame(index=pd.Index(rows, dtype="int64", name="row"))
    for column in BY_NAME[sheet]:
        kind = "float64" if column.numeric else "bool" if column.unit == "yes/no" else "str"
        frame[column.name] = pd.Series(columns[column.name], index=frame.index, dtype=kind)
    for name in FREE_COLUMNS:
        if name in columns:
            frame[name] = pd.Series(columns[name], index=frame.index, dtype="str")
    return frame


def countries(case_frames: Mapping[str, pd.DataFrame], home: str) -> list[str]:
    """Every country of `supply` and `plants`, and the home country, in order of appearance."""
    used = [*case_frames["supply"]["country"], *case_frames["plants"]["country"], home]
    return [c for c in dict.fromkeys(used) if c]
