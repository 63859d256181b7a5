"""What a workbook may unpack to: looked at before anything unpacks it, for a small file may be made of very much."""

from __future__ import annotations

import zipfile
from pathlib import Path

from inputs.errors import FileError

RATIO = 100
"""How many times as large as packed a workbook may be that unpacks to more than FREE bytes; Excel's are 5 to 20 times."""

FREE = 10_000_000

PARTS = 5000
"""The most parts; a workbook has some for each sheet."""


def check_unpacked(workbook: Path, most: int) -> None:
    """Raise FileError where a workbook would unpack to more than `most` bytes, or to far more than it takes, or has parts without number."""
    try:
        with zipfile.ZipFile(workbook) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FileError(f"{workbook}: this is not an .xlsx workbook, or it is cut short.") from error
    size = sum(part.file_size for part in parts)
    if size > most or (size > FREE and size > RATIO * workbook.stat().st_size) or len(parts) > PARTS:
        raise FileError(f"{workbook}: the workbook would unpack to {size / 1e6:,.0f} MB in {len(parts):,} parts, which is refused.")
