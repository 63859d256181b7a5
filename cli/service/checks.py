"""The check of uploaded workbooks, one after the other, in a process that a hostile one may take down; what it found is kept beside the workbook."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from cli.service.news import News
from cli.service.problems import Refused
from cli.service.resources import CaseStatus
from cli.service.settings import Settings
from cli.service.store import CaseRow, Store
from cli.service.warm import WarmProcess, WorkerDied, command_of

UNREAD = {"sheet": "", "cell": "", "code": "file", "found": "", "expected": "the workbook of a case", "level": "error", "column": ""}


class Checks:
    """What checks cases, and what has been found."""

    def __init__(self, settings: Settings, store: Store, news: News) -> None:
        self.settings, self.store, self.news = settings, store, news
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.process = WarmProcess(command_of(settings.check_bytes, "cli.service.checker", settings.unpacked_bytes), settings.temporary)

    def start(self) -> None:
        """Take up the checks that an earlier service did not finish."""
        for case in self.store.cases():
            if case.status is CaseStatus.CHECKING:
                self.begin(case)

    async def close(self) -> None:
        """End the process."""
        for task in self.tasks.values():
            task.cancel()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)
        await self.process.end()

    def begin(self, case: CaseRow) -> None:
        """Have a workbook read and checked, unless that is being done."""
        if case.id not in self.tasks:
            self.tasks[case.id] = asyncio.create_task(self.check(case.id))

    async def check(self, case: str) -> None:
        """Check a workbook, and write down what is known of it then."""
        workbook, findings, page = (
            str(self.store.workbook(case)),
            *map(str, (self.store.beside(case, f) for f in ("findings.json", "findings.html"))),
        )
        try:
            question = {"what": "check", "workbook": workbook, "findings": findings, "page": page}
            found = await self.process.ask(question, self.settings.check_seconds)
        except WorkerDied as error:
            text = f"the workbook could not be read: {error}."
            Path(findings).write_text(json.dumps([{**UNREAD, "message": text}]), encoding="utf-8")
            found = {"error": 1, "warning": 0}
        finally:
            self.tasks.pop(case, None)
        status = CaseStatus.INVALID if found["error"] else CaseStatus.READY
        self.store.set_case(case, status=status, errors=found["error"], warnings=found["warning"])
        if self.store.case(case) is None:  # deleted meanwhile
            self.store.delete_case(case)
        self.news.tell(case)

    async def annotated(self, case: CaseRow) -> Path:
        """The copy of a workbook with its findings in it, made when it is first asked for. Raises Refused where it cannot be."""
        copy = self.store.beside(case.id, "annotated.xlsx")
        if not copy.exists():
            question = {"what": "annotate", "workbook": str(self.store.workbook(case.id)), "annotated": str(copy)}
            try:
                answer = await self.process.ask(question, self.settings.check_seconds)
            except WorkerDied as error:
                raise Refused(422, f"the workbook cannot be copied: {error}.") from None
            if answer["refused"]:
                raise Refused(422, str(answer["refused"]))
        return copy
