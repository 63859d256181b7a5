"""One service for the tests that do not harm it."""

import sys
from collections.abc import Iterator

import pytest

from tests.kit.service import Service

collect_ignore_glob = ["test_*.py"] if sys.platform == "win32" else []
"""The service runs on Linux and macOS."""


@pytest.fixture(scope="package")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with Service(tmp_path_factory.mktemp("service") / "data") as running:
        yield running


@pytest.fixture(scope="package")
def planned(service: Service) -> str:
    """A run of it that is a plan of the teaching case."""
    run = service.run(service.submit(service.upload(), options={"quick": True})["id"], wait=60)
    assert run["status"] == "solved", run
    return str(run["id"])
