"""The cases that come with the program, as folders of CSV files, and the empty one."""

from __future__ import annotations

from pathlib import Path

from inputs.errors import FileError
from inputs.files import write_whole
from inputs.grid import Grid, read_grids
from inputs.source import read_source
from inputs.template import write_case

HERE = Path(__file__).parent
SHIPPED = {"us-2026": HERE / "us_2026", "tutorial": HERE / "tutorial", "blank": None}
"""Name of each case, and the folder of its CSV files."""


def shipped_grids(name: str) -> dict[str, Grid]:
    """The sheets of a shipped case; none for the blank one."""
    folder = SHIPPED[name]
    return dict(read_grids(read_source(folder))) if folder else {}


def new_workbook(path: Path, name: str = "blank", *, force: bool = False) -> Path:
    """Write the workbook of a shipped case, or an empty one, and return where it is.

    Raises FileError where the file exists (unless `force`) or cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise FileError(f"{path}: the name of a workbook ends in .xlsx.")
    if path.exists() and not force:
        raise FileError(f"{path}: this file exists and is left as it is; name another, or add --force to replace it.")
    grids = shipped_grids(name)
    return write_whole(path, lambda target: write_case(target, grids))
