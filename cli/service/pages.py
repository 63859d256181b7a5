"""The pages of the service for browsers."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cli.service.service import Asked

HERE = Path(__file__).parent
STATIC = HERE / "static"

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
templates = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def page(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """A page from its template; every value is escaped."""
    return HTMLResponse(templates.get_template(template).render(**values), status)


@router.get("/")
async def start(service: Asked) -> HTMLResponse:
    """The first page."""
    return page("start.html", runs=service.store.all_runs(limit=50))
