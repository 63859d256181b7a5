"""What was found in a workbook, as a page shows it: a list of findings, and the sheets as grids with the cells in question coloured."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.cell import coordinate_from_string

from inputs.errors import Finding, Level
from inputs.grid import Bad, Cell, Grid, Percent, read_grids
from inputs.schema import FIRST_ROW, SETTINGS, SETTINGS_FIRST_ROW
from inputs.workbook import Reading
from outputs.tables.summary import counted

ROWS, COLUMNS = 40, 30
"""A sheet with more is shown around its findings only."""

BESIDE = 2
"""Rows and columns that are shown beside one with a finding."""

MOST_ROWS, MOST_FINDINGS = 300, 500
"""Rows of one sheet, and findings of the list, that are shown at most."""

CONTRADICTORY = '<p id="contradictory">Each cell is sound by itself, but these cannot all hold together.</p>'
"""What is said where no error but contradictions stands in the way of a plan, which can be explained."""

CLASSES = {Level.ERROR: "poor", Level.WARNING: "fair"}
Place = tuple[int, int]
"""Row and column of a cell, from 0."""


@dataclass(frozen=True)
class SheetFindings:
    """A sheet of the file with the findings that point into it, by cell; `others` are about the sheet as a whole."""

    number: int
    name: str
    grid: Grid
    cells: dict[Place, list[Finding]]
    others: list[Finding]

    def anchor(self, place: Place | None = None) -> str:
        """The id of a cell, or of the sheet."""
        return f"s{self.number}" if place is None else f"s{self.number}-{get_column_letter(place[1] + 1)}{place[0] + 1}"


def findings_html(reading: Reading) -> str:
    """The list of errors and warnings, each with a link to its cell, then every sheet that has one as a grid; notes are counted."""
    shown = [*reading.errors, *reading.warnings]
    grids = {name: trimmed(grid) for name, grid in read_grids(reading.source).items()} if reading.source else {}
    sheets = list(by_sheet(grids, shown))
    names = {sheet.name for sheet in sheets}
    clean = [
        f"{escape(name)} ({counted(len(grid) - heads_of(name), 'row')})"
        for name, grid in grids.items()
        if len(grid) > heads_of(name) and name not in names
    ]
    rest = f'<p class="note">Sheets without a finding: {", ".join(clean)}.</p>' if clean else ""
    notes = f'<p class="note">Defaults stand for empty cells in {counted(len(reading.notes), "column")}.</p>' if reading.notes else ""
    together = CONTRADICTORY if reading.contradictory else ""
    return f"{together}{finding_list(shown, sheets)}{''.join(sheet_html(sheet) for sheet in sheets)}{rest}{notes}"


def by_sheet(grids: Mapping[str, Grid], findings: Sequence[Finding]) -> Iterator[SheetFindings]:
    """The sheets that findings are about, in the order of the findings; a sheet that the file lacks has an empty grid."""
    for number, name in enumerate(dict.fromkeys(f.sheet for f in findings)):
        cells: dict[Place, list[Finding]] = {}
        others = []
        for finding in findings:
            if finding.sheet == name and finding.cell:
                cells.setdefault(place_of(finding.cell), []).append(finding)
            elif finding.sheet == name:
                others.append(finding)
        yield SheetFindings(number, name, grids.get(name, []), cells, others)


def trimmed(grid: Grid) -> Grid:
    """A grid without the empty rows and columns after its last cell."""
    height = max((r + 1 for r, row in enumerate(grid) if any(cell is not None for cell in row)), default=0)
    width = max((c + 1 for row in grid for c, cell in enumerate(row) if cell is not None), default=0)
    return [row[:width] for row in grid[:height]]


def place_of(cell: str) -> Place:
    """Row and column (from 0) of "C14"."""
    letters, row = coordinate_from_string(cell)
    return row - 1, column_index_from_string(letters) - 1


def finding_list(findings: Sequence[Finding], sheets: Sequence[SheetFindings]) -> str:
    """Every finding in a line, linked to where it is."""
    if not findings:
        return '<p class="mark good">No mistake was found.</p>'
    where = {sheet.name: sheet for sheet in sheets}
    lines = []
    for finding in findings[:MOST_FINDINGS]:
        anchor = where[finding.sheet].anchor(place_of(finding.cell) if finding.cell else None)
        lines.append(
            f'<li><span class="mark {CLASSES[finding.level]}">{finding.level}</span> '
            f'<a href="#{anchor}">{escape(finding.place or "the file")}</a> {escape(finding.message)}</li>'
        )
    more = len(findings) - MOST_FINDINGS
    rest = f"<p>And {counted(more, 'finding')} more; the annotated copy lists them all.</p>" if more > 0 else ""
    return f'<ol class="findings">{"".join(lines)}</ol>{rest}'


def sheet_html(sheet: SheetFindings) -> str:
    """One sheet as a grid, whole where it is small, else around its findings."""
    head = f'<h3 id="{sheet.anchor()}">{escape(sheet.name or "The file")}</h3>'
    about = "".join(f'<p class="mark {CLASSES[f.level]}">{escape(f.message)}</p>' for f in sheet.others)
    if not sheet.cells:
        return f'<section class="sheet">{head}{about}</section>'
    height = max(len(sheet.grid), *(row + 1 for row, _ in sheet.cells))
    width = max(0, *(len(row) for row in sheet.grid), *(column + 1 for _, column in sheet.cells))
    rows = around({row for row, _ in sheet.cells}, height, ROWS, heads_of(sheet.name))[:MOST_ROWS]
    columns = around({column for _, column in sheet.cells}, width, COLUMNS, 2)
    cut = [f"{len(rows)} of {counted(height, 'row')}"] if len(rows) < height else []
    cut += [f"{len(columns)} of {counted(width, 'column')}"] if len(columns) < width else []
    lost = sum(row not in set(rows) for row, _ in sheet.cells)
    said = f'<p class="note">Shown are {" and ".join(cut)}, around what was found.</p>' if cut else ""
    said += f'<p class="note">{counted(lost, "cell")} with findings are further down; the list above has them.</p>' if lost else ""
    letters = "".join(f'<th scope="col">{get_column_letter(column + 1)}</th>' for column in columns)
    body = "".join(lines(sheet, rows, columns))
    return (
        f'<section class="sheet">{head}{about}{said}<div class="scroll" tabindex="0" role="region" aria-label="Sheet {escape(sheet.name)}">'
        f'<table class="cells"><thead><tr><td></td>{letters}</tr></thead><tbody>{body}</tbody></table></div></section>'
    )


def around(hits: Collection[int], count: int, most: int, head: int) -> list[int]:
    """All of `count` places where they are few, else the first `head` and those beside a hit."""
    if count <= most:
        return list(range(count))
    near = {place for hit in hits for place in range(max(0, hit - BESIDE), min(count, hit + BESIDE + 1))}
    return sorted(near | set(range(min(head, count))))


def lines(sheet: SheetFindings, rows: Sequence[int], columns: Sequence[int]) -> Iterator[str]:
    """The rows of a grid, and a line where some are left out."""
    before = -1
    for row in rows:
        if row != before + 1:
            yield f'<tr class="gap"><th scope="row">…</th><td colspan="{len(columns)}"></td></tr>'
        before = row
        given = sheet.grid[row] if row < len(sheet.grid) else []
        cells = (cell_html(sheet, (row, column), given[column] if column < len(given) else None) for column in columns)
        yield f'<tr{" class=head" if row < heads_of(sheet.name) else ""}><th scope="row">{row + 1}</th>{"".join(cells)}</tr>'


def heads_of(sheet: str) -> int:
    """How many rows stand above the data of a sheet."""
    return (SETTINGS_FIRST_ROW if sheet == SETTINGS else FIRST_ROW) - 1


def cell_html(sheet: SheetFindings, place: Place, cell: Cell) -> str:
    """A cell; one with findings has a colour, and what was found in it."""
    text = escape(cell_text(cell))
    found = sheet.cells.get(place)
    if not found:
        number = isinstance(cell, int | float) and not isinstance(cell, bool)
        return f"<td{' class=n' if number else ''}>{text}</td>"
    colour = CLASSES[Level.ERROR if any(f.level is Level.ERROR for f in found) else Level.WARNING]
    said = "".join(f"<small>{escape(f.message)}</small>" for f in found)
    title = escape("\n".join(f.message for f in found))
    return f'<td id="{sheet.anchor(place)}" class="{colour}" title="{title}" tabindex="-1"><b>{text or "(empty)"}</b>{said}</td>'


def cell_text(cell: Cell) -> str:
    """A cell as a planner sees it."""
    if cell is None:
        return ""
    if isinstance(cell, Bad):
        return cell.text
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, Percent):
        return f"{100 * cell:.10g} %"
    if isinstance(cell, float):
        return f"{cell:.12g}"
    if isinstance(cell, datetime.datetime):
        return f"{cell:%Y-%m-%d}"
    return str(cell)
