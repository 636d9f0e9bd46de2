"""Outermost of all: while the database is away, a plain sentence instead of an error."""

from __future__ import annotations

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from core.errors import Unavailable
from core.i18n import guess_language, translations
from pages.web.headers import with_headers

_AGAIN = {"Retry-After": "10", "Cache-Control": "no-store"}


class OutageAnswer:
    """Pure ASGI, so that what the gate itself cannot look up is answered too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
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
