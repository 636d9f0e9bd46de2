"""One-time codes and recovery codes; the codes of RFC 6238 are checked against its appendix."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from core.access import Role
from core.errors import NotAllowed
from db.sign_in.models import Authenticator, LoginFailure, RecoveryCode
from db.sign_in.queries.accounts import own_account
from db.sign_in.services import accounts, login_sessions, passwords, second_factor
from db.sign_in.services.failed_sign_ins import SignInRefused, Visit
from db.sign_in.services.login_sessions import Login
from db.sign_in.services.passwords import SecondStep
from db.store.keys import Keys
from tests.factories import PASSWORD, identity, make_user
from tests.support.clock import NOW
from tests.support.sign_in import sessions
from tests.support.sign_in.second_factor import KEYS, STEP, begun, code_at, finish, sign_in


@pytest.fixture
def alice(session):
    make_user(session, "alice", Role.INSPECTOR)
    return identity(session, "alice")


@pytest.fixture
def secret(session, alice):
    """Alice has begun to set up a code generator."""
    return begun(session, alice)


@pytest.fixture
def codes(session, alice, secret):
    """Alice has switched one-time codes on, a minute ago."""
    now = NOW - 2 * STEP
    return second_factor.confirm(
        session, KEYS, who=alice, code=code_at(secret, now), session_id=0, now=now
    )


@pytest.mark.parametrize(
    ("second", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238(session, alice, second, code):
    """Appendix B, SHA-1, the last six of the eight digits; its secret is 12345678901234567890."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    session.add(Authenticator(user_id=alice.user_id, secret=KEYS.encrypt(secret), begun_in=0))
    now = datetime.fromtimestamp(second, UTC)
    assert (
        second_factor.confirm(session, KEYS, who=alice, code=code, session_id=0, now=now)
        is not None
    )


def test_the_secret_is_stored_encrypted(session, alice, secret):
    stored = session.scalars(select(Authenticator.secret)).one()
    assert secret.encode() not in stored
    assert KEYS.decrypt(stored) == secret


def test_a_begun_set_up_asks_for_no_code_yet(session, secret):
    assert isinstance(sign_in(session), Login)


def test_a_wrong_first_code_switches_nothing_on(session, alice, secret):
    assert (
        second_factor.confirm(session, KEYS, who=alice, code="000000", session_id=0, now=NOW)
        is None
    )
    assert isinstance(sign_in(session), Login)


def test_the_password_alone_opens_no_session(session, codes):
    step = sign_in(session)
    assert isinstance(step, SecondStep)
    assert login_sessions.identify(session, sessions.SETTINGS, step.token, now=NOW) is None


def test_password_and_code_open_a_session(session, codes, secret, alice):
    login = finish(session, sign_in(session), code_at(secret, NOW))
    assert login_sessions.identify(session, sessions.SETTINGS, login.token, now=NOW) == alice


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_half_a_minute(session, codes, secret, steps, is_taken):
    code = code_at(secret, NOW + steps * STEP)
    assert (finish(session, sign_in(session), code) is not None) == is_taken


def test_no_code_works_twice(session, codes, secret):
    code = code_at(secret, NOW)
    assert finish(session, sign_in(session), code)
    assert finish(session, sign_in(session), code) is None


def test_an_earlier_code_does_not_work_after_a_later_one(session, codes, secret):
    assert finish(session, sign_in(session), code_at(secret, NOW + STEP))
    assert finish(session, sign_in(session), code_at(secret, NOW)) is None


def test_there_are_ten_recovery_codes_and_each_works_once(session, codes, alice):
    assert len(set(codes)) == 10
    assert own_account(session, alice).codes_left == 10
    assert finish(session, sign_in(session), codes[0])
    assert finish(session, sign_in(session), codes[0]) is None
    assert own_account(session, alice).codes_left == 9


def test_a_recovery_code_may_be_typed_without_its_hyphen_and_in_capitals(session, codes):
    assert finish(session, sign_in(session), f" {codes[1].replace('-', '').upper()} ")


def test_recovery_codes_are_stored_as_keyed_digests(session, codes):
    stored = session.scalars(select(RecoveryCode.code_hash)).all()
    assert {len(digest) for digest in stored} == {32}
    assert not any(code.encode() in digest for code in codes for digest in stored)


def test_codes_still_work_after_the_keys_were_changed(session, codes, secret):
    changed = Keys(b"n" * 32, (KEYS.secret,))
    assert finish(session, sign_in(session), codes[0], keys=changed)
    assert finish(session, sign_in(session), code_at(secret, NOW), keys=changed)


@pytest.mark.parametrize("code", ["", "abc", "12345", "１２３４５６", "0" * 10_000])
def test_what_is_no_code_is_refused_and_counted(session, codes, code):
    assert finish(session, sign_in(session), code) is None
    assert len(session.scalars(select(LoginFailure.id)).all()) == 1


def test_after_five_wrong_codes_even_the_right_one_waits(session, codes, secret):
    step = sign_in(session)
    for _ in range(5):
        assert finish(session, step, "000000") is None
    with pytest.raises(SignInRefused):
        finish(session, step, code_at(secret, NOW))
    with pytest.raises(SignInRefused, match="Wait 15 minutes"):
        sessions.sign_in(session, "alice", now=NOW, address="here")


def test_the_second_step_must_follow_within_five_minutes(session, codes, secret):
    step, late = sign_in(session), NOW + timedelta(minutes=5)
    with pytest.raises(SignInRefused):
        finish(session, step, code_at(secret, late), now=late)


def test_a_new_password_ends_a_second_step_that_the_former_one_began(session, alice, codes, secret):
    step = sign_in(session)
    make_user(session, "admin", Role.ADMINISTRATOR)
    token = accounts.give_password_link(
        session, who=identity(session, "admin"), user_id=alice.user_id, now=NOW
    )
    chosen = "steady copper lanterns drift"
    accounts.choose_password(session, token=token, password=chosen, now=NOW)
    with pytest.raises(SignInRefused):
        finish(session, step, code_at(secret, NOW))


def test_the_second_step_works_once(session, codes, secret):
    step = sign_in(session)
    assert finish(session, step, code_at(secret, NOW))
    with pytest.raises(SignInRefused):
        finish(session, step, code_at(secret, NOW + STEP))


def remove(session, alice, password):
    proven = passwords.verify(session, sessions.SETTINGS, username="alice", password=password)
    visit = Visit("here", NOW)
    return second_factor.remove_own(session, who=alice, proven=proven, visit=visit)


def test_switching_off_needs_the_password(session, alice, codes):
    assert not remove(session, alice, "wrong")
    assert isinstance(sign_in(session), SecondStep)
    assert remove(session, alice, PASSWORD)
    assert isinstance(sign_in(session), Login)


def test_an_administrator_switches_off_what_was_lost_and_the_sessions_end(session, alice, codes):
    make_user(session, "admin", Role.ADMINISTRATOR)
    admin = identity(session, "admin")
    login = finish(session, sign_in(session), codes[0])
    with pytest.raises(NotAllowed):
        second_factor.remove_for(session, who=alice, user_id=alice.user_id, now=NOW)
    second_factor.remove_for(session, who=admin, user_id=alice.user_id, now=NOW)
    assert login_sessions.identify(session, sessions.SETTINGS, login.token, now=NOW) is None
    assert isinstance(sign_in(session), Login)
