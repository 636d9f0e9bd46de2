"""The gate in front of everything: who has no session cookie only gets as far as the login page."""

from __future__ import annotations

from urllib.parse import quote

from anyio import to_thread
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from db.services import auth
from pages.ui import wiring
from pages.web import cookies

_OPEN = frozenset(
    {"/login", "/logout", "/healthz", "/readyz", "/_stcore/health", "/favicon.ico", "/robots.txt"}
)
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


class Gate:
    """Pure ASGI, so that it sees websockets too.

    No cookie: pages lead to the login page, everything else is refused, websockets included.
    An expired or revoked cookie: pages lead to the login page; a websocket is accepted, because
    the script then shows the way to sign in again instead of a connection error.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or scope["path"] in _OPEN:
            await self.app(scope, receive, _with_headers(send))
            return
        connection = HTTPConnection(scope)
        token = cookies.session_token(connection)
        if token and (not _is_page(connection) or await _is_live(token)):
            await self.app(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4401})
        else:
            await _refusal(connection)(scope, receive, _with_headers(send))


def _is_page(connection: HTTPConnection) -> bool:
    return connection.scope["type"] == "http" and "text/html" in connection.headers.get(
        "accept", ""
    )


def _refusal(connection: HTTPConnection) -> Response:
    if not _is_page(connection):
        return Response(status_code=401)
    query = connection.url.query
    wanted = connection.url.path + (f"?{query}" if query else "")
    return RedirectResponse(f"/login?next={quote(wanted)}", status_code=303)


async def _is_live(token: str) -> bool:
    return await to_thread.run_sync(_touch_session, token)


def _touch_session(token: str) -> bool:
    now = wiring.now()
    with wiring.reading() as session:
        who = auth.identify(session, wiring.settings(), token, now=now)
    if who is None:
        return False
    with wiring.transaction() as session:
        auth.touch(session, token, now=now)
    return True


def _with_headers(send: Send) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *_HEADERS]
        await send(message)

    return wrapped
