"""Who tries the numbers of others' things is noted, with what was asked for; a typo is not."""

from __future__ import annotations

import pytest

from core.access import Role
from core.errors import PortalError
from core.training import Reason
from db.cases.services import delete_filter, save_filter
from db.inspection.models import Photo
from db.inspection.queries.desk import desk
from db.inspection.queries.who_may_see import is_own_photo
from db.inspection.task_kinds import own_task
from db.people.models import Staff
from db.store.audit import refusals_noted
from db.store.models import AuditEvent
from db.teaching.models import CaseSet, PracticeTask, SavedFilter
from db.teaching.queries.case_sets import case_set
from db.teaching.queries.practice import own_round_view, round_view
from db.teaching.services import case_sets as sets
from db.teaching.services import lessons, practice
from db.teaching.tasks import PRACTISED
from db.training.models import TrainingEnrolment
from db.training.queries.course_standing import person_standings
from db.training.queries.effects import effects
from db.training.queries.own_training import paper
from db.training.services.attendance import enrol
from db.training.services.exams import start_exam
from tests.factories import identity, make_station, make_user
from tests.support.clock import NOW
from tests.support.inspection.inspecting import NO
from tests.support.teaching.practising import TERMS
from tests.support.training.trainees import kept_course, opened

UNKNOWN = 9_999


@pytest.fixture
def nosy(world):
    """A trainer, a station manager and a member of staff in one, with nothing of their own."""
    with world.seeded.transaction() as session:
        make_user(session, "tina", Role.TRAINER)
        make_user(session, "irma", Role.INSPECTOR)
        station = make_station(session).id
        roles = (Role.TRAINER, Role.STAFF, Role.STATION_MANAGER)
        make_user(session, "nosy", *roles, station_id=station)
        return identity(session, "nosy")


@pytest.fixture
def tinas_set(world, nosy):
    with world.seeded.reading() as session:
        tina = identity(session, "tina")
    set_id = world.do(sets.make_set, tina, title="Set", purpose="")
    world.do(lessons.add_cases, tina, set_id=set_id, inspection_ids=[world.scored(HELLO=NO)])
    world.do(sets.issue, tina, set_id=set_id)
    return tina, set_id


@pytest.fixture
def irmas_practice(world, tinas_set):
    tina, set_id = tinas_set
    with world.seeded.reading() as session:
        version, irma = sets.newest(session, set_id).id, identity(session, "irma")
    takers = {"terms": TERMS, "user_ids": [irma.user_id]}
    world.do(practice.open_round, tina, version_id=version, **takers)
    [(task, round_id)] = world.all(PracticeTask.id, PracticeTask.round_id)
    return task, round_id


def noted_by(world, who, asked):
    """What the log holds of a person who asked and was kept out."""
    with (
        pytest.raises(PortalError),
        refusals_noted(world.seeded.engine, lambda: NOW),
        world.seeded.transaction() as session,
    ):
        asked(session)
    columns = (AuditEvent.user_id, AuditEvent.action, AuditEvent.object_type, AuditEvent.object_id)
    return [tuple(row[2:]) for row in world.all(*columns) if row[:2] == (who.user_id, "refuse")]


def test_anothers_photo(world, nosy):
    with world.seeded.transaction() as session:
        photo = {"width": 1, "height": 1, "size": 1, "added_at": NOW}
        session.add(Photo(name="ab12", assignment_id=world.task, **photo))
    assert noted_by(world, nosy, lambda session: is_own_photo(session, nosy, "none")) == []
    found = noted_by(world, nosy, lambda session: is_own_photo(session, nosy, "ab12"))
    assert found == [("photo", "ab12")]


def test_anothers_filter(world, nosy):
    world.do(save_filter, world.bob, name="mine", address={"best": "1"}, shared=False)
    [(key,)] = world.all(SavedFilter.id)

    def delete(number):
        return lambda session: delete_filter(session, who=nosy, filter_id=number)

    assert noted_by(world, nosy, delete(UNKNOWN)) == []
    assert noted_by(world, nosy, delete(key)) == [("saved_filter", str(key))]


def test_anothers_case_set(world, nosy, tinas_set):
    _tina, key = tinas_set
    assert noted_by(world, nosy, lambda session: case_set(session, nosy, UNKNOWN)) == []
    noted_by(world, nosy, lambda session: case_set(session, nosy, key))
    found = noted_by(world, nosy, lambda session: sets.own_set(session, nosy, key))
    assert found == [("case_set", str(key))] * 2
    assert world.count(CaseSet) == 1


def test_anothers_practice(world, nosy, irmas_practice):
    task, round_id = irmas_practice
    assert noted_by(world, nosy, lambda session: desk(session, nosy, PRACTISED.task(UNKNOWN))) == []
    noted_by(world, nosy, lambda session: desk(session, nosy, PRACTISED.task(task)))
    noted_by(world, nosy, lambda session: own_task(session, nosy, PRACTISED.task(task)))
    noted_by(world, nosy, lambda session: round_view(session, nosy, round_id))
    found = noted_by(world, nosy, lambda session: own_round_view(session, nosy, round_id))
    assert found == [("practice_task", str(task))] * 2 + [("practice", str(round_id))] * 2


def test_anothers_exam_and_training_of_all_stations(world, nosy):
    with world.seeded.transaction() as session:
        run = opened(session, kept_course(session))
    world.do(enrol, world.seeded.administrator, run_id=run, staff={charlie(world): Reason.CHOSEN})
    [(key,)] = world.all(TrainingEnrolment.id)
    manager = nosy.__class__(**vars(nosy) | {"roles": frozenset({Role.STATION_MANAGER})})
    seat = {"who": nosy, "enrolment_id": key, "seed": 1, "now": NOW}
    noted_by(world, nosy, lambda session: start_exam(session, **seat))
    noted_by(world, nosy, lambda session: effects(session, manager))
    station = world.seeded.station_id
    found = noted_by(
        world, nosy, lambda session: person_standings(session, manager, station, NOW.date())
    )
    assert found == [("training_run", str(run)), ("training_run", ""), ("station", str(station))]
    assert noted_by(world, nosy, lambda session: paper(session, nosy, UNKNOWN)) == found


def charlie(world):
    return world.all(Staff.id)[0][0]
