"""Every route of ours: who gets in, with which token, from which site; a new one must be added."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import select

from core.access import PEOPLE, Action, Role, can
from db.store.models import AuditEvent
from pages.ui.kit import modules, wiring
from pages.web import cookies
from pages.web.routes import routes
from tests.factories import identity, make_user
from tests.support.house import doors, reaching
from tests.support.house.routes import signed_in
from tests.support.machines.files import bearer, make_key

OPEN, SIGNED_IN, COOKIE = "open to all", "every person", "every session"
MACHINE = "a key of a service account, no session"
TABLE = {
    "/login": OPEN,
    "/login/code": OPEN,
    "/logout": OPEN,
    "/setup": OPEN,
    "/password": OPEN,
    "/oidc/start": OPEN,
    "/oidc/callback": OPEN,
    "/healthz": OPEN,
    "/readyz": OPEN,
    "/assets/modules/{digest}/{name:path}": COOKIE,
    "/assets/texts/{language}.json": COOKIE,
    "/account/password": SIGNED_IN,
    "/account/second-factor": SIGNED_IN,
    "/account/no-second-factor": SIGNED_IN,
    "/api/pad/{task:int}/state": Action.SCORE,
    "/api/pad/{task:int}/ledger": Action.SCORE,
    "/api/pad/{task:int}/save": Action.SCORE,
    "/api/pad/{task:int}/submit": Action.SCORE,
    "/api/pad/{task:int}/skip": Action.SCORE,
    "/api/pad/{task:int}/photo": Action.SCORE,
    "/api/photo/{name:str}": None,  # whoever may see the case; nobody may see this one
    "/api/practice/{task:int}/state": Action.PRACTISE,
    "/api/practice/{task:int}/ledger": Action.PRACTISE,
    "/api/practice/{task:int}/save": Action.PRACTISE,
    "/api/practice/{task:int}/submit": Action.PRACTISE,
    "/api/recording/{interaction:int}": Action.SCORE,
    "/print/inspection/{inspection_id:int}": None,
    "/case-set/{version_id:int}/handout": Action.TEACH,
    "/case-set/{version_id:int}/present": Action.TEACH,
    "/training/certificate/{certificate:int}": None,  # one's own, or of whom one trains and knows
    "/api/exam-picture/{name:str}": None,  # who plans training, or was asked the question
    "/api/imports/door": Action.IMPORT,
    "/api/imports/upload": Action.IMPORT,
    "/api/imports/{batch:int}/refused.csv": Action.IMPORT,
    "/api/import/{kind}": MACHINE,
    "/api/import/{job}": MACHINE,
    "/api/import/{job}/refused.csv": MACHINE,
    "/api/import/{job}/confirm": MACHINE,
}
# Routes that call functions without `who` and look for nobody: what comes with the request is the
# right itself, as the group "sign-in" of tests/data/doors_without_who.txt says.
LOOKS_FOR_NOBODY = {
    "/login": "user name and password",
    "/login/code": "the first step's token and a one-time code",
    "/logout": "the session that ends",
    "/setup": "the link printed at the start, while nobody has an account",
    "/password": "the link an administrator gave",
    "/oidc/start": "only leads to the provider",
    "/oidc/callback": "what the provider says, or the session for linking an account",
}
LOOKING = {
    "pages.web.api.identity_for",
    "pages.web.sign_in.account.own",
    "pages.web.machines.machine_files.with_key",
}
CLOSED = [route for route in routes if TABLE.get(route.path) != OPEN]
POSTS = [route for route in routes if "POST" in (route.methods or ())]
each_closed = pytest.mark.parametrize("route", CLOSED, ids=lambda route: route.path)
each_post = pytest.mark.parametrize("route", POSTS, ids=lambda route: route.path)


def address(route):
    return re.sub(r"\{\w+(:int|:str|:path)?\}", "1", route.path)


def method(route):
    return "GET" if "GET" in (route.methods or {"GET"}) else "POST"


WORK = {"version": 0, "answers": {}, "evidence": [], "note": "", "active_seconds": 0}


def ask(client, route, how=None, **headers):
    """With a body the route can read, so that only the door can be what refuses it."""
    body = {"reason": "x"} if route.path.endswith("/skip") else WORK
    how = how or method(route)
    content = json.dumps(body) if how == "POST" else None
    return client.request(how, address(route), headers=headers, content=content)


def is_kept_out(answer):
    to_login = answer.status_code == 303 and answer.headers["location"].startswith("/login")
    return answer.status_code == 401 or to_login


def test_every_route_stands_in_the_table():
    assert {route.path for route in routes} == set(TABLE)


@pytest.mark.parametrize("route", routes, ids=lambda route: route.path)
def test_a_route_that_calls_what_asks_nobody_looks_who_is_there(route):
    """Only what belongs to signing in may be called so at all; the rest takes `who`."""
    mentioned = mentioned_by(route)
    kinds = {name: group for group, rows in doors.groups() for name in rows}
    called = {name for name in kinds if f"db.{name}" in mentioned}
    assert {name for name in called if kinds[name] != "sign-in"} == set()
    if called and not mentioned & LOOKING:
        assert route.path in LOOKS_FOR_NOBODY, called


def mentioned_by(route):
    """What an endpoint mentions on its way; of one that is no function, what its module's do."""
    endpoint = route.endpoint
    start = f"{endpoint.__module__}.{getattr(endpoint, '__name__', 'routes')}"
    assert start in reaching.graph(), start
    wrapped = {"pages.web.api.identity_for"} if is_of_api(endpoint) else set()
    return reaching.reached(start, "pages") | wrapped


