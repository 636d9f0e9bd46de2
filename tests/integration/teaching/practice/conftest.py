"""A case set to practise on, and people who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from core.access import Identity, Role
from db.teaching.services import case_sets as sets
from db.teaching.services import lessons, practice
from tests.factories import identity, make_user
from tests.support.inspection.inspecting import NO, World
from tests.support.teaching.practising import TERMS


@pytest.fixture
def people(world: World) -> dict[str, Identity]:
    """tina teaches, irma inspects elsewhere, sam is staff elsewhere."""
    with world.seeded.transaction() as session:
        make_user(session, "tina", Role.TRAINER)
        make_user(session, "irma", Role.INSPECTOR)
        make_user(session, "sam", Role.STAFF)
        return {name: identity(session, name) for name in ("tina", "irma", "sam")}


@pytest.fixture
def version(world: World, people: dict[str, Identity]) -> int:
    """Two cases alice scored: the greeting lost, nothing lost."""
    ids = [world.scored(HELLO=NO), world.scored()]
    tina = people["tina"]
    set_id = world.do(sets.make_set, tina, title="Set", purpose="")
    world.do(lessons.add_cases, tina, set_id=set_id, inspection_ids=ids)
    world.do(sets.issue, tina, set_id=set_id)
    return world.one(lambda session: sets.newest(session, set_id).id)


@pytest.fixture
def held(world: World, people: dict[str, Identity], version: int) -> Callable[..., int]:
    """`held("irma", attempts=1)`: a practice of these people; its id.

    It is on the cases of `version` where no other is given.
    """

    def opened(*names: str, version_id: int = version, **changed: Any) -> int:
        return world.do(
            practice.open_round,
            people["tina"],
            version_id=version_id,
            terms=replace(TERMS, **changed),
            user_ids=[people[name].user_id for name in names],
        )

    return opened
