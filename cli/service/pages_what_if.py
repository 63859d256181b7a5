"""What-ifs on a page: sliders, and a process that keeps the case warm behind them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from cli.service.case_routes import CaseId, found
from cli.service.options import Text
from cli.service.pages_templates import page
from cli.service.problems import Refused
from cli.service.resources import CaseStatus
from cli.service.service import Asked, Service
from cli.service.warm import WarmProcess, WorkerDied, command_of

router = APIRouter()

IDLE = 600.0
"""Seconds after which a process that nobody asks is ended."""

PATIENCE = 300.0
"""Seconds that an answer may take, or the first solve: a change of the structure is built anew."""

MOST = 2
"""Cases that are kept warm at a time."""


class Question(BaseModel):
    """What a page asks: to begin, the plan with changes, or one more number to move."""

    model_config = ConfigDict(extra="forbid")

    begin: bool = False
    changes: Annotated[list[Text], Field(max_length=50)] = []
    knob: Text | None = None


class WhatIfs:
    """The processes of a service that each keep a case warm, the last asked last."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.warm: OrderedDict[str, WarmProcess] = OrderedDict()
        self.ends: dict[str, asyncio.TimerHandle] = {}
        self.ending: set[asyncio.Task[None]] = set()

    async def ask(self, case: str, question: Question) -> dict[str, Any]:
        """The answer about a case, whose process is begun where there is none. Raises Refused where it dies."""
        asked = question.model_dump(exclude_defaults=True) or {"changes": []}
        try:
            return await self.process(case).ask(asked, min(PATIENCE, self.service.settings.run_seconds))
        except WorkerDied as error:
            raise Refused(422, f"there is no answer: {error}.") from None
        finally:
            self.rest(case)

    def process(self, case: str) -> WarmProcess:
        """The process of a case; the one that was asked longest ago makes room for it."""
        if case not in self.warm:
            while len(self.warm) >= MOST:
                self.end(next(iter(self.warm)))
            settings = self.service.settings
            command = command_of(settings.run_bytes, "outputs.what_if_process", self.service.store.workbook(case))
            self.warm[case] = WarmProcess(command, settings.temporary)
        self.warm.move_to_end(case)
        return self.warm[case]

    def rest(self, case: str) -> None:
        """From now on nobody asks; for long enough, and the process ends."""
        if handle := self.ends.pop(case, None):
            handle.cancel()
        self.ends[case] = asyncio.get_running_loop().call_later(IDLE, self.end, case)

    def end(self, case: str) -> None:
        """End the process of a case."""
        if handle := self.ends.pop(case, None):
            handle.cancel()
        if process := self.warm.pop(case, None):
            task = asyncio.create_task(process.close())
            self.ending.add(task)
            task.add_done_callback(self.ending.discard)


def what_ifs_of(request: Request, service: Asked) -> WhatIfs:
    """The warm processes of the service that a request came to."""
    state = request.app.state
    if not hasattr(state, "what_ifs"):
        state.what_ifs = WhatIfs(service)
    held: WhatIfs = state.what_ifs
    return held


@router.get("/cases/{case}/what-if")
async def what_if_page(service: Asked, case: CaseId) -> HTMLResponse:
    """The sliders; a script asks for their answers."""
    return page("what_if.html", charts=True, case=found(service, case))


@router.post("/cases/{case}/what-if", response_class=JSONResponse)
async def answer(
    service: Asked, case: CaseId, question: Annotated[Question, Body()], held: Annotated[WhatIfs, Depends(what_ifs_of)]
) -> dict[str, Any]:
    """An answer to the script of the page, once the case is checked: nothing else says what its workbook unpacks to."""
    if found(service, case).status is CaseStatus.CHECKING:
        await service.news.wait(service.news.of(case), PATIENCE)
    status = found(service, case).status
    if status is CaseStatus.CHECKING:
        raise Refused(422, "the case is not checked yet; ask again later.")
    if status is CaseStatus.INVALID:
        raise Refused(422, "the case has errors; mend them first.")
    return await held.ask(case, question)
