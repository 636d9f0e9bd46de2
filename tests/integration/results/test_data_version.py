"""The number that tells whether figures kept aside are still those of the data."""

from __future__ import annotations

from db.inspection.services.amendments import amend, void
from db.people.models import Staff
from db.results.queries.data_version import data_version, rows_version
from tests.support.inspection.inspecting import NO, answers


def test_the_data_version_moves_with_every_submission_and_amendment(world):
    versions = [world.one(data_version)]
    first = world.scored()
    versions.append(world.one(data_version))
    world.do(amend, world.bob, inspection_id=first, answers=answers(HELLO=NO), reason="misheard")
    versions.append(world.one(data_version))
    second = world.scored()
    versions.append(world.one(data_version))
    world.do(void, world.bob, inspection_id=second, reason="test call")
    versions.append(world.one(data_version))
    assert len(set(versions)) == 5


def test_what_is_kept_is_read_anew_when_a_line_of_the_staff_list_changes(world):
    """Kept answers hide names: one that is new, or another, has to be hidden in them too."""
    versions = [world.one(rows_version)]
    made = world.staff(name="歐陽菲").id
    versions.append(world.one(rows_version))
    with world.seeded.transaction() as session:
        session.get_one(Staff, made).name = "歐陽雨"
    versions.append(world.one(rows_version))
    assert len(set(versions)) == 3
    assert world.one(rows_version) == versions[-1]
