"""Who waits for what: those who listen to a run or a case are woken when something happens to it."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary


class News:
    """News of runs and cases by their ids, in the thread of the event loop alone."""

    def __init__(self) -> None:
        self.events: WeakValueDictionary[str, asyncio.Event] = WeakValueDictionary()
        self.closing = False

    def of(self, what: str) -> asyncio.Event:
        """The event that is set at the next news; it is kept as long as somebody waits for it."""
        return self.events.setdefault(what, asyncio.Event())

    def tell(self, what: str) -> None:
        """Wake all who wait for news of it."""
        if event := self.events.pop(what, None):
            event.set()

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        """Until there is news; False where there was none in so many seconds, or the service ends."""
        if self.closing:
            return False
        try:
            async with asyncio.timeout(seconds):
                return await event.wait()
        except TimeoutError:
            return False

    def hang_up(self) -> None:
        """Wake everybody: the service ends."""
        self.closing = True
        for event in [*self.events.values()]:
            event.set()
