"""Who waits for what."""

from __future__ import annotations

import asyncio

from cli.service.news import News


def test_news_wake_all_who_wait_and_nothing_is_kept_of_who_left() -> None:
    """Two wait for one run; a listener of another, which is over, has gone."""

    async def woken() -> list[bool]:
        news = News()
        waiting = [asyncio.create_task(news.wait(news.of("run"), 60)) for _ in range(2)]
        await asyncio.sleep(0)
        news.of("another")
        assert [*news.events] == ["run"]
        news.tell("run")
        assert [*news.events] == []
        return await asyncio.gather(*waiting)

    assert asyncio.run(woken()) == [True, True]
