"""People are told of sign-ins from browsers they did not use before, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.access import Role
from db.people.models import User
from db.sign_in.models import LoginSession
from db.sign_in.services import accounts
from db.store.base import table_of
from db.store.models import AuditEvent
from tests.factories import identity, make_user
from tests.support.clock import NOW
from tests.support.sign_in import sessions
from tests.support.sign_in.news import at, read, sign_in, told


@pytest.fixture
def admin(session):
    make_user(session, "admin", Role.ADMINISTRATOR)
    return identity(session, "admin")


@pytest.fixture
def alice(session):
    make_user(session, "alice", Role.INSPECTOR)
    return identity(session, "alice")


def test_the_first_browser_of_all_is_no_news(session, alice):
    sign_in(session, at(-5), "desk")
    assert session.get_one(User, alice.user_id).news_since is None


def test_a_browser_that_was_seen_before_is_no_news(session, alice):
    for minute in (-5, -4, -3):
        sign_in(session, at(minute), "desk")
    assert session.get_one(User, alice.user_id).news_since is None


@pytest.mark.parametrize("mark", ["phone", ""])
def test_another_browser_is_told_in_the_other_sessions(session, alice, mark):
    """One that sends no mark is never known, so that nobody passes by leaving it away."""
    desk = sign_in(session, at(-5), "desk")
    there = sign_in(session, at(-3), mark)
    assert told(session, desk) == ["new_browser"]
    assert told(session, there) == []


def test_the_new_browser_cannot_acknowledge_that_it_came_in(session, alice, admin):
    desk = sign_in(session, at(-5), "desk")
    thief = sign_in(session, at(-3), "thief")
    accounts.give_password_link(session, who=admin, user_id=alice.user_id, now=at(-2))
    assert told(session, thief) == ["give_password_link"]
    read(session, thief)
    assert told(session, desk) == ["new_browser"]
    read(session, desk)
    assert told(session, desk) == []


def test_nor_can_it_by_signing_in_once_more(session, alice):
    desk = sign_in(session, at(-5), "desk")
    sign_in(session, at(-3), "thief")
    thief = sign_in(session, at(-2), "thief")
    assert told(session, thief) == []
    read(session, thief)
    assert told(session, desk) == ["new_browser"]


def test_somebody_elses_browser_is_new_for_this_person(session, alice, admin):
    sessions.sign_in(session, "admin", now=at(-9), mark="counter")
    sign_in(session, at(-8), "desk")
    desk = sign_in(session, at(-5), "desk")
    sign_in(session, at(-3), "counter")
    assert told(session, desk) == ["new_browser"]


def test_the_mark_itself_is_stored_nowhere(session, alice):
    sign_in(session, NOW, "my-mark")
    rows = session.execute(select(table_of(LoginSession))).all()
    assert "my-mark" not in str(rows)
    assert "my-mark" not in str(session.execute(select(AuditEvent.details)).all())
