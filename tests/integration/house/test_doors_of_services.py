"""Every service and query that acts for somebody, with every role, from the one access table.

What each asks stands in tests/data/doors.txt. A new function fails here until it is in it:
`python -m tests.support.house.doors > tests/data/doors.txt`, then look at what has changed. What
looks into the database and asks nobody stands in tests/data/doors_without_who.txt, with its reason.
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from core.access import PERMISSIONS, Action, Identity, Role, Scope, can
from core.errors import NotAllowed, NotFound
from core.jobs.kinds import IMPORT
from db.cases.queries.case_filter import CaseFilter
from db.inspection.task_kinds import task_kinds
from tests.support.clock import NOW
from tests.support.house import doors
from tests.support.inspection.inspecting import NO
from tests.support.requirements import ROOT

TABLE = dict(
    line.split(maxsplit=1)
    for line in (ROOT / "tests/data/doors.txt").read_text(encoding="utf-8").splitlines()
)
FUNCTIONS = {
    name: function
    for name, function in doors.functions().items()
    if doors.acts_for_somebody(function)
}
KNOWN = set(TABLE) & set(FUNCTIONS)
ASKING = sorted(name for name in KNOWN if TABLE[name] in set(Action))
LOOKING = sorted(KNOWN - set(ASKING))


GROUPS = doors.groups()
KINDS = {
    f"{type(kind).__module__}.{type(kind).__name__}".removeprefix("db.")
    for kind in task_kinds().values()
}
"""What they do for a person is called by `desk`, `save_draft` and `submit`, which have asked."""
WITHOUT = {name: (group, names) for group, rows in GROUPS for name, names in rows.items()}


def person(role: Role) -> Identity:
    return Identity(user_id=0, username=role, name=role, roles=frozenset({role}))


def test_every_function_that_acts_for_somebody_stands_in_the_table():
    assert sorted(TABLE) == sorted(FUNCTIONS)


def test_whatever_else_looks_into_the_database_stands_in_a_list_with_its_reason():
    asking_nobody = [name for name, each in doors.functions().items() if doors.asks_nobody(each)]
    assert sorted(name for _group, rows in GROUPS for name in rows) == sorted(asking_nobody)


@pytest.mark.parametrize("name", WITHOUT)
def test_the_reason_holds(name):
    """A new caller, or a page with another action at its guard, has to be looked at."""
    group, stated = WITHOUT[name]
    assert stated == (doors.guards(name) if group == "page" else doors.served(name))
    callers = set(doors.served(name))
    inner = {each for each in callers if doors.ROOMS & set(each.split(".")) and "pages" not in each}
    on_pages = {each for each in callers if each.startswith("pages.")}
    match group:
        case "asked":
            assert inner == callers - KINDS
            assert inner <= set(TABLE) | set(WITHOUT)
        case "page":
            assert not {each for each in on_pages if each.startswith("pages.web.")}
            assert "none" not in stated
        case "sign-in":
            assert inner <= set(TABLE) | set(WITHOUT)
            assert {each for each in on_pages if not each.startswith("pages.web.")} <= {
                "pages.ui.kit.auth.asking_again",
                "pages.ui.kit.auth.current_session",
                "pages.ui.kit.auth.sign_out_button",
            }
        case "identity":
            assert on_pages == set()
        case "operator":
            assert on_pages <= {"pages.web.worker.worker_beside"}
        case _:
            pytest.fail(f"no such group: {group}")


@pytest.mark.parametrize("name", ASKING)
def test_it_asks_before_it_looks_at_anything(name):
    assert doors.asked(FUNCTIONS[name]) == TABLE[name]


@pytest.mark.parametrize("kind", task_kinds().values(), ids=lambda kind: kind.address)
@pytest.mark.parametrize(
    "name",
    [
        "inspection.queries.desk.desk",
        "inspection.services.drafts.save_draft",
        "inspection.services.submission.submit",
    ],
)
def test_a_task_asks_for_the_action_of_its_kind(name, kind):
    """The table has that of assignments."""
    assert doors.asked(FUNCTIONS[name], task=kind.task(0)) == kind.action


@pytest.mark.parametrize("role", Role)
def test_a_role_gets_past_the_doors_the_table_opens_and_no_other(role):
    refused = {name for name in ASKING if doors.asked(FUNCTIONS[name], person(role)) in set(Action)}
    closed = {name for name in ASKING if not can(person(role), Action(TABLE[name]))}
    assert closed <= refused
    behind_two = refused - closed  # one more action is needed for what they go on to do
    assert {doors.asked(FUNCTIONS[name], person(role)) for name in behind_two} <= {
        action.value for action in Action if not can(person(role), action)
    }


@pytest.mark.parametrize("role", Role)
def test_scopes_are_those_that_fit_the_role(role):
    """Who is bound to a subtree or to the own never has another reach by oversight."""
    scopes = set(PERMISSIONS[role].values())
    reach = {
        Role.STAFF: {Scope.OWN, Scope.TEAM},
        Role.INSPECTOR: {Scope.OWN},
        Role.STATION_MANAGER: {Scope.ALL, Scope.SUBTREE, Scope.OWN},
        Role.CASE_HANDLER: {Scope.SUBTREE, Scope.OWN},
    }
    assert scopes <= reach.get(role, {Scope.ALL, Scope.OWN, Scope.SUBTREE})


def test_only_figures_of_a_team_are_shown_to_its_people():
    """Whoever else gets something of a team needs a reason here."""
    found = {
        (role, action)
        for role, row in PERMISSIONS.items()
        for action, scope in row.items()
        if scope is Scope.TEAM
    }
    assert found == {(Role.STAFF, Action.SEE_TEAM_FIGURES)}


def test_a_station_managers_cases_and_names_end_at_the_subtree():
    row = PERMISSIONS[Role.STATION_MANAGER]
    assert row[Action.SEE_CASES] is row[Action.SEE_STAFF_NAMES] is Scope.SUBTREE


# Functions that must look at a row to know whose it is: tried on real rows by somebody with no
# role at all. They refuse, find nothing, or say no.


@pytest.fixture
def rows(world):
    """Names of arguments with values that exist."""
    inspection_id = world.scored(HELLO=NO)
    world.assigned()
    return {
        "inspection_id": inspection_id,
        "interaction_id": 1,
        "served_by": world.charlie.staff_id,
        "assignment_id": world.task,
        "wanted": CaseFilter(),
        "case_filter": CaseFilter(),
        "today": NOW.date(),
        "until": NOW.date(),
        "kinds": ["appeal"],
        "now": NOW,
        "limit": 25,
        "low_mark": 60.0,
        "how": "view",
        "reason": "x",
        "name": "x",
        "answers": {},
        "attempt_id": 1,
        "certificate_id": 1,
        "member_id": 1,
        "filter_id": 1,
        "job_kind": IMPORT,
        "by": 1,
        "edit": 1,
        "assignment": SimpleNamespace(id=1, state="open", inspector_id=world.alice.user_id),
        "inspection": SimpleNamespace(
            id=inspection_id,
            purpose="record",
            staff_id=world.charlie.staff_id,
            station_id=1,
            inspector_id=world.alice.user_id,
            interaction_id=1,
        ),
    }


# Not for a person to call: the first makes the error that is raised, the second is called with a
# version that `checklists.save` has found to be the person's to edit, the third compares two
# numbers, the fourth is called with the cases that `cases` or `similar_cases` found for the person.
# The rest are steps of services that have asked: they note a change, and say which times are one's
# own browser's.
BEHIND_A_DOOR = {
    "checklists.services.drafting.store",
    "sign_in.services.passwords.is_proven",
    "cases.queries.case_rows.rows_of",
    "sign_in.services.sign_in_news.beginnings",
    "sign_in.services.sign_in_news.note",
}


@pytest.mark.parametrize("name", sorted(set(LOOKING) - BEHIND_A_DOOR))
def test_it_gives_nothing_to_somebody_without_a_role(name, world, rows):
    function = FUNCTIONS[name]
    with world.seeded.transaction() as session:
        try:
            given = doors.call(function, rows | {"session": session, "who": doors.NOBODY})
        except (NotAllowed, NotFound):
            return
    fields = vars(given).values() if hasattr(given, "__dataclass_fields__") else [given]
    assert not any(any(field) if isinstance(field, tuple) else field for field in fields), given
