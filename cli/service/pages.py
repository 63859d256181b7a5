"""The pages of the service for browsers: where it starts, and a case with what was found in it."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from markupsafe import Markup

from cli.service import pages_compare, pages_runs, pages_what_if
from cli.service.case_routes import XLSX, CaseId, add, found
from cli.service.options import Kind
from cli.service.pages_templates import STATIC, PageRoute, asset, assets, page
from cli.service.pages_what_if import WhatIfs, what_ifs_of
from cli.service.problems import Refused
from cli.service.resources import CaseStatus
from cli.service.service import Asked, Service
from cli.service.store import CaseRow
from inputs.shipped import SHIPPED, new_workbook
from outputs.html.grid import CONTRADICTORY

__all__ = ["STATIC", "router"]

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse, route_class=PageRoute)
for part in (pages_runs, pages_what_if, pages_compare):
    router.include_router(part.router)

SEEN = 200
"""Cases and runs that the first page lists."""

STARTS = {
    "us-2026": ("United States from 2026", "the shipped case, each number with its source"),
    "tutorial": ("Teaching case", "two materials, small enough to be worked out by hand"),
    "blank": ("Empty workbook", "to fill in; the sheet _Guide says how"),
}
"""What can be started from: its title, and what it is."""

TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
KEPT = {"Cache-Control": "private, max-age=31536000, immutable"}


@dataclass(frozen=True)
class Start:
    """A workbook to start from."""

    key: str
    title: str
    text: str


@router.get("/")
async def start(service: Asked) -> HTMLResponse:
    """The first page."""
    store = service.store
    cases = store.cases(SEEN)
    names = {case.id: case.name for case in cases}
    starts = [Start(key, *STARTS[key]) for key in STARTS]
    return page("start.html", starts=starts, most=service.settings.upload_bytes, cases=cases, runs=store.all_runs(limit=SEEN), names=names)


@router.get("/assets/{digest}/{name}")
async def file(digest: str, name: str) -> Response:
    """A file that pages load; its address has its digest, so that browsers keep it."""
    if name not in assets() or asset(name) != f"/assets/{digest}/{name}":
        raise Refused(404, "there is no such file.")
    path = assets()[name]
    return FileResponse(path, media_type=TYPES[path.suffix], headers=KEPT)


@router.post("/cases")
async def upload(service: Asked, file: Annotated[UploadFile, File()]) -> Response:
    """Take a workbook from the form of a page."""
    row, _ = await add(service, file)
    return RedirectResponse(f"/cases/{row.id}", 303)


@router.post("/start")
async def begin(service: Asked, key: Annotated[str, Form()]) -> Response:
    """Make a case of a workbook to start from."""
    content = await asyncio.to_thread(workbook_of, service, key)
    row, new = await asyncio.to_thread(service.store.add_case, io.BytesIO(content), f"{key}.xlsx")
    if new:
        service.checks.begin(row)
    return RedirectResponse(f"/cases/{row.id}", 303)


@router.get("/templates/{key}.xlsx")
async def template(service: Asked, key: str) -> Response:
    """A workbook to start from, to be filled in on the reader's own machine."""
    content = await asyncio.to_thread(workbook_of, service, key)
    return Response(content, media_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{key}.xlsx"'})


def workbook_of(service: Service, key: str) -> bytes:
    """The bytes of a workbook to start from, written once: the same start is then the same case. Raises Refused."""
    if key not in SHIPPED:
        raise Refused(404, "there is no such workbook to start from.")
    kept = service.settings.data / "starts"
    kept.mkdir(exist_ok=True)
    path = kept / f"{key}.xlsx"
    if not path.exists():
        new_workbook(path, key)
    return path.read_bytes()


@router.get("/cases/{case}")
async def case_page(service: Asked, case: CaseId) -> HTMLResponse:
    """A case: what was found in it, what can be asked of it, and its runs."""
    row = found(service, case)
    text = shown(service, row)
    return page(
        "case.html",
        case=row,
        most=service.settings.upload_bytes,
        shown=text,
        kinds={kind.value for kind in Kind},
        contradictory=CONTRADICTORY in text,
        runs=service.store.all_runs(case=case, limit=SEEN),
    )


def shown(service: Service, row: CaseRow) -> Markup:
    """What was found, as HTML that the check of the workbook wrote, in which every name is escaped; where it died, its word."""
    file = service.store.beside(row.id, "findings.html")
    if row.status is CaseStatus.CHECKING:
        return Markup("")
    if file.exists():
        return Markup(file.read_text(encoding="utf-8"))
    return Markup("").join(Markup('<p class="mark poor">{}</p>').format(finding["message"]) for finding in service.store.findings(row.id))


@router.post("/cases/{case}/name")
async def rename(service: Asked, case: CaseId, name: Annotated[str, Form(max_length=200)]) -> Response:
    """Give a case another name."""
    found(service, case)
    service.store.set_case(case, name=name)
    return RedirectResponse(f"/cases/{case}", 303)


@router.post("/cases/{case}/delete")
async def delete(service: Asked, case: CaseId, held: Annotated[WhatIfs, Depends(what_ifs_of)]) -> Response:
    """Forget a case without runs, and end the process that kept it warm."""
    found(service, case)
    if not service.store.delete_case(case):
        raise Refused(409, "there are runs of this case; delete them first.")
    held.end(case)
    return RedirectResponse("/", 303)
