"""The number that tells whether figures kept aside are still those of the data."""

from __future__ import annotations

from db.queries.version import data_version
from db.services.amendments import amend, void
from tests.support.inspecting import NO, answers


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
