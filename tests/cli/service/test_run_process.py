"""What a run reads is put into its folder."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from cli.service.run_process import link

MEMORY = Path("/dev/shm")


@pytest.mark.skipif(not MEMORY.is_dir(), reason="there is no second file system")
def test_what_cannot_be_linked_is_copied(tmp_path: Path) -> None:
    """No file has a name on another file system."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as elsewhere:
        source = Path(elsewhere) / "case.xlsx"
        source.write_text("a workbook")
        (tmp_path / "case.xlsx").write_text("an older one")
        link(source, tmp_path / "case.xlsx")

    assert (tmp_path / "case.xlsx").read_text() == "a workbook"


def test_what_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as raised:
        link(tmp_path / "gone.xlsx", tmp_path / "case.xlsx")

    assert raised.value.filename == str(tmp_path / "gone.xlsx")
