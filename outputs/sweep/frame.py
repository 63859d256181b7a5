"""The points as a plain table for analysts: CSV or Parquet, with a list of what its columns are."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from inputs.errors import FileError
from inputs.extras import module_of
from inputs.files import write_whole
from model.sweep.design import Design
from outputs.sweep.words import term_name, unit_words

FIXED = {
    "number": ("Point, from 0", ""),
    "status": ("What became of the point", ""),
    "objective": ("Cost, expected and discounted", "thousand USD"),
    "stockpile_value": ("Value of the stock at target", "thousand USD"),
    "investment": ("Capex of the orders in peace, not discounted", "thousand USD"),
    "message": ("Why there is no plan", ""),
    "how": ("How it was solved: warm, cold, first or rebuilt", ""),
    "iterations": ("Simplex iterations", ""),
    "seconds": ("Time", "s"),
    "solver_seconds": ("Of it in the solver", "s"),
}
GROUPS = {
    "target": ("Stock at target: {}", "t"),
    "order": ("Capacity ordered in peace: {}", "t/yr"),
    "coverage_price": ("What a percentage point more of coverage costs: {}", "thousand USD per %-point"),
}


def write_frame(frame: pd.DataFrame, path: Path, design: Design | None = None) -> Path:
    """Write the points as `path` says by its ending, .csv or .parquet, and what the columns are to "<name>.columns.csv" beside it.

    The columns keep the names of the frame (`target.Dy`), in full precision; the list gives
    each its name for people and its unit, and with a `design` the address of each
    `value.<i>`. A Parquet file carries the same in the metadata of its fields. Returns where the
    table was written. Raises FileError for another ending or a folder that cannot be
    written, MissingExtra where Parquet needs pyarrow.
    """
    check_frame(path)
    about = columns_of(frame, design)
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


def columns_of(frame: pd.DataFrame, design: Design | None = None) -> pd.DataFrame:
    """A row for each column of the frame: `column`, `name` for people, `unit`."""
    rows = [(str(column), *said(str(column), design)) for column in frame.columns]
    return pd.DataFrame(rows, columns=["column", "name", "unit"])


def said(column: str, design: Design | None) -> tuple[str, str]:
    if column in FIXED:
        return FIXED[column]
    group, _, name = column.partition(".")
    if group in GROUPS:
        text, unit = GROUPS[group]
        return text.format(name), unit
    if group == "cost":
        return f"Cost: {term_name(name)}", "thousand USD"
    if group == "value" and design is not None:
        variation = design.variations[int(name)]
        return variation.heading, unit_words(variation)
    return (f"What varies ({int(name) + 1}); empty: as in the case", "") if group == "value" else (column, "")


def write_csv(frame: pd.DataFrame, _: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def write_parquet(frame: pd.DataFrame, about: pd.DataFrame, path: Path) -> None:
    pa, pq = module_of("parquet"), module_of("parquet", "parquet")
    table = pa.Table.from_pandas(frame, preserve_index=False)
    fields = [
        field.with_metadata({"name": name, "unit": unit})
        for field, name, unit in zip(table.schema, about["name"], about["unit"], strict=True)
    ]
    pq.write_table(table.cast(pa.schema(fields, metadata=table.schema.metadata)), path)
