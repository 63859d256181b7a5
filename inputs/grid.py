"""Files in, grids out: the cells of an xlsx workbook or of a folder of CSV files, nothing yet understood.

A grid is the list of a sheet's rows, each a list of cells: None, a bool, a number, a
text, a date, or a `Bad` cell. Row and column numbers of a grid are those of the file.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openpyxl.utils.cell import range_boundaries

from inputs.errors import FileError
from inputs.schema import BY_NAME, FIRST_ROW
from inputs.source import MAX_BYTES, Source

MAX_CELLS = 2_000_000


@dataclass(frozen=True)
class Bad:
    """A cell without a value that could be read: an error value, or a formula that was never calculated."""

    text: str
    why: str


class Percent(float):
    """A number in a cell that shows it as a percentage: 0.9, seen as 90 %."""


Cell = None | bool | int | float | str | datetime.date | Bad
Grid = list[list[Cell]]


def read_grids(source: Source) -> Mapping[str, Grid]:
    """The grids of a workbook (xlsx, xlsm) or of a folder with one CSV file a sheet, by the names of the sheets.

    Raises FileError, in one line, where the bytes are not those of such a file.
    """
    return read_folder(source) if source.is_folder else read_workbook(source)


def read_folder(source: Source) -> Mapping[str, Grid]:
    """The sheets of a folder of CSV files; a FileError if there are none, or one is not in UTF-8."""
    files = {name.removesuffix(".csv"): content for name, content in source.files.items()}
    if not any(name in BY_NAME for name in files):
        raise FileError(f"{source.path}: no CSV file of a case is in this folder (settings.csv, materials.csv, ...).")
    grids: dict[str, Grid] = {}
    for name, content in files.items():
        try:
            lines = io.StringIO(content.decode("utf-8-sig"), newline="")
            grids[name] = [[cell if cell.strip() else None for cell in row] for row in csv.reader(lines)]
        except (UnicodeDecodeError, csv.Error) as error:
            raise FileError(f"{source.path / name}.csv: not a CSV file in UTF-8 ({error}).") from error
    return grids


def read_workbook(source: Source) -> Mapping[str, Grid]:
    """The sheets of a workbook, formulas as the values that Excel stored; a FileError if it cannot be opened."""
    check_archive(source)
    grids = load(source, values=False)
    formulas = {
        (sheet, r, c): str(cell)
        for sheet, grid in grids.items()
        for r, row in enumerate(grid)
        for c, cell in enumerate(row)
        if isinstance(cell, Formula)
    }
    if not formulas:
        return grids
    values = load(source, values=True)
    for (sheet, r, c), formula in formulas.items():
        row = values[sheet][r] if r < len(values[sheet]) else []
        value = row[c] if c < len(row) else None
        grids[sheet][r][c] = Bad(formula, "a formula without a calculated value") if value is None else value
    return grids


class Formula(str):
    """A formula, until its calculated value is put in its place."""


def load(source: Source, *, values: bool) -> dict[str, Grid]:
    """All grids with formulas as `Formula`, or with their calculated values."""
    import openpyxl

    path = source.path
    try:
        book = openpyxl.load_workbook(io.BytesIO(source.content), read_only=True, data_only=values, keep_links=False)
    except Exception as error:  # openpyxl lets the errors of zip, XML and its own descriptors through
        raise FileError(
            f"{path}: this is not a workbook that can be read ({type(error).__name__}); open it in Excel and save it anew as .xlsx."
        ) from error
    grids: dict[str, Grid] = {}
    count = 0
    try:
        for sheet in book.worksheets:
            if sheet.title not in BY_NAME:
                grids[sheet.title] = []
                continue
            sheet.reset_dimensions()
            grid: Grid = []
            for row in sheet.iter_rows():
                count += len(row)
                if count > MAX_CELLS:
                    raise FileError(
                        f"{path}: sheet '{sheet.title}' has more than {MAX_CELLS:,} cells; delete the empty ones below and beside the data."
                    )
                grid.append([understood(cell) for cell in row])
            for merged in merged_ranges(source, sheet):
                spread_merged(grid, merged)
            grids[sheet.title] = grid
    except FileError:
        raise
    except Exception as error:
        raise FileError(f"{path}: sheet data are damaged ({type(error).__name__}); open it in Excel and save it anew as .xlsx.") from error
    finally:
        book.close()
    return grids


def merged_ranges(source: Source, sheet: Any) -> list[str]:
    """The merged ranges of a sheet ("B3:B4"), which the streaming reader passes over."""
    with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
        content = archive.read(sheet._worksheet_path.lstrip("/"))
    return [found.decode() for found in re.findall(rb'<mergeCell [^>]*?ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"', content)]


def spread_merged(grid: Grid, merged: str) -> None:
    """Only the first of merged cells holds the value; the others among the data are said to be part of it."""
    first_column, first_row, last_column, last_row = (bound or 1 for bound in range_boundaries(merged))
    for r in range(max(FIRST_ROW, first_row), min(last_row, len(grid)) + 1):
        for c in range(first_column, min(last_column, len(grid[r - 1])) + 1):
            if (r, c) != (first_row, first_column):
                grid[r - 1][c - 1] = Bad(merged, "a part of merged cells")


def understood(cell: Any) -> Cell:
    """A cell of openpyxl as a plain value; error values, formulas and percentages keep that they are."""
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if cell.data_type == "e":
        return Bad(str(value), "an error value")
    if cell.data_type == "f":
        return Formula(getattr(value, "text", value))
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in str(cell.number_format):
        return Percent(value)
    if isinstance(value, datetime.timedelta | datetime.time):
        return str(value)
    return value  # type: ignore[no-any-return]


def check_archive(source: Source) -> None:
    """Refuse what is not a workbook, or would unpack to more than MAX_BYTES."""
    path, head = source.path, source.content[:8]
    if not head:
        raise FileError(f"{path}: the file is empty.")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileError(f"{path}: the file is an old .xls or protected by a password; save it as .xlsx without a password.")
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            size = sum(item.file_size for item in archive.infolist())
            names = set(archive.namelist())
            if size > MAX_BYTES:
                raise FileError(
                    f"{path}: the workbook would unpack to {size / 1e6:,.0f} MB; more than {MAX_BYTES / 1e6:,.0f} MB is refused."
                )
            declared = [name for name in names if name.endswith((".xml", ".rels", ".vml")) and declares_a_type(archive, name)]
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error) as error:
        raise FileError(f"{path}: this is not an .xlsx workbook, or it is cut short.") from error
    if "xl/workbook.xml" not in names:
        raise FileError(f"{path}: this is not an .xlsx workbook.")
    if declared:
        raise FileError(f"{path}: {declared[0]} declares a document type or entities, which no workbook of Excel does; it is refused.")


def declares_a_type(archive: zipfile.ZipFile, name: str) -> bool:
    """Whether an XML part has a document type, where entities that grow or reach outside are declared."""
    with archive.open(name) as part:
        head = part.read(65536).replace(b"\0", b"")  # UTF-16 has a zero byte beside each letter
    return b"<!DOCTYPE" in head or b"<!ENTITY" in head