def is_of_api(endpoint):
    """Whether `api` made the endpoint of a handler that is given `who`."""
    return getattr(getattr(endpoint, "__code__", None), "co_qualname", "") == "api.<locals>.route"


@each_closed
def test_without_a_session_it_opens_to_nobody(client, route):
    assert is_kept_out(ask(client, route))
    assert is_kept_out(ask(client, route, Accept="text/html"))


@pytest.mark.parametrize(
    "route",
    [route for route in CLOSED if TABLE[route.path] != COOKIE],
    ids=lambda route: route.path,
)
def test_an_invented_session_opens_nothing(client, route):
    client.cookies.set(cookies.SESSION, "invented")
    answer = ask(client, route)
    assert is_kept_out(answer)


@each_post
def test_another_sites_page_cannot_post(client, wired, route):
    """Even with the person's cookie and the page's token, which another site cannot know."""
    token = signed_in(client, "administrator")
    answer = ask(client, route, "POST", Origin="https://evil.example", **token)
    assert (answer.status_code, answer.text) == (403, "This came from another site.")
    assert ask(client, route, "POST", Origin="null", **token).status_code == 403


@pytest.mark.parametrize(
    "route",
    [r for r in POSTS if r.path.startswith("/api/") and TABLE.get(r.path) != MACHINE],
    ids=lambda route: route.path,
)
def test_a_change_needs_the_pages_token(client, wired, route):
    signed_in(client, "administrator")
    for token in ("", "guessed", "ü"):
        answer = ask(client, route, "POST", **{"X-CSRF-Token": token.encode()})
        assert (answer.status_code, answer.json()["error"]) == (
            403,
            "This page is out of date. Reload it.",
        )
    with wired.reading() as session:
        noted = session.scalars(select(AuditEvent).filter_by(action="refuse")).all()
    assert [(event.object_type, event.object_id) for event in noted] == [
        ("page", address(route))
    ] * 3
    assert {event.user_id for event in noted} == {wired.administrator.user_id}


@pytest.mark.parametrize(
    "route",
    [r for r in POSTS if not r.path.startswith("/api/") and r.path != "/logout"],
    ids=lambda route: route.path,
)
def test_a_form_of_another_browser_changes_nothing(client, wired, route):
    """What is posted without this browser's form token is answered as if nothing was posted."""
    signed_in(client, "alice")
    posted = client.post(address(route), data={"username": "alice", "token": "theirs"})
    assert "set-cookie" not in posted.headers or "qi_session" not in posted.headers["set-cookie"]
    assert posted.status_code in (200, 401, 303, 410)


