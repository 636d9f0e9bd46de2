"""Setting one-time codes up: whose secret counts, and what comes too late."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, select

from core.access import Role
from core.errors import InvalidInput
from db.sign_in.models import Authenticator, LoginSession
from db.sign_in.services import login_sessions, second_factor
from db.store.session import reading, transaction
from tests.factories import identity, make_user
from tests.support.clock import NOW
from tests.support.sign_in import sessions
from tests.support.sign_in.second_factor import (
    KEYS,
    STEP,
    begun,
    code_at,
    confirmed,
    finish,
    sign_in,
)


@pytest.fixture
def alice(session):
    make_user(session, "alice", Role.INSPECTOR)
    return identity(session, "alice")


def test_one_sets_up_one_second_factor(session, alice):
    assert confirmed(session, alice, begun(session, alice), session_id=0)
    with pytest.raises(InvalidInput):
        begun(session, alice)
    with pytest.raises(InvalidInput):
        second_factor.confirm(session, KEYS, who=alice, code="000000", session_id=0, now=NOW)


def test_a_secret_that_somebody_else_was_shown_opens_nothing(session, alice):
    """A thief has the password and session 1; alice sets her codes up in session 2."""
    noted = begun(session, alice, session_id=1)
    own = begun(session, alice, session_id=2)
    assert noted != own
    assert confirmed(session, alice, noted, session_id=2) is None
    assert confirmed(session, alice, own, session_id=2)
    later = NOW + 2 * STEP
    assert finish(session, sign_in(session, now=later), code_at(noted, later), now=later) is None
    assert finish(session, sign_in(session, now=later), code_at(own, later), now=later)


def test_a_session_confirms_only_what_it_began(session, alice):
    """Session 1 replaces what session 2 was shown; neither may confirm the other's secret."""
    begun(session, alice, session_id=2)
    noted = begun(session, alice, session_id=1)
    assert confirmed(session, alice, noted, session_id=2) is None
    own = begun(session, alice, session_id=2)
    assert confirmed(session, alice, own, session_id=1) is None
    assert confirmed(session, alice, own, session_id=2)


def test_two_tabs_that_begin_at_once_show_the_same_secret(engine):
    with transaction(engine) as session:
        make_user(session, "alice", Role.INSPECTOR)
        alice = identity(session, "alice")

    def begun_there():
        with transaction(engine) as session:
            return begun(session, alice)

    with ThreadPoolExecutor(1) as other_tab:
        with transaction(engine) as session:
            here = begun(session, alice)
            there = other_tab.submit(begun_there)
            time.sleep(0.3)  # it reaches the lock; were it slower, the test would only ask less
        assert there.result() == here


def test_a_session_that_begins_while_another_confirms_comes_too_late(engine):
    with transaction(engine) as session:
        make_user(session, "alice", Role.INSPECTOR)
        alice = identity(session, "alice")
        own = begun(session, alice, session_id=2)

    def begun_there():
        with transaction(engine) as session:
            return begun(session, alice, session_id=1)

    with ThreadPoolExecutor(1) as thief:
        with transaction(engine) as session:
            assert confirmed(session, alice, own, session_id=2)
            there = thief.submit(begun_there)
            time.sleep(0.3)  # as above
        with pytest.raises(InvalidInput):
            there.result()
    with reading(engine) as session:
        stored = session.scalars(select(Authenticator.secret)).one()
    assert KEYS.decrypt(stored) == own


def test_no_later_session_gets_the_id_of_one_that_was_deleted(session, alice):
    ids = []
    for _ in range(2):
        token = sign_in(session).token
        ids.append(
            login_sessions.live_session(session, sessions.SETTINGS, token, now=NOW).session_id
        )
        session.execute(delete(LoginSession))
    assert ids[0] != ids[1]
