"""Every route while its caller's role demands one-time codes that are not set up."""

from __future__ import annotations

import json
import re

import pyotp
import pytest
from sqlalchemy import select

from core.access import PEOPLE, Role
from core.i18n import LANGUAGES, translations
from db.people.models import User
from db.sign_in.models import Authenticator, LoginSession
from db.sign_in.services.code_demands import demand_codes
from pages.ui.kit import wiring
from pages.web.routes import routes
from tests.factories import PASSWORD, make_user
from tests.support.house.routes import portal_client, signed_in

SENTENCE = "Your role must use one-time codes. Set them up first; everything else opens then."
SET_UP = "/account/second-factor"
OPEN = ("/login", "/login/code", "/logout", "/setup", "/password", "/healthz", "/readyz")
OURS = sorted(
    (route for route in routes if not route.path.startswith((*OPEN, "/oidc/", "/assets/"))),
    key=lambda route: route.path,
)
MACHINE = ("/api/import/",)
PAGE = {"Accept": "text/html"}


@pytest.fixture
def eve(client, wired):
    """She has every role of people; her browser was signed in before codes were demanded."""
    with wired.transaction() as session:
        make_user(session, "eve", *PEOPLE, station_id=wired.station_id)
    client.headers.update(signed_in(client, "eve"))
    demand(wired, Role.TRAINER)
    return client


def demand(wired, *roles):
    with wired.transaction() as session:
        demand_codes(session, who=wired.administrator, roles=roles, now=wiring.now())


def ask(client, route, **headers):
    how = "GET" if "GET" in (route.methods or {"GET"}) else "POST"
    address = re.sub(r"\{\w+(:int)?(:str)?\}", "1", route.path)
    body = {"version": 0, "answers": {}, "evidence": [], "note": "", "active_seconds": 0}
    content = json.dumps(body | {"reason": "x"}) if how == "POST" else None
    return client.request(how, address, headers=headers, content=content)


def typed_code(wired):
    with wired.reading() as session:
        secret = session.scalars(select(Authenticator.secret)).one()
    return pyotp.TOTP(wiring.keys().decrypt(secret)).now()


def posted(client, address, **fields):
    page = client.get(address)
    token = re.search(r'name="token" value="([^"]+)"', page.text)[1]
    return client.post(address, data=fields | {"token": token})


@pytest.mark.parametrize("route", OURS, ids=lambda route: route.path)
def test_it_refuses_with_the_sentence_or_leads_to_setting_up(eve, route):
    answer = ask(eve, route)
    if route.path.startswith(MACHINE):
        assert answer.status_code == 401  # a session opens nothing there anyway
    elif route.path.startswith("/api/"):
        assert (answer.status_code, answer.json()) == (403, {"error": SENTENCE})
    elif route.path == SET_UP:
        assert answer.status_code == 200
        assert SENTENCE in answer.text
    elif answer.status_code == 303:
        assert answer.headers["location"].startswith(SET_UP)
    else:
        assert (answer.status_code, answer.text) == (403, SENTENCE)


@pytest.mark.parametrize("route", OURS, ids=lambda route: route.path)
def test_it_answers_as_ever_to_who_owes_nothing(eve, wired, route):
    demand(wired)
    answer = ask(eve, route)
    assert SENTENCE not in answer.text
    assert not answer.headers.get("location", "").startswith(SET_UP)


@pytest.mark.parametrize("path", ["/", "/cases", "/people?tab=users"])
def test_every_page_leads_to_setting_up_and_back(eve, path):
    answer = eve.get(path, headers=PAGE)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{SET_UP}?next=/")


@pytest.mark.parametrize("path", ["/media/x.wav", "/_stcore/metrics", "/component/x/y"])
def test_streamlits_own_addresses_are_shut(eve, path):
    answer = eve.get(path)
    assert (answer.status_code, answer.text) == (403, SENTENCE)


def test_streamlits_upload_address_is_shut(eve):
    answer = eve.put("/_stcore/upload_file/s/f", files={"file": ("rows.csv", b"a,b\n")})
    assert (answer.status_code, answer.text) == (403, SENTENCE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_is_in_the_persons_language(eve, wired, language):
    with wired.transaction() as session:
        user_id = session.scalars(select(LoginSession.user_id)).one()
        session.get_one(User, user_id).language = language
    said = translations(language).gettext(SENTENCE)
    assert eve.get("/api/pad/1/state").json() == {"error": said}
    assert eve.get("/media/x.wav").text == said
    assert said in eve.get(SET_UP).text


def test_a_right_code_opens_everything_and_goes_on_to_the_page_that_was_wanted(eve, wired):
    address = eve.get("/cases", headers=PAGE).headers["location"]
    assert eve.get(address).status_code == 200
    assert posted(eve, address, code="000000").status_code == 422
    assert eve.get("/api/pad/1/state").status_code == 403
    answer = posted(eve, address, code=typed_code(wired))
    assert 'href="/cases"' in answer.text
    assert eve.get("/api/pad/1/state").status_code == 404
    assert eve.get("/cases", headers=PAGE).status_code == 404  # no page lives here


def test_a_secret_that_another_browser_was_shown_switches_nothing_on(eve, wired):
    thief = portal_client()
    signed_in(thief, "eve")
    assert thief.get(SET_UP).status_code == 200
    noted = typed_code(wired)
    answer = posted(eve, SET_UP, code=noted)
    assert answer.status_code == 422
    assert "This code is not right." in answer.text
    own = typed_code(wired)
    assert posted(thief, SET_UP, code=own).status_code == 422
    eve.get(SET_UP)
    assert posted(eve, SET_UP, code=typed_code(wired)).status_code == 200
    assert thief.get(SET_UP).status_code == 303


def test_who_signs_in_is_led_there(eve, wired):
    eve.cookies.clear()
    answer = posted(eve, "/login?next=/cases", username="eve", password=PASSWORD)
    assert answer.headers["location"] == "/cases"
    assert eve.get("/cases", headers=PAGE).headers["location"] == f"{SET_UP}?next=/cases"


def test_they_cannot_be_switched_off_again(eve, wired):
    eve.get(SET_UP)
    posted(eve, SET_UP, code=typed_code(wired))
    answer = posted(eve, "/account/no-second-factor", present=PASSWORD)
    assert answer.status_code == 422
    assert "they stay on" in answer.text


def test_a_new_password_leaves_a_session_as_trusted_as_it_was(eve, wired):
    """Who came through the provider keeps what its second factor stood for."""
    with wired.transaction() as session:
        session.scalars(select(LoginSession)).one().method = "oidc"
    new = {"password": "seven quiet lanterns", "again": "seven quiet lanterns"}
    answer = posted(eve, "/account/password", present=PASSWORD, **new)
    assert answer.headers["location"] == "/account"
    assert eve.get("/account", headers=PAGE).status_code == 404
