"""The points as a plain table for analysts: CSV or Parquet, with a list of what its columns are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from inputs.errors import FileError
from inputs.extras import module_of
from inputs.files import write_whole
from inputs.values import Op
from model.costs import RISK_LABEL
from outputs.sweep.report import MILLION, Sweep
from outputs.sweep.tables import MONEY, PER_POINT
from outputs.sweep.words import term_name, values_words

BEFORE = {
    "number": ("Point", "", "The number of the point, from 0."),
}
AFTER = {
    "status": (
        "Status",
        "",
        "What became of the point: optimal, infeasible, unbounded, stopped (by the time limit), unsolved (numerical trouble) or failed; without a plan, amounts are empty.",
    ),
    "objective": ("Cost", MONEY, "What a plan has the least of: all its parts together."),
    "stockpile_value": ("Stockpile value", MONEY, "Value of the stock at target, at prices of the case."),
    "investment": ("Investment", MONEY, "Capex of what is ordered in peace, not discounted."),
    "message": ("Why there is no plan", "", "What the solver or the case says; empty where there is a plan."),
    "how": ("Solved", "", "warm: from the last basis; cold: from scratch; first: the first of its kind; rebuilt: another structure."),
    "iterations": ("Simplex iterations", "", "Of HiGHS."),
    "seconds": ("Time", "s", "All of the point."),
    "solver_seconds": ("Time in the solver", "s", "Part of it."),
}
"""Columns that every sweep has: heading, unit, and what they are; the rest stand between them."""

GROUPS = {
    "cost": ("Cost: {}", MONEY, "A part of the cost, expected and discounted; negative where it is a saving."),
    "target": ("Stock at target: {}", "t", "The most in store in peace from ready_by on."),
    "order": ("Capacity ordered in peace: {}", "t/yr", "All orders of the plant in peace together."),
    "coverage_price": ("Price of coverage: {}", PER_POINT, "What a percentage point more of the sector's coverage costs."),
}
"""Columns for each part of the cost, material, plant and sector."""


@dataclass(frozen=True, eq=False)
class PointColumn:
    """A column of the table: its heading, unit, what it is in a sentence, and its values."""

    heading: str
    unit: str
    meaning: str
    values: pd.Series

    @property
    def name(self) -> str:
        """The heading with the unit: "Stock at target: Dy (t)"."""
        return f"{self.heading} ({self.unit})" if self.unit else self.heading


def write_frame(sweep: Sweep, path: Path) -> Path:
    """Write the points as `path` says by its ending, .csv or .parquet, and what the columns are to "<name>.columns.csv" beside it.

    What varies is named by its address, all else in plain words, with units; money is in
    M USD as in the workbook, numbers in full. The list gives each column its unit and a
    sentence; a Parquet file carries the same in the metadata of its fields. Returns where
    the table was written. Raises FileError for another ending or a folder that cannot be
    written, MissingExtra where Parquet needs pyarrow.
    """
    check_frame(path)
    columns = list(distinct(columns_of(sweep)))
    frame = pd.DataFrame({column.name: column.values for column in columns})
    about = pd.DataFrame([(c.name, c.unit, c.meaning) for c in columns], columns=["column", "unit", "meaning"])
    write = write_parquet if path.suffix.lower() == ".parquet" else write_csv
    written = write_whole(path, lambda target: write(frame, about, target))
    write_whole(about_path(written), lambda target: write_csv(about, about, target))
    return written


def check_frame(path: Path) -> None:
    """Raise what `write_frame` raises of a path, before anything is solved for it."""
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".parquet"):
        raise FileError(f"{path}: the points of a sweep go to a .csv or a .parquet file.")
    if suffix == ".parquet":
        module_of("parquet")


def refuse_to_replace_table(path: Path) -> None:
    """Raise FileError where `path`, or the list of columns beside it, exists and was not written as the table of a sweep."""
    about = about_path(path)
    try:
        listed = list(pd.read_csv(about)["column"]) if about.exists() else []
        written = path.exists() and listed == headings_of(path)
    except (OSError, ValueError, KeyError):  # what pandas and pyarrow raise of other files are ValueErrors
        listed, written = [], False
    for file, known in ((path, written), (about, bool(listed))):
        if file.exists() and not known:
            raise FileError(f"{file}: this file exists and is not the table of a sweep; name another, or add --force to replace it.")


def headings_of(path: Path) -> list[str]:
    """The names of the columns of a table."""
    if path.suffix.lower() == ".parquet":
        return [str(name) for name in module_of("parquet", "parquet").read_schema(path).names]
    return [str(name) for name in pd.read_csv(path, nrows=0).columns]


def about_path(path: Path) -> Path:
    """Where the list of the columns of a table goes."""
    return path.with_name(f"{path.stem}.columns.csv")


def columns_of(sweep: Sweep) -> Iterator[PointColumn]:
    """The columns in order: the point, what it changes, what comes of it and how it was solved."""
    frame = sweep.frame
    yield from (PointColumn(*about, frame[name]) for name, about in BEFORE.items())
    yield from (varied_column(sweep, i) for i in range(len(sweep.variations)))
    outcomes = [name for name in AFTER if name in frame]
    first, last = outcomes[: outcomes.index("message")], outcomes[outcomes.index("message") :]
    yield from (PointColumn(*AFTER[name], amounts_of(frame[name], AFTER[name][1])) for name in first)
    for group, (heading, unit, meaning) in GROUPS.items():
        for name, column in sweep.columns(group).items():
            shown = term_name(name) if group == "cost" else name
            yield PointColumn(heading.format(shown), unit, meaning, amounts_of(frame[column], unit))
        if group == "cost" and (sweep.risk.fillna(0) != 0).any():
            text = "What the weight on the worst outcomes adds to the expected cost."
            yield PointColumn(f"Cost: {RISK_LABEL}", MONEY, text, amounts_of(sweep.risk, MONEY))
    yield from (PointColumn(*AFTER[name], frame[name].astype("Int64") if name == "iterations" else frame[name]) for name in last)


def varied_column(sweep: Sweep, variation: int) -> PointColumn:
    """The values of a variation under its address, as it is typed after --vary."""
    varied = sweep.variations[variation]
    unit = "" if varied.op is Op.SCALE or varied.targets[0].unit in ("", "-", "yes/no") else varied.targets[0].unit
    way = {Op.SET: "set to this", Op.SCALE: "times this", Op.SHIFT: "plus this"}[varied.op]
    yes = "; 1 is yes, 0 is no" if varied.targets[0].unit == "yes/no" else ""
    text = f"{sweep.names[variation]}, {way}{yes}; empty: as in the case. Over: {values_words(varied)}."
    return PointColumn(varied.heading, unit, text, amounts_of(pd.Series(sweep.values[:, variation]), unit))


def amounts_of(values: pd.Series, unit: str) -> pd.Series:
    """Numbers in the unit of their column, from thousand USD where that is money; 0 is never -0."""
    if values.dtype != np.float64:
        return values
    return (values / MILLION if unit in (MONEY, PER_POINT) else values) + 0.0


def distinct(columns: Iterator[PointColumn]) -> Iterator[PointColumn]:
    """The columns, those with the name of an earlier one numbered."""
    seen: dict[str, int] = {}
    for column in columns:
        seen[column.name] = seen.get(column.name, 0) + 1
        again = f" #{seen[column.name]}" if seen[column.name] > 1 else ""
        yield PointColumn(f"{column.heading}{again}", column.unit, column.meaning, column.values)


def write_csv(frame: pd.DataFrame, _: pd.DataFrame, path: Path) -> None:
    """The table as CSV in UTF-8; the second argument is there for Parquet."""
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def write_parquet(frame: pd.DataFrame, about: pd.DataFrame, path: Path) -> None:
    """The table as Parquet, with unit and meaning in the metadata of its fields."""
    pa, pq = module_of("parquet"), module_of("parquet", "parquet")
    table = pa.Table.from_pandas(frame, preserve_index=False)
    fields = [
        field.with_metadata({"unit": unit, "meaning": meaning})
        for field, unit, meaning in zip(table.schema, about["unit"], about["meaning"], strict=True)
    ]
    pq.write_table(table.cast(pa.schema(fields, metadata=table.schema.metadata)), path)
