"""Demanding one-time codes of roles, on both databases."""

from __future__ import annotations

from threading import Thread

import pytest
from sqlalchemy import select

from core.access import PEOPLE, Action, Identity, Role
from core.errors import CodesWanted, InvalidInput, NotAllowed
from db.sign_in.queries.accounts import own_account
from db.sign_in.queries.code_demands import role_demands
from db.sign_in.services import login_sessions, passwords, second_factor
from db.sign_in.services.code_demands import OwnCodesMissing, demand_codes
from db.sign_in.services.failed_sign_ins import Visit
from db.sign_in.services.passwords import SecondStep
from db.store.models import AuditEvent
from tests.factories import PASSWORD, identity, make_user
from tests.support.clock import NOW
from tests.support.house import doors
from tests.support.requirements import ROOT
from tests.support.sign_in import sessions
from tests.support.sign_in.second_factor import KEYS, begun, confirmed

FUNCTIONS = doors.functions()
HERE = Visit("here", NOW, mark="alice's browser")
ASKING = {
    name: action
    for name, action in (
        line.split(maxsplit=1)
        for line in (ROOT / "tests/data/doors.txt").read_text(encoding="utf-8").splitlines()
    )
    if action in set(Action)
}


@pytest.fixture
def admin(session):
    make_user(session, "admin", Role.ADMINISTRATOR)
    return identity(session, "admin")


@pytest.fixture
def alice(session):
    make_user(session, "alice", Role.INSPECTOR)
    return identity(session, "alice")


@pytest.fixture
def demand(session, admin):
    """`demand(Role.INSPECTOR)`: these roles and no others must have codes."""

    def demanded(*roles, who=admin):
        demand_codes(session, who=who, roles=roles, now=NOW)

    return demanded


def opened(session, who, method="password"):
    return login_sessions.open_session(
        session, sessions.SETTINGS, who.user_id, HERE, method=method
    ).token


def live(session, token):
    return login_sessions.live_session(session, sessions.SETTINGS, token, now=NOW)


def owes(session, token):
    return live(session, token).who.owes_codes


def switch_on(session, who, session_id=0):
    return confirmed(session, who, begun(session, who, session_id), session_id)


def switch_off(session, who):
    proven = passwords.verify(session, sessions.SETTINGS, username=who.username, password=PASSWORD)
    return second_factor.remove_own(session, who=who, proven=proven, visit=HERE)


def test_without_a_demand_nobody_owes_anything(session, alice):
    assert not owes(session, opened(session, alice))


def test_a_demand_reaches_a_session_that_is_open(session, alice, demand):
    token = opened(session, alice)
    demand(Role.INSPECTOR)
    assert owes(session, token)
    with pytest.raises(CodesWanted):
        login_sessions.identify(session, sessions.SETTINGS, token, now=NOW)


def test_it_reaches_people_of_the_role_only(session, alice, admin, demand):
    demand(Role.TRAINER, Role.INSPECTOR)
    assert not owes(session, opened(session, admin))


def test_one_of_several_roles_is_enough(session, demand):
    make_user(session, "dana", Role.TRAINER, Role.STAFF)
    demand(Role.STAFF)
    assert owes(session, opened(session, identity(session, "dana")))


def test_a_demand_that_is_withdrawn_lets_people_in_again(session, alice, demand):
    token = opened(session, alice)
    demand(Role.INSPECTOR)
    demand()
    assert not owes(session, token)


def test_setting_codes_up_opens_everything_in_the_same_session(session, alice, demand):
    token = opened(session, alice)
    demand(Role.INSPECTOR)
    found = live(session, token)
    assert switch_on(session, found.who, found.session_id)
    assert login_sessions.identify(session, sessions.SETTINGS, token, now=NOW) == alice


def test_begun_codes_are_not_enough(session, alice, demand):
    token = opened(session, alice)
    demand(Role.INSPECTOR)
    found = live(session, token)
    second_factor.begin(session, KEYS, who=found.who, session_id=found.session_id)
    assert owes(session, token)


def test_setting_codes_up_ends_every_session_opened_without_one(session, alice):
    here, there = opened(session, alice), opened(session, alice)
    switch_on(session, alice, live(session, here).session_id)
    assert live(session, here)
    assert live(session, there) is None


def test_the_provider_answers_for_who_signed_in_there(session, alice, demand):
    demand(Role.INSPECTOR)
    assert not owes(session, opened(session, alice, method=login_sessions.OIDC))
    assert owes(session, opened(session, alice))


