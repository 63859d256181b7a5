"""A column pasted a place off is one finding, not one for each of its rows."""

from inputs.grid import Grid
from inputs.schema import BY_NAME, FIRST_ROW
from inputs.shipped import shipped_grids
from inputs.workbook import parse


def pasted(sheet: str, column: str, other: str) -> tuple[dict[str, Grid], int]:
    """The shipped case with the cells of a column in those of another, and how many rows there are."""
    grids = shipped_grids("us-2026")
    heads = [str(cell) for cell in grids[sheet][0]]
    rows = grids[sheet][FIRST_ROW - 1 :]
    for row in rows:
        row[heads.index(other)] = row[heads.index(column)]
    return grids, len(rows)


def test_names_where_numbers_belong_are_one_finding() -> None:
    """Every price of `materials` is the name in the column before it."""
    grids, rows = pasted("materials", "material", "price")
    errors = [finding for finding in parse(grids).errors if finding.column == "price"]

    assert [finding.place for finding in errors] == ["materials!B3"]
    assert errors[0].message.startswith(f"{rows} of the {rows} cells of price are wrong, from here on: price must be a number in USD/kg")
    assert "Shifted by one?" in errors[0].message


def test_unknown_names_are_one_finding() -> None:
    """Every material of `demand` is a sector."""
    grids, rows = pasted("demand", "sector", "material")
    errors = [finding for finding in parse(grids).errors if finding.sheet == "demand" and finding.column == "material"]

    assert BY_NAME["demand"].columns[0].name == "material"
    assert [finding.row for finding in errors if "cells of material are wrong" in finding.message] == [FIRST_ROW]
    assert rows > 5


def test_a_few_wrong_cells_are_named_one_by_one() -> None:
    """Four prices of 34 are no numbers: each has its cell."""
    grids = shipped_grids("us-2026")
    for row in grids["materials"][FIRST_ROW - 1 : FIRST_ROW + 3]:
        row[1] = "n/a"
    errors = [finding.place for finding in parse(grids).errors]

    assert errors == ["materials!B3", "materials!B4", "materials!B5", "materials!B6"]
