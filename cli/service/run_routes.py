"""The interface of runs: plans, sweeps and whatever else is asked of a case."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Header, Path, Query, Response
from fastapi.openapi.models import Example
from fastapi.responses import FileResponse, StreamingResponse

from cli.service import events
from cli.service.case_routes import XLSX, Wait, moment
from cli.service.options import RUN, Kind, RunRequest
from cli.service.problems import Refused, refusals
from cli.service.resources import Artifact, Change, Fault, Progress, Run, Runs, RunStatus
from cli.service.service import Asked, Service
from cli.service.store import RunRow

router = APIRouter(prefix="/api/runs", tags=["runs"])

RunId = Annotated[str, Path(pattern=RUN, examples=["0123456789abcdef"])]
FileName = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]*\.[a-z]+$", examples=["plan.xlsx"])]
MEDIA = {
    "xlsx": XLSX,
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "txt": "text/plain; charset=utf-8",
}
OTHER = "application/octet-stream"

PAGE = {
    "Content-Security-Policy": "sandbox allow-scripts allow-downloads; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
}
"""The page of a plan carries its scripts in itself: it gets an origin of its own, from which nothing of the service can be reached."""

EXAMPLES: dict[str, Example] = {
    str(kind): {"summary": summary, "value": {"case": 8 * "01234567", "kind": str(kind), "options": options}}
    for kind, summary, options in (
        (Kind.PLAN, "The finished plan of a case", {"quick": True}),
        (Kind.SWEEP, "Two prices at seven values each", {"vary": ["materials[Dy].price*=0.5:2:7", "materials[Nd].price*=0.5:2:7"]}),
        (Kind.EXPLAIN, "Why there is no plan", {"keep": ["sectors[defense].coverage"]}),
        (Kind.FRONTIER, "What each step of a promise costs", {"along": "sectors[defense].coverage=0:1"}),
        (Kind.COMPARE, "Plans of two runs beside the case", {"runs": ["0123456789abcdef", "fedcba9876543210"], "regret": True}),
        (Kind.ALTERNATIVES, "What plans have that cost up to 5 % more", {"within": 0.05}),
        (Kind.WORTH, "What knowledge and time are worth", {}),
        (Kind.STRESS, "The plan of a run in 2,000 futures that are drawn", {"plan": "0123456789abcdef", "futures": 2000}),
    )
}
"""A request of each kind, for the description of the interface."""


def resource(service: Service, row: RunRow) -> Run:
    """A run as the interface shows it."""
    here = f"/api/runs/{row.id}"
    files = [(name, service.store.artifact(row, name)) for name in row.artifacts]
    artifacts = [
        Artifact(name=name, media_type=media_type(name), bytes=path.stat().st_size, href=f"{here}/artifacts/{name}")
        for name, path in files
        if path
    ]
    links = {"self": here, "case": f"/api/cases/{row.case}"}
    links |= {} if row.status.over else {"events": f"{here}/events", "cancel": f"{here}/cancel"}
    links |= {"restart": f"{here}/restart"} if row.status.over else {}
    times = {name: moment(at) if (at := getattr(row, name)) else None for name in ("started", "ended")}
    return Run(
        id=row.id, case=row.case, kind=Kind(row.kind), options=dict(row.options), name=row.name, notes=row.notes, pinned=row.pinned, status=row.status,
        progress=Progress(stage=row.stage, done=row.done, total=row.total), seconds_left=row.seconds_left, message=row.message,
        errors=[Fault(**{name: error[name] for name in Fault.model_fields}) for error in row.errors],
        created=moment(row.created), **times, artifacts=artifacts, links=links,
    )  # fmt: skip


def media_type(name: str) -> str:
    """What a file is, by the ending of its name."""
    return MEDIA.get(name.rpartition(".")[2], OTHER)


def found(service: Service, run: str) -> RunRow:
    """A run. Raises Refused where there is none."""
    row = service.store.run(run)
    if row is None:
        raise Refused(404, "there is no such run.")
    return row


@router.post("", status_code=202, responses=refusals(507))
async def submit(
    service: Asked,
    response: Response,
    request: Annotated[RunRequest, Body(openapi_examples=EXAMPLES)],
    idempotency_key: Annotated[
        str | None, Header(min_length=1, max_length=200, description="The same key with the same request gives the same run.")
    ] = None,
) -> Run:
    """Queue a run."""
    row = service.runs.submit(request.model_dump(mode="json"), idempotency_key)
    response.headers["Location"] = f"/api/runs/{row.id}"
    return resource(service, row)


@router.get("", responses=refusals())
async def every(
    service: Asked,
    case: Annotated[str | None, Query(description="Of this case alone.")] = None,
    status: Annotated[RunStatus | None, Query(description="Of this status alone.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Runs:
    """The runs, the newest first."""
    return Runs(runs=[resource(service, row) for row in service.store.all_runs(case=case, status=status, limit=limit)])


@router.get("/{run}", responses=refusals(404))
async def one(service: Asked, run: RunId, wait: Wait = 0.0) -> Run:
    """One run; with `wait`, as soon as it is over."""
    await service.runs.wait_over(found(service, run).id, wait)
    return resource(service, found(service, run))


@router.patch("/{run}", responses=refusals(404))
async def note(service: Asked, run: RunId, change: Change) -> Run:
    """Name a run, write notes on it, or pin it, so that it stays."""
    found(service, run)
    service.store.note_run(run, **change.model_dump(exclude_none=True))
    return resource(service, found(service, run))


@router.get(
    "/{run}/events",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"text/event-stream": {}}, "description": "Events `run`, each with what the run is by then."},
        **refusals(404, 410),
    },
)
async def listen(service: Asked, run: RunId, last_event_id: Annotated[str | None, Header()] = None) -> StreamingResponse:
    """What happens to a run, as it happens (server-sent events); with Last-Event-ID, what came after that; 410 once it is over."""
    after = events.begin_after(service, run, last_event_id)
    return StreamingResponse(events.stream(service, run, after), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


@router.get(
    "/{run}/artifacts/{name}",
    response_class=FileResponse,
    responses={200: {"content": {kind: {} for kind in (*MEDIA.values(), OTHER)}}, **refusals(404)},
)
async def artifact(service: Asked, run: RunId, name: FileName) -> FileResponse:
    """A file that a run made: plan.xlsx, page.html, result.json, log.txt and others."""
    path = service.store.artifact(found(service, run), name)
    if path is None:
        raise Refused(404, "the run made no such file.")
    is_page = name.endswith(".html")
    return FileResponse(
        path,
        media_type=media_type(name),
        filename=name,
        content_disposition_type="inline" if is_page else "attachment",
        headers=PAGE if is_page else None,
    )


@router.post("/{run}/cancel", responses=refusals(404, 409))
async def cancel(service: Asked, run: RunId) -> Run:
    """End a run that is not over; its processes are gone when this is answered."""
    return resource(service, await service.runs.cancel(found(service, run)))


@router.post("/{run}/restart", status_code=202, responses=refusals(404, 409, 507))
async def restart(service: Asked, run: RunId, response: Response) -> Run:
    """Queue a run that is over once more; a sweep goes on where it was."""
    response.headers["Location"] = f"/api/runs/{run}"
    return resource(service, service.runs.restart(found(service, run)))


@router.delete("/{run}", status_code=204, response_model=None, responses=refusals(404, 409))
async def delete(service: Asked, run: RunId) -> None:
    """Forget a run that is over, and its files."""
    row = found(service, run)
    if not service.store.delete_run(run):
        raise Refused(409, f"the run is {row.status}; cancel it first.")