@pytest.mark.parametrize("role", PEOPLE)
def test_a_role_gets_nothing_from_routes_of_other_roles(client, wired, role):
    with wired.transaction() as session:
        is_bound = role in (Role.STATION_MANAGER, Role.CASE_HANDLER)
        station = {"station_id": wired.station_id} if is_bound else {}
        make_user(session, "somebody", role, **station)
        who = identity(session, "somebody")
    token = signed_in(client, "somebody")
    for route in CLOSED:
        wanted = TABLE[route.path]
        answer = ask(client, route, **token)
        if wanted in (SIGNED_IN, COOKIE):
            assert not is_kept_out(answer), route.path
        elif wanted == MACHINE:
            assert answer.status_code == 401, route.path
        elif wanted is None or not can(who, wanted):
            assert answer.status_code in (403, 404), (route.path, answer.text)
        else:
            assert answer.status_code not in (401, 403), (route.path, answer.text)


@each_closed
def test_a_key_opens_the_routes_of_machines_and_no_other(client, wired, route):
    key = bearer(make_key(wired))
    for cookie in ("", key["Authorization"].removeprefix("Bearer ")):
        client.cookies.set(cookies.SESSION, cookie)
        answer = ask(client, route, **key)
        if TABLE[route.path] == MACHINE:
            assert answer.status_code == 404, answer.text  # nothing is there under this name
        elif TABLE[route.path] != COOKIE:
            assert is_kept_out(answer)


@pytest.mark.parametrize("name", ["evil.example", "localhost:80", "", "portal.example"])
def test_under_another_name_the_portal_does_not_answer(client, wired, name):
    assert client.get("/login", headers={"Host": name}).status_code == 421
    assert client.get("/healthz", headers={"Host": name}).status_code == 200


def test_its_public_name_and_this_machine_are_its_names(client, wired, monkeypatch):
    monkeypatch.setenv("PUBLIC_URL", "https://portal.example")
    wiring.settings.cache_clear()
    assert client.get("/login", headers={"Host": "portal.example"}).status_code == 200
    assert client.get("/login", headers={"Host": "LOCALHOST:8501"}).status_code == 200
    posted = client.post(
        "/login", headers={"Host": "localhost:8501", "Origin": "https://portal.example"}
    )
    assert posted.status_code == 401  # behind a proxy that hides the name


def test_over_https_cookies_and_headers_say_so(client, wired, monkeypatch):
    monkeypatch.setenv("PUBLIC_URL", "https://portal.example")
    wiring.settings.cache_clear()
    answer = client.get("/login")
    assert "max-age=31536000" in answer.headers["strict-transport-security"]
    for cookie in answer.headers.get_list("set-cookie"):
        assert cookie.startswith("__Host-qi_")
        assert "; Secure" in cookie
        assert "; HttpOnly" in cookie


@pytest.mark.parametrize(
    "path", ["/login", modules.address("kit/leave.js"), "/healthz", "/nowhere"]
)
def test_every_answer_carries_the_policy(client, wired, path):
    signed_in(client, "alice")
    headers = client.get(path).headers
    policy = dict(
        part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] in ("'self'", "'none'")
    assert policy["frame-ancestors"] == "'none'"
    assert "'unsafe-inline'" not in policy.get("script-src", "")
    assert "'unsafe-eval'" not in policy.get("script-src", "")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    "path", ["/media/x.wav", "/_stcore/upload_file/a/b", "/_stcore/metrics", "/component/x/y"]
)
def test_media_and_uploads_open_only_to_a_session_in_force(client, wired, path):
    """Not ours, so they answer 404 here; the point is that they are reached, or not."""
    client.cookies.set(cookies.SESSION, "invented")
    assert client.get(path).status_code == 401
    client.cookies.clear()
    signed_in(client, "alice")
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", sorted({"/media/x.csv", *map(address, routes)}))
def test_no_cache_keeps_an_answer_but_those_without_a_person(client, wired, path):
    """Modules of pages and their texts are the same for everybody; /media holds downloads."""
    signed_in(client, "alice")
    kept = client.get(path).headers["cache-control"]
    assert ("no-store" in kept) != (path.startswith("/assets/") and "immutable" in kept)
