"""Whether the portal can answer: probes for operators, a sentence while the database is away."""

from __future__ import annotations

from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from core.errors import PortalError, Unavailable
from core.i18n import guess_language, translations
from db.migrations import migrate
from db.safekeeping import database_key
from db.store.outage import full_disk_explained, writing_problem
from pages.ui.kit import wiring
from pages.web.headers import with_headers

_AGAIN = {"Retry-After": "10", "Cache-Control": "no-store"}


class OutageAnswer:
    """Pure ASGI, so that what the gate itself cannot look up is answered too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            with full_disk_explained():
                await self.app(scope, receive, send)
        except Unavailable as error:
            if scope["type"] == "http":
                await _answer(scope, error)(scope, receive, with_headers(send))
            else:
                await send({"type": "websocket.close", "code": 1013})


def _answer(scope: Scope, error: Unavailable) -> PlainTextResponse:
    accepted = HTTPConnection(scope).headers.get("accept-language", "")
    language = guess_language(
        preference.split(";")[0].strip() for preference in accepted.split(",")
    )
    text = translations(language).gettext(error.sentence)
    return PlainTextResponse(text, status_code=503, headers=_AGAIN)


async def healthz(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


def readyz(_request: Request) -> PlainTextResponse:
    problem = (
        migrate.problem(wiring.engine())
        or wiring.schema_problem(wiring.engine())
        or _key_problem()
        or writing_problem(wiring.engine())
        or wiring.files().problem()
    )
    return PlainTextResponse(problem or "ok", status_code=503 if problem else 200)


def _key_problem() -> str | None:
    try:
        return database_key.problem(wiring.engine(), wiring.keys())
    except PortalError as error:
        return str(error)
