"""What the service keeps: rows in one SQLite file, and workbooks named by their SHA-256 in a folder beside it."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any, BinaryIO

from cli.service.resources import CaseStatus, RunStatus
from cli.service.settings import Settings

SCHEMA = """
CREATE TABLE IF NOT EXISTS cases (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, bytes INTEGER NOT NULL, created REAL NOT NULL, status TEXT NOT NULL,
    errors INTEGER NOT NULL DEFAULT 0, warnings INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, "case" TEXT NOT NULL REFERENCES cases(id), kind TEXT NOT NULL, options TEXT NOT NULL,
    name TEXT NOT NULL, notes TEXT NOT NULL, pinned INTEGER NOT NULL DEFAULT 0, status TEXT NOT NULL,
    stage TEXT NOT NULL DEFAULT '', done INTEGER, total INTEGER, seconds_left REAL, message TEXT NOT NULL DEFAULT '',
    errors TEXT NOT NULL DEFAULT '[]', artifacts TEXT NOT NULL DEFAULT '[]',
    created REAL NOT NULL, started REAL, ended REAL, idempotency_key TEXT UNIQUE, request TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS runs_by_status ON runs(status, created);
CREATE INDEX IF NOT EXISTS runs_by_case ON runs("case");
CREATE TABLE IF NOT EXISTS events (
    run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, number INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (run, number)
) STRICT, WITHOUT ROWID;
"""

CHUNK = 1 << 20


@dataclass(frozen=True)
class CaseRow:
    """An uploaded workbook; `created` is in seconds since 1970."""

    id: str
    name: str
    bytes: int
    created: float
    status: CaseStatus
    errors: int
    warnings: int


@dataclass(frozen=True)
class RunRow:
    """A run. `errors` are the cells at fault, `artifacts` the names of the files that it made, times are in seconds since 1970, `request` is what was asked, to know it again by its key."""

    id: str
    case: str
    kind: str
    options: Mapping[str, Any]
    name: str
    notes: str
    pinned: bool
    status: RunStatus
    stage: str
    done: int | None
    total: int | None
    seconds_left: float | None
    message: str
    errors: Sequence[Mapping[str, str]]
    artifacts: Sequence[str]
    created: float
    started: float | None
    ended: float | None
    idempotency_key: str | None
    request: str


class Store:
    """The rows and files of a service; every function may be called from any thread, and is done when it returns."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        for folder in (settings.cases, settings.runs):
            folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(settings.temporary, ignore_errors=True)
        settings.temporary.mkdir()
        self.lock = RLock()
        self.rows = sqlite3.connect(settings.data / "stockpile.sqlite", check_same_thread=False, isolation_level=None)
        self.rows.row_factory = sqlite3.Row
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            self.rows.execute(f"PRAGMA {pragma}")
        self.rows.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file of rows."""
        with self.lock:
            self.rows.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All changes within it, or none."""
        with self.lock, self.rows:
            self.rows.execute("BEGIN IMMEDIATE")
            yield self.rows

    def fetch(self, query: str, *values: object) -> list[sqlite3.Row]:
        """The rows of a query."""
        with self.lock:
            return self.rows.execute(query, values).fetchall()

    # cases

    def add_case(self, content: BinaryIO, name: str) -> tuple[CaseRow, bool]:
        """Keep a workbook under its SHA-256; returns its row, and whether it is new; one that comes again is kept as long as a new one. The name is for people alone."""
        digest, temporary = hashlib.sha256(), self.settings.temporary / secrets.token_hex(8)
        try:
            size = 0
            with temporary.open("xb") as file:
                while chunk := content.read(CHUNK):
                    digest.update(chunk)
                    size += file.write(chunk)
            case = digest.hexdigest()
            with self.transaction() as rows:
                known = self.case(case)
                rows.execute(
                    "INSERT INTO cases (id, name, bytes, created, status) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET created = excluded.created",
                    (case, name[:200], size, time.time(), CaseStatus.CHECKING),
                )
                temporary.replace(self.workbook(case))
                row = self.case(case)
        finally:
            temporary.unlink(missing_ok=True)
        assert row
        return row, known is None

    def workbook(self, case: str) -> Path:
        """Where the workbook of a case is."""
        return self.settings.cases / f"{case}.xlsx"

    def beside(self, case: str, what: str) -> Path:
        """Where a file made from a workbook is: `findings.json`, `findings.html`, `annotated.xlsx`."""
        return self.settings.cases / f"{case}.{what}"

    def case(self, case: str) -> CaseRow | None:
        """One case."""
        return next(map(case_row, self.fetch("SELECT * FROM cases WHERE id = ?", case)), None)

    def cases(self, limit: int = -1) -> list[CaseRow]:
        """The cases, the newest first; all, or so many at most."""
        return [*map(case_row, self.fetch("SELECT * FROM cases ORDER BY created DESC, id LIMIT ?", limit))]

    def findings(self, case: str) -> list[dict[str, str]]:
        """What the check found; empty before it."""
        found: list[dict[str, str]] = read_json(self.beside(case, "findings.json"))
        return found

    def set_case(self, case: str, **values: object) -> None:
        """Change columns of a case."""
        self.set("cases", case, values)

    def delete_case(self, case: str) -> bool:
        """Forget a case and its files; False where runs of it are kept."""
        with self.lock:
            with self.transaction() as rows:
                if rows.execute('SELECT 1 FROM runs WHERE "case" = ?', (case,)).fetchone():
                    return False
                rows.execute("DELETE FROM cases WHERE id = ?", (case,))
            for file in self.settings.cases.glob(f"{case}.*"):
                file.unlink(missing_ok=True)
        return True

    # runs

    def add_run(self, request: Mapping[str, Any], key: str | None = None) -> RunRow:
        """Queue a run; with a key that was given before, the run that it gave then."""
        run, text = secrets.token_hex(8), json.dumps(request, sort_keys=True)
        columns = {
            "id": run, "case": request["case"], "kind": request["kind"], "options": json.dumps(request["options"]), "name": request["name"],
            "notes": request["notes"], "status": RunStatus.QUEUED, "created": time.time(), "idempotency_key": key, "request": text,
        }  # fmt: skip
        with self.transaction() as rows:
            known = rows.execute("SELECT * FROM runs WHERE idempotency_key = ?", (key,)).fetchone() if key else None
            if known:
                return run_row(known)
            names = ", ".join(f'"{name}"' for name in columns)
            rows.execute(f"INSERT INTO runs ({names}) VALUES ({', '.join('?' * len(columns))})", tuple(columns.values()))
            self.add_event(run)
        row = self.run(run)
        assert row
        return row

    def folder(self, run: str) -> Path:
        """The folder of a run."""
        return self.settings.runs / run

    def artifact(self, run: RunRow, name: str) -> Path | None:
        """Where a file is that a run made; None for any other name."""
        path = self.folder(run.id) / name
        return path if name in run.artifacts and path.is_file() else None

    def run(self, run: str) -> RunRow | None:
        """One run."""
        return next(map(run_row, self.fetch("SELECT * FROM runs WHERE id = ?", run)), None)

    def all_runs(self, *, case: str | None = None, status: RunStatus | None = None, limit: int = 1000) -> list[RunRow]:
        """The runs (of a case, of a status), the newest first."""
        query = 'SELECT * FROM runs WHERE (?1 IS NULL OR "case" = ?1) AND (?2 IS NULL OR status = ?2) ORDER BY created DESC, id LIMIT ?3'
        return [*map(run_row, self.fetch(query, case, status, limit))]

    def next_queued(self) -> RunRow | None:
        """The run that has waited longest."""
        query = "SELECT * FROM runs WHERE status = ? ORDER BY created, id LIMIT 1"
        return next(map(run_row, self.fetch(query, RunStatus.QUEUED)), None)

    def usual_seconds(self, run: RunRow) -> float | None:
        """How long the same took when it was last solved; None where it never was."""
        query = """SELECT ended - started AS seconds FROM runs WHERE "case" = ? AND kind = ? AND options = ? AND status = ? ORDER BY ended DESC LIMIT 1"""
        rows = self.fetch(query, run.case, run.kind, json.dumps(run.options), RunStatus.SOLVED)
        return rows[0]["seconds"] if rows else None

    def set_run(self, run: str, **values: object) -> None:
        """Change columns of a run, and tell those who listen to it."""
        with self.transaction():
            self.set("runs", run, values)
            self.add_event(run)

    def note_run(self, run: str, **values: object) -> None:
        """Change what people say of a run; nobody is told."""
        if values:
            self.set("runs", run, values)

    def delete_run(self, run: str) -> bool:
        """Forget a run and its files; False where it is not over."""
        with self.transaction() as rows:
            deleted = rows.execute("DELETE FROM runs WHERE id = ? AND status NOT IN (?, ?)", (run, RunStatus.QUEUED, RunStatus.RUNNING))
        if not deleted.rowcount:
            return False
        shutil.rmtree(self.folder(run), ignore_errors=True)
        return True

    def add_event(self, run: str) -> None:
        """Append what a run is now to its events."""
        self.rows.execute(
            """INSERT INTO events SELECT id, (SELECT coalesce(max(number), 0) + 1 FROM events WHERE run = runs.id),
            json_object('status', status, 'stage', stage, 'done', done, 'total', total, 'seconds_left', seconds_left, 'message', message)
            FROM runs WHERE id = ?""",
            (run,),
        )

    def events(self, run: str, after: int) -> list[tuple[int, str]]:
        """(number, JSON) of the events of a run after one."""
        rows = self.fetch("SELECT number, data FROM events WHERE run = ? AND number > ? ORDER BY number", run, after)
        return [(row["number"], row["data"]) for row in rows]

    def set(self, table: str, key: str, values: Mapping[str, object]) -> None:
        """Change columns of a row."""
        with self.lock:
            said = ", ".join(f'"{name}" = ?' for name in values)
            self.rows.execute(f"UPDATE {table} SET {said} WHERE id = ?", (*values.values(), key))


def case_row(row: sqlite3.Row) -> CaseRow:
    """A row of the table of cases."""
    return CaseRow(**{**dict(row), "status": CaseStatus(row["status"])})


def run_row(row: sqlite3.Row) -> RunRow:
    """A row of the table of runs."""
    plain: dict[str, Callable[[Any], Any]] = {
        "options": json.loads,
        "errors": json.loads,
        "artifacts": json.loads,
        "pinned": bool,
        "status": RunStatus,
    }
    return RunRow(**{name: plain[name](value) if name in plain else value for name, value in dict(row).items()})


def read_json(file: Path) -> Any:
    """What a file holds; an empty list where there is none."""
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
