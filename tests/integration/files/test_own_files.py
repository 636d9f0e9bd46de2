"""Who had a hand in a file does not score the encounter that it became, whatever their entry."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.access import Role
from core.errors import NotAllowed
from core.files.kinds import Kind
from core.files.steps import Step
from db.checklists.parsed_versions import checklist_of
from db.files.models import File
from db.inspection.models import Assignment
from db.inspection.services.amendments import void
from db.inspection.services.assignments import Reassignment, Task, assign, hand_over, reassign
from db.inspection.services.drafts import Work
from db.inspection.services.giving import Gift, give
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from db.people.models import UserRole
from tests.factories import identity, make_user, version_of
from tests.support.checklists.best_answers import best_answers
from tests.support.clock import NOW
from tests.support.files.desk import HOUR
from tests.support.inspection.monthly_draw import draw

BEGIN = NOW - 100 * HOUR

pytestmark = pytest.mark.both


@pytest.fixture
def desk(desk_with_files):
    """hanna, who has taken most steps, and manny, who has checked them again, inspect as well."""
    with desk_with_files.seeded.transaction() as session:
        for person in (desk_with_files.hanna, desk_with_files.manny):
            session.add(UserRole(user_id=person.user_id, role=Role.INSPECTOR))
    return desk_with_files


def became(desk):
    """The encounter of a complaint that is closed now."""
    file_id = desk.entered(at=BEGIN)
    desk.closed(file_id, BEGIN)
    with desk.seeded.reading() as session:
        return session.scalar(select(File.interaction_id).where(File.id == file_id))


def wanted(session, inspector):
    return Task(inspector.user_id, version_of(session, "phone"), NOW.date())


def assigned(desk, encounter, inspector):
    with desk.seeded.transaction() as session:
        task = wanted(session, inspector)
        row = assign(session, who=desk.seeded.bob, interaction_id=encounter, task=task, now=NOW)
        session.flush()
        return row.id


def test_it_is_neither_assigned_nor_given_to_them(desk):
    encounter = became(desk)
    with pytest.raises(NotAllowed, match="own work"):
        assigned(desk, encounter, desk.hanna)
    gift = Gift([encounter], desk.hanna.user_id, NOW.date(), "A typical one.")
    with pytest.raises(NotAllowed, match="own work"), desk.seeded.transaction() as session:
        give(session, who=desk.seeded.bob, gift=gift, now=NOW)


def test_who_only_checked_it_again_may_score_it(desk):
    assert assigned(desk, became(desk), desk.manny)


def test_whom_it_was_assigned_to_owned_it_without_a_step(desk):
    with desk.seeded.transaction() as session:
        here = desk.seeded.station_id
        make_user(session, "henry", Role.CASE_HANDLER, Role.INSPECTOR, station_id=here)
        henry = identity(session, "henry")
    file_id = desk.entered(at=BEGIN, kind=Kind.WORK_ORDER)
    desk.take(file_id, Step.ASSIGNED, BEGIN + HOUR, owner=henry.user_id)
    steps = (Step.FIRST_RESPONSE, Step.EXECUTED, Step.ACCEPTED, Step.TOLD, Step.SATISFACTION_ASKED)
    for number, step in enumerate(steps, 2):
        desk.take(file_id, step, BEGIN + number * HOUR)
    with desk.seeded.reading() as session:
        encounter = session.scalar(select(File.interaction_id).where(File.id == file_id))
    for person in (desk.hanna, henry):
        with pytest.raises(NotAllowed, match="own work"):
            assigned(desk, encounter, person)


def test_it_is_not_handed_to_them_and_stays_where_nobody_else_is(desk):
    encounter, alice = became(desk), desk.seeded.alice
    task = assigned(desk, encounter, alice)
    moved = Reassignment(task, desk.hanna.user_id, "alice is away")
    with pytest.raises(NotAllowed, match="own work"), desk.seeded.transaction() as session:
        reassign(session, who=desk.seeded.bob, wanted=moved, now=NOW)
    with desk.seeded.transaction() as session:
        role = UserRole.user_id == desk.manny.user_id, UserRole.role == Role.INSPECTOR
        session.delete(session.scalars(select(UserRole).where(*role)).one())
    with desk.seeded.transaction() as session:
        over = hand_over(
            session, who=desk.seeded.bob, inspector_id=alice.user_id, reason="away", now=NOW
        )
    assert (over.moved, over.staying) == (0, 1)


def test_a_draw_gives_them_none_of_their_own(desk):
    """Three files and three who inspect: alice and manny share what hanna has handled."""
    for _number in range(3):
        became(desk)
    draw(desk.seeded, quota=3, double_share=1.0)
    with desk.seeded.reading() as session:
        who = set(session.scalars(select(Assignment.inspector_id)))
    assert who == {desk.seeded.alice.user_id, desk.manny.user_id}


def test_who_took_a_step_since_it_was_assigned_cannot_hand_it_in(desk):
    encounter = became(desk)
    with desk.seeded.transaction() as session:
        row = Assignment(
            interaction_id=encounter,
            checklist_version_id=version_of(session, "phone"),
            inspector_id=desk.hanna.user_id,
            due_on=NOW.date(),
            submission_key="4",
            assigned_at=NOW,
        )
        session.add(row)
        session.flush()
        task = row.id
    with pytest.raises(NotAllowed, match="own work"):
        submitted(desk, task, "hanna")


def test_nor_correct_how_it_was_scored(desk):
    encounter = became(desk)
    done = submitted(desk, assigned(desk, encounter, desk.seeded.alice), "alice")
    with desk.seeded.transaction() as session:
        session.add(UserRole(user_id=desk.hanna.user_id, role=Role.QUALITY_MANAGER))
        hanna = identity(session, "hanna")
    with pytest.raises(NotAllowed, match="own work"), desk.seeded.transaction() as session:
        void(session, who=hanna, inspection_id=done.inspection_id, reason="unfair", now=NOW)


def submitted(desk, task, name):
    with desk.seeded.transaction() as session:
        checklist = checklist_of(session, version_of(session, "phone"))
        return submit(
            session,
            who=identity(session, name),
            task=ASSIGNED.task(task),
            version=0,
            work=Work(best_answers(checklist), []),
            now=NOW,
        )
