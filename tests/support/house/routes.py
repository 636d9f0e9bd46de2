"""The portal's routes in this process, behind the gate."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from pages.ui.kit import wiring
from pages.ui.kit.auth import COOKIE
from pages.web import cookies
from pages.web.gate import Gate
from pages.web.routes import routes
from tests.support.sign_in.sessions import session_token

PORTAL = "http://localhost:8501"


def portal_client() -> TestClient:
    app = Starlette(routes=routes, middleware=[Middleware(Gate)])
    return TestClient(app, PORTAL, follow_redirects=False)


def signed_in(client, username):
    """Give the client a new session; what its pages send along."""
    with wiring.transaction() as session:
        token = session_token(session, username, now=wiring.now())
    client.cookies.set(COOKIE, token)
    return {"X-CSRF-Token": cookies.api_token(token)}
