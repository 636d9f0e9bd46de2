"""Service accounts: who makes them, what they never become, what is noted; on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from core.access import PEOPLE, Role
from core.errors import InvalidInput, NotAllowed, NotFound
from db.machines import queries as reads
from db.machines import services
from db.machines.models import ServiceKey
from db.machines.services import KeyRefused
from db.people.models import User, UserRole
from db.people.queries import people as people_reads
from db.sign_in import one_time_tokens
from db.sign_in.models import LoginFailure, LoginSession
from db.sign_in.services import accounts, identity_provider, login_sessions, users
from db.sign_in.services.failed_sign_ins import SignInRefused
from db.sign_in.services.passwords import hash_password
from db.store.models import AuditEvent
from tests.factories import identity, make_user
from tests.support.clock import NOW
from tests.support.machines.service_keys import A_DAY, HERE, identify, issue, refused, revoke, save
from tests.support.sign_in.sessions import SETTINGS, session_token

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
    claims = identity_provider.Claims("https://idp.example", "7", "crm", "Mallory", frozenset())
    with pytest.raises(SignInRefused):
        identity_provider.enter(session, SETTINGS, claims, HERE)


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
        data = users.UserData("alice" if user_id else "new", "A", frozenset(roles))
        with pytest.raises(InvalidInput):
            users.save_user(session, who=admin, user_id=user_id, data=data, password=None, now=NOW)


def test_a_service_account_never_becomes_a_persons(session, admin, crm):
    data = users.UserData("crm", "Mallory", frozenset({Role.INSPECTOR}))
    with pytest.raises(InvalidInput):
        users.save_user(session, who=admin, user_id=crm, data=data, password=None, now=NOW)


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


def noted(session):
    """(action, kind of object, whose) of the log, in its order."""
    rows = select(AuditEvent.action, AuditEvent.object_type, AuditEvent.user_id)
    return [tuple(row) for row in session.execute(rows.order_by(AuditEvent.id))]


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
    assert [row.username for row in people_reads.users(session, admin)] == ["admin"]


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
    assert one_time_tokens.digest(key).hex() not in written


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
