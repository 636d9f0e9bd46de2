"""Appeals as a test raises and decides them."""

from __future__ import annotations

from core.access import Role
from db.appeals.models import Appeal, AppealPoint
from db.appeals.services.decisions import decide_appeal
from db.appeals.services.raising import raise_appeal
from tests.factories import identity, make_user
from tests.support.clock import NOW
from tests.support.inspection.inspecting import answers

HEARD = {"HELLO": "I greeted in the third second."}
AGREED = {"HELLO": "The greeting is there, at 0:03."}


def raised(world, inspection_id, reasons=HEARD, who=None, now=NOW):
    with world.seeded.transaction() as session:
        return raise_appeal(
            session,
            who=who or world.charlie,
            inspection_id=inspection_id,
            reasons=reasons,
            now=now,
        )


def decided(world, appeal_id, who=None, said=AGREED, **changed):
    return world.do(
        decide_appeal,
        who or world.bob,
        appeal_id=appeal_id,
        answers=answers(**changed),
        decisions=said,
    )


def appeals(world):
    return world.all(Appeal.state, Appeal.decided_by, Appeal.ended_at, Appeal.new_inspection_id)


def points(world):
    columns = (AppealPoint.item_key, AppealPoint.reason, AppealPoint.outcome, AppealPoint.decision)
    return sorted(tuple(row) for row in world.all(*columns))


def manager(world, name="dana", **values):
    with world.seeded.transaction() as session:
        make_user(session, name, Role.QUALITY_MANAGER, **values)
        return identity(session, name)
