"""The pages of runs: asked for, under way, and what came of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup
from pydantic import TypeAdapter, ValidationError

from cli.service.case_routes import CaseId
from cli.service.options import Kind, RunRequest
from cli.service.pages_templates import PageRoute, page
from cli.service.problems import Refused
from cli.service.resources import RunStatus
from cli.service.run_files import LOG, MENDED, PAGE, PLAN, RESULT, SHOWN
from cli.service.run_routes import RunId, found
from cli.service.service import Asked, Service
from cli.service.store import RunRow
from outputs.html.page import fragment_of

router = APIRouter(route_class=PageRoute)

FILES = {
    PLAN: "The plan as a workbook",
    PAGE: "The plan as one page",
    "explained.xlsx": "The explanation as a workbook",
    MENDED: "A copy of the workbook with the least change made",
    "sweep.xlsx": "The results of the sweep as a workbook",
    "points.csv": "The points as a table",
    "frontier.xlsx": "The frontier as a workbook",
    "comparison.xlsx": "The comparison as a workbook",
    "alternatives.xlsx": "The alternatives as a workbook",
    "worth.xlsx": "What it is worth as a workbook",
    "stress.xlsx": "The stress test as a workbook",
    RESULT: "The result as JSON",
    LOG: "Log",
}
"""What the files of a run are; others are offered by their names."""

WITHIN = (SHOWN, "sweep.sqlite", "stress.sqlite")
"""Files that no one downloads: what the page shows, and from where a sweep or a stress test goes on."""

REQUESTS: TypeAdapter[Any] = TypeAdapter(RunRequest)


@router.post("/cases/{case}/runs")
async def submit(
    service: Asked,
    case: CaseId,
    kind: Annotated[str, Form()],
    along: Annotated[str, Form()] = "",
    vary: Annotated[str, Form()] = "",
    changes: Annotated[str, Form()] = "",
    design: Annotated[str, Form()] = "",
    within: Annotated[float, Form()] = 2.0,
    futures: Annotated[int, Form()] = 1000,
    plan: Annotated[str, Form()] = "",
) -> Response:
    """Ask for a run from the form of a case."""
    options: Mapping[str, Mapping[str, object]] = {
        "frontier": {"along": along},
        "sweep": {"vary": lines(vary), "kind": design or None},
        "explain": {"changes": lines(changes)},
        "alternatives": {"within": within / 100},
        "stress": {"futures": futures, "plan": plan or None},
    }
    return submitted(service, {"case": case, "kind": kind, "options": options.get(kind, {})})


def lines(text: str) -> list[str]:
    """The lines of a field that are not empty."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def submitted(service: Service, request: Mapping[str, object], query: str = "") -> Response:
    """Queue a run and go to its page. Raises Refused where it cannot be."""
    try:
        asked = REQUESTS.validate_python(request)
    except ValidationError as error:
        raise Refused(
            422, "; ".join(f"{' '.join(map(str, found['loc'][-1:]))}: {found['msg']}".lstrip(": ") for found in error.errors())
        ) from None
    row = service.runs.submit(asked.model_dump(mode="json"))
    return RedirectResponse(f"/runs/{row.id}{query}", 303)


@router.get("/runs/{run}")
async def run_page(service: Asked, run: RunId, then: str = "") -> HTMLResponse:
    """A run: its progress, or what came of it."""
    row = found(service, run)
    case = service.store.case(row.case)
    assert case
    shown = await asyncio.to_thread(result_of, service, row)
    explanation = explanation_of(service, row) if row.status is RunStatus.INFEASIBLE or row.kind == Kind.EXPLAIN else None
    names = [*(name for name in FILES if name in row.artifacts), *(name for name in row.artifacts if name not in {*FILES, *WITHIN})]
    files = [(name, FILES.get(name, name), path.stat().st_size) for name in names if (path := service.store.artifact(row, name))]
    return page(
        "run.html", charts=bool(shown), run=row, case=case, shown=shown, explanation=explanation, files=[file for file in files if file[-1]],
        drawn="page.js" if PAGE in row.artifacts else "figures.js", mended=MENDED in row.artifacts, then=then == "plan" and row.status.over,
        changed=bool(row.options.get("changes")),
    )  # fmt: skip


def result_of(service: Service, row: RunRow) -> Markup:
    """What a run shows: the page of its plan within this one, or what its door wrote; in both every name is escaped."""
    for name, read in ((PAGE, lambda path: fragment_of(text_of(path))), (SHOWN, text_of)):
        path = service.store.folder(row.id) / name
        if name in row.artifacts and path.is_file():
            return Markup(read(path))
    return Markup("")


def text_of(path: Path) -> str:
    """The text of a file."""
    return path.read_text(encoding="utf-8")


def explanation_of(service: Service, row: RunRow) -> Mapping[str, Any] | None:
    """Why there is no plan: conflicts, repair and what each alone would do, with what each cell says; None where nothing was found."""
    path = service.store.artifact(row, RESULT)
    summary = (json.loads(text_of(path)).get("summary") or {}) if path else {}
    found = summary.get("explanation") if row.kind == Kind.PLAN else summary
    if not found or not found.get("conflicts"):
        return None
    statements = [statement for conflict in found["conflicts"] for statement in conflict["statements"]]
    return {**found, "texts": {statement["place"]: statement["text"] for statement in statements}}


@router.post("/runs/{run}/cancel")
async def cancel(service: Asked, run: RunId) -> Response:
    """End a run."""
    row = found(service, run)
    if not row.status.over:
        await service.runs.cancel(row)
    return RedirectResponse(f"/runs/{run}", 303)


@router.post("/runs/{run}/restart")
async def restart(service: Asked, run: RunId) -> Response:
    """Queue a run that is over once more."""
    row = found(service, run)
    if row.status.over:
        service.runs.restart(row)
    return RedirectResponse(f"/runs/{run}", 303)


@router.post("/runs/{run}/notes")
async def note(
    service: Asked,
    run: RunId,
    name: Annotated[str, Form(max_length=200)] = "",
    notes: Annotated[str, Form(max_length=10_000)] = "",
    pinned: Annotated[bool, Form()] = False,
) -> Response:
    """Name a run, write notes on it, keep it."""
    found(service, run)
    service.store.note_run(run, name=name, notes=notes.replace("\r\n", "\n"), pinned=pinned)
    return RedirectResponse(f"/runs/{run}", 303)


@router.post("/runs/{run}/delete")
async def delete(service: Asked, run: RunId) -> Response:
    """Forget a run that is over."""
    row = found(service, run)
    if not row.status.over:
        raise Refused(409, f"the run is {row.status}; cancel it first.")
    service.store.delete_run(run)
    return RedirectResponse(f"/cases/{row.case}", 303)


@router.post("/runs/{run}/apply")
async def apply(service: Asked, run: RunId) -> Response:
    """Plan the copy with the least change made; where a run has not made it, explain first, which makes it."""
    row = found(service, run)
    mended = service.store.artifact(row, MENDED)
    if mended is None:
        return submitted(service, {"case": row.case, "kind": "explain", "name": "the least change"}, "?then=plan")
    case = service.store.case(row.case)
    assert case
    with mended.open("rb") as content:
        made, new = await asyncio.to_thread(service.store.add_case, content, mended_name(case.name))
    if new:
        service.checks.begin(made)
    return submitted(service, {"case": made.id, "kind": "plan"})


def mended_name(name: str) -> str:
    """What the mended copy of a workbook is called."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem}-mended.{ending}" if dot else f"{name}-mended"
