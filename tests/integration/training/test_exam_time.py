"""Exams with a time limit: late answers do not count, those in time do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import InvalidInput
from db.store.models import AuditEvent
from db.training.models import ExamAttempt
from db.training.queries.own_training import own_training, paper
from db.training.services import exams
from tests.support.clock import NOW
from tests.support.training.trainees import held

LIMITED = {"items": ("ATD-01", "ATD-02"), "questions": 4, "minutes": 10}
IN_TIME, LATE = NOW + timedelta(minutes=10), NOW + timedelta(minutes=10, seconds=1)


@pytest.fixture
def begun(session, who):
    held(session, **LIMITED)
    [own] = own_training(session, who("kim"), NOW.date()).runs
    return exams.start_exam(session, who=who("kim"), enrolment_id=own.enrolment_id, seed=7, now=NOW)


def keep(session, who, attempt, place, now):
    right = paper(session, who("kim"), attempt).questions[place].right
    exams.keep_answer(
        session, who=who("kim"), attempt_id=attempt, position=place, choice=right, now=now
    )


@pytest.mark.both
def test_an_answer_counts_until_the_time_is_over(session, who, begun):
    keep(session, who, begun, 0, IN_TIME)
    with pytest.raises(InvalidInput, match="time is over"):
        keep(session, who, begun, 1, LATE)
    assert paper(session, who("kim"), begun).answers[1:] == (None, None, None)


@pytest.mark.both
def test_handed_in_late_what_was_kept_in_time_is_marked(session, who, begun):
    """Three of four kept rightly: 75 %; what comes with the late click changes nothing."""
    for place in range(3):
        keep(session, who, begun, place, NOW)
    right = paper(session, who("kim"), begun).questions[3].right
    late = {"who": who("kim"), "attempt_id": begun, "answers": {3: right}, "now": LATE}
    assert exams.hand_in(session, **late) == 75.0
    assert exams.hand_in(session, **late) == 75.0
    stored = session.get(ExamAttempt, begun)
    assert (stored.answers[3], stored.finished_at) == (None, IN_TIME)
    assert paper(session, who("kim"), begun).timed_out


@pytest.mark.both
def test_who_never_comes_back_is_marked_by_the_portal(session, who, begun):
    keep(session, who, begun, 0, NOW)
    assert exams.hand_in_late(session, now=IN_TIME) == 0
    assert exams.hand_in_late(session, now=LATE) == 1
    assert exams.hand_in_late(session, now=LATE) == 0
    assert session.get(ExamAttempt, begun).score == 25.0
    [told] = session.query(AuditEvent).filter_by(action="hand_in").all()
    assert told.user_id is None


def test_without_a_limit_there_is_all_the_time(session, who):
    held(session, **LIMITED | {"minutes": None})
    [own] = own_training(session, who("kim"), NOW.date()).runs
    attempt = exams.start_exam(
        session, who=who("kim"), enrolment_id=own.enrolment_id, seed=7, now=NOW
    )
    keep(session, who, attempt, 0, NOW + timedelta(days=30))
    assert exams.hand_in_late(session, now=NOW + timedelta(days=30)) == 0


def test_a_paper_says_of_which_run_it_is(session, who, begun):
    found = paper(session, who("kim"), begun)
    assert (found.place, found.starts_on.isoformat()) == ("Room 2", "2026-01-14")
    assert (found.begun_at, found.closes_at) == (NOW, IN_TIME)


@pytest.mark.parametrize("minutes", [0, 241])
def test_a_limit_lies_between_a_minute_and_four_hours(session, minutes):
    with pytest.raises(InvalidInput, match="does not lie between"):
        held(session, **LIMITED | {"minutes": minutes})
