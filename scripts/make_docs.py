"""Print the reference pages in docs/, and the rooms in CONTRIBUTING.md, from the model, the schema, the sources and the published examples.

    python -m scripts.make_docs

`scripts/check` runs it; `tests/test_docs.py` fails where a page is out of date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scripts.formulation import formulation
from scripts.house import HOUSE, house, room_tree
from scripts.validation import validation, write_workbooks
from scripts.workbook import workbook

DOCS = HOUSE / "docs"
CONTRIBUTING = HOUSE / "CONTRIBUTING.md"
BEGIN, END = "<!-- rooms -->", "<!-- end -->"
"""Between them the rooms stand in CONTRIBUTING.md."""

PAGES: Mapping[str, Callable[[], str]] = {
    "formulation.md": formulation,
    "workbook.md": workbook,
    "house.md": house,
    "validation.md": validation,
}
"""The name of each page, and what prints it."""


def main() -> None:
    """Write the examples as workbooks, every page, and the rooms."""
    write_workbooks()
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8", newline="\n")
    CONTRIBUTING.write_text(with_rooms(CONTRIBUTING.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


def with_rooms(text: str) -> str:
    """CONTRIBUTING.md with the rooms as they are."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n{room_tree()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    main()
