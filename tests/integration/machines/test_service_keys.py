"""Keys of service accounts: what opens, until when, and what guessing leads to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.access import Role
from core.errors import InvalidInput
from db.machines.models import ServiceKey
from db.people.models import User, UserRole
from db.sign_in import one_time_tokens
from db.sign_in.models import LoginFailure
from db.sign_in.services.failed_sign_ins import SignInRefused, Visit, refuse_if_guessing
from tests.support.clock import NOW
from tests.support.machines.service_keys import (
    A_DAY,
    ELSEWHERE,
    HERE,
    identify,
    issue,
    refused,
    revoke,
    save,
)


def test_a_key_opens_its_account_with_its_one_role(session, admin, crm):
    caller = identify(session, issue(session, admin, crm))
    assert (caller.who.user_id, caller.who.username) == (crm, "crm")
    assert caller.who.roles == {Role.SERVICE}
    assert caller.who.language == "zh_TW"  # that of whoever made it


def test_only_the_digest_of_a_key_is_stored_and_two_are_never_alike(session, admin, crm):
    first, second = issue(session, admin, crm), issue(session, admin, crm)
    assert first != second
    row = session.scalars(select(ServiceKey).order_by(ServiceKey.id)).first()
    assert row.secret_hash == one_time_tokens.digest(first)
    assert first == f"qik_{row.prefix}_{first[13:]}"
    assert len(first[13:]) == 43  # 256 random bits in base64
    assert first[13:] not in "".join(map(str, vars(row).values()))


def test_a_key_lasts_ninety_days_unless_it_is_said_otherwise(session, admin, crm):
    key = issue(session, admin, crm)
    last = Visit("192.0.2.1", NOW + 90 * A_DAY - timedelta(seconds=1))
    assert identify(session, key, last).who.user_id == crm
    over = Visit("192.0.2.1", NOW + 90 * A_DAY)
    assert refused(session, key, over).startswith("This key has expired.")


@pytest.mark.parametrize("days", [0, -1, 366, 100_000])
def test_no_key_lasts_longer_than_a_year_or_not_at_all(session, admin, crm, days):
    with pytest.raises(InvalidInput):
        issue(session, admin, crm, days=days)
    issue(session, admin, crm, days=365)


def test_a_key_needs_a_label(session, admin, crm):
    with pytest.raises(InvalidInput):
        issue(session, admin, crm, label="  ")


def test_a_revoked_key_is_over_at_once_and_others_go_on(session, admin, crm):
    first, second = issue(session, admin, crm), issue(session, admin, crm)
    revoke(session, admin, first)
    assert refused(session, first).startswith("This key was revoked.")
    assert identify(session, second)


def test_closing_the_account_revokes_its_keys_and_opening_it_brings_none_back(session, admin, crm):
    key = issue(session, admin, crm)
    save(session, admin, crm, active=False)
    assert refused(session, key).startswith("This key was revoked.")
    with pytest.raises(InvalidInput):
        issue(session, admin, crm)
    save(session, admin, crm)
    assert refused(session, key).startswith("This key was revoked.")
    assert identify(session, issue(session, admin, crm))


def test_a_key_of_an_account_closed_behind_the_services_back_opens_nothing(session, admin, crm):
    key = issue(session, admin, crm)
    session.get_one(User, crm).active = False
    session.flush()
    refused(session, key)


def test_a_key_opens_nothing_once_its_account_has_another_role(session, admin, crm):
    key = issue(session, admin, crm)
    session.add(UserRole(user_id=crm, role=Role.ADMINISTRATOR))
    session.flush()
    session.expire_all()
    refused(session, key)


def test_only_the_very_key_opens(session, admin, crm):
    key = issue(session, admin, crm)
    for sent in (key.upper(), key + "A", key[:-1], f" {key}"):
        assert refused(session, sent) == "This key is not known."
    assert identify(session, key)


def test_another_secret_behind_a_known_prefix_opens_nothing(session, admin, crm):
    one, other = issue(session, admin, crm), issue(session, admin, crm)
    assert refused(session, one[:13] + other[13:]) == "This key is not known."


@pytest.mark.parametrize(
    "key", ["", "Bearer", "qik_", "qik_aaaaaaaa_" + "é" * 43, "x" * 10_000, "\x00"]
)
def test_what_is_no_key_opens_nothing(session, crm, key):
    assert refused(session, key) == "This key is not known."


# Guessing


def guess(number):
    return f"qik_{number:08d}_{'A' * 43}"


def test_guessing_stops_after_thirty_from_one_address_and_others_go_on(session, admin, crm):
    key = issue(session, admin, crm)
    for number in range(30):
        refused(session, guess(number))
    for sent in (guess(99), key):
        with pytest.raises(SignInRefused):
            identify(session, sent)
    assert identify(session, key, ELSEWHERE)
    later = Visit(HERE.address, NOW + timedelta(minutes=15, seconds=1))
    assert identify(session, key, later)


def test_guessing_the_secret_of_one_key_stops_after_five(session, admin, crm):
    key = issue(session, admin, crm)
    for letter in "ABCDE":
        refused(session, key[:13] + letter * 43)
    with pytest.raises(SignInRefused):
        identify(session, key)


def test_a_script_with_an_expired_key_stops_neither_its_neighbours_nor_people(session, admin, crm):
    old, new = issue(session, admin, crm), issue(session, admin, crm)
    revoke(session, admin, old)
    for _ in range(5):
        refused(session, old)
    for _ in range(100):
        with pytest.raises(SignInRefused):
            identify(session, old)
    assert identify(session, new)
    assert session.scalar(select(func.count(LoginFailure.id))) == 5
    refuse_if_guessing(session, username="admin", visit=HERE)
