"""What leaves when the disk is full, and in which order."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from cli.service.housekeeping import size_of, tidy
from cli.service.settings import Settings
from cli.service.store import Store


@pytest.mark.parametrize(
    ("room", "left"),
    [
        (3_500_000, (["large", "small", "used"], ["0", "1", "2"])),
        (3_000_000, (["small", "used"], ["0", "1", "2"])),
        (1_500_000, (["used"], ["1", "2"])),
        (0, (["used"], ["2"])),
    ],
)
def test_on_a_full_disk_cases_without_runs_leave_before_runs(tmp_path: Path, room: int, left: tuple[list[str], list[str]]) -> None:
    """A workbook of 1 MB and a small one, later, that nobody ran; three runs of another with 0.7 MB each, the last pinned."""
    store = Store(Settings(tmp_path, "token"))
    case, _, _ = (
        store.add_case(io.BytesIO(b"PK\x03\x04" + name.encode() * size), name)[0]
        for name, size in (("used", 10), ("large", 200_000), ("small", 10))
    )
    for number in range(3):
        run = store.add_run({"case": case.id, "kind": "plan", "options": {}, "name": str(number), "notes": ""})
        store.set_run(run.id, status="solved", ended=run.created + number, pinned=number == 2)
        store.folder(run.id).mkdir()
        (store.folder(run.id) / "plan.xlsx").write_bytes(bytes(700_000))
    rows = size_of(tmp_path) - 3 * 700_000 - 1_000_000
    used = tidy(Settings(tmp_path, "token", disk_bytes=room + rows), store)

    assert used == size_of(tmp_path)
    assert (sorted(c.name for c in store.cases()), sorted(r.name for r in store.all_runs())) == left
    store.close()
