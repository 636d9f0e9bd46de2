"""Guessing where many people share one address, and one of them guesses."""

from __future__ import annotations

import pytest

from core.access import Role
from db.sign_in.services import passwords
from db.sign_in.services.failed_sign_ins import SignInRefused
from tests.factories import PASSWORD, make_user
from tests.support.clock import NOW
from tests.support.sign_in import sessions

OFFICE, ELSEWHERE = "192.0.2.1", "198.51.100.7"


@pytest.fixture
def alice(session):
    return make_user(session, "alice", Role.INSPECTOR)


def sign_in(session, username="alice", password=PASSWORD, *, mark, address=OFFICE):
    return sessions.sign_in(session, username, password, address=address, now=NOW, mark=mark)


def test_a_guesser_at_the_same_address_does_not_lock_out_whom_the_portal_knows_there(
    session, alice, monkeypatch
):
    """An office has one address; the guesser's browser is another one."""
    monkeypatch.setattr(passwords, "_decoy", lambda: alice.password_hash)  # cheap to check
    assert sign_in(session, mark="hers") is not None
    for _ in range(5):
        assert sign_in(session, password="wrong", mark="theirs") is None
    for number in range(25):
        assert sign_in(session, f"name{number}", mark="theirs") is None
    with pytest.raises(SignInRefused):
        sign_in(session, mark="theirs")
    assert sign_in(session, mark="hers") is not None


def test_guessing_in_a_known_browser_waits_too(session, alice):
    assert sign_in(session, mark="hers") is not None
    for _ in range(5):
        assert sign_in(session, password="wrong", mark="hers") is None
    with pytest.raises(SignInRefused, match="Wait 15 minutes"):
        sign_in(session, mark="hers", address=ELSEWHERE)
