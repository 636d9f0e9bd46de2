"""Links that work once, new passwords, and one's own sessions, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.access import Role
from core.errors import InvalidInput, NotAllowed, NotFound
from db.people.models import User
from db.sign_in.models import LoginFailure
from db.sign_in.queries import accounts as reads
from db.sign_in.services import accounts, login_sessions, passwords
from db.sign_in.services.failed_sign_ins import SignInRefused, Visit
from db.sign_in.services.users import UserData, save_user
from db.store.models import AuditEvent
from tests.factories import PASSWORD, identity, make_user
from tests.support.clock import NOW
from tests.support.sign_in import sessions
from tests.support.sign_in.sessions import is_in

NEW = "seven quiet lanterns"
HERE = Visit("192.0.2.1", NOW)


@pytest.fixture
def alice(session):
    make_user(session, "alice", Role.INSPECTOR)
    return identity(session, "alice")


@pytest.fixture
def admin(session):
    make_user(session, "admin", Role.ADMINISTRATOR)
    return identity(session, "admin")


def sign_in(session, username="alice", password=PASSWORD, **values):
    return sessions.sign_in(session, username, password, **{"now": NOW} | values)


def change(session, who, present=PASSWORD, password=NEW, visit=HERE):
    proven = passwords.verify(session, sessions.SETTINGS, username=who.username, password=present)
    return accounts.change_password(session, who=who, proven=proven, password=password, visit=visit)


def actions(session):
    return session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()


# The administrator's link for a new password


def test_a_new_person_chooses_a_password_with_the_administrators_link(session, admin):
    data = UserData("dana", "Dana", frozenset({Role.TRAINER}))
    dana = save_user(session, who=admin, user_id=None, data=data, password=None, now=NOW)
    assert sign_in(session, "dana", "") is None
    token = accounts.give_password_link(session, who=admin, user_id=dana, now=NOW)
    accounts.choose_password(session, token=token, password=NEW, now=NOW)
    assert is_in(session, sign_in(session, "dana", NEW))


def test_a_password_link_works_once(session, admin, alice):
    token = accounts.give_password_link(session, who=admin, user_id=alice.user_id, now=NOW)
    accounts.choose_password(session, token=token, password=NEW, now=NOW)
    with pytest.raises(accounts.LinkOver):
        accounts.choose_password(session, token=token, password="four green umbrellas", now=NOW)


def test_a_password_link_lasts_three_days(session, admin, alice):
    token = accounts.give_password_link(session, who=admin, user_id=alice.user_id, now=NOW)
    accounts.person_of_link(session, token=token, now=NOW + timedelta(days=2, hours=23))
    with pytest.raises(accounts.LinkOver):
        accounts.person_of_link(session, token=token, now=NOW + timedelta(days=3))


def test_a_second_link_ends_the_first(session, admin, alice):
    first, _ = (
        accounts.give_password_link(session, who=admin, user_id=alice.user_id, now=NOW)
        for _ in range(2)
    )
    with pytest.raises(accounts.LinkOver):
        accounts.person_of_link(session, token=first, now=NOW)


def test_a_set_up_link_is_no_password_link(session):
    token = accounts.start_set_up(session, now=NOW)
    with pytest.raises(accounts.LinkOver):
        accounts.person_of_link(session, token=token, now=NOW)


def test_a_link_of_a_closed_account_is_over(session, admin, alice):
    token = accounts.give_password_link(session, who=admin, user_id=alice.user_id, now=NOW)
    session.get_one(User, alice.user_id).active = False
    session.flush()
    with pytest.raises(accounts.LinkOver):
        accounts.choose_password(session, token=token, password=NEW, now=NOW)
    with pytest.raises(NotFound):
        accounts.give_password_link(session, who=admin, user_id=alice.user_id, now=NOW)


def test_only_an_administrator_gives_links(session, alice):
    with pytest.raises(NotAllowed):
        accounts.give_password_link(session, who=alice, user_id=alice.user_id, now=NOW)


def test_the_administrators_link_ends_the_sessions_once_used(session, admin, alice):
    login = sign_in(session)
    token = accounts.give_password_link(session, who=admin, user_id=alice.user_id, now=NOW)
    assert is_in(session, login)
    accounts.choose_password(session, token=token, password=NEW, now=NOW)
    assert not is_in(session, login)
    assert sign_in(session) is None


# Changing one's own password


def test_changing_the_password_ends_every_session(session, alice):
    here, there = sign_in(session), sign_in(session)
    assert change(session, alice)
    assert not is_in(session, here)
    assert not is_in(session, there)
    assert sign_in(session) is None
    assert is_in(session, sign_in(session, password=NEW))


def test_the_present_password_must_be_right_and_guessing_it_is_counted(session, alice):
    for _ in range(5):
        assert not change(session, alice, present="wrong")
    assert session.scalar(select(func.count()).select_from(LoginFailure)) == 5
    with pytest.raises(SignInRefused, match="Wait 15 minutes"):
        change(session, alice)


@pytest.mark.parametrize("password", ["short", "password1234", PASSWORD, "alicealicealice"])
def test_a_weak_or_the_same_password_is_refused(session, alice, password):
    with pytest.raises(InvalidInput):
        change(session, alice, password=password)
    assert is_in(session, sign_in(session))


def test_the_day_of_the_change_is_shown(session, alice):
    assert reads.own_account(session, alice).password_changed_at is None
    change(session, alice)
    assert reads.own_account(session, alice).password_changed_at == NOW


# Sessions


def test_a_person_sees_their_own_open_sessions_only(session, alice, admin):
    sign_in(session, browser="Firefox", address="192.0.2.1")
    sign_in(session, browser="Chrome", now=NOW + timedelta(minutes=5))
    sign_in(session, "admin")
    rows = reads.open_sessions(session, sessions.SETTINGS, alice, now=NOW + timedelta(minutes=6))
    assert [row.browser for row in rows] == ["Chrome", "Firefox"]


def test_ended_idle_and_expired_sessions_are_not_listed(session, alice):
    login = sign_in(session)
    login_sessions.sign_out(session, login.token, now=NOW)
    sign_in(session)
    hours = timedelta(hours=sessions.SETTINGS.session_idle_hours)
    assert len(reads.open_sessions(session, sessions.SETTINGS, alice, now=NOW)) == 1
    assert reads.open_sessions(session, sessions.SETTINGS, alice, now=NOW + hours) == []


def session_id(session, login):
    return login_sessions.live_session(session, sessions.SETTINGS, login.token, now=NOW).session_id


def test_a_person_ends_one_of_their_sessions(session, alice):
    here, there = sign_in(session), sign_in(session)
    accounts.end_session(session, who=alice, session_id=session_id(session, there), now=NOW)
    assert is_in(session, here)
    assert not is_in(session, there)


def test_nobody_ends_anothers_session(session, alice, admin):
    login = sign_in(session)
    accounts.end_session(session, who=admin, session_id=session_id(session, login), now=NOW)
    assert is_in(session, login)
    assert "end_session" not in actions(session)


def test_a_person_ends_all_their_other_sessions(session, alice, admin):
    here, there, admins = sign_in(session), sign_in(session), sign_in(session, "admin")
    accounts.end_other_sessions(session, who=alice, keep=session_id(session, here), now=NOW)
    assert [is_in(session, login) for login in (here, there, admins)] == [True, False, True]


def test_signing_in_again_ends_the_session_the_browser_held(session, alice):
    before = sign_in(session)
    after = sign_in(session, token=before.token)
    assert not is_in(session, before)
    assert is_in(session, after)


# What an administrator changes


@pytest.fixture
def saved(session, admin, alice):
    """`saved(name="A")` is alice after an administrator changed her; true while she is in."""
    login = sign_in(session)
    data = {"username": "alice", "name": "Alice", "roles": frozenset({Role.INSPECTOR})}

    def saved(password=None, **changed):
        save_user(
            session,
            who=admin,
            user_id=alice.user_id,
            data=UserData(**data | changed),
            password=password,
            now=NOW,
        )
        return is_in(session, login)

    return saved


def test_a_new_name_leaves_the_sessions_alone(saved):
    assert saved(name="Alice Chen", language="zh_TW")


@pytest.mark.parametrize(
    "changed",
    [
        {"roles": frozenset({Role.TRAINER})},
        {"roles": frozenset({Role.INSPECTOR, Role.TRAINER})},
        {"active": False},
        {"username": "alice.chen"},
        {"password": NEW},
    ],
)
def test_a_change_of_what_opens_doors_ends_the_sessions(saved, changed):
    assert not saved(**changed)


def test_a_weak_password_is_refused_from_an_administrator_too(saved):
    with pytest.raises(InvalidInput):
        saved(password="changeme1234")
