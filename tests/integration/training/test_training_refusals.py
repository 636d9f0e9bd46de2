"""What cannot be planned, enrolled or recorded is refused, whoever asks who may not."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from core.errors import InvalidInput, NotAllowed, NotFound
from core.periods import Period
from core.training import Reason
from db.training.models import ExamAttempt
from db.training.queries.candidates import ProposalBasis, candidates
from db.training.queries.course_standing import station_standings
from db.training.queries.courses import courses, roster
from db.training.queries.taught_items import items_of
from db.training.services import attendance
from db.training.services.attendance import AttendanceResult
from db.training.services.courses import RunData, save_course, save_goals, save_run
from tests import factories
from tests.support.clock import NOW
from tests.support.databases import sqlite_only
from tests.support.training.trainees import (
    PICKED_BY,
    RUN,
    course,
    enrolments,
    held,
    kept_course,
    opened,
    staff_ids,
)

pytestmark = sqlite_only
TODAY = NOW.date()


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"title": " "}, "required"),
        ({"method": "telepathy"}, "Unknown method"),
        ({"pass_mark": 101.0}, "does not lie between"),
        ({"attempts": 0}, "does not lie between"),
        ({"interval_months": 0}, "does not lie between"),
        ({"practical_mark": 0.0}, "does not lie between"),
        ({"questions": 61}, "does not lie between"),
        ({"items": ()}, "draw questions from"),
    ],
)
def test_a_course_that_cannot_be_held_is_refused(session, values, problem):
    with pytest.raises(InvalidInput, match=problem):
        kept_course(session, **values)


@pytest.mark.parametrize("name", ["stan", "alice", "charlie"])
def test_only_who_plans_training_changes_anything(session, who, name):
    run_id, course_id = held(session)
    with pytest.raises(NotAllowed):
        save_course(session, who=who(name), course_id=None, data=course(), now=NOW)
    with pytest.raises(NotAllowed):
        save_goals(session, who=who(name), year=2026, goals="More", now=NOW)
    with pytest.raises(NotAllowed):
        attendance.enrol(session, who=who(name), run_id=run_id, staff={}, now=NOW)
    with pytest.raises(NotAllowed):
        attendance.record_results(session, who=who(name), run_id=run_id, results=[], now=NOW)
    with pytest.raises(NotAllowed):
        candidates(session, who(name), course_id, ProposalBasis(PICKED_BY, TODAY, {}))
    with pytest.raises(NotAllowed):
        items_of(session, who(name), course_id)


def test_people_are_picked_by_months_before_the_run(session):
    course_id = kept_course(session)
    with pytest.raises(InvalidInput, match="must lie before the training"):
        opened(session, course_id, selection=Period(202511, 202601))


def test_staff_numbers_are_enrolled_all_or_none(session, who):
    run_id = opened(session, kept_course(session))
    tina = who("tina")
    with pytest.raises(InvalidInput, match="staff number K-99"):
        attendance.enrol_numbers(
            session, who=tina, run_id=run_id, numbers=["K-01", "K-99"], now=NOW
        )
    numbers = ["K-01", " K-02", ""]
    attendance.enrol_numbers(session, who=tina, run_id=run_id, numbers=numbers, now=NOW)
    assert [row.staff_no for row in roster(session, tina, run_id)] == ["K-01", "K-02"]
    assert {row.reason for row in roster(session, tina, run_id)} == {Reason.CHOSEN}


def test_who_has_left_is_not_enrolled(session, who):
    run_id = opened(session, kept_course(session))
    left = staff_ids(session)[0]
    session.get(factories.Staff, left).active = False
    with pytest.raises(NotFound, match="do not work here"):
        attendance.enrol(
            session, who=who("tina"), run_id=run_id, staff={left: Reason.CHOSEN}, now=NOW
        )


def test_nobody_is_withdrawn_once_something_is_recorded(session, who):
    run_id, _ = held(session)
    first = enrolments(session, run_id)[0]
    with pytest.raises(InvalidInput, match="it is kept"):
        attendance.withdraw(session, who=who("tina"), enrolment_id=first, now=NOW)
    attendance.record_results(
        session, who=who("tina"), run_id=run_id, results=[AttendanceResult(first, None)], now=NOW
    )
    attendance.withdraw(session, who=who("tina"), enrolment_id=first, now=NOW)
    assert len(roster(session, who("tina"), run_id)) == 9


def test_results_are_recorded_and_the_same_results_again_change_nothing(session, who):
    run_id, _ = held(session, practical_mark=60.0)
    first, second, *_ = enrolments(session, run_id)
    results = [
        AttendanceResult(first, True, date(2026, 1, 15), practical=70.0, exams={1: 50.0, 2: 90.0}),
        AttendanceResult(second, False, note="Ill"),
    ]
    record = {"who": who("tina"), "run_id": run_id, "results": results, "now": NOW}
    assert attendance.record_results(session, **record) == 2
    assert attendance.record_results(session, **record) == 0
    one, two, *_ = roster(session, who("tina"), run_id)
    assert (one.attended_on, one.practical, one.exams) == (
        date(2026, 1, 15),
        70.0,
        {1: 50.0, 2: 90.0},
    )
    assert (two.attended, two.attended_on, two.note) == (False, None, "Ill")


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"attended_on": date(2026, 1, 16)}, "outside the run"),
        ({"attended": False, "exams": {1: 80.0}}, "not marked as having come"),
        ({"exams": {1: 101.0}}, "from 0 to 100"),
        ({"exams": {4: 80.0}}, "allows 3 attempts"),
        ({"exams": {2: 80.0}}, "comes before the one ahead"),
        ({"practical": 80.0}, "no practical test"),
    ],
)
def test_results_that_cannot_be_are_refused_as_a_whole(session, who, values, problem):
    run_id, _ = held(session)
    first, second, *_ = enrolments(session, run_id)
    wrong = AttendanceResult(**{"enrolment_id": second, "attended": True} | values)
    with pytest.raises(InvalidInput, match=problem), session.begin_nested():
        attendance.record_results(
            session,
            who=who("tina"),
            run_id=run_id,
            results=[AttendanceResult(first, True, exams={1: 80.0}), wrong],
            now=NOW,
        )
    assert session.scalar(select(func.count()).select_from(ExamAttempt)) == 0


def test_results_go_to_the_run_they_belong_to(session, who):
    run_id, _ = held(session)
    other, _ = held(session, title="Another")
    stranger = enrolments(session, other)[0]
    with pytest.raises(NotFound, match="not enrolled in this run"):
        attendance.record_results(
            session,
            who=who("tina"),
            run_id=run_id,
            results=[AttendanceResult(stranger, True)],
            now=NOW,
        )


@pytest.mark.parametrize("name", ["alice", "charlie", "kim"])
def test_who_has_nothing_to_do_with_training_sees_none(session, who, name):
    with pytest.raises(NotAllowed):
        courses(session, who(name))
    with pytest.raises(NotAllowed):
        station_standings(session, who(name), TODAY)


def test_a_course_that_is_not_held_any_more_is_not_opened(session, who):
    course_id = kept_course(session, active=False)
    with pytest.raises(NotFound, match="not held any more"):
        opened(session, course_id)


def test_the_course_of_a_run_stays_once_people_are_in_it(session, who):
    run_id, _ = held(session)
    other = kept_course(session, title="Another")
    data = RunData(course_id=other, **RUN)
    with pytest.raises(InvalidInput, match="the course stays"):
        save_run(session, who=who("tina"), run_id=run_id, data=data, now=NOW)
    empty = opened(session, kept_course(session))
    assert save_run(session, who=who("tina"), run_id=empty, data=data, now=NOW) == empty
