"""The events of a run as they come (server-sent events), from the table that keeps them: whoever was cut off goes on after the last that came."""

from __future__ import annotations

from collections.abc import AsyncIterator

from cli.service.problems import Refused
from cli.service.service import Service

BREATH = 15.0
"""Seconds after which a line without meaning is sent, so that nobody takes the silence for an end."""


def begin_after(service: Service, run: str, last: str | None) -> int:
    """The number of the event after which a listener begins. Raises Refused where there is nothing more to come, 410."""
    row = service.store.run(run)
    if row is None:
        raise Refused(404, "there is no such run.")
    after = int(last) if last and last.isascii() and last.isdigit() and len(last) < 16 else 0
    if row.status.over and (not after or not service.store.events(run, after)):
        raise Refused(410, f"the run is over: {row.status}. See /api/runs/{run}.")
    return after


async def stream(service: Service, run: str, after: int) -> AsyncIterator[str]:
    """The events of a run after one, until it is over or the service ends."""
    while not service.news.closing:
        news = service.news.of(run)
        for number, data in service.store.events(run, after):
            after = number
            yield f"id: {number}\nevent: run\ndata: {data}\n\n"
        row = service.store.run(run)
        if row is None or row.status.over:
            return
        if not news.is_set() and not await service.news.wait(news, BREATH):
            yield ": \n\n"
