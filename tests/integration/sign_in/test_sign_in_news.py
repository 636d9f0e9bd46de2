"""People are told what changed about their sign-in, on both databases."""

from __future__ import annotations

import pyotp
import pytest
from sqlalchemy import event

from core.access import Role
from db.people.models import User
from db.people.services.identities import identity_of
from db.sign_in.models import Authenticator
from db.sign_in.queries.sign_in_events import own_events, unread_events
from db.sign_in.services import (
    accounts,
    identity_provider,
    login_sessions,
    passwords,
    second_factor,
    users,
)
from db.sign_in.services.failed_sign_ins import Visit
from db.sign_in.services.identity_provider import Claims
from db.sign_in.services.sign_in_news import acknowledge
from db.store.keys import Keys
from tests.factories import PASSWORD, identity, make_user
from tests.support.clock import NOW
from tests.support.sign_in import sessions
from tests.support.sign_in.news import MINUTE, at, live, read, sign_in, told

KEYS = Keys(b"k" * 32)
NEW = "seven quiet lanterns"
CLAIMS = Claims("https://idp.example", "s-alice", "alice", "Alice", frozenset())


@pytest.fixture
def admin(session):
    make_user(session, "admin", Role.ADMINISTRATOR, name="Ada")
    return identity(session, "admin")


@pytest.fixture
def alice(session):
    make_user(session, "alice", Role.INSPECTOR)
    return identity(session, "alice")


# What is told


def reset_link(session, alice, admin, now):
    accounts.give_password_link(session, who=admin, user_id=alice.user_id, now=now)


def set_by_an_administrator(session, alice, admin, now):
    data = users.UserData("alice", "Alice", frozenset({Role.INSPECTOR}))
    user_id = alice.user_id
    users.save_user(session, who=admin, user_id=user_id, data=data, password=NEW, now=now)


def changed(session, alice, admin, now):
    proven = passwords.verify(session, sessions.SETTINGS, username="alice", password=PASSWORD)
    here = Visit("here", now, mark="desk")
    accounts.change_password(session, who=alice, proven=proven, password=NEW, visit=here)


def codes_on(session, alice, admin, now):
    second_factor.begin(session, KEYS, who=alice, session_id=0)
    secret = KEYS.decrypt(session.get_one(Authenticator, alice.user_id).secret)
    code = pyotp.TOTP(secret).at(now)
    return second_factor.confirm(session, KEYS, who=alice, code=code, session_id=0, now=now)


def codes_off(session, alice, admin, now):
    codes_on(session, alice, admin, now - MINUTE)
    second_factor.remove_for(session, who=admin, user_id=alice.user_id, now=now)


def recovered(session, alice, admin, now):
    codes = codes_on(session, alice, admin, now - MINUTE)
    step, here = sessions.sign_in(session, "alice", now=now), Visit("there", now, mark="test")
    second_factor.finish_sign_in(
        session, sessions.SETTINGS, KEYS, token=step.token, code=codes[0], visit=here
    )


def linked(session, alice, admin, now):
    identity_provider.link(session, who=alice, claims=CLAIMS, now=now)


@pytest.mark.parametrize(
    ("happening", "action"),
    [
        (reset_link, "give_password_link"),
        (set_by_an_administrator, "change_password"),
        (changed, "change_password"),
        (codes_on, "add_second_factor"),
        (codes_off, "remove_second_factor"),
        (recovered, "use_recovery_code"),
        (linked, "link_account"),
    ],
)
def test_the_next_session_tells_of_it(session, alice, admin, happening, action):
    sign_in(session, at(-9), "desk")
    assert told(session, sign_in(session, at(-8))) == []
    happening(session, alice, admin, at(-3))
    token = login_sessions.open_session(
        session, sessions.SETTINGS, alice.user_id, Visit("here", NOW, mark="desk")
    ).token
    assert action in told(session, token)
    read(session, token)
    assert told(session, token) == []
    assert live(session, token).news is None


def test_a_session_that_is_open_tells_at_its_next_page(session, alice, admin):
    token = sign_in(session, at(-5))
    reset_link(session, alice, admin, at(-3))
    assert told(session, token) == ["give_password_link"]


def test_others_are_told_nothing(session, alice, admin):
    reset_link(session, alice, admin, at(-3))
    assert session.get_one(User, admin.user_id).news_since is None


def test_what_is_told_names_the_other_person_who_did_it(session, alice, admin):
    reset_link(session, alice, admin, at(-3))
    linked(session, alice, admin, at(-2))
    token = sign_in(session, NOW)
    found = live(session, token)
    events = unread_events(session, alice, found.news, session_id=found.session_id, limit=10)
    assert [(each.at, each.action, each.by) for each in events] == [
        (at(-2), "link_account", ""),
        (at(-3), "give_password_link", "Ada"),
    ]


def test_what_came_while_one_was_reading_stays(session, alice, admin):
    reset_link(session, alice, admin, at(-3))
    token = sign_in(session, at(-2))
    shown = live(session, token)
    linked(session, alice, admin, at(-1))
    acknowledge(session, who=alice, until=shown.news.until, session_id=shown.session_id)
    assert told(session, token) == ["link_account"]


def test_what_was_noted_late_with_an_earlier_time_is_told_too(session, alice, admin):
    """A request may take its time before it waits for another one's lock."""
    reset_link(session, alice, admin, at(-2))
    linked(session, alice, admin, at(-3))
    assert told(session, sign_in(session, NOW)) == ["give_password_link", "link_account"]


def test_acknowledging_twice_changes_nothing(session, alice, admin):
    reset_link(session, alice, admin, at(-3))
    token = sign_in(session, NOW)
    shown = live(session, token)
    for _ in range(2):
        acknowledge(session, who=alice, until=shown.news.until, session_id=shown.session_id)
    assert live(session, token).news is None


# The list, and what it costs


def test_the_account_page_lists_sign_ins_and_changes_newest_first(session, alice, admin):
    sign_in(session, at(-9), "desk")
    sessions.sign_in(session, "admin", now=at(-8))
    sign_in(session, at(-5), "phone")
    reset_link(session, alice, admin, at(-3))
    found = own_events(session, alice, limit=10)
    assert [(each.action, each.method) for each in found] == [
        ("give_password_link", ""),
        ("new_browser", "password"),
        ("sign_in", "password"),
    ]
    assert [each.action for each in own_events(session, alice, limit=1)] == ["give_password_link"]


def test_who_is_there_is_one_question_whether_there_is_news_or_not(session, alice, admin):
    token = sign_in(session, at(-5))
    asked = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
    live(session, token)
    reset_link(session, alice, admin, at(-3))
    del asked[:]
    assert live(session, token).news
    assert len(asked) == 1
    assert identity_of(session, session.get_one(User, alice.user_id)) == alice
