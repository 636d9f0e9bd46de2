"""What was put aside is seen with its reason, and taken up again; on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.errors import NotFound, OutOfTurn
from core.i18n import translations
from core.inspection.put_aside import OTHER, PUT_ASIDE, usual_reason
from db.inspection.models import Assignment
from db.inspection.queries.coverage import put_aside
from db.inspection.services import assignments
from tests.support.clock import NOW


def set_aside(world, reason, task=None):
    with world.seeded.transaction() as session:
        own = assignments.own_assignment(session, world.alice, task or world.task)
        assignments.skip(session, who=world.alice, assignment=own, reason=reason, now=NOW)


def seen(world, who):
    since = (NOW - timedelta(days=400)).date()
    return world.one(lambda session: put_aside(session, who, since=since))


def assignment(world, task=None):
    return world.one(lambda session: session.get_one(Assignment, task or world.task))


@pytest.mark.both
def test_the_reason_is_seen_by_who_plans_and_by_oneself(world):
    set_aside(world, "The line was cut.")
    [row] = seen(world, world.bob)
    assert (row.reason, row.own) == ("The line was cut.", False)
    [own] = seen(world, world.alice)
    assert own.own
    assert seen(world, world.inspector("dan")) == []


def test_a_usual_reason_is_the_same_in_every_language():
    for language in ("en", "zh_TW", "zh_CN"):
        said = [translations(language).gettext(reason) for reason in PUT_ASIDE]
        assert [usual_reason(f" {one}") for one in said] == list(PUT_ASIDE)
    assert usual_reason("The line was cut.") == OTHER


@pytest.mark.both
def test_what_was_put_aside_is_taken_up_again(world):
    set_aside(world, PUT_ASIDE[0])
    world.do(assignments.take_up, world.alice, assignment_id=world.task)
    row = assignment(world)
    assert (row.state, row.purpose, row.skip_reason) == ("open", "record", None)
    assert seen(world, world.bob) == []
    with pytest.raises(OutOfTurn):
        world.do(assignments.take_up, world.alice, assignment_id=world.task)


def test_nobody_takes_up_what_another_put_aside(world):
    set_aside(world, PUT_ASIDE[0])
    with pytest.raises(NotFound):
        world.do(assignments.take_up, world.inspector("dan"), assignment_id=world.task)


def test_what_somebody_else_has_by_now_becomes_a_second_scoring(world):
    set_aside(world, PUT_ASIDE[0])
    dan = world.inspector("dan")
    with world.seeded.transaction() as session:
        mine = session.get_one(Assignment, world.task)
        given = Assignment(
            **{
                column.key: getattr(mine, column.key)
                for column in Assignment.__table__.columns
                if column.key not in ("id", "inspector_id", "submission_key", "state")
            },
            inspector_id=dan.user_id,
            submission_key="another",
        )
        session.add(given)
    world.do(assignments.take_up, world.alice, assignment_id=world.task)
    purposes = world.one(
        lambda session: session.execute(
            select(Assignment.inspector_id, Assignment.purpose).order_by(Assignment.id)
        ).all()
    )
    assert purposes == [(world.alice.user_id, "second"), (dan.user_id, "record")]
