"""Files are written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from xlsxwriter.exceptions import XlsxWriterException

from inputs.errors import FileError

TRIES = 20


def write_whole(path: Path, write: Callable[[Path], None]) -> Path:
    """Let `write` fill a temporary file beside `path`, then put it in its place.

    Returns where the file now is: `path`, or a name beside it ("plan (2).xlsx") where the
    target is open in another program. Raises FileError where the folder cannot be written.
    """
    check_target(path)
    folder = path.parent
    try:
        handle, name = tempfile.mkstemp(prefix=".stockpile-", suffix=path.suffix, dir=folder)
    except OSError as error:
        raise FileError(f"{folder}: nothing can be written in this folder ({error.strerror}).") from error
    os.close(handle)
    temporary = Path(name)
    try:
        try:
            write(temporary)
        except (OSError, XlsxWriterException) as error:
            raise FileError(f"{path}: it cannot be written ({error}).") from error
        temporary.chmod(0o666 & ~current_umask())
        return put_in_place(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def check_target(path: Path) -> None:
    """Raise FileError where a file can clearly not be written, before anything is computed for it."""
    if not path.parent.is_dir():
        raise FileError(f"{path.parent}: no such folder; make it first, or name another file.")
    if path.is_dir():
        raise FileError(f"{path}: this is a folder; name a file.")


def put_in_place(temporary: Path, path: Path) -> Path:
    """Rename onto `path`; beside it where another program keeps it open (Windows)."""
    for target in [path, *(path.with_name(f"{path.stem} ({i}){path.suffix}") for i in range(2, TRIES))]:
        if target is not path and target.exists():
            continue
        try:
            temporary.replace(target)
        except PermissionError:
            continue
        return target
    raise FileError(f"{path}: the file is open in another program; close it and run again.")


def current_umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def sha256(path: Path) -> str:
    """SHA-256 of a file, or of the names and bytes of a folder's CSV files, in hex."""
    digest = hashlib.sha256()
    for file in sorted(path.glob("*.csv")) if path.is_dir() else [path]:
        if path.is_dir():
            digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def refuse_to_replace(path: Path, sheets: Sequence[str], what: str) -> None:
    """Raise FileError where a file exists that is not a workbook with these sheets: it may be somebody's work."""
    if not path.exists() or path.is_dir():
        return
    try:
        with zipfile.ZipFile(path) as archive:
            content = archive.read("xl/workbook.xml").decode("utf-8", errors="replace")
    except (zipfile.BadZipFile, KeyError, OSError):
        content = ""
    if not all(f'name="{sheet}"' in content for sheet in sheets):
        raise FileError(f"{path}: this file exists and is not {what}; name another, or add --force to replace it.")
