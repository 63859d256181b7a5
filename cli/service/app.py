"""The application of the service: its parts put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from pydantic import BaseModel
from starlette.staticfiles import StaticFiles

from cli.service import case_routes, pages, run_routes
from cli.service.guard import Guard
from cli.service.problems import add_handlers, describe, refusals
from cli.service.service import begun
from cli.service.settings import Settings
from inputs.extras import installed_version


class Health(BaseModel):
    """That the service answers."""

    status: str


def create_app(settings: Settings) -> FastAPI:
    """The service as an ASGI application; its data folder is opened when it begins, and its processes end with it."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        async with begun(settings) as app.state.service:
            yield

    app = FastAPI(
        title="stockpile", version=installed_version(), lifespan=life, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json", responses=refusals(400, 401, 403, 413, 421, 422)
    )  # fmt: skip
    add_handlers(app)
    describe(app)

    @app.get("/api/health", tags=["service"])
    async def health() -> Health:
        """Whether the service answers; without the token."""
        return Health(status="ok")

    for router in (case_routes.router, run_routes.router, pages.router):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=pages.STATIC), name="static")
    app.add_middleware(Guard, settings=settings)
    return app
