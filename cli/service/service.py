"""The parts of a service, as its routes and pages use them."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from cli.service.checks import Checks
from cli.service.housekeeping import Housekeeping
from cli.service.news import News
from cli.service.runs import Runs
from cli.service.settings import Settings
from cli.service.store import Store


@dataclass(frozen=True)
class Service:
    """What is kept (`store`), what checks uploads, what runs, who waits, and how much is kept."""

    settings: Settings
    store: Store
    news: News
    checks: Checks
    runs: Runs
    housekeeping: Housekeeping


@asynccontextmanager
async def begun(settings: Settings) -> AsyncIterator[Service]:
    """A service with its data folder and its processes, which end with it."""
    store, news = Store(settings), News()
    housekeeping = Housekeeping(settings, store)
    service = Service(settings, store, news, Checks(settings, store, news), Runs(settings, store, news, housekeeping), housekeeping)
    tempfile.tempdir = str(settings.temporary)  # uploads are received there, never outside the data folder
    service.runs.start()
    service.checks.start()
    keeping = asyncio.create_task(housekeeping.keep_house())
    try:
        yield service
    finally:
        keeping.cancel()
        news.hang_up()
        await service.runs.close()
        await service.checks.close()
        store.close()
        tempfile.tempdir = None


def of_request(request: Request) -> Service:
    """The service that a request came to."""
    service: Service = request.app.state.service
    return service


Asked = Annotated[Service, Depends(of_request)]
"""The service, as an argument of a route."""
