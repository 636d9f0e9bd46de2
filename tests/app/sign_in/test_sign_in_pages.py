"""Codes that a role must have, and news about one's own sign-in, on the pages."""

from __future__ import annotations

import pyotp
import pytest
from sqlalchemy import event, select

from core.access import Role
from db.people.models import User
from db.sign_in.models import Authenticator
from db.sign_in.services import accounts, second_factor
from db.sign_in.services.code_demands import demand_codes
from db.store.models import AuditEvent
from pages.ui.kit import wiring
from tests.support.inspection.inspecting import NO

SENTENCE = "Your role must use one-time codes. Set them up first; everything else opens then."


def demand(wired, *roles):
    with wired.transaction() as session:
        demand_codes(session, who=wired.administrator, roles=roles, now=wiring.now())


def set_up(wired, who):
    with wiring.transaction() as session:
        second_factor.begin(session, wiring.keys(), who=who, session_id=0)
        secret = wiring.keys().decrypt(session.get_one(Authenticator, who.user_id).secret)
        code, now = pyotp.TOTP(secret).at(wiring.now()), wiring.now()
        second_factor.confirm(session, wiring.keys(), who=who, code=code, session_id=0, now=now)


def give_link(wired, who):
    with wiring.transaction() as session:
        accounts.give_password_link(
            session, who=wired.administrator, user_id=who.user_id, now=wiring.now()
        )


def press(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def texts(app):
    return [box.value for box in app.main.get("text")]


# Demanded codes


@pytest.fixture
def tab(open_app):
    def opened():
        app = open_app("administrator").run()
        app.session_state["people_tab"] = "Sign-in"
        return app.switch_page("people.py").run()

    return opened


def test_an_open_page_shows_nothing_but_the_way_to_codes_at_the_next_click(world, open_app):
    world.scored(HELLO=NO)
    app = open_app("alice").run()
    assert len(app.sidebar.children) > 0
    demand(world.seeded, Role.INSPECTOR)
    app.run()
    assert [box.value for box in app.warning] == [SENTENCE]
    assert [(link.label, link.url) for link in app.get("link_button")] == [
        ("Set up one-time codes", "/account/second-factor")
    ]
    assert [button.label for button in app.button] == ["Sign out"]
    assert len(app.sidebar.children) == 0
    demand(world.seeded)
    app.run()
    assert len(app.sidebar.children) > 0


@pytest.mark.parametrize("address", ["cases", "account", "stations"])
def test_no_page_opens_by_its_address(wired, open_app, address):
    demand(wired, Role.QUALITY_MANAGER)
    app = open_app("bob").run()
    app.switch_page(f"{address}.py").run()
    assert [box.value for box in app.warning] == [SENTENCE]
    assert len(app.sidebar.children) == len(app.title) == 0


def test_an_administrator_chooses_the_roles(wired, tab):
    app = tab()
    box = next(box for box in app.checkbox if box.label.startswith("QA inspector"))
    assert box.label == "QA inspector: 0 of 1 have codes"
    box.check()
    press(app, "Save")
    assert app.toast[0].value == "Saved."
    app = tab()
    assert [box.label for box in app.checkbox if box.value] == ["QA inspector: 0 of 1 have codes"]
    with wired.reading() as session:
        noted = session.scalars(select(AuditEvent.details).filter_by(action="demand_codes")).one()
    assert noted == {"roles": ["inspector"]}


def test_an_administrator_without_codes_is_sent_to_set_them_up(wired, tab):
    app = tab()
    next(box for box in app.checkbox if box.label.startswith("Administrator")).check()
    press(app, "Save")
    assert [box.value for box in app.error] == [
        "You have no one-time codes yourself. Set them up first."
    ]
    assert [link.url for link in app.get("link_button") if link.label != "?"] == [
        "/account/second-factor"
    ]


def test_the_page_says_who_answers_for_the_provider(wired, tab, monkeypatch):
    assert not any("provider" in box.value for box in tab().caption)
    monkeypatch.setenv("OIDC_ISSUER", "https://idp.example")
    monkeypatch.setenv("OIDC_CLIENT_ID", "portal")
    wiring.settings.cache_clear()
    assert any("its provider is responsible" in box.value for box in tab().caption)


def test_demanded_codes_have_no_switch_on_the_account_page(wired, open_app):
    set_up(wired, wired.alice)
    demand(wired, Role.INSPECTOR)
    with wired.transaction() as session:
        session.get_one(User, wired.alice.user_id).news_since = None
    app = open_app_with_code(wired, open_app)
    app.switch_page("account.py").run()
    said = "Your role must use one-time codes, so they stay on."
    assert said in [box.value for box in app.caption]
    assert not any("off" in link.label for link in app.get("link_button"))


def open_app_with_code(wired, open_app):
    """Alice signed in with a code; the fixture signs people in with the password alone."""
    with wired.transaction() as session:
        row = session.get_one(Authenticator, wired.alice.user_id)
        since, row.confirmed_at = row.confirmed_at, None
    demand(wired)
    app = open_app("alice")
    demand(wired, Role.INSPECTOR)
    with wired.transaction() as session:
        session.get_one(Authenticator, wired.alice.user_id).confirmed_at = since
    return app.run()


# News


def test_a_change_is_told_on_every_page_until_it_is_read(wired, open_app):
    app = open_app("alice").run()
    assert "I have read this" not in [button.label for button in app.button]
    give_link(wired, wired.alice)
    app.run()
    assert any("Password link given, by Administrator" in text for text in texts(app))
    app.switch_page("account.py").run()
    assert any("Password link given, by Administrator" in text for text in texts(app))
    press(app, "I have read this")
    assert not any("Password link given" in text for text in texts(app))
    assert "I have read this" not in [button.label for button in app.button]


def test_the_account_page_lists_ones_own_sign_ins_and_changes(wired, open_app):
    give_link(wired, wired.alice)
    give_link(wired, wired.bob)
    app = open_app("alice").run()
    app.switch_page("account.py").run()
    assert app.dataframe[0].value["What"].tolist() == [
        "Signed in",
        "Password link given, by Administrator",
    ]


def test_a_page_without_news_asks_nothing_more_than_who_is_there(wired, open_app):
    """The same questions as on the run before; with news it is one more."""
    app = open_app("bob").run()

    def asked():
        found = []

        def note(*given):
            found.append(given[2])

        event.listen(wiring.engine(), "before_cursor_execute", note)
        app.run()
        event.remove(wiring.engine(), "before_cursor_execute", note)
        return [text for text in found if "audit_event" in text and "INSERT" not in text]

    assert asked() == []
    give_link(wired, wired.bob)
    assert len(asked()) == 1


def test_of_many_changes_the_newest_are_told(wired, open_app):
    for _ in range(6):
        give_link(wired, wired.alice)
    told = next(text for text in texts(open_app("alice").run()) if "Password link" in text)
    assert told.count("Password link given") == 5
    assert told.endswith("Earlier ones stand under My account.")
