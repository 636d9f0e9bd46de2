"""For an inspector's first ten forms since n means No, the pad asks about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from db.inspection.models import Inspection
from db.inspection.queries.desk import SINCE, asks_about_n, desk
from db.inspection.services.amendments import amend
from db.inspection.tasks import ASSIGNED
from db.store.models import Meta
from tests.support.clock import NOW
from tests.support.inspection.inspecting import NO, answers


@pytest.fixture
def changed(world):
    """The change came an hour ago."""
    return told(world, NOW - timedelta(hours=1))


def told(world, at):
    with world.seeded.transaction() as session:
        session.execute(update(Meta).where(Meta.key == SINCE).values(value=at.isoformat()))
    return world


def asks(world, who):
    return world.one(lambda session: asks_about_n(session, who.user_id))


def test_the_question_ends_with_the_tenth_form(changed):
    for _ in range(9):
        changed.scored()
    assert asks(changed, changed.alice)
    changed.scored()
    assert not asks(changed, changed.alice)


def test_everybody_has_ten_forms_of_their_own(changed):
    for _ in range(10):
        changed.scored()
    assert asks(changed, changed.inspector("dana"))


def test_forms_from_before_the_change_do_not_count(world):
    for _ in range(10):
        world.scored()
    told(world, NOW + timedelta(seconds=1))
    assert asks(world, world.alice)


def test_an_amendment_is_not_another_form(changed):
    rows = [changed.scored(HELLO=NO) for _ in range(9)]
    changed.do(amend, changed.bob, inspection_id=rows[0], answers=answers(), reason="Greeted.")
    assert asks(changed, changed.alice)
    changed.scored()
    assert not asks(changed, changed.alice)


def test_imported_history_is_no_form_of_the_pad(changed):
    row = changed.scored()
    with changed.seeded.transaction() as session:
        one = session.get_one(Inspection, row)
        names = [c.key for c in Inspection.__table__.columns if c.key != "id"]
        kept = {name: getattr(one, name) for name in names}
        for number in range(10):
            new = {"submission_key": f"old-{number}", "purpose": "second"}
            session.execute(insert(Inspection).values(kept | new | {"assignment_id": None}))
    assert asks(changed, changed.alice)


def test_without_a_known_moment_nobody_is_asked(world):
    with world.seeded.transaction() as session:
        session.delete(session.query(Meta).filter_by(key=SINCE).one())
    assert not asks(world, world.alice)


def test_the_desk_of_an_open_form_says_so(changed):
    assert changed.one(
        lambda session: desk(session, changed.alice, ASSIGNED.task(changed.task))
    ).asks_about_n
    for _ in range(10):
        changed.scored()
    again = changed.one(
        lambda session: desk(session, changed.alice, ASSIGNED.task(changed.assigned()))
    )
    assert not again.asks_about_n
