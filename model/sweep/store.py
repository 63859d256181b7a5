"""The results of one sweep, or stress test, in one SQLite file: written as they come, safe against a kill or a power cut, and never two for a point."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from inputs.case import Case
from inputs.errors import FileError, StockpileError
from model.sweep.design import Design
from model.sweep.documents import case_differences, case_of, design_of, document_of
from model.sweep.version import ProgramVersion, program_version, version_difference
from model.sweep.work import Points, Result

APPLICATION = 0x53544B50
"""Marks an SQLite file as a sweep's ("STKP")."""

LAYOUT = 4
"""The version of the tables below."""

TABLES = (
    "CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    """CREATE TABLE results (
        point INTEGER PRIMARY KEY,
        key TEXT NOT NULL,
        status TEXT NOT NULL,
        worker_died INTEGER NOT NULL,
        result TEXT NOT NULL
    )""",
)

COMMIT_SECONDS, COMMIT_POINTS = 1.0, 50
"""What is not yet on the disk is at most so old, and so much."""

WAIT = 30.0
"""Seconds for which another process that writes the file is waited for."""


class StoreError(StockpileError):
    """A file of results that belongs to another case, design or program."""


def keys_of(design: Design, fingerprint: str) -> list[str]:
    """For each point the hash of fingerprint, changes and program: alike exactly where the results must be."""
    return keyed(fingerprint, ("\n".join(["", *(change.text for change in design.changes(number))]) for number in range(len(design))))


def keyed(fingerprint: str, texts: Iterable[str]) -> list[str]:
    """The hash of fingerprint, program, and each text."""
    program = program_version()
    begin = hashlib.sha256(f"{fingerprint}\n{program.packages}\n{program.sources}".encode())
    keys = []
    for text in texts:
        digest = begin.copy()
        digest.update(text.encode())
        keys.append(digest.hexdigest())
    return keys


class Store:
    """An open file of results; close it, or use it as a context. Not for several threads."""

    def __init__(self, path: Path, connection: sqlite3.Connection, purpose: str) -> None:
        self.path, self.connection, self.purpose = path, connection, purpose
        self.waiting: list[tuple[int, str, str, int, str]] = []
        self.committed = time.monotonic()

    @classmethod
    def create_or_continue(cls, path: Path, case: Case, points: Points, *, time_limit: float | None = None, restart: bool = False) -> Store:
        """The store of points of a case: made new where there is none, or with `restart`; else continued.

        A point whose process died is tried again, and one that stopped where the time limit is longer than any before. Raises
        StoreError where the file belongs to another case, other points or another program (its text names
        the cells that differ), and FileError where it is no store of their purpose or cannot be written.
        """
        store = cls(path, connect(path, "rwc", points.purpose), points.purpose)
        try:
            with store.guarded():
                if store.is_new() or restart:
                    store.begin(case, points)
                else:
                    store.compare(case, points)
                store.retry(time_limit)
        except BaseException:
            store.connection.close()
            raise
        return store

    @classmethod
    def open(cls, path: Path, purpose: str = Design.purpose) -> Store:
        """The store of a sweep (or of another purpose) that was begun. Raises FileError where there is none."""
        if not path.is_file():
            raise FileError(f"{path}: no such file; run the {purpose} first.")
        store = cls(path, connect(path, "rw", purpose), purpose)
        try:
            with store.guarded():
                new = store.is_new()
        except BaseException:
            store.connection.close()
            raise
        if new:
            store.connection.close()
            raise FileError(f"{path}: this {purpose} has not begun; run it first.")
        return store

    def is_new(self) -> bool:
        """Whether the file is empty; raises FileError where it holds something else than results."""
        application = self.connection.execute("PRAGMA application_id").fetchone()[0]
        tables = self.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not application and not tables:
            return True
        if application != APPLICATION:
            raise FileError(f"{self.path}: this file is no {self.purpose}'s; name another one for the results.")
        layout = self.connection.execute("PRAGMA user_version").fetchone()[0]
        if layout != LAYOUT:
            raise FileError(f"{self.path}: written by another version of stockpile (layout {layout}, here {LAYOUT}); name another file.")
        if self.about("purpose") != self.purpose:
            raise FileError(
                f"{self.path}: this file has the results of a {self.about('purpose')}, not of a {self.purpose}; name another one."
            )
        return False

    def begin(self, case: Case, points: Points) -> None:
        """Write what the results are of, all at once; what was there before is gone."""
        about = {
            "purpose": points.purpose,
            "packages": program_version().packages,
            "sources": program_version().sources,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "fingerprint": case.fingerprint,
            "case": document_of(case),
            "design": points.document,
        }
        self.connection.execute("BEGIN IMMEDIATE")
        for table in ("about", "results"):
            self.connection.execute(f"DROP TABLE IF EXISTS {table}")
        for table in TABLES:
            self.connection.execute(table)
        self.connection.executemany("INSERT INTO about VALUES (?, ?)", [(name, json.dumps(value)) for name, value in about.items()])
        self.connection.execute(f"PRAGMA application_id = {APPLICATION}")
        self.connection.execute(f"PRAGMA user_version = {LAYOUT}")
        self.connection.execute("COMMIT")

    def compare(self, case: Case, points: Points) -> None:
        """Refuse another case, other points or another program than the store's."""
        reasons = []
        if self.about("fingerprint") != case.fingerprint:
            found = case_differences(self.about("case"), document_of(case))
            reasons += ["the case has changed since (then -> now):", *(f"  {line}" for line in found)]
        reasons += points.differences(self.about("design"))
        if changed := version_difference(self.version(), program_version()):
            reasons.append(changed)
        if reasons:
            kept = self.connection.execute("SELECT count(*) FROM results").fetchone()[0]
            raise StoreError(
                "\n".join([f"{self.path} holds the results of another {self.purpose}:", *reasons])
                + f"\nName other files for a new {self.purpose} (--store and --out), go back to what it was to continue this one,"
                + f" or add --restart to throw its {kept:,} result{'s' if kept != 1 else ''} away."
            )

    def retry(self, time_limit: float | None) -> None:
        """Delete the results of points whose process died, and of those that stopped, where the time limit is longer than any before.

        While points that stopped remain, the longest limit is kept: one of them may have had all of it.
        """
        row = self.connection.execute("SELECT value FROM about WHERE name = 'time_limit'").fetchone()
        before = json.loads(row[0]) if row else time_limit
        longer = before is not None and (time_limit is None or time_limit > before)
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.execute("DELETE FROM results WHERE worker_died OR (? AND status = 'stopped')", [longer])
        stopped = self.connection.execute("SELECT count(*) FROM results WHERE status = 'stopped'").fetchone()[0]
        self.connection.execute("INSERT OR REPLACE INTO about VALUES ('time_limit', ?)", [json.dumps(before if stopped else time_limit)])
        self.connection.execute("COMMIT")

    def about(self, name: str) -> Any:
        """What was noted under a name when the store was made."""
        with self.guarded():
            return json.loads(self.connection.execute("SELECT value FROM about WHERE name = ?", [name]).fetchone()[0])

    def version(self) -> ProgramVersion:
        """The program that wrote the results."""
        return ProgramVersion(self.about("packages"), self.about("sources"))

    def sweep(self) -> tuple[Case, Design]:
        """The case and the design of the sweep."""
        case = case_of(self.about("case"))
        return case, design_of(self.about("design"), case)

    def statuses(self) -> dict[int, str]:
        """The status of every point that has a result."""
        with self.guarded():
            return dict(self.connection.execute("SELECT point, status FROM results").fetchall())

    def results(self) -> Iterator[Result]:
        """Every result, in the order of the points."""
        with self.guarded():
            for number, status, worker_died, text in self.connection.execute(
                "SELECT point, status, worker_died, result FROM results ORDER BY point"
            ):
                yield Result(number, status, json.loads(text), bool(worker_died))

    def add(self, key: str, result: Result) -> None:
        """Keep the result of a point with its key; a point that has one keeps it."""
        self.waiting.append((result.number, key, result.status, int(result.worker_died), json.dumps(dict(result.fields))))
        if len(self.waiting) >= COMMIT_POINTS or time.monotonic() - self.committed >= COMMIT_SECONDS:
            self.commit()

    def commit(self) -> None:
        """Put on the disk what was added."""
        with self.guarded():
            if self.waiting:
                self.connection.execute("BEGIN IMMEDIATE")
                self.connection.executemany("INSERT OR IGNORE INTO results VALUES (?, ?, ?, ?, ?)", self.waiting)
                self.connection.execute("COMMIT")
        self.waiting.clear()
        self.committed = time.monotonic()

    def close(self) -> None:
        """Write what is pending, and close the file."""
        try:
            self.commit()
        finally:
            self.connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def guarded(self) -> AbstractContextManager[None]:
        """Turn what SQLite says into words with the path."""
        return guarded(self.path, self.purpose)


@contextmanager
def guarded(path: Path, purpose: str) -> Iterator[None]:
    """Say in words what SQLite has against a file."""
    try:
        yield
    except sqlite3.Error as error:
        text = str(error)
        if "locked" in text or "busy" in text:
            why = "another process writes to it; wait until it has finished"
        elif "not a database" in text or "malformed" in text:
            why = f"this file is no {purpose}'s, or damaged; name another one for the results"
        else:
            why = f"the results cannot be kept ({text}); see that the disk has room and the file can be written"
        raise FileError(f"{path}: {why}.") from error


def uri_of(path: PurePath, mode: str) -> str:
    """An absolute path as SQLite takes it; the server of a share is part of the path, for SQLite knows no server before it."""
    name = quote(os.fsencode(path.as_posix()), safe="/:")
    return f"file://{'' if name.startswith('/') else '/'}{name}?mode={mode}"


def connect(path: Path, mode: str, purpose: str) -> sqlite3.Connection:
    """A connection that commits when told to, and then to the disk itself. Raises FileError."""
    if not path.parent.is_dir():
        raise FileError(f"{path.parent}: no such folder; make it first, or name another file.")
    if path.is_dir():
        raise FileError(f"{path}: this is a folder; name a file.")
    with guarded(path, purpose):
        connection = sqlite3.connect(uri_of(path.absolute(), mode), uri=True, timeout=WAIT, isolation_level=None)
        try:
            connection.execute("PRAGMA synchronous = FULL")
        except sqlite3.Error:
            connection.close()
            raise
    return connection
