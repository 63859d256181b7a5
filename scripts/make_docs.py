"""Print the reference pages in docs/, the rooms in CONTRIBUTING.md and an example in README.md, from the model, the schema, the sources and the published examples.

    python -m scripts.make_docs

`scripts/check` runs it; `tests/test_docs.py` fails where a page is out of date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scripts.explained import example
from scripts.formulation import formulation
from scripts.house import HOUSE, house, room_tree
from scripts.validation import validation, write_workbooks
from scripts.workbook import workbook

DOCS = HOUSE / "docs"
CONTRIBUTING = HOUSE / "CONTRIBUTING.md"
README = HOUSE / "README.md"
ROOMS, EXAMPLE, END = "<!-- rooms -->", "<!-- explained -->", "<!-- end -->"
"""Between them and the end stand the rooms in CONTRIBUTING.md, and an explanation in README.md."""

PAGES: Mapping[str, Callable[[], str]] = {
    "formulation.md": formulation,
    "workbook.md": workbook,
    "house.md": house,
    "validation.md": validation,
}
"""The name of each page, and what prints it."""


def main() -> None:
    """Write the examples as workbooks, every page, the rooms and the example."""
    write_workbooks()
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8", newline="\n")
    for file, begin, text in ((CONTRIBUTING, ROOMS, room_tree()), (README, EXAMPLE, example())):
        file.write_text(replaced(file.read_text(encoding="utf-8"), begin, text), encoding="utf-8", newline="\n")


def replaced(page: str, begin: str, text: str) -> str:
    """A page with another text between `begin` and the end that follows it."""
    before, _, rest = page.partition(begin)
    return f"{before}{begin}\n{text}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    main()
