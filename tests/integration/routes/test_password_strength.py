"""How strong a password is, asked by the forms where one is chosen."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.i18n import LANGUAGES, translations
from db.migrations import migrate
from db.sign_in.models import LoginFailure
from db.sign_in.services import accounts
from db.sign_in.services.users import choose_language
from db.store.models import AuditEvent
from pages.ui.kit import wiring
from pages.web import cookies
from pages.web.allowance import Allowance
from pages.web.headers import named
from pages.web.sign_in import new_password
from tests.factories import PASSWORD
from tests.support.house.routes import portal_client, signed_in
from tests.support.inspection.pads import wired_to
from tests.support.requirements import ROOT

STRONG = "seven quiet lanterns"
METER, ONCE = (
    (ROOT / f"pages/web/{name}.js").read_text(encoding="utf-8") for name in ("strength", "once")
)


@pytest.fixture(autouse=True)
def nothing_asked_before(monkeypatch):
    monkeypatch.setattr(new_password, "_allowance", Allowance(100, timedelta(minutes=10)))


@pytest.fixture
def reset(wired):
    """The address of a link that lets alice choose a password."""
    who = wired.administrator
    with wired.transaction() as session:
        key = accounts.give_password_link(
            session, who=who, user_id=wired.alice.user_id, now=wiring.now()
        )
    return f"/password?key={key}"


@pytest.fixture
def form(client, wired):
    """Alice's page for a new password."""
    signed_in(client, "alice")
    return "/account/password"


def token_of(client, address):
    return re.search(r'name="token" value="([^"]+)"', client.get(address).text)[1]


def ask(client, address, password, **fields):
    given = {"judge": "1", "password": password, "token": token_of(client, address)}
    return client.post(address, data=given | fields)


@pytest.mark.parametrize(
    ("password", "level", "text"),
    [
        ("", 1, "The password needs at least 12 characters."),
        ("short", 1, "The password needs at least 12 characters."),
        ("x" * 129, 1, "The password may have at most 128 characters."),
        ("password1234", 1, "This password is easy to guess."),
        ("alicealicealice", 1, "This password is easy to guess."),
        ("Tr0ub4dour&3", 2, "This password is easy to guess."),
        ("Tr0ub4dour&3x", 3, "Hard to guess."),
        (STRONG, 4, "Very hard to guess."),
    ],
)
def test_the_form_says_how_strong_what_is_typed_is(client, form, password, level, text):
    answer = ask(client, form, password)
    assert answer.status_code == 200
    assert answer.json()["level"] == level
    assert answer.json()["text"].startswith(text)


def test_what_the_meter_calls_good_is_taken(client, form):
    """And what it refuses is refused with the same words."""
    easy, token = ask(client, form, "password1234").json(), token_of(client, form)
    given = {"present": PASSWORD, "password": "password1234", "again": "password1234"}
    page = client.post(form, data=given | {"token": token})
    assert easy["text"] in page.text
    assert ask(client, form, STRONG).json()["level"] >= 3
    given = {"present": PASSWORD, "password": STRONG, "again": STRONG}
    assert client.post(form, data=given | {"token": token_of(client, form)}).status_code == 303


def test_the_reset_link_asks_for_its_own_person(client, reset):
    assert ask(client, reset, STRONG).json()["level"] == 4
    assert ask(client, reset, "alicealicealice").json()["level"] == 1


def test_the_set_up_link_asks_with_the_names_that_are_typed(
    sqlite_databases, tmp_path, monkeypatch
):
    with (
        sqlite_databases.like("migrated", migrate.upgrade) as engine,
        wired_to(engine, tmp_path, monkeypatch),
    ):
        with wiring.transaction() as session:
            address = f"/setup?key={accounts.start_set_up(session, now=wiring.now())}"
        client = portal_client()
        names = {"username": "margarethe", "name": "Margarethe Hsu"}
        assert ask(client, address, "Margarethe Hsu").json()["level"] == 3
        assert ask(client, address, "Margarethe Hsu", **names).json()["level"] == 1


def test_asking_sets_no_password_and_leaves_nothing_behind(client, reset, wired, caplog):
    with caplog.at_level(logging.DEBUG):
        ask(client, reset, STRONG)
    assert "lanterns" not in caplog.text
    with wired.reading() as session:
        stored = f"{session.execute(select(AuditEvent.details, AuditEvent.action)).all()}"
        assert "lanterns" not in stored
        assert session.scalars(select(LoginFailure.id)).all() == []
    assert client.get(reset).status_code == 200  # the link still works


def test_asking_keeps_the_forms_token(client, form):
    token = token_of(client, form)
    answer = client.post(form, data={"judge": "1", "password": STRONG, "token": token})
    assert "set-cookie" not in answer.headers
    again = client.post(form, data={"judge": "1", "password": "short", "token": token})
    assert again.json()["level"] == 1


def test_without_session_link_or_token_nobody_is_answered(client, wired, form):
    for token in ("", "guessed"):
        answer = client.post(form, data={"judge": "1", "password": STRONG, "token": token})
        assert answer.headers["content-type"].startswith("text/html")  # the form, empty
    token = token_of(client, "/login")
    given = {"judge": "1", "password": STRONG, "token": token}
    assert client.post("/password?key=guessed", data=given).status_code == 410
    assert client.post("/setup?key=guessed", data=given).status_code == 410
    client.cookies.delete(cookies.SESSION)
    assert client.post(form, data=given).status_code == 401


def test_each_person_gets_so_many_answers_in_a_while(client, form, wired, monkeypatch):
    monkeypatch.setattr(new_password, "_allowance", Allowance(3, timedelta(minutes=10)))
    token = token_of(client, form)
    given = {"judge": "1", "password": "short", "token": token}
    assert [client.post(form, data=given).status_code for _ in range(4)] == [200, 200, 200, 429]
    new = {"present": PASSWORD, "password": STRONG, "again": STRONG, "token": token}
    assert client.post(form, data=new).status_code == 303  # the form itself works on


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_answers_in_the_persons_language(client, form, wired, language):
    with wired.transaction() as session:
        choose_language(session, who=wired.alice, language=language)
    said = translations(language).gettext("Very hard to guess.")
    assert ask(client, form, STRONG).json()["text"] == said


def test_the_browser_may_run_these_scripts_and_no_other(client, form):
    page = client.get(form)
    policy = page.headers["content-security-policy"]
    assert f"script-src {named(ONCE)} {named(METER)}; connect-src 'self'" in policy
    assert "unsafe" not in policy
    for script in (ONCE, METER):
        assert f'<script type="module">{script}</script>' in page.text
    assert page.text.count("<script") == 2


@pytest.mark.parametrize("path", ["/login", "/account/second-factor"])
def test_forms_without_a_new_password_run_no_meter(client, form, path):
    page = client.get(path)
    assert page.headers["content-security-policy"].endswith(f"script-src {named(ONCE)}")
    assert page.text.count("<script") == 1
