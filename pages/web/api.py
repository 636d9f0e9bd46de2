"""JSON routes for our own page components: session, token, plain errors, in one place."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from anyio import to_thread
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.access import Identity
from core.errors import (
    CodesWanted,
    InvalidInput,
    NotAllowed,
    NotFound,
    PortalError,
    StaleEdit,
    Unavailable,
    Withheld,
)
from core.i18n import DEFAULT, LANGUAGES, translations
from db.sign_in.services import login_sessions
from db.store import audit
from db.store.outage import full_disk_explained
from pages.ui.kit import wiring
from pages.web import cookies

Data = dict[str, Any]
Handler = Callable[[Identity, Request, Data], Data]

_MAX_BODY = 2_000_000
_PATH = 64  # of a log entry
_READING = ("GET", "HEAD")
_UNSTORED = {"Cache-Control": "no-store"}
_STATUS: dict[type[PortalError], int] = {
    CodesWanted: 403,
    NotAllowed: 403,
    NotFound: 404,
    Withheld: 404,
    StaleEdit: 409,
    Unavailable: 503,
}
_log = logging.getLogger(__name__)


class SignedOut(PortalError):
    """The session is over; what was typed stays in the browser."""


class _Json(JSONResponse):
    """Written by pydantic, which takes a quarter of the time of Python's own JSON."""

    def render(self, content: object) -> bytes:
        return to_json(content)


def api(handler: Handler) -> Callable[[Request], Awaitable[JSONResponse]]:
    """A route that runs `handler(who, request, body)` in a thread and answers JSON.

    Every method but GET and HEAD must carry the header X-CSRF-Token. Errors become
    ``{"error": sentence in the person's language}`` with a fitting status.
    """

    @wraps(handler)
    async def route(request: Request) -> JSONResponse:
        try:
            body = await _body(request)
        except InvalidInput as error:
            return refusal(error, None, request)
        return await to_thread.run_sync(_answer, handler, request, body)

    return route


def _answer(handler: Handler, request: Request, body: Data) -> JSONResponse:
    """Everything in one thread: with many at work each change of threads waits for the others."""
    who: Identity | None = None
    try:
        who = identity_for(request)
        with full_disk_explained(), audit.refusals_noted(wiring.engine(), wiring.now):
            return _Json(handler(who, request, body), headers=_UNSTORED)
    except PortalError as error:
        return refusal(error, who, request)


def identity_for(request: Request) -> Identity:
    """Who sent the request.

    Raises:
        SignedOut: no live session.
        CodesWanted: the person must set up one-time codes first.
        NotAllowed: a change without the page's token.
    """
    token = cookies.session_token(request)
    if not token:
        raise SignedOut("You are signed out. Sign in again; what you entered is kept.")
    with wiring.reading() as session:
        who = login_sessions.identify(session, wiring.settings(), token, now=wiring.now())
        if who is None:
            raise SignedOut("You are signed out. Sign in again; what you entered is kept.")
        page_token = request.headers.get("x-csrf-token", "")
        if request.method not in _READING and not cookies.is_api_token(token, page_token):
            raise NotAllowed(
                "This page is out of date. Reload it.",
                user_id=who.user_id,
                subject=("page", request.url.path[:_PATH]),
            )
    return who


def private_picture(data: bytes) -> Response:
    """A picture that no cache keeps and that cannot do anything."""
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(data, media_type="image/jpeg", headers=headers)


def refusal(
    error: PortalError, who: Identity | None, request: Request | None = None
) -> JSONResponse:
    """An error as JSON: one sentence with a fitting status.

    In the language of the page that asks, as far as it says one, else the person's own.
    """
    reader = who.language if who else getattr(error, "language", None)
    page_language = request.query_params.get("lang", "") if request else ""
    language = page_language if page_language in LANGUAGES else reader or DEFAULT
    template = translations(language).gettext(error.sentence)
    status = 401 if isinstance(error, SignedOut) else _STATUS.get(type(error), 422)
    payload: Data = {"error": template.format(**error.values) if error.values else template}
    if items := getattr(error, "items", None):
        payload["items"] = list(items)
    return JSONResponse(payload, status_code=status)


async def _body(request: Request) -> Data:
    if request.method in _READING:
        return {}
    raw = bytearray()
    async for chunk in request.stream():  # of whoever has any cookie: none is checked yet
        raw += chunk
        if len(raw) > _MAX_BODY:
            raise InvalidInput("This is too much at once.")
    try:
        body = json.loads(raw or b"{}")
    except ValueError:
        raise InvalidInput("The request is not readable.") from None
    if not isinstance(body, dict):
        raise InvalidInput("The request is not readable.")
    return body
