"""Setting targets of stations: who may, from when they hold, and what the log keeps."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from core.access import Role
from core.errors import InvalidInput, NotAllowed, NotFound
from db.results.models import StationTarget
from db.results.queries.targets import target_changes, targets_on
from db.results.services.targets import TargetSetting, set_targets
from db.store.models import AuditEvent
from tests.factories import identity, make_station, make_user

pytestmark = pytest.mark.both
NEW_YEAR, MARCH = date(2026, 1, 1), date(2026, 3, 1)


@pytest.fixture
def aim(world):
    def aim(value, since=NEW_YEAR, measure="score", stations=None, who=None):
        setting = TargetSetting(world.checklist_id(), measure, value, since)
        ids = stations or [world.seeded.station_id]
        return world.do(set_targets, who or world.bob, station_ids=ids, setting=setting)

    return aim


def in_force(world, day):
    rows = world.one(lambda s: targets_on(s, world.bob, world.checklist_id(), day))
    return {(row.station, row.measure): (row.value, row.since) for row in rows}


def test_a_target_holds_from_its_day_until_another_comes(world, aim):
    here = world.seeded.station_id
    assert aim(85) == 1
    assert aim(88, MARCH) == 1
    assert in_force(world, date(2025, 12, 31)) == {}
    assert in_force(world, date(2026, 2, 28)) == {(here, "score"): (85, NEW_YEAR)}
    assert in_force(world, MARCH) == {(here, "score"): (88, MARCH)}
    aim(None, date(2026, 6, 1))
    assert in_force(world, date(2026, 6, 1)) == {}


def test_the_last_word_on_a_day_stands_and_the_first_is_kept(world, aim):
    aim(85)
    aim(86)
    assert list(in_force(world, NEW_YEAR).values()) == [(86, NEW_YEAR)]
    changes = world.one(lambda s: target_changes(s, world.bob, world.checklist_id()))
    assert [(row.value, row.changed_by) for row in changes] == [(86, "Bob"), (85, "Bob")]


def test_repeated_it_changes_nothing(world, aim):
    assert [aim(85), aim(85)] == [1, 0]
    assert world.count(StationTarget) == 1


def test_several_stations_are_given_the_same_and_each_is_logged(world, aim):
    with world.seeded.transaction() as session:
        other = make_station(session).id
    assert aim(5, measure="critical", stations=[world.seeded.station_id, other]) == 2
    entries = world.one(
        lambda s: s.scalars(select(AuditEvent.details).filter_by(action="set_target")).all()
    )
    assert sorted(entry["station"] for entry in entries) == sorted([world.seeded.station_id, other])
    assert {entry["value"] for entry in entries} == {5}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SERVICE])
def test_only_administrators_and_quality_managers_set_them(world, aim, role):
    with world.seeded.transaction() as session:
        make_user(session, "target-setter", role)
        who = identity(session, "target-setter")
    if role in (Role.ADMINISTRATOR, Role.QUALITY_MANAGER):
        assert aim(80, who=who) == 1
        return
    with pytest.raises(NotAllowed):
        aim(80, who=who)
    with pytest.raises(NotAllowed):
        world.one(lambda s: target_changes(s, who, world.checklist_id()))


def test_what_cannot_be_a_target_is_refused(world, aim):
    for wrong in ({"value": 101}, {"value": float("nan")}, {"value": 80, "measure": "speed"}):
        with pytest.raises(InvalidInput):
            aim(**wrong)
    with pytest.raises(NotFound):
        aim(80, stations=[999_999])
    setting = TargetSetting(world.checklist_id(), "score", 80, NEW_YEAR)
    with pytest.raises(InvalidInput):
        world.do(set_targets, world.bob, station_ids=[], setting=setting)
