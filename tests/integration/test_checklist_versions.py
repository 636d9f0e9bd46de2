"""From draft to active to retired, on both databases."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from core.checklist import parse_checklist
from core.errors import InvalidInput, NotAllowed, NotFound, StaleEdit
from db.checklists import active_versions
from db.models import Assignment, AuditEvent, ChecklistRecord, ChecklistVersion, Inspection
from db.queries import checklists as reads
from db.services import checklists
from db.services.activation import Activation, NotReady, activate, retire
from tests.factories import make_station
from tests.support.clock import NOW

TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)


def texts(word):
    return {"zh_TW": word, "zh_CN": word, "en": word}


READY = {
    "key": "desk",
    "title": texts("Desk"),
    "channels": ["counter"],
    "sections": [
        {
            "key": "all",
            "title": texts("All"),
            "weight": 100,
            "items": [{"key": "A", "text": texts("Clean?")}, {"key": "B", "text": texts("Open?")}],
        }
    ],
}


@pytest.fixture
def desk(world):
    """bob's first draft of a checklist that is ready."""
    return world.do(checklists.create, world.bob, content=READY)


def row_of(world, version_id, today=TODAY):
    return world.one(lambda session: reads.opened(session, version_id, today=today)).row


def in_force(world, day=TODAY, station=None):
    found = world.one(
        lambda session: active_versions(session, "counter", on=day, station_id=station)
    )
    return [version_id for version_id, checklist in found if checklist.key == "desk"]


def activated(world, version_id, day=TODAY, stations=()):
    world.do(
        activate,
        world.bob,
        version_id=version_id,
        edit=row_of(world, version_id).edit,
        activation=Activation(day, frozenset(stations)),
    )


def saved(world, version_id, content, edit=1):
    return world.do(checklists.save, world.bob, version_id=version_id, edit=edit, content=content)


def test_a_draft_may_be_faulty_and_is_stored_as_it_is(world, desk):
    broken = READY | {"sections": []}
    assert saved(world, desk, broken) == 2
    opened = world.one(lambda session: reads.opened(session, desk, today=TODAY))
    assert (opened.checklist, opened.content["sections"], opened.row.state) == (None, [], "draft")
    problems = world.one(lambda session: checklists.check(session, desk))
    assert [(problem.path, problem.severity) for problem in problems] == [("sections", "error")]


def test_a_repeated_save_changes_nothing_and_the_key_stays(world, desk):
    changed = READY | {"pass_mark": 90, "key": "other"}
    assert [saved(world, desk, changed), saved(world, desk, changed)] == [2, 2]
    opened = world.one(lambda session: reads.opened(session, desk, today=TODAY))
    assert (opened.content["key"], opened.content["pass_mark"]) == ("desk", 90)


def test_of_two_editors_the_second_is_told_and_sees_what_is_stored(world, desk):
    saved(world, desk, READY | {"pass_mark": 90})
    with pytest.raises(StaleEdit) as refused:
        world.do(
            checklists.save,
            world.seeded.administrator,
            version_id=desk,
            edit=1,
            content=READY | {"pass_mark": 70},
        )
    stored = refused.value.current
    assert (stored.content["pass_mark"], stored.edit, stored.changed_by) == (90, 2, "Bob")


def test_errors_bar_activation_and_name_their_place(world, desk):
    content = deepcopy(READY)
    del content["sections"][0]["items"][1]["text"]["zh_CN"]
    saved(world, desk, content)
    with pytest.raises(NotReady) as refused:
        activated(world, desk)
    assert [problem.path for problem in refused.value.problems] == ["sections[0].items[1].text"]
    assert in_force(world) == []


def test_activation_stores_the_checklist_in_force_from_its_day(world, desk):
    activated(world, desk, TOMORROW)
    assert row_of(world, desk).state == "upcoming"
    assert row_of(world, desk, TOMORROW).state == "active"
    assert (in_force(world), in_force(world, TOMORROW)) == ([], [desk])
    opened = world.one(lambda session: reads.opened(session, desk, today=TODAY))
    assert opened.checklist == parse_checklist(READY | {"version": 1})


def test_the_next_version_ends_the_earlier_one_the_day_before(world, desk):
    activated(world, desk)
    second = world.do(checklists.derive, world.bob, version_id=desk)
    activated(world, second, TOMORROW)
    assert (in_force(world), in_force(world, TOMORROW)) == ([desk], [second])
    assert [row_of(world, version, TOMORROW).state for version in (desk, second)] == [
        "retired",
        "active",
    ]


def test_a_version_that_never_came_into_force_is_retired_by_the_next(world, desk):
    activated(world, desk, TOMORROW)
    second = world.do(checklists.derive, world.bob, version_id=desk)
    activated(world, second)
    assert row_of(world, desk).state == "retired"
    assert in_force(world, TOMORROW) == [second]


def test_a_pilot_stands_beside_the_general_version_at_its_stations(world, desk):
    with world.seeded.transaction() as session:
        other = make_station(session).id
    activated(world, desk)
    pilot = world.do(checklists.derive, world.bob, version_id=desk)
    activated(world, pilot, stations=[world.seeded.station_id])
    assert row_of(world, pilot).state == "pilot"
    assert in_force(world, station=world.seeded.station_id) == [pilot]
    assert in_force(world, station=other) == in_force(world) == [desk]
    third = world.do(checklists.derive, world.bob, version_id=pilot)
    activated(world, third)
    assert in_force(world, station=world.seeded.station_id) == [third]
    assert row_of(world, pilot).state == "retired"


