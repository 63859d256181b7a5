"""The page on which plans are chosen to be compared."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, Response

from cli.service.options import Kind
from cli.service.pages_runs import submitted
from cli.service.pages_templates import PageRoute, page
from cli.service.problems import Refused
from cli.service.resources import RunStatus
from cli.service.service import Asked, Service
from cli.service.store import RunRow

router = APIRouter(route_class=PageRoute)

LEAST, MOST = 2, 5
"""Plans side by side."""


@router.get("/compare")
async def choose(service: Asked, run: Annotated[list[str] | None, Query()] = None) -> HTMLResponse:
    """The plans that can be compared, those of the address chosen."""
    names = {case.id: case.name for case in service.store.cases()}
    return page("compare.html", runs=plans(service), names=names, chosen=set(run or ()), least=LEAST, most=MOST)


def plans(service: Service) -> list[RunRow]:
    """The runs that have a plan."""
    return [row for row in service.store.all_runs(status=RunStatus.SOLVED) if row.kind == Kind.PLAN]


@router.post("/compare")
async def compare(service: Asked, run: Annotated[list[str] | None, Form()] = None, regret: Annotated[bool, Form()] = False) -> Response:
    """Compare the chosen plans, in the order in which they were made."""
    chosen = [row for row in reversed(plans(service)) if row.id in (run or ())]
    if not LEAST <= len(chosen) <= MOST:
        raise Refused(422, f"choose {LEAST} to {MOST} plans; these are {len(chosen)}.")
    names = {case.id: case.name for case in service.store.cases()}
    options = {
        "runs": [row.id for row in chosen],
        "plans_alone": True,
        "names": labels([row.name or stem(names[row.case]) for row in chosen]),
        "regret": regret,
    }
    return submitted(service, {"case": chosen[0].case, "kind": "compare", "options": options})


def stem(name: str) -> str:
    """The name of a file without its ending."""
    return name.rpartition(".")[0] or name


def labels(names: list[str]) -> list[str]:
    """Names that tell plans apart: a number follows where two are the same."""
    return [name if names.count(name) == 1 else f"{name} ({names[: i + 1].count(name)})" for i, name in enumerate(names)]
