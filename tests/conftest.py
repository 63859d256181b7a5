"""What holds for all tests: those of the large cases, and the files that take longest, are slow, wherever they stand."""

import pytest

LARGE = ("reference-36", "us-2026", "us_2026")
"""Cases that take seconds to solve or to write."""

LONG = (
    *("cli/service/test_events.py", "cli/service/test_guard.py", "cli/service/test_openapi.py", "cli/service/test_runs.py"),
    *("cli/test_app.py", "cli/test_sweep.py", "inputs/test_faults.py", "inputs/test_needs.py", "inputs/test_robust.py"),
    *(
        "model/certificate/test_check.py",
        "model/certificate/test_rebuild.py",
        "model/resolve/test_resolver.py",
        "model/solver/test_highs.py",
    ),
    *("model/stress/test_run.py", "model/sweep/test_run.py", "model/test_invariants.py", "model/test_properties.py", "model/test_tree.py"),
    *("outputs/excel/test_workbook.py", "outputs/sweep/test_workbook.py", "outputs/tables/test_budget.py", "outputs/test_verify.py"),
)
"""Files that take five seconds or more; `scripts/check` leaves them to `.ci/run`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is named for a large case, or has one as a fixture, and every test of a long file."""
    for item in items:
        large = any(name in item.name or name in getattr(item, "fixturenames", ()) for name in LARGE)
        if large or item.path.as_posix().endswith(LONG):
            item.add_marker("slow")
