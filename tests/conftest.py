"""What holds for all tests: those of the two large cases are slow, wherever they stand."""

import pytest

LARGE = ("reference-36", "us-2026", "us_2026")
"""Cases that take seconds to solve or to write."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is named for a large case, or has one as a fixture."""
    for item in items:
        if any(name in item.name or name in getattr(item, "fixturenames", ()) for name in LARGE):
            item.add_marker("slow")
