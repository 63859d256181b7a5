"""What runs: at most so many processes at a time, each with its limits; nothing is shown as running that is not."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cli.service.problems import Refused
from cli.service.resources import CaseStatus, Fault, RunStatus
from cli.service.settings import Settings
from cli.service.store import CaseRow, RunRow, Store
from cli.service.warm import WarmProcess, WorkerDied, begin, command_of, end_group

log = logging.getLogger("stockpile.service")

LOG, RESULT, REQUEST, CASE, OTHERS = "log.txt", "result.json", "request.json", "case.xlsx", "others"
SHOWN = (".xlsx", ".html", ".csv", ".sqlite", ".json", ".txt")
"""Endings of the files in a run's folder that it made for others."""


class Runs:
    """The queue of a service and the processes of its runs; in the thread of the event loop alone."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings, self.store = settings, store
        self.running: dict[str, asyncio.Task[None]] = {}
        self.processes: dict[str, asyncio.subprocess.Process] = {}
        self.checks: dict[str, asyncio.Task[None]] = {}
        self.cancelled: set[str] = set()
        self.closing = False
        self.news: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.checker = WarmProcess(command_of(settings.check_bytes, "cli.service.checker"), settings.temporary)

    # the service's life

    async def start(self) -> None:
        """Take up what an earlier service left: what is finished is finished, what was running is lost, what waited is begun."""
        for run in self.store.all_runs(status=RunStatus.RUNNING):
            if not self.take_result(run):
                self.change(run.id, status=RunStatus.LOST, ended=time.time(), seconds_left=None, message="the service ended while it ran")
        for case in self.store.cases():
            if case.status is CaseStatus.CHECKING:
                self.check(case)
        self.pump()

    async def close(self) -> None:
        """End all processes; what was running is lost, and can be started again."""
        self.closing = True
        for event in self.news.values():
            event.set()
        for process in [*self.processes.values()]:
            await end_group(process)
        await self.checker.end()
        tasks = [*self.running.values(), *self.checks.values()]
        for task in self.checks.values():
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # cases

    def check(self, case: CaseRow) -> None:
        """Have a workbook read and checked, unless that is being done."""
        if case.id not in self.checks:
            self.checks[case.id] = asyncio.create_task(self.checked(case.id))

    async def checked(self, case: str) -> None:
        """Check a workbook in the process that is there for it."""
        store = self.store
        question = {
            "what": "check",
            "workbook": str(store.workbook(case)),
            "findings": str(store.beside(case, "findings.json")),
            "page": str(store.beside(case, "findings.html")),
        }
        try:
            answer = await self.checker.ask(question, self.settings.check_seconds)
        except WorkerDied as error:
            finding = {"sheet": "", "cell": "", "code": "file", "found": "", "expected": "a workbook of a case", "level": "error", "column": "", "message": f"the workbook could not be read: {error}."}  # fmt: skip
            store.beside(case, "findings.json").write_text(json.dumps([finding]), encoding="utf-8")
            answer = {"error": 1, "warning": 0}
        finally:
            self.checks.pop(case, None)
        status = CaseStatus.INVALID if answer["error"] else CaseStatus.READY
        store.set_case(case, status=status, errors=answer["error"], warnings=answer["warning"])
        self.tell(case)

    async def annotated(self, case: CaseRow) -> Path:
        """The copy of a workbook with its findings in it, made when it is first asked for. Raises Refused where it cannot be."""
        copy = self.store.beside(case.id, "annotated.xlsx")
        if not copy.exists():
            question = {"what": "annotate", "workbook": str(self.store.workbook(case.id)), "annotated": str(copy)}
            try:
                answer = await self.checker.ask(question, self.settings.check_seconds)
            except WorkerDied as error:
                raise Refused(422, f"the workbook cannot be copied: {error}.") from None
            if answer["refused"]:
                raise Refused(422, str(answer["refused"]))
        return copy

    # runs

    def submit(self, request: Mapping[str, Any], key: str | None = None) -> RunRow:
        """Queue a run; with a key that was given before, the run that it gave then. Raises Refused where it cannot be done as asked."""
        case = self.store.case(request["case"])
        if case is None:
            raise Refused(422, f"there is no case {request['case']}; upload it first.")
        if case.status is CaseStatus.INVALID and request["kind"] != "explain":
            raise Refused(422, "the case has errors", [fault_of(f) for f in self.store.findings(case.id) if f["level"] == "error"])
        run = self.store.add_run(request, key)
        if key and run.request != json.dumps(request, sort_keys=True):
            raise Refused(422, "this Idempotency-Key was given before, with another request.")
        self.pump()
        return run

    def restart(self, run: RunRow) -> RunRow:
        """Queue a run that is over once more: a sweep goes on where it was."""
        if not run.status.over:
            raise Refused(409, f"the run is {run.status}.")
        (self.store.folder(run.id) / RESULT).unlink(missing_ok=True)
        self.change(
            run.id,
            status=RunStatus.QUEUED,
            started=None,
            ended=None,
            message="",
            errors="[]",
            artifacts="[]",
            stage="",
            done=None,
            total=None,
        )
        self.pump()
        return self.store.run(run.id) or run

    async def cancel(self, run: RunRow) -> RunRow:
        """End a run, and all of its processes. Raises Refused where it is over."""
        if run.status.over:
            raise Refused(409, f"the run is over: {run.status}.")
        self.cancelled.add(run.id)
        task = self.running.get(run.id)
        if process := self.processes.get(run.id):
            await end_group(process)
        if task:
            await asyncio.wait([task])
        else:
            self.cancelled.discard(run.id)
            self.finish(run.id, RunStatus.CANCELLED, "cancelled before it began")
        return self.store.run(run.id) or run

    def pump(self) -> None:
        """Begin runs that wait while there is room."""
        while not self.closing and len(self.running) < self.settings.jobs and (run := self.store.next_queued()):
            self.change(run.id, status=RunStatus.RUNNING, started=time.time(), ended=None)
            self.running[run.id] = asyncio.create_task(self.ran(run))

    async def ran(self, run: RunRow) -> None:
        """One run, from its folder to what came of it."""
        try:
            said = await self.process(run)
            if run.id in self.cancelled:
                self.finish(run.id, RunStatus.CANCELLED, "cancelled")
            elif self.closing:
                self.finish(run.id, RunStatus.LOST, "the service ended while it ran")
            elif not self.take_result(run):
                self.finish(run.id, RunStatus.FAILED, said)
        except Exception:
            log.exception("run %s", run.id)
            self.finish(run.id, RunStatus.FAILED, "a defect of the service; its log has more")
        finally:
            self.cancelled.discard(run.id)
            self.processes.pop(run.id, None)
            self.running.pop(run.id, None)
            self.pump()

    async def process(self, run: RunRow) -> str:
        """The process of a run, until it is gone; why it gave nothing, if so."""
        folder = self.store.folder(run.id)
        temporary = folder / "tmp"
        temporary.mkdir(parents=True, exist_ok=True)
        others = self.prepare(run, folder)
        options = {**run.options, "scheduler": self.settings.scheduler if run.options.get("cluster") else None}
        request = {"kind": run.kind, "options": options, "others": others, "bytes": self.settings.run_bytes}
        (folder / REQUEST).write_text(json.dumps(request), encoding="utf-8")
        with (folder / LOG).open("wb") as out:
            process = await begin(command_of(self.settings.run_bytes, "cli.service.worker"), out.fileno(), folder, temporary)
        self.processes[run.id] = process
        if run.id in self.cancelled or self.closing:
            await end_group(process)
        try:
            async with asyncio.timeout(self.settings.run_seconds):
                assert process.stdout
                async for line in process.stdout:
                    said = json.loads(line)
                    self.change(run.id, **{name: said[name] for name in ("stage", "done", "total", "seconds_left")})
                code = await process.wait()
        except TimeoutError:
            return f"it took more than the {self.settings.run_seconds:g} s that a run may take"
        finally:
            await end_group(process)
        return (
            f"its process ended without an answer (signal {-code}); it may need more memory than it may have"
            if code < 0
            else f"its process ended without an answer ({code}); see {LOG}"
        )

    def prepare(self, run: RunRow, folder: Path) -> list[str]:
        """Link what a run reads into its folder; returns the names of what its case is compared with."""
        link(self.store.workbook(run.case), folder / CASE)
        sources = [self.store.workbook(case) for case in run.options.get("cases", ())]
        sources += [self.store.folder(other) / "plan.xlsx" for other in run.options.get("runs", ())]
        (folder / OTHERS).mkdir(exist_ok=True)
        others = [f"{OTHERS}/{number}.xlsx" for number in range(2, len(sources) + 2)]
        for source, name in zip(sources, others, strict=True):
            link(source, folder / name)
        return others

    def take_result(self, run: RunRow) -> bool:
        """Take what came of a run from its folder; False where there is nothing."""
        file = self.store.folder(run.id) / RESULT
        if not file.exists():
            return False
        result = json.loads(file.read_text(encoding="utf-8"))
        self.finish(run.id, RunStatus(result["status"]), result["message"], result["errors"])
        return True

    def finish(self, run: str, status: RunStatus, message: str, errors: Sequence[object] = ()) -> None:
        """Write down that a run is over."""
        folder = self.store.folder(run)
        made = sorted(
            f.name for f in folder.glob("*") if f.suffix in SHOWN and f.name not in (REQUEST, CASE) and not f.name.startswith(".")
        )
        self.change(
            run,
            status=status,
            message=message,
            errors=json.dumps(list(errors)),
            artifacts=json.dumps(made),
            ended=time.time(),
            seconds_left=None,
        )

    def change(self, run: str, **values: object) -> None:
        """Change a run, and wake who listens."""
        self.store.set_run(run, **values)
        self.tell(run)

    # news

    def tell(self, what: str) -> None:
        """Wake all who wait for news of a run or a case."""
        if event := self.news.pop(what, None):
            event.set()

    async def wait(self, what: str, seconds: float) -> bool:
        """Until there is news of a run or a case; False where there was none in so many seconds."""
        event = self.news[what]
        if self.closing:
            return False
        try:
            async with asyncio.timeout(seconds):
                return await event.wait()
        except TimeoutError:
            return False

    async def wait_over(self, run: str, seconds: float) -> None:
        """Until a run is over, or so many seconds have passed."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and (row := self.store.run(run)) and not row.status.over:
            if not await self.wait(run, left):
                return


def link(source: Path, target: Path) -> None:
    """The same file under another name."""
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except PermissionError:  # a file system without links
        shutil.copyfile(source, target)


def fault_of(finding: Mapping[str, str]) -> Fault:
    """A finding as a fault of a request."""
    return Fault(**{name: finding[name] for name in Fault.model_fields})
