"""Errors as `application/problem+json`: what is wrong, and in which cells."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from cli.service.resources import Fault, Problem

MEDIA = "application/problem+json"
SCHEMAS = "#/components/schemas/{model}"
DEFECT = "a defect of the service; its log has more"

log = logging.getLogger("stockpile.service")


class Refused(Exception):
    """A request that is not done: its status, what is wrong in words, and the cells (or fields) that are at fault."""

    def __init__(self, status: int, detail: str, errors: Sequence[Fault] = (), headers: Mapping[str, str] | None = None) -> None:
        self.status, self.detail, self.errors, self.headers = status, detail, tuple(errors), dict(headers or {})
        super().__init__(detail)


def problem(status: int, detail: str, errors: Sequence[Fault] = (), headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A refusal as a response."""
    content = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=list(errors))
    return JSONResponse(content.model_dump(), status, dict(headers or {}), MEDIA)


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals of a route, for the description of the interface."""
    content = {MEDIA: {"schema": {"$ref": SCHEMAS.format(model=Problem.__name__)}}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


def describe(app: FastAPI) -> None:
    """Let the description of an application know what a problem is."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        known = plain()
        schema = Problem.model_json_schema(ref_template=SCHEMAS)
        known["components"]["schemas"] |= {**schema.pop("$defs"), Problem.__name__: schema}
        return known

    app.openapi = described  # type: ignore[method-assign]


def add_handlers(app: FastAPI) -> None:
    """Let every error of an application leave as a problem."""

    @app.exception_handler(Refused)
    async def refused(_request: Request, error: Refused) -> JSONResponse:
        return problem(error.status, error.detail, error.errors, error.headers)

    @app.exception_handler(HTTPException)
    async def http_error(_request: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, str(error.detail), headers=error.headers)

    @app.exception_handler(RequestValidationError)
    async def wrong_request(_request: Request, error: RequestValidationError) -> JSONResponse:
        return problem(422, "the request is not as described in /api/openapi.json", [of_field(found) for found in error.errors()])

    @app.exception_handler(Exception)
    async def defect(_request: Request, error: Exception) -> JSONResponse:
        return problem(500, DEFECT)


def of_field(found: Mapping[str, object]) -> Fault:
    """What pydantic says of a field, whose path stands for the cell."""
    place = found.get("loc")
    path = ".".join(map(str, place)) if isinstance(place, tuple | list) else ""
    given = found.get("input")
    shown = "" if given is None or isinstance(given, bytes) else str(given)[:200]
    return Fault(sheet="", cell=path, code=str(found.get("type", "")), found=sayable(shown), expected=str(found.get("msg", "")))


def sayable(text: str) -> str:
    """A text in which what is no character (half of a pair, which JSON can have) is spelt out."""
    return text.encode("utf-8", "backslashreplace").decode()
