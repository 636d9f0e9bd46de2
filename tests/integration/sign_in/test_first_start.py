"""The link that makes the first administrator's account, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.access import Role
from core.errors import InvalidInput
from db.sign_in.models import OneTimeToken
from db.sign_in.services import accounts
from db.store.models import AuditEvent
from tests.factories import identity, make_user
from tests.support.clock import NOW
from tests.support.sign_in import sessions
from tests.support.sign_in.sessions import is_in

NEW = "seven quiet lanterns"


@pytest.fixture
def alice(session):
    make_user(session, "alice", Role.INSPECTOR)
    return identity(session, "alice")


def set_up(session, token, now=NOW, **values):
    given = {"username": "root", "name": "Root", "password": NEW} | values
    return accounts.set_up(session, token=token, now=now, **given)


def actions(session):
    return session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()


def test_the_set_up_link_makes_the_first_administrator(session):
    set_up(session, accounts.start_set_up(session, now=NOW))
    assert is_in(session, sessions.sign_in(session, "root", NEW, now=NOW))
    assert identity(session, "root").roles == {Role.ADMINISTRATOR}
    assert actions(session)[0] == "set_up"


def test_the_set_up_link_works_once(session):
    token = accounts.start_set_up(session, now=NOW)
    set_up(session, token)
    with pytest.raises(accounts.LinkOver):
        set_up(session, token, username="second")


def test_a_set_up_link_lasts_a_day(session):
    token = accounts.start_set_up(session, now=NOW)
    accounts.check_set_up(session, token=token, now=NOW + timedelta(hours=23, minutes=59))
    with pytest.raises(accounts.LinkOver):
        accounts.check_set_up(session, token=token, now=NOW + timedelta(days=1))


def test_the_next_start_prints_another_link_and_the_former_still_works(session):
    first = accounts.start_set_up(session, now=NOW)
    second = accounts.start_set_up(session, now=NOW)
    assert first != second
    for token in (first, second):
        accounts.check_set_up(session, token=token, now=NOW)


def test_no_set_up_link_once_somebody_has_an_account(session, alice):
    assert accounts.start_set_up(session, now=NOW) is None


def test_an_old_set_up_link_is_over_once_somebody_has_an_account(session):
    token = accounts.start_set_up(session, now=NOW)
    make_user(session, "alice", Role.INSPECTOR)
    with pytest.raises(accounts.LinkOver):
        set_up(session, token)


@pytest.mark.parametrize("token", ["", "guessed", "x" * 10_000])
def test_a_guessed_set_up_link_opens_nothing(session, token):
    accounts.start_set_up(session, now=NOW)
    with pytest.raises(accounts.LinkOver):
        set_up(session, token)


def test_a_weak_first_password_is_refused_and_the_link_still_works(session):
    token = accounts.start_set_up(session, now=NOW)
    with pytest.raises(InvalidInput):
        set_up(session, token, password="administrator")
    set_up(session, token)


def test_tokens_are_stored_by_their_hash_only(session):
    token = accounts.start_set_up(session, now=NOW)
    stored = session.scalars(select(OneTimeToken.token_hash)).one()
    assert len(stored) == 32
    assert token.encode() not in stored
