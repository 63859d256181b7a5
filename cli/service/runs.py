"""What runs: at most so many processes at a time, each with its limits; nothing is shown as running that is not."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cli.service.housekeeping import Housekeeping
from cli.service.news import News
from cli.service.options import Kind, runs_named
from cli.service.problems import Refused
from cli.service.resources import CaseStatus, Fault, RunStatus
from cli.service.run_files import CASE, PLAN, REQUEST, RESULT
from cli.service.run_process import RunProcess
from cli.service.settings import Settings
from cli.service.store import RunRow, Store

log = logging.getLogger("stockpile.service")

LOST = "the service ended while it ran; it can be started again"
UNWRITTEN = "it was ended, because nothing could be written down; it can be started again"
SHOWN = (".xlsx", ".html", ".csv", ".sqlite", ".json", ".txt")
"""Endings of the files in a run's folder that it made for others."""


class Runs:
    """The queue of a service and the processes of its runs; in the thread of the event loop alone."""

    def __init__(self, settings: Settings, store: Store, news: News, housekeeping: Housekeeping) -> None:
        self.settings, self.store, self.news, self.housekeeping = settings, store, news, housekeeping
        self.running: dict[str, asyncio.Task[None]] = {}
        self.processes: dict[str, RunProcess] = {}
        self.closing = False

    def start(self) -> None:
        """Take up what an earlier service left: what is finished is finished, what was running is lost, what waited is begun."""
        self.take_up(RunStatus.LOST, LOST)
        self.pump()

    async def close(self) -> None:
        """End all processes; what was running is lost, and can be started again."""
        self.closing = True
        for process in [*self.processes.values()]:
            await process.end()
        await asyncio.gather(*self.running.values(), return_exceptions=True)

    def submit(self, request: Mapping[str, Any], key: str | None = None) -> RunRow:
        """Queue a run; with a key that was given before, the run that it gave then. Raises Refused where it cannot be done as asked."""
        case = self.store.case(request["case"])
        if case is None:
            raise Refused(422, f"there is no case {request['case']}; upload it first.")
        if case.status is CaseStatus.INVALID and request["kind"] != "explain":
            raise Refused(422, "the case has errors", [fault_of(f) for f in self.store.findings(case.id) if f["level"] == "error"])
        self.check_others(request)
        self.housekeeping.need()
        run = self.store.add_run(request, key)
        if key and run.request != json.dumps(request, sort_keys=True):
            raise Refused(422, "this Idempotency-Key was given before, with another request.")
        self.pump()
        return run

    def check_others(self, request: Mapping[str, Any]) -> None:
        """Raise Refused where something is asked for that the service has not."""
        options = request["options"]
        if options.get("cluster") and not self.settings.scheduler:
            raise Refused(422, "this service was started without --scheduler, so it has no cluster.")
        for case in options.get("cases", ()):
            if self.store.case(case) is None:
                raise Refused(422, f"there is no case {case}.")
        for run in runs_named(options):
            row = self.store.run(run)
            if row is None or self.store.artifact(row, PLAN) is None:
                raise Refused(422, f"the run {run} has no plan.")

    def restart(self, run: RunRow) -> RunRow:
        """Queue a run that is over once more: a sweep goes on where it was, a stress test with the plan that it has; nothing else is left of what it gave."""
        if not run.status.over:
            raise Refused(409, f"the run is {run.status}.")
        self.housekeeping.need()
        for file in made_in(self.store.folder(run.id)):
            if file.suffix != ".sqlite" and not (run.kind == Kind.STRESS and file.name == PLAN):
                file.unlink()
        nothing = {
            "started": None,
            "ended": None,
            "message": "",
            "errors": "[]",
            "artifacts": "[]",
            "stage": "",
            "done": None,
            "total": None,
        }
        self.change(run.id, status=RunStatus.QUEUED, **nothing)
        self.pump()
        return self.store.run(run.id) or run

    async def cancel(self, run: RunRow) -> RunRow:
        """End a run, and all of its processes. Raises Refused where it is over."""
        if run.status.over:
            raise Refused(409, f"the run is over: {run.status}.")
        if task := self.running.get(run.id):
            await self.processes[run.id].end()
            await asyncio.wait([task])
        else:
            self.finish(run.id, RunStatus.CANCELLED, "cancelled before it began")
        return self.store.run(run.id) or run

    def take_up(self, status: RunStatus, message: str) -> None:
        """Finish what is shown as running and is not: with its result where there is one."""
        for run in self.store.all_runs(status=RunStatus.RUNNING):
            if run.id not in self.running and not self.take_result(run):
                self.finish(run.id, status, message)

    def pump(self) -> None:
        """Begin runs that wait while there is room, after what could not be written down of others."""
        self.take_up(RunStatus.FAILED, UNWRITTEN)
        while not self.closing and len(self.running) < self.settings.jobs and (run := self.store.next_queued()):
            self.change(run.id, status=RunStatus.RUNNING, started=time.time(), ended=None)
            self.processes[run.id] = RunProcess(self.settings, self.store, run)
            self.running[run.id] = asyncio.create_task(self.ran(run, self.processes[run.id]))

    async def ran(self, run: RunRow, process: RunProcess) -> None:
        """One run, from its folder to what came of it."""
        try:
            said = await process.follow(lambda said: self.change(run.id, **said))
            if process.ending:
                self.finish(run.id, *((RunStatus.LOST, LOST) if self.closing else (RunStatus.CANCELLED, "cancelled")))
            elif not self.take_result(run):
                self.finish(run.id, RunStatus.FAILED, said)
        except FileNotFoundError as error:
            self.finish(run.id, RunStatus.FAILED, f"a file that it needs is gone: {Path(str(error.filename)).name}")
        except Exception:
            log.exception("run %s", run.id)
            self.finish(run.id, RunStatus.FAILED, "a defect of the service; its log has more")
        finally:
            del self.processes[run.id], self.running[run.id]
            self.housekeeping.wanted.set()
            self.pump()

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
        made = sorted(file.name for file in made_in(self.store.folder(run)))
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
        self.news.tell(run)

    async def wait_over(self, run: str, seconds: float) -> None:
        """Until a run is over, or so many seconds have passed."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and (row := self.store.run(run)) and not row.status.over:
            if not await self.news.wait(self.news.of(run), left):
                return


def made_in(folder: Path) -> list[Path]:
    """The files in the folder of a run that it made for others."""
    return [f for f in folder.glob("*") if f.suffix in SHOWN and f.name not in (REQUEST, CASE) and not f.name.startswith(".")]


def fault_of(finding: Mapping[str, str]) -> Fault:
    """A finding as a fault of a request."""
    return Fault(**{name: finding[name] for name in Fault.model_fields})
