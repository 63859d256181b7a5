"""Who is answered: the right host, the token, no other site's page, and no more bytes than allowed; and what browsers may do with the answer."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cli.service.problems import problem
from cli.service.settings import Settings

SAFE = ("GET", "HEAD", "OPTIONS")
OPEN = ("/api/health",)
"""What is answered without the token."""

BODY = 1_000_000
"""Bytes that any body but an upload may have."""

FORM = 65_536
"""Bytes that the form around an upload may take."""

UPLOADS = ("/api/cases", "/cases")
"""Where workbooks are uploaded."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Of every answer that does not say otherwise."""

NO_TOKEN = "this service answers those who have its token: open the link that `stockpile serve` printed, or send the header Authorization: Bearer TOKEN."


class Guard:
    """The outermost layer of the service."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings
        self.secret = settings.token.encode()
        self.cookie = f"stockpile-{settings.port}"
        self.session = hmac.new(self.secret, b"session", hashlib.sha256).hexdigest()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse, or let the application answer."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self.answer(scope, receive, send)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        request = Request(scope)
        if refusal := self.refusal(request):
            await refusal(scope, receive, sending)
            return
        left = self.cap(request)

        async def receiving() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(413, too_large(self.cap(request)), {"Connection": "close"})
            return message

        await self.app(scope, receiving, sending)

    def refusal(self, request: Request) -> Response | None:
        """Why a request is not let through; None where it is."""
        if request.headers.get("host", "").lower() not in self.settings.hosts:
            return problem(421, "this service does not answer to that name; see --name of `stockpile serve`.")
        if request.url.path in OPEN and request.method in SAFE:
            return None
        if not self.has_bearer(request):
            if request.method == "GET" and "token" in request.query_params:
                return self.entered(request)
            if not self.same(request.cookies.get(self.cookie, ""), self.session):
                return self.unknown(request)
            if request.method not in SAFE and not self.own_page(request):
                return problem(
                    403, "requests that change something come from a page of this service, or with the token in the header Authorization."
                )
        length = request.headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()) or len(length) > 15:
            return problem(400, "Content-Length must be a number.")
        return problem(413, too_large(self.cap(request)), headers={"Connection": "close"}) if int(length) > self.cap(request) else None

    def has_bearer(self, request: Request) -> bool:
        """Whether the token is in the header."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        return kind.lower() == "bearer" and self.same(token.strip(), self.settings.token)

    def entered(self, request: Request) -> Response:
        """The token in a link becomes a cookie, and leaves the address."""
        if not self.same(request.query_params["token"], self.settings.token):
            return self.unknown(request)
        rest = urlencode([(name, value) for name, value in parse_qsl(request.url.query) if name != "token"])
        path = "/" + request.url.path.lstrip("/\\")
        response = RedirectResponse(f"{path}?{rest}" if rest else path, 303)
        response.set_cookie(self.cookie, self.session, httponly=True, samesite="strict", secure=request.url.scheme == "https", path="/")
        return response

    def unknown(self, request: Request) -> Response:
        """The answer to somebody without the token."""
        if request.url.path.startswith("/api/"):
            return problem(401, NO_TOKEN, headers={"WWW-Authenticate": "Bearer"})
        return HTMLResponse(f"<!doctype html><title>stockpile</title><p>{NO_TOKEN}</p>", 401)

    def own_page(self, request: Request) -> bool:
        """Whether a browser says that a page of this service asks."""
        site = request.headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        origin = request.headers.get("origin", "")
        return urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()

    def cap(self, request: Request) -> int:
        """The most bytes that a body may have."""
        return self.settings.upload_bytes + FORM if request.url.path in UPLOADS and request.method == "POST" else BODY

    @staticmethod
    def same(given: str, right: str) -> bool:
        """Whether two texts are the same, in a time that does not say how far."""
        return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), right.encode("utf-8", "surrogateescape"))


def too_large(cap: int) -> str:
    """What is said of a body that is too large."""
    return f"the request is larger than the {cap / 1e6:,.1f} MB that it may have."
