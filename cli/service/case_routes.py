"""The interface of cases: uploaded workbooks and what is wrong in them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, File, Path, Query, Response, UploadFile
from fastapi.responses import FileResponse

from cli.service.options import ID
from cli.service.problems import Refused, refusals
from cli.service.resources import Case, Cases, CaseStatus, Change, Finding, Findings
from cli.service.service import Asked, Service
from cli.service.store import CaseRow

router = APIRouter(prefix="/api/cases", tags=["cases"])

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CaseId = Annotated[str, Path(pattern=ID, description="SHA-256 of the workbook, in hex.", examples=["0" * 64])]
Wait = Annotated[float, Query(ge=0, le=60, description="Wait for it so many seconds at most.")]


def resource(row: CaseRow) -> Case:
    """A case as the interface shows it."""
    here = f"/api/cases/{row.id}"
    links = {"self": here, "findings": f"{here}/findings", "annotated": f"{here}/annotated.xlsx", "workbook": f"{here}/case.xlsx"}
    return Case(
        id=row.id, name=row.name, bytes=row.bytes, created=moment(row.created), status=row.status, errors=row.errors, warnings=row.warnings, links=links
    )  # fmt: skip


def moment(seconds: float) -> str:
    """Seconds since 1970 as ISO 8601."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def found(service: Service, case: str) -> CaseRow:
    """A case. Raises Refused where there is none."""
    row = service.store.case(case)
    if row is None:
        raise Refused(404, "there is no such case.")
    return row


@router.post("", status_code=201, responses=refusals(507))
async def upload(service: Asked, response: Response, file: Annotated[UploadFile, File(description="A workbook, .xlsx.")]) -> Case:
    """Upload a workbook. The same bytes twice are one case: the second answer is 200."""
    row, new = await add(service, file)
    response.status_code = 201 if new else 200
    response.headers["Location"] = f"/api/cases/{row.id}"
    return resource(row)


async def add(service: Service, file: UploadFile) -> tuple[CaseRow, bool]:
    """Keep an uploaded workbook and have it checked; its row, and whether it is new. Raises Refused where it clearly is none."""
    if (await file.read(4)) != b"PK\x03\x04":
        raise Refused(422, "the field `file` is not an .xlsx workbook; save it as .xlsx without a password.")
    await file.seek(0)
    service.housekeeping.need(file.size or 0)
    row, new = await asyncio.to_thread(service.store.add_case, file.file, file.filename or "")
    if new:
        service.checks.begin(row)
    return row, new


@router.get("", responses=refusals())
async def every(service: Asked, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> Cases:
    """The cases, the newest first."""
    return Cases(cases=[resource(row) for row in service.store.cases(limit)])


@router.get("/{case}", responses=refusals(404))
async def one(service: Asked, case: CaseId) -> Case:
    """One case."""
    return resource(found(service, case))


@router.patch("/{case}", responses=refusals(404))
async def rename(service: Asked, case: CaseId, change: Change) -> Case:
    """Give a case another name."""
    found(service, case)
    if change.name is not None:
        service.store.set_case(case, name=change.name)
    return resource(found(service, case))


@router.get("/{case}/findings", responses=refusals(404))
async def findings(service: Asked, case: CaseId, wait: Wait = 0.0) -> Findings:
    """What is wrong in a case, each with its cell; its status is `checking`, and the list empty, until that is known."""
    row = found(service, case)
    if row.status is CaseStatus.CHECKING and wait:
        await service.news.wait(service.news.of(case), wait)
        row = found(service, case)
    return Findings(case=case, status=row.status, findings=[Finding(**finding) for finding in service.store.findings(case)])


@router.get("/{case}/annotated.xlsx", response_class=FileResponse, responses={200: {"content": {XLSX: {}}}, **refusals(404, 422)})
async def annotated(service: Asked, case: CaseId) -> FileResponse:
    """A copy of the workbook with every finding coloured, commented and listed."""
    row = found(service, case)
    return FileResponse(await service.checks.annotated(row), media_type=XLSX, filename="case-checked.xlsx")


@router.get("/{case}/case.xlsx", response_class=FileResponse, responses={200: {"content": {XLSX: {}}}, **refusals(404)})
async def workbook(service: Asked, case: CaseId) -> FileResponse:
    """The workbook as it was uploaded."""
    found(service, case)
    return FileResponse(service.store.workbook(case), media_type=XLSX, filename="case.xlsx")


@router.delete("/{case}", status_code=204, response_model=None, responses=refusals(404, 409))
async def delete(service: Asked, case: CaseId) -> None:
    """Forget a case that has no runs."""
    found(service, case)
    if not service.store.delete_case(case):
        raise Refused(409, "there are runs of this case; delete them first.")
