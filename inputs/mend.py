"""A copy of a workbook with some of its cells changed: coloured, with a comment that says from what to what, and a list of them all."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inputs.annotate import check_copy
from inputs.files import write_whole
from inputs.grid import Cell
from inputs.places import Places
from inputs.schema import BY_NAME, FIRST_ROW, HEADER_ROW, OWN_PREFIX, SETTINGS, UNITS_ROW
from inputs.source import Source

LIST = f"{OWN_PREFIX}changes"
COLOUR = "C6E7CE"

FORMULA = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f[^>]*>.*?</f>|<f[^>]*/>)<v ?/?>(?:</v>)?</c>', re.DOTALL)
"""A cell with a formula, as openpyxl writes it: without the value that Excel had calculated."""


@dataclass(frozen=True)
class Edit:
    """A new value for a cell of a case: its sheet, column and row in the file (None for a setting), in the planner's unit, and why."""

    sheet: str
    column: str
    row: int | None
    value: float | bool
    text: str

    @property
    def typed(self) -> Cell:
        """The value as a planner types it."""
        return ("yes" if self.value else "no") if isinstance(self.value, bool) else self.value


def write_mended(
    source: Source, places: Places, copy: Path, edits: Sequence[Edit], accept: Callable[[Path], None], *, force: bool = False
) -> Path:
    """Write a copy of a workbook with the edits in it and the sheet `_changes`, which lists them.

    `accept` is called with the finished file before it is put in its place, and may raise: then there is no copy. Returns where the copy is.
    Raises FileError where there is no workbook to copy, the copy cannot be written, or it would replace a file that is no such copy and `force` is not given.
    """
    check_copy(source, copy, LIST, "a copy with changes", force=force)

    def write(temporary: Path) -> None:
        save(source, places, edits, temporary)
        accept(temporary)

    return write_whole(copy, write)


def save(source: Source, places: Places, edits: Sequence[Edit], path: Path) -> None:
    """The copy itself, its formulas with the values that Excel had calculated."""
    import openpyxl

    is_macro = source.path.suffix.lower() == ".xlsm"
    book: Any = openpyxl.load_workbook(io.BytesIO(source.content), keep_vba=is_macro)
    done = [(edit, *make(book, places, edit)) for edit in edits]
    list_changes(book, done)
    book.save(path)
    values = openpyxl.load_workbook(io.BytesIO(source.content), data_only=True)
    calculated = {sheet.title: sheet for sheet in values.worksheets}
    restore_values(path, [calculated.get(sheet.title) for sheet in book.worksheets])


def make(book: Any, places: Places, edit: Edit) -> tuple[Any, Cell]:
    """Change a cell; returns it, and what was there. A column or setting that the file has not is added, with the schema's unit."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    sheet = book[edit.sheet]
    cell = sheet[places.cell(edit.sheet, edit.column, edit.row)] if places.has(edit.sheet, edit.column) else added(sheet, places, edit)
    before = f"the formula {getattr(cell.value, 'text', cell.value)}" if cell.data_type == "f" else cell.value
    cell.value = edit.typed
    cell.fill = PatternFill("solid", start_color=COLOUR, end_color=COLOUR)
    comment = Comment(f"{edit.text}\n(it was {'empty' if before is None else before})", "stockpile")
    comment.width, comment.height = 360, 100
    cell.comment = comment
    return cell, before


def added(sheet: Any, places: Places, edit: Edit) -> Any:
    """The cell of a column or setting that the file does not have yet."""
    spec = BY_NAME[edit.sheet].column(edit.column)
    if edit.sheet == SETTINGS:
        of, row = places.columns[SETTINGS], sheet.max_row + 1
        sheet.cell(row, of["name"] + 1).value = edit.column
        if "unit" in of:
            sheet.cell(row, of["unit"] + 1).value = spec.unit
        return sheet.cell(row, of["value"] + 1)
    heads = [cell.value for cell in sheet[HEADER_ROW]]
    place = heads.index(edit.column) + 1 if edit.column in heads else sheet.max_column + 1
    sheet.cell(HEADER_ROW, place).value = edit.column
    sheet.cell(UNITS_ROW, place).value = spec.unit
    return sheet.cell(edit.row or FIRST_ROW, place)


def list_changes(book: Any, done: Sequence[tuple[Edit, Any, Cell]]) -> None:
    """A first sheet that lists every change, each with a link to its cell."""
    from openpyxl.styles import Alignment, Font

    if LIST in book.sheetnames:
        del book[LIST]
    sheet = book.create_sheet(LIST, 0)
    sheet.append(["where", "was", "is now", "why"])
    for row, (edit, cell, before) in enumerate(done, start=2):
        sheet.append([f"{edit.sheet}!{cell.coordinate}", "(empty)" if before is None else before, edit.typed, edit.text])
        sheet.cell(row, 1).hyperlink = f"#'{edit.sheet}'!{cell.coordinate}"
        sheet.cell(row, 1).font = Font(color="2E75B6", underline="single")
        sheet.cell(row, 4).alignment = Alignment(wrap_text=True, vertical="top")
    if any(cell.data_type == "f" for of in book.worksheets for line in of.iter_rows() for cell in line):
        sheet.append([])
        sheet.append(
            [
                "Excel calculates the formulas of this workbook anew: where one rests on a changed cell, run `stockpile check` and `stockpile plan` again."
            ]
        )
    for letter, width in (("A", 24), ("B", 18), ("C", 18), ("D", 100)):
        sheet.column_dimensions[letter].width = width
        sheet[f"{letter}1"].font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for of in book.worksheets:
        of.sheet_view.tabSelected = False
    book.active = 0


def restore_values(path: Path, calculated: Sequence[Any]) -> None:
    """Put the calculated values of formulas back into a workbook that openpyxl wrote; `calculated` has the sheet of values for each sheet, in order."""
    with zipfile.ZipFile(path) as archive:
        parts = {item.filename: archive.read(item) for item in archive.infolist()}
    for number, sheet in enumerate(calculated, 1):
        name = f"xl/worksheets/sheet{number}.xml"
        if sheet is not None and name in parts:
            parts[name] = FORMULA.sub(lambda found, of=sheet: with_value(found, of[found[1].decode()].value), parts[name])  # type: ignore[misc]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def with_value(found: re.Match[bytes], value: object) -> bytes:
    """A cell of a formula with its value."""
    from xml.sax.saxutils import escape

    if not isinstance(value, bool | int | float | str):
        return found[0]
    kind = {bool: b' t="b"', str: b' t="str"'}.get(type(value), b"")
    text = str(int(value)) if isinstance(value, bool) else escape(value) if isinstance(value, str) else repr(value)
    return b'<c r="%b"%b%b>%b<v>%b</v></c>' % (found[1], re.sub(rb' t="[a-z]+"', b"", found[2]), kind, found[3], text.encode())
