"""Markdown of tables, formulas and headings."""

from __future__ import annotations

import re
from collections.abc import Sequence

PRINTED = "<!-- Printed by `python -m scripts.make_docs`; do not edit. -->"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; a bar in a cell stays text."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines)


def code(text: str) -> str:
    """Words in the type of code, nothing of nothing."""
    return f"`{text}`" if text else ""


def block(text: str) -> str:
    """A formula on lines of its own."""
    return f"```text\n{text}\n```"


def anchor(heading: str) -> str:
    """A link within a page to one of its headings."""
    return f"[{heading}](#{re.sub(r'[^a-z0-9_ -]', '', heading.lower()).replace(' ', '-')})"


def page(*parts: str) -> str:
    """Parts with an empty line between them."""
    return "\n\n".join(part for part in parts if part) + "\n"
