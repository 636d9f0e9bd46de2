"""Requests that no browser sends: bodies without end, origins that are none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import anyio
import pytest

from pages.web import api, cookies
from tests.support.house.routes import portal_client, signed_in

_PIECE = bytes(500_000)
_MOST = 20


@pytest.fixture
def app():
    return portal_client().app


def scope(path, method="POST", **headers):
    given = {"host": "localhost:8501"} | headers
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "client": ("192.0.2.1", 1),
        "server": ("localhost", 8501),
        "scheme": "http",
    }


def answer_to(app, request):
    """The status, and how many pieces of a body were taken that is far too long."""
    taken, sent = [], []

    async def receive():
        taken.append(_PIECE)
        return {"type": "http.request", "body": _PIECE, "more_body": len(taken) < _MOST}

    async def send(message):
        sent.append(message)

    with ThreadPoolExecutor(1) as apart:  # in this thread a browser's loop may be running
        apart.submit(anyio.run, app, request, receive, send).result()
    return sent[0]["status"], len(taken)


@pytest.mark.parametrize("path", ["/api/pad/1/save", "/api/practice/1/submit"])
def test_of_too_long_a_body_no_more_is_taken_than_is_allowed(app, wired, path):
    """Whoever sends it has invented a session: it is read before that is known."""
    status, pieces = answer_to(app, scope(path, cookie=f"{cookies.SESSION}=invented"))
    assert status == 422
    assert (pieces - 1) * len(_PIECE) <= api._MAX_BODY


@pytest.mark.parametrize(
    "origin", ["http://[::1", "http://[x]:80", "//[", "\x00", "http://localhost:8501]"]
)
def test_an_origin_that_is_none_is_another_site(client, wired, origin):
    token = signed_in(client, "alice")
    answer = client.post("/login", headers={"Origin": origin, **token})
    assert (answer.status_code, answer.text) == (403, "This came from another site.")
