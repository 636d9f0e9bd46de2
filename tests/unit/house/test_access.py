"""Who may do what, read from the one table."""

from __future__ import annotations

import pytest

from core.access import (
    _REACH,
    PEOPLE,
    PERMISSIONS,
    Action,
    Identity,
    Role,
    Scope,
    can,
    is_own_team,
    may_know_names,
    require,
    scope_of,
    visible_stations,
)
from core.errors import CodesWanted, NotAllowed, Refused, not_found
from tests.support.requirements import ROOT


def person(*roles: Role, **values) -> Identity:
    return Identity(user_id=1, username="p", name="P", roles=frozenset(roles), **values)


def test_every_role_has_its_row():
    assert set(PERMISSIONS) == set(Role)


def test_every_action_is_open_to_some_role():
    assert {action for row in PERMISSIONS.values() for action in row} == set(Action)


@pytest.mark.parametrize("action", Action)
def test_nobody_without_a_role_may_do_anything(action):
    assert not can(person(), action)
    with pytest.raises(NotAllowed):
        require(person(), action)


def test_only_inspectors_score():
    assert [role for role in Role if can(person(role), Action.SCORE)] == [Role.INSPECTOR]


def test_who_scores_can_neither_amend_nor_assign_nor_decide_appeals():
    inspector = person(Role.INSPECTOR)
    assert not can(inspector, Action.DECIDE_APPEALS)
    assert not can(inspector, Action.AMEND)
    assert not can(inspector, Action.ASSIGN)


def test_trainers_see_cases_but_no_names():
    trainer = person(Role.TRAINER)
    assert can(trainer, Action.SEE_CASES)
    assert visible_stations(trainer, Action.SEE_STAFF_NAMES) == frozenset()


def test_names_are_known_everywhere_at_some_stations_or_nowhere():
    assert may_know_names(person(Role.QUALITY_MANAGER), 3)
    manager = person(Role.STATION_MANAGER, station_ids=frozenset({3}))
    assert may_know_names(manager, 3)
    assert not may_know_names(manager, 4)
    assert not any(
        may_know_names(person(role), 3)
        for role in (Role.TRAINER, Role.STAFF, Role.INSPECTOR, Role.AUDITOR, Role.SERVICE)
    )
    assert may_know_names(person(Role.TRAINER, station_ids=frozenset({3})), 3)


def test_scored_staff_reach_their_own_results_and_their_teams_figures():
    assert PERMISSIONS[Role.STAFF] == {
        Action.SEE_OWN_RESULTS: Scope.OWN,
        Action.SEE_TEAM_FIGURES: Scope.TEAM,
        Action.APPEAL: Scope.OWN,
        Action.SEE_FILES: Scope.OWN,
        Action.SEE_ACCOUNTABILITY: Scope.OWN,
        Action.PRACTISE: Scope.OWN,
        Action.MANAGE_OWN_ACCOUNT: Scope.OWN,
        Action.SET_UP_CODES: Scope.OWN,
    }


def test_auditors_reach_the_audit_log_and_of_files_the_outlines():
    assert PERMISSIONS[Role.AUDITOR] == {
        Action.SEE_AUDIT: Scope.ALL,
        Action.SEE_FILES: Scope.ALL,
        Action.MANAGE_OWN_ACCOUNT: Scope.OWN,
        Action.SET_UP_CODES: Scope.OWN,
    }


@pytest.mark.parametrize("role", PEOPLE)
def test_who_owes_codes_may_set_them_up_and_nothing_else(role):
    owing = person(role, owes_codes=True)
    assert [action for action in Action if can(owing, action)] == [Action.SET_UP_CODES]
    with pytest.raises(CodesWanted):
        require(owing, Action.MANAGE_OWN_ACCOUNT)


def test_service_accounts_hand_in_files_and_reach_nothing_else():
    assert PERMISSIONS[Role.SERVICE] == {Action.IMPORT: Scope.ALL}
    assert set(PEOPLE) == set(Role) - {Role.SERVICE}


