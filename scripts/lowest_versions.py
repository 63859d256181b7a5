"""The lowest versions that pyproject.toml allows, as constraints for pip: one for each package that it names with a least version."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parent.parent / "pyproject.toml"


def lowest_versions() -> Iterator[str]:
    """Lines such as "numpy==1.26", each package once."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    extras = (requirement for of_extra in project["optional-dependencies"].values() for requirement in of_extra)
    for requirement in dict.fromkeys([*project["dependencies"], *extras]):
        if found := re.match(r"([A-Za-z0-9_.-]+)>=([0-9.]+)", requirement):
            yield f"{found[1]}=={found[2]}"


if __name__ == "__main__":
    print("\n".join(lowest_versions()))
