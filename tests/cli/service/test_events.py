"""The events of a run: as they happen, once each, and again after a listener was cut off."""

import json
from collections.abc import Iterator

import httpx

from tests.kit.service import Service


def events(answer: httpx.Response) -> Iterator[tuple[int, dict[str, object]]]:
    """(number, what the run is by then) of each event, as they come."""
    number = 0
    for line in answer.iter_lines():
        name, _, value = line.partition(": ")
        if name == "id":
            number = int(value)
        elif name == "data":
            yield number, json.loads(value)


def test_everything_that_happens_to_a_run_is_told_once_and_in_order(service: Service) -> None:
    """From queued to solved, with the stages of a plan between; a listener that was cut off after the third goes on with the fourth."""
    run = service.submit(service.upload(), options={"quick": True})["id"]
    with service.client.stream("GET", f"/api/runs/{run}/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        first = [event for event, _ in zip(events(answer), range(3), strict=False)]
    with service.client.stream("GET", f"/api/runs/{run}/events", headers={"Last-Event-ID": str(first[-1][0])}) as answer:
        rest = list(events(answer))
    heard = [*first, *rest]

    assert [number for number, _ in heard] == [*range(1, len(heard) + 1)]
    assert [heard[0][1]["status"], heard[-1][1]["status"]] == ["queued", "solved"]
    assert [stage for stage in ("read", "build", "solve", "check", "write") if stage not in [event["stage"] for _, event in heard]] == []


def test_once_a_run_is_over_there_is_nothing_to_listen_to(service: Service, planned: str) -> None:
    """410 for who has heard the last, or nothing; who was cut off before the end still hears it."""
    path = f"/api/runs/{planned}/events"
    with service.client.stream("GET", path, headers={"Last-Event-ID": "1"}) as answer:
        heard = list(events(answer))
    last = service.client.get(path, headers={"Last-Event-ID": str(heard[-1][0])})

    assert heard[-1][1]["status"] == "solved"
    assert last.status_code == service.client.get(path).status_code == 410
    assert f"/api/runs/{planned}" in last.json()["detail"]
    assert service.client.get("/api/runs/0123456789abcdef/events").status_code == 404


def test_a_sweep_says_how_far_it_is(service: Service) -> None:
    run = service.submit(service.upload(), "sweep", {"vary": ["materials[Dy].price*=0.5:2:4"]})["id"]
    with service.client.stream("GET", f"/api/runs/{run}/events") as answer:
        heard = [event for _, event in events(answer)]

    assert {event["total"] for event in heard} == {None, 4}
    assert heard[-1]["done"] == 4
    assert [event["done"] for event in heard if event["done"] is not None] == sorted(
        event["done"] for event in heard if isinstance(event["done"], int)
    )
