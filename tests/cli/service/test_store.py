"""What the service keeps: rows and files that belong together, whoever asks at the same time."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cli.service.housekeeping import tidy
from cli.service.settings import Settings
from cli.service.store import Store

WORKBOOK = b"PK\x03\x04"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    kept = Store(Settings(tmp_path, "token"))
    yield kept
    kept.close()


def test_an_upload_that_meets_a_deletion_is_there_with_its_workbook_or_not_at_all(store: Store) -> None:
    """Two hundred times both at once: the row and the file are there, or neither."""
    case = store.add_case(io.BytesIO(WORKBOOK), "case.xlsx")[0].id
    with ThreadPoolExecutor(2) as threads:
        for _ in range(200):
            deleting = threads.submit(store.delete_case, case)
            adding = threads.submit(store.add_case, io.BytesIO(WORKBOOK), "case.xlsx")
            assert deleting.result()
            assert adding.result()
            assert (store.case(case) is not None) == store.workbook(case).exists()


def test_a_workbook_that_comes_again_is_kept_as_long_as_a_new_one(store: Store) -> None:
    """Uploaded in 1970, and again now: it is the case that it was, with its name, and of today."""
    case, first = store.add_case(io.BytesIO(WORKBOOK), "case.xlsx")
    store.set_case(case.id, created=1.0, name="mine")
    again, second = store.add_case(io.BytesIO(WORKBOOK), "another.xlsx")
    tidy(store.settings, store)

    assert (first, second) == (True, False)
    assert again.created >= case.created
    assert store.case(case.id) == again
    assert again.name == "mine"
