"""Checklist versions from active to retired, pilots among them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from core.checklist import parse_checklist
from core.errors import InvalidInput, NotAllowed, StaleEdit
from db.checklists.models import ChecklistVersion
from db.checklists.queries import versions as reads
from db.checklists.services import drafting
from db.checklists.services.activation import Activation, activate, retire
from db.inspection.models import Assignment, Inspection
from db.store.models import AuditEvent
from tests.factories import make_station
from tests.support.checklists.versions import (
    READY,
    TODAY,
    TOMORROW,
    activated,
    in_force,
    row_of,
    saved,
)
from tests.support.clock import NOW


def test_activation_stores_the_checklist_in_force_from_its_day(world, desk):
    activated(world, desk, TOMORROW)
    assert row_of(world, desk).state == "upcoming"
    assert row_of(world, desk, TOMORROW).state == "active"
    assert (in_force(world), in_force(world, TOMORROW)) == ([], [desk])
    opened = world.one(lambda session: reads.opened(session, world.bob, desk, today=TODAY))
    assert opened.checklist == parse_checklist(READY | {"version": 1})


def test_the_next_version_ends_the_earlier_one_the_day_before(world, desk):
    activated(world, desk)
    second = world.do(drafting.derive, world.bob, version_id=desk)
    activated(world, second, TOMORROW)
    assert (in_force(world), in_force(world, TOMORROW)) == ([desk], [second])
    assert [row_of(world, version, TOMORROW).state for version in (desk, second)] == [
        "retired",
        "active",
    ]


def test_a_version_that_never_came_into_force_is_retired_by_the_next(world, desk):
    activated(world, desk, TOMORROW)
    second = world.do(drafting.derive, world.bob, version_id=desk)
    activated(world, second)
    assert row_of(world, desk).state == "retired"
    assert in_force(world, TOMORROW) == [second]


def test_a_pilot_stands_beside_the_general_version_at_its_stations(world, desk):
    with world.seeded.transaction() as session:
        other = make_station(session).id
    activated(world, desk)
    pilot = world.do(drafting.derive, world.bob, version_id=desk)
    activated(world, pilot, stations=[world.seeded.station_id])
    assert row_of(world, pilot).state == "pilot"
    assert in_force(world, station=world.seeded.station_id) == [pilot]
    assert in_force(world, station=other) == in_force(world) == [desk]
    third = world.do(drafting.derive, world.bob, version_id=pilot)
    activated(world, third)
    assert in_force(world, station=world.seeded.station_id) == [third]
    assert row_of(world, pilot).state == "retired"


def test_a_second_pilot_follows_the_first_and_leaves_the_general_version(world, desk):
    activated(world, desk)
    pilots = [world.do(drafting.derive, world.bob, version_id=desk) for _ in range(2)]
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


def test_the_log_says_what_ended_and_on_which_day(world, desk):
    """In force from tomorrow on, the first ends the day after; the next never begins."""
    activated(world, desk, TOMORROW)
    later = world.do(drafting.derive, world.bob, version_id=desk)
    day_after = TOMORROW + timedelta(days=1)
    activated(world, later, day_after)
    world.do(retire, world.bob, version_id=later, until=day_after)
    with world.seeded.reading() as session:
        rows = session.scalars(
            select(AuditEvent)
            .where(AuditEvent.action.in_(("end_version", "retire")))
            .order_by(AuditEvent.id)
        )
        told = [(row.action, row.object_id, row.user_id, row.details) for row in rows]
    ended = {"effective_until": day_after.isoformat()}
    assert told == [
        ("end_version", str(desk), world.bob.user_id, ended | {"outcome": "active"}),
        ("retire", str(later), world.bob.user_id, ended | {"outcome": "retired"}),
    ]


def test_nothing_happens_on_a_day_that_is_past_or_at_an_unknown_station(world, desk):
    with pytest.raises(InvalidInput, match="past"):
        activated(world, desk, TODAY - timedelta(days=1))
    with pytest.raises(InvalidInput, match="station"):
        activated(world, desk, stations=[9_999_999])
    activated(world, desk)
    with pytest.raises(InvalidInput, match="past"):
        world.do(retire, world.bob, version_id=desk, until=TODAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("zone", "today"), [("Asia/Taipei", TODAY + timedelta(days=1)), ("America/New_York", TODAY)]
)
def test_a_version_comes_into_force_by_the_day_of_the_head_office(world, desk, zone, today):
    """At 20:00 in Greenwich it is the next day in Taipei, and still the same in New York."""
    with world.seeded.transaction() as session:
        make_station(session, kind="head_office", timezone=zone)
    evening = NOW.replace(hour=20)

    def at_work(service, **values):
        with world.seeded.transaction() as session:
            service(session, who=world.bob, version_id=desk, now=evening, **values)

    def come_into_force(day):
        at_work(activate, edit=row_of(world, desk).edit, activation=Activation(day))

    with pytest.raises(InvalidInput, match="past"):
        come_into_force(today - timedelta(days=1))
    come_into_force(today)
    with pytest.raises(InvalidInput, match="past"):
        at_work(retire, until=today - timedelta(days=1))
    at_work(retire, until=today)


def test_what_changed_since_the_person_looked_is_not_activated(world, desk):
    saved(world, desk, READY | {"pass_mark": 90})
    with pytest.raises(StaleEdit):
        world.do(
            activate, world.bob, version_id=desk, edit=1, activation=Activation(TODAY, frozenset())
        )


def test_an_inspector_changes_no_checklist(world, desk):
    for act in (
        lambda: world.do(drafting.create, world.alice, content=READY),
        lambda: world.do(drafting.derive, world.alice, version_id=desk),
        lambda: world.do(drafting.save, world.alice, version_id=desk, edit=1, content=READY),
        lambda: world.do(
            activate, world.alice, version_id=desk, edit=1, activation=Activation(TODAY)
        ),
        lambda: world.do(retire, world.alice, version_id=desk, until=TODAY),
        lambda: world.do(drafting.discard, world.alice, version_id=desk),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_each_step_is_in_the_audit_log(world, desk):
    activated(world, desk)
    world.do(retire, world.bob, version_id=desk, until=TODAY)
    second = world.do(drafting.derive, world.bob, version_id=desk)
    world.do(drafting.discard, world.bob, version_id=second)
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
