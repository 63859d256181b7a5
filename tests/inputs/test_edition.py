"""A workbook of another edition is read, and says what to change."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from inputs.edition import edition_of
from inputs.schema import BY_NAME, NEW_IN_SECOND, SCHEMA_VERSION, VERSION_PROPERTY
from inputs.source import read_source
from inputs.template import write_case
from inputs.workbook import examine
from tests.kit.faults import sound


def workbook(path: Path, edition: int | None, *, aftermath: bool) -> Path:
    """The sound case as a workbook of an edition (None = it does not say), with or without a row `aftermath`."""
    write_case(path, sound())
    book: Any = openpyxl.load_workbook(path)
    if edition is None:
        del book.custom_doc_props[VERSION_PROPERTY]
    else:
        book.custom_doc_props[VERSION_PROPERTY].value = edition
    if not aftermath:
        names = [cell.value for cell in book["settings"]["A"]]
        book["settings"].delete_rows(names.index("aftermath") + 1)
    book.save(path)
    return path


def test_a_workbook_of_the_first_edition_says_what_to_change(tmp_path: Path) -> None:
    """It reads on, with one warning at its settings: what is new, and how to keep the futures of before."""
    reading = examine(workbook(tmp_path / "first.xlsx", 1, aftermath=False))

    assert reading.case is not None
    assert [finding.place for finding in reading.warnings] == ["settings"]
    message = reading.warnings[0].message
    assert "first edition" in message
    assert "Add a row 'aftermath'" in message
    assert "no to keep the futures of before" in message
    assert all(words in message for words in NEW_IN_SECOND)


@pytest.mark.parametrize(("edition", "aftermath"), [(1, True), (2, True), (2, False), (None, True), (None, False)])
def test_nothing_is_said_once_a_planner_has_chosen_or_where_no_edition_is_known(
    tmp_path: Path, edition: int | None, aftermath: bool
) -> None:
    path = workbook(tmp_path / "case.xlsx", edition, aftermath=aftermath)

    assert edition_of(read_source(path)) == edition
    assert examine(path).warnings == []


def test_a_workbook_of_a_newer_stockpile_says_so(tmp_path: Path) -> None:
    (warning,) = examine(workbook(tmp_path / "newer.xlsx", SCHEMA_VERSION + 1, aftermath=True)).warnings

    assert warning.place == "settings"
    assert f"(edition {SCHEMA_VERSION + 1}; this one reads {SCHEMA_VERSION})" in warning.message


def test_a_folder_has_no_edition() -> None:
    assert edition_of(read_source(Path("inputs/tutorial"))) is None


def test_what_is_said_to_be_new_is_in_the_schema() -> None:
    """The words of the list are names of the schema, but for those between them."""
    names = {word for sheet in BY_NAME.values() for word in (sheet.name, *(column.name for column in sheet))}
    words = {word.strip(",") for text in NEW_IN_SECOND for word in text.split()}

    assert words - names == {"the", "sheets", "columns", "and", "of"}
