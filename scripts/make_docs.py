"""Print the reference pages in docs/ from the model and the schema.

    python -m scripts.make_docs

Run it after every change of a family, a parameter, a sheet or a column; `tests/test_docs.py` fails until then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from scripts.formulation import formulation
from scripts.workbook import workbook

DOCS = Path(__file__).parent.parent / "docs"

PAGES: Mapping[str, Callable[[], str]] = {"formulation.md": formulation, "workbook.md": workbook}
"""The name of each page, and what prints it."""


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
