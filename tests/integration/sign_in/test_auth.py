"""Signing in, staying signed in, and being shut out, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Role
from db.people.services.identities import subtree
from db.sign_in.models import LoginFailure, LoginSession
from db.sign_in.services import login_sessions, passwords
from db.sign_in.services.failed_sign_ins import SignInRefused
from db.sign_in.services.passwords import hash_password
from db.store.models import AuditEvent
from tests.factories import PASSWORD, make_station, make_user
from tests.support.clock import NOW
from tests.support.sign_in import sessions

HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"


@pytest.fixture
def alice(session: Session):
    return make_user(session, "alice", Role.INSPECTOR)


def sign_in(session, username="alice", password=PASSWORD, *, address=HOME, now=NOW, **visit):
    return sessions.sign_in(session, username, password, address=address, now=now, **visit)


def identify(session, token, *, now=NOW):
    return login_sessions.identify(session, sessions.SETTINGS, token, now=now)


def guess(session, times, *, username="alice", address=HOME, now=NOW):
    for _ in range(times):
        assert sign_in(session, username, "wrong", address=address, now=now) is None


def events(session):
    return session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()


def test_the_right_password_opens_a_session(session, alice):
    login = sign_in(session)
    who = identify(session, login.token)
    assert (who.user_id, who.username, who.roles) == (alice.id, "alice", {Role.INSPECTOR})
    assert login.expires_at == NOW + timedelta(hours=12)
    assert events(session) == ["sign_in"]


def test_the_token_itself_is_stored_nowhere(session, alice):
    token = sign_in(session).token
    stored = session.scalars(select(LoginSession.token_hash)).one()
    assert len(stored) == 32
    assert token.encode() not in stored


def test_every_session_has_its_own_token(session, alice):
    assert sign_in(session).token != sign_in(session).token


def test_the_password_is_stored_as_argon2id_with_its_own_salt():
    first, second = hash_password(PASSWORD), hash_password(PASSWORD)
    assert first.startswith("$argon2id$")
    assert first != second


@pytest.mark.parametrize(
    ("username", "password"),
    [("alice", "wrong"), ("alice", ""), ("nobody", PASSWORD), ("", ""), ("ALICE", PASSWORD)],
)
def test_a_wrong_name_or_password_is_refused_and_counted(session, alice, username, password):
    assert sign_in(session, username, password) is None
    assert session.scalars(select(LoginFailure.username)).all() == [username]
    assert session.scalar(select(func.count()).select_from(LoginSession)) == 0
    assert events(session) == ["sign_in_refused"]


def test_the_audit_log_keeps_no_attempted_user_name(session, alice):
    """People type passwords into the wrong field."""
    sign_in(session, "my secret password", "x")
    row = session.execute(select(AuditEvent.object_id, AuditEvent.details)).one()
    assert "secret" not in f"{row}"


def test_an_endless_user_name_is_cut(session):
    assert sign_in(session, "x" * 10_000, "x") is None
    assert session.scalars(select(LoginFailure.username)).one() == "x" * 64


def test_an_unknown_name_takes_as_long_as_a_known_one(session, monkeypatch):
    make_user(session, "alice", Role.INSPECTOR, password_hash=hash_password(PASSWORD))
    checked = []
    monkeypatch.setattr(passwords, "matches", lambda stored, given: checked.append(stored))
    sign_in(session, "alice", "wrong")
    sign_in(session, "nobody", "wrong")
    assert [stored.split("$")[1:4] for stored in checked] == [
        checked[0].split("$")[1:4]  # the same method with the same cost
    ] * 2


def test_a_deactivated_person_cannot_sign_in(session, alice):
    alice.active = False
    session.flush()
    assert sign_in(session) is None


def test_deactivating_ends_the_sessions_at_once(session, alice):
    token = sign_in(session).token
    alice.active = False
    session.flush()
    assert identify(session, token) is None


def test_the_sixth_guess_from_one_address_waits(session, alice):
    guess(session, 5)
    with pytest.raises(SignInRefused, match="Wait 15 minutes"):
        sign_in(session)


def test_addresses_of_one_ipv6_line_are_counted_together(session, alice):
    """A line has 2^64 of them to itself; the next line, and IPv4 written as IPv6, count apart."""
    for number in range(5):
        guess(session, 1, address=f"2001:db8:0:7::{number:x}")
    with pytest.raises(SignInRefused, match="Too many"):
        sign_in(session, address="2001:0db8:0000:0007:ffff:ffff:ffff:ffff")
    assert sign_in(session, address="2001:db8:0:8::1") is not None
    make_user(session, "bob", Role.QUALITY_MANAGER)
    guess(session, 5, username="bob", address="::ffff:192.0.2.7")
    with pytest.raises(SignInRefused, match="Too many"):
        sign_in(session, "bob", address="192.0.2.7")
    assert sign_in(session, "bob", address="::ffff:192.0.2.8") is not None


def test_a_guesser_does_not_lock_the_owner_out(session, alice):
    guess(session, 5, address=ELSEWHERE)
    assert sign_in(session, address=HOME) is not None


def test_a_guesser_does_not_lock_others_at_the_same_address_out(session, alice):
    make_user(session, "bob", Role.QUALITY_MANAGER)
    guess(session, 5)
    assert sign_in(session, "bob") is not None


def test_an_address_that_tries_many_names_waits(session, alice, monkeypatch):
    monkeypatch.setattr(passwords, "_decoy", lambda: alice.password_hash)  # cheap to check
    for number in range(30):
        guess(session, 1, username=f"name{number}", address=ELSEWHERE)
    with pytest.raises(SignInRefused):
        sign_in(session, address=ELSEWHERE)
    assert sign_in(session, address=HOME) is not None


def test_after_15_minutes_one_may_try_again(session, alice):
    guess(session, 5)
    with pytest.raises(SignInRefused):
        sign_in(session, now=NOW + timedelta(minutes=14, seconds=59))
    assert sign_in(session, now=NOW + timedelta(minutes=15)) is not None


def test_a_session_ends_after_its_hours_even_in_use(session, alice):
    token = sign_in(session).token
    for hour in range(1, 12):
        login_sessions.touch(session, token, now=NOW + timedelta(hours=hour))
    assert identify(session, token, now=NOW + timedelta(hours=11, minutes=59)) is not None
    assert identify(session, token, now=NOW + timedelta(hours=12)) is None


def test_an_idle_session_ends_earlier(session, alice):
    token = sign_in(session).token
    assert identify(session, token, now=NOW + timedelta(hours=3, minutes=59)) is not None
    assert identify(session, token, now=NOW + timedelta(hours=4)) is None


def test_use_keeps_a_session_from_being_idle(session, alice):
    token = sign_in(session).token
    login_sessions.touch(session, token, now=NOW + timedelta(hours=3))
    assert identify(session, token, now=NOW + timedelta(hours=5)) is not None


def test_use_is_noted_at_most_every_two_minutes(session, alice):
    token = sign_in(session).token
    seen = select(LoginSession.seen_at)
    login_sessions.touch(session, token, now=NOW + timedelta(minutes=2))
    assert session.scalars(seen).one() == NOW
    login_sessions.touch(session, token, now=NOW + timedelta(minutes=2, seconds=1))
    assert session.scalars(seen).one() == NOW + timedelta(minutes=2, seconds=1)


def test_signing_out_ends_this_session_and_no_other(session, alice):
    here, there = sign_in(session).token, sign_in(session).token
    login_sessions.sign_out(session, here, now=NOW)
    assert identify(session, here) is None
    assert identify(session, there) is not None


def test_revoking_ends_every_session_of_one_person(session, alice):
    make_user(session, "bob", Role.QUALITY_MANAGER)
    first, second = sign_in(session).token, sign_in(session).token
    bobs = sign_in(session, "bob").token
    login_sessions.revoke_sessions(session, alice.id, now=NOW)
    assert identify(session, first) is None
    assert identify(session, second) is None
    assert identify(session, bobs) is not None


@pytest.mark.parametrize("token", ["", "unknown", "x" * 10_000])
def test_an_unknown_token_is_nobody(session, alice, token):
    assert identify(session, token) is None


def test_a_station_manager_reaches_the_subtree_and_nothing_beside_it(session):
    """
    company ─┬─ north ─┬─ taipei
             │         └─ taoyuan
             └─ south ─── kaohsiung
    """
    company = make_station(session, code="company")
    north = make_station(session, code="north", parent_id=company.id)
    south = make_station(session, code="south", parent_id=company.id)
    taipei = make_station(session, code="taipei", parent_id=north.id)
    taoyuan = make_station(session, code="taoyuan", parent_id=north.id)
    make_station(session, code="kaohsiung", parent_id=south.id)
    make_user(session, "dana", Role.STATION_MANAGER, station_id=north.id)
    who = identify(session, sign_in(session, "dana").token)
    assert who.station_ids == {north.id, taipei.id, taoyuan.id}


def test_a_subtree_may_have_several_tops(session):
    first, second, third = (make_station(session) for _ in range(3))
    below = make_station(session, parent_id=second.id)
    assert subtree(session, [first.id, second.id]) == {first.id, second.id, below.id}
    assert subtree(session, [third.id]) == {third.id}


def test_a_change_of_role_counts_from_the_next_request(session, alice):
    token = sign_in(session).token
    alice.roles[0].role = Role.TRAINER
    session.flush()
    assert identify(session, token).roles == {Role.TRAINER}
