"""A form that is stored twice makes one record, also in two requests at the same moment."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from core.access import Role
from core.errors import InvalidInput, NotAllowed
from db.people.models import Station
from db.people.services.people import StationData, save_station
from db.store import session as sessions
from db.store.claims import KEPT, once
from db.store.models import StoredForm
from db.store.outage import outage_explained
from db.teaching.models import CaseSet
from db.teaching.services.case_sets import make_set
from db.training.models import TrainingCourse
from db.training.services.courses import save_course
from tests.factories import identity, make_user
from tests.support.clock import NOW
from tests.support.inspection.inspecting import at_once
from tests.support.training.trainees import course

pytestmark = pytest.mark.both

CODE = "NEW"


@pytest.fixture
def engine(seeded):
    with seeded.transaction() as session:
        make_user(session, "tina", Role.TRAINER)
        make_user(session, "tom", Role.TRAINER)
        make_user(session, "ada", Role.ADMINISTRATOR)
    return seeded.engine


def count(engine, model):
    with sessions.reading(engine) as session:
        return session.scalar(select(func.count()).select_from(model))


def storing(engine, name, token, *, data=None, now=NOW):
    """What a press on Save does with the form of a new course."""

    def stored():
        with sessions.transaction(engine) as session:
            who = identity(session, name)
            make = partial(
                save_course, session, who=who, course_id=None, data=data or course(), now=now
            )
            return once(session, make, who=who, token=token, now=now)

    return stored


def test_a_form_stored_again_makes_nothing_and_names_what_it_made(engine):
    first = storing(engine, "tina", "a")()
    assert storing(engine, "tina", "a")() == first
    assert storing(engine, "tina", "b")() == first + 1  # another form that was opened
    assert count(engine, TrainingCourse) == 2


def test_four_clicks_at_the_same_moment_make_one(engine):
    assert len(set(at_once(*[storing(engine, "tina", "a")] * 4))) == 1
    assert count(engine, TrainingCourse) == 1


def test_a_token_is_worth_nothing_to_somebody_else(engine):
    first = storing(engine, "tina", "a")()
    assert storing(engine, "tom", "a")() != first
    assert count(engine, TrainingCourse) == 2


def test_what_was_refused_can_be_mended_and_stored(engine):
    with pytest.raises(InvalidInput):
        storing(engine, "tina", "a", data=course(title=" "))()
    assert count(engine, StoredForm) == 0
    storing(engine, "tina", "a")()
    assert count(engine, TrainingCourse) == 1


def test_who_may_not_make_it_makes_nothing(engine):
    with pytest.raises(NotAllowed):
        storing(engine, "alice", "a")()
    assert (count(engine, TrainingCourse), count(engine, StoredForm)) == (0, 0)


def test_old_tokens_are_forgotten_and_hold_nothing_that_was_entered(engine):
    storing(engine, "tina", "a")()
    storing(engine, "tina", "b", now=NOW + KEPT + timedelta(seconds=1))()
    with sessions.reading(engine) as session:
        [row] = session.scalars(select(StoredForm))
        assert row.token == "b"
    assert set(StoredForm.__table__.columns.keys()) == {
        "user_id",
        "token",
        "record_id",
        "stored_at",
    }


def test_two_people_who_make_the_same_at_once_are_told_who_was_faster(engine):
    """A station's code is there once; the slower of two gets one sentence, not a crash."""
    names = dict.fromkeys(("name_zh_tw", "name_zh_cn", "name_en"), "Desk")
    data = StationData(
        code=CODE,
        kind="phone_desk",
        region="",
        parent_id=None,
        timezone="UTC",
        active=True,
        **names,
    )

    def made():
        with outage_explained(), sessions.transaction(engine) as session:
            return save_station(
                session, who=identity(session, "ada"), station_id=None, data=data, now=NOW
            )

    results = at_once(*[made] * 4)
    assert sum(isinstance(each, int) for each in results) == 1
    assert all(isinstance(each, int | InvalidInput) for each in results)
    with sessions.reading(engine) as session:
        assert session.scalar(select(func.count()).where(Station.code == CODE)) == 1


def test_a_set_collected_twice_is_one_set(engine):
    def made():
        with sessions.transaction(engine) as session:
            tina = identity(session, "tina")
            make = partial(make_set, session, who=tina, title="Hello", purpose="", now=NOW)
            return once(session, make, who=tina, token="set", now=NOW)

    assert len(set(at_once(*[made] * 2))) == 1
    assert count(engine, CaseSet) == 1