def test_a_second_pilot_follows_the_first_and_leaves_the_general_version(world, desk):
    activated(world, desk)
    pilots = [world.do(checklists.derive, world.bob, version_id=desk) for _ in range(2)]
    for pilot in pilots:
        activated(world, pilot, stations=[world.seeded.station_id])
    assert [row_of(world, pilot).state for pilot in pilots] == ["retired", "pilot"]
    assert in_force(world) == [desk]


def test_a_version_can_be_retired_from_a_day(world, desk):
    activated(world, desk)
    world.do(retire, world.bob, version_id=desk, until=TOMORROW)
    assert (in_force(world), in_force(world, TOMORROW)) == ([desk], [])
    world.do(retire, world.bob, version_id=desk, until=TODAY)
    assert (in_force(world), row_of(world, desk).state) == ([], "retired")
    with pytest.raises(InvalidInput, match="Only an active version"):
        world.do(retire, world.bob, version_id=desk, until=TODAY)


def test_nothing_happens_on_a_day_that_is_past_or_at_an_unknown_station(world, desk):
    with pytest.raises(InvalidInput, match="past"):
        activated(world, desk, TODAY - timedelta(days=1))
    with pytest.raises(InvalidInput, match="station"):
        activated(world, desk, stations=[9_999_999])
    activated(world, desk)
    with pytest.raises(InvalidInput, match="past"):
        world.do(retire, world.bob, version_id=desk, until=TODAY - timedelta(days=1))


def test_what_changed_since_the_person_looked_is_not_activated(world, desk):
    saved(world, desk, READY | {"pass_mark": 90})
    with pytest.raises(StaleEdit):
        world.do(
            activate, world.bob, version_id=desk, edit=1, activation=Activation(TODAY, frozenset())
        )


def test_only_a_draft_can_be_changed_activated_or_discarded(world, desk):
    activated(world, desk)
    for act in (
        lambda: saved(world, desk, READY, edit=2),
        lambda: activated(world, desk),
        lambda: world.do(checklists.discard, world.bob, version_id=desk),
    ):
        with pytest.raises(InvalidInput, match="Only a draft"):
            act()


def test_discarding_the_only_draft_removes_the_checklist(world, desk):
    second = world.do(checklists.derive, world.bob, version_id=desk)
    world.do(checklists.discard, world.bob, version_id=desk)
    assert row_of(world, second).number == 2
    world.do(checklists.discard, world.bob, version_id=second)
    assert "desk" not in world.one(
        lambda session: session.scalars(select(ChecklistRecord.key)).all()
    )
    with pytest.raises(NotFound):
        row_of(world, second)


def test_a_key_that_exists_gets_a_new_draft_and_a_bad_key_is_refused(world, desk):
    again = world.do(checklists.create, world.bob, content=READY)
    assert (row_of(world, again).number, row_of(world, again).key) == (2, "desk")
    for key in ("", "two words", "x" * 65, None, 7):
        with pytest.raises(InvalidInput):
            world.do(checklists.create, world.bob, content=READY | {"key": key})


def test_an_inspector_changes_no_checklist(world, desk):
    for act in (
        lambda: world.do(checklists.create, world.alice, content=READY),
        lambda: world.do(checklists.derive, world.alice, version_id=desk),
        lambda: world.do(checklists.save, world.alice, version_id=desk, edit=1, content=READY),
        lambda: world.do(
            activate, world.alice, version_id=desk, edit=1, activation=Activation(TODAY)
        ),
        lambda: world.do(retire, world.alice, version_id=desk, until=TODAY),
        lambda: world.do(checklists.discard, world.alice, version_id=desk),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_each_step_is_in_the_audit_log(world, desk):
    activated(world, desk)
    world.do(retire, world.bob, version_id=desk, until=TODAY)
    second = world.do(checklists.derive, world.bob, version_id=desk)
    world.do(checklists.discard, world.bob, version_id=second)
    events = world.all(AuditEvent.action, AuditEvent.object_id, AuditEvent.user_id)
    bob = world.bob.user_id
    assert [event for event in map(tuple, events) if event[1] in (str(desk), str(second))] == [
        ("draft", str(desk), bob),
        ("activate", str(desk), bob),
        ("retire", str(desk), bob),
        ("draft", str(second), bob),
        ("discard", str(second), bob),
    ]


def test_the_database_keeps_drafts_from_scoring_and_versions_from_going_back(world, desk):
    world.version_id = desk
    with pytest.raises(DBAPIError, match="scores nothing"):
        world.assigned()
    activated(world, desk)
    with pytest.raises(DBAPIError, match="become a draft"), world.seeded.transaction() as session:
        session.execute(
            update(ChecklistVersion).where(ChecklistVersion.id == desk).values(state="draft")
        )


def test_an_imported_inspection_without_assignment_makes_its_version_immutable(world):
    inspection_id = world.scored()
    with world.seeded.transaction() as session:
        session.execute(
            update(Inspection).where(Inspection.id == inspection_id).values(assignment_id=None)
        )
        session.execute(
            Assignment.__table__.delete().where(Assignment.checklist_version_id == world.version_id)
        )
    with pytest.raises(DBAPIError, match="immutable"), world.seeded.transaction() as session:
        session.execute(
            update(ChecklistVersion)
            .where(ChecklistVersion.id == world.version_id)
            .values(content={"key": "changed"})
        )
