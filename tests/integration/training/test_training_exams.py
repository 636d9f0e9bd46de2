"""Exams of trainings: drawn, handed in once, resat until passed, nobody else's."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from core.errors import InvalidInput, NotAllowed
from core.periods import Period
from core.training import Reason, Standing
from db.store import session as sessions
from db.teaching.models import CaseSet, CaseSetMember, CaseSetVersion
from db.training.models import ExamAttempt, TrainingCertificate, TrainingEnrolment
from db.training.queries.own_training import own_training, paper
from db.training.queries.usable_case_sets import case_sets_for
from db.training.services import attendance, exams
from db.training.services.attendance import AttendanceResult
from tests.factories import identity
from tests.support.clock import NOW
from tests.support.databases import sqlite_only
from tests.support.inspection.inspecting import at_once
from tests.support.training.trainees import (
    RUN,
    enrolments,
    held,
    make_trainees,
    proposed,
    staff_ids,
)

pytestmark = sqlite_only
TODAY = NOW.date()


def sat(session, kim, answers_of, seed=5):
    """An exam begun and handed in by kim; `answers_of` picks the answers to its paper."""
    [own] = own_training(session, kim, TODAY).runs
    attempt = exams.start_exam(session, who=kim, enrolment_id=own.enrolment_id, seed=seed, now=NOW)
    given = answers_of(paper(session, kim, attempt).questions)
    return attempt, exams.hand_in(session, who=kim, attempt_id=attempt, answers=given, now=NOW)


def all_right(questions):
    return {place: question.right for place, question in enumerate(questions)}


def all_wrong(questions):
    return {}


PHONE = {"items": ("ATD-01", "ATD-02"), "questions": 4}


def test_an_exam_is_resat_until_it_is_passed(session, who):
    held(session, **PHONE)
    kim = who("kim")
    assert sat(session, kim, all_wrong)[1] == 0.0
    assert own_training(session, kim, TODAY).states[0][1].standing is Standing.RESIT
    assert sat(session, kim, all_right, seed=6)[1] == 100.0
    assert own_training(session, kim, TODAY).states[0][1].standing is Standing.MASTERED
    with pytest.raises(InvalidInput, match="passed already"):
        sat(session, kim, all_right)


def test_after_three_failed_attempts_the_course_is_taken_again(session, who):
    _, course_id = held(session, **PHONE)
    kim = who("kim")
    for seed in range(3):
        sat(session, kim, all_wrong, seed=seed)
    papers = [row.questions for row in session.query(ExamAttempt)]
    put = [(q["kind"], q["subject"], q["about"]) for questions in papers for q in questions]
    assert len(set(put)) == len(put) == 12
    with pytest.raises(InvalidInput, match="taken again"):
        sat(session, kim, all_right)
    assert own_training(session, kim, TODAY).states[0][1].standing is Standing.RETRAIN
    [again] = proposed(session, "tina", course_id, Period(202401, 202401)).people
    assert (again.staff_id, again.reason) == (kim.staff_id, Reason.RESIT)


def test_the_stored_seed_draws_the_same_questions_again(session, who):
    held(session, **PHONE)
    kim = who("kim")
    attempt, _ = sat(session, kim, all_right, seed=77)
    stored = session.get(ExamAttempt, attempt)
    assert stored.seed == 77
    first = paper(session, kim, attempt).questions
    assert {question.subject for question in first} == {"ATD-01", "ATD-02"}
    session.execute(delete(TrainingCertificate))
    session.delete(stored)
    session.flush()
    again, _ = sat(session, kim, all_right, seed=77)
    assert paper(session, kim, again).questions == first


def test_an_exam_that_is_open_is_gone_on_with_and_handed_in_once(session, who):
    held(session, **PHONE)
    kim = who("kim")
    [own] = own_training(session, kim, TODAY).runs
    start = {"who": kim, "enrolment_id": own.enrolment_id, "now": NOW}
    first = exams.start_exam(session, seed=1, **start)
    assert exams.start_exam(session, seed=2, **start) == first
    right = all_right(paper(session, kim, first).questions)
    hand_in = {"who": kim, "attempt_id": first, "now": NOW}
    assert exams.hand_in(session, answers=right, **hand_in) == 100.0
    assert exams.hand_in(session, answers={}, **hand_in) == 100.0


def test_an_exam_opens_once_attendance_is_recorded(session, who):
    held(session, attended=0, **PHONE)
    with pytest.raises(InvalidInput, match="once your attendance is recorded"):
        sat(session, who("kim"), all_right)


def test_an_exam_is_taken_by_nobody_else(session, who):
    run_id, _ = held(session, **PHONE)
    mine, yours, *_ = enrolments(session, run_id)
    with pytest.raises(NotAllowed):
        exams.start_exam(session, who=who("kim"), enrolment_id=yours, seed=1, now=NOW)
    with pytest.raises(NotAllowed):
        exams.start_exam(session, who=who("tina"), enrolment_id=mine, seed=1, now=NOW)
    attempt = exams.start_exam(session, who=who("kim"), enrolment_id=mine, seed=1, now=NOW)
    with pytest.raises(NotAllowed):
        paper(session, who("charlie"), attempt)
    with pytest.raises(NotAllowed):
        exams.hand_in(session, who=who("charlie"), attempt_id=attempt, answers={}, now=NOW)


def test_an_attempt_in_the_portal_is_not_recorded_over(session, who):
    run_id, _ = held(session, **PHONE)
    sat(session, who("kim"), all_wrong)
    first = enrolments(session, run_id)[0]
    record = {"who": who("tina"), "run_id": run_id, "now": NOW}
    with pytest.raises(InvalidInput, match="taken in the portal"):
        attendance.record_results(
            session,
            results=[AttendanceResult(first, True, RUN["ends_on"], exams={1: 100.0})],
            **record,
        )
    same = [AttendanceResult(first, True, RUN["ends_on"], exams={1: 0.0})]
    assert attendance.record_results(session, results=same, **record) == 0


def test_what_is_noted_of_a_participant_is_masked(session, who):
    run_id, _ = held(session, **PHONE)
    first = enrolments(session, run_id)[0]
    told = [AttendanceResult(first, None, note="back on 13812345678")]
    record = {"who": who("tina"), "run_id": run_id, "now": NOW, "results": told}
    assert attendance.record_results(session, **record) == 1
    assert session.get_one(TrainingEnrolment, first).note == "back on ███████████"
    assert attendance.record_results(session, **record) == 0


def test_a_course_nobody_can_be_asked_about_has_no_exam_yet(session, who):
    held(session, items=("NOWHERE",))
    with pytest.raises(InvalidInput, match="nothing to ask about"):
        sat(session, who("kim"), all_right)


def test_cases_of_a_set_are_asked_about_in_their_newest_issued_words(session, who):
    tina = who("tina")
    lessons = CaseSet(owner_id=tina.user_id, created_at=NOW)
    session.add(lessons)
    session.flush()
    for number, issued_at in ((1, NOW), (2, NOW), (3, None)):
        version = CaseSetVersion(
            case_set_id=lessons.id,
            number=number,
            title=f"Fees {number}",
            changed_by=tina.user_id,
            changed_at=NOW,
            issued_at=issued_at,
        )
        session.add(version)
        session.flush()
        for place in range(4):
            session.add(
                CaseSetMember(
                    version_id=version.id,
                    position=place,
                    question=f"Question {place} of {number}",
                    answer=f"Answer {place} of {number}" if place < 3 else "",
                    marked=[],
                )
            )
    assert case_sets_for(session, tina) == {lessons.id: "Fees 2"}
    assert case_sets_for(session, who("bob")) == {}
    held(session, items=(), case_sets=(lessons.id,), questions=9)
    attempt, score = sat(session, who("kim"), all_right)
    found = paper(session, who("kim"), attempt)
    assert (len(found.questions), score) == (3, 100.0)  # the fourth case has no answer
    for question in found.questions:
        asked, right = found.wording.lessons[question.subject]
        assert asked.endswith("of 2")
        assert right == asked.replace("Question", "Answer")
        assert question.options[question.right] == question.subject


def test_case_sets_of_which_nothing_can_be_asked_are_refused_and_say_why(session, who):
    tina = who("tina")
    lessons = CaseSet(owner_id=tina.user_id, created_at=NOW)
    session.add(lessons)
    session.flush()
    with pytest.raises(InvalidInput, match="could ask nothing of these case sets"):
        held(session, case_sets=(lessons.id,), questions=3)
    held(session, case_sets=(lessons.id,), questions=0)


def test_no_question_offers_the_same_words_twice(session, who):
    held(session, items=("ATD-01", "ATD-02", "LNG-02", "LNG-04"), questions=12)
    kim = who("kim")
    for seed in range(6):
        [own] = own_training(session, kim, TODAY).runs
        attempt = exams.start_exam(
            session, who=kim, enrolment_id=own.enrolment_id, seed=seed, now=NOW
        )
        found = paper(session, kim, attempt)
        assert len(found.questions) == 12
        for question in found.questions:
            texts = found.wording.standards
            if question.kind == "level":
                texts = found.wording.levels[question.subject]
            words = [texts[key]["zh_TW"] for key in question.options]
            assert len(set(words)) == len(words), words
        session.delete(session.get(ExamAttempt, attempt))
        session.flush()


def test_clicks_at_the_same_time_enrol_and_examine_once(databases):
    with databases.like("trainees", make_trainees) as engine:
        with sessions.transaction(engine) as session:
            run_id, _ = held(session, people=1, **PHONE)
            kim, tina = identity(session, "kim"), identity(session, "tina")
            [own] = enrolments(session, run_id)
            staff = dict.fromkeys(staff_ids(session)[:6], Reason.CHOSEN)

        def enrolling():
            with sessions.transaction(engine) as session:
                return attendance.enrol(session, who=tina, run_id=run_id, staff=staff, now=NOW)

        def starting():
            with sessions.transaction(engine) as session:
                return exams.start_exam(session, who=kim, enrolment_id=own, seed=1, now=NOW)

        assert sorted(at_once(*[enrolling] * 4)) == [0, 0, 0, 5]
        assert len(set(at_once(*[starting] * 4))) == 1