def test_the_widest_of_several_roles_counts():
    both = person(Role.STATION_MANAGER, Role.QUALITY_MANAGER)
    assert scope_of(person(Role.STATION_MANAGER), Action.SEE_CASES) is Scope.SUBTREE
    assert scope_of(both, Action.SEE_CASES) is Scope.ALL


def test_a_station_manager_sees_the_cases_of_their_subtree():
    manager = person(Role.STATION_MANAGER, station_ids=frozenset({3, 4}))
    assert visible_stations(manager, Action.SEE_CASES) == {3, 4}


def test_case_handlers_work_on_files_of_their_station_and_reach_nothing_else():
    handler = person(Role.CASE_HANDLER, station_ids=frozenset({3}))
    for action in (Action.SEE_FILES, Action.READ_FILES, Action.WORK_FILES):
        assert visible_stations(handler, action) == {3}
    assert not any(
        can(handler, action)
        for action in (Action.SEE_CASES, Action.RECHECK_FILES, Action.SEE_ACCOUNTABILITY)
    )


def test_who_reads_files_sees_them_and_only_who_reads_them_works_on_them():
    for role in Role:
        row = PERMISSIONS[role]
        assert Action.READ_FILES not in row or row[Action.SEE_FILES] == row[Action.READ_FILES]
        assert Action.WORK_FILES not in row or row[Action.READ_FILES] == row[Action.WORK_FILES]


def test_a_station_manager_sees_appeals_of_their_subtree_and_decides_none():
    manager = person(Role.STATION_MANAGER, station_ids=frozenset({3, 4}))
    assert visible_stations(manager, Action.SEE_APPEALS) == {3, 4}
    assert not can(manager, Action.DECIDE_APPEALS)


def test_who_decides_appeals_sees_all_of_them():
    deciders = [role for role in Role if can(person(role), Action.DECIDE_APPEALS)]
    assert all(scope_of(person(role), Action.SEE_APPEALS) is Scope.ALL for role in deciders)


def test_a_station_manager_without_a_station_sees_no_case():
    assert visible_stations(person(Role.STATION_MANAGER), Action.SEE_CASES) == frozenset()


def test_a_team_are_the_people_of_one_station():
    charlie = person(Role.STAFF, staff_id=7, team_id=3)
    assert visible_stations(charlie, Action.SEE_TEAM_FIGURES) == {3}
    assert visible_stations(person(Role.STAFF), Action.SEE_TEAM_FIGURES) == frozenset()
    assert [is_own_team(charlie, station) for station in (3, 4)] == [True, False]
    assert not is_own_team(person(Role.INSPECTOR), 3)


def test_a_team_is_wider_than_ones_own_and_narrower_than_a_subtree():
    assert sorted(Scope, key=_REACH.__getitem__) == [
        Scope.OWN,
        Scope.TEAM,
        Scope.SUBTREE,
        Scope.ALL,
    ]


def test_no_limit_where_the_scope_is_all():
    manager = person(Role.STATION_MANAGER, Role.QUALITY_MANAGER, station_ids=frozenset({3}))
    assert visible_stations(manager, Action.SEE_CASES) is None


def test_asking_for_stations_without_leave_is_refused():
    with pytest.raises(NotAllowed):
        visible_stations(person(Role.STAFF), Action.SEE_CASES)


def test_one_function_says_not_found_to_who_may_not_know():
    """Elsewhere "not found" is raised only where anybody would get it."""
    for room in ("core", "db", "pages"):
        for path in (ROOT / room).rglob("*.py"):
            assert "Withheld(" not in path.read_text("utf-8") or path.name == "errors.py", path


def test_not_found_tells_a_stranger_the_same_whether_it_exists():
    facts = {"user_id": 1, "subject": ("inspection", 5)}
    withheld = not_found("This case does not exist.", exists=True, **facts)
    missing = not_found("This case does not exist.", exists=False, **facts)
    assert str(withheld) == str(missing)
    assert [isinstance(error, Refused) for error in (withheld, missing)] == [True, False]
