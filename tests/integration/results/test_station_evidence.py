"""What proves the points a station lost."""

from __future__ import annotations

import pytest

from core.access import Role
from core.errors import NotAllowed
from core.periods import Period
from db.cases.queries.station_evidence import proven_losses
from db.checklists.models import ChecklistVersion
from db.results.queries.stations import Slice
from tests.factories import identity, make_station, make_user
from tests.support.inspection.inspecting import NO, PIN

ALWAYS = Period(200001, 209912)


def losses(world, who):
    def asked(session):
        version = session.get_one(ChecklistVersion, world.version_id)
        part = Slice(ALWAYS, version.checklist_id)
        return proven_losses(session, who, part, world.seeded.station_id)

    return world.one(asked)


def test_the_worst_case_comes_first_with_the_first_evidence_of_each_lost_item(world):
    """RIGHT is half of 60 points, NAME half of 40; HONEST is met, though pinned."""
    whole_turn = {"item_key": "RIGHT", "turn_position": 2, "note": "wrong"}
    little = world.scored(NAME=NO, evidence=[PIN | {"item_key": "NAME"}])
    much = world.scored(
        RIGHT=NO,
        evidence=[whole_turn, whole_turn | {"note": "again"}, PIN | {"item_key": "HONEST"}],
    )
    first, second = losses(world, world.bob)
    assert (first.inspection_id, first.item_key, first.points_lost) == (much, "RIGHT", 30)
    assert (second.inspection_id, second.item_key, second.points_lost) == (little, "NAME", 20)
    assert (first.pin.note, second.pin.note) == ("wrong", "")
    assert second.words == first.words[0:3] != ""


def test_they_are_for_those_who_may_read_the_cases_there(world):
    world.scored(RIGHT=NO, evidence=[PIN | {"item_key": "RIGHT"}])
    with world.seeded.transaction() as session:
        elsewhere = make_station(session)
        make_user(session, "stan", Role.STATION_MANAGER, station_id=elsewhere.id)
    assert losses(world, world.bob)
    assert not losses(world, world.one(lambda session: identity(session, "stan")))
    with pytest.raises(NotAllowed):
        losses(world, world.alice)
