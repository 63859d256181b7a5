"""Files are written whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import secrets
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from xlsxwriter.exceptions import XlsxWriterException

from inputs.errors import FileError

TRIES = 20
STALE_AFTER = 24 * 3600
"""Seconds after which a temporary file is taken for one that a killed process left, whoever made it."""


def write_whole(path: Path, write: Callable[[Path], None]) -> Path:
    """Let `write` fill a temporary file beside `path`, then put it in its place.

    Returns where the file now is: `path`, or a name beside it ("plan (2).xlsx") where the
    target is open in another program. Raises FileError where the folder cannot be written.
    Temporary files of the same target whose process was killed are deleted first.
    """
    check_target(path)
    delete_stale(path)
    temporary = make_temporary(path)
    try:
        try:
            write(temporary)
        except (OSError, XlsxWriterException) as error:
            raise FileError(f"{path}: it cannot be written ({error}).") from error
        return put_in_place(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def make_temporary(path: Path) -> Path:
    """An empty file of this process beside `path`, with the permissions of any new file."""
    temporary = path.with_name(f"{prefix_of(path)}{os.getpid()}-{secrets.token_hex(4)}{path.suffix}")
    try:
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except OSError as error:
        raise FileError(f"{path.parent}: nothing can be written in this folder ({error.strerror}).") from error
    return temporary


def delete_stale(path: Path) -> None:
    """Delete what killed processes left of `path`: temporary files of processes that are gone, or a day old."""
    for file in path.parent.glob(f".stockpile-{short_digest(path.name)}-*"):
        with contextlib.suppress(OSError):  # somebody else's, or deleted by somebody else meanwhile
            if is_stale(file, path):
                file.unlink()


def is_stale(file: Path, path: Path) -> bool:
    """Whether no live process can be writing a temporary file of `path`; another machine's is stale when it is old."""
    if time.time() - file.stat().st_mtime > STALE_AFTER:
        return True
    process = file.name.removeprefix(prefix_of(path)).partition("-")[0]
    return process.isdecimal() and not is_running(int(process))


def is_running(process: int) -> bool:
    """Whether a process of this machine runs, as far as can be known: to ask is to end it on Windows."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def prefix_of(path: Path) -> str:
    """How the names of this machine's temporary files of a target begin; the number of the process follows."""
    return f".stockpile-{short_digest(path.name)}-{short_digest(platform.node())}-"


def short_digest(text: str) -> str:
    """Eight hex digits that tell texts apart in a file's name."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:8]


def check_target(path: Path) -> None:
    """Raise FileError where a file can clearly not be written, before anything is computed for it."""
    if not path.parent.is_dir():
        raise FileError(f"{path.parent}: no such folder; make it first, or name another file.")
    if path.is_dir():
        raise FileError(f"{path}: this is a folder; name a file.")


def check_apart(source: Path, what: str, files: Sequence[Path]) -> None:
    """Raise FileError where a file cannot be written, or would replace what is read (`what` says in words what that is) or another of them."""
    for file in files:
        check_target(file)
        if source.resolve() in (file.resolve(), file.resolve().parent):
            raise FileError(f"{file}: this is {what} itself, which is never written to; name another file.")
    places = [file.resolve() for file in files]
    twice = next((file for file, place in zip(files, places, strict=True) if places.count(place) > 1), None)
    if twice:
        raise FileError(f"{twice}: two results would go to this one file; name another for one of them.")


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
