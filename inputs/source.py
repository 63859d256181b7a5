"""The bytes of a case's files, read once: what is planned, what is copied and what is hashed are the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from inputs.errors import FileError

MAX_BYTES = 400_000_000
"""What a workbook may take, packed or unpacked; a planner's is well under a tenth of it."""


@dataclass(frozen=True, eq=False)
class Source:
    """A case's files as they were when it was read: by name the bytes of a workbook, or of each CSV file of a folder, in order of their names."""

    path: Path
    is_folder: bool
    files: Mapping[str, bytes]

    @property
    def content(self) -> bytes:
        """The bytes of the workbook."""
        return self.files[self.path.name]

    @cached_property
    def sha256(self) -> str:
        """SHA-256 in hex: of the workbook's bytes, or of the names and bytes of the CSV files."""
        digest = hashlib.sha256()
        for name, content in self.files.items():
            if self.is_folder:
                digest.update(name.encode())
            digest.update(content)
        return digest.hexdigest()


def read_source(path: Path) -> Source:
    """The bytes of a workbook (xlsx, xlsm) or of the CSV files in a folder.

    Raises FileError, in one line, where the file is not there, cannot be read, is too large, or is of another kind.
    """
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except OSError as error:
        raise FileError(f"{path}: this cannot be the name of a file ({error.strerror}).") from error
    if is_folder:
        return Source(path, True, {file.name: read_bytes(file) for file in sorted(path.glob("*.csv"))})
    if not exists:
        raise FileError(f"{path}: no such file.")
    suffix = path.suffix.lower()
    if suffix == ".csv":
        raise FileError(f"{path}: one CSV file is one sheet; give the folder that holds a CSV file for each sheet.")
    if suffix in (".xls", ".xlsb", ".ods"):
        raise FileError(f"{path}: {suffix} files are not read; open it in Excel or LibreOffice and save it as .xlsx.")
    return Source(path, False, {path.name: read_bytes(path)})


def read_bytes(file: Path) -> bytes:
    """The bytes of one file; raises FileError where it cannot be read or is too large."""
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise FileError(f"{file}: it cannot be read ({error.strerror}); is it open in another program?") from error
    if len(content) > MAX_BYTES:
        raise FileError(f"{file}: the file has more than {MAX_BYTES / 1e6:,.0f} MB, which is refused.")
    return content
