"""One service for the tests that do not harm it."""

from collections.abc import Iterator

import pytest

from tests.kit.service import Service


@pytest.fixture(scope="package")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with Service(tmp_path_factory.mktemp("service") / "data") as running:
        yield running
