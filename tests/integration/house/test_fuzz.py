"""Bad requests by the thousand: no error of ours reaches a person, nothing is written by half."""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from starlette.applications import Starlette
from starlette.convertors import IntegerConvertor
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from db.importing.kind_registry import KINDS
from db.inspection.models import Inspection
from db.sign_in.models import LoginSession
from db.store.models import AuditEvent
from pages.ui.kit import wiring
from pages.web import cookies
from pages.web.availability import OutageAnswer
from pages.web.gate import Gate
from pages.web.machines import machine_files
from pages.web.routes import routes
from tests.factories import PASSWORD
from tests.support.databases import sqlite_only
from tests.support.house.fuzzing import CASES, cases, item_keys, json_values, numbers, texts
from tests.support.inspection.inspecting import PIN, answers
from tests.support.machines.files import Idle, bearer, make_key
from tests.support.sign_in.sessions import session_token


@pytest.fixture
def send(wired):
    """A signed-in inspector's client that says what a proxy would: never an exception."""
    with wiring.transaction() as session:
        token = session_token(session, "alice", now=wiring.now())
    app = Starlette(routes=routes, middleware=[Middleware(OutageAnswer), Middleware(Gate)])
    client = TestClient(
        app,
        "http://localhost:8501",
        cookies={cookies.SESSION: token},
        raise_server_exceptions=False,
        follow_redirects=False,
    )
    right = {"X-CSRF-Token": cookies.api_token(token), "Origin": "http://localhost:8501"}

    def send(method, path, *, headers=None, **values):
        answer = client.request(method, path, headers=right | (headers or {}), **values)
        assert answer.status_code < 500, (method, path, values, answer.text[:300])
        assert "Traceback" not in answer.text
        return answer

    return send


@st.composite
def requests(draw):
    """One of our own addresses, with values put into its places, a query and a body."""
    route = draw(st.sampled_from([each for each in routes if each.path != "/logout"]))
    path = route.path
    for name, converter in route.param_convertors.items():
        is_number = isinstance(converter, IntegerConvertor)
        words = st.sampled_from(KINDS) | texts if name == "kind" else texts
        value = str(draw(numbers)) if is_number else draw(words)
        path = path.replace(f"{{{name}:int}}" if is_number else f"{{{name}}}", part(value))
    query = draw(
        st.dictionaries(
            st.sampled_from(["slot", "name", "lang", "next", "key", "id", "strict"]),
            texts,
            max_size=3,
        )
    )
    method = draw(st.sampled_from(sorted(route.methods or {"GET"})))
    body = draw(st.one_of(st.binary(max_size=40), json_values.map(as_json), forms))
    headers = draw(
        st.sampled_from(
            [
                {},
                {"Range": "bytes=9-2"},
                {"X-CSRF-Token": "no"},
                {"Accept": "text/html"},
                {"Authorization": "Basic YTpi"},
            ]
        )
    )
    if route in machine_files.routes and draw(st.booleans()):
        headers = {"Authorization": "a right key"}
    return method, f"{path}?{urlencode(query, errors='replace')}", body, headers


forms = st.dictionaries(texts, texts, max_size=4).map(
    lambda d: urlencode(d, errors="replace").encode()
)


def as_json(value):
    return json.dumps(value, ensure_ascii=True).encode()


def part(value):
    return quote(value, safe="", errors="replace") or "x"


@sqlite_only
def test_no_request_meets_an_error_of_ours(send, wired, monkeypatch):
    monkeypatch.setattr("db.jobs.engine.subprocess.Popen", Idle)
    before = wired.count(Inspection)
    key = bearer(make_key(wired.seeded))

    @cases("routes")
    @given(requests())
    def check(request):
        method, path, body, headers = request
        headers = key if headers == {"Authorization": "a right key"} else headers
        send(method, path, content=body, headers=headers)

    check()
    assert wired.count(Inspection) == before
    assert wired.derived() == wired.rebuilt()


@st.composite
def submissions(draw):
    """What a pad sends, with something wrong in it more often than not."""
    body = {
        "version": draw(st.sampled_from([0, 0, 0, 1, -1, 2**40, "0", None])),
        "answers": draw(st.just(answers()) | st.dictionaries(item_keys, json_values, max_size=5)),
        "evidence": draw(st.just([PIN]) | st.lists(st.just(PIN) | json_values, max_size=3)),
        "note": draw(texts),
        "active_seconds": draw(st.sampled_from([1, 0.5, -1, 1e308, "1"])),
    }
    for key in draw(st.lists(st.sampled_from(list(body)), max_size=1)):
        del body[key]
    return draw(st.sampled_from(["save", "submit", "skip"])), body | draw(
        st.dictionaries(texts, json_values, max_size=1)
    )


@sqlite_only
def test_no_submission_is_stored_by_half(send, wired):
    tasks = [wired.assigned() for _ in range(max(4, CASES // 100))]
    right = {
        "version": 0,
        "answers": answers(),
        "evidence": [PIN],
        "note": "",
        "active_seconds": 1,
    }
    assert send("POST", f"/api/pad/{tasks[0]}/submit", content=as_json(right)).status_code == 200

    @cases("submit")
    @given(st.sampled_from(tasks), submissions())
    def check(task, entered):
        deed, body = entered
        send("POST", f"/api/pad/{task}/{deed}", content=as_json(body))

    check()
    stored = wired.all(Inspection.assignment_id)
    assert (tasks[0],) in stored
    assert len(set(stored)) == len(stored) == noted(wired, "submit")
    assert wired.derived() == wired.rebuilt()


def noted(world, action):
    query = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == action)
    return world.one(lambda session: session.scalar(query))


@sqlite_only
def test_nobody_gets_in_by_chance(send, wired):
    page = send("GET", "/login").text
    before = wired.count(LoginSession)
    fields = st.fixed_dictionaries(
        {"username": st.sampled_from(["alice", "bob"]) | texts, "password": texts},
        optional={"token": texts, "next": texts, "code": texts},
    ).filter(lambda given: given["password"] != PASSWORD)
    assert "password" in page

    @cases("login")
    @given(fields, st.sampled_from(["/login", "/login/code"]))
    def check(given, path):
        send(
            "POST",
            path,
            content=urlencode(given, errors="replace").encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )

    check()
    assert wired.count(LoginSession) == before
