"""The pad's routes with a real session cookie, without a browser or a server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from db.store.keys import Keys, key_file
from pages.ui.kit import wiring
from pages.ui.kit.auth import COOKIE
from pages.web import cookies
from pages.web.gate import Gate
from pages.web.routes import routes
from tests.support.sign_in.sessions import session_token


@contextmanager
def wired_to(engine, folder, monkeypatch) -> Iterator[None]:
    """The routes' own wiring, pointed at a database."""
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("VAR_DIR", str(folder))
    _forget()
    yield
    wiring.engine().dispose()
    _forget()


def portal_key(folder: Path, keys: Keys) -> None:
    """Give a portal that is started on this folder the key its database was written with."""
    path = key_file(folder)
    path.parent.mkdir(parents=True)
    path.write_text(f"{keys.secret.hex()}\n", encoding="ascii")


class Browser:
    """One signed-in browser at the pad of an assignment."""

    def __init__(self, world, username, task=None):
        self.task = task or world.task
        with wiring.transaction() as session:
            token = session_token(session, username, now=wiring.now())
        app = Starlette(routes=routes, middleware=[Middleware(Gate)])
        self.http = TestClient(app, "http://localhost:8501", cookies={COOKIE: token})
        self.token = cookies.api_token(token)

    def get(self, path="state", **values):
        return self.http.get(f"/api/pad/{self.task}/{path}", **values)

    def post(self, path, body, token=None):
        headers = {"X-CSRF-Token": self.token if token is None else token}
        content = body if isinstance(body, str) else json.dumps(body)
        return self.http.post(f"/api/pad/{self.task}/{path}", content=content, headers=headers)

    def listen(self, interaction_id, span=None):
        headers = {"Range": span} if span else {}
        return self.http.get(f"/api/recording/{interaction_id}", headers=headers)


def _forget() -> None:
    for cached in (wiring.settings, wiring.keys, wiring.engine, wiring.files):
        cached.cache_clear()
