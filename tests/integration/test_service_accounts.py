"""Service accounts and their keys: made, used, revoked, never signed in; on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.access import PEOPLE, Role
from core.errors import InvalidInput, NotAllowed, NotFound
from db import tokens
from db.models import AuditEvent, LoginFailure, LoginSession, ServiceKey, User, UserRole
from db.queries import people as people_reads
from db.queries import service_accounts as reads
from db.services import accounts, external, login_sessions, people
from db.services import service_accounts as services
from db.services.guessing import SignInRefused, Visit, refuse_if_guessing
from db.services.passwords import hash_password
from db.services.service_accounts import KeyRefused, ServiceData
from tests.factories import identity, make_user
from tests.support.clock import NOW
from tests.support.sessions import SETTINGS, session_token

HERE = Visit("192.0.2.1", NOW)
ELSEWHERE = Visit("192.0.2.2", NOW)
A_DAY = timedelta(days=1)


@pytest.fixture
def admin(session):
    make_user(session, "admin", Role.ADMINISTRATOR, language="zh_TW")
    return identity(session, "admin")


@pytest.fixture
def crm(session, admin):
    """The id of a service account."""
    return save(session, admin)


def save(session, admin, user_id=None, username="crm", name="The airline's CRM", active=True):
    data = ServiceData(username, name, active)
    return services.save_service_account(session, who=admin, user_id=user_id, data=data, now=NOW)


def issue(session, admin, user_id, label="nightly", days=services.USUAL_DAYS):
    return services.issue_key(session, who=admin, user_id=user_id, label=label, days=days, now=NOW)


def identify(session, key, visit=HERE):
    """As the route does: a refused key is counted."""
    try:
        return services.identify(session, key=key, visit=visit)
    except KeyRefused as error:
        services.note_refusal(session, error, visit)
        raise


def refused(session, key, visit=HERE):
    with pytest.raises(KeyRefused) as caught:
        identify(session, key, visit)
    return caught.value.sentence


def revoke(session, admin, key):
    key_id = session.scalars(select(ServiceKey.id).filter_by(prefix=key[4:12])).one()
    services.revoke_key(session, who=admin, key_id=key_id, now=NOW)


def noted(session):
    """(action, kind of object, whose) of the log, in its order."""
    rows = select(AuditEvent.action, AuditEvent.object_type, AuditEvent.user_id)
    return [tuple(row) for row in session.execute(rows.order_by(AuditEvent.id))]


# Keys


def test_a_key_opens_its_account_with_its_one_role(session, admin, crm):
    caller = identify(session, issue(session, admin, crm))
    assert (caller.who.user_id, caller.who.username) == (crm, "crm")
    assert caller.who.roles == {Role.SERVICE}
    assert caller.who.language == "zh_TW"  # that of whoever made it


def test_only_the_digest_of_a_key_is_stored_and_two_are_never_alike(session, admin, crm):
    first, second = issue(session, admin, crm), issue(session, admin, crm)
    assert first != second
    row = session.scalars(select(ServiceKey).order_by(ServiceKey.id)).first()
    assert row.secret_hash == tokens.digest(first)
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
    refuse_if_guessing(session, username="admin", address=HERE.address, now=NOW)


# Nobody signs in with it


def test_it_cannot_sign_in_whatever_stands_in_its_row(session, admin, crm):
    user = session.get_one(User, crm)
    assert user.password_hash == ""
    user.password_hash = hash_password("three blue parcels")
    session.flush()
    with pytest.raises(SignInRefused):
        session_token(session, "crm", now=NOW)
    assert session.scalar(select(func.count(LoginSession.id))) == 0


def test_a_session_opens_nothing_for_it(session, admin, crm):
    """A session that a person's account had before it, by whatever hand, became a service's."""
    make_user(session, "alice", Role.INSPECTOR)
    token = session_token(session, "alice", now=NOW)
    assert login_sessions.identify(session, SETTINGS, token, now=NOW)
    user = session.scalars(select(User).filter_by(username="alice")).one()
    user.roles.append(UserRole(role=Role.SERVICE))
    session.flush()
    assert login_sessions.identify(session, SETTINGS, token, now=NOW) is None


def test_it_gets_no_link_for_a_password(session, admin, crm):
    with pytest.raises(InvalidInput):
        accounts.give_password_link(session, who=admin, user_id=crm, now=NOW)


def test_an_identity_provider_does_not_open_it_by_its_name(session, admin, crm):
    claims = external.Claims("https://idp.example", "7", "crm", "Mallory", frozenset())
    with pytest.raises(SignInRefused):
        external.enter(session, SETTINGS, claims, HERE)


# Who makes it, and what it may never become


def test_nobody_but_an_administrator_makes_accounts_and_keys(session, admin, crm):
    key = issue(session, admin, crm)
    own = identify(session, key)
    for role in set(PEOPLE) - {Role.ADMINISTRATOR}:
        make_user(session, role, role)
    others = [identity(session, role) for role in set(PEOPLE) - {Role.ADMINISTRATOR}]
    for who in (*others, own.who):
        for act in (
            lambda who=who: save(session, who, username="x"),
            lambda who=who: issue(session, who, crm),
            lambda who=who: revoke(session, who, key),
            lambda who=who: reads.service_accounts(session, who, now=NOW),
            lambda who=who: reads.keys_of(session, who, crm),
        ):
            with pytest.raises(NotAllowed):
                act()
    assert identify(session, key)


@pytest.mark.parametrize("roles", [{Role.SERVICE}, {Role.SERVICE, Role.INSPECTOR}])
def test_a_persons_account_never_gets_the_role(session, admin, roles):
    make_user(session, "alice", Role.INSPECTOR)
    alice = identity(session, "alice").user_id
    for user_id in (None, alice):
        data = people.UserData("alice" if user_id else "new", "A", frozenset(roles))
        with pytest.raises(InvalidInput):
            people.save_user(session, who=admin, user_id=user_id, data=data, password=None, now=NOW)


def test_a_service_account_never_becomes_a_persons(session, admin, crm):
    data = people.UserData("crm", "Mallory", frozenset({Role.INSPECTOR}))
    with pytest.raises(InvalidInput):
        people.save_user(session, who=admin, user_id=crm, data=data, password=None, now=NOW)


def test_a_persons_account_gets_no_key_and_is_not_changed_as_a_service(session, admin):
    for act in (issue, save):
        with pytest.raises(NotFound):
            act(session, admin, admin.user_id)


def test_names_are_needed_and_taken_once(session, admin, crm):
    for values in ({"username": " "}, {"username": "x", "name": " "}, {"username": "admin"}):
        with pytest.raises(InvalidInput):
            save(session, admin, **values)
    assert save(session, admin, crm, name="CRM") == crm


# What is seen and noted


def test_it_stands_among_the_service_accounts_and_not_among_people(session, admin, crm):
    old, key = issue(session, admin, crm, "old", days=1), issue(session, admin, crm)
    who = identify(session, key).who
    key_id = session.scalars(select(ServiceKey.id).filter_by(prefix=key[4:12])).one()
    services.note_import(session, who=who, key_id=key_id, kind="stations", now=NOW)
    later = NOW + A_DAY
    account = reads.service_accounts(session, admin, now=later)
    assert [(row.username, row.keys, row.last_used_at) for row in account] == [("crm", 1, NOW)]
    found = reads.keys_of(session, admin, crm)
    assert [(row.label, row.prefix, row.is_in_force(later)) for row in found] == [
        ("nightly", key[4:12], True),
        ("old", old[4:12], False),
    ]
    assert [row.username for row in people_reads.users(session)] == ["admin"]


def test_making_using_revoking_and_refusing_are_in_the_log_and_the_key_is_not(session, admin, crm):
    key = issue(session, admin, crm)
    caller = identify(session, key)
    services.note_import(session, who=caller.who, key_id=caller.key_id, kind="staff", now=NOW)
    save(session, admin, crm, active=False)
    refused(session, key)
    assert noted(session) == [
        ("save", "user", admin.user_id),
        ("issue_key", "service_key", admin.user_id),
        ("use_key", "service_key", crm),
        ("save", "user", admin.user_id),
        ("revoke_key", "service_key", admin.user_id),
        ("refuse_key", "service_key", None),
    ]
    tables = (AuditEvent, LoginFailure)
    rows = [row for table in tables for row in session.scalars(select(table))]
    written = "".join(str(vars(row)) for row in rows)
    assert key[13:] not in written
    assert tokens.digest(key).hex() not in written


def test_past_inspections_are_not_taken_from_it(session, admin, crm):
    caller = identify(session, issue(session, admin, crm))
    with pytest.raises(NotAllowed):
        services.note_import(
            session, who=caller.who, key_id=caller.key_id, kind="inspections", now=NOW
        )


def test_a_key_revoked_while_the_file_comes_in_starts_nothing(session, admin, crm):
    key = issue(session, admin, crm)
    caller = identify(session, key)
    revoke(session, admin, key)
    with pytest.raises(KeyRefused):
        services.note_import(session, who=caller.who, key_id=caller.key_id, kind="staff", now=NOW)