@pytest.mark.parametrize("name", sorted(ASKING))
def test_every_service_refuses_who_owes_codes(name):
    """Whatever the roles: the same people without the debt get past all these doors."""
    owing = Identity(0, "eve", "Eve", frozenset(PEOPLE), owes_codes=True)
    if ASKING[name] == Action.SET_UP_CODES:
        assert doors.asked(FUNCTIONS[name], owing) == "looks after set_up_codes"
        return
    with pytest.raises(CodesWanted):
        doors.asked(FUNCTIONS[name], owing)


# Who may demand, and nobody is locked out


def test_only_administrators_demand_codes(session, alice):
    with pytest.raises(NotAllowed):
        demand_codes(session, who=alice, roles=[], now=NOW)
    with pytest.raises(NotAllowed):
        role_demands(session, alice)


def test_an_administrator_without_codes_cannot_demand_them_of_administrators(
    session, admin, demand
):
    with pytest.raises(OwnCodesMissing):
        demand(Role.ADMINISTRATOR)
    assert not owes(session, opened(session, admin))
    switch_on(session, admin)
    demand(Role.ADMINISTRATOR)
    assert not owes(session, opened(session, admin, method="password+code"))


def test_one_who_has_no_password_may_demand_them(session, demand):
    make_user(session, "olga", Role.ADMINISTRATOR, password_hash="")
    demand(Role.ADMINISTRATOR, who=identity(session, "olga"))


def test_service_accounts_have_no_codes_to_demand(demand):
    with pytest.raises(InvalidInput):
        demand(Role.SERVICE)


def test_demanded_codes_stay_on(session, alice, demand):
    switch_on(session, alice)
    demand(Role.INSPECTOR)
    assert own_account(session, alice).demands_codes
    with pytest.raises(InvalidInput, match="they stay on"):
        switch_off(session, alice)
    demand()
    assert switch_off(session, alice)


def test_who_lost_their_generator_sets_another_up(session, alice, admin, demand):
    switch_on(session, alice)
    demand(Role.INSPECTOR)
    assert isinstance(sessions.sign_in(session, "alice", now=NOW), SecondStep)
    second_factor.remove_for(session, who=admin, user_id=alice.user_id, now=NOW)
    login = sessions.sign_in(session, "alice", now=NOW)
    assert owes(session, login.token)
    assert switch_on(session, live(session, login.token).who)


def test_the_log_records_which_roles_are_demanded(session, demand):
    demand(Role.TRAINER, Role.AUDITOR)
    demand(Role.AUDITOR, Role.TRAINER)
    demand(Role.AUDITOR)
    found = session.scalars(
        select(AuditEvent.details).filter_by(action="demand_codes").order_by(AuditEvent.id)
    ).all()
    assert [row["roles"] for row in found] == [["auditor", "trainer"], ["auditor"]]


def test_each_role_shows_how_many_of_its_people_have_codes(session, alice, admin, demand):
    """Of three inspectors with a password one has codes; dana signs in at the provider only."""
    make_user(session, "eve", Role.INSPECTOR)
    make_user(session, "iris", Role.INSPECTOR)
    make_user(session, "dana", Role.INSPECTOR, password_hash="")
    make_user(session, "gone", Role.INSPECTOR, active=False)
    switch_on(session, alice)
    second_factor.begin(session, KEYS, who=identity(session, "eve"), session_id=0)
    demand(Role.INSPECTOR)
    found = {row.role: row for row in role_demands(session, admin)}
    assert found[Role.INSPECTOR][1:] == (True, 3, 1)
    assert found[Role.ADMINISTRATOR][1:] == (False, 1, 0)
    assert found[Role.AUDITOR][1:] == (False, 0, 0)
    assert set(found) == set(PEOPLE)


def test_two_administrators_may_demand_the_same_at_once(seeded):
    """The second waits for the first on both databases, and has nothing left to do."""

    def demand():
        with seeded.transaction() as session:
            demand_codes(session, who=seeded.administrator, roles=[Role.TRAINER], now=NOW)
            demanded.append(session)

    demanded = []
    second = Thread(target=demand)
    with seeded.transaction() as session:
        demand_codes(session, who=seeded.administrator, roles=[Role.TRAINER], now=NOW)
        second.start()
        second.join(0.3)
        assert not demanded
    second.join()
    assert demanded
