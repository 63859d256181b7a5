"""A copy of a workbook with its findings in it: coloured cells with comments, and a list of them all."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from inputs.errors import FileError, Finding, Level
from inputs.files import check_target, refuse_to_replace, write_whole
from inputs.schema import OWN_PREFIX
from inputs.source import Source

LIST = f"{OWN_PREFIX}findings"
COLOURS = {Level.ERROR: "F8B4B4", Level.WARNING: "FCE5A6"}


def annotate(source: Source, copy: Path, findings: Sequence[Finding], *, force: bool = False) -> Path:
    """Write a copy of a workbook with errors red, warnings yellow, a comment on each cell, and the sheet `_findings`.

    Returns where the copy is. What is copied are the bytes that were read, whatever stands in the file by now; a file that is no annotated copy is replaced only with
    `force`. Raises FileError where there is no workbook to copy or the copy cannot be written.
    """
    import openpyxl

    check_copy(source, copy, LIST, "an annotated copy", force=force)
    book = openpyxl.load_workbook(io.BytesIO(source.content), keep_vba=source.path.suffix.lower() == ".xlsm")
    shown = [finding for finding in findings if finding.level in COLOURS]
    mark(book, shown)
    list_findings(book, shown)
    return write_whole(copy, book.save)


def check_copy(source: Source, copy: Path, sheet: str, what: str, *, force: bool) -> None:
    """Raise FileError where there is no workbook to copy, or the copy would replace a file that has no such sheet and `force` is not given."""
    path = source.path
    if source.is_folder:
        raise FileError(f"{path}: only a workbook can be copied so, not a folder of CSV files.")
    if copy.suffix.lower() != path.suffix.lower():
        raise FileError(f"{copy}: the copy's name must end in {path.suffix}, like the workbook's.")
    if copy.resolve() == path.resolve():
        raise FileError(f"{copy}: this is the workbook itself, which is never written to; name another file.")
    check_target(copy)
    if not force:
        refuse_to_replace(copy, [sheet], what)


def mark(book: object, findings: Sequence[Finding]) -> None:
    """Colour each cell with a finding and say in its comment what is wrong; errors go before warnings."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill
    from openpyxl.workbook import Workbook

    assert isinstance(book, Workbook)
    cells: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.cell and finding.sheet in book.sheetnames:
            cells.setdefault((finding.sheet, finding.cell), []).append(finding)
    for (sheet, address), of_cell in cells.items():
        cell = book[sheet][address]
        level = min((f.level for f in of_cell), key=list(COLOURS).index)
        cell.fill = PatternFill("solid", start_color=COLOURS[level], end_color=COLOURS[level])
        if cell.__class__.__name__ != "MergedCell":  # only the first cell of a merged range can carry a comment
            comment = Comment("\n".join(f"{f.level}: {f.message}" for f in of_cell), "stockpile")
            comment.width, comment.height = 360, 40 + 40 * len(of_cell)
            cell.comment = comment


def list_findings(book: object, findings: Sequence[Finding]) -> None:
    """A first sheet that lists every finding, each with a link to its cell."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.workbook import Workbook

    assert isinstance(book, Workbook)
    if LIST in book.sheetnames:
        del book[LIST]
    sheet = book.create_sheet(LIST, 0)
    sheet.append(["where", "what", "message"])
    for row, finding in enumerate(findings, start=2):
        sheet.append([finding.place, str(finding.level), finding.message])
        if finding.cell and finding.sheet in book.sheetnames:
            sheet.cell(row, 1).hyperlink = f"#'{finding.sheet}'!{finding.cell}"
            sheet.cell(row, 1).font = Font(color="2E75B6", underline="single")
        sheet.cell(row, 2).fill = PatternFill("solid", start_color=COLOURS[finding.level], end_color=COLOURS[finding.level])
        sheet.cell(row, 3).alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in (("A", 24), ("B", 10), ("C", 110)):
        sheet.column_dimensions[letter].width = width
        sheet[f"{letter}1"].font = Font(bold=True)
    sheet.freeze_panes = "A2"
    book.active = 0
