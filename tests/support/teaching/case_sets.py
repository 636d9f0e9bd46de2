"""Case sets as tests look at them, and the trainers who hold them."""

from __future__ import annotations

from core.access import Role
from db.teaching.queries.case_sets import case_set
from tests.factories import identity, make_user


def trainer(world, name):
    with world.seeded.transaction() as session:
        make_user(session, name, Role.TRAINER)
        return identity(session, name)


def shown(world, who, set_id, number=None):
    return world.one(lambda session: case_set(session, who, set_id, number))


def cases_of(view):
    return [member.inspection_id for member in view.members]
