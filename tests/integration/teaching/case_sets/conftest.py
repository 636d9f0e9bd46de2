"""A trainer and her set of two cases."""

from __future__ import annotations

import pytest

from core.access import Identity
from db.teaching.services import case_sets as sets
from db.teaching.services import lessons
from tests.support.inspection.inspecting import NO, PIN, World


@pytest.fixture
def tina(trainer: Identity) -> Identity:
    return trainer


@pytest.fixture
def made(world: World, tina: Identity) -> tuple[int, list[int]]:
    """A set of two cases: the first lost the greeting at a pinned turn, the second all of it."""
    ids = [world.scored(evidence=[PIN], HELLO=NO), world.scored(HELLO=NO, NAME=NO)]
    set_id = world.do(sets.make_set, tina, title=" Greeting ", purpose="Say hello.")
    world.do(lessons.add_cases, tina, set_id=set_id, inspection_ids=ids)
    return set_id, ids
