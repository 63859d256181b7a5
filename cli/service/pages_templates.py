"""How pages are made from templates, which files they load, and what browsers may do with them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cli.service.guard import HEADERS
from cli.service.problems import Refused

HERE = Path(__file__).parent
STATIC = HERE / "static"
PLOTLY = "plotly.min.js"

TITLES = {"explain": "Why no plan", "compare": "Comparison", "stress": "Stress test"}
"""What people call the kinds of run, where that is another word."""

STYLE_OF_NOTHING = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
"""The digest of the empty style element that plotly adds and then fills rule by rule, which is no inline style."""

CHARTS = {
    "Content-Security-Policy": HEADERS["Content-Security-Policy"]
    .replace("style-src 'self'", f"style-src 'self' {STYLE_OF_NOTHING}; style-src-attr 'unsafe-inline'")
    .replace("img-src 'self' data:", "img-src 'self' data: blob:")
}
"""Of a page with charts: plotly sets attributes of style on what it draws, and saves a chart as a picture through a blob. No style element with text, no inline script."""


def folder_of(package: str) -> Path:
    """The folder of an installed package, without importing it."""
    spec = find_spec(package)
    assert spec
    assert spec.origin
    return Path(spec.origin).parent


@cache
def assets() -> Mapping[str, Path]:
    """The files that pages load, by the name under which they are served."""
    drawn = folder_of("outputs.html")
    return {
        **{file.name: file for file in sorted(STATIC.iterdir()) if file.suffix in (".css", ".js", ".svg")},
        **{name: drawn / name for name in ("page.css", "page.js", "drawing.js", "tables.js", "figures.js")},
        PLOTLY: folder_of("plotly") / "package_data" / PLOTLY,
    }


@cache
def asset(name: str) -> str:
    """The address of a file, which changes with its content, so that browsers may keep it."""
    return f"/assets/{hashlib.sha256(assets()[name].read_bytes()).hexdigest()[:12]}/{name}"


@cache
def styles_of_plotly() -> tuple[str, ...]:
    """The ids under which plotly looks for styles of maps before it adds them; no chart of ours is a map, and where something has the id it adds none."""
    return tuple(re.findall(r'getElementById\("([0-9a-f]{64})"\)', assets()[PLOTLY].read_text(encoding="utf-8")))


def moment(seconds: float) -> Markup:
    """Seconds since 1970 as people read it, by the clock of the service."""
    exact, local = datetime.fromtimestamp(seconds, UTC), datetime.fromtimestamp(seconds)
    return Markup('<time datetime="{}">{}</time>').format(exact.isoformat(timespec="seconds"), f"{local:%d %b %Y, %H:%M}")


def title_of(kind: str) -> str:
    """A kind of run for people."""
    return TITLES.get(kind, kind.capitalize())


def size(count: int) -> str:
    """Bytes as people read them."""
    return f"{count / 1e6:,.1f} MB" if count >= 100_000 else f"{count / 1e3:,.0f} kB"


templates = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
templates.globals |= {"asset": asset, "styles_of_plotly": styles_of_plotly, "PLOTLY": PLOTLY}
templates.filters |= {"moment": moment, "size": size, "title_of": title_of}


class PageRoute(APIRoute):
    """A route that says what is refused on a page, as people read it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with refusals as pages."""
        handler = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handler(request)
            except Refused as error:
                return page("refused.html", error.status, text=error.detail)
            except RequestValidationError as error:
                fields = ", ".join(sorted({str(found["loc"][-1]) for found in error.errors() if found["loc"]}))
                return page("refused.html", 422, text=f"This is not as a page of the service would send it: {fields}.")

        return handled


def page(template: str, status: int = 200, *, charts: bool = False, **values: object) -> HTMLResponse:
    """A page from its template; every value is escaped but Markup. Pages with `charts` load what draws them."""
    return HTMLResponse(templates.get_template(template).render(charts=charts, **values), status, CHARTS if charts else None)
