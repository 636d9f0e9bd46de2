"""The gate in front of everything: who has no session cookie only gets as far as the login page."""

from __future__ import annotations

from urllib.parse import quote

from anyio import to_thread
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core.errors import CodesWanted
from core.i18n import DEFAULT, translations
from db.sign_in.services import login_sessions
from db.sign_in.services.login_sessions import Live
from pages.ui.kit import wiring
from pages.ui.kit.auth import code_set_up
from pages.web import cookies, streamlit_uploads
from pages.web.headers import with_headers
from pages.web.machines import machine_files

_HEALTH = frozenset({"/healthz", "/readyz", "/_stcore/health"})
_OPEN = _HEALTH | {
    "/login",
    "/login/code",
    "/logout",
    "/setup",
    "/password",
    "/oidc/start",
    "/oidc/callback",
    "/favicon.ico",
    "/robots.txt",
}
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_STREAM = "/_stcore/stream"
_CHECK_THEMSELVES = ("/static/", "/assets/", "/api/", "/print/", "/account/")


class Gate:
    """Pure ASGI, so that it sees websockets too.

    A wrong Host is refused, and so is whatever another site's page sends. No cookie: pages lead
    to the login page, everything else is refused, websockets included. An ended session: the
    same, but a websocket is accepted, because the script then shows the way to sign in again
    instead of a connection error. Programs need a cookie only, and our routes
    look for themselves, so that they can say what happened. Other systems have a key instead of a
    cookie, which their routes look for. Whose role demands one-time codes that are not set up is
    led there.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        send = with_headers(send)
        stranger = _stranger(connection)
        if stranger is None and scope["type"] == "http" and _is_upload(connection):
            await self._upload(connection, receive, send)
            return
        refusal = stranger or await _refusal(connection)
        if refusal is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4403 if stranger else 4401})
        else:
            await refusal(scope, receive, send)

    async def _upload(self, connection: HTTPConnection, receive: Receive, send: Send) -> None:
        scope = connection.scope
        live = await to_thread.run_sync(_live, cookies.session_token(connection))
        if live is None or live.who.owes_codes:
            await _way_in(connection, live)(scope, receive, send)
            return
        problem = streamlit_uploads.refusal(connection, live.who.user_id)
        if problem is None:
            read = await streamlit_uploads.first_part(receive)
            if streamlit_uploads.is_welcome(read):
                await self.app(scope, streamlit_uploads.again(read, receive), send)
                return
            problem = PlainTextResponse("Files of this type are not taken.", status_code=415)
        await problem(scope, receive, send)


def _stranger(connection: HTTPConnection) -> Response | None:
    """The answer to a request that is not from one of the portal's own pages."""
    host = connection.headers.get("host", "").lower()
    names = wiring.settings().hosts
    if names and host not in names and connection.url.path not in _HEALTH:
        return PlainTextResponse("The portal is not served under this name.", status_code=421)
    origin = connection.headers.get("origin")
    changes = connection.scope.get("method") not in _SAFE
    ours = {host, *names} - {""}
    if origin is not None and changes and origin.partition("://")[2].lower() not in ours:
        return PlainTextResponse("This came from another site.", status_code=403)
    return None


async def _refusal(connection: HTTPConnection) -> Response | None:
    """The answer to whoever may not come in; None for all others."""
    path = connection.url.path
    if path in _OPEN or machine_files.is_machine_address(path):
        return None
    token = cookies.session_token(connection)
    if token and (path == _STREAM or path.startswith(_CHECK_THEMSELVES)):
        return None
    live = await to_thread.run_sync(_live, token)
    is_in = live is not None and not live.who.owes_codes
    return None if is_in else _way_in(connection, live)


def _is_upload(connection: HTTPConnection) -> bool:
    is_sent = connection.scope["method"] in ("PUT", "POST")
    return is_sent and connection.url.path.startswith(streamlit_uploads.ADDRESS)


def _is_page(connection: HTTPConnection) -> bool:
    return connection.scope["type"] == "http" and "text/html" in connection.headers.get(
        "accept", ""
    )


def _way_in(connection: HTTPConnection, live: Live | None) -> Response:
    """Pages are led to the sign-in or, with a session, to the codes; all else is refused."""
    query = connection.url.query
    target = connection.url.path + (f"?{query}" if query else "")
    if _is_page(connection):
        address = code_set_up(target) if live else f"/login?next={quote(target)}"
        return RedirectResponse(address, status_code=303)
    if live is None:
        return Response(status_code=401)
    error = CodesWanted(live.who.language)
    sentence = translations(error.language or DEFAULT).gettext(error.sentence)
    return PlainTextResponse(sentence, status_code=403)


def _live(token: str | None) -> Live | None:
    """The session of a cookie while it is in force; this counts as use."""
    if not token:
        return None
    now = wiring.now()
    with wiring.reading() as session:
        live = login_sessions.live_session(session, wiring.settings(), token, now=now)
    if live is not None and live.is_untouched:
        with wiring.transaction() as session:
            login_sessions.touch(session, token, now=now)
    return live
